package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// RolesDue lists the roles on platforms that end from day on and until the day: somebody should say
// whether they go on: who has it, and of an auditor's access who leads the platform. A role that is over is over, and one that the same
// person holds again without a gap does not end. It is pure.
func RolesDue(all []Held, day, until qms.Date) (due []qms.Due) {
	type place struct {
		person, platform qms.ID
		role             qms.Role
	}
	held := map[place][]Held{}
	for _, h := range all {
		at := place{h.Person, h.Platform, h.Role}
		held[at] = append(held[at], h)
	}
	for _, h := range all {
		if h.Platform == "" || h.Until == 0 || h.Until < day || h.Until > until || h.From >= h.Until {
			continue
		}
		goesOn := false
		for _, other := range held[place{h.Person, h.Platform, h.Role}] {
			goesOn = goesOn || other.Grant != h.Grant && other.From <= h.Until && (other.Until == 0 || other.Until > h.Until)
		}
		if !goesOn {
			d := qms.Due{Key: "role:" + string(h.Grant), Kind: "role", Platform: h.Platform, Subject: h.Person,
				Title: h.Name, Form: "role-" + string(h.Role), On: h.Until, Person: h.Person, Parts: []string{"members"}, Revision: h.Revision}
			if h.Role == qms.Auditor { // nothing is asked of auditors: whether they go on is for who lets them in
				d.Person, d.Parts = "", []string{"audit"}
			}
			due = append(due, d)
		}
	}
	return due
}

// Dues lists the roles on the platforms, on every one when none is named, that end from day on and by
// until. It takes one statement.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	all, err := HeldAnywhere(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	due := RolesDue(all, day, until)
	qms.SortDues(due)
	return due, nil
}
