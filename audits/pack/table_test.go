package pack

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maillon/qms/locale"
)

// A reference without words of its own says the page alone, also where the page is one that is bound.
func TestRef_WithoutWordsSaysThePageAlone(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		p := newPaper(locale.For(lang))
		p.expect(map[string]int{"here": 7, "bound": -9})
		for mark, want := range map[string]string{"here": "page 7", "bound": "page 9", "nowhere": ""} {
			if words, link := p.ref(Ref{Mark: mark}); words != want || link == 0 && want != "" {
				t.Errorf("%s: %s says %q and leads to %d", lang, mark, words, link)
			}
		}
		if words, link := p.ref(Ref{Text: "MO-1", Mark: "bound"}); !strings.HasPrefix(words, "MO-1, p.") || strings.HasSuffix(words, " 9") || link != -9 {
			t.Errorf("%s: with words it says %q and leads to %d", lang, words, link)
		}
	}
}

// The shape of a state stands right before words that are flush right, and these end within the column.
func TestTable_NumbersWithAStateEndWithinTheirColumn(t *testing.T) {
	t.Parallel()
	p := newPaper(locale.For("fr"))
	p.page()
	p.table([]column{{title: "A", width: 100}, {title: "B", width: 70, right: true}}, [][]cell{{text("x"), {text: "12", state: "expired"}}, {text("y"), text("12")}})
	path := filepath.Join(t.TempDir(), "table.pdf")
	if err := p.PDF.OutputFileAndClose(path); err != nil {
		t.Fatal(err)
	}
	ends := map[string]bool{}
	found := regexp.MustCompile(`xMax="([0-9]+)[0-9.]*"[^>]*>12<`).FindAllStringSubmatch(tool(t, "pdftotext", "-bbox", path, "-"), -1)
	for _, word := range found {
		ends[word[1]] = true
	}
	if len(found) != 2 || len(ends) != 1 {
		t.Errorf("%d numbers of one column end at %v", len(found), ends)
	}
}
