package rendition

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
)

func isKey(err error, key string) bool {
	return errors.Is(err, &qms.Error{Code: qms.CodeInvalid, Key: key})
}

func TestStamp_SaysOnEveryPageWhatItIsAPageOf(t *testing.T) {
	t.Parallel()
	for language, uncontrolled := range map[string]string{"fr": "Copie non maîtrisée si imprimée", "en": "Uncontrolled when printed"} {
		c := sample(t, language)
		path, made := stamped(t, pagesOf(a4, a4, a4), c, Mark{})
		if made.Pages != 4 || made.Covers != 1 {
			t.Errorf("made %+v", made)
		}
		for page := 1; page <= 4; page++ {
			says := pageText(t, path, page)
			for _, want := range []string{c.Code, "Version 2.1", uncontrolled, fmt.Sprintf("Page %d/4", page), map[string]string{"fr": "en vigueur le 03/04/2026", "en": "effective 3 Apr 2026"}[language]} {
				if !strings.Contains(says, want) {
					t.Errorf("%s: page %d does not say %q:\n%s", language, page, want, says)
				}
			}
			if body := fmt.Sprintf("Body%d", page-1); page > 1 && !strings.Contains(says, body) {
				t.Errorf("page %d lost its text %q:\n%s", page, body, says)
			}
		}
	}
}

func TestStamp_CoverSaysWhoSignedWhatAndWhen(t *testing.T) {
	t.Parallel()
	c := sample(t, "en")
	path, _ := stamped(t, pagesOf(a4), c, Mark{})
	says := pageText(t, path, 1)
	wants := []string{c.Platform, c.Kind, c.Process, "Purchase, reception and verification of critical reagents", c.Code, "3 April 2026", "3 April 2028",
		c.Exemption[:40], "148 kB", c.Original.Name, c.Original.SHA256[:32], c.Status, "1 Mar 2023", "12 Mar 2026 09:15 CET", "1 Apr 2026 17:40 CEST"}
	for _, p := range c.Parts {
		wants = append(wants, p.Part, p.Name, p.Meaning[:15])
	}
	for _, want := range wants {
		if !strings.Contains(says, want) {
			t.Errorf("the cover does not say %q:\n%s", want, says)
		}
	}
}

func TestStamp_KeepsPageSizesAndPlacesFurnitureAsTheReaderSeesThem(t *testing.T) {
	t.Parallel()
	pages := []struct {
		entry string
		seen  size
	}{
		{a4, size{595, 842}}, {"/MediaBox[0 0 842 595]", size{842, 595}}, {"/MediaBox[0 0 842 1191]", size{842, 1191}},
		{a4 + "/Rotate 90", size{842, 595}}, {a4 + "/Rotate 180", size{595, 842}}, {a4 + "/Rotate -90", size{842, 595}},
		{"/MediaBox[0 0 842 1191]/CropBox[100 120 695 962]", size{595, 842}},
		{"/MediaBox[-50 -60 545 782]/Rotate 90/CropBox[0 0 500 700]", size{700, 500}},
		{"/MediaBox[595 842 0 0]", size{595, 842}}, {"/MediaBox[0 0 250 170]", size{250, 170}}, {"/MediaBox[0 0 2384 3370]", size{2384, 3370}},
	}
	var entries []string
	for _, p := range pages {
		entries = append(entries, p.entry)
	}
	pdf := pagesOf(entries...)
	before := keptFile(t, pdf)
	path, made := stamped(t, pdf, sample(t, "fr"), Mark{"REMPLACÉE LE 3 AVRIL 2027"})
	for i, entry := range entries {
		was, now := tool(t, "pdfinfo", "-box", "-f", fmt.Sprint(i+1), "-l", fmt.Sprint(i+1), before), tool(t, "pdfinfo", "-box", "-f", fmt.Sprint(i+2), "-l", fmt.Sprint(i+2), path)
		if w, n := boxes(was), boxes(now); w != n {
			t.Errorf("%s: was\n%snow\n%s", entry, w, n)
		}
		all, seen := words(t, path, i+2), pages[i].seen
		u := 1.0
		if short := min(seen.width, seen.height) / pointsPerMM; short > 297 || short < 148 {
			u = scale(short)
		}
		found := map[string]word{}
		for _, w := range all {
			found[w.text] = w
		}
		code, page, uncontrolled := found["PR-ACH-003"], found[fmt.Sprintf("%d/%d", i+2, made.Pages)], found["Copie"]
		switch {
		case code.text == "" || page.text == "" || uncontrolled.text == "":
			t.Errorf("%s: furniture is missing in %v", entry, all)
		case code.base > 26*u || code.left > 45*u:
			t.Errorf("%s: the code stands at %+v of %+v", entry, code, seen)
		case page.top < seen.height-28*u || page.right < seen.width-50*u || page.right > seen.width:
			t.Errorf("%s: the page number stands at %+v of %+v", entry, page, seen)
		case uncontrolled.top < seen.height-28*u || uncontrolled.left > 45*u:
			t.Errorf("%s: the warning stands at %+v of %+v", entry, uncontrolled, seen)
		}
	}
}

// boxes are the lines of pdfinfo that tell the sizes of a page, without its number.
func boxes(info string) string {
	var b strings.Builder
	for line := range strings.Lines(info) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "Page" && (strings.HasSuffix(f[2], ":") || strings.HasSuffix(f[2], "size:") || strings.HasSuffix(f[2], "Box:")) {
			b.WriteString(strings.Join(f[2:], " ") + "\n")
		}
	}
	return b.String()
}

func TestStamp_IsNotMovedByStatesThatAPageLeavesOpen(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"opened":  "q 0.5 0 0 0.5 100 100 cm q 2 0 0 2 7 7 cm BT /F1 12 Tf (Body \\) q (q) ) Tj ET",
		"closed":  "Q Q 0.5 0 0 0.5 100 100 cm BT /F1 12 Tf (Body) Tj ET",
		"image":   "q 0.1 0 0 0.1 50 50 cm BI /W 4 /H 1 /BPC 8 /CS /G ID q q\nEI BT /F1 12 Tf (Body) Tj ET % q q q",
		"changed": "0.1 0 0 0.1 50 50 cm BT /F1 90 Tf (Body) Tj ET",
	} {
		pdf := rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1"+a4+">>",
			"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>", streamOf("", content),
			"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
		path, _ := stamped(t, pdf, sample(t, "fr"), Mark{})
		all := words(t, path, 2)
		at := slices.IndexFunc(all, func(w word) bool { return w.text == "PR-ACH-003" })
		if at < 0 || math.Abs(all[at].left-34) > 2 || all[at].base > 26 {
			t.Errorf("%s: the code does not stand at the top left: %d of %+v", name, at, all)
		}
	}
}

func TestStamp_SaysThatAVersionIsNoLongerInForce(t *testing.T) {
	t.Parallel()
	const mark = "REMPLACÉE LE 3 AVRIL 2027"
	path, made := stamped(t, pagesOf(a4, "/MediaBox[0 0 842 595]"), sample(t, "fr"), Mark{mark})
	for page := 1; page <= made.Pages; page++ {
		n := fmt.Sprint(page)
		// What is set aslant is read letter by letter: spaces do not count.
		says := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", "-f", n, "-l", n, path, "-")), "")
		if !strings.Contains(says, strings.ReplaceAll(mark, " ", "")) {
			t.Errorf("page %d does not say %q:\n%s", page, mark, says)
		}
	}
}

func TestStamp_SameInputSameBytes(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr")
	var first bytes.Buffer
	for i := range 4 {
		var out bytes.Buffer
		if _, err := Stamp(t.Context(), &out, bytes.NewReader(pagesOf(a4, a4)), c, Mark{"RETIRÉE"}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = out
		} else if !bytes.Equal(first.Bytes(), out.Bytes()) {
			t.Fatal("the same input made other bytes")
		}
	}
}

func TestStamp_TellsCodeVersionAndDateInTheProperties(t *testing.T) {
	t.Parallel()
	path, _ := stamped(t, pagesOf(a4), sample(t, "fr"), Mark{})
	info, xmp := tool(t, "pdfinfo", path), tool(t, "pdfinfo", "-meta", path)
	for _, want := range []string{"PR-ACH-003 – Achat, réception", "PR-ACH-003, version 2.1, en vigueur le 03/04/2026", "2026-04-03; Procédure"} {
		if !strings.Contains(info, want) {
			t.Errorf("the information does not say %q:\n%s", want, info)
		}
		if !strings.Contains(xmp, want) {
			t.Errorf("the metadata do not say %q:\n%s", want, xmp)
		}
	}
	if !strings.Contains(xmp, "<rdf:li>fr</rdf:li>") || !strings.Contains(xmp, "2026-04-01T15:41:07Z") {
		t.Errorf("language and instant are not in\n%s", xmp)
	}
}

func TestEnclose_AttachesTheOriginalAndSaysSo(t *testing.T) {
	t.Parallel()
	original := bytes.Repeat([]byte("an office file \x00\xff"), 50_000)
	c := sample(t, "fr")
	c.Original.Name = `..\..\etc/Achat "réactifs".docx`
	var out bytes.Buffer
	made, err := Enclose(t.Context(), &out, bytes.NewReader(original), c, Mark{"RETIRÉE LE 2 MAI 2027"})
	if err != nil || made.Pages != 1 || made.Size != int64(out.Len()) {
		t.Fatal(made, err)
	}
	path := keptFile(t, out.Bytes())
	says := pageText(t, path, 1)
	for _, want := range []string{"Ce document n’a pas été converti en PDF", "Achat réactifs.docx", "Page 1/1"} {
		if !strings.Contains(says, want) {
			t.Errorf("the cover does not say %q:\n%s", want, says)
		}
	}
	if list := tool(t, "pdfdetach", "-list", path); !strings.Contains(list, "1: Achat réactifs.docx") {
		t.Errorf("attached are\n%s", list)
	}
	saved := path + ".saved"
	tool(t, "pdfdetach", "-save", "1", "-o", saved, path)
	if back, err := os.ReadFile(saved); err != nil || !bytes.Equal(back, original) {
		t.Errorf("the original came back as %d bytes of %d: %v", len(back), len(original), err)
	}
}
