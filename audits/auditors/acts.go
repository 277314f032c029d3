package auditors

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// On names the access that an act changes, and the revision it was read at.
type On struct {
	Platform qms.ID
	ID       qms.ID
	Revision int64
	Reason   string
}

// onAdmission changes an access that is not over, within one act.
func (s *Service) onAdmission(ctx context.Context, name string, on On, change func(*store.Tx, *stating, *Admission, *people.RoleGrant) error) (*Admission, error) {
	var a *Admission
	act := qms.Act{Name: name, Needs: qms.ManageMembers.On(on.Platform), Platform: on.Platform, Subject: on.ID, Reason: strings.TrimSpace(on.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if a, err = admissionByID(ctx, tx, on.Platform, on.ID); err != nil {
			return err
		}
		g, err := people.GrantIn(ctx, tx, on.Platform, a.RoleGrant)
		switch {
		case err != nil:
			return err
		case g.UntilDate != 0 && g.UntilDate <= tx.Today():
			return qms.Conflict("auditor.over", a.Name)
		case a.Revision != on.Revision:
			return qms.Conflict("record.changed")
		}
		in := &stating{}
		if err := change(tx, in, a, g); err != nil {
			return err
		}
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// Move moves the end of an access.
type Move struct {
	On
	Until qms.Date // the first day without, after today
}

// Move moves the end of an access that is not over to another day, with the reason.
func (s *Service) Move(ctx context.Context, cmd Move) (*Admission, error) {
	return s.onAdmission(ctx, "auditor.move", cmd.On, func(tx *store.Tx, in *stating, a *Admission, g *people.RoleGrant) error {
		a.Remark = in.needed("reason", cmd.Reason, maxReason)
		switch until := cmd.Until; {
		case until == 0:
			in.fail("until", "input.required")
		case until <= max(tx.Today(), g.FromDate):
			in.fail("until", "auditor.until_order", max(tx.Today(), g.FromDate))
		case until > max(tx.Today(), g.FromDate).AddMonths(longest):
			in.fail("until", "auditor.until_long", int(longest))
		case until == g.UntilDate:
			in.fail("until", "auditor.until_same", until.AddDays(-1))
		}
		if len(in.wrong) > 0 {
			return nil
		}
		if cmd.Until < g.UntilDate {
			return people.Dismiss(ctx, tx, cmd.Platform, g.ID, cmd.Until)
		}
		return people.Prolong(ctx, tx, cmd.Platform, g.ID, cmd.Until)
	})
}

// End ends an access at once, with the reason: from then on the auditor may not read, and a link that was
// not used is good no more.
func (s *Service) End(ctx context.Context, on On) (*Admission, error) {
	return s.onAdmission(ctx, "auditor.end", on, func(tx *store.Tx, in *stating, a *Admission, g *people.RoleGrant) error {
		a.Remark, a.EndedAt = in.needed("reason", on.Reason, maxReason), tx.Now()
		if len(in.wrong) > 0 {
			return nil
		}
		return people.Dismiss(ctx, tx, on.Platform, g.ID, tx.Today())
	})
}

// Again writes the letter once more: the link of the one before is good no more.
func (s *Service) Again(ctx context.Context, on On) (*Invited, error) {
	done := &Invited{}
	a, err := s.onAdmission(ctx, "auditor.write-again", on, func(tx *store.Tx, _ *stating, a *Admission, g *people.RoleGrant) error {
		chooses := false
		if a.Account != 0 {
			var err error
			if chooses, err = people.Waits(ctx, tx, a.Person, a.Account); err != nil {
				return err
			}
		}
		if !chooses && s.o.Post == nil {
			return qms.Conflict("auditor.signs_in", a.Name)
		}
		platforms, err := together(ctx, tx, a, g.Period())
		if err != nil {
			return err
		}
		return s.write(ctx, tx, a, chooses, platforms, g.Period(), done)
	})
	if err != nil {
		return nil, err
	}
	done.Admissions = []Admission{*a}
	return done, nil
}

// together are the platforms that one invitation opened, in its order: those of a that were left as they
// were. A letter that is written again names them as the first one did.
func together(ctx context.Context, r store.Reader, a *Admission, period qms.Period) (platforms []qms.ID, err error) {
	all, err := admissionsOfPerson(ctx, r, a.Person)
	if err != nil {
		return nil, err
	}
	for _, other := range all {
		if other.ID != a.ID {
			if other.InvitedBy != a.InvitedBy || other.Purpose != a.Purpose || !other.EndedAt.IsZero() {
				continue
			}
			g, err := people.GrantIn(ctx, r, other.Platform, other.RoleGrant)
			if err != nil {
				return nil, err
			}
			if g.Period() != period {
				continue
			}
		}
		platforms = append(platforms, other.Platform)
	}
	slices.Sort(platforms) // as the invitation has them
	return platforms, nil
}

// Door is what somebody who holds a link sees before they choose a password.
type Door struct {
	Admission
	Period   qms.Period
	Platform people.Platform
}

// Door opens the letter of a link: it is not found when the link is wrong, used, overtaken or too old,
// and when the access is over. All of these look alike from outside.
func (s *Service) Door(ctx context.Context, letter qms.ID, token string) (d *Door, err error) {
	if !s.o.Key.opens(letter, token) {
		return nil, qms.NotFound("auditor.link_unknown")
	}
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		d, err = s.door(ctx, r, letter)
		return err
	})
	return d, err
}

func (s *Service) door(ctx context.Context, r store.Reader, letter qms.ID) (*Door, error) {
	unknown := qms.NotFound("auditor.link_unknown")
	a, err := admissionByLetter(ctx, r, letter)
	if err != nil || a == nil {
		if err == nil {
			err = unknown
		}
		return nil, err
	}
	g, err := people.GrantIn(ctx, r, a.Platform, a.RoleGrant)
	if err != nil {
		return nil, err
	}
	waits, err := people.Waits(ctx, r, a.Person, a.Account)
	switch {
	case err != nil:
		return nil, err
	case !waits, !r.Now().Before(a.LetterUntil), g.UntilDate != 0 && g.UntilDate <= r.Today():
		return nil, unknown
	}
	places, err := people.PlatformsIn(ctx, r)
	return &Door{Admission: *a, Period: g.Period(), Platform: places[a.Platform]}, err
}

// Accept chooses the password of an account that an invitation made.
type Accept struct {
	Letter   qms.ID
	Token    string
	Password string
}

// Accept chooses the password, once: then the link is good no more. It returns the address to sign in with.
func (s *Service) Accept(ctx context.Context, cmd Accept) (email string, err error) {
	d, err := s.Door(ctx, cmd.Letter, cmd.Token)
	if err != nil {
		return "", err
	}
	hash, err := s.o.Accounts.HashChosen(ctx, "password", cmd.Password)
	if err != nil {
		return "", err
	}
	who := qms.Actor{ID: d.Person, Name: d.Name, RequestID: qms.ActorFrom(ctx).RequestID}
	platform := d.Admission.Platform
	act := qms.Act{Name: "auditor.accept", Needs: qms.SignedIn.On(platform), Platform: platform, Subject: d.ID}
	err = s.db.Change(qms.WithActor(ctx, who), act, func(tx *store.Tx) error {
		now, err := s.door(ctx, tx, cmd.Letter)
		if err != nil {
			return err
		}
		if err := people.Choose(ctx, tx, now.Person, now.Account, hash); err != nil {
			return err
		}
		now.AcceptedAt = tx.Now()
		return tx.Update(ctx, &now.Admission)
	})
	return d.Email, err
}
