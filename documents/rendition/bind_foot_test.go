package rendition

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"maillon/qms/qmstest"
)

func numberedPage(page, of int) string { return fmt.Sprintf("PACK-2026-001 · page %d/%d", page, of) }

// footed is an input whose pages say their number of the whole.
func footed(pages int, pdf []byte) Input {
	in := inputOf("one", pages, pdf)
	in.Foot = numberedPage
	return in
}

// footAt is where the foot of a page stands, as its reader sees it.
func footAt(t *testing.T, path string, page, of int) (found word) {
	t.Helper()
	all := words(t, path, page)
	first := slices.IndexFunc(all, func(w word) bool { return w.text == "PACK-2026-001" })
	last := slices.IndexFunc(all, func(w word) bool { return w.text == fmt.Sprintf("%d/%d", page, of) })
	if first < 0 || last < first {
		t.Fatalf("page %d does not say its number: %+v", page, all)
	}
	found = all[first]
	found.right = all[last].right
	return found
}

func TestBind_NumbersPagesInTheMiddleOfTheMarginAsTheReaderSeesThem(t *testing.T) {
	t.Parallel()
	pages := []struct {
		entry string
		seen  size
	}{
		{a4, size{595, 842}}, {"/MediaBox[0 0 842 595]", size{842, 595}}, {a4 + "/Rotate 90", size{842, 595}}, {a4 + "/Rotate 180", size{595, 842}},
		{a4 + "/Rotate -90", size{842, 595}}, {"/MediaBox[0 0 842 1191]/CropBox[100 120 695 962]", size{595, 842}},
		{"/MediaBox[-50 -60 545 782]/Rotate 90/CropBox[0 0 500 700]", size{700, 500}}, {"/MediaBox[595 842 0 0]", size{595, 842}},
		{"/MediaBox[0 0 250 170]", size{250, 170}}, {"/MediaBox[0 0 2384 3370]", size{2384, 3370}},
	}
	var entries []string
	for _, p := range pages {
		entries = append(entries, p.entry)
	}
	pdf := pagesOf(entries...)
	before := keptFile(t, pdf)
	path, made := bound(t, inputOf("front", 2, pagesOf(a4, a4)), footed(len(pages), pdf), footed(1, pagesOf("/MediaBox[0 0 298 421]/UserUnit 2")))
	if text := pageText(t, path, 2); strings.Contains(text, "PACK-2026-001") {
		t.Errorf("a page that numbers itself says %q", text)
	}
	for i, p := range pages {
		n := fmt.Sprint(i + 1)
		was, now := tool(t, "pdfinfo", "-box", "-f", n, "-l", n, before), tool(t, "pdfinfo", "-box", "-f", fmt.Sprint(i+3), "-l", fmt.Sprint(i+3), path)
		if boxes(was) != boxes(now) {
			t.Errorf("%s: was\n%snow\n%s", p.entry, boxes(was), boxes(now))
		}
		at, u := footAt(t, path, i+3, made.Pages), scale(min(p.seen.width, p.seen.height)/pointsPerMM)
		if middle := (at.left + at.right) / 2; math.Abs(middle-p.seen.width/2) > 2*u || at.top < p.seen.height-26*u || at.base > p.seen.height-6*u {
			t.Errorf("%s: the number stands at %+v of %+v", p.entry, at, p.seen)
		}
		if text := pageText(t, path, i+3); !strings.Contains(text, fmt.Sprintf("Body%d", i+1)) {
			t.Errorf("%s: the page lost what it said: %q", p.entry, text)
		}
	}
	footAt(t, path, made.Pages, made.Pages)
}

// What a page leaves open, or has the same names for, neither moves the number nor is changed by it.
func TestBind_NumbersPagesWhateverTheirContentsLeaveBehind(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"opened":   "q 0.5 0 0 0.5 100 100 cm q 2 0 0 2 7 7 cm BT /F 12 Tf (Body \\) q) Tj ET",
		"closed":   "Q Q 0.5 0 0 0.5 100 100 cm BT /F 12 Tf (Body) Tj ET",
		"changed":  "0.1 0 0 0.1 50 50 cm 0 0 0 RG BT /F 90 Tf (Body) Tj ET /MaillonFoot Do",
		"spacing":  "BT /F 12 Tf 200 Tz 30 Tc 3 Tr 100 100 Td (Body) Tj ET",
		"clipping": "BT /F 12 Tf 100 100 Td (Body) Tj ET 0 0 5 5 re W n",
	} {
		pdf := rawPDF("<</Type/Catalog/Pages 2 0 R>>",
			"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2"+a4+"/Resources<</Font<</F 5 0 R>>/XObject<</MaillonFoot 7 0 R>>>>>>",
			"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", streamOf("", content),
			"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", "<</Type/Page/Parent 2 0 R/Contents[4 0 R]>>",
			streamOf("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f"))
		path, made := bound(t, footed(2, pdf))
		for page := range 2 {
			at := footAt(t, path, page+1, made.Pages)
			if math.Abs((at.left+at.right)/2-297.5) > 2 || at.top < 816 || at.right-at.left > 120 {
				t.Errorf("%s: the number of page %d stands at %+v", name, page+1, at)
			}
			if text := squeeze(tool(t, "pdftotext", "-f", fmt.Sprint(page+1), "-l", fmt.Sprint(page+1), path, "-")); name != "spacing" && !strings.Contains(text, "Body") {
				t.Errorf("%s: the page lost what it said: %q", name, text)
			}
		}
	}
}

// Beside the number nothing of a picture of the page changes.
func TestBind_NumbersPagesWithoutTouchingTheRest(t *testing.T) {
	t.Parallel()
	var stampedOut bytes.Buffer
	made, err := Stamp(t.Context(), &stampedOut, bytes.NewReader(rich()), sample(t, "fr"), Mark{"REMPLACÉE"})
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := bound(t, inputOf("one", made.Pages, stampedOut.Bytes()))
	numbered, _ := bound(t, footed(made.Pages, stampedOut.Bytes()))
	for page := 1; page <= made.Pages; page++ {
		a, b := picture(t, plain, page), picture(t, numbered, page)
		if bytes.Equal(a.rows(0, a.high), b.rows(0, b.high)) {
			t.Errorf("page %d: no number is seen", page)
		}
		margin := a.high - a.high*12/297
		if a.wide != b.wide || a.high != b.high || !bytes.Equal(a.rows(0, margin), b.rows(0, margin)) {
			t.Errorf("page %d: more than the margin was changed", page)
		}
	}
}

// drawn is a page as grey pixels.
type drawn struct {
	wide, high int
	pixels     []byte
}

func (d drawn) rows(from, to int) []byte { return d.pixels[from*d.wide : to*d.wide] }

func picture(t *testing.T, path string, page int) (d drawn) {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		qmstest.Without(t, qmstest.PDFTools, "pdftoppm is not installed")
	}
	base := path + fmt.Sprint(".", page)
	tool(t, "pdftoppm", "-gray", "-r", "60", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), "-singlefile", path, base)
	data, err := os.ReadFile(base + ".pgm")
	if err != nil {
		t.Fatal(err)
	}
	var top int
	head, err := fmt.Sscanf(string(data[:32]), "P5\n%d %d\n%d\n", &d.wide, &d.high, &top)
	if head != 3 || err != nil {
		t.Fatalf("no picture: %.20q", data)
	}
	d.pixels = data[len(data)-d.wide*d.high:]
	return d
}

func TestBind_NumbersPagesWithOneFont(t *testing.T) {
	t.Parallel()
	var inputs []Input
	for range 40 {
		inputs = append(inputs, footed(1, pagesOf(a4)))
	}
	path, _ := bound(t, inputs...)
	objects := tool(t, "qpdf", "--json=1", "--json-key=objects", path)
	if n := strings.Count(objects, `"/FontDescriptor"`); n != 2 { // its type, and the name that leads to it
		t.Errorf("the font stands there %d times over", n)
	}
}
