package documents

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
)

// compose is the changes from a first day to a third, from those to the second and from it.
func compose(first, second []Change) []Change {
	was := map[qms.ID]Change{}
	for _, c := range first {
		was[c.Document] = c
	}
	var all []Change
	for _, c := range second {
		if before, both := was[c.Document]; both {
			c.Before = before.Before
			delete(was, c.Document)
		}
		if len(c.Kinds()) > 0 {
			all = append(all, c)
		}
	}
	for _, c := range was {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Change) int { return strings.Compare(string(a.Document), string(b.Document)) })
	return all
}

func TestChanges_OfTwoPeriodsMakeUpThoseOfBoth(t *testing.T) {
	versions := map[int]*Version{}
	for i := range 8 {
		versions[i] = &Version{Row: qms.Row{ID: qms.ID(fmt.Sprint(i))}}
	}
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) map[qms.ID]Then {
			stood := map[qms.ID]Then{}
			for i := range 6 {
				if n := rapid.IntRange(-1, 2).Draw(t, fmt.Sprint(name, i)); n >= 0 {
					stood[qms.ID(fmt.Sprint("d", i))] = Then{versions[n], rapid.SampledFrom([]string{"a", "b"}).Draw(t, "title"),
						rapid.SampledFrom([]string{"PR", "MO"}).Draw(t, "kind"), rapid.SampledFrom([]string{"ACH", "MIC"}).Draw(t, "process")}
				}
			}
			return stood
		}
		one, two, three := day("one"), day("two"), day("three")
		if diff := cmp.Diff(Changes(one, three), compose(Changes(one, two), Changes(two, three))); diff != "" {
			t.Fatalf("%v to %v to %v: %s", one, two, three, diff)
		}
		if same := Changes(one, one); len(same) != 0 {
			t.Fatalf("a day differs from itself: %v", same)
		}
	})
}

func TestEvolution_TellsWhatChangedBetweenTwoDays(t *testing.T) {
	each(t, func(r room) {
		start := r.db.Today()
		kept, v := r.create("PR", "ACH", "Gardée", "text")
		r.approve(v, 0)
		renewed, v := r.create("PR", "ACH", "Renouvelée", "one")
		r.approve(v, 0)
		ended, gone := r.create("PR", "MIC", "Retirée", "text")
		gone = r.approve(gone, 0)
		named, v := r.create("MO", "MIC", "Ancien titre", "text")
		r.approve(v, 0)
		r.days(10)
		first := r.db.Today()
		r.days(10)
		r.approve(r.next(renewed, "two"), 0)
		r.days(10)
		second := r.db.Today()
		r.approve(r.next(renewed, "three"), 0)
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: gone.ID, Reason: "plus utilisée"})
		r.must(err)
		title, process := "Nouveau titre", "ACH"
		_, err = r.Revise(lead, Revise{Platform: mic, Document: named.ID, Title: &title, Process: &process, Reason: "mieux dit"})
		r.must(err)
		added, v := r.create("FO", "ACH", "Nouvelle", "text")
		r.approve(v, 0)
		r.create("FO", "ACH", "Brouillon", "text")
		r.days(10)

		tell := func(from, to qms.Date, narrow CompareDays) string {
			narrow.Platform, narrow.From, narrow.To = mic, from, to
			e, err := r.Evolution(lead, narrow)
			r.must(err)
			out := []string{fmt.Sprintf("%d to %d, %d unchanged", e.Before, e.After, e.Unchanged)}
			for _, row := range e.Rows {
				line := row.Of.Code + " " + fmt.Sprint(row.Changed)
				if row.Before != nil && row.After != nil {
					line += " " + row.Before.Version.Number().String() + "-" + row.After.Version.Number().String() + " " + row.Before.Title + "/" + row.After.Title
				}
				for _, v := range row.Steps {
					line += ", " + v.Number().String() + " by " + row.Approver[v.Approver]
				}
				out = append(out, strings.TrimSpace(line+" "+row.Remark))
			}
			return strings.Join(out, "\n")
		}
		for _, c := range []struct {
			name     string
			from, to qms.Date
			narrow   CompareDays
			want     string
		}{
			{"before anything", start.AddDays(-20), start.AddDays(-10), CompareDays{}, "0 to 0, 0 unchanged"},
			{"nothing happened", first.AddDays(-5), first, CompareDays{}, "4 to 4, 4 unchanged"},
			{"one version", first, second.AddDays(-1), CompareDays{},
				"4 to 4, 3 unchanged\n" + renewed.Code + " [version] 1.0-2.0 Renouvelée/Renouvelée, 2.0 by Agent 04"},
			{"all of it", first, r.db.Today(), CompareDays{},
				"4 to 4, 1 unchanged\n" + added.Code + " [new], 1.0 by Agent 04\n" + named.Code + " [retitled reclassified] 1.0-1.0 Ancien titre/Nouveau titre\n" +
					renewed.Code + " [version] 1.0-3.0 Renouvelée/Renouvelée, 2.0 by Agent 04, 3.0 by Agent 04\n" + ended.Code + " [ended] plus utilisée"},
			{"one process, of either day", first, r.db.Today(), CompareDays{Process: "MIC"},
				"4 to 4, 1 unchanged\n" + named.Code + " [retitled reclassified] 1.0-1.0 Ancien titre/Nouveau titre\n" + ended.Code + " [ended] plus utilisée"},
			{"one kind of change", first, r.db.Today(), CompareDays{Kind: ChangeNew}, "4 to 4, 1 unchanged\n" + added.Code + " [new], 1.0 by Agent 04"},
		} {
			if got := tell(c.from, c.to, c.narrow); got != c.want {
				t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
			}
		}
		_, err = r.Evolution(lead, CompareDays{Platform: mic, From: second, To: first})
		r.refused("days the wrong way round", err, qms.CodeInvalid, "changes.days_order")
		if _, err := r.Evolution(stranger, CompareDays{Platform: mic}); err == nil {
			t.Error("a stranger is told")
		}
		e, err := r.Evolution(trainee, CompareDays{Platform: mic})
		r.must(err)
		if e.After > 0 || len(e.Rows) > 0 {
			t.Errorf("a user to whom nothing is addressed sees %d of %s", len(e.Rows), kept.Code)
		}
		ctx, counter := store.CountStatements(lead)
		_, err = r.Evolution(ctx, CompareDays{Platform: mic, From: first})
		if r.must(err); counter.Count() > 7 {
			t.Errorf("%d statements", counter.Count())
		}
	})
}

func TestEvolution_CountsReviewsThatCameLate(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Revue en retard", "text")
		v = r.approve(v, 0)
		renewed, w := r.create("PR", "ACH", "Remplacée en retard", "text")
		w = r.approve(w, 0)
		_, early := r.create("PR", "ACH", "Revue à temps", "text")
		early = r.approve(early, 0)
		from := r.db.Today()
		r.days(from.DaysUntil(v.ReviewOn) - 5)
		_, err := r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: early.ID})
		r.must(err)
		r.days(9)
		overdue := r.db.Today()
		r.days(6)
		_, err = r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: v.ID})
		r.must(err)
		r.approve(r.next(renewed, "two"), 0)
		e, err := r.Evolution(lead, CompareDays{Platform: mic, From: from})
		r.must(err)
		if e.Count[ChangeLate] != 2 || e.Unchanged != 1 || e.Overdue != 0 {
			t.Errorf("%d late, %d unchanged, %d overdue", e.Count[ChangeLate], e.Unchanged, e.Overdue)
		}
		for _, row := range e.Rows {
			if len(row.Late) != 1 || row.Late[0].Days() != 10 || row.Late[0].DueOn != w.ReviewOn {
				t.Errorf("%s: %+v", row.Of.Code, row.Late)
			}
		}
		e, err = r.Evolution(lead, CompareDays{Platform: mic, From: from, To: overdue})
		r.must(err)
		if e.Overdue != 2 || len(e.Rows) != 0 {
			t.Errorf("on the day they were late: %d overdue, %d rows", e.Overdue, len(e.Rows))
		}
	})
}
