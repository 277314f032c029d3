package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// losesFiles takes a file of a document in force out of the vault, then gives it back altered: no pack is
// made that has not what it says, and the failure names the document.
func (s *mortal) losesFiles(t *testing.T) {
	t.Helper()
	path, content := s.original(t, "# Procédure 3\n")
	altered := bytes.Clone(content)
	altered[len(altered)/2] ^= 1
	for _, one := range []struct {
		failure string
		spoil   func() error
	}{
		{"pack.content_missing", func() error { return os.Remove(path) }},
		{"pack.content_altered", func() error { return os.WriteFile(path, altered, 0o600) }},
	} {
		if err := one.spoil(); err != nil {
			t.Fatal(err)
		}
		p := s.ask(t, one.failure)
		if p.State != "failed" || p.Failure != one.failure || p.SHA256 != "" || !strings.Contains(p.FailureSays, "PR-QUA-003") {
			t.Errorf("%s: %+v", one.failure, p)
		}
		s.must(http.StatusConflict, "GET", packsPath+"/"+p.Number+"/archive", "", nil)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if p := s.ask(t, "mended"); p.State != "made" {
		t.Errorf("once it is mended: %+v", p)
	}
}

// original finds the content of the vault that begins so.
func (s *mortal) original(t *testing.T, begins string) (path string, content []byte) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(s.data, "vault"), func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(at)
		if err == nil && bytes.HasPrefix(text, []byte(begins)) {
			path, content = at, text
		}
		return err
	})
	if err != nil || path == "" {
		t.Fatalf("no content begins with %q: %v", begins, err)
	}
	return path, content
}

// isCutShort has clients go away in the middle of downloads and uploads: the server lets go of what it held
// open, and nothing half-written is kept.
func (s *mortal) isCutShort(t *testing.T) {
	t.Helper()
	p := s.ask(t, "to be cut short")
	archive := packsPath + "/" + p.Number + "/archive"
	whole := s.must(http.StatusOK, "GET", archive, "", nil)
	if part := s.must(http.StatusOK, "GET", archive, "", nil, "Range", "bytes=10-19"); !bytes.Equal(part, whole) {
		t.Errorf("asked for a part it answers 200 with %d bytes", len(part))
	}
	contents, open := s.contents(t), s.open()
	for range 20 {
		s.hangUp(t, "GET", archive, 0)
	}
	for _, upload := range []string{packsPath + "/verify?name=dossier.zip", "/platforms/PLT/imports/documents?name=qms.zip"} {
		s.hangUp(t, "POST", upload, 8<<20)
	}
	for deadline := time.Now().Add(20 * time.Second); len(s.waiting(t)) > 0 || s.open() > open+4; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("still there: %v; %d files are open, %d before", s.waiting(t), s.open(), open)
			break
		}
	}
	if now := s.contents(t); now != contents {
		t.Errorf("%d contents are kept, %d before", now, contents)
	}
	if again := s.must(http.StatusOK, "GET", archive, "", nil); !bytes.Equal(again, whole) {
		t.Error("the archive is another one afterwards")
	}
}

// hangUp begins a request, sends a part of so many bytes or reads a part of the answer, and goes away.
func (s *mortal) hangUp(t *testing.T, method, path string, size int) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "%s /api/v1%s HTTP/1.1\r\nHost: site\r\nAuthorization: Bearer %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n",
		method, path, s.token, size)
	if size > 0 {
		c.Write(append([]byte("PK\x03\x04"), make([]byte, size/4)...))
		return
	}
	if _, err := io.ReadFull(c, make([]byte, 64<<10)); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

// waiting are the temporary files of the server.
func (s *mortal) waiting(t *testing.T) (files []string) {
	t.Helper()
	return s.waitingIn(t, filepath.Join(s.data, "tmp"), filepath.Join(s.data, "vault", "tmp"))
}

func (s *mortal) waitingIn(t *testing.T, folders ...string) (files []string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it went meanwhile
			}
			if err == nil && !entry.IsDir() && filepath.Ext(path) != ".lock" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// open counts what the server holds open, where the system tells.
func (s *mortal) open() int {
	all, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	return len(all)
}

// contents counts those of the vault.
func (s *mortal) contents(t *testing.T) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(s.data, "vault"), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
