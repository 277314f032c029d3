package documents

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/documents/vault"
	"maillon/qms"
)

const (
	author   = qms.ID("author")
	verifier = qms.ID("verifier")
	approver = qms.ID("approver")
)

func dayOf(n int) qms.Date { return qms.MustDate("2026-01-01").AddDays(n) }

func onDay(n int) Present { return Present{At: dayOf(n).Time().Add(10 * time.Hour), Day: dayOf(n)} }

func newDraft(n int64, day int) *Version {
	return &Version{
		Row: qms.Row{ID: qms.ID(fmt.Sprintf("v%d", n))}, Major: n, State: Draft, Reason: "why", Author: author,
		Content: vault.DigestOf([]byte{byte(n)}), CreatedOn: dayOf(day),
	}
}

func approved(t interface{ Fatal(...any) }, v *Version, from, today int, others []*Version) {
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(v.Submit(author, verifier, approver, 0, onDay(today)))
	must(v.Verify(verifier, onDay(today)))
	_, err := v.Approve(approver, dayOf(from), 24, onDay(today), others)
	must(err)
}

// history is the slow model: for each day the versions stacked on it, the last being in force.
type history struct {
	stacks [horizon][]*Version
}

const horizon = 120

func (h *history) approve(v *Version, from int) {
	for d := from; d < horizon; d++ {
		h.stacks[d] = append(h.stacks[d], v)
	}
}

// withdraw takes a version that was in effect away with all it had replaced; one still to come alone.
func (h *history) withdraw(v *Version, today int, tookEffect bool) {
	for d := today; d < horizon; d++ {
		for i, other := range h.stacks[d] {
			if other != v {
				continue
			}
			if tookEffect {
				h.stacks[d] = h.stacks[d][i+1:]
			} else {
				h.stacks[d] = append(h.stacks[d][:i:i], h.stacks[d][i+1:]...)
			}
			break
		}
	}
}

func (h *history) inForce(day int) *Version {
	if stack := h.stacks[day]; len(stack) > 0 {
		return stack[len(stack)-1]
	}
	return nil
}

func TestVersions_ExactlyOneIsInForceOnAnyDayOnWhichOneIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var versions []*Version // oldest first
		var model history
		today := 0
		t.Repeat(map[string]func(*rapid.T){
			"a day passes": func(t *rapid.T) { today = min(today+rapid.IntRange(1, 9).Draw(t, "days"), horizon-20) },
			"approve the next version": func(t *rapid.T) {
				from := today + rapid.SampledFrom([]int{0, 0, 1, 5, 12}).Draw(t, "ahead")
				v := newDraft(int64(len(versions)+1), today)
				if err := v.Submit(author, verifier, approver, 0, onDay(today)); err != nil {
					t.Fatal(err)
				}
				if err := v.Verify(verifier, onDay(today)); err != nil {
					t.Fatal(err)
				}
				before := snapshot(versions)
				_, err := v.Approve(approver, dayOf(from), 24, onDay(today), versions)
				late := false
				for _, o := range versions {
					late = late || o.State == Approved && o.EffectiveFrom > dayOf(from)
				}
				if late != (qms.CodeOf(err) == qms.CodeInvalid) || !late && err != nil {
					t.Fatalf("later version %v, error %v", late, err)
				}
				if err != nil {
					if snapshot(versions) != before {
						t.Fatal("a refused approval changed a version")
					}
					return
				}
				versions = append(versions, v)
				model.approve(v, from)
			},
			"withdraw one": func(t *rapid.T) {
				if len(versions) == 0 {
					t.Skip("none yet")
				}
				v := rapid.SampledFrom(versions).Draw(t, "which")
				tookEffect := v.EffectiveFrom <= dayOf(today)
				was := v.State
				_, err := v.Withdraw("no longer right", onDay(today), versions)
				if (was == Withdrawn) != (qms.CodeOf(err) == qms.CodeConflict) {
					t.Fatalf("withdraw from %s: %v", was, err)
				}
				if err == nil {
					model.withdraw(v, today, tookEffect)
				}
			},
			"": func(t *rapid.T) { compareWithModel(t, versions, &model) },
		})
	})
}

func snapshot(versions []*Version) string {
	s := ""
	for _, v := range versions {
		s += fmt.Sprintf("%+v\n", *v)
	}
	return s
}

func compareWithModel(t *rapid.T, versions []*Version, model *history) {
	for d := range horizon {
		var in []*Version
		for _, v := range versions {
			if v.InForceOn(dayOf(d)) {
				in = append(in, v)
			}
		}
		want := model.inForce(d)
		switch {
		case len(in) > 1:
			t.Fatalf("day %d: %s and %s are both in force", d, in[0].Number(), in[1].Number())
		case want == nil && len(in) == 1:
			t.Fatalf("day %d: %s is in force, the model has none", d, in[0].Number())
		case want != nil && (len(in) == 0 || in[0] != want):
			t.Fatalf("day %d: %v in force, the model has %s", d, in, want.Number())
		}
	}
}

func TestStateOn_FollowsTheDatesWithoutAJob(t *testing.T) {
	t.Parallel()
	one, two := newDraft(1, 0), newDraft(2, 10)
	approved(t, one, 5, 3, nil)
	approved(t, two, 20, 12, []*Version{one})
	for _, c := range []struct {
		day    int
		v      *Version
		want   State
		exists bool
	}{
		{0, one, Draft, true}, {3, one, Approved, true}, {4, one, Approved, true}, {5, one, Effective, true},
		{19, one, Effective, true}, {20, one, Superseded, true},
		{9, two, "", false}, {10, two, Draft, true}, {12, two, Approved, true}, {19, two, Approved, true}, {20, two, Effective, true},
	} {
		if got, exists := c.v.StateOn(dayOf(c.day)); got != c.want || exists != c.exists {
			t.Errorf("day %d, version %s: %q, %v; want %q, %v", c.day, c.v.Number(), got, exists, c.want, c.exists)
		}
	}
	if _, err := two.Withdraw("wrong figure", onDay(25), []*Version{one, two}); err != nil {
		t.Fatal(err)
	}
	if got, _ := two.StateOn(dayOf(24)); got != Effective {
		t.Errorf("the day before it was withdrawn: %s", got)
	}
	if got, _ := two.StateOn(dayOf(25)); got != Withdrawn {
		t.Errorf("the day it was withdrawn: %s", got)
	}
}

func TestSubmit_WantsThreePeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		verifier, approver qms.ID
		key                string
	}{
		{author, approver, "version.verifier_is_author"}, {verifier, author, "version.approver_is_author"},
		{verifier, verifier, "version.approver_is_verifier"}, {"", approver, "version.verifier_missing"}, {verifier, "", "version.approver_missing"},
	} {
		v := newDraft(1, 0)
		err := v.Submit(author, c.verifier, c.approver, 0, onDay(0))
		if fields := fieldsOf(err); len(fields) != 1 || fields[0].Key != c.key || v.State != Draft {
			t.Errorf("verifier %q, approver %q: %v, state %s", c.verifier, c.approver, err, v.State)
		}
	}
}

func TestRound_HoldsItsOrderAndItsPeople(t *testing.T) {
	t.Parallel()
	v := newDraft(1, 0)
	refuse := func(what string, err error, code qms.Code) {
		t.Helper()
		if qms.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	approve := func(by qms.ID, from int) error {
		_, err := v.Approve(by, dayOf(from), 0, onDay(0), nil)
		return err
	}
	refuse("verify a draft", v.Verify(verifier, onDay(0)), qms.CodeConflict)
	refuse("approve a draft", approve(approver, 0), qms.CodeConflict)
	refuse("submit by another", v.Submit(verifier, verifier, approver, 0, onDay(0)), qms.CodeRefused)
	refuse("submit", v.Submit(author, verifier, approver, 0, onDay(0)), "")
	refuse("submit twice", v.Submit(author, verifier, approver, 0, onDay(0)), qms.CodeConflict)
	refuse("approve before the verifier", approve(approver, 0), qms.CodeConflict)
	refuse("verify by the author", v.Verify(author, onDay(0)), qms.CodeRefused)
	refuse("verify by the approver", v.Verify(approver, onDay(0)), qms.CodeRefused)
	refuse("verify", v.Verify(verifier, onDay(0)), "")
	refuse("verify twice", v.Verify(verifier, onDay(0)), qms.CodeConflict)
	refuse("approve by the author", approve(author, 0), qms.CodeRefused)
	refuse("approve by the verifier", approve(verifier, 0), qms.CodeRefused)
	refuse("approve for yesterday", approve(approver, -1), qms.CodeInvalid)
	refuse("reject by the author", v.Reject(author, "no"), qms.CodeRefused)
	refuse("reject without a reason", v.Reject(approver, " "), qms.CodeInvalid)
	refuse("recall by the verifier", v.Recall(verifier, false, "no"), qms.CodeRefused)
	refuse("reject", v.Reject(approver, "figure 2"), "")
	if v.State != Draft || !v.VerifiedAt.IsZero() || v.Remark != "figure 2" {
		t.Errorf("after the rejection: %+v", v)
	}
	refuse("withdraw a draft", errOf(v.Withdraw("x", onDay(0), nil)), qms.CodeConflict)
	refuse("submit again", v.Submit(author, verifier, approver, 0, onDay(0)), "")
	refuse("recall by who controls documents", v.Recall("lead", true, "verifier on leave"), "")
	refuse("submit a third time", v.Submit(author, verifier, approver, 0, onDay(0)), "")
	refuse("verify again", v.Verify(verifier, onDay(0)), "")
	refuse("approve", approve(approver, 0), "")
	refuse("approve twice", approve(approver, 0), qms.CodeConflict)
	refuse("reject what is approved", v.Reject(approver, "late"), qms.CodeConflict)
}

func errOf(_ []*Version, err error) error { return err }
