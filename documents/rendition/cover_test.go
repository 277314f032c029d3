package rendition

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
)

func TestCover_GoesOnWithItsHeadRepeatedAndCountsTheOldest(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr")
	c.Title = strings.Repeat("Maîtrise des équipements de mesure, de surveillance et de leur étalonnage périodique ", 3)
	c.Exemption = "Dérogation du 12 janvier 2026 (petite équipe) : le rédacteur et le vérificateur peuvent être la même personne."
	c.Revisions = nil
	for i := range 60 {
		c.Revisions = append(c.Revisions, Revision{fmt.Sprintf("%d.0", 60-i), qms.MustDate("2026-01-01").AddDays(-30 * i), fmt.Sprintf("Motif %d de la révision, assez long pour prendre deux lignes dans sa colonne", 60-i), "Agent 02"})
	}
	path, made := stamped(t, pagesOf(a4), c, Mark{"REMPLACÉE LE 3 AVRIL 2027"})
	if made.Covers < 2 || made.Covers > 4 || made.Pages != made.Covers+1 {
		t.Fatalf("made %+v", made)
	}
	whole := ""
	for page := 1; page <= made.Covers; page++ {
		says := pageText(t, path, page)
		if page > 1 && (!strings.Contains(says, "Révisions") || !strings.Contains(says, "Objet")) {
			t.Errorf("page %d has not the head of the table:\n%s", page, says)
		}
		whole += says
	}
	for i := 21; i <= 60; i++ {
		if !strings.Contains(whole, fmt.Sprintf("Motif %d ", i)) {
			t.Errorf("revision %d is missing", i)
		}
	}
	if strings.Contains(whole, "Motif 20 ") || !strings.Contains(whole, "et 20 révisions plus anciennes") {
		t.Errorf("the oldest are not counted:\n%s", whole)
	}
	if says := pageText(t, path, made.Pages); !strings.Contains(says, fmt.Sprintf("Page %[1]d/%[1]d", made.Pages)) || !strings.Contains(says, "Body1") {
		t.Errorf("the last page says %q", says)
	}
}

func TestCover_PrintsWhateverItIsHandedIn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("W", 4000)
	for name, c := range map[string]Cover{
		"nothing": {},
		"long": {Language: "fr", Platform: long, Code: long, Title: long, Kind: long, Process: long, Version: long, Exemption: long, Status: long,
			Parts: []Part{{Part: long, Name: long, Meaning: long}}, Revisions: []Revision{{Version: long, Reason: long, Author: long}}, Original: Original{Name: long, SHA256: long}},
		"control": {Language: "en", Platform: "a\x00b\nc", Code: "\u202eRP", Title: "😀 \ufeff\u2028", Kind: "(\\)", Version: "1.0", Logo: []byte("\x89PNG\r\n\x1a\nnot"), Original: Original{Name: "../../\x00.docx"}},
		"no utf8": {Language: "de", Platform: "\xff\xfe", Title: "日本語", Code: "<b>&amp;</b>", Parts: make([]Part, 80)},
	} {
		path, made := stamped(t, pagesOf(a4, "/MediaBox[0 0 20 20]", "/MediaBox[0 0 14000 14000]"), c, Mark{c.Code})
		if made.Pages != made.Covers+3 {
			t.Errorf("%s: made %+v", name, made)
		}
		if says := pageText(t, path, made.Covers+1); !strings.Contains(says, "Body1") {
			t.Errorf("%s: the body says %q", name, says)
		}
	}
}

// TestCover_KeepsItsPartsApart: nothing that the first page prints lies over something else.
func TestCover_KeepsItsPartsApart(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr")
	c.Title = strings.Repeat("Titre ", 60)
	for range 6 {
		c.Parts = append(c.Parts, c.Parts[1])
	}
	c.Exemption = strings.Repeat("Dérogation de la plateforme. ", 20)
	path, _ := stamped(t, pagesOf(a4), c, Mark{})
	for page := 1; page <= 2; page++ {
		all := words(t, path, page)
		for i, a := range all {
			for _, b := range all[i+1:] {
				across, down := min(a.right, b.right)-max(a.left, b.left), min(a.base, b.base)-max(a.top, b.top)
				if across > 1 && down > (a.base-a.top)*0.45 && a.top > 25 {
					t.Errorf("page %d: %+v lies over %+v", page, a, b)
				}
			}
		}
	}
}

func TestLogo_IsBoundedAndDrawnAgain(t *testing.T) {
	t.Parallel()
	if m, ok := typeface.DecodeLogo(logo(t)); !ok || m.Bounds().Dx() != 240 {
		t.Error("a good logo is not drawn")
	}
	huge := bytes.Clone(logo(t))
	copy(huge[16:], []byte{0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff})
	for _, bad := range [][]byte{nil, huge, []byte("GIF89a"), logo(t)[:40], make([]byte, typeface.MaxLogoBytes+1)} {
		if _, ok := typeface.DecodeLogo(bad); ok {
			t.Errorf("a bad logo of %d bytes is drawn", len(bad))
		}
	}
}

func TestFileName_CannotLeaveItsFolder(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"a.docx": "a.docx", "../../etc/passwd": "passwd", `C:\x\y.odt`: "y.odt", "": "original", "..": "original", "/": "original",
		"a\x00b\n.pdf": "ab.pdf", "x\u202efdp.exe": "xfdp.exe", "é à.docx": "é à.docx", "...": "original", " .hidden": "hidden",
	} {
		if got := fileName(given); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
	if got := fileName(strings.Repeat("é", 500) + ".docx"); len(got) > 181 || !strings.HasSuffix(got, "é.docx") {
		t.Errorf("a long name became %q", got)
	}
}

func TestBox_IsSeenInPointsWhateverItsUnit(t *testing.T) {
	t.Parallel()
	b := box{x: 10, y: 20, width: 100, height: 200, turned: 90, unit: 2}
	if got := b.seen(); got != (size{400, 200}) {
		t.Errorf("it is seen as %+v", got)
	}
	if got := b.matrix().String(); got != floats(0, 0.5, -0.5, 0, 110, 20).String() {
		t.Errorf("its matrix is %s", got)
	}
}
