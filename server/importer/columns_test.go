package importer

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// oddSheet has headings that nobody could know, a title above and dates in the American way.
func oddSheet() File {
	return textFile("Suivi 2023.csv", "Suivi commercial;;;;", "Ref;Dossier;Envoi;OK client;Prix net (EUR)", "d-1;r-1;04/03/2023;04/13/2023;1 250,50", "d-2;r-1;4/30/2023;;-3")
}

func readWith(t *testing.T, o ReadOptions, files ...File) *Registers {
	t.Helper()
	r, err := ReadRegisters(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMapping_ReadsWhatHeadingsDoNotTell(t *testing.T) {
	t.Parallel()
	if r := read(t, oddSheet()); len(r.Problems) != 2 || r.Problems[1].Key != "import.sheet_unknown" || !r.Sheets[0].Asks() {
		t.Fatalf("%v", told(r))
	}
	for name, text := range map[string]string{
		"json": `[{"sheet":"suivi 2024","register":"devis","row":2,"dates":"mdy","columns":{"number":"Ref","N° demande":"dossier","date":"C","accepted":"OK client","total":"prix net"}}]`,
		"csv":  "feuille;registre;ligne;champ;colonne;dates\nSuivi 2023;quotes;;number;A;mja\nSuivi 2023;;;request;Dossier;\nSuivi 2023;;;date;Envoi;\nSuivi 2023;;;accepted;OK CLIENT;\nSuivi 2023;;;total;E;\n",
	} {
		mappings, err := ParseMappings(name, []byte(text))
		if err != nil {
			t.Fatal(name, err)
		}
		r := readWith(t, ReadOptions{Mappings: mappings}, oddSheet())
		want := []trace.QuoteRow{
			{Number: "D-1", Request: "R-1", Date: qms.MustDate("2023-04-03"), AcceptedOn: qms.MustDate("2023-04-13"), Total: 125050},
			{Number: "D-2", Request: "R-1", Date: qms.MustDate("2023-04-30"), Total: -300},
		}
		if diff := cmp.Diff(want, r.Trace.Quotes); diff != "" {
			t.Errorf("%s: %s %v", name, diff, told(r))
		}
	}
}

func TestMapping_FillsInWhatARecognisedSheetMissesAndLeavesOut(t *testing.T) {
	t.Parallel()
	file := textFile("devis.csv", "N° devis;Rattaché à;Date du devis;Accepté le;Montant HT", "DEV-1;DEM-1;03/04/2023;;12")
	r := readWith(t, ReadOptions{Mappings: []Mapping{{Kind: Quotes, Columns: map[string]string{"request": "Rattaché à", "accepted": "-"}}}}, file)
	if diff := cmp.Diff([]string{"devis, ligne 1 | N° devis, Rattaché à, Date du devis, Accepté le, Montant HT | Il manque une colonne : date d’acceptation"}, told(r)); diff != "" {
		t.Error(diff)
	}
	r = readWith(t, ReadOptions{Mappings: []Mapping{{Kind: Quotes, Columns: map[string]string{"request": "Rattaché à"}}}}, file)
	if len(r.Trace.Quotes) != 1 || r.Wrong != 0 {
		t.Errorf("%+v %v", r.Trace.Quotes, told(r))
	}
	r = readWith(t, ReadOptions{Mappings: []Mapping{{Sheet: "devis", Kind: LeftOut}}}, file, textFile("personnel.csv", "Code agent;Nom", "P1;Agent 01"))
	if len(r.Trace.Quotes) != 0 || len(r.People) != 1 || r.Wrong != 0 || !r.Sheets[0].Aside {
		t.Errorf("left out: %+v %v", r.Trace.Quotes, told(r))
	}
}

func TestMapping_SaysWhatItNamesInVain(t *testing.T) {
	t.Parallel()
	file := textFile("devis.csv", "A;B;C", "DEV-1;DEM-1;03/04/2023")
	columns := map[string]string{"number": "Numéro", "request": "A", "date": "B", "accepted": "C", "total": "A"}
	r := readWith(t, ReadOptions{Mappings: []Mapping{{Kind: Quotes, Row: 1, Columns: columns}}}, file)
	if len(r.Problems) == 0 || r.Problems[len(r.Problems)-1].Key != "import.mapping.no_column" || r.Lines() != 0 {
		t.Errorf("%v", told(r))
	}
	r = readWith(t, ReadOptions{Mappings: []Mapping{{Kind: Quotes, Columns: columns}}}, file)
	if len(r.Problems) != 1 || r.Problems[0].Key != "import.mapping.no_row" {
		t.Errorf("%v", told(r))
	}
	pr := locale.For(locale.French)
	for text, key := range map[string]string{
		"": "import.mapping.unreadable", "[{]": "import.mapping.unreadable", `[{"sheet":"a","register":"légumes"}]`: "import.mapping.no_register",
		`[{"sheet":"a","register":"quotes","columns":{"couleur":"B"}}]`: "import.mapping.no_field", `{"register":"quotes","dates":"ymd"}`: "mapping.dates_unknown",
		`[{"unknown":1}]`: "import.mapping.unreadable", "a;b\n1;2\n": "import.mapping.csv_headings", "sheet,register,row,field,column\na,quotes,x,number,B\n": "import.mapping.unreadable",
		"sheet,register,field,column\n\"a": "import.mapping.unreadable", "\x00\x01": "import.mapping.unreadable",
	} {
		_, err := ParseMappings("m", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), key) && !strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v, want %s", text, err, key)
		} else if sentence := pr.Error(err.(*qms.Error)); sentence == key {
			t.Errorf("%s has no sentence", key)
		}
	}
}

func TestMapping_IsRememberedByTheImportAndUsedByTheNext(t *testing.T) {
	t.Parallel()
	mappings, err := ParseMappings("m", []byte(`[{"sheet":"suivi","register":"quotes","dates":"mdy","columns":{"number":"Ref","request":"Dossier","date":"Envoi","accepted":"OK client","total":"Prix net"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		cmd := ImportRegisters{Platform: platform, Files: []File{oddSheet()}, Options: ReadOptions{Mappings: mappings}, Remember: true}
		first, err := s.Registers(storetest.As(qms.Manager, platform), cmd)
		if err != nil || !first.Applied || first.Counts[Quotes].Added != 2 {
			t.Fatalf("%+v %v", first, err)
		}
		again := oddSheet()
		again.Name = "SUIVI 2031.csv"
		second := take(t, s, false, again)
		if second.Sheets[0].How != Remembered || second.Counts[Quotes].Same != 2 || second.Wrong != 0 {
			t.Errorf("%+v %+v", second.Sheets[0], second.Problems)
		}
		other, err := s.Registers(storetest.As(qms.Manager, "other"), ImportRegisters{Platform: "other", Files: []File{again}, DryRun: true})
		if err != nil || other.Wrong == 0 {
			t.Errorf("another platform knows it: %+v %v", other, err)
		}
	})
}
