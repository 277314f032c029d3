package auditors

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Invite asks somebody to look into platforms from a day until a day.
type Invite struct {
	Platforms []qms.ID // the actor manages the members of each
	Name      string
	Email     string
	Purpose   string
	From      qms.Date // none: today
	Until     qms.Date // the first day without
	Language  string   // of the letter: fr or en
}

// Invited is what became of an invitation.
type Invited struct {
	Admissions []Admission // in the order of the platforms
	Chooses    bool        // the letter carries a link that chooses a password
	Leaves     bool        // the letter goes out by mail
	Link       string      // LETTER/TOKEN to be handed over, where no mail goes out; shown once
}

// Invite gives the auditor's role on every platform and writes one letter. A platform is one act in its
// own trail; all are checked before the first. Who belongs to a platform does not audit it (ISO 19011, 4 e).
func (s *Service) Invite(ctx context.Context, cmd Invite) (*Invited, error) {
	cmd, err := s.checked(ctx, cmd)
	if err != nil {
		return nil, err
	}
	hash, err := s.o.Accounts.HashGuest(ctx)
	if err != nil {
		return nil, err
	}
	done := &Invited{}
	for i, platform := range cmd.Platforms {
		last := i == len(cmd.Platforms)-1 // one letter, which names them all
		if err := s.admit(ctx, cmd, platform, hash, last, done); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// checked refuses what is wrong before anything is written.
func (s *Service) checked(ctx context.Context, cmd Invite) (Invite, error) {
	in := &stating{}
	in.wrong = append(in.wrong, people.CheckGuest(cmd.Name, cmd.Email)...)
	cmd.Purpose = in.needed("purpose", cmd.Purpose, maxPurpose)
	today := s.db.Today()
	if cmd.From == 0 {
		cmd.From = today
	}
	switch {
	case cmd.Until == 0:
		in.fail("until", "input.required")
	case cmd.From < today:
		in.fail("from", "auditor.from_past", today)
	case cmd.Until <= cmd.From:
		in.fail("until", "auditor.until_order", cmd.From)
	case cmd.Until > cmd.From.AddMonths(longest):
		in.fail("until", "auditor.until_long", int(longest))
	}
	if cmd.From > today.AddMonths(longest) {
		in.fail("from", "auditor.from_far", int(longest))
	}
	if !slices.Contains(locale.Languages(), cmd.Language) {
		in.fail("language", "input.unknown_choice")
	}
	slices.Sort(cmd.Platforms)
	cmd.Platforms = slices.Compact(cmd.Platforms)
	switch {
	case len(cmd.Platforms) == 0:
		in.fail("platforms", "input.required")
	case len(cmd.Platforms) > maxAtOnce:
		in.fail("platforms", "auditor.platforms_many", maxAtOnce)
	}
	if err := s.mayInvite(ctx, cmd.Platforms); err != nil {
		return cmd, err
	}
	if len(in.wrong) > 0 {
		return cmd, in.outcome()
	}
	return cmd, s.free(ctx, cmd)
}

// mayInvite asks for the right on every platform first, so that who has none learns nothing else.
func (s *Service) mayInvite(ctx context.Context, platforms []qms.ID) error {
	for _, platform := range platforms {
		if err := qms.Authorise(qms.ActorFrom(ctx), qms.ManageMembers.On(platform)); err != nil {
			return err
		}
	}
	return nil
}

// free refuses an address whose person belongs to one of the platforms, or audits it already.
func (s *Service) free(ctx context.Context, cmd Invite) error {
	if len(cmd.Platforms) == 0 {
		return nil
	}
	return s.db.View(ctx, qms.ManageMembers.On(cmd.Platforms[0]), func(r store.Reader) error {
		places, err := people.PlatformsIn(ctx, r)
		if err != nil {
			return err
		}
		for _, platform := range cmd.Platforms { // who reaches every platform reaches none that is not there
			if places[platform].ID == "" {
				return qms.NotFound("platform.not_found")
			}
		}
		person, name, err := people.PersonOf(ctx, r, cmd.Email)
		if qms.CodeOf(err) == qms.CodeNotFound {
			return nil
		}
		for _, platform := range cmd.Platforms {
			if err == nil {
				err = independent(ctx, r, platform, person, name, cmd.From)
			}
		}
		return err
	})
}

// independent refuses a person of the platform, and one who may audit it already.
func independent(ctx context.Context, r store.Reader, platform, person qms.ID, name string, from qms.Date) error {
	belongs, err := people.Belongs(ctx, r, platform, person, r.Today())
	if err != nil {
		return err
	}
	if belongs {
		return qms.InvalidFields(qms.Wrong("email", "auditor.not_independent", name))
	}
	held, err := people.Audits(ctx, r, platform, person, from)
	if err != nil || held == nil {
		return err
	}
	if held.UntilDate == 0 {
		return qms.InvalidFields(qms.Wrong("email", "auditor.already_open", name))
	}
	return qms.InvalidFields(qms.Wrong("email", "auditor.already", name, held.UntilDate.AddDays(-1)))
}

// admit lets the person into one platform.
func (s *Service) admit(ctx context.Context, cmd Invite, platform qms.ID, hash string, last bool, done *Invited) error {
	a := &Admission{Row: qms.Row{ID: qms.NewID(s.db.Now())}, Purpose: cmd.Purpose, Language: cmd.Language}
	act := qms.Act{Name: "auditor.invite", Needs: qms.ManageMembers.On(platform), Platform: platform, Subject: a.ID, Reason: cmd.Purpose}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		guest, err := people.Welcome(ctx, tx, cmd.Name, cmd.Email, hash)
		if err != nil {
			return err
		}
		if err := independent(ctx, tx, platform, guest.Person, guest.Name, cmd.From); err != nil {
			return err
		}
		a.Person, a.Name, a.Email = guest.Person, guest.Name, guest.Email
		if a.RoleGrant, err = people.Admit(ctx, tx, platform, guest.Person, qms.Period{From: cmd.From, Until: cmd.Until}); err != nil {
			return err
		}
		a.InvitedBy, a.InviterName, a.InvitedAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		chooses := guest.Made
		if !chooses {
			if chooses, err = neverChosen(ctx, tx, guest); err != nil {
				return err
			}
		}
		if chooses {
			a.Account = guest.Account
		}
		if last {
			if err := s.write(ctx, tx, a, chooses, cmd.Platforms, qms.Period{From: cmd.From, Until: cmd.Until}, done); err != nil {
				return err
			}
		}
		err = tx.Insert(ctx, a)
		done.Admissions = append(done.Admissions, *a)
		return err
	})
}

// neverChosen reports whether the account of the guest was made by an invitation and still has the
// password that nobody knows. Only then does another invitation carry a link: who has an account is not
// handed to whoever invites them.
func neverChosen(ctx context.Context, r store.Reader, g people.Guest) (bool, error) {
	known, err := admissionsOfPerson(ctx, r, g.Person)
	for _, a := range known {
		if a.Account != 0 && a.Account == g.Account {
			return true, err
		}
	}
	return false, err
}

// write puts the letter into words and hands it to the post.
func (s *Service) write(ctx context.Context, tx *store.Tx, a *Admission, chooses bool, platforms []qms.ID, period qms.Period, done *Invited) error {
	places, err := people.PlatformsIn(ctx, tx)
	if err != nil {
		return err
	}
	over := tx.Now().Add(linkLasts)
	w := Welcome{Person: a.Person, Name: a.Name, Address: a.Email, Language: a.Language, Chooses: chooses, Over: over}
	var names []string
	for _, id := range platforms {
		names = append(names, places[id].Name)
		if w.Platform == "" {
			w.Platform = places[id].Code
		}
	}
	w.say(a, names, period, tx.DayOf(over))
	letter, leaves := qms.ID(""), false
	if s.o.Post != nil {
		if letter, leaves, err = s.o.Post.Welcome(ctx, tx, w); err != nil {
			return err
		}
	}
	if letter == "" {
		letter = qms.NewID(tx.Now())
	}
	done.Chooses, done.Leaves = chooses, leaves
	if chooses {
		if s.o.Keys != nil {
			if _, err := s.o.Keys.Since(ctx, tx); err != nil { // the link would open nothing
				return err
			}
		}
		a.Letter, a.LetterUntil = letter, over
		if !leaves {
			done.Link = string(letter) + "/" + s.o.Key.Token(letter)
		}
	}
	return nil
}

// say puts the letter into words; over is the last day of its link.
func (w *Welcome) say(a *Admission, names []string, period qms.Period, over qms.Date) {
	say := locale.For(a.Language)
	w.Subject, w.Heading = say.T("auditmail.subject", strings.Join(names, ", ")), say.T("auditmail.heading")
	w.Intro = say.T("auditmail.intro", a.InviterName)
	w.Facts = [][2]string{{say.T("auditmail.platforms", len(names)), strings.Join(names, ", ")}, {say.T("auditmail.purpose"), a.Purpose},
		{say.T("auditmail.days"), say.T("auditmail.from_to", period.From, period.Until.AddDays(-1))}, {say.T("auditmail.account"), a.Email}}
	if w.Chooses {
		w.Facts = append(w.Facts, [2]string{say.T("auditmail.link"), say.T("auditmail.link_until", over)})
	}
}
