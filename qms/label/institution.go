package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Institution is one that may stand behind a platform (a tutelle): a university, a research body, a
// hospital. A platform is eligible when one of its institutions is a partner of the programme.
type Institution struct {
	qms.Row
	ShortName    string // as everybody calls it; unique among those that count
	Name         string
	PartnerFrom  qms.Date // first day as a partner of the programme; none when it never was one
	PartnerUntil qms.Date // first day on which it no longer is; none while it is open
	Void         string
}

// PartnerOn reports whether it is a partner of the programme on the day.
func (i *Institution) PartnerOn(day qms.Date) bool {
	return i.Void == "" && i.PartnerFrom != 0 && qms.Period{From: i.PartnerFrom, Until: i.PartnerUntil}.Contains(day)
}

// StateInstitution is what is said of an institution.
type StateInstitution struct {
	Target       // to correct one; its zero value adds one
	ShortName    string
	Name         string
	PartnerFrom  qms.Date
	PartnerUntil qms.Date
}

// AddInstitution puts an institution on the list of the site.
func (s *Service) AddInstitution(ctx context.Context, cmd StateInstitution) (*Institution, error) {
	i := &Institution{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := qms.Act{Name: "institution.add", Needs: qms.AccompanyPlatform.OnSite(), Subject: i.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &statement{ctx: ctx, tx: tx, s: s}
		in.institution(i, cmd)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Insert(ctx, i)
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// CorrectInstitution changes what is said of an institution, or the days on which it is a partner.
// Decisions that were taken stand.
func (s *Service) CorrectInstitution(ctx context.Context, cmd StateInstitution) (*Institution, error) {
	return s.onInstitution(ctx, "institution.correct", cmd.Target, func(in *statement, i *Institution) { in.institution(i, cmd) })
}

// VoidInstitution takes an institution off the list; candidacies that name it keep it, and it no longer
// makes anybody eligible.
func (s *Service) VoidInstitution(ctx context.Context, target Target) (*Institution, error) {
	return s.onInstitution(ctx, "institution.void", target, func(_ *statement, i *Institution) { i.Void = strings.TrimSpace(target.Reason) })
}

func (s *Service) onInstitution(ctx context.Context, name string, target Target, change func(in *statement, i *Institution)) (*Institution, error) {
	act := qms.Act{Name: name, Needs: qms.AccompanyPlatform.OnSite(), Subject: target.ID, Reason: strings.TrimSpace(target.Reason)}
	var i *Institution
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if i, err = institutionByID(ctx, tx, target.ID); err != nil {
			return err
		}
		if i.Void != "" {
			return qms.Conflict("record.void")
		}
		i.Revision = target.Revision
		in := &statement{ctx: ctx, tx: tx, s: s}
		in.reasoned(target)
		change(in, i)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, i)
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// institution reads what is said of one.
func (in *statement) institution(i *Institution, cmd StateInstitution) {
	i.ShortName, i.Name = in.line("short_name", in.need("short_name", cmd.ShortName)), in.line("name", in.need("name", cmd.Name))
	i.PartnerFrom, i.PartnerUntil = in.day("partner_from", cmd.PartnerFrom), in.day("partner_until", cmd.PartnerUntil)
	switch {
	case i.PartnerUntil != 0 && i.PartnerFrom == 0:
		in.fail("partner_from", "input.required")
	case i.PartnerUntil != 0 && i.PartnerUntil <= i.PartnerFrom:
		in.fail("partner_until", "institution.ends_before")
	}
	all, err := institutionsOf(in.ctx, in.tx)
	if err != nil {
		in.err = err
		return
	}
	if slices.ContainsFunc(all, func(other Institution) bool {
		return other.Void == "" && other.ID != i.ID && strings.EqualFold(other.ShortName, i.ShortName)
	}) {
		in.fail("short_name", "institution.taken", i.ShortName)
	}
}

// Institutions lists the institutions of the site by short name, void ones too: who reads a platform's
// candidacy reads it.
func (s *Service) Institutions(ctx context.Context) (all []Institution, err error) {
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		all, err = institutionsOf(ctx, r)
		return err
	})
	return all, err
}

// Institution reads one institution; a void one too.
func (s *Service) Institution(ctx context.Context, id qms.ID) (i *Institution, err error) {
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		i, err = institutionByID(ctx, r, id)
		return err
	})
	return i, err
}
