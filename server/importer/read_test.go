package importer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"maillon/qms/locale"
)

// book makes a workbook of the sheets, in order: name, then rows.
func book(t testing.TB, sheets ...any) File {
	t.Helper()
	x := excelize.NewFile()
	for i := 0; i < len(sheets); i += 2 {
		name := sheets[i].(string)
		if _, err := x.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for n, row := range sheets[i+1].([][]any) {
			cell, err := excelize.CoordinatesToCellName(1, n+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := x.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := x.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return file("registres.xlsx", b.Bytes())
}

func file(name string, content []byte) File {
	return File{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))}
}

func textFile(name string, lines ...string) File {
	return file(name, []byte(strings.Join(lines, "\r\n")+"\r\n"))
}

func read(t testing.TB, files ...File) *Registers {
	t.Helper()
	r, err := ReadRegisters(context.Background(), files, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is what is wrong, one line a problem, as a French reader sees it.
func told(r *Registers) []string {
	pr := locale.For(locale.French)
	var lines []string
	for _, p := range r.Problems {
		line := p.Place(pr) + " | " + p.Found + " | " + p.Sentence(pr)
		lines = append(lines, strings.ReplaceAll(line, "\u202f", " "))
	}
	return lines
}

const realRegisters = "../../../shared/real/registers"

func realFiles(t testing.TB) (workbook []File, folder []File) {
	t.Helper()
	if _, err := os.Stat(realRegisters); err != nil {
		t.Skip("the real registers are not beside the repository")
	}
	open := func(path string) File {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return file(filepath.Base(path), content)
	}
	names, err := filepath.Glob(filepath.Join(realRegisters, "csv", "*.csv"))
	if err != nil || len(names) == 0 {
		t.Fatal(err, "no CSV")
	}
	for _, name := range names {
		folder = append(folder, open(name))
	}
	return []File{open(filepath.Join(realRegisters, "registres.xlsx"))}, folder
}

func TestReadRegisters_ReadsTheRealOnesAlikeFromWorkbookAndCSV(t *testing.T) {
	t.Parallel()
	workbook, folder := realFiles(t)
	x, c := read(t, workbook...), read(t, folder...)
	if diff := cmp.Diff([]string(nil), append(told(x), told(c)...)); diff != "" {
		t.Fatal(diff)
	}
	counts := []int{len(x.People), len(x.Procedures), len(x.Trace.Equipment), len(x.Trace.Calibrations), len(x.Trace.Trainings),
		len(x.Trace.Requests), len(x.Trace.Quotes), len(x.Trace.Reports), len(x.Trace.Invoices), len(x.Trace.Uses)}
	if diff := cmp.Diff([]int{16, 31, 137, 102, 442, 240, 226, 219, 235, 600}, counts); diff != "" {
		t.Error(diff)
	}
	for name, pair := range map[string][2]any{
		"people": {x.People, c.People}, "procedures": {x.Procedures, c.Procedures}, "trace": {x.Trace, c.Trace},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (workbook, folder):\n%s", name, diff)
		}
	}
	for _, s := range append(x.Sheets, c.Sheets...) {
		if s.Kind == "" || s.Lines == 0 || len(s.Unused) > 0 {
			t.Errorf("%s: kind %q, %d lines, not taken over: %v", s.Name, s.Kind, s.Lines, s.Unused)
		}
	}
}

func TestReadRegisters_TakesHeadingsInAnyOrderCaseAndLanguage(t *testing.T) {
	t.Parallel()
	french := textFile("d.csv", "Registre des devis 2024;;;;", ";;;;", "MONTANT H.T. (€);Accepté le ;Date du Devis;N° de la demande;N° Devis",
		"1 250,50 €;05/04/2024;03/04/2024;dem-1;dev-1")
	english := textFile("q.csv", "Quote number,Request No.,Quote date,Accepted on,Amount", `Dev-1,DEM-1,2024-04-03,2024-04-05,"1 250,50"`)
	a, b := read(t, french), read(t, english)
	if diff := cmp.Diff(a.Trace.Quotes, b.Trace.Quotes); diff != "" || len(a.Trace.Quotes) != 1 {
		t.Error(diff, told(a), told(b))
	}
}

func TestReadRegisters_ReadsEveryEncodingOfCSV(t *testing.T) {
	t.Parallel()
	plain := "N°;Agent;Équipement;Date;Durée (h)\r\nU-1;p01;é-1;03/04/2023;3,5\r\n"
	ansi, err := charmap.Windows1252.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, c := range plain {
		wide = append(wide, byte(c), byte(c>>8))
	}
	want := read(t, file("u.csv", []byte(plain)))
	if len(want.Trace.Uses) != 1 || want.Trace.Uses[0].Minutes != 210 || want.Trace.Uses[0].Equipment != "É-1" {
		t.Fatalf("%+v %v", want.Trace.Uses, told(want))
	}
	for name, content := range map[string][]byte{
		"windows-1252": []byte(ansi), "mark": []byte("\ufeff" + plain), "utf-16": wide,
		"tabs": []byte(strings.ReplaceAll(plain, ";", "\t")),
	} {
		got := read(t, file("u.csv", content))
		if diff := cmp.Diff(want.Trace.Uses, got.Trace.Uses); diff != "" {
			t.Errorf("%s: %s %v", name, diff, told(got))
		}
	}
}

func TestReadRegisters_ReadsNumbersAndDatesOfWorkbooks(t *testing.T) {
	t.Parallel()
	sheet := [][]any{{"Registre"}, {}, {"N° rapport", "N° demande", "Date du rapport", "Date d'analyse", "Opérateur", "Équipement", "Mode opératoire", "Version"},
		{"R-1", "D-1", 45019, "03/04/2023", " p1 ", "eq-1", "mo-1", 1}, {}, {"R-2", "D-1", 45019.5, 45019, "P1", "EQ-1", "MO-1", 2.1}}
	for _, from1904 := range []bool{false, true} {
		f := book(t, "Rapports", sheet)
		if from1904 {
			f = in1904(t, sheet)
		}
		r := read(t, f)
		want := "2023-04-03"
		if from1904 {
			want = "2027-04-04"
		}
		if len(r.Trace.Reports) != 2 {
			t.Fatal(told(r))
		}
		first, second := r.Trace.Reports[0], r.Trace.Reports[1]
		if first.Date.String() != want || second.Date.String() != want || first.Operator != "P1" || first.InstructionVersion != "1.0" || second.InstructionVersion != "2.1" {
			t.Errorf("1904 %v: %+v, %+v", from1904, first, second)
		}
	}
}

func in1904(t *testing.T, rows [][]any) File {
	t.Helper()
	x := excelize.NewFile()
	yes := true
	if err := x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return file("r.xlsx", b.Bytes())
}

func TestReadRegisters_SaysWhatIsWrongByRowAndColumn(t *testing.T) {
	t.Parallel()
	r := read(t, book(t,
		"Devis", [][]any{{"Registre des devis"}, {}, {"N° devis", "N° demande", "Date du devis", "Accepté le", "Montant HT"},
			{"DEV-1", "DEM-1", "31/06/2023", "", "12,50"}, {}, {"DEV-2", "", "03/04/0202", "bientôt", "beaucoup"},
			{"DEV-3", "DEM-1", "03/04/2023", "", "1.250"}, {" dev-3 ", "DEM-1", "03/04/2023", "", "1"}},
		"Personnel", [][]any{{"Code agent", "Nom", "Formateur"}, {"P01", "Agent 01", "peut-être"}, {"", "Agent 02", "non"}}))
	want := []string{
		"Devis, ligne 4, colonne C (Date du devis) | 31/06/2023 | Cette date n’existe pas",
		"Devis, ligne 6, colonne B (N° demande) |  | La case est vide",
		"Devis, ligne 6, colonne C (Date du devis) | 03/04/0202 | L’année doit être entre 1990 et 2100",
		"Devis, ligne 6, colonne D (Accepté le) | bientôt | Ce n’est pas une date",
		"Devis, ligne 6, colonne E (Montant HT) | beaucoup | Ce n’est pas un montant",
		"Devis, ligne 7, colonne E (Montant HT) | 1.250 | Ce montant se lit de deux façons : milliers ou décimales",
		"Personnel, ligne 2, colonne C (Formateur) | peut-être | La réponse n’est ni oui ni non",
		"Personnel, ligne 3, colonne A (Code agent) |  | La case est vide",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.Trace.Quotes) != 1 || r.Trace.Quotes[0].Number != "DEV-3" {
		t.Errorf("the rest is not there: %+v", r.Trace.Quotes)
	}
}

func TestReadRegisters_ReportsANumberThatComesTwice(t *testing.T) {
	t.Parallel()
	r := read(t, textFile("demandes 2023.csv", "N° demande;Date;Client", "D-1;03/04/2023;A", "", "d-1 ;04/04/2023;B"),
		textFile("demandes 2024.csv", "N° demande;Date;Client", "D-2;03/04/2024;A", "D-1;03/04/2024;C"))
	want := []string{
		"demandes 2023, ligne 4, colonne A (N° demande) | d-1 | Déjà présent : demandes 2023, ligne 2",
		"demandes 2024, ligne 3, colonne A (N° demande) | D-1 | Déjà présent : demandes 2023, ligne 2",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
}

func TestReadRegisters_ReportsMissingAndDoubledColumns(t *testing.T) {
	t.Parallel()
	r := read(t, textFile("devis.csv", "N° devis;Date du devis;Accepté le;Montant HT", "DEV-1;03/04/2023;;12"),
		textFile("factures.csv", "N° facture;N° demande;N° devis;Date;Montant HT;Montant HT", "F-1;D-1;;03/04/2023;1;2"),
		textFile("habilitations.csv", "Agent;Équipement;Formateur;Validité (mois)", "P1;E1;P2;12"))
	want := []string{
		"devis, ligne 1 | N° devis, Date du devis, Accepté le, Montant HT | Il manque une colonne : n° de demande",
		"factures, ligne 1, colonne F (Montant HT) | Montant HT | Deux colonnes pour une seule donnée (montant HT) : E et F. Gardez-en une",
		"habilitations, ligne 1 | Agent, Équipement, Formateur, Validité (mois) | Il manque une colonne : date",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
	if r.Lines() != 0 {
		t.Errorf("%d lines are handed over", r.Lines())
	}
}

func TestReadRegisters_NumbersRowsAsASpreadsheetDoes(t *testing.T) {
	t.Parallel()
	r := read(t, file("demandes.csv", []byte("Titre\n\n\nN° demande;Date;Client;Objet\n\nD-1;03/04/2023;A;\"deux\nlignes\"\nD-2;hier;A;\n\nD-3;demain;A;\n")))
	want := []string{
		"demandes, ligne 7, colonne B (Date) | hier | Ce n’est pas une date",
		"demandes, ligne 9, colonne B (Date) | demain | Ce n’est pas une date",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.Trace.Requests) != 1 || r.Trace.Requests[0].Subject != "deux lignes" {
		t.Errorf("%+v", r.Trace.Requests)
	}
}

func TestReadRegisters_PassesOverHeadingsRepeatedOnEachPage(t *testing.T) {
	t.Parallel()
	r := read(t, textFile("demandes.csv", "N° demande;Date;Client", "D-1;03/04/2023;A", "N° demande;Date;Client", "D-2;03/04/2023;A"))
	if len(r.Trace.Requests) != 2 || r.Wrong != 0 {
		t.Errorf("%+v %v", r.Trace.Requests, told(r))
	}
}

func TestReadRegisters_ReadsOpenDocument(t *testing.T) {
	t.Parallel()
	content := `<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
<table:table table:name="Utilisations"><table:table-row><table:table-cell><text:p>Registre</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row><table:table-cell><text:p>N°</text:p></table:table-cell><table:table-cell><text:p>Agent</text:p></table:table-cell><table:table-cell><text:p>Équipement</text:p></table:table-cell><table:table-cell><text:p>Date</text:p></table:table-cell><table:table-cell><text:p>Durée</text:p><text:p>(h)</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>U-1</text:p></table:table-cell><table:table-cell><text:p>p01</text:p></table:table-cell><table:table-cell><text:p>EQ-1</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2023-04-03"><text:p>03/04/23</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.5"><text:p>3,5</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>U-2</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>p01</text:p></table:table-cell><table:table-cell><text:p>32/01/2023</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>`
	ods := zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", content)
	r := read(t, file("registres.ods", ods))
	if diff := cmp.Diff([]string{"Utilisations, ligne 6, colonne D (Date) | 32/01/2023 | Cette date n’existe pas"}, told(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.Trace.Uses) != 1 || r.Trace.Uses[0].Minutes != 210 || r.Trace.Uses[0].Date.String() != "2023-04-03" {
		t.Errorf("%+v", r.Trace.Uses)
	}
	for want, bad := range map[string][]byte{
		"file.encrypted": zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x", "META-INF/manifest.xml", "<manifest:encryption-data/>"),
		"file.damaged":   zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", content[:900]),
		"file.bomb":      zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", lol),
	} {
		if r := read(t, file("r.ods", bad)); len(r.Problems) == 0 || r.Problems[len(r.Problems)-1].Key != want {
			t.Errorf("want %s: %v", want, told(r))
		}
	}
}

func TestReadRegisters_Reads200000RowsInBoundedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const rows = 200_000
	x := excelize.NewFile()
	w, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.SetRow("A1", []any{"N°", "Agent", "Équipement", "Date", "Durée (h)"}))
	for i := range rows {
		must(w.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("UTI-%06d", i), "P01", "EQ-001", 45000 + i%900, "3,5"}))
	}
	must(w.Flush())
	b, err := x.WriteToBuffer()
	must(err)
	must(x.Close())
	runtime.GC()
	var before, peak runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := ReadRegisters(context.Background(), []File{file("u.xlsx", b.Bytes())}, ReadOptions{})
	must(err)
	runtime.ReadMemStats(&peak)
	if len(r.Trace.Uses) != rows || r.Wrong != 0 {
		t.Fatalf("%d uses, %d problems", len(r.Trace.Uses), r.Wrong)
	}
	runtime.GC()
	var kept runtime.MemStats
	runtime.ReadMemStats(&kept)
	t.Logf("%d bytes of workbook; heap grew by %d MB at most, %d MB are kept", b.Len(), (int64(peak.HeapSys)-int64(before.HeapSys))>>20, (int64(kept.HeapAlloc)-int64(before.HeapAlloc))>>20)
	if grown := int64(peak.HeapSys) - int64(before.HeapSys); grown > 512<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

func TestReadRegisters_ReadsTheRegistersOfAnArchive(t *testing.T) {
	t.Parallel()
	r := read(t, file("registres.zip", zipOf(t, "csv/demandes.csv", "N° demande;Date;Client\nD-1;03/04/2023;A\n", "lisez-moi.pdf", "x", "__MACOSX/csv/._demandes.csv", "x")))
	if len(r.Trace.Requests) != 1 || r.Wrong != 0 {
		t.Errorf("%+v %v", r.Trace.Requests, told(r))
	}
	if r := read(t, file("rien.zip", zipOf(t, "a.pdf", "x"))); len(r.Problems) != 1 || r.Problems[0].Key != "import.file_kind" {
		t.Error(told(r))
	}
}
