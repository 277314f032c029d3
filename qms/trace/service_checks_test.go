package trace

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestSetChecks_IsDoneByWhoAnswersForTheRegisterAndIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		cmd := SetChecks{Platform: platform, InvoiceDays: 30, ExpiringDays: 60, Evidence: true, Trainers: true, Uncovered: Refuse}
		if _, err := s.SetChecks(storetest.As(qms.Member, platform), cmd); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member sets the checks: %v", err)
		}
		bad := cmd
		bad.InvoiceDays, bad.ExpiringDays, bad.Uncovered = -1, 3651, "maybe"
		_, err := s.SetChecks(lead, bad)
		if diff := cmp.Diff(map[string]string{"invoice_days": "checks.days", "expiring_days": "checks.days", "uncovered": "input.unknown_choice"}, wrong(err)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		set := must(s.SetChecks(lead, cmd))(t)
		for revision, want := range map[int64]error{0: qms.Conflict("record.changed"), 7: qms.Conflict("record.changed")} {
			cmd.Revision = revision
			if _, err := s.SetChecks(lead, cmd); !errors.Is(err, want) {
				t.Errorf("at revision %d: %v", revision, err)
			}
		}
		got := must(s.CheckSettings(storetest.As(qms.Auditor, platform), platform))(t)
		if got.Revision != 1 || got.ID != set.ID || got.InvoiceDays != 30 || !got.Evidence || !got.Trainers || got.Uncovered != Refuse {
			t.Errorf("set %+v", got)
		}
		sheet := must(s.CheckSheet(lead, platform, 0))(t)
		if !sheet.Findings.Makes(S11) || !sheet.Findings.Makes(U04) {
			t.Errorf("makes %v", sheet.Findings.Also)
		}
	})
}

func TestCheckSheet_IsMadeAgainWhenSomethingWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		uses := func() (int, *Findings) {
			f := must(s.CheckSheet(lead, platform, 0))(t).Findings
			return f.Uses.Total, f
		}
		n, first := uses()
		if _, again := uses(); n != 0 || again != first {
			t.Errorf("%d uses; checked again though nothing was written: %v", n, again != first)
		}
		must(s.RecordUse(lead, RecordUse{Platform: platform, Person: "p1", Equipment: s.equipment.ID, Date: day("2026-02-02")}))(t)
		if n, f := uses(); n != 1 || f.Uses.U01 != 1 {
			t.Errorf("after a use: %+v", f.Uses)
		}
		if f := must(s.CheckSheet(lead, platform, day("2026-02-01")))(t).Findings; f.Uses.Total != 0 {
			t.Errorf("the day before: %+v", f.Uses)
		}
	})
}

func TestKept_IsBounded(t *testing.T) {
	t.Parallel()
	var k kept
	big := &Findings{Open: make([]string, keptLines/2)}
	for n := range 5 {
		k.put(examinedKey{platform: qms.ID(fmt.Sprint(n))}, 1, big)
	}
	k.put(examinedKey{platform: "huge"}, 1, &Findings{Open: make([]string, keptLines)})
	if len(k.all) != 1 || k.lines > keptLines || k.get(examinedKey{platform: "4"}, 1) != big || k.get(examinedKey{platform: "4"}, 2) != nil {
		t.Errorf("%d kept, %d lines", len(k.all), k.lines)
	}
}

func TestNoteUse_WarnsOrRefusesAsThePlatformSetsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform) // p2 is trained from 2 January 2026 for 12 months
		use := RecordUse{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-02"), Began: "9h05", Minutes: 90}
		if got := must(s.NoteUse(ctx, use))(t); got.Check != "" || got.Began != "09:05" || got.Number != "UTI-2026-0001" {
			t.Errorf("noted %+v", got)
		}
		before := use
		before.Date = day("2026-01-01")
		if got := must(s.NoteUse(ctx, before))(t); got.Check != U03 {
			t.Errorf("before the training: %+v", got)
		}
		must(s.SetChecks(storetest.As(qms.QualityLead, platform), SetChecks{Platform: platform, InvoiceDays: 90, ExpiringDays: 90, Uncovered: Refuse}))(t)
		_, err := s.NoteUse(ctx, before)
		var refused *qms.Error
		if !errors.As(err, &refused) || refused.Code != qms.CodeConflict || refused.Key != "use.uncovered" || wrong(err)["equipment"] != "use.uncovered_U03" {
			t.Errorf("refused with %v", err)
		}
		if f := must(s.ForecastUse(ctx, before))(t); f.Check != U03 || !f.Refused {
			t.Errorf("foretold %+v", f)
		}
		if f := must(s.ForecastUse(ctx, use))(t); f.Check != "" || f.Refused || f.Until != day("2027-01-02") {
			t.Errorf("foretold %+v", f)
		}
		must(s.NoteUse(ctx, use))(t)
		if u := must(s.CorrectUse(ctx, Target{Platform: platform, ID: must(s.Use(ctx, platform, "UTI-2026-0003"))(t).ID, Revision: 1, Reason: "wrong day"}, before))(t); u.Date != before.Date {
			t.Errorf("what happened is refused: %+v", u)
		}
	})
}

func TestJudgeUse_LooksAtEachDayOfAUse(t *testing.T) {
	t.Parallel()
	g := NewGround(day("2026-06-30"), DefaultSettings(), []Training{{Person: "p", Equipment: "e", Date: day("2026-01-01"), Through: day("2026-03-10")}}, nil, nil)
	for _, c := range []struct {
		on, began string
		minutes   int64
		want      Check
		last      string
	}{
		{"2026-03-10", "", 600, "", "2026-03-10"},
		{"2026-03-10", "22:00", 120, "", "2026-03-10"}, // up to midnight
		{"2026-03-10", "22:00", 121, U02, "2026-03-11"},
		{"2026-03-10", "", 24*60 + 1, U02, "2026-03-11"}, // whenever it began, it lasted beyond
		{"2026-03-09", "12:00", 24 * 60, "", "2026-03-10"},
		{"2025-12-31", "23:00", 120, U03, "2026-01-01"},
	} {
		u := Use{Person: "p", Equipment: "e", Date: day(c.on), Began: c.began, Minutes: c.minutes}
		if got := JudgeUse(u, g); got != c.want || u.Last() != day(c.last) {
			t.Errorf("from %s %s, %d minutes: %q until %s, want %q until %s", c.on, c.began, c.minutes, got, u.Last(), c.want, c.last)
		}
	}
}

func TestNoteUses_RecordsAllOrNoneAndKnowsWhatItHas(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		batch := []RecordUse{
			{Number: "res-1", Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-02"), Began: "22:00", Minutes: 240, Project: "A"},
			{Number: "RES-2", Person: "p1", Equipment: s.equipment.ID, Date: day("2026-02-03"), Minutes: 30},
		}
		noted := must(s.NoteUses(ctx, platform, batch))(t)
		if len(noted) != 2 || noted[0].Number != "RES-1" || noted[0].Check != "" || noted[1].Check != U01 || noted[0].Known || noted[0].ID == "" || noted[1].Revision != 1 {
			t.Fatalf("noted %+v", noted)
		}
		again := must(s.NoteUses(ctx, platform, append(batch, RecordUse{Number: "RES-3", Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-04")})))(t)
		if len(again) != 3 || !again[0].Known || !again[1].Known || again[2].Known || again[0].ID != noted[0].ID {
			t.Errorf("the second time %+v", again)
		}
		bad := []RecordUse{
			{Number: "RES-1", Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-05")},
			{Number: "", Person: "nobody", Equipment: "elsewhere", Date: day("2026-07-01"), Began: "25:00", Minutes: -1},
			{Number: "RES-9", Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-05")},
			{Number: "RES-9", Person: "p2", Equipment: s.equipment.ID, Date: day("1989-12-31")},
		}
		_, err := s.NoteUses(ctx, platform, bad)
		want := map[string]string{"uses[0].number": "use.other", "uses[1].number": "input.required", "uses[1].person": "person.not_member",
			"uses[1].equipment": "equipment.not_here", "uses[1].date": "date.future", "uses[1].began": "hour.malformed", "uses[1].minutes": "duration.implausible",
			"uses[3].date": "date.implausible", "uses[3].number": "row.doubled"}
		if diff := cmp.Diff(want, wrong(err)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if page := must(s.Uses(ctx, platform, UseFilter{}, qms.Cursor{}))(t); len(page.Items) != 3 {
			t.Errorf("%d uses on record, want 3", len(page.Items))
		}
		for _, n := range []int{0, maxUses + 1} {
			if _, err := s.NoteUses(ctx, platform, make([]RecordUse, n)); wrong(err)["uses"] != "use.batch_size" {
				t.Errorf("%d uses: %v", n, err)
			}
		}
		must(s.SetChecks(storetest.As(qms.QualityLead, platform), SetChecks{Platform: platform, InvoiceDays: 90, ExpiringDays: 90, Uncovered: Refuse}))(t)
		_, err = s.NoteUses(ctx, platform, append(batch, RecordUse{Number: "RES-4", Person: "p1", Equipment: s.equipment.ID, Date: day("2026-02-04")}))
		if qms.CodeOf(err) != qms.CodeConflict || !cmp.Equal(wrong(err), map[string]string{"uses[2].equipment": "use.uncovered_U01"}) {
			t.Errorf("refused with %v", err)
		}
	})
}
