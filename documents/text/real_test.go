package text_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"maillon/documents/text"
)

func TestMain(m *testing.M) {
	text.WaitLonger()
	os.Exit(m.Run())
}

// realDocuments is the folder of real documents beside the repository, "" where there is none.
func realDocuments(t testing.TB) string {
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(folder) != folder; folder = filepath.Dir(folder) {
		beside := filepath.Join(folder, "..", "shared", "real", "documents")
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			if _, err := os.Stat(beside); err == nil {
				return beside
			}
			return ""
		}
	}
	return ""
}

func TestExtract_ReadsEveryRealDocument(t *testing.T) {
	t.Parallel()
	root := realDocuments(t)
	if root == "" {
		t.Skip("the real documents are not here")
	}
	read := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "LICENSE.md" {
			return err
		}
		name, _ := filepath.Rel(root, path)
		got, err := extractFile(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		if len(strings.Fields(got.Body)) < 20 || got.Truncated {
			t.Errorf("%s: %d bytes, truncated: %v", name, len(got.Body), got.Truncated)
		}
		t.Logf("%s: %q, %d words", name, got.Title, len(strings.Fields(got.Body)))
		read++
		return nil
	})
	if err != nil || read != 91 {
		t.Errorf("read %d documents of 91: %v", read, err)
	}
}

func TestExtract_ReadsPDFLikePdftotext(t *testing.T) {
	t.Parallel()
	root := realDocuments(t)
	tool, err := exec.LookPath("pdftotext")
	if root == "" || err != nil {
		t.Skip("the real documents or pdftotext are not here")
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no PDF: %v", err)
	}
	deeper, _ := filepath.Glob(filepath.Join(root, "*", "*", "*.pdf"))
	for _, path := range append(files, deeper...) {
		got, err := extractFile(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		want, err := exec.CommandContext(ctx, tool, "-enc", "UTF-8", path, "-").Output()
		cancel()
		if err != nil {
			t.Errorf("pdftotext %s: %v", path, err)
			continue
		}
		missing, all := absent(string(want), got.Body)
		t.Logf("%s: %d pages, %d words of pdftotext, %d not found %.5q", filepath.Base(path), got.Pages, all, len(missing), missing[:min(5, len(missing))])
		if len(missing)*50 > all {
			t.Errorf("%s: %d of %d words were not found: %q", filepath.Base(path), len(missing), all, missing[:min(20, len(missing))])
		}
	}
}

// absent counts the words of want, each as often as it is said, and lists those that got does not say.
func absent(want, got string) (missing []string, all int) {
	said := map[string]int{}
	for _, word := range words(got) {
		said[word]++
	}
	for _, word := range words(want) {
		all++
		if said[word]--; said[word] < 0 {
			missing = append(missing, word)
		}
	}
	return missing, all
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func extractFile(ctx context.Context, path string) (text.Text, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return text.Text{}, err
	}
	return text.Extract(ctx, filepath.Base(path), bytes.NewReader(content), int64(len(content)))
}
