package importer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func sentences(problems []Problem, lang string) []string {
	pr := locale.For(lang)
	var lines []string
	for _, p := range problems {
		lines = append(lines, strings.ReplaceAll(p.Place(pr)+" | "+p.Sentence(pr), "\u202f", " "))
	}
	return lines
}

func TestRegisters_WarnOfWhatIsOddAndTakeItAllTheSame(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { // on 30 June 2026
		s := service(t, db, t.TempDir())
		files := []File{
			textFile("personnel.csv", "Code agent;Nom", "P1;Agent 01", "P2;Agent 02"),
			textFile("equipements.csv", "Code;Désignation;Mise en service;Mise hors service", "EQ-1;Microscope;01/01/2020;01/06/2023"),
			textFile("habilitations.csv", "Agent;Équipement;Formateur;Date", "P1;EQ-1;P1;03/04/2023"),
			textFile("utilisations.csv", "N°;Agent;Équipement;Date;Durée (h)", "U-1;P1;EQ-1;31/05/2023;1", "U-2;P1;EQ-1;01/06/2023;1", "U-3;P1;EQ-1;31/12/2019;1"),
			textFile("demandes.csv", "N° demande;Date;Client", "D-1;01/09/2026;A"),
		}
		want := []string{
			"demandes, ligne 2, colonne B (Date) | Cette date n’est pas encore venue (nous sommes le 30/06/2026)",
			"habilitations, ligne 2, colonne C (Formateur) | La personne formée est aussi le formateur",
			"utilisations, ligne 3, colonne C (Équipement) | L’équipement est hors service depuis le 01/06/2023",
			"utilisations, ligne 4, colonne C (Équipement) | L’équipement n’est en service que depuis le 01/01/2020",
		}
		r := take(t, s, false, files...)
		if diff := cmp.Diff(want, sentences(r.Warnings, locale.French)); diff != "" || r.Warned != 4 || !r.Applied || r.Wrong != 0 {
			t.Errorf("applied %v, %d wrong, %d warned %s", r.Applied, r.Wrong, r.Warned, diff)
		}
		if again := take(t, s, false, files[1:4]...); again.Warned != 0 {
			t.Errorf("what is there already is odd again: %v", sentences(again.Warnings, locale.English))
		}
		changed := take(t, s, true, textFile("utilisations.csv", "N°;Agent;Équipement;Date;Durée (h)", "U-1;P1;EQ-1;30/05/2023;1"))
		if diff := cmp.Diff([]string{"utilisations, row 2, column A (N°) | The record U-1 is there already and will be changed"}, sentences(changed.Warnings, locale.English)); diff != "" {
			t.Error(diff)
		}
		far := take(t, s, true, textFile("demandes.csv", "N° demande;Date;Client", "D-2;01/09/2062;A"))
		if diff := cmp.Diff([]string{"demandes, ligne 2, colonne B (Date) | Cette date est à plus d’un an dans le futur (nous sommes le 30/06/2026)"}, sentences(far.Problems, locale.French)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestReadRegisters_ReadsWhatSpreadsheetsDoToCells has formulas with and without a result, merged and
// boolean cells, a hidden sheet and the errors of a spreadsheet.
func TestReadRegisters_ReadsWhatSpreadsheetsDoToCells(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	do := func(errs ...error) {
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	row := func(sheet, at string, cells ...any) { do(x.SetSheetRow(sheet, at, &cells)) }
	do(x.SetSheetName("Sheet1", "Personnel"))
	row("Personnel", "A1", "Registre du personnel")
	do(x.MergeCell("Personnel", "A1", "C1"))
	row("Personnel", "A2", "Code agent", "Nom", "Formateur")
	row("Personnel", "A3", "P1", "Agent 01", true)
	row("Personnel", "A4", "P2", "Agent 02", false)
	row("Personnel", "A5", "P3", "#N/A", "#VALEUR!")
	_, err := x.NewSheet("Devis")
	do(err, x.SetSheetVisible("Devis", false))
	row("Devis", "A1", "N° devis", "N° demande", "Date du devis", "Accepté le", "Montant HT")
	row("Devis", "A2", "D-1", "R-1", 45019, nil, 12.5)
	row("Devis", "A3", "D-2", "R-1", 45019.75, nil, 12.345)
	row("Devis", "A4", "D-3", "R-1", "45019", nil, "12,345")
	row("Devis", "A5", "D-4", "R-1", 60, nil, true)
	do(x.SetCellFormula("Devis", "E2", "10+2.5"))
	b, err := x.WriteToBuffer()
	do(err)
	r := read(t, file("r.xlsx", b.Bytes()))
	want := []string{
		"Personnel, ligne 5, colonne B (Nom) | #N/A | La formule de la case est en erreur",
		"Personnel, ligne 5, colonne C (Formateur) | #VALEUR! | La formule de la case est en erreur",
		"Devis, ligne 3, colonne E (Montant HT) | 12.345 | Ce montant se lit de deux façons : milliers ou décimales",
		"Devis, ligne 4, colonne E (Montant HT) | 12,345 | Ce montant se lit de deux façons : milliers ou décimales",
		"Devis, ligne 5, colonne C (Date du devis) | 60 | Cette date n’existe pas",
		"Devis, ligne 5, colonne E (Montant HT) | TRUE | Ce n’est pas un montant",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.People) != 2 || !r.People[0].Trainer || r.People[1].Trainer || len(r.Trace.Quotes) != 1 || r.Trace.Quotes[0].Total != 1250 {
		t.Errorf("%+v %+v", r.People, r.Trace.Quotes)
	}
}

func TestReadRegisters_RefusesAThirdDecimalAndRoundsNothing(t *testing.T) {
	t.Parallel()
	r := read(t, textFile("factures.csv", "N° facture;N° demande;N° devis;Date;Montant HT", "F-1;D-1;;03/04/2023;1250,505", "F-2;D-1;;03/04/2023;0,001", "F-3;D-1;;03/04/2023;12,5000", "F-1;D-1;;03/04/2023;3"))
	want := []string{
		"factures, ligne 2, colonne E (Montant HT) | 1250,505 | Un montant a deux décimales au plus",
		"factures, ligne 3, colonne E (Montant HT) | 0,001 | Un montant a deux décimales au plus",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
}
