package documents

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

func TestReviewUnchanged_IsSignedAndMovesTheNextDateOnFromItsDay(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		_, err := r.ReviewUnchanged(writer, ReviewUnchanged{Platform: mic, Version: v.ID})
		r.refused("a draft", err, qms.CodeConflict, "version.not_in_force")
		begun := r.db.Today()
		r.approve(v, 0)
		first := begun.AddMonths(24)
		r.days(begun.DaysUntil(first) + 10) // ten days late
		if due, err := r.DueBy(lead, mic, r.db.Today()); err != nil || len(due) != 1 || due[0].On != first {
			t.Errorf("before the review: %+v, %v", due, err)
		}
		review := ReviewUnchanged{Platform: mic, Version: v.ID, Note: "read again\x00 "}
		_, err = r.ReviewUnchanged(checker, review)
		r.refused("by another member", err, qms.CodeRefused, "version.not_reviewer")
		_, err = r.ReviewUnchanged(stranger, ReviewUnchanged{Platform: cyt, Version: v.ID})
		r.refused("from another platform", err, qms.CodeNotFound, "version.not_found")
		_, err = r.ReviewUnchanged(writer, ReviewUnchanged{Platform: mic, Version: v.ID, Note: strings.Repeat("é", maxReason+1)})
		r.refused("a long note", err, qms.CodeInvalid, "act.reason_long")
		day := r.db.Today()
		done, err := r.ReviewUnchanged(writer, review) // owns the document
		r.must(err)
		if done.ReviewOn != day.AddMonths(24) || done.ReviewedOn != day {
			t.Errorf("the next is on %s", done.ReviewOn)
		}
		_, err = r.ReviewUnchanged(writer, review)
		r.refused("twice a day", err, qms.CodeConflict, "version.reviewed_today")
		e := r.sheet(reader, d.Code).InForce
		if len(e.Reviews) != 1 || e.Reviews[0].DueOn != first || e.Reviews[0].NextOn != done.ReviewOn || e.Reviews[0].Note != "read again" || e.Reviews[0].Name != "Agent 02" {
			t.Errorf("on record: %+v", e.Reviews)
		}
		if sig := e.Signatures[len(e.Signatures)-1]; sig.Meaning != Reviewed || sig.Content != e.Content || !e.Counts(sig) {
			t.Errorf("signed %+v", sig)
		}
		if due, err := r.DueBy(lead, mic, day.AddMonths(23)); err != nil || len(due) != 0 {
			t.Errorf("after the review: %+v, %v", due, err)
		}
		past, err := r.SheetByCode(reader, mic, d.Code, day.AddDays(-1))
		r.must(err)
		if past.InForce.ReviewOn != first || len(past.InForce.Reviews) != 0 {
			t.Errorf("as of the day before: due %s, %d reviews", past.InForce.ReviewOn, len(past.InForce.Reviews))
		}
	})
}

func TestReviewUnchanged_IsForTheOwnerTheApproverAndWhoControlsDocuments(t *testing.T) {
	t.Parallel()
	d := &Document{Owner: "owner", ReviewMonths: 12}
	for _, c := range []struct {
		by       qms.ID
		controls bool
		may      bool
	}{{"owner", false, true}, {approver, false, true}, {"lead", true, true}, {author, false, false}, {verifier, false, false}, {"", false, false}} {
		v := newDraft(1, 0)
		approved(t, v, 0, 0, nil)
		_, err := v.ReviewUnchanged(d, c.by, c.controls, "", onDay(40))
		if c.may != (err == nil) || !c.may && qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("%q, controls %t: %v", c.by, c.controls, err)
		}
	}
	empty := newDraft(1, 0)
	approved(t, empty, 0, 0, nil)
	empty.Content = Version{}.Content
	if _, err := empty.ReviewUnchanged(d, approver, false, "", onDay(40)); qms.CodeOf(err) != qms.CodeConflict {
		t.Errorf("what has no content was reviewed: %v", err)
	}
}

func TestReviewUnchanged_KeepsCountingWhenTheIntervalIsCorrected(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		r.approve(v, 0)
		r.days(100)
		day := r.db.Today()
		_, err := r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: v.ID})
		r.must(err)
		months := qms.Months(6)
		_, err = r.Revise(lead, Revise{Platform: mic, Document: d.ID, ReviewMonths: &months})
		r.must(err)
		if got := r.sheet(lead, d.Code).InForce.ReviewOn; got != day.AddMonths(6) {
			t.Errorf("the next review is on %s, want six months from the last, %s", got, day.AddMonths(6))
		}
		none := qms.Months(0)
		_, err = r.Revise(lead, Revise{Platform: mic, Document: d.ID, ReviewMonths: &none})
		r.must(err)
		r.days(1)
		_, err = r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: v.ID})
		r.must(err)
		if e := r.sheet(lead, d.Code).InForce; e.ReviewOn != 0 || len(e.Reviews) != 2 || e.Reviews[0].NextOn != 0 {
			t.Errorf("without periodic review: %s, %+v", e.ReviewOn, e.Reviews)
		}
	})
}

func TestReviewUnchanged_LeavesTheNextOneAWholeIntervalAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &Document{Owner: "owner", ReviewMonths: qms.Months(rapid.IntRange(1, 60).Draw(t, "months"))}
		v := newDraft(1, 0)
		approved(t, v, 0, 0, nil)
		day := 0
		for range rapid.IntRange(1, 8).Draw(t, "reviews") {
			day += rapid.IntRange(1, 2000).Draw(t, "later")
			due := v.ReviewOn
			review, err := v.ReviewUnchanged(d, "owner", false, "", onDay(day))
			if err != nil {
				t.Fatal(err)
			}
			if review.DueOn != due || v.ReviewOn != dayOf(day).AddMonths(d.ReviewMonths) || v.ReviewOn <= dayOf(day) || review.NextOn != v.ReviewOn {
				t.Fatalf("reviewed on %s: due %s, next %s", dayOf(day), review.DueOn, v.ReviewOn)
			}
			if p, _ := v.Period(); p.From != dayOf(0) || p.Until != 0 {
				t.Fatalf("the review changed when it is in force: %+v", p)
			}
		}
	})
}

func TestReview_AlsoEndsInANewVersion(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "text")
		r.approve(one, 0)
		r.days(800)
		two := r.next(d, "better")
		r.approve(two, 0)
		if due, err := r.DueBy(lead, mic, r.db.Today().AddMonths(23)); err != nil || len(due) != 0 {
			t.Errorf("the review of what was replaced is still due: %+v, %v", due, err)
		}
		_, err := r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: one.ID})
		r.refused("a review of what was replaced", err, qms.CodeConflict, "version.not_in_force")
		due, err := r.DueBy(lead, mic, r.db.Today().AddMonths(24))
		r.must(err)
		if len(due) != 1 || due[0].Person != storetest.AgentID(2) {
			t.Errorf("the next is %+v", due)
		}
	})
}
