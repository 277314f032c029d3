package audits

import (
	"context"
	"encoding/json"
	"fmt"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Tally is what a full exercise counted: over all, and by month. Keys are the codes of checks, and
// "chains" and "uses" for how many there were; a chain is of the month of its request, a use of its
// own, a record without a parent (S07) of its own.
type Tally struct {
	Total  map[string]int            `json:"total"`
	Months map[string]map[string]int `json:"months"` // by "2026-01"
}

// The keys of a tally besides the codes of checks.
const (
	CountChains = "chains"
	CountUses   = "uses"
)

func newTally() *Tally { return &Tally{Total: map[string]int{}, Months: map[string]map[string]int{}} }

func (t *Tally) add(key string, on qms.Date) {
	t.Total[key]++
	name := on.String()[:len("2026-01")]
	month := t.Months[name]
	if month == nil {
		month = map[string]int{}
		t.Months[name] = month
	}
	month[key]++
}

// visitor counts what a full check meets: memory grows with the months only.
func (t *Tally) visitor(dangling map[trace.Stage][]string) trace.Visitor {
	return trace.Visitor{
		Chain: func(v trace.ChainVerdict) error {
			t.add(CountChains, v.Chain.Request.Date)
			for _, f := range v.Verdict.Fired {
				t.add(string(f.Check), v.Chain.Request.Date)
			}
			return nil
		},
		Dangling: func(stage trace.Stage, number string) error {
			dangling[stage] = append(dangling[stage], number)
			return nil
		},
		Use: func(v trace.UseVerdict) error {
			t.add(CountUses, v.Use.Date)
			if v.Check != "" {
				t.add(string(v.Check), v.Use.Date)
			}
			return nil
		},
	}
}

// Examine is the full check of a platform as of a day; it writes nothing.
func (s *Service) Examine(ctx context.Context, platform qms.ID, asOf qms.Date) (*trace.Findings, error) {
	if err := qms.InvalidFields(checkAsOf(asOf, s.db.Today())...); err != nil {
		return nil, err
	}
	var findings *trace.Findings
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) (err error) {
		findings, err = s.trace.Examine(ctx, r, platform, asOf, trace.Visitor{})
		return err
	})
	return findings, err
}

// RunFull makes a full exercise: Examine, and its result on record. Nobody judges in it, so that it is
// the same whoever runs it.
func (s *Service) RunFull(ctx context.Context, platform qms.ID, asOf qms.Date) (*Exercise, error) {
	if err := qms.InvalidFields(checkAsOf(asOf, s.db.Today())...); err != nil {
		return nil, err
	}
	var e *Exercise
	act := qms.Act{Name: "exercise.full", Needs: qms.RunExercises.On(platform), Platform: platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		tally, dangling := newTally(), map[trace.Stage][]string{}
		findings, err := s.trace.Examine(ctx, tx, platform, asOf, tally.visitor(dangling))
		if err != nil {
			return err
		}
		if err := datesOf(ctx, tx, platform, dangling, func(_ trace.Stage, _ string, on qms.Date) { tally.add(string(trace.S07), on) }); err != nil {
			return err
		}
		if e, err = fullExercise(findings, tally); err != nil {
			return err
		}
		e.Evaluator, e.StartedAt, e.ConcludedAt = tx.Actor().ID, tx.Now(), tx.Now()
		if e.Number, err = nextNumber(ctx, tx, false); err != nil {
			return err
		}
		return tx.Insert(ctx, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

func fullExercise(f *trace.Findings, tally *Tally) (*Exercise, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	counted, err := json.Marshal(tally)
	if err != nil {
		return nil, err
	}
	found := int64(f.Chains.Total - f.Chains.Broken + f.Uses.Total - len(f.Uncovered))
	score := Score{Found: found, Expected: int64(f.Chains.Total + f.Uses.Total + len(f.Dangling))}
	return &Exercise{
		Scope: FullScope, AsOf: f.AsOf, State: Concluded, Verdict: score.Verdict(), Findings: string(text), Tally: string(counted),
		PopulationSize: score.Expected, Found: score.Found, Expected: score.Expected,
	}, nil
}

// FindingsOf is what a full exercise found.
func FindingsOf(e Exercise) (*trace.Findings, error) {
	var f trace.Findings
	if err := json.Unmarshal([]byte(e.Findings), &f); err != nil {
		return nil, fmt.Errorf("findings of %s: %w", e.Number, err)
	}
	return &f, nil
}

// TallyOf is what a full exercise counted. One of before tallies were kept has its totals, from its
// findings, and no months.
func TallyOf(e Exercise) (*Tally, error) {
	t := newTally()
	if e.Tally != "" {
		if err := json.Unmarshal([]byte(e.Tally), t); err != nil {
			return nil, fmt.Errorf("tally of %s: %w", e.Number, err)
		}
		return t, nil
	}
	if e.Findings == "" {
		return t, nil
	}
	f, err := FindingsOf(e)
	if err != nil {
		return nil, err
	}
	t.Total[CountChains], t.Total[CountUses], t.Total[string(trace.S07)] = f.Chains.Total, f.Uses.Total, len(f.Dangling)
	for _, b := range f.Broken {
		for _, check := range b.Defects {
			t.Total[string(check)]++
		}
	}
	for _, u := range f.Uncovered {
		t.Total[string(u.Defect)]++
	}
	return t, nil
}
