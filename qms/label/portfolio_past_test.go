package label

import (
	"fmt"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// TestPortfolio_TellsWhatStoodOnADayGoneBy asks about days before and after a session was held, a deliverable
// delivered, and a label of another body begun.
func TestPortfolio_TellsWhatStoodOnADayGoneBy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		first := r.planned(t, "2026-02-10")
		owner := storetest.AgentID(3)
		d := got(r.AskDeliverable(r.lead, AskDeliverable{Platform: home, AskTerms: AskTerms{Title: "Organigramme", Owner: owner}}))(t)
		r.on("2026-02-09")
		d = got(r.Deliver(storetest.As(qms.Manager, home), Deliver{Target: d.target(""), Words: "Fait"}))(t)
		r.on("2026-02-12")
		got(r.NoteMeeting(r.officer, NoteMeeting{Target: first.target(""), Hold: true, Present: []int{0}, MeetingNotes: MeetingNotes{Account: "Revue"},
			Asks: []AskOfMeeting{{Title: "Fiche de vie", Owner: owner}}}))(t)
		r.on("2026-02-14")
		got(r.JudgeDeliverable(r.officer, JudgeDeliverable{Target: d.target(""), Accepted: true}))(t)
		got(r.AddOtherLabel(r.lead, StateOtherLabel{Platform: home, Kind: OtherISO9001, Body: "Organisme d’exemple", From: onDay("2026-02-14"), Through: onDay("2029-02-13")}))(t)
		r.on("2026-03-01")
		want := map[string]string{ // sessions, next, owed, other labels, what falls due
			"2026-02-08": "0 2026-02-10 1 0 [session deliverable]",
			"2026-02-09": "0 2026-02-10 0 0 [session]",
			"2026-02-12": "1  1 0 [deliverable session]",
			"2026-03-01": "1  1 1 [deliverable session other-label]",
			"2026-01-04": "0  0 0 []",
		}
		for day, want := range want {
			p := got(r.Portfolio(r.officer, onDay(day)))(t)
			said := "none"
			for _, l := range p.Lines {
				var kinds []string
				for _, date := range l.Dates {
					kinds = append(kinds, date.Kind)
				}
				said = fmt.Sprint(l.Sessions, " ", l.NextSession, " ", l.Owed, " ", len(l.Others), " ", kinds)
			}
			if said != want || p.Day != onDay(day) {
				t.Errorf("on %s: %s, want %s", day, said, want)
			}
		}
		if _, err := r.Portfolio(r.officer, onDay("2026-03-02")); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("a day to come: %v", err)
		}
	})
}
