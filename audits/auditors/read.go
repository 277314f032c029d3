package auditors

import (
	"context"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Opened is how much somebody opened, in lines of the record, and on which day last.
type Opened struct {
	Count int64
	Last  qms.Date
}

// Line is one access as lists show it. The days are those of the role, whoever moved them.
type Line struct {
	Admission
	Period qms.Period
	State  State
	Opened Opened
	Spent  bool // the key of the site changed since its link was made: it opens nothing
}

// Other is an auditor's role that came another way: named in an evaluation, or given on the page of roles.
type Other struct {
	people.Held
	Opened Opened
}

// Sheet is who may look into a platform, and who might.
type Sheet struct {
	Lines  []Line  // the newest first
	Others []Other // not by invitation; those of the day and to come
}

// Sheet lists the accesses to a platform in five statements, six while a password is to be chosen. Whoever may read its trail may know them.
func (s *Service) Sheet(ctx context.Context, platform qms.ID) (*Sheet, error) {
	sheet := &Sheet{}
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		return sheet.read(ctx, r, s.o.Keys, platform)
	})
	return sheet, err
}

func (v *Sheet) read(ctx context.Context, r store.Reader, keys Keys, platform qms.ID) error {
	all, err := admissionsOf(ctx, r, platform)
	if err != nil {
		return err
	}
	held, err := people.HeldOn(ctx, r, platform)
	if err != nil {
		return err
	}
	seen, err := opened(ctx, r, platform)
	if err != nil {
		return err
	}
	waits, err := waiting(ctx, r, platform)
	if err != nil {
		return err
	}
	since, err := changed(ctx, r, keys, len(waits) > 0)
	if err != nil {
		return err
	}
	grants := map[qms.ID]people.Held{}
	for _, h := range held {
		if h.Role == qms.Auditor {
			grants[h.Grant] = h
		}
	}
	for _, a := range all {
		g := grants[a.RoleGrant]
		period := qms.Period{From: g.From, Until: g.Until}
		v.Lines = append(v.Lines, Line{a, period, a.StateOn(period, r.Today(), waits[a.ID]), seen[a.Person], waits[a.ID] && a.overtaken(since)})
		delete(grants, a.RoleGrant)
	}
	for _, h := range held { // in their order
		if _, other := grants[h.Grant]; other && (h.Until == 0 || h.Until > r.Today()) {
			v.Others = append(v.Others, Other{h, seen[h.Person]})
		}
	}
	return nil
}

// changed is since when the key of the site signs, where that matters; zero where it is not this server's.
func changed(ctx context.Context, r store.Reader, keys Keys, matters bool) (since time.Time, err error) {
	if keys == nil || !matters {
		return since, nil
	}
	if since, err = keys.Since(ctx, r); qms.CodeOf(err) == qms.CodeConflict {
		return time.Time{}, nil
	}
	return since, err
}

// Line is one access of a platform.
func (s *Service) Line(ctx context.Context, platform, id qms.ID) (*Line, error) {
	sheet := &Sheet{}
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error { return sheet.read(ctx, r, s.o.Keys, platform) })
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(sheet.Lines, func(l Line) bool { return l.ID == id })
	if at < 0 {
		return nil, qms.NotFound("record.not_found")
	}
	return &sheet.Lines[at], nil
}

// Own is the actor's own access to a platform, the one that lasts longest; nil for who does not audit it.
func (s *Service) Own(ctx context.Context, platform qms.ID) (period *qms.Period, purpose string, err error) {
	err = s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		g, err := people.Audits(ctx, r, platform, r.Actor().ID, r.Today())
		if err != nil || g == nil {
			return err
		}
		p := g.Period()
		period = &p
		known, err := admissionsOfPerson(ctx, r, r.Actor().ID)
		for _, a := range known {
			if a.RoleGrant == g.ID {
				purpose = a.Purpose
			}
		}
		return err
	})
	return period, purpose, err
}

// IsAuditor reports whether the actor looks into the platform as an auditor.
func IsAuditor(a qms.Actor, platform qms.ID) bool {
	return platform != "" && slices.Contains(a.Grants, qms.Grant{Role: qms.Auditor, Platform: platform})
}
