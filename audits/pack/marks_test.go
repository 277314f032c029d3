package pack

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"

	"maillon/qms/locale"
)

// told is a pack whose sections are told in panels: criteria refer to equipment that is told pages before,
// to a chain that the register names, to a file, and to what no chosen section shows.
func told(t *testing.T, lang string, pieces int) *Contents {
	t.Helper()
	c := sample(t, lang, 6)
	columns := []ListColumn{{Title: "A", Width: 40}, {Title: "B", Width: 130}}
	c.Panels = map[string][]Panel{}
	for i := range pieces {
		code := fmt.Sprintf("EQP-%03d", i)
		c.Panels["equipment"] = append(c.Panels["equipment"], Panel{Title: code, Mark: EquipmentMark(code), Compact: true, Columns: columns, Empty: "–",
			Facts: [][2]string{{"Lieu", "Salle 1"}, {"État", strings.Repeat("mot ", 30)}, {"Série", "1"}}, Rows: [][]Told{{{Text: "2026"}, {Text: "Étalonnage", State: "passed"}}}})
		c.Panels["assessment"] = append(c.Panels["assessment"], Panel{Columns: columns, Rows: [][]Told{{{Text: "Q", Strip: &Strip{Now: -1}},
			{Refs: []Ref{{Text: "vers " + code, Mark: EquipmentMark(code)}, {Text: "nulle part", Mark: EquipmentMark("EQP-NONE")}}}}}})
	}
	c.Panels["dossiers"] = []Panel{{Title: "un dossier", Columns: columns, Rows: [][]Told{{{Text: "–"}, {Refs: []Ref{{Text: "registre", Mark: ServiceMark(c.Services[0].Number)}}}}}}}
	return c
}

// pagesOf is the text of each page, without spaces.
func pagesOf(t *testing.T, data []byte) []string {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{""} // pages count from 1
	for n := range r.NumPage() {
		var b strings.Builder
		for _, word := range r.Page(n + 1).Content().Text {
			b.WriteString(word.S)
		}
		pages = append(pages, squeeze(b.String()))
	}
	return pages
}

func TestPrint_ReferencesNameThePageWhereTheThingIsTold(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		c := told(t, lang, 120)
		pages := pagesOf(t, printed(t, c))
		whole := strings.Join(pages, "\n")
		for i := range 120 {
			code := fmt.Sprintf("EQP-%03d", i)
			at := 0
			for n, text := range pages { // the last that has it but for the references is that of the heading
				if strings.Contains(text, code) && !strings.Contains(text, "vers"+code) {
					at = n
				}
			}
			if at == 0 || !strings.Contains(whole, squeeze(fmt.Sprintf("vers %s, p. %d", code, at))) {
				t.Fatalf("%s: %s is told on page %d, and the reference to it says otherwise", lang, code, at)
			}
		}
		if strings.Contains(whole, squeeze("nulle part, p.")) {
			t.Errorf("%s: a reference to nothing names a page", lang)
		}
		if !strings.Contains(whole, "registre,p.") {
			t.Errorf("%s: the chain is not found in the register", lang)
		}
	}
}

func TestPrint_ReferencesDoNotMoveWhenPrintedAgain(t *testing.T) {
	t.Parallel()
	c := told(t, "fr", 60)
	if !bytes.Equal(printed(t, c), printed(t, c)) {
		t.Error("two prints of one pack with references differ")
	}
	if c.marks != nil {
		t.Error("printing changed the contents")
	}
	c.Sections = []string{"assessment"}
	if whole := strings.Join(pagesOf(t, printed(t, c)), ""); strings.Contains(whole, "EQP-001,p.") {
		t.Error("a reference names a page of a section that was not chosen")
	}
}

// What is referred to moves while page numbers settle: a line that names no page yet is longer than one
// that does. However many such lines stand before it, the page named is the one where it stands at last.
func TestPrint_ReferencesFollowWhatMovesWhileTheySettle(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr", 0)
	wide := newPaper(locale.For("fr")).Measure("une preuve de ce critère dans, p. 100", small) + 2*padX - 0.3 // it just does not fit
	for n := range 50 {
		c.Sections = []string{"assessment"}
		one := Panel{Columns: []ListColumn{{Title: "A", Width: pageLong - 2*margin - wide}, {Title: "B", Width: wide}}}
		for range n {
			one.Rows = append(one.Rows, []Told{{}, {Refs: []Ref{{Text: "une preuve de ce critère dans", Mark: "here"}}}})
		}
		one.Rows = append(one.Rows, []Told{{Text: "MOVED", Mark: "here"}})
		for range 60 {
			one.Rows = append(one.Rows, []Told{{Text: "x"}})
		}
		c.Panels = map[string][]Panel{"assessment": {one, {Columns: one.Columns, Rows: [][]Told{{{Refs: []Ref{{Text: "TARGET", Mark: "here"}}}}}}}}
		pages := pagesOf(t, printed(t, c))
		at := slices.IndexFunc(pages, func(text string) bool { return strings.Contains(text, "MOVED") })
		if whole := strings.Join(pages, ""); !strings.Contains(whole, fmt.Sprintf("TARGET,p.%d", at)) {
			t.Fatalf("after %d lines it stands on page %d, and the reference says otherwise", n, at)
		}
	}
}

func TestMarks_TheLastOfANameCounts(t *testing.T) {
	t.Parallel()
	p := newPaper(locale.For("fr"))
	p.expect(map[string]int{"x": 1})
	p.page()
	p.mark("x", 10)
	p.page()
	p.mark("x", 20)
	if want := map[string]int{"x": 2}; !maps.Equal(p.marks.found, want) {
		t.Errorf("found %v", p.marks.found)
	}
	plain := newPaper(locale.For("fr"))
	plain.page()
	plain.mark("x", 10) // what is printed alone has no marks
	if words, link := plain.ref(Ref{Text: "a", Mark: "x"}); words != "a, p.\u00a0100" || link != 0 {
		t.Errorf("ref %q %d", words, link)
	}
}
