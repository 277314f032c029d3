package rendition

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillon/qms/qmstest"
)

// office is LibreOffice of this machine.
func office(t testing.TB) *Office {
	t.Helper()
	if _, ok := FindOffice(); !ok {
		qmstest.Without(t, qmstest.LibreOffice, "it is not installed")
	}
	o, err := NewOffice(Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// converted is the PDF that the converter makes, checked.
func converted(t testing.TB, c Converter, name string, content []byte) *os.File {
	t.Helper()
	to, err := os.Create(filepath.Join(t.TempDir(), "converted.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { to.Close() })
	if err := c.Convert(t.Context(), name, bytes.NewReader(content), to); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestOffice_ConvertsTextOfEveryKind(t *testing.T) {
	o := office(t)
	t.Logf("isolated: %v, modules: %v", o.Isolated(), o.modules)
	for name, content := range map[string]string{
		"note.txt":   "Première ligne éàü\nDeuxième ligne",
		"latin.txt":  "Premi\xe8re ligne",
		"page.html":  "<h1>Première ligne</h1><script>alert(1)</script><table><tr><td>cellule</td></tr></table>",
		"notice.md":  "# Première ligne\n\n| a | b |\n|---|---|\n| cellule | d |\n\n- point\n",
		"latin1.htm": "<meta charset=iso-8859-1><p>Premi\xe8re ligne</p>",
	} {
		to := converted(t, o, name, []byte(content))
		if says := pageText(t, to.Name(), 1); !strings.Contains(says, "Première ligne") {
			t.Errorf("%s says %q", name, says)
		}
		if info := tool(t, "pdfinfo", to.Name()); !strings.Contains(info, "(A4)") {
			t.Errorf("%s is not A4:\n%s", name, info)
		}
	}
}
