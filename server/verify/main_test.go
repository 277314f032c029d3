package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/trail"
)

// packed writes a pack of one file that one fact names.
func packed(t *testing.T) string {
	t.Helper()
	const log = "0197c1b2-7d00-7000-8000-000000000001"
	data := []byte("a procedure")
	sum := sha256.Sum256(data)
	change, err := trail.Change{Table: "documents", ID: "1", After: []byte(`{"content":"` + hex.EncodeToString(sum[:]) + `"}`)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	entry, err := trail.Entry{Log: log, At: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), Act: "document.add", Changes: 1, Root: trail.ChangesRoot([][]byte{change})}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := archive.Spool(t.Context(), func(yield func(trail.FactProof, error) bool) {
		yield(trail.FactProof{Change: change, Entry: entry}, nil)
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer facts.Close()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{1}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	opens := func(data []byte) archive.Opener {
		return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	}
	var out bytes.Buffer
	if err := archive.Write(t.Context(), &out, &archive.Contents{Language: "fr", Number: "PACK-2026-001",
		Platform: archive.Platform{Code: "MIC", Name: "Microscopie"}, AsOf: qms.MustDate("2026-06-30"), GeneratedAt: time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC),
		Checkpoint: trail.Checkpoint{Origin: trail.Origin("maillon.example", log), Size: 1, Root: trail.LeafHash(entry)},
		PDF:        opens([]byte("%PDF-1.7")), Facts: facts, Files: []archive.File{{Code: "PR-1", Version: "1.0", Name: "a.txt", SHA256: sum, Open: opens(data)}},
	}, key, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func typed(t *testing.T, lang string, args ...string) (status int, out, fault string) {
	t.Helper()
	var o, f bytes.Buffer
	status = run(args, &o, &f, func(name string) (string, bool) { return lang, name == "LANG" })
	return status, o.String(), f.String()
}

func TestRun_SaysWhatItFoundAndEndsWithIt(t *testing.T) {
	t.Parallel()
	file := packed(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[bytes.Index(data, []byte("a procedure"))] ^= 1
	altered := filepath.Join(t.TempDir(), "altered.zip")
	if err := os.WriteFile(altered, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, trial := range []struct {
		lang   string
		line   []string
		status int
		says   string
	}{
		{"fr_FR.UTF-8", []string{file}, sound, "CONFORME"},
		{"", []string{file}, sound, "CONFORME"},
		{"en_GB.UTF-8", []string{file}, sound, "SOUND"},
		{"en_GB.UTF-8", []string{"--lang", "fr", file}, sound, "CONFORME"},
		{"fr_FR.UTF-8", []string{file, "--lang=en", "--since", file}, sound, "Nothing was rewritten"},
		{"en", []string{altered}, notSound, "“files/PR-1_v1.0_a.txt” was"},
		{"en", []string{file, "--since", altered}, notSound, "not sound itself"},
		{"en", []string{file, "--key", file}, notSound, "key"},
		{"en", []string{filepath.Join(t.TempDir(), "none.zip")}, unread, "none.zip"},
		{"en", []string{file, "--key", "none.txt"}, unread, "none.txt"},
		{"en", nil, unread, "verify PACK.zip"},
		{"en", []string{file, file}, unread, "verify PACK.zip"},
		{"en", []string{file, "--lang", "de"}, unread, "fr, en"},
		{"en", []string{file, "--loud"}, unread, "there is no option --loud"},
		{"fr", []string{file, "--since"}, unread, "l’option --since attend une valeur"},
		{"fr", []string{file, "--json=maybe"}, unread, "une option ne se lit pas"},
		{"fr", []string{"none.zip"}, unread, "none.zip\u202f: ce fichier n’existe pas"},
		{"en", []string{t.TempDir()}, unread, "this is a folder"},
		{"en", []string{file, "--key", t.TempDir()}, unread, "this is a folder"},
		{"fr", nil, unread, "aucun dossier n’est nommé"},
		{"en", []string{"main.go"}, notSound, "REFUSE IT: this file is not an audit pack"},
		{"fr", []string{file, "--since", "main.go"}, notSound, "donné comme dossier antérieur n’est pas un dossier d’audit"},
		{"fr", []string{file, "--key", "main.go"}, notSound, "intact en lui-même"},
		{"fr", []string{"--help"}, sound, "verify DOSSIER.zip"},
	} {
		status, out, fault := typed(t, trial.lang, trial.line...)
		for _, foreign := range []string{"flag ", "no such file or", "is a directory", "goroutine", "verify.no", "%!"} {
			if strings.Contains(out+fault, foreign) {
				t.Errorf("verify %v speaks of %q: %s%s", trial.line, foreign, out, fault)
			}
		}
		if status != trial.status || !strings.Contains(out+fault, trial.says) || (status == unread) != (out == "") {
			t.Errorf("verify %v ends with %d: %s%s, want %d %s", trial.line, status, out, fault, trial.status, trial.says)
		}
	}
}

func TestRun_TellsProgramsInJSON(t *testing.T) {
	t.Parallel()
	file := packed(t)
	status, out, _ := typed(t, "en", file, "--json", "--since", file)
	var told archive.PackVerdict
	if err := json.Unmarshal([]byte(out), &told); err != nil || status != sound {
		t.Fatalf("ends with %d: %v %s", status, err, out)
	}
	if !told.Sound || told.Number != "PACK-2026-001" || told.Facts != 1 || told.Files != 1 || told.Checkpoint.Size != 1 || told.KeyFingerprint == "" ||
		told.Older == nil || told.Older.Number != told.Number || len(told.Lines) == 0 || told.Lines[0].Kind != archive.KindArchive || told.Lines[0].Verdict != archive.Sound {
		t.Errorf("told %s", out)
	}
}

// TestBuild_IsOneSmallFileThatNeedsNothing builds the command as the README says, for the systems of auditors.
func TestBuild_IsOneSmallFileThatNeedsNothing(t *testing.T) {
	t.Parallel()
	const most = 15_000_000
	for _, system := range []string{"linux/amd64", "windows/amd64", "darwin/arm64"} {
		t.Run(system, func(t *testing.T) { // one after the other: each takes the whole machine
			goos, goarch, _ := strings.Cut(system, "/")
			file := filepath.Join(t.TempDir(), "verify")
			build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-buildvcs=false", "-o", file, ".")
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=")
			if said, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes", info.Size())
			if info.Size() >= most {
				t.Errorf("%d bytes are not below %d", info.Size(), most)
			}
			if goos == "linux" {
				needsNothing(t, file)
			}
		})
	}
}

// needsNothing wants a program without interpreter and libraries.
func needsNothing(t *testing.T, file string) {
	t.Helper()
	program, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("it is not static: %v", part.Type)
		}
	}
}

func TestBuild_KnowsNothingOfTheServer(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(out))
	if len(known) < 5 {
		t.Fatalf("only %v", known)
	}
	for _, name := range known {
		small := slices.Contains([]string{"maillon/server/verify", "maillon/audits/pack/archive", "maillon/qms", "maillon/qms/aside", "maillon/qms/trail", "maillon/qms/locale"}, name)
		for _, library := range []string{"golang.org/x/mod/sumdb/", "golang.org/x/text/", "github.com/cyberphone/json-canonicalization/"} {
			small = small || strings.HasPrefix(name, library)
		}
		if !small {
			t.Errorf("it would carry %s", name)
		}
	}
}
