package documents

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// Addressee is one entry of a distribution: a person or a role, to whom one document is addressed, or
// all documents of a kind, from a day on. It is ended by an act with a reason, and never deleted.
type Addressee struct {
	qms.Row
	Document  qms.ID   // none when all documents of Kind are addressed
	Kind      string   `bun:",nullzero"`
	Person    qms.ID   // none when everybody in Role is addressed
	Role      qms.Role `bun:",nullzero"`
	FromDate  qms.Date // first day
	UntilDate qms.Date // first day no longer; none while nothing ends it
	Ending    string   // why it was ended
}

// Period is the days on which the entry holds.
func (a *Addressee) Period() qms.Period { return qms.Period{From: a.FromDate, Until: a.UntilDate} }

// about reports whether the entry addresses the document.
func (a *Addressee) about(d *Document) bool {
	if a.Document != "" {
		return a.Document == d.ID
	}
	return a.Kind != "" && a.Kind == d.Kind
}

// Holding is one role that a person holds, on the platform or on the site, for a period: only roles
// that may acknowledge a reading.
type Holding struct {
	Person qms.ID
	Name   string
	Role   qms.Role
	qms.Period
	Revision int64 // of what gives the role
}

// Reader is somebody to whom a document is addressed on a day.
type Reader struct {
	Person qms.ID
	Name   string
	Since  qms.Date   // the first of the days without a gap on which it was addressed to them
	Named  bool       // the person is named, not only a role
	Roles  []qms.Role // the roles through which it is addressed to them, in the order of the entries
}

// Readers are the people to whom a document with those entries is addressed on the day, by name. A
// role is whoever holds it on the day, so somebody who joins is asked from then on, and somebody who
// has left is not asked any more, named or not. It is pure.
func Readers(entries []Addressee, holdings []Holding, day qms.Date) []Reader {
	periods := map[qms.ID][]qms.Period{}
	found := map[qms.ID]*Reader{}
	for i := range entries {
		e := &entries[i]
		for _, h := range holdings {
			if e.Person != "" && e.Person != h.Person || e.Person == "" && e.Role != h.Role {
				continue
			}
			both, some := overlap(e.Period(), h.Period)
			if !some {
				continue
			}
			periods[h.Person] = append(periods[h.Person], both)
			if both.Contains(day) {
				note(found, e, h)
			}
		}
	}
	readers := make([]Reader, 0, len(found))
	for person, r := range found {
		r.Since = beginning(periods[person], day)
		readers = append(readers, *r)
	}
	slices.SortFunc(readers, func(a, b Reader) int {
		return cmp.Or(cmp.Compare(fold(a.Name), fold(b.Name)), cmp.Compare(a.Person, b.Person))
	})
	return readers
}

func note(found map[qms.ID]*Reader, e *Addressee, h Holding) {
	r := found[h.Person]
	if r == nil {
		r = &Reader{Person: h.Person, Name: h.Name}
		found[h.Person] = r
	}
	switch {
	case e.Person != "":
		r.Named = true
	case !slices.Contains(r.Roles, e.Role):
		r.Roles = append(r.Roles, e.Role)
	}
}

// overlap is the days that are in both periods, and whether there is any.
func overlap(a, b qms.Period) (qms.Period, bool) {
	p := qms.Period{From: max(a.From, b.From), Until: a.Until}
	if b.Until != 0 && (p.Until == 0 || b.Until < p.Until) {
		p.Until = b.Until
	}
	return p, p.Until == 0 || p.From < p.Until
}

// beginning is the first of the days up to day that the periods cover without a gap.
func beginning(periods []qms.Period, day qms.Date) qms.Date {
	first := day
	for moved := true; moved; {
		moved = false
		for _, p := range periods {
			if p.From < first && (p.Until == 0 || p.Until >= first) {
				first, moved = p.From, true
			}
		}
	}
	return first
}
