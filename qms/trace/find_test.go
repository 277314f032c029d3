package trace

import (
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestFind_GivesWhatIsOrBeginsWithTheNumberExactOnesFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, agents, agents)
		batch := Registers{Equipment: []EquipmentRow{{Code: "X", Name: "Balance"}, {Code: "X_1", Name: "Four"}, {Code: "XA1", Name: "Étuve"}, {Code: "É", Name: "Autre"}}}
		for _, number := range []string{"X", "X-10", "X-1", "Y-1", "X%", "XÉ"} {
			batch.Requests = append(batch.Requests, RequestRow{Number: number, Date: day("2026-01-05"), Client: "Client 01", Subject: "Analyse"})
		}
		taken(t, db, s, batch)
		for typed, want := range map[string]string{
			"x": "request:X equipment:X", "x-1": "request:X-1 request:X-10", "x%": "request:X%", "x_": "equipment:X_1", "é": "equipment:É",
			"xé": "request:XÉ", "z": "", "x\x00": "", " y-1 ": "request:Y-1", "'": "",
		} {
			var got []string
			for _, h := range must(s.Find(storetest.As(qms.Auditor, platform), platform, typed))(t) {
				got = append(got, h.Kind+":"+h.Number)
			}
			if typed == "x" { // seven more begin with it
				if len(got) != 8 {
					t.Errorf("%q: %d found", typed, len(got))
				}
				got = got[:min(2, len(got))]
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%q: %s, want %s", typed, got, want)
			}
		}
	})
}
