package scheduler

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// keptDays is how long what no mail told is shown first, keptMost how much of it.
const (
	keptDays = 7
	keptMost = 200
)

// Unmailed is what the actor was reminded of in the last week where no mail server is configured: each
// obligation once, as it was told last. There is none, and nothing is read, where mails leave.
func (s *Service) Unmailed(ctx context.Context) (told []Reminder, err error) {
	if s.o.Mailer != nil {
		return nil, nil
	}
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		all, err := keptFor(ctx, r, r.Actor().ID, r.Today().AddDays(-keptDays), keptMost)
		seen := map[string]bool{}
		for _, one := range all {
			if !seen[one.Obligation] {
				seen[one.Obligation], told = true, append(told, one)
			}
		}
		return err
	})
	return told, err
}

// Received is a reminder as its reader finds it in the application.
type Received struct {
	Item
	State MailState // of the mail it went with
}

// Received lists what the actor was reminded of, the newest first.
func (s *Service) Received(ctx context.Context, c qms.Cursor) (page qms.Page[Received], err error) {
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		reminders, err := remindersOf(ctx, r, r.Actor().ID, c.After, int64(c.Limit())+1)
		if err != nil {
			return err
		}
		all, err := s.received(ctx, r, reminders)
		page = qms.PageOf(all, c.Limit(), func(x Received) string { return string(x.ID) })
		return err
	})
	return page, err
}

func (s *Service) received(ctx context.Context, r store.Reader, reminders []Reminder) ([]Received, error) {
	if len(reminders) == 0 {
		return nil, nil
	}
	ids := make([]qms.ID, len(reminders))
	for i, x := range reminders {
		ids[i] = x.Mail
	}
	slices.Sort(ids)
	mails, err := mailsByID(ctx, r, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	staff, err := s.people.Staff(ctx, r, r.Today())
	all := make([]Received, len(reminders))
	for i, x := range reminders {
		all[i] = Received{Item: Item{Reminder: x}, State: mails[x.Mail].State}
		if place := staff.Places[x.Place]; place != nil {
			all[i].Code, all[i].Name = place.Code, place.Name
		}
	}
	return all, err
}

// Preference reads how the actor wants to be told; revision 0 when nothing was said.
func (s *Service) Preference(ctx context.Context) (p *ReminderPreference, err error) {
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		p, err = preferenceOf(ctx, r, r.Actor().ID)
		return err
	})
	return p, err
}
