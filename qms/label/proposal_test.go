package label

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestProposeNext_LeavesOutWhenTheOfficerIsTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := sessionRoomOf(t, db)
		before := got(r.Accompaniment(r.lead, home, 0))(t).Proposed
		got(r.StartAccompaniment(r.officer, StartAccompaniment{Platform: otherPlatform, PlanTerms: PlanTerms{Start: onDay("2026-01-05"), Months: 12, Officer: storetest.AgentID(2)}}))(t)
		terms := at(before.Day.String())
		terms.Attendees, terms.Start = nil, before.Start+60
		got(r.PlanMeeting(r.officer, PlanMeeting{Platform: otherPlatform, MeetingTerms: terms}))(t)
		after := got(r.Accompaniment(r.lead, home, 0))(t).Proposed
		if after.Day <= before.Day || !workday(after.Day) {
			t.Errorf("proposed %v, then %v", before, after)
		}
		last := &Meeting{Day: onDay("2026-02-03"), Start: 9 * 60, Minutes: 120}
		taken := []Meeting{{Row: qms.Row{ID: "a"}, Day: onDay("2026-02-24"), Start: 10 * 60, Minutes: 60}, {Row: qms.Row{ID: "b"}, Day: onDay("2026-03-03"), Start: 11 * 60, Minutes: 60}}
		if p := ProposeNext(last, 0, onDay("2026-02-04"), taken...); p.Day != onDay("2026-03-03") {
			t.Errorf("taken at 10 three weeks later, and after the session four weeks later: %v", p.Day)
		}
	})
}
