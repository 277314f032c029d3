package documents

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// line is what the list of the day says of the one document that there is.
func (r room) line(day qms.Date) string {
	r.t.Helper()
	list, err := r.MasterList(reader, mic, Filter{AsOf: day}, qms.Cursor{})
	r.must(err)
	if len(list.Items) != 1 {
		r.t.Fatalf("as of %s: %d lines", day, len(list.Items))
	}
	l := list.Items[0]
	sheet, err := r.SheetByCode(reader, mic, l.Code, day)
	r.must(err)
	if sheet.Title != l.Title || sheet.Kind != l.Kind || sheet.Process != l.Process || sheet.Owner != l.Owner {
		r.t.Errorf("as of %s the sheet is %s %s %s %s, the list says %+v", day, sheet.Title, sheet.Kind, sheet.Process, sheet.Owner, l)
	}
	if sheet.InForce.ReviewOn != l.ReviewOn {
		r.t.Errorf("as of %s the sheet says that the review is due on %s, the list on %s", day, sheet.InForce.ReviewOn, l.ReviewOn)
	}
	return fmt.Sprint(l.Title, ", ", l.Kind, ", ", l.Process, ", ", l.OwnerName, ", ", l.ReviewOn)
}

func TestMasterList_OfAPastDaySaysWhatDocumentsWereCalledThen(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		r.approve(v, 0)
		first := r.db.Today()
		title, kind, process, owner, months := "Réception & achats <\"'?\\ ' OR 1=1", "MO", "MIC", storetest.AgentID(5), qms.Months(6)
		steps := []struct {
			what string
			do   func() error
		}{
			{"retitled", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &title})
				return err
			}},
			{"of another kind and process", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Kind: &kind, Process: &process})
				return err
			}},
			{"of another owner", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Owner: &owner})
				return err
			}},
			{"reviewed at another interval", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, ReviewMonths: &months})
				return err
			}},
			{"reviewed without a change", func() error {
				_, err := r.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: v.ID})
				return err
			}},
			{"not reviewed any more", func() error {
				none := qms.Months(0)
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, ReviewMonths: &none})
				return err
			}},
			{"reviewed again", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, ReviewMonths: &months})
				return err
			}},
			{"called as it was first", func() error {
				_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &d.Title})
				return err
			}},
		}
		want := []string{r.line(0)}
		for _, step := range steps {
			r.days(10)
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			want = append(want, r.line(0))
			if want[len(want)-1] == want[len(want)-2] {
				t.Errorf("%s: the list shows nothing of it", step.what)
			}
		}
		if want[1] != title+", PR, ACH, Agent 02, "+first.AddMonths(24).String() {
			t.Errorf("retitled: %s", want[1])
		}
		for i := range want {
			for _, day := range []qms.Date{first.AddDays(10 * i), first.AddDays(10*i + 9)} {
				if got := r.line(min(day, r.db.Today())); got != want[i] {
					t.Errorf("as of %s: %s, want %s", day, got, want[i])
				}
			}
		}
	})
}

func TestMasterList_OfAPastDayEndsWithTheDayWhereTheSiteIs(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		r.approve(v, 0)
		clock := storetest.ClockOf(r.db)
		for r.db.Today() == qms.DateOf(r.db.Now(), time.UTC) { // until the site is a day ahead of UTC
			clock.Advance(15 * time.Minute)
		}
		day := r.db.Today()
		clock.Advance(-20 * time.Minute)
		revise := func(title string) {
			_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &title})
			r.must(err)
		}
		revise("Of the evening")
		clock.Advance(25 * time.Minute)
		revise("Of the night")
		r.days(1)
		for back, title := range []string{"Of the night", "Of the evening"} {
			if got := r.line(day.AddDays(-back)); !strings.HasPrefix(got, title) {
				t.Errorf("as of %s: %s, want %s", day.AddDays(-back), got, title)
			}
		}
	})
}

// working is a platform at work: what may be done on a day, at random but the same each time.
type working struct {
	room
	random    *rand.Rand
	documents []*Document
	done      map[string]int
}

func (l *working) word(words ...string) string { return words[l.random.IntN(len(words))] }

func (l *working) begin() error {
	months := qms.Months(l.random.IntN(4))
	d, v, err := l.Create(writer, Create{Platform: mic, Kind: l.word("PR", "MO"), Process: l.word("ACH", "MIC"), Title: l.title(), ReviewMonths: &months, Reason: "new", File: l.file("a.md", "text")})
	l.must(err)
	l.documents = append(l.documents, d)
	if l.random.IntN(3) > 0 {
		l.approve(v, l.db.Today().AddDays(l.random.IntN(2)*6))
	}
	return nil
}

func (l *working) title() string {
	return l.word("Étape", "Achat", "réception", "Zone") + " " + l.word("1", "2", "3")
}

func (l *working) correct(d *Document) error {
	cmd := Revise{Platform: mic, Document: d.ID}
	title, kind, process := l.title(), l.word("PR", "MO"), l.word("ACH", "MIC", "QUA")
	owner, months := storetest.AgentID(2+l.random.IntN(4)), qms.Months(l.random.IntN(4))
	switch l.random.IntN(5) {
	case 0:
		cmd.Title = &title
	case 1:
		cmd.Kind = &kind
	case 2:
		cmd.Process = &process
	case 3:
		cmd.Owner = &owner
	case 4:
		cmd.ReviewMonths = &months
	}
	_, err := l.Revise(lead, cmd)
	return err
}

// live does one thing, which may be refused.
func (l *working) live() {
	what := l.word("begin", "correct", "correct", "review", "version", "withdraw")
	d := l.documents[l.random.IntN(len(l.documents))]
	s := l.sheet(lead, d.Code)
	var err error
	switch {
	case what == "begin":
		err = l.begin()
	case what == "correct":
		err = l.correct(d)
	case what == "review" && s.InForce != nil:
		_, err = l.ReviewUnchanged(lead, ReviewUnchanged{Platform: mic, Version: s.InForce.ID})
	case what == "version" && s.Open != nil:
		l.approve(&s.Open.Version, 0)
	case what == "version":
		l.next(d, "better")
	case what == "withdraw" && s.InForce != nil && l.random.IntN(3) == 0:
		_, err = l.Withdraw(lead, Withdraw{Platform: mic, Version: s.InForce.ID, Reason: "no longer"})
	default:
		return
	}
	if err != nil && qms.CodeOf(err) != qms.CodeConflict {
		l.must(err)
	}
	if err == nil {
		l.done[what]++
	}
}

// lists are what the day's lists say, however they are asked for: by whom, narrowed, sorted and paged.
func (l *working) lists(day qms.Date) (all []string) {
	filters := []Filter{
		{}, {Kind: "PR"}, {Process: "ACH"}, {Owner: storetest.AgentID(3)}, {Query: "ETAPE"}, {Query: "achat 1"}, {Late: true}, {State: Effective, Sort: "-title"},
		{Sort: "title"}, {Sort: "-review"}, {Sort: "effective"}, {Sort: "process"}, {Group: GroupProcess, Sort: "-review"}, {State: Superseded}, {State: Draft, Sort: "-effective"},
	}
	for _, f := range filters {
		f.AsOf = day
		for who, ctx := range map[string]context.Context{"lead": lead, "reader": reader} {
			text := []string{fmt.Sprintf("%s %+v", who, f)}
			for c := (qms.Cursor{Size: 4}); ; {
				list, err := l.MasterList(ctx, mic, f, c)
				l.must(err)
				for _, line := range list.Items {
					text = append(text, told(line))
				}
				if c.After = list.Next; c.After == "" {
					text = append(text, fmt.Sprint(list.Counts))
					break
				}
			}
			all = append(all, strings.Join(text, "\n"))
		}
	}
	l.must(l.db.View(lead, qms.ReadDocuments.On(mic), func(r store.Reader) error {
		list, err := ListIn(lead, r, mic, Filter{AsOf: day})
		for _, line := range list {
			all = append(all, told(line))
		}
		return err
	}))
	slices.Sort(all)
	return all
}

// told is a line, but for the end of its version, which nobody knew while it was in force.
func told(l Listed) string {
	l.EffectiveUntil = 0
	return fmt.Sprintf("%+v", l)
}

func TestMasterList_OfAPastDayIsTheListThatWasTakenOnThatDay(t *testing.T) {
	each(t, func(r room) {
		l := &working{room: r, random: rand.New(rand.NewPCG(3, 4)), done: map[string]int{}}
		for range 4 {
			l.must(l.begin())
		}
		taken := map[qms.Date][]string{}
		for range 24 {
			for range 3 {
				l.live()
			}
			taken[r.db.Today()] = l.lists(r.db.Today())
			r.days(1 + l.random.IntN(14))
		}
		for day, want := range taken {
			if got := l.lists(day); !slices.Equal(got, want) {
				for i := range want {
					if got[i] != want[i] {
						t.Fatalf("as of %s:\n%s\nand on that day:\n%s", day, got[i], want[i])
					}
				}
			}
		}
		for _, what := range []string{"begin", "correct", "review", "version", "withdraw"} {
			if l.done[what] < 2 {
				t.Errorf("%s happened %d times", what, l.done[what])
			}
		}
	})
}

func TestMasterList_OfAPastDayTakesAtMostSixStatements(t *testing.T) {
	each(t, func(r room) {
		count := func(day qms.Date) (first, again int) {
			r.surveys.kept, r.corrections.kept = nil, nil
			for _, n := range []*int{&first, &again} {
				ctx, counter := store.CountStatements(lead)
				_, err := r.MasterList(ctx, mic, Filter{AsOf: day}, qms.Cursor{})
				r.must(err)
				*n = counter.Count()
			}
			return first, again
		}
		day := r.db.Today()
		for i := range 12 {
			d, v := r.create("PR", "ACH", fmt.Sprint("Achats ", i), "text")
			r.approve(v, 0)
			r.days(1)
			title := fmt.Sprint("Retitled ", i)
			_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &title})
			r.must(err)
			first, again := count(day)
			if first > 6 || again > 3 {
				t.Errorf("after %d corrections: %d statements, then %d", i+1, first, again)
			}
		}
	})
}

func TestMasterList_OfAPastDayKeepsWhatIsOutOfReachOutOfReach(t *testing.T) {
	each(t, func(r room) {
		near, v1 := r.create("PR", "ACH", "Near", "text")
		far, v2 := r.create("PR", "ACH", "Far", "text")
		r.approve(v1, 0)
		r.approve(v2, 0)
		r.address(near, storetest.AgentID(8))
		day := r.db.Today()
		r.days(2)
		for _, d := range []*Document{near, far} {
			title, owner := "Now "+d.Title, storetest.AgentID(5)
			_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &title, Owner: &owner})
			r.must(err)
		}
		list, err := r.MasterList(trainee, mic, Filter{AsOf: day}, qms.Cursor{})
		r.must(err)
		if len(list.Items) != 1 || list.Items[0].Title != "Near" || list.Counts.Matching != 1 || len(list.Owners) != 1 || list.Owners[0].ID != storetest.AgentID(2) {
			t.Errorf("sees %+v, %+v, %+v", list.Items, list.Counts, list.Owners)
		}
		for query, want := range map[string]int{"far": 0, "now": 0, "near": 1} {
			found, err := r.MasterList(trainee, mic, Filter{AsOf: day, Query: query}, qms.Cursor{})
			r.must(err)
			if len(found.Items) != want || found.Counts.Matching != int64(want) {
				t.Errorf("%q finds %d", query, len(found.Items))
			}
		}
		other, err := r.MasterList(stranger, cyt, Filter{AsOf: day}, qms.Cursor{})
		r.must(err)
		if len(other.Items) != 0 {
			t.Errorf("another platform shows %+v", other.Items)
		}
	})
}
