package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/server/app"
)

// verifiersFolder has a verifier for two systems, and what must never be handed out.
func verifiersFolder(t *testing.T) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "built")
	outside := filepath.Join(filepath.Dir(folder), "maillon-verify-secret")
	for _, err := range []error{
		os.Mkdir(folder, 0o700), os.Mkdir(filepath.Join(folder, "maillon-verify-folder"), 0o700),
		os.WriteFile(filepath.Join(folder, "maillon-verify-linux-amd64"), []byte("\x7fELF one"), 0o600),
		os.WriteFile(filepath.Join(folder, "maillon-verify-windows-amd64.exe"), []byte("MZ two"), 0o600),
		os.WriteFile(filepath.Join(folder, "maillon-verify-empty"), nil, 0o600),
		os.WriteFile(filepath.Join(folder, "maillon-verify-<b>"), []byte("secret"), 0o600),
		os.WriteFile(filepath.Join(folder, "signing.key"), []byte("secret"), 0o600),
		os.WriteFile(outside, []byte("secret"), 0o600),
		os.Symlink(outside, filepath.Join(folder, "maillon-verify-link")),
		os.Symlink("maillon-verify-linux-amd64", filepath.Join(folder, "maillon-verify-inner")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func sumOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func TestVerifiers_AreListedAndDownloadedByAnybody(t *testing.T) {
	t.Parallel()
	folder := verifiersFolder(t)
	s := openWith(t, app.Settings{Verifiers: folder}, nil)
	b := s.nobody()
	for _, page := range []answer{b.get("/docs/pack-format"), s.holding(qms.Auditor, "MIC").get("/p/MIC/packs/verify")} {
		for _, word := range []string{`href="/docs/verifiers/maillon-verify-linux-amd64"`, "Linux (amd64)", sumOf("\x7fELF one"), "Windows (amd64)", sumOf("MZ two"), "go build"} {
			if page.status != http.StatusOK || !strings.Contains(page.body, word) {
				t.Errorf("%d, without %q", page.status, word)
			}
		}
		for _, word := range []string{"maillon-verify-folder", "maillon-verify-empty", "maillon-verify-link", "maillon-verify-inner", "signing.key", "secret", "<b>"} {
			if strings.Contains(page.body, word) {
				t.Errorf("the page names %q", word)
			}
		}
	}
	a := b.get("/docs/verifiers/maillon-verify-windows-amd64.exe")
	if a.status != http.StatusOK || a.body != "MZ two" {
		t.Errorf("%d, %q", a.status, a.body)
	}
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename="maillon-verify-windows-amd64.exe"`,
		"X-Content-Type-Options": "nosniff", "Content-Length": "6", "Etag": `"` + sumOf("MZ two") + `"`, "Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if policy := a.header.Get("Content-Security-Policy"); policy == "" {
		t.Error("no policy")
	}
	if head := b.send(httptest.NewRequest(http.MethodHead, "/docs/verifiers/maillon-verify-linux-amd64", nil)); head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Length") != "8" {
		t.Errorf("asked for its head alone: %d, %q, %v", head.status, head.body, head.header)
	}
	newer := filepath.Join(folder, "maillon-verify-linux-amd64")
	if err := os.WriteFile(newer, []byte("\x7fELF two"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(newer, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if page := b.get("/docs/pack-format"); !strings.Contains(page.body, sumOf("\x7fELF two")) || strings.Contains(page.body, sumOf("\x7fELF one")) {
		t.Error("the digest is that of the file before")
	}
}

func TestVerifiers_HandOutNothingElse(t *testing.T) {
	t.Parallel()
	s := openWith(t, app.Settings{Verifiers: verifiersFolder(t)}, nil)
	b := s.nobody()
	for _, name := range []string{"maillon-verify-folder", "maillon-verify-empty", "maillon-verify-link", "maillon-verify-inner", "maillon-verify-secret", "maillon-verify-unknown", "signing.key",
		"maillon-verify-", "maillon-verify-%3Cb%3E", "..%2Fmaillon-verify-secret", "maillon-verify-..%2F..%2Fmaillon-verify-secret", "maillon-verify-linux-amd64%00", "maillon-verify-linux-amd64%0A",
		"maillon-verify-linux-amd64.", "MAILLON-VERIFY-LINUX-AMD64", "..%5Cmaillon-verify-secret", "%2e%2e", "maillon-verify-linux-amd64::$DATA", "maillon-verify-" + strings.Repeat("a", 3000), "maillon-verify-é"} {
		if a := b.get("/docs/verifiers/" + name); a.status != http.StatusNotFound && a.status != http.StatusBadRequest || strings.Contains(a.body, "secret\n") || a.body == "secret" || strings.Contains(a.body, "ELF") {
			t.Errorf("%.60q: %d, %.80q", name, a.status, a.body)
		}
	}
}

func TestVerifiers_AreBuiltWhereNoneIsOffered(t *testing.T) {
	t.Parallel()
	b := open(t).nobody()
	for lang, words := range map[string]string{"fr": "Ce site ne le propose pas", "en": "does not offer it"} {
		b.accept = lang
		page := b.get("/docs/pack-format")
		for _, word := range []string{words, "go build -trimpath", "./server/verify"} {
			if !strings.Contains(page.body, word) {
				t.Errorf("%s: without %q", lang, word)
			}
		}
		if strings.Contains(page.body, "<table") || strings.Contains(page.body, "/docs/verifiers/") {
			t.Errorf("%s: an empty list", lang)
		}
	}
	if a := b.get("/docs/verifiers/maillon-verify-linux-amd64"); a.status != http.StatusNotFound {
		t.Errorf("%d", a.status)
	}
}

// A folder that is named and not there is an error at the start, not a page that says less.
func TestVerifiers_WantTheirFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, file + "s"} {
		house, err := app.Open(t.Context(), app.Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Verifiers: folder}, app.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := house.Application(false); err == nil || !strings.Contains(err.Error(), "verifiers: ") {
			t.Errorf("%s: %v", folder, err)
		}
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	}
}
