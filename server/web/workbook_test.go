package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// workbook reads a file that a list was exported as.
func (b *browser) workbook(path string) *excelize.File {
	b.t.Helper()
	a := b.get(path)
	if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), ".xlsx") {
		b.t.Fatalf("%s: %d %s", path, a.status, a.header.Get("Content-Disposition"))
	}
	book, err := excelize.OpenReader(strings.NewReader(a.body))
	if err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	b.t.Cleanup(func() { book.Close() })
	return book
}

func TestExport_IsAWorkbookOfDatesAmountsAndTextsWithoutFormulas(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(s.platform["MIC"]), Platform: s.platform["MIC"]}
	const client, subject = "=cmd|' /C calc'!A0", "+1 <b>&\u0001 « guillemets »\nsuite"
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		_, err := s.Trace.TakeRegisters(s.system(), tx, trace.Registers{Requests: []trace.RequestRow{
			{Number: "99990", Date: qms.MustDate("2026-02-03"), Client: client, Subject: subject},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.Auditor, "MIC")
	for path, want := range map[string]int{"documents": 61, "services": 62, "equipment": 61, "uses": 61} {
		rows, err := b.workbook("/p/MIC/" + path + "?format=xlsx").GetRows("Maillon")
		if err != nil || len(rows) != want {
			t.Errorf("%s: %d lines, want %d, %v", path, len(rows), want, err)
		}
	}
	book := b.workbook("/p/MIC/services?q=99990&format=xlsx")
	for cell, want := range map[string]string{"A1": "Numéro", "A2": "99990", "B2": "03/02/2026", "C2": client} {
		if got, err := book.GetCellValue("Maillon", cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", cell, got, want, err)
		}
		if formula, err := book.GetCellFormula("Maillon", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", cell, formula, err)
		}
	}
	types := map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeInlineString}
	for cell, want := range types {
		if got, err := book.GetCellType("Maillon", cell); err != nil || got != want {
			t.Errorf("%s is a cell of type %d, want %d, %v", cell, got, want, err)
		}
	}
	if got, _ := book.GetCellValue("Maillon", "E2"); !strings.Contains(got, "<b>&") || !strings.Contains(got, "« guillemets »\nsuite") {
		t.Errorf("the subject became %q", got)
	}
	if panes, err := book.GetPanes("Maillon"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the heads do not stay in sight: %+v, %v", panes, err)
	}
	if a := b.get("/p/MIC/services"); !strings.Contains(a.body, "format=xlsx") {
		t.Error("the list does not lead to its workbook")
	}
}

func TestExport_TellsAnErrorBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	b := open(t).holding(qms.Manager, "MIC")
	a := b.get("/p/MIC/documents?sort=nothing&format=xlsx")
	if a.status != http.StatusUnprocessableEntity || a.header.Get("Content-Disposition") != "" {
		t.Errorf("%d %s", a.status, a.header.Get("Content-Disposition"))
	}
}
