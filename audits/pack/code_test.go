package pack

import (
	"fmt"
	"image"
	_ "image/png" // of pdftoppm
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"maillon/qms/qmstest"
	"maillon/qms/trail"
)

// TestPrint_TheCodeOfTheCheckpointIsReadBackByAMachine prints packs as an office printer and a phone have
// them, and reads the code with another library than the one that drew it: it says the very bytes of
// checkpoint.txt, for a short name of the site as for a long one.
func TestPrint_TheCodeOfTheCheckpointIsReadBackByAMachine(t *testing.T) {
	t.Parallel()
	for lang, site := range map[string]string{"fr": "maillon.example", "en": "qualite.plateformes.universite-" + strings.Repeat("de-recherche-", 9) + "example"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{2}), site)
			if err != nil {
				t.Fatal(err)
			}
			c := sample(t, lang, 1)
			c.Sections = []string{"platform"}
			c.Checkpoint.Origin = trail.Origin(site, sampleLog)
			note, err := trail.Sign(key, c.Checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			c.Proofs.Note = string(note)
			if c.Proofs.Key, err = trail.ParseVerifier(key.Verifier()); err != nil {
				t.Fatal(err)
			}
			data := printed(t, c)
			for _, resolution := range []int{150, 300} {
				if got := codeIn(t, data, resolution); got != c.Proofs.Note {
					t.Errorf("at %d dots an inch the code says %q, want %q", resolution, got, c.Proofs.Note)
				}
			}
		})
	}
}

// codeIn is what the first QR code of a PDF says, read from its pages as a picture of that resolution.
func codeIn(t *testing.T, pdf []byte, resolution int) string {
	t.Helper()
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		qmstest.Without(t, qmstest.PDFTools, "pdftoppm is not installed")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "pack.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), tool, "-r", fmt.Sprint(resolution), "-gray", "-png", file, filepath.Join(folder, "page")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, said)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "page*.png"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		if text, err := codeOf(page); err == nil {
			return text
		}
	}
	return ""
}

// codeOf reads the QR code of a picture.
func codeOf(page string) (string, error) {
	file, err := os.Open(page)
	if err != nil {
		return "", err
	}
	defer file.Close()
	picture, _, err := image.Decode(file)
	if err != nil {
		return "", err
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	return found.GetText(), nil
}
