package pack

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"maillon/audits/pack/archive"
	"maillon/qms/locale"
	"maillon/qms/qmstest"
)

// tool runs a program that knows PDF and is not ours.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		qmstest.Without(t, qmstest.PDFTools, "%s is not installed", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// Every page but the cover says its number, those that are bound too, and the list of documents, the
// contents, the bookmarks and the manifest say the same.
func TestWrite_BoundPagesCarryTheNumbersOfThePack(t *testing.T) {
	t.Parallel()
	c := withRenditions(t)
	files := unpack(t, made(t, c))
	path := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(path, files["pack.pdf"], 0o600); err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(tool(t, "pdftotext", "-layout", path, "-"), "\f"), "\f")
	for i := range pages {
		pages[i] = squeeze(pages[i])
	}
	total, say := len(pages), locale.For("en")
	at := map[string]int{}
	for i, text := range pages {
		if i > 0 && !strings.Contains(text, squeeze(say.T("pack.page_of", i+1, total))) {
			t.Errorf("page %d of %d does not say so: %s", i+1, total, text)
		}
		for _, code := range []string{"MO-001", "MO-003"} {
			if !strings.Contains(text, "Bodyof"+code) {
				continue
			}
			if at[code] == 0 {
				at[code] = i + 1
			}
			if want := squeeze(fmt.Sprintf("%s · page %d/%d", c.Number, i+1, total)); !strings.Contains(text, want) {
				t.Errorf("page %d of %s does not say %s: %s", i+1, code, want, text)
			}
		}
	}
	marks := tool(t, "qpdf", "--json=1", "--json-key=outlines", path)
	for code, n := range map[string]int{"MO-001": 2, "MO-003": 4} {
		last := at[code] + n - 1
		if want := squeeze(fmt.Sprintf("%d – %d", at[code], last)); at[code] == 0 || !strings.Contains(strings.Join(pages, "\n"), want) {
			t.Errorf("the list does not say that %s stands on %s", code, want)
		}
		if want := fmt.Sprintf(`"destpageposfrom1": %d,`, at[code]); !strings.Contains(marks, want) {
			t.Errorf("no bookmark leads to page %d of %s:\n%s", at[code], code, marks)
		}
	}
	var m struct{ Sections []archive.Section }
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil || m.Sections[len(m.Sections)-1].Last != total {
		t.Errorf("the manifest says %+v, %v", m.Sections, err)
	}
	if kept := files[c.Files[c.Renditions[0].File].Entry]; len(kept) == 0 || sha256.Sum256(kept) != c.Files[c.Renditions[0].File].SHA256 {
		t.Error("the rendition of its own is not as it was approved")
	}
}
