package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// CompareDays asks what changed in the documents of a platform between two days, two evaluations for
// example. Rows of one process or of one kind of change only are kept when these are named.
type CompareDays struct {
	Platform qms.ID
	From     qms.Date // EvaluationMonths before To when zero
	To       qms.Date // today when zero
	Process  string
	Kind     ChangeKind
}

// EvaluationMonths is the time from one evaluation of a platform to the next.
const EvaluationMonths = qms.Months(24)

// Evolution is what changed between two days.
type Evolution struct {
	From, To  qms.Date
	Rows      []Evolved // by code, as the question narrows them
	Count     map[ChangeKind]int
	Changed   int // documents, whatever the question narrows
	Unchanged int // documents in force on both days, of which nothing changed
	Before    int // documents in force on the first day
	After     int // documents in force on the second
	Overdue   int // documents in force on the second day whose review was due before it
	Processes []Process
}

// Evolved is one document that changed.
type Evolved struct {
	Change
	Of       *Document
	Changed  []ChangeKind
	Steps    []*Version // that took effect after the first day and by the second, oldest first
	Approver map[qms.ID]string
	EndedOn  qms.Date // when nothing is in force any more
	Remark   string   // why it was withdrawn
	Late     []LateReview
}

// Evolution tells what changed in the documents of a platform between two days: what was in force on
// each, which versions came between, what was called or classified otherwise (from the trail), and
// which periodic reviews came late. Only what was in force counts; drafts do not.
func (s *Service) Evolution(ctx context.Context, cmd CompareDays) (*Evolution, error) {
	var e *Evolution
	err := s.db.View(ctx, qms.ReadDocuments.On(cmd.Platform), func(r store.Reader) (err error) {
		if cmd.To == 0 {
			cmd.To = r.Today()
		}
		if cmd.From == 0 {
			cmd.From = cmd.To.AddMonths(-EvaluationMonths)
		}
		if cmd.From >= cmd.To {
			return qms.InvalidFields(qms.Wrong("from", "changes.days_order", cmd.From, cmd.To))
		}
		e, err = s.evolution(ctx, r, cmd)
		return err
	})
	return e, err
}

func (s *Service) evolution(ctx context.Context, r store.Reader, cmd CompareDays) (*Evolution, error) {
	all, err := documentsWithin(ctx, r, reachOf(r, cmd.Platform))
	if err != nil {
		return nil, err
	}
	versions, err := inForceBetween(ctx, r, cmd.Platform, cmd.From, cmd.To)
	if err != nil {
		return nil, err
	}
	reviews, err := reviewsAfter(ctx, r, cmd.Platform, cmd.From)
	if err != nil {
		return nil, err
	}
	was, err := pastOf(ctx, r, cmd.Platform, all)
	if err != nil {
		return nil, err
	}
	e := &Evolution{From: cmd.From, To: cmd.To, Count: map[ChangeKind]int{}}
	if e.Processes, err = processesOf(ctx, r, cmd.Platform); err != nil {
		return nil, err
	}
	e.fill(all, versions, reviews, was)
	e.Rows = slices.DeleteFunc(e.Rows, func(row Evolved) bool {
		return cmd.Process != "" && !row.in(cmd.Process) || cmd.Kind != "" && !slices.Contains(row.Changed, cmd.Kind)
	})
	return e, s.nameApprovers(ctx, r, e)
}

// in reports whether the document belonged to the process on either day.
func (c Change) in(process string) bool {
	return c.Before != nil && c.Before.Process == process || c.After != nil && c.After.Process == process
}

// fill makes the rows and the figures. It is pure.
func (e *Evolution) fill(all []*Document, versions []*Version, reviews []PeriodicReview, was past) {
	byDocument, reviewed := map[qms.ID][]*Version{}, map[qms.ID][]PeriodicReview{}
	for _, v := range versions {
		byDocument[v.Document] = append(byDocument[v.Document], v)
	}
	for _, p := range reviews {
		reviewed[p.Document] = append(reviewed[p.Document], p)
	}
	before, after := e.stood(all, byDocument, was)
	for id, then := range after {
		if due := then.Version.reviewThen(reviewed[id], e.To); due != 0 && due < e.To {
			e.Overdue++
		}
	}
	e.Before, e.After = len(before), len(after)
	changed := map[qms.ID]Change{}
	for _, c := range Changes(before, after) {
		changed[c.Document] = c
	}
	for _, d := range all {
		late := LateReviews(byDocument[d.ID], reviewed[d.ID], e.From, e.To)
		c, found := changed[d.ID]
		then, stood := after[d.ID]
		switch {
		case !found && len(late) > 0 && stood: // reviewed late, otherwise as it was
			c = Change{d.ID, &then, &then}
		case !found && stood:
			e.Unchanged++
			continue
		case !found:
			continue
		}
		e.add(d, c, byDocument[d.ID], late)
	}
}

// stood is how the documents stood on the two days, those of which a version was in force.
func (e *Evolution) stood(all []*Document, versions map[qms.ID][]*Version, was past) (before, after map[qms.ID]Then) {
	before, after = map[qms.ID]Then{}, map[qms.ID]Then{}
	for _, d := range all {
		for day, stood := range map[qms.Date]map[qms.ID]Then{e.From: before, e.To: after} {
			if v := effectiveOn(versions[d.ID], day); v != nil {
				then := was.on(d, day)
				stood[d.ID] = Then{v, then.Title, then.Kind, then.Process}
			}
		}
	}
	return before, after
}

func effectiveOn(versions []*Version, day qms.Date) *Version {
	for _, v := range versions {
		if state, exists := v.StateOn(day); exists && state == Effective {
			return v
		}
	}
	return nil
}

func (e *Evolution) add(d *Document, c Change, versions []*Version, late []LateReview) {
	row := Evolved{Change: c, Of: d, Changed: c.Kinds(), Late: late}
	if len(late) > 0 {
		row.Changed = append(row.Changed, ChangeLate)
	}
	for _, v := range versions {
		if v.EffectiveFrom > e.From && v.EffectiveFrom <= e.To {
			row.Steps = append(row.Steps, v)
		}
	}
	if c.After == nil && len(versions) > 0 {
		last := versions[len(versions)-1]
		row.EndedOn = last.EffectiveUntil
		if last.State == Withdrawn {
			row.Remark = last.Remark
		}
	}
	for _, kind := range row.Changed {
		e.Count[kind]++
	}
	e.Changed++
	e.Rows = append(e.Rows, row)
}

// nameApprovers says who approved the versions that came.
func (s *Service) nameApprovers(ctx context.Context, r store.Reader, e *Evolution) error {
	persons := map[qms.ID]bool{}
	for _, row := range e.Rows {
		for _, v := range row.Steps {
			persons[v.Approver] = true
		}
	}
	delete(persons, "")
	names, err := s.people.Names(ctx, r, sortedKeys(persons))
	for i := range e.Rows {
		e.Rows[i].Approver = names
	}
	return err
}
