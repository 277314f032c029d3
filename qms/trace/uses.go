package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// UseFilter narrows and orders the list of uses. Its zero fields do not narrow.
type UseFilter struct {
	AsOf      qms.Date // today when none
	Person    qms.ID
	Equipment qms.ID
	From, To  qms.Date // both days included
	Uncovered bool     // only those that a check fires for
	Check     Check    // only those that this one fires for
	Sort      string   // "date" or "number", a minus before it for descending; "-date" when empty
}

// UseLine is one use in a list, with the names a reader knows.
type UseLine struct {
	Use       Use
	Check     Check // empty when a training covers it
	Person    Person
	Equipment Equipment
}

// Uses lists uses, in two statements and what People needs.
func (s *Service) Uses(ctx context.Context, platform qms.ID, f UseFilter, c qms.Cursor) (page qms.Page[UseLine], err error) {
	o, err := orderOf(f.Sort, "-date", "date", "number")
	if err != nil {
		return page, err
	}
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		lines, err := useLines(ctx, r, platform, f, o, after, c.Limit(), all, people)
		page = qms.PageOf(lines, c.Limit(), func(l UseLine) string {
			if o.column == "number" {
				return qms.EncodeAfter(l.Use.Number, l.Use.Number)
			}
			return qms.EncodeAfter(l.Use.Date.String(), l.Use.Number)
		})
		return err
	})
	return page, err
}

// useLines reads one more line than the page has. Where only the checks can answer the filter, it
// reads on until it has enough.
func useLines(ctx context.Context, r store.Reader, platform qms.ID, f UseFilter, o order, after []string, limit int,
	all *facts, people map[qms.ID]Person) ([]UseLine, error) {
	rows, err := usePage(ctx, r, platform, f, o, after, limit+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	scan, err := scannerOf(rows)
	if err != nil {
		return nil, err
	}
	g := all.ground(f.AsOf, nil)
	var lines []UseLine
	for len(lines) <= limit && scan.next() {
		u := Use{Row: qms.Row{ID: qms.ID(scan.text(0)), Platform: platform, Revision: scan.integer(1)}, Number: scan.text(2),
			Person: qms.ID(scan.text(3)), Equipment: qms.ID(scan.text(4)), Date: scan.date(5), Minutes: scan.integer(6), Project: scan.text(7), Began: scan.text(8)}
		check := JudgeUse(u, g)
		if f.Uncovered && check == "" || f.Check != "" && check != f.Check {
			continue
		}
		lines = append(lines, UseLine{Use: u, Check: check, Person: people[u.Person], Equipment: all.equipment[u.Equipment]})
	}
	return lines, scan.done()
}

// UseSheet is one use with the trainings of its person on its equipment.
type UseSheet struct {
	UseLine
	Trainings []TrainingLine // begun by today, newest first
}

// UseSheet reads one use by its number, in two statements and what People needs. A voided one is read
// too.
func (s *Service) UseSheet(ctx context.Context, platform qms.ID, number string) (u *UseSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		use, err := byNumber[Use](ctx, r, platform, Normal(number))
		if err != nil {
			return err
		}
		all, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{use.Person}, equipment: []qms.ID{use.Equipment}})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		today := max(r.Today(), use.Date)
		u = &UseSheet{UseLine: UseLine{Use: *use, Check: JudgeUse(*use, all.ground(today, nil)), Person: people[use.Person], Equipment: all.equipment[use.Equipment]}}
		u.Trainings = trainingLines(all, people, today)
		slices.SortStableFunc(u.Trainings, func(a, b TrainingLine) int { return int(b.Training.Date - a.Training.Date) })
		return nil
	})
	return u, err
}
