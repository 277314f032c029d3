package importer

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func templateOf(t *testing.T, lang string) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := Template(nil, locale.For(lang), &out); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

func bytesOfBook(t *testing.T, book *excelize.File) File {
	t.Helper()
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return file("modele.xlsx", b.Bytes())
}

func TestTemplate_EmptySaysThatThereAreNoLines(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		r := read(t, bytesOfBook(t, templateOf(t, lang)))
		if len(r.Problems) != 1 || r.Problems[0].Key != "import.no_lines" {
			t.Errorf("%s: %v", lang, told(r))
		}
		for _, s := range r.Sheets {
			if s.Kind == "" && !s.Aside {
				t.Errorf("%s: %s is asked for", lang, s.Name)
			}
		}
	}
}

// TestTemplate_FilledWithItsOwnExamplesIsImported fills each column with the example that explains it.
func TestTemplate_FilledWithItsOwnExamplesIsImported(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		p, book := locale.For(lang), templateOf(t, lang)
		for _, k := range Kinds() {
			for i, c := range templateFields(k) {
				value := exampleOf(p, k, c.Field)
				switch {
				case k == Quotes && c.Field == "refused", k == Trainings && c.Field == "until", k == Equipment && c.Field == "retired", k == Procedures && c.Field == "until":
					continue // one of two answers
				}
				if err := book.SetCellStr(p.T(KindKey(k)), letter(i)+"2", value); err != nil {
					t.Fatal(err)
				}
			}
		}
		people := p.T(KindKey(People))
		for cell, value := range map[string]string{"A3": "P02", "B3": "Agent 02"} {
			if err := book.SetCellStr(people, cell, value); err != nil {
				t.Fatal(err)
			}
		}
		s := service(t, storetest.Open(t, store.SQLite), t.TempDir())
		result := take(t, s, false, bytesOfBook(t, book))
		for _, problem := range result.Problems {
			t.Errorf("%s: %s: %s [%s]", lang, problem.Place(p), problem.Sentence(p), problem.Found)
		}
		for _, k := range Kinds() {
			want := 1
			if k == People {
				want = 2
			}
			if got := result.Counts[k].Added; got != want {
				t.Errorf("%s %s: %d added", lang, k, got)
			}
		}
		for _, sheet := range result.Sheets {
			if len(sheet.Unused) > 0 {
				t.Errorf("%s %s: not taken over: %v", lang, sheet.Name, sheet.Unused)
			}
		}
	}
}

func TestTemplate_ChecksWhatIsTypedAndKeepsItsHeadInSight(t *testing.T) {
	t.Parallel()
	book := templateOf(t, locale.French)
	for _, k := range Kinds() {
		name := locale.For(locale.French).T(KindKey(k))
		panes, err := book.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: %+v %v", name, panes, err)
		}
	}
	found, err := book.GetDataValidations("Étalonnages et vérifications")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, dv := range found {
		kinds[dv.Type]++
		if dv.Type == "list" && !strings.Contains(dv.Formula1, "Conforme,Non conforme") && !strings.Contains(dv.Formula1, "Étalonnage,Vérification") {
			t.Errorf("list %s", dv.Formula1)
		}
	}
	if kinds["date"] != 1 || kinds["list"] != 2 {
		t.Errorf("%v", kinds)
	}
}

func TestTemplateCSV_IsReadBack(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		for _, k := range Kinds() {
			var out bytes.Buffer
			if err := TemplateCSV(k, locale.For(lang), &out); err != nil {
				t.Fatal(err)
			}
			r := read(t, file("m.csv", out.Bytes()))
			if len(r.Problems) != 1 || r.Problems[0].Key != "import.no_lines" || r.Sheets[0].Kind != k {
				t.Errorf("%s %s: %v", lang, k, told(r))
			}
		}
	}
}
