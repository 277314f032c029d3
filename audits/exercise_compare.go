package audits

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// maxSeries bounds how many exercises a page of years shows, the latest ones.
const maxSeries = 400

// Series lists the concluded exercises of a platform from the oldest, for the page of its years: those
// for practice only when they are asked for.
func (s *Service) Series(ctx context.Context, platform qms.ID, practice bool) (all []Exercise, err error) {
	f := ExerciseFilter{State: Concluded, Practice: "no"}
	if practice {
		f.Practice = ""
	}
	err = s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) error {
		for c := (qms.Cursor{Size: qms.MaxPageSize}); len(all) < maxSeries; {
			rows, err := exercises(ctx, r, platform, f, c)
			if err != nil {
				return err
			}
			page := qms.PageOf(rows, c.Limit(), func(e Exercise) string { return e.ID.String() })
			all = append(all, page.Items...)
			if c.After = page.Next; c.After == "" {
				break
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Exercise) int { return cmp.Or(int(a.AsOf-b.AsOf), a.StartedAt.Compare(b.StartedAt)) })
	return all, err
}

// FullResult is a full exercise and what it counted.
type FullResult struct {
	Exercise
	Tally *Tally
}

// FullHistory lists the last n full exercises of a platform up to one of them, the oldest first. Of two
// as of one day the later counts.
func (s *Service) FullHistory(ctx context.Context, platform qms.ID, upTo Exercise, n int) (all []FullResult, err error) {
	err = s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) error {
		rows, err := fullExercises(ctx, r, platform, upTo, 3*n)
		if err != nil {
			return err
		}
		for _, e := range rows {
			if k := len(all); k == n || k > 0 && all[k-1].AsOf == e.AsOf {
				continue
			}
			if e.Tally == "" { // of before tallies were kept
				whole, err := exerciseByNumber(ctx, r, platform, e.Number)
				if err != nil {
					return err
				}
				e.Findings = whole.Findings
			}
			tally, err := TallyOf(e)
			if err != nil {
				return err
			}
			e.Findings = ""
			all = append(all, FullResult{e, tally})
		}
		slices.Reverse(all)
		return nil
	})
	return all, err
}

// Defect is one thing that a full exercise found wrong.
type Defect struct {
	Number string // of the request, of the use, or of the record without a parent
	Check  trace.Check
}

// Comparison is two concluded exercises of one kind side by side. A is the earlier.
type Comparison struct {
	A, B           Exercise
	TallyA, TallyB *Tally // of full ones
	New            []Defect
	Repaired       []Defect
	Lasting        []Defect
	Items          []ComparedItem // of sampled ones: those that are in both
	OnlyA, OnlyB   int            // items of one of them only
}

// ComparedItem is an item of two sampled exercises.
type ComparedItem struct {
	Number string
	Links  []ComparedLink
}

// ComparedLink is one expected link as it was answered twice.
type ComparedLink struct {
	Link string
	A, B Answer
}

// Compare puts two concluded exercises side by side: two full ones, or two samples of one kind.
func (s *Service) Compare(ctx context.Context, platform qms.ID, a, b string) (*Comparison, error) {
	var sheets [2]*Sheet
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) (err error) {
		for i, number := range []string{a, b} {
			if sheets[i], err = loadSheet(ctx, r, platform, number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	first, second := sheets[0], sheets[1]
	x, y := first.Exercise, second.Exercise
	if x.State != Concluded || y.State != Concluded || x.Scope != y.Scope || x.Kind != y.Kind {
		return nil, qms.Conflict("exercise.compare_two")
	}
	if y.AsOf < x.AsOf || y.AsOf == x.AsOf && y.StartedAt.Before(x.StartedAt) {
		first, second = second, first
	}
	out := &Comparison{A: first.Exercise, B: second.Exercise}
	if x.Scope == FullScope {
		return out, out.full()
	}
	out.samples(first, second)
	return out, nil
}

func (c *Comparison) full() (err error) {
	var before, after map[Defect]bool
	if before, c.TallyA, err = defectsOf(c.A); err != nil {
		return err
	}
	if after, c.TallyB, err = defectsOf(c.B); err != nil {
		return err
	}
	for d := range after {
		if before[d] {
			c.Lasting = append(c.Lasting, d)
		} else {
			c.New = append(c.New, d)
		}
	}
	for d := range before {
		if !after[d] {
			c.Repaired = append(c.Repaired, d)
		}
	}
	for _, list := range [][]Defect{c.New, c.Repaired, c.Lasting} {
		slices.SortFunc(list, func(a, b Defect) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Check, b.Check)) })
	}
	c.A.Findings, c.B.Findings = "", ""
	return nil
}

// defectsOf is the set of what a full exercise found wrong.
func defectsOf(e Exercise) (map[Defect]bool, *Tally, error) {
	f, err := FindingsOf(e)
	if err != nil {
		return nil, nil, err
	}
	tally, err := TallyOf(e)
	all := map[Defect]bool{}
	for _, number := range f.Dangling {
		all[Defect{number, trace.S07}] = true
	}
	for _, b := range f.Broken {
		for _, check := range b.Defects {
			all[Defect{b.Request, check}] = true
		}
	}
	for _, u := range f.Uncovered {
		all[Defect{u.Use, u.Defect}] = true
	}
	return all, tally, err
}

func (c *Comparison) samples(a, b *Sheet) {
	before := map[string]SheetItem{}
	for _, i := range a.Items {
		before[i.Number] = i
	}
	for _, i := range b.Items {
		was, both := before[i.Number]
		if !both {
			c.OnlyB++
			continue
		}
		item := ComparedItem{Number: i.Number}
		for _, l := range i.Links {
			link := ComparedLink{Link: l.Link, B: l.Answer}
			for _, w := range was.Links {
				if w.Link == l.Link {
					link.A = w.Answer
				}
			}
			item.Links = append(item.Links, link)
		}
		c.Items = append(c.Items, item)
	}
	c.OnlyA = len(a.Items) - len(c.Items)
}
