package scheduler

import (
	"context"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Overview is where the reminders of the site stand.
type Overview struct {
	Slots   []Slot // the last runs, the newest first
	Counts  map[MailState]int
	Next    time.Time // when the next questions of a day are asked, if a replica runs
	Mails   bool      // a mail server is configured
	Kinds   []KindRule
	Invites KindRule // whether invitations go out
}

// Overview tells where the reminders of the site stand.
func (s *Service) Overview(ctx context.Context) (o Overview, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		now, err := stateOf(ctx, r)
		if err != nil {
			return err
		}
		o.Mails, o.Next = s.o.Mailer != nil, s.next(r, now.asked)
		if o.Slots, err = lastSlots(ctx, r, 10); err != nil {
			return err
		}
		if o.Counts, err = mailCounts(ctx, r); err != nil {
			return err
		}
		settled, err := rulesFor(ctx, r, []qms.ID{""})
		o.Kinds, o.Invites = kindRules(rulesOf(settled), ""), inviteRule(rulesOf(settled), "")
		return err
	})
	return o, err
}

// next is when the questions of the next day are asked: today's morning when they were not yet.
func (s *Service) next(r store.Reader, asked qms.Date) time.Time {
	day := r.Today()
	if asked >= day {
		day = asked.AddDays(1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), s.o.Morning, 0, 0, 0, s.o.Zone)
}

// MailLine is a mail of the outbox with whom it goes to.
type MailLine struct {
	Mail
	Name string
}

// MailFilter narrows the outbox. Its zero fields do not narrow.
type MailFilter struct {
	State   MailState
	Address string   // part of the address that a mail was sent to or tried last
	From    qms.Date // day of the questions, the first and the last that are wanted
	Until   qms.Date
}

// Mails lists the outbox, the newest first; of one state when it is named.
func (s *Service) Mails(ctx context.Context, in MailState, c qms.Cursor) (page qms.Page[MailLine], err error) {
	return s.MailsOf(ctx, MailFilter{State: in}, c)
}

// MailsOf lists the mails of the outbox that the filter lets through, the newest first.
func (s *Service) MailsOf(ctx context.Context, f MailFilter, c qms.Cursor) (page qms.Page[MailLine], err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		mails, err := mailPage(ctx, r, f, c.After, int64(c.Limit())+1)
		if err != nil {
			return err
		}
		names, err := s.named(ctx, r, mails)
		page = qms.PageOf(names, c.Limit(), func(l MailLine) string { return string(l.ID) })
		return err
	})
	return page, err
}

func (s *Service) named(ctx context.Context, r store.Reader, mails []Mail) ([]MailLine, error) {
	persons := make([]qms.ID, len(mails))
	for i, m := range mails {
		persons[i] = m.Person
	}
	contacts, err := s.people.Contacts(ctx, r, persons)
	if err != nil {
		return nil, err
	}
	invites, _, err := invitesIn(ctx, r, mails)
	if err != nil {
		return nil, err
	}
	written, err := dispatchesIn(ctx, r, mails)
	lines := make([]MailLine, len(mails))
	for i, m := range mails {
		lines[i] = MailLine{m, contacts[m.Person].Name}
		if invite := invites[m.Invite]; invite != nil {
			lines[i].Name = invite.Name
		}
		if d := written[m.Dispatch]; d != nil && lines[i].Name == "" {
			lines[i].Name = d.Name
		}
	}
	return lines, err
}

// Told is a mail with all it says.
type Told struct {
	MailLine
	Items  []Item
	Invite *Invite // what it invites to; nil in a mail of reminders

	Dispatch *Dispatch // what it carries that is neither; nil in the others
	Welcome  *Welcome  // what lets an auditor in; likewise
}

// Mail reads one mail of the outbox with what it says.
func (s *Service) Mail(ctx context.Context, id qms.ID) (t *Told, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		mails, err := mailsByID(ctx, r, []qms.ID{id})
		if err != nil {
			return err
		}
		if mails[id] == nil {
			return qms.NotFound("reminder.no_mail")
		}
		letters, err := s.lettersOf(ctx, r, []Mail{*mails[id]})
		if err == nil {
			t = &Told{MailLine{*mails[id], letters[0].letter.Name}, letters[0].letter.Items, letters[0].letter.Invite, letters[0].letter.Dispatch, letters[0].letter.Welcome}
		}
		return err
	})
	return t, err
}

// Retry has dead letters tried again: one, or all of them when none is named.
type Retry struct {
	Mail   qms.ID
	Reason string
}

// maxRetry is how many dead letters one act takes up again.
const maxRetry = 1000

// Retry puts dead letters back into the queue, see the command, and says how many. They go out with the
// next tick, to the address that holds then, under the Message-ID they had.
func (s *Service) Retry(ctx context.Context, cmd Retry) (n int, err error) {
	cmd.Reason = strings.TrimSpace(cmd.Reason)
	act := qms.Act{Name: "reminder.retry", Needs: qms.OperateSite.OnSite(), Subject: cmd.Mail, Reason: cmd.Reason}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if len(cmd.Reason) > 2000 {
			return qms.InvalidFields(qms.Wrong("reason", "input.too_long", 2000))
		}
		mails, err := deadLetters(ctx, tx, cmd.Mail, maxRetry)
		if err != nil {
			return err
		}
		if len(mails) == 0 && cmd.Mail != "" {
			return s.notDead(ctx, tx, cmd.Mail)
		}
		rows := make([]qms.Record, len(mails))
		for i := range mails {
			m := &mails[i]
			m.State, m.Attempts, m.NextAt, m.SettledAt = Queued, 0, tx.Now(), time.Time{}
			rows[i] = m
		}
		n = len(rows)
		return tx.Update(ctx, rows...)
	})
	return n, err
}

// notDead says why a mail is not tried again.
func (s *Service) notDead(ctx context.Context, r store.Reader, id qms.ID) error {
	mails, err := mailsByID(ctx, r, []qms.ID{id})
	switch {
	case err != nil:
		return err
	case mails[id] == nil:
		return qms.NotFound("reminder.no_mail")
	}
	return qms.Conflict("reminder.not_dead")
}

// KindRule is how one kind is reminded on a platform or on the site, and who settled it.
type KindRule struct {
	Kind     string
	Steps    Steps
	Own      *ReminderRule // settled there; nil when nothing was
	Optional bool          // the platform may turn it off
}

// Besides is somebody who is told, or could be.
type Besides struct {
	Person qms.ID
	Name   string
}

// Settings are how reminders go out for one platform.
type Settings struct {
	Kinds   []KindRule
	Invites KindRule  // whether invitations go out
	Asked   []Besides // managers and quality leads of today
	Besides []Besides // whom the platform named
	Others  []Besides // who could be named
}

// Settings reads how reminders go out for a platform.
func (s *Service) Settings(ctx context.Context, platform qms.ID) (v Settings, err error) {
	err = s.db.View(ctx, qms.ReadPlatform.On(platform), func(r store.Reader) error {
		found, err := rulesFor(ctx, r, []qms.ID{platform})
		if err != nil {
			return err
		}
		v.Kinds, v.Invites = kindRules(rulesOf(found), platform), inviteRule(rulesOf(found), platform)
		return s.addressed(ctx, r, platform, &v)
	})
	return v, err
}

// kindRules are what holds for every kind on a platform, or on the site.
func kindRules(all rules, platform qms.ID) []KindRule {
	var kinds []KindRule
	for _, kind := range Kinds() {
		site := all[""][kind]
		kinds = append(kinds, KindRule{kind, all.steps(platform, kind), all[platform][kind], site != nil && site.Optional})
	}
	return kinds
}

// inviteRule is what holds for invitations: they go out or not.
func inviteRule(all rules, platform qms.ID) KindRule {
	site := all[""][InviteKind]
	return KindRule{InviteKind, Steps{Off: all.steps(platform, InviteKind).Off}, all[platform][InviteKind], site != nil && site.Optional}
}

// addressed fills in who is told and who could be.
func (s *Service) addressed(ctx context.Context, r store.Reader, platform qms.ID, v *Settings) error {
	staff, err := s.people.Staff(ctx, r, r.Today())
	if err != nil || staff.Places[platform] == nil {
		return err
	}
	place := staff.Places[platform]
	more, err := addresseesOf(ctx, r, platform)
	if err != nil {
		return err
	}
	persons := slices.Clone(place.Present)
	for _, a := range more {
		persons = append(persons, a.Person)
	}
	contacts, err := s.people.Contacts(ctx, r, persons)
	named := map[qms.ID]bool{}
	for _, a := range more {
		named[a.Person] = true
		v.Besides = append(v.Besides, Besides{a.Person, contacts[a.Person].Name})
	}
	for _, p := range place.Present {
		switch b := (Besides{p, contacts[p].Name}); {
		case slices.Contains(place.Asked, p):
			v.Asked = append(v.Asked, b)
		case !named[p]:
			v.Others = append(v.Others, b)
		}
	}
	return err
}

// Preview is what would be told on a day to whom, after all that has been told until now.
type Preview struct {
	Ask
	Name    string // of the person
	Address string
	Code    string // of the platform
}

// Preview asks the rule of a day without telling anybody.
func (s *Service) Preview(ctx context.Context, day qms.Date) (all []Preview, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		q, err := s.question(ctx, r, day, 0, true)
		if err != nil {
			return err
		}
		asks, err := news(ctx, r, q)
		if err != nil {
			return err
		}
		var persons []qms.ID
		for _, a := range asks {
			if len(persons) == 0 || persons[len(persons)-1] != a.Person { // asks are in order of persons
				persons = append(persons, a.Person)
			}
		}
		contacts, err := s.people.Contacts(ctx, r, persons)
		if err != nil {
			return err
		}
		staff, err := s.people.Staff(ctx, r, day)
		for _, a := range asks {
			p := Preview{Ask: a, Name: contacts[a.Person].Name, Address: contacts[a.Person].Address}
			if place := staff.Places[a.Due.Platform]; place != nil {
				p.Code = place.Code
			}
			all = append(all, p)
		}
		return err
	})
	return all, err
}
