package label

import (
	"context"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// oneDocument knows PR-ACH-003 and nothing else.
type oneDocument struct{}

func (oneDocument) Stand(_ context.Context, _ store.Reader, _ qms.ID, links []Link, _ qms.Date) ([]Proof, error) {
	found := make([]Proof, len(links))
	for i, l := range links {
		found[i] = Proof{Link: l, Standing: EvidenceUnknown}
		if l.Code == "PR-ACH-003" {
			found[i] = Proof{Link: l, Standing: EvidenceCurrent, Title: "Achats", Version: "1.1", Parts: []string{"documents", l.Code}}
		}
	}
	return found, nil
}

func TestSessions_LeadToTheDocumentsTheyWorkedOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		r.ProveBy(oneDocument{})
		m := r.planned(t, "2026-02-10")
		r.on("2026-02-10")
		got(r.NoteMeeting(r.lead, NoteMeeting{Target: m.target(""), MeetingNotes: MeetingNotes{Worked: []WorkedOn{
			{Words: "plan de la politique"}, {Code: "PR-ACH-003"}, {Code: "PR-ACH-003", Version: "1.0"}, {Code: "Brouillon", Words: "à écrire"}}}}))(t)
		all := got(r.Meeting(r.lead, home, m.Number))(t).Worked
		if len(all) != 4 || all[0].Parts != nil || all[0].Words != "plan de la politique" || all[1].Title != "Achats" || all[1].Version != "1.1" || len(all[1].Parts) != 2 ||
			all[2].Version != "1.0" || all[3].Parts != nil || all[3].Code != "Brouillon" {
			t.Errorf("%+v", all)
		}
	})
}
