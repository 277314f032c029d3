package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// lines reads a file that a list was exported as.
func (b *browser) lines(path string, comma rune) [][]string {
	b.t.Helper()
	a := b.get(path)
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		b.t.Fatalf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
	}
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	all, err := r.ReadAll()
	if err != nil || !marked {
		b.t.Fatalf("%s: marked as UTF-8: %t, %v", path, marked, err)
	}
	return all
}

func TestExport_HoldsEveryLineOfTheListAndNoFormula(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC") // 60 lines a list, which is more than a page
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(s.platform["MIC"]), Platform: s.platform["MIC"]}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		_, err := s.Trace.TakeRegisters(s.system(), tx, trace.Registers{Requests: []trace.RequestRow{
			{Number: "DEM-2026-9999", Date: qms.MustDate("2026-02-03"), Client: "=cmd|' /C calc'!A0", Subject: "Analyse; « guillemets »"},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.Auditor, "MIC")
	for path, want := range map[string]int{"documents": 60, "services": 61, "equipment": 60, "uses": 60, "uses?cover=uncovered": 0} {
		with := "?"
		if strings.Contains(path, "?") {
			with = "&"
		}
		all := b.lines("/p/MIC/"+path+with+"format=csv", ';')
		if len(all) != want+1 {
			t.Errorf("%s: %d lines and a head, want %d", path, len(all)-1, want)
		}
	}
	service := b.lines("/p/MIC/services?q=DEM-2026-9999&format=csv", ';')
	if got := service[1]; got[0] != "DEM-2026-9999" || got[1] != "03/02/2026" || got[2] != "'=cmd|' /C calc'!A0" || got[4] != "Analyse; « guillemets »" {
		t.Errorf("exported %q", got)
	}
	b.accept = "en"
	if got := b.lines("/p/MIC/services?q=DEM-2026-9999&format=csv", ','); got[0][0] != "Number" {
		t.Errorf("heads %q", got[0])
	}
	if a := b.get("/p/MIC/services"); !strings.Contains(a.body, "format=csv") {
		t.Error("the list does not lead to its file")
	}
}
