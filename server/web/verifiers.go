package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
)

// verifierName is what a built verifier is called: maillon-verify-linux-amd64, maillon-verify-windows-amd64.exe.
var verifierName = regexp.MustCompile(`^maillon-verify-[a-z0-9]+(?:[._-][a-z0-9]+){0,6}$`)

const (
	longestVerifier = 80       // bytes of a name
	mostVerifiers   = 50       // that are listed
	verifierBytes   = 64 << 20 // that one has at most: it is built in 5 MB
)

// buildVerifier makes the verifier from the sources; the same sources and the same Go make the same bytes.
const buildVerifier = `CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w" -o verify ./server/verify`

// verifier is one program that checks packs, for auditors to download.
type verifier struct {
	Name   string
	System string // Linux (amd64)
	Size   int64  // bytes
	SHA256 string // in hexadecimal
}

// verifiers is the folder of the programs, which the settings name; none when it is empty. Nothing of it is
// handed out but plain files of such a name: no folder, no link, nothing beside it.
type verifiers struct {
	folder string
	mu     sync.Mutex
	sums   map[string]knownSum
}

// knownSum is the SHA-256 of a file as long as it has this size and time.
type knownSum struct {
	size int64
	at   time.Time
	sum  string
}

// check wants the folder that the settings name to be there.
func (v *verifiers) check() error {
	if v.folder == "" {
		return nil
	}
	if info, err := os.Stat(v.folder); err != nil {
		return fmt.Errorf("verifiers: %w", err)
	} else if !info.IsDir() {
		return fmt.Errorf("verifiers: %s is no folder", v.folder)
	}
	return nil
}

// list is what can be downloaded, by name. What cannot be read is left out.
func (v *verifiers) list() (all []verifier) {
	if v.folder == "" {
		return nil
	}
	folder, err := os.Open(v.folder)
	if err != nil {
		return nil
	}
	defer folder.Close()
	entries, _ := folder.ReadDir(20 * mostVerifiers)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		file, one, err := v.open(e.Name())
		if err != nil {
			continue
		}
		_ = file.Close()
		if all = append(all, one); len(all) == mostVerifiers {
			break
		}
	}
	return all
}

// open opens one of them. Close the file.
func (v *verifiers) open(name string) (*os.File, verifier, error) {
	unknown := qms.NotFound("verifier.not_found")
	if v.folder == "" || len(name) > longestVerifier || !verifierName.MatchString(name) {
		return nil, verifier{}, unknown
	}
	root, err := os.OpenRoot(v.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, verifier{}, unknown
	} else if err != nil {
		return nil, verifier{}, fmt.Errorf("verifiers: %w", err)
	}
	defer root.Close()
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && (!info.Mode().IsRegular() || info.Size() == 0 || info.Size() > verifierBytes):
		return nil, verifier{}, unknown
	case err != nil:
		return nil, verifier{}, fmt.Errorf("verifiers: %w", err)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, verifier{}, fmt.Errorf("verifiers: %w", err)
	}
	sum, size, err := v.sum(name, info, file)
	if err != nil {
		return nil, verifier{}, errors.Join(err, file.Close())
	}
	return file, verifier{Name: name, System: systemOf(name), Size: size, SHA256: sum}, nil
}

// sum is the SHA-256 of the file that was looked at, and its size; the file is then at its beginning.
func (v *verifiers) sum(name string, looked fs.FileInfo, file *os.File) (string, int64, error) {
	there, err := file.Stat()
	if err != nil {
		return "", 0, fmt.Errorf("verifiers: %w", err)
	}
	if !os.SameFile(looked, there) {
		return "", 0, qms.NotFound("verifier.not_found")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if known := v.sums[name]; known.sum != "" && known.size == there.Size() && known.at.Equal(there.ModTime()) {
		return known.sum, known.size, nil
	}
	hash := sha256.New()
	size, err := io.Copy(hash, io.LimitReader(file, verifierBytes))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return "", 0, fmt.Errorf("verifiers: %w", err)
	}
	if v.sums == nil || len(v.sums) > 20*mostVerifiers {
		v.sums = map[string]knownSum{}
	}
	one := knownSum{size, there.ModTime(), hex.EncodeToString(hash.Sum(nil))}
	v.sums[name] = one
	return one.sum, size, nil
}

// systemOf is the system that a name says it is for: Windows (amd64).
func systemOf(name string) string {
	system, arch, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, "maillon-verify-"), ".exe"), "-")
	if word := map[string]string{"linux": "Linux", "windows": "Windows", "darwin": "macOS"}[system]; word != "" {
		system = word
	}
	if arch == "" {
		return system
	}
	return system + " (" + arch + ")"
}

// verifiersView is what the pages say of the verifier: those to download, and how to build it.
type verifiersView struct {
	List  []verifier
	Build string
}

func (s *Site) verifiersView() verifiersView {
	return verifiersView{List: s.verifiers.list(), Build: buildVerifier}
}

// verifierFile hands out one of the verifiers, to anybody.
func (s *Site) verifierFile(p *Page) error {
	file, one, err := s.verifiers.open(p.c.Params("name"))
	if err != nil {
		return err
	}
	s.secureHeaders(p.c)
	p.c.Attachment(one.Name)
	p.c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	p.c.Set(fiber.HeaderCacheControl, "no-cache")
	p.c.Set(fiber.HeaderETag, `"`+one.SHA256+`"`)
	return p.c.SendStream(file, int(one.Size)) // which closes it
}
