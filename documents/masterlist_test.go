package documents

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
)

// library fills the platform with documents in every state there is, at random but the same each time.
func (r room) library(n int) []*Version {
	r.t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
	var versions []*Version
	r.must(r.db.Change(lead, act, func(tx *store.Tx) error {
		var rows []qms.Record
		for i := range n {
			d := &Document{
				Code: fmt.Sprintf("PR-ACH-%03d", i), Kind: "PR", Process: []string{"ACH", "MIC"}[i%2], Confidentiality: Internal,
				Title: fmt.Sprintf("Étape %d de la réception", random.IntN(20)),
			}
			d.ID, d.TitleKey = qms.NewID(tx.Now()), fold(d.Title)
			rows = append(rows, d)
			for major := range int64(1 + random.IntN(3)) {
				v := &Version{Document: d.ID, Major: major + 1, State: []State{Draft, InReview, Approved, Withdrawn}[random.IntN(4)], TakenOver: random.IntN(4) == 0, CreatedOn: dayOf(random.IntN(6))}
				if v.State != Draft {
					v.SubmittedOn = v.CreatedOn.AddDays(random.IntN(3))
				}
				if v.State == Approved || v.State == Withdrawn && random.IntN(2) == 0 {
					v.ApprovedOn = v.SubmittedOn.AddDays(random.IntN(3))
					v.EffectiveFrom = v.ApprovedOn.AddDays(random.IntN(3))
					if random.IntN(2) == 0 {
						v.EffectiveUntil = v.EffectiveFrom.AddDays(random.IntN(4))
					}
					v.ReviewOn = v.EffectiveFrom.AddDays(random.IntN(6))
				}
				if v.State == Withdrawn {
					v.WithdrawnOn = max(v.SubmittedOn, v.EffectiveFrom).AddDays(random.IntN(3))
				}
				versions = append(versions, v)
				rows = append(rows, v)
			}
		}
		return tx.Insert(context.Background(), rows...)
	}))
	return versions
}

func TestMasterList_AgreesWithStateOnOnEveryDay(t *testing.T) {
	each(t, func(r room) {
		versions := r.library(60)
		for day := range 16 {
			want := map[State]int64{}
			for _, v := range versions {
				if s, exists := v.StateOn(dayOf(day)); exists {
					want[s]++
				}
			}
			list, err := r.MasterList(lead, mic, Filter{AsOf: dayOf(day)}, qms.Cursor{})
			r.must(err)
			for _, s := range States() {
				if s != Superseded && list.Counts.ByState[s] != want[s] {
					t.Errorf("day %d: the list counts %d %s, the rule %d", day, list.Counts.ByState[s], s, want[s])
				}
				of, err := r.MasterList(lead, mic, Filter{AsOf: dayOf(day), State: s, Sort: "-title"}, qms.Cursor{Size: qms.MaxPageSize})
				r.must(err)
				if of.Counts.Matching != want[s] || int64(len(of.Items)) != want[s] || of.Counts.ByState[s] != want[s] {
					t.Errorf("day %d: %d lines %s of %d, the rule counts %d", day, len(of.Items), s, of.Counts.Matching, want[s])
				}
			}
		}
	})
}

func TestMasterList_PagesThroughEveryLineOnceInEveryOrder(t *testing.T) {
	each(t, func(r room) {
		r.library(60)
		for _, sort := range []string{"", "code", "title", "state", "process", "effective", "review", "-code", "-title", "-state", "-process", "-effective", "-review"} {
			f := Filter{AsOf: dayOf(8), Sort: sort}
			seen := map[qms.ID]bool{}
			var keys []string
			var matching int64
			for c := (qms.Cursor{Size: 7}); ; {
				list, err := r.MasterList(lead, mic, f, c)
				r.must(err)
				matching = list.Counts.Matching
				by, _, _ := f.order()
				for _, l := range list.Items {
					if seen[l.Version] {
						t.Fatalf("%q: %s comes twice", sort, l.Code)
					}
					seen[l.Version] = true
					keys = append(keys, l.key(by))
				}
				if c.After = list.Next; c.After == "" {
					break
				}
			}
			if strings.HasPrefix(sort, "-") {
				slices.Reverse(keys)
			}
			if !slices.IsSorted(keys) || int64(len(seen)) != matching || matching < 20 {
				t.Errorf("%q: %d of %d lines, sorted %v", sort, len(seen), matching, slices.IsSorted(keys))
			}
		}
	})
}

func TestMasterList_GroupsByProcessWhateverTheOrderWithin(t *testing.T) {
	each(t, func(r room) {
		r.library(40)
		for i := range 3 {
			_, _, err := r.Create(writer, Create{Platform: mic, Kind: "FO", Code: fmt.Sprintf("ZZ-%d", i), Title: "Sans processus"})
			r.must(err)
		}
		for _, sort := range []string{"", "-code", "title", "-state", "-effective", "review"} {
			f := Filter{Sort: sort, Group: GroupProcess}
			by, down, _ := f.order()
			var groups, keys []string
			var matching int64
			var lines int
			for c := (qms.Cursor{Size: 7}); ; {
				list, err := r.MasterList(lead, mic, f, c)
				r.must(err)
				matching = list.Counts.Matching
				for _, l := range list.Items {
					lines++
					if len(groups) == 0 || groups[len(groups)-1] != l.Process {
						groups, keys = append(groups, l.Process), nil
					}
					if keys = append(keys, l.key(by)); len(keys) > 1 {
						if a, b := keys[len(keys)-2], keys[len(keys)-1]; a > b && !down || a < b && down {
							t.Errorf("%q: %q before %q in %s", sort, a, b, l.Process)
						}
					}
				}
				if c.After = list.Next; c.After == "" {
					break
				}
			}
			if got := strings.Join(groups, " "); got != "ACH MIC " || int64(lines) != matching || lines < 20 {
				t.Errorf("%q: %d of %d lines in groups %q", sort, lines, matching, got)
			}
		}
	})
}

func TestMasterList_NeverShowsFiguresOfBeforeAWrite(t *testing.T) {
	each(t, func(r room) {
		figures := func(ctx context.Context) string {
			list, err := r.MasterList(ctx, mic, Filter{}, qms.Cursor{})
			r.must(err)
			return fmt.Sprint(list.Counts.Documents, list.Counts.ByState[Effective], list.Counts.Matching, len(list.Processes), len(list.Owners))
		}
		want := func(ctx context.Context, want string) {
			t.Helper()
			if got := figures(ctx); got != want || figures(ctx) != want {
				t.Errorf("figures %s, want %s", got, want)
			}
		}
		want(writer, "0 0 0 0 0")
		_, v := r.create("PR", "ACH", "Achats", "text")
		want(writer, "1 0 1 1 1")
		want(reader, "0 0 0 1 1")
		r.approve(v, 0)
		want(reader, "1 1 1 1 1")
		want(writer, "1 1 1 1 1")
		r.create("PR", "MIC", "Image", "text")
		want(writer, "2 1 2 2 1")
		want(reader, "1 1 1 2 1")
	})
}

func TestMasterList_IssuesAtMostSixStatementsWhateverTheSize(t *testing.T) {
	each(t, func(r room) {
		r.library(10)
		count := func() int {
			ctx, counter := store.CountStatements(lead)
			_, err := r.MasterList(ctx, mic, Filter{}, qms.Cursor{})
			r.must(err)
			return counter.Count()
		}
		small := count()
		for i := range 30 {
			_, _, err := r.Create(writer, Create{Platform: mic, Kind: "FO", Process: fmt.Sprintf("P%d", i), Title: "Form"})
			r.must(err)
		}
		if large := count(); small > 6 || large != small {
			t.Errorf("%d statements, then %d", small, large)
		}
	})
}

func TestMasterList_NarrowsByWhatIsAsked(t *testing.T) {
	each(t, func(r room) {
		a, va := r.create("PR", "ACH", "Achats & réception", "text")
		b, _ := r.create("MO", "MIC", "100% œil_nu", "text")
		r.approve(va, 0)
		codes := func(ctx context.Context, f Filter) string {
			t.Helper()
			list, err := r.MasterList(ctx, mic, f, qms.Cursor{})
			r.must(err)
			var all []string
			for _, l := range list.Items {
				all = append(all, l.Code+" "+string(l.State))
			}
			return strings.Join(all, ", ")
		}
		for _, c := range []struct {
			f    Filter
			want string
		}{
			{Filter{}, b.Code + " draft, " + a.Code + " effective"},
			{Filter{State: Draft}, b.Code + " draft"},
			{Filter{Kind: "PR"}, a.Code + " effective"},
			{Filter{Process: "MIC"}, b.Code + " draft"},
			{Filter{Owner: "nobody"}, ""},
			{Filter{Query: "RECEPTION"}, a.Code + " effective"},
			{Filter{Query: "mo-mic"}, b.Code + " draft"},
			{Filter{Query: "100%"}, b.Code + " draft"},
			{Filter{Query: "l_n"}, b.Code + " draft"},
			{Filter{Query: "a_h"}, ""},
			{Filter{Query: "' OR 1=1 --"}, ""},
			{Filter{Late: true}, ""},
			{Filter{Late: true, AsOf: r.db.Today().AddMonths(25)}, a.Code + " effective"},
		} {
			if got := codes(writer, c.f); got != c.want {
				t.Errorf("%+v: %q, want %q", c.f, got, c.want)
			}
		}
		if got := codes(reader, Filter{}); got != a.Code+" effective" {
			t.Errorf("a reader sees %q", got)
		}
		_, err := r.MasterList(lead, mic, Filter{Sort: "owner; DROP"}, qms.Cursor{})
		r.refused("an unknown sort", err, qms.CodeInvalid, "sort.unknown")
		_, err = r.MasterList(lead, mic, Filter{}, qms.Cursor{After: "%%"})
		r.refused("a broken cursor", err, qms.CodeInvalid, "cursor.malformed")
	})
}

func TestMasterList_AnswersHostileInputWithARefusal(t *testing.T) {
	each(t, func(r room) {
		r.create("PR", "ACH", "a\x00b\xff", "text")
		for _, f := range []Filter{
			{Query: "\x00"}, {Query: "\xff\xfe"}, {Kind: "\x00"}, {Process: "a\x00"}, {Owner: "\x00"}, {State: "\x00'"}, {Query: "%_!'\\"},
		} {
			if _, err := r.MasterList(lead, mic, f, qms.Cursor{}); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
		for _, p := range []position{{"", "x", "\x00", ""}, {"", "\x00", "", ""}, {"\x00", "", "", ""}, {"", "not a date", "x", "y"}, {"", "2026-13-45", "x", "y"}} {
			_, err := r.MasterList(lead, mic, Filter{Sort: "review"}, qms.Cursor{After: p.cursor()})
			r.refused("a cursor of another list", err, qms.CodeInvalid, "cursor.malformed")
		}
		_, err := r.SheetByCode(lead, mic, "PR\x00ACH", 0)
		r.refused("a code with a NUL", err, qms.CodeNotFound, "document.not_found")
		_, _, err = r.Create(writer, Create{Platform: mic, Kind: "P\x00", Process: "\xff", Title: "x"})
		r.refused("a kind with a NUL", err, qms.CodeInvalid, "kind.unknown")
	})
}

// decade makes documents with one version a year from 2017 on.
func decade(tb testing.TB, db *store.DB, documents, versions int) {
	tb.Helper()
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
	err := db.Change(lead, act, func(tx *store.Tx) error {
		var rows []Stated
		for i := range documents {
			for year := range versions {
				rows = append(rows, Stated{fmt.Sprintf("PR-ACH-%03d", i), fmt.Sprintf("Procédure numéro %d", i), fmt.Sprint(year + 1), qms.NewDate(2017+year, 1, 1), 0})
			}
		}
		_, err := TakeMasterList(context.Background(), tx, rows)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}
