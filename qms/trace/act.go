package trace

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// checking reads what a person states within an act: input, with what the platform knows.
type checking struct {
	input
	ctx      context.Context // lives as long as the act it serves
	tx       *store.Tx
	s        *Service
	platform qms.ID
	people   map[qms.ID]bool
	pieces   map[qms.ID]*Equipment // those asked for so far
	err      error                 // an internal one
}

// outcome is the refusal of what is wrong, or nothing.
func (in *checking) outcome() error {
	if in.err != nil {
		return in.err
	}
	return qms.InvalidFields(in.wrong...)
}

// past reads a required day that has come.
func (in *checking) past(field string, d qms.Date) qms.Date {
	if in.requiredDate(field, d) > in.tx.Today() {
		in.fail(field, "date.future", d)
	}
	return d
}

// person wants a member of the platform, of any time; empty is allowed.
func (in *checking) person(field string, id qms.ID) qms.ID {
	if id == "" || in.err != nil {
		return id
	}
	if in.people == nil {
		members, err := in.s.people.PeopleOf(in.ctx, in.tx, in.platform)
		in.err, in.people = err, make(map[qms.ID]bool, len(members))
		for _, m := range members {
			in.people[m.ID] = true
		}
	}
	if in.err == nil && !in.people[id] {
		in.fail(field, "person.not_member")
	}
	return id
}

func (in *checking) requiredPerson(field string, id qms.ID) qms.ID {
	if id == "" {
		in.fail(field, "input.required")
	}
	return in.person(field, id)
}

// piece wants equipment of the platform that counts.
func (in *checking) piece(field string, id qms.ID) qms.ID {
	if id == "" {
		in.fail(field, "input.required")
		return id
	}
	if e := in.equipment(id); in.err == nil && (e == nil || e.Void != "") {
		in.fail(field, "equipment.not_here")
	}
	return id
}

// parent wants the number of a record that counts; empty is allowed.
func parent[T any, P counted[T]](in *checking, field, number, missing string) (string, P) {
	number = in.code(field, number)
	if number == "" {
		return "", nil
	}
	row, err := byNumber[T](in.ctx, in.tx, in.platform, number)
	switch {
	case qms.CodeOf(err) == qms.CodeNotFound || err == nil && P(row).void() != "":
		in.fail(field, missing, number)
	case err != nil:
		in.err = err
	}
	return number, row
}

func (in *checking) request(field, number string) string {
	if strings.TrimSpace(number) == "" {
		in.fail(field, "input.required")
	}
	number, _ = parent[Request](in, field, number, "request.unknown")
	return number
}

// counted is a record that may be void.
type counted[T any] interface {
	record[T]
	void() string
	setVoid(reason string)
}

// series is a record whose number is given out per platform and year.
type series interface {
	numbered() (prefix string, number *string, on qms.Date)
}

func (r *Request) numbered() (string, *string, qms.Date) { return "DEM", &r.Number, r.Date }
func (q *Quote) numbered() (string, *string, qms.Date)   { return "DEV", &q.Number, q.Date }
func (r *Report) numbered() (string, *string, qms.Date)  { return "RAP", &r.Number, r.Date }
func (i *Invoice) numbered() (string, *string, qms.Date) { return "FAC", &i.Number, i.Date }
func (u *Use) numbered() (string, *string, qms.Date)     { return "UTI", &u.Number, u.Date }

func (r *Request) void() string     { return r.Void }
func (q *Quote) void() string       { return q.Void }
func (r *Report) void() string      { return r.Void }
func (i *Invoice) void() string     { return i.Void }
func (e *Equipment) void() string   { return e.Void }
func (c *Calibration) void() string { return c.Void }
func (t *Training) void() string    { return t.Void }
func (u *Use) void() string         { return u.Void }

func (r *Request) setVoid(reason string)     { r.Void = reason }
func (q *Quote) setVoid(reason string)       { q.Void = reason }
func (r *Report) setVoid(reason string)      { r.Void = reason }
func (i *Invoice) setVoid(reason string)     { i.Void = reason }
func (e *Equipment) setVoid(reason string)   { e.Void = reason }
func (c *Calibration) setVoid(reason string) { c.Void = reason }
func (t *Training) setVoid(reason string)    { t.Void = reason }
func (u *Use) setVoid(reason string)         { u.Void = reason }

// adopted tells the counters of numbers that were not given out here, so that theirs continue after
// the highest one.
func adopted(ctx context.Context, tx *store.Tx, rows []qms.Record) error {
	highest := map[string]int64{}
	for _, row := range rows {
		s, ok := row.(series)
		if !ok {
			return nil
		}
		prefix, number, _ := s.numbered()
		year, n, ok := ordinal(prefix, *number)
		if ok {
			counter := prefix + "-" + year
			highest[counter] = max(highest[counter], n)
		}
	}
	for counter, n := range highest {
		if err := tx.AtLeast(ctx, counter, n); err != nil {
			return err
		}
	}
	return nil
}

// ordinal takes DEM-2026-0012 apart. Any other form is not of our series.
func ordinal(prefix, number string) (year string, n int64, ok bool) {
	rest, ok := strings.CutPrefix(number, prefix+"-")
	if !ok || len(rest) < 6 || rest[4] != '-' || len(rest) > 14 {
		return "", 0, false
	}
	if _, err := strconv.ParseUint(rest[:4], 10, 16); err != nil {
		return "", 0, false
	}
	u, err := strconv.ParseUint(rest[5:], 10, 62)
	return rest[:4], int64(u), err == nil
}

// name gives a record its number: the one stated when it is free, else the next of its year.
func name[T any](in *checking, row series) error {
	prefix, number, on := row.numbered()
	*number = in.code("number", *number)
	if err := in.outcome(); err != nil {
		return err
	}
	if *number != "" {
		_, err := byNumber[T](in.ctx, in.tx, in.platform, *number)
		switch {
		case err == nil:
			return qms.InvalidFields(qms.Wrong("number", "number.taken", *number))
		case qms.CodeOf(err) != qms.CodeNotFound:
			return err
		}
		return adopted(in.ctx, in.tx, []qms.Record{row.(qms.Record)})
	}
	n, err := in.tx.Next(in.ctx, fmt.Sprintf("%s-%d", prefix, on.Year()))
	*number = fmt.Sprintf("%s-%d-%04d", prefix, on.Year(), n)
	return err
}

// enter records something new: state reads the command into the row.
func enter[T any, P counted[T]](ctx context.Context, s *Service, act qms.Act, state func(in *checking, row P)) (*T, error) {
	row := P(new(T))
	row.Head().ID = qms.NewID(s.db.Now())
	act.Subject = row.Head().ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &checking{ctx: ctx, tx: tx, s: s, platform: act.Platform}
		state(in, row)
		if err := in.outcome(); err != nil {
			return err
		}
		if numbered, ok := any(row).(series); ok {
			if err := name[T](in, numbered); err != nil {
				return err
			}
		}
		return tx.Insert(ctx, row)
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}

// Target is the record that an act changes, as its actor saw it.
type Target struct {
	Platform qms.ID
	ID       qms.ID
	Revision int64  // the one that the actor saw
	Reason   string // why; required for a correction and to void
}

// revise changes a record that counts.
func revise[T any, P counted[T]](ctx context.Context, s *Service, act qms.Act, target Target, state func(in *checking, row P)) (*T, error) {
	act.Platform, act.Subject, act.Reason = target.Platform, target.ID, strings.TrimSpace(target.Reason)
	var row P
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		found, err := byID[T](ctx, tx, target.Platform, target.ID)
		if err != nil {
			return err
		}
		if row = found; row.void() != "" {
			return qms.Conflict("record.void")
		}
		row.Head().Revision = target.Revision
		in := &checking{ctx: ctx, tx: tx, s: s, platform: target.Platform}
		state(in, row)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, row)
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}

// correct is revise for what was stated wrongly: it wants the reason.
func correct[T any, P counted[T]](ctx context.Context, s *Service, act qms.Act, target Target, state func(in *checking, row P)) (*T, error) {
	return revise(ctx, s, act, target, func(in *checking, row P) {
		in.long("reason", target.Reason)
		if strings.TrimSpace(target.Reason) == "" {
			in.fail("reason", "input.required")
		}
		state(in, row)
	})
}

// annul voids a record: it stays readable and no longer counts.
func annul[T any, P counted[T]](ctx context.Context, s *Service, act qms.Act, target Target) (*T, error) {
	return correct(ctx, s, act, target, func(_ *checking, row P) { row.setVoid(strings.TrimSpace(target.Reason)) })
}
