package importer

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// yearsOfRegisters is a workbook of about so many lines, in the proportions of a platform: the chains
// of its services, the trainings and the uses of its equipment.
func yearsOfRegisters(tb testing.TB, lines int) []byte {
	tb.Helper()
	x := excelize.NewFile()
	defer x.Close()
	sheet := func(name string, n int, heads []any, row func(i int) []any) {
		if _, err := x.NewSheet(name); err != nil {
			tb.Fatal(err)
		}
		w, err := x.NewStreamWriter(name)
		if err != nil {
			tb.Fatal(err)
		}
		for i := -1; i < n; i++ {
			cells := heads
			if i >= 0 {
				cells = row(i)
			}
			if err := w.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
				tb.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
	}
	const agents, pieces = 40, 30
	chains, uses := lines/8, lines/2-lines/20
	person := func(i int) string { return fmt.Sprintf("P%02d", i%agents) }
	piece := func(i int) string { return fmt.Sprintf("EQ-%03d", i%pieces) }
	day := func(i int) string {
		return qms.MustDate("2016-01-04").AddDays(i * 3800 / max(lines, 1) % 3800).String()
	}
	sheet("Personnel", agents, []any{"Code agent", "Nom", "Formateur"}, func(i int) []any { return []any{person(i), fmt.Sprintf("Agent %02d", i), "oui"} })
	sheet("Équipements", pieces, []any{"Code", "Désignation", "Localisation"}, func(i int) []any { return []any{piece(i), fmt.Sprintf("Appareil %d", i), "Salle 1"} })
	sheet("Habilitations", lines/20, []any{"Agent", "Équipement", "Formateur", "Date de formation", "Validité (mois)"}, func(i int) []any {
		return []any{person(i), piece(i / agents), person(i + 1), day(i * 7 / 3), 36}
	})
	sheet("Demandes", chains, []any{"N° demande", "Date", "Client", "Statut client", "Objet"}, func(i int) []any {
		return []any{fmt.Sprintf("DEM-%05d", i), day(i * 8), fmt.Sprintf("Client %d", i%90), "académique", "Analyse d’échantillons"}
	})
	sheet("Devis", chains, []any{"N° devis", "N° demande", "Date du devis", "Accepté le", "Montant HT"}, func(i int) []any {
		return []any{fmt.Sprintf("DEV-%05d", i), fmt.Sprintf("DEM-%05d", i), day(i * 8), day(i * 8), 120.5}
	})
	sheet("Rapports", chains, []any{"N° rapport", "N° demande", "Date du rapport", "Date d'analyse", "Opérateur", "Équipement", "Mode opératoire", "Version"}, func(i int) []any {
		return []any{fmt.Sprintf("RAP-%05d", i), fmt.Sprintf("DEM-%05d", i), day(i * 8), day(i * 8), person(i), piece(i), "MO-MIC-001", "1.0"}
	})
	sheet("Factures", chains, []any{"N° facture", "N° demande", "N° devis", "Date", "Montant HT"}, func(i int) []any {
		return []any{fmt.Sprintf("FAC-%05d", i), fmt.Sprintf("DEM-%05d", i), fmt.Sprintf("DEV-%05d", i), day(i * 8), 120.5}
	})
	sheet("Utilisations", uses, []any{"N°", "Agent", "Équipement", "Date", "Durée (h)", "Projet"}, func(i int) []any {
		return []any{fmt.Sprintf("UTI-%06d", i), person(i), piece(i), day(i * 2), "3,5", "Projet A"}
	})
	if err := x.DeleteSheet("Sheet1"); err != nil {
		tb.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// excelizeAlone reads every cell of a workbook and does nothing with it.
func excelizeAlone(tb testing.TB, content []byte) (rows int) {
	tb.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{RawCellValue: true})
	if err != nil {
		tb.Fatal(err)
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		lines, err := book.Rows(name)
		if err != nil {
			tb.Fatal(err)
		}
		for lines.Next() {
			if _, err := lines.Columns(); err != nil {
				tb.Fatal(err)
			}
			rows++
		}
		if err := lines.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	return rows
}

// BenchmarkImport10000Lines stands beside the reading of the same workbook with excelize alone; the
// import is to take three times that at most.
func BenchmarkImport10000Lines(b *testing.B) {
	content := yearsOfRegisters(b, 10_000)
	b.Run("excelize alone", func(b *testing.B) {
		for b.Loop() {
			if n := excelizeAlone(b, content); n < 10_000 {
				b.Fatal(n)
			}
		}
	})
	b.Run("reader alone", func(b *testing.B) {
		for b.Loop() {
			if r, err := ReadRegisters(context.Background(), []File{file("r.xlsx", content)}, ReadOptions{}); err != nil || r.Wrong > 0 {
				b.Fatal(err, told(r))
			}
		}
	})
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		for _, dry := range []bool{true, false} {
			b.Run(fmt.Sprintf("import %v dry=%v", engine, dry), func(b *testing.B) {
				importsOf(b, engine, content, dry)
			})
		}
	}
}

// importsOf imports, and reads with excelize alone, in turns; x-excelize is the ratio of the fastest turns.
func importsOf(b *testing.B, engine store.Engine, content []byte, dry bool) {
	alone, imported := time.Hour, time.Hour
	for b.Loop() {
		b.StopTimer()
		begin := time.Now()
		excelizeAlone(b, content)
		alone = min(alone, time.Since(begin))
		s := service(b, storetest.Open(b, engine), b.TempDir())
		begin = time.Now()
		b.StartTimer()
		r := take(b, s, dry, file("r.xlsx", content))
		imported = min(imported, time.Since(begin))
		if r.Wrong > 0 || r.Applied == dry {
			b.Fatal(r.Problems[0], r.Wrong)
		}
	}
	b.ReportMetric(float64(imported)/float64(alone), "x-excelize")
}
