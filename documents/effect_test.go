package documents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

// inForce is what everybody meets of the document as of the day: on its sheet, in the master list and
// by asking for the version's file. All must say the same.
func (r room) inForce(code string, day qms.Date) string {
	r.t.Helper()
	s, err := r.SheetByCode(reader, mic, code, day)
	if qms.CodeOf(err) == qms.CodeNotFound {
		return ""
	}
	r.must(err)
	onSheet, inList := "", ""
	if s.InForce != nil {
		onSheet = s.InForce.Number().String()
	}
	list, err := r.MasterList(reader, mic, Filter{AsOf: day, State: Effective}, qms.Cursor{})
	r.must(err)
	for _, l := range list.Page.Items {
		if l.Code == code {
			inList += l.Number.String()
		}
	}
	if onSheet != inList {
		r.t.Errorf("%s on %s: the sheet has %q, the list %q", code, day, onSheet, inList)
	}
	if s.InForce != nil && day == r.db.Today() {
		o, err := r.Open(reader, mic, s.InForce.ID)
		r.must(err)
		defer o.Close()
		if o.State != Effective {
			r.t.Errorf("%s on %s: its file is handed out as %s", code, day, o.State)
		}
	}
	return onSheet
}

func TestEffect_ComesOnItsDayWithoutAJobWhateverTheClockDoes(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		first := r.db.Today()
		r.approve(one, first)
		two := r.next(d, "second")
		r.approve(two, first.AddDays(10))
		want := func(day qms.Date) string {
			switch {
			case day < first:
				return ""
			case day < first.AddDays(10):
				return "1.0"
			}
			return "2.0"
		}
		check := func() {
			for _, n := range []int{-1, 0, 1, 9, 10, 11, 400} {
				if got := r.inForce(d.Code, first.AddDays(n)); got != want(first.AddDays(n)) {
					t.Errorf("today %s, asked for %s: %q is in force, want %q", r.db.Today(), first.AddDays(n), got, want(first.AddDays(n)))
				}
			}
		}
		start := storetest.Now
		for _, hours := range []int{0, 9 * 24, 9*24 + 13, 9*24 + 14, 10 * 24, 5 * 24, 11 * 24, 5000 * 24, 0} { // forth and back
			storetest.ClockOf(r.db).Set(start.Add(time.Duration(hours) * time.Hour))
			if got := r.inForce(d.Code, r.db.Today()); got != want(r.db.Today()) {
				t.Errorf("on %s: %q is in force", r.db.Today(), got)
			}
			check()
		}
	})
}

func TestEffect_BeginsAtMidnightWhereThePlatformIs(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, r.db.Today())
		two := r.next(d, "second")
		day := r.db.Today().AddDays(3)
		r.approve(two, day)
		clock := storetest.ClockOf(r.db)
		at := day.Time().Add(-30 * time.Hour)
		last := ""
		for range 40 { // hour by hour over the day before and the night
			clock.Set(at)
			got := r.inForce(d.Code, r.db.Today())
			if (got == "2.0") != (r.db.Today() >= day) {
				t.Errorf("at %s, which is %s: %q is in force", at, r.db.Today(), got)
			}
			if last == "2.0" && got != "2.0" {
				t.Errorf("at %s %q is in force again", at, got)
			}
			last, at = got, at.Add(time.Hour)
		}
	})
}

func TestApprove_NeverTakesEffectBeforeAVersionApprovedEarlier(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		today := r.db.Today()
		r.approve(one, today.AddDays(10))
		two := r.next(d, "second")
		r.submit(two)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: two.ID})
		r.must(err)
		approve := func(day qms.Date) error {
			_, err := r.Approve(chief, Approve{Platform: mic, Version: two.ID, EffectiveFrom: day})
			return err
		}
		r.refused("yesterday", approve(today.AddDays(-1)), qms.CodeInvalid, "version.effect_past")
		r.refused("before the planned one", approve(today.AddDays(9)), qms.CodeInvalid, "version.effect_before")
		r.refused("today, since it has none of its own", approve(0), qms.CodeInvalid, "version.effect_before")
		r.must(approve(today.AddDays(10)))
		if got := r.inForce(d.Code, today.AddDays(10)); got != "2.0" {
			t.Errorf("on their day %q is in force", got)
		}
		if got := r.inForce(d.Code, today.AddDays(9)); got != "" {
			t.Errorf("the day before %q is in force", got)
		}
		s, err := r.SheetByCode(reader, mic, d.Code, today.AddDays(10))
		r.must(err)
		if s.Versions[1].StateThen != Superseded {
			t.Errorf("the one that never was in force is %s", s.Versions[1].StateThen)
		}
	})
}

func TestSubmit_ProposesTheDayThatApprovalTakes(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "first")
		submit := Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4), PlannedFrom: r.db.Today().AddDays(-1)}
		_, err := r.Submit(writer, submit)
		r.refused("a day that has passed", err, qms.CodeInvalid, "version.effect_past")
		planned := r.db.Today().AddDays(5)
		submit.PlannedFrom = planned
		_, err = r.Submit(writer, submit)
		r.must(err)
		_, err = r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		done, err := r.Approve(chief, Approve{Platform: mic, Version: v.ID})
		r.must(err)
		if state, _ := done.StateOn(r.db.Today()); done.EffectiveFrom != planned || state != Approved {
			t.Errorf("takes effect on %s, is %s", done.EffectiveFrom, state)
		}
	})
}

// life is one document in the hands of its people, for a property over any sequence of acts.
type life struct {
	versions []*Version // oldest first
	document *Document
	today    int
}

func (l *life) newest() *Version {
	if len(l.versions) == 0 {
		return nil
	}
	return l.versions[len(l.versions)-1]
}

// act does something to a version and wants nothing changed when it is refused.
func (l *life) act(t *rapid.T, what string, do func() error) {
	before := snapshot(l.versions)
	if err := do(); err != nil {
		if qms.CodeOf(err) == "" {
			t.Fatalf("%s: %v is no refusal", what, err)
		}
		if snapshot(l.versions) != before {
			t.Fatalf("%s was refused and changed a version", what)
		}
	}
}

// TestPeriods_TouchAndNeverOverlapOverAnySequenceOfActs plays any acts of anybody on any days.
func TestPeriods_TouchAndNeverOverlapOverAnySequenceOfActs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &life{document: &Document{Owner: "owner", ReviewMonths: 2}}
		people := []qms.ID{author, verifier, approver, "other"}
		who := func(t *rapid.T) qms.ID { return rapid.SampledFrom(people).Draw(t, "who") }
		on := func(t *rapid.T) *Version {
			if l.newest() == nil {
				t.Skip("none yet")
			}
			if rapid.IntRange(0, 3).Draw(t, "newest") > 0 {
				return l.newest()
			}
			return rapid.SampledFrom(l.versions).Draw(t, "which")
		}
		withdrawn := map[*Version]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"a day passes": func(t *rapid.T) { l.today = min(l.today+rapid.IntRange(1, 9).Draw(t, "days"), horizon-20) },
			"new": func(t *rapid.T) {
				if v := l.newest(); v == nil || v.State != Draft && v.State != InReview {
					l.versions = append(l.versions, newDraft(int64(len(l.versions)+1), l.today))
				}
			},
			"a round up to the approval": func(t *rapid.T) {
				v := on(t)
				l.act(t, "submit", func() error { return v.Submit(author, verifier, approver, 0, onDay(l.today)) })
				l.act(t, "verify", func() error { return v.Verify(verifier, onDay(l.today)) })
			},
			"submit": func(t *rapid.T) {
				v := on(t)
				l.act(t, "submit", func() error { return v.Submit(author, who(t), who(t), 0, onDay(l.today)) })
			},
			"verify": func(t *rapid.T) {
				v := on(t)
				l.act(t, "verify", func() error { return v.Verify(v.Verifier, onDay(l.today)) })
			},
			"approve": func(t *rapid.T) {
				v, from := on(t), l.today+rapid.SampledFrom([]int{-1, 0, 0, 0, 1, 5, 12}).Draw(t, "ahead")
				l.act(t, "approve", func() error {
					_, err := v.Approve(v.Approver, dayOf(from), 2, onDay(l.today), l.versions)
					return err
				})
			},
			"reject": func(t *rapid.T) {
				v := on(t)
				l.act(t, "reject", func() error { return v.Reject(who(t), "no") })
			},
			"recall": func(t *rapid.T) {
				v := on(t)
				l.act(t, "recall", func() error { return v.Recall(who(t), false, "wait") })
			},
			"reassign": func(t *rapid.T) {
				v := on(t)
				l.act(t, "reassign", func() error { return v.Reassign(author, false, who(t), who(t), "away", onDay(l.today)) })
			},
			"review": func(t *rapid.T) {
				v := on(t)
				l.act(t, "review", func() error {
					_, err := v.ReviewUnchanged(l.document, "owner", false, "", onDay(l.today))
					return err
				})
			},
			"withdraw": func(t *rapid.T) {
				v := on(t)
				l.act(t, "withdraw", func() error {
					_, err := v.Withdraw("wrong", onDay(l.today), l.versions)
					if err == nil {
						withdrawn[v] = true
					}
					return err
				})
			},
			"": func(t *rapid.T) { l.sound(t, withdrawn) },
		})
	})
}

// sound holds the versions to what is promised of their periods, their states and their people.
func (l *life) sound(t *rapid.T, withdrawn map[*Version]bool) {
	var last *Version // approved before, with days of its own
	for _, v := range l.versions {
		if v.State == InReview || v.State == Approved {
			if v.Verifier == v.Author || v.Approver == v.Author || v.Approver == v.Verifier {
				t.Fatalf("%s: two parts are one person: %s, %s, %s", v.Number(), v.Author, v.Verifier, v.Approver)
			}
		}
		p, ok := v.Period()
		if !ok {
			continue
		}
		if last != nil {
			before, _ := last.Period()
			switch {
			case before.Until == 0 || before.Until > p.From:
				t.Fatalf("%s until %s and %s from %s overlap", last.Number(), before.Until, v.Number(), p.From)
			case before.Until < p.From && !withdrawn[last] && !l.gone(last, v, withdrawn):
				t.Fatalf("%s ends on %s, and %s begins on %s only", last.Number(), before.Until, v.Number(), p.From)
			}
		}
		last = v
	}
	for d := range horizon {
		if in := l.inForceOn(dayOf(d)); strings.Contains(in, " ") {
			t.Fatalf("day %d: %s are in force", d, in)
		}
	}
}

// gone reports whether a version between the two was withdrawn on the day that ended the first one.
func (l *life) gone(first, next *Version, withdrawn map[*Version]bool) bool {
	for _, v := range l.versions {
		if withdrawn[v] && v.Major > first.Major && v.Major < next.Major && v.EffectiveFrom == first.EffectiveUntil {
			return true
		}
	}
	return false
}

func (l *life) inForceOn(day qms.Date) string {
	var in []string
	for _, v := range l.versions {
		state, _ := v.StateOn(day)
		if v.InForceOn(day) {
			in = append(in, fmt.Sprint(v.Number()))
		} else if state == Effective {
			in = append(in, "not: "+v.Number().String())
		}
	}
	return strings.Join(in, " ")
}
