package importer

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// bookOf is a workbook with the rows on its first sheet.
func bookOf(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReferential_IsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	want := label.Sample()
	want[0].French += "\nDeuxième ligne\u202f: = 1 + 1"
	want[1].French = "=HYPERLINK(\"x\")"
	sheet := &label.ReferentialSheet{}
	for i, c := range want {
		sheet.Items = append(sheet.Items, label.Criterion{Code: c.Code, Theme: c.Theme, Required: c.Required, French: c.French, English: c.English,
			EvidenceFrench: c.EvidenceFrench, EvidenceEnglish: c.EvidenceEnglish, Clauses: c.Clauses, Position: int64(i + 1)})
	}
	for _, language := range locale.Languages() {
		var file bytes.Buffer
		if err := WriteReferential(&file, locale.For(language), sheet); err != nil {
			t.Fatal(err)
		}
		book, err := ReadReferential(t.Context(), "r.xlsx", &file)
		if err != nil || len(book.Problems) > 0 {
			t.Fatalf("%s: %v, %+v", language, err, book)
		}
		if diff := cmp.Diff(want, book.Items, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
	}
}

func TestReferential_TakesColumnsInAnyOrderAndLanguage(t *testing.T) {
	t.Parallel()
	file := bookOf(t, []any{"Notre grille"}, []any{"Clauses", "Evidence (EN)", "Text (English)", "Preuve", "Texte", "Theme", "N°", "Obligatoire", "Ordre"},
		[]any{"ISO 9001:2015 7.2; NF X50-900", "E2", "T2", "P2", "X2", "Données et sauvegarde", "d-2", "oui", 2},
		[]any{"", "E1", "T1", "P1", "X1", "TRACEABILITY", "r-1", "", 1})
	book, err := ReadReferential(t.Context(), "r.xlsx", bytes.NewReader(file))
	if err != nil || len(book.Problems) > 0 {
		t.Fatalf("%v, %+v", err, book)
	}
	want := []label.CriterionText{{Code: "r-1", Theme: label.Traceability, French: "X1", English: "T1", EvidenceFrench: "P1", EvidenceEnglish: "E1"},
		{Code: "d-2", Theme: label.Data, Required: true, French: "X2", English: "T2", EvidenceFrench: "P2", EvidenceEnglish: "E2", Clauses: []string{"ISO 9001:2015 7.2", "NF X50-900"}}}
	if diff := cmp.Diff(want, book.Items); diff != "" {
		t.Error(diff)
	}
}

func TestReferential_SaysByRowAndColumnWhatIsWrong(t *testing.T) {
	t.Parallel()
	file := bookOf(t, []any{"Code", "Thème", "Texte (français)", "Texte (anglais)", "Preuve (français)", "Preuve (anglais)", "Obligation"},
		[]any{"R-1", "Traçabilité", "X", "T", "P", "E", "exigé"},
		[]any{},
		[]any{"r-1", "Météo", "", "T", "P", "E", "peut-être"})
	book, err := ReadReferential(t.Context(), "r.xlsx", bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t, store.SQLite)
	_, refused := label.New(db, nil).PreviewReferential(storetest.As(qms.QualityOfficer), book.Items)
	book.Place(refused)
	var got []string
	for _, p := range book.Problems {
		got = append(got, p.Place(locale.For("fr"))+" / "+p.Key)
	}
	want := []string{"Sheet1, ligne 4, colonne G (Obligation) / criterion.obligation_unknown", "Sheet1, ligne 4, colonne B (Thème) / criterion.theme_unknown",
		"Sheet1, ligne 4, colonne C (Texte (français)) / input.required", "Sheet1, ligne 4, colonne A (Code) / criterion.doubled_row"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReferential_RefusesWhatIsNoWorkbook(t *testing.T) {
	t.Parallel()
	whole := bookOf(t, []any{"Code", "Thème"})
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"empty": {nil, "file.empty"}, "text": {[]byte("Code;Thème"), "referential.file_kind"}, "cut": {whole[:len(whole)/2], "file.damaged"},
		"old": {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx"), "import.file_old_excel"}, "huge": {make([]byte, maxListFile+1), "body.too_large"},
	} {
		_, err := ReadReferential(t.Context(), "r.xlsx", bytes.NewReader(c.data))
		var e *qms.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	book, err := ReadReferential(t.Context(), "r.xlsx", bytes.NewReader(whole))
	if err != nil || len(book.Problems) != 4 || !strings.HasPrefix(book.Problems[0].Key, "referential.no_column_") {
		t.Errorf("without texts: %v, %+v", err, book)
	}
	book, err = ReadReferential(t.Context(), "r.xlsx", bytes.NewReader(bookOf(t, []any{"a", "b"}, []any{"c"})))
	if err != nil || len(book.Problems) != 1 || book.Problems[0].Key != "referential.no_headings" {
		t.Errorf("without headings: %v, %+v", err, book)
	}
}
