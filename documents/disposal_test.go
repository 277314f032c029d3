package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestRetention_IsCountedFromTheFirstDayAndNeverShortened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := Kept{
			From:   qms.Date(rapid.IntRange(0, 1).Draw(t, "runs") * rapid.IntRange(700_000, 760_000).Draw(t, "from")),
			Months: qms.Months(rapid.IntRange(0, 120).Draw(t, "months")),
		}
		if rapid.Bool().Draw(t, "kept") {
			k.KeepUntil = qms.Date(rapid.IntRange(700_000, 765_000).Draw(t, "until"))
		}
		day := qms.Date(rapid.IntRange(700_000, 770_000).Draw(t, "day"))
		end, some := k.End()
		switch {
		case k.From == 0 && (some || k.PassedOn(day)):
			t.Fatal("what is in force has passed its retention")
		case k.Months == 0 && k.KeepUntil == 0 && some:
			t.Fatal("what states no retention has an end")
		case some && k.Months > 0 && end < k.From.AddMonths(k.Months):
			t.Fatal("the end comes before the months stated")
		case some && end < k.KeepUntil:
			t.Fatal("the end comes before the day until which it is kept")
		case k.PassedOn(day) != (some && day >= end):
			t.Fatal("passed is not the end and every day after")
		}
		k.Disposal, k.DisposedOn = Eliminate, day
		if k.PassedOn(day) || !k.EliminatedOn(day) || k.EliminatedOn(day.AddDays(-1)) {
			t.Fatal("what was decided is still to be decided, or was closed before")
		}
	})
}

func TestRetention_LastDayPassedIsExactAtTheEndOfMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day, months := qms.Date(rapid.IntRange(700_000, 760_000).Draw(t, "day")), qms.Months(rapid.IntRange(1, 1200).Draw(t, "months"))
		last := lastPassed(day, months)
		if last.AddMonths(months) > day || last.AddDays(1).AddMonths(months) <= day {
			t.Fatalf("%s minus %d months: %s", day, months, last)
		}
	})
}

// aged is a room with a procedure whose version 1.0 was superseded long ago, and a form with records.
func aged(r room, months qms.Months) (procedure *Document, old *Version, form *Document) {
	r.t.Helper()
	form, _ = filled(r)
	procedure, first := r.create("PR", "ACH", "Acheter", "text")
	r.approve(first, 0)
	r.days(10)
	r.approve(r.next(procedure, "text two"), 0)
	r.enter(Enter{})
	for _, d := range []*Document{procedure, form} {
		revised, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, RetentionMonths: &months, Reason: "stated"})
		r.must(err)
		*d = *revised
	}
	old, err := r.version(first.ID)
	r.must(err)
	return procedure, old, form
}

func (r room) version(id qms.ID) (v *Version, err error) {
	err = r.db.View(lead, qms.ReadDrafts.On(mic), func(tx store.Reader) error {
		v, err = versionByID(lead, tx, mic, id)
		return err
	})
	return v, err
}

func (r room) passed(f PassedFilter) (labels []string, ids []qms.ID) {
	r.t.Helper()
	for c := (qms.Cursor{Size: 2}); ; {
		page, err := r.Passed(lead, mic, f, c)
		r.must(err)
		for _, l := range page.Items {
			labels, ids = append(labels, l.Label), append(ids, l.ID)
		}
		if c.After = page.Next; c.After == "" {
			return labels, ids
		}
	}
}

func TestDisposal_ListsWhatHasPassedItsRetentionAndNeverWhatIsInForce(t *testing.T) {
	each(t, func(r room) {
		aged(r, 12)
		if labels, _ := r.passed(PassedFilter{}); len(labels) > 0 {
			t.Errorf("too soon: %v", labels)
		}
		coming, _ := r.passed(PassedFilter{On: r.today().AddMonths(12)})
		r.days(400)
		labels, _ := r.passed(PassedFilter{})
		want := []string{"PR-ACH-001 v1.0", fmt.Sprintf("ENR-%d-00001", r.today().AddDays(-400).Year())}
		slices.Sort(labels)
		slices.Sort(want)
		if slices.Sort(coming); !slices.Equal(labels, want) || !slices.Equal(coming, want) {
			t.Errorf("passed %v, foreseen %v, want %v", labels, coming, want)
		}
		if only, _ := r.passed(PassedFilter{Kind: ItemRecord}); len(only) != 1 {
			t.Errorf("records alone: %v", only)
		}
		if only, _ := r.passed(PassedFilter{Query: "acheter"}); len(only) != 1 {
			t.Errorf("by title: %v", only)
		}
	})
}

func TestDisposal_RuleAndListSayTheSame(t *testing.T) {
	each(t, func(r room) {
		procedure, old, _ := aged(r, 7)
		page, err := r.Records(lead, mic, RecordFilter{}, qms.Cursor{})
		r.must(err)
		record := page.Items[0]
		for n := range 30 {
			day := r.today().AddDays(180 + 3*n)
			labels, _ := r.passed(PassedFilter{On: day})
			if got, want := slices.Contains(labels, "PR-ACH-001 v1.0"), old.KeptOn(day, procedure.RetentionMonths).PassedOn(day); got != want {
				t.Errorf("version on %s: listed %t, rule %t", day, got, want)
			}
			if got, want := slices.Contains(labels, record.Number), record.Kept(7).PassedOn(day); got != want {
				t.Errorf("record on %s: listed %t, rule %t", day, got, want)
			}
		}
	})
}

func TestDisposal_EliminationClosesTheContentAndLosesNothing(t *testing.T) {
	each(t, func(r room) {
		_, old, _ := aged(r, 12)
		r.days(400)
		_, ids := r.passed(PassedFilter{})
		made, err := r.Dispose(chief, Dispose{Platform: mic, Items: ids, Decision: Eliminate, Reason: "retention passed"})
		r.must(err)
		if len(made) != 2 || made[0].Number != made[1].Number || made[0].Name != "Agent 04" || made[0].Content.IsZero() || made[0].DueOn == 0 {
			t.Errorf("decided %+v", made)
		}
		_, err = r.Open(lead, mic, old.ID)
		r.refused("the version's content", err, qms.CodeNotFound, "disposal.eliminated")
		found, err := r.Search(lead, Search{Platform: mic, Query: "text", Old: true}, qms.Cursor{})
		r.must(err)
		for _, h := range found.Items {
			if h.Version == old.ID && len(h.Snippets) > 0 {
				t.Errorf("the search quotes what is closed: %v", h.Snippets)
			}
		}
		page, err := r.Records(lead, mic, RecordFilter{State: RecordEliminated}, qms.Cursor{})
		r.must(err)
		if len(page.Items) != 1 {
			t.Fatalf("%d eliminated records", len(page.Items))
		}
		_, err = r.OpenRecord(lead, mic, page.Items[0].Number)
		r.refused("the record's content", err, qms.CodeNotFound, "disposal.eliminated")
		sheet, err := r.RecordSheet(lead, mic, page.Items[0].Number)
		r.must(err)
		if sheet.Content.IsZero() || len(sheet.Disposals) != 1 || len(sheet.Journal) != 2 || sheet.State != RecordEliminated {
			t.Errorf("the sheet lost something: %+v", sheet)
		}
		s := r.sheet(lead, "PR-ACH-001")
		if len(s.Versions) != 2 || !s.Versions[1].EliminatedOn(r.today()) || s.Versions[1].Content.IsZero() {
			t.Errorf("versions %+v", s.Versions)
		}
		o, err := r.dir.Open(lead, old.Content)
		r.must(err)
		if n, err := io.Copy(io.Discard, o); n == 0 || errors.Join(err, o.Close()) != nil {
			t.Error("the vault lost the bytes")
		}
		if labels, _ := r.passed(PassedFilter{}); len(labels) > 0 {
			t.Errorf("still to decide: %v", labels)
		}
		if labels, _ := r.passed(PassedFilter{On: r.today().AddDays(-1)}); len(labels) != 2 {
			t.Errorf("yesterday it was to decide: %v", labels)
		}
	})
}

func TestDisposal_KeepsUntilADayAndHandsOverToArchives(t *testing.T) {
	each(t, func(r room) {
		_, old, _ := aged(r, 12)
		r.days(400)
		_, ids := r.passed(PassedFilter{})
		until := r.today().AddDays(100)
		_, err := r.Dispose(lead, Dispose{Platform: mic, Items: ids, Decision: Keep, KeepUntil: until, Reason: "a dispute"})
		r.must(err)
		if labels, _ := r.passed(PassedFilter{}); len(labels) > 0 {
			t.Errorf("kept, and on the list: %v", labels)
		}
		r.days(100)
		if _, again := r.passed(PassedFilter{}); len(again) != 2 {
			t.Fatalf("back on the list: %d, want 2", len(again))
		}
		_, err = r.Dispose(lead, Dispose{Platform: mic, Items: ids, Decision: Archive, Place: "Archives de l'université", Reason: "history"})
		r.must(err)
		o, err := r.Open(lead, mic, old.ID)
		r.must(err)
		r.must(o.Close())
		page, err := r.Disposals(lead, mic, DisposalFilter{}, qms.Cursor{Size: 3})
		r.must(err)
		if len(page.Items) != 3 || page.Next == "" || page.Items[0].Place == "" || page.Items[2].Decision != Keep {
			t.Errorf("history %+v", page)
		}
		rest, err := r.Disposals(lead, mic, DisposalFilter{}, qms.Cursor{After: page.Next})
		r.must(err)
		if len(rest.Items) != 1 {
			t.Errorf("rest of the history: %d", len(rest.Items))
		}
		if page, err = r.Disposals(lead, mic, DisposalFilter{Decision: Archive, Query: "pr-ach"}, qms.Cursor{}); err != nil || len(page.Items) != 1 {
			t.Errorf("filtered: %v, %v", page.Items, err)
		}
	})
}

func TestDisposal_RefusesWhatMustNotBeDecided(t *testing.T) {
	each(t, func(r room) {
		procedure, old, _ := aged(r, 12)
		inForce := r.sheet(lead, procedure.Code).InForce
		good := Dispose{Platform: mic, Items: []qms.ID{old.ID}, Decision: Eliminate, Reason: "passed"}
		ask := func(what string, ctx context.Context, change func(*Dispose), code qms.Code, key string) {
			t.Helper()
			cmd := good
			change(&cmd)
			_, err := r.Dispose(ctx, cmd)
			r.refused(what, err, code, key)
		}
		ask("before its end", lead, func(*Dispose) {}, qms.CodeConflict, "disposal.not_passed")
		r.days(400)
		ask("the version in force", lead, func(d *Dispose) { d.Items = []qms.ID{inForce.ID} }, qms.CodeConflict, "disposal.not_passed")
		ask("all or nothing", lead, func(d *Dispose) { d.Items = append(d.Items, inForce.ID) }, qms.CodeConflict, "disposal.not_passed")
		ask("what does not exist", lead, func(d *Dispose) { d.Items = append(d.Items, storetest.AgentID(99)) }, qms.CodeNotFound, "disposal.unknown")
		ask("a hostile id", lead, func(d *Dispose) { d.Items = []qms.ID{"'; --"} }, qms.CodeNotFound, "disposal.unknown")
		ask("nothing", lead, func(d *Dispose) { d.Items = nil }, qms.CodeInvalid, "disposal.nothing_chosen")
		ask("too much", lead, func(d *Dispose) {
			for n := range 201 {
				d.Items = append(d.Items, storetest.AgentID(n))
			}
		}, qms.CodeInvalid, "disposal.too_many")
		ask("no decision", lead, func(d *Dispose) { d.Decision = "burn" }, qms.CodeInvalid, "disposal.decision_missing")
		ask("no reason", lead, func(d *Dispose) { d.Reason = " \x00" }, qms.CodeInvalid, "act.reason_missing")
		ask("kept until yesterday", lead, func(d *Dispose) { d.Decision, d.KeepUntil = Keep, r.today() }, qms.CodeInvalid, "disposal.keep_until")
		ask("archives without a place", lead, func(d *Dispose) { d.Decision = Archive }, qms.CodeInvalid, "disposal.place_missing")
		ask("a member", writer, func(*Dispose) {}, qms.CodeRefused, "right.missing")
		ask("an auditor", reader, func(*Dispose) {}, qms.CodeRefused, "right.missing")
		ask("a stranger", stranger, func(*Dispose) {}, qms.CodeNotFound, "platform.not_found")
		ask("another platform's", stranger, func(d *Dispose) { d.Platform = cyt }, qms.CodeNotFound, "disposal.unknown")
		_, err := r.Dispose(lead, good)
		r.must(err)
		ask("twice", lead, func(*Dispose) {}, qms.CodeConflict, "disposal.not_passed")
		_, err = r.Passed(trainee, mic, PassedFilter{}, qms.Cursor{})
		r.refused("a user reads", err, qms.CodeRefused, "right.missing")
		_, err = r.Passed(lead, mic, PassedFilter{}, qms.Cursor{After: position{Key: "x"}.cursor()})
		r.refused("a hostile cursor", err, qms.CodeInvalid, "cursor.malformed")
	})
}
