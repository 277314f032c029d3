package app

import (
	"context"
	"maillon/audits"
	"os"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/scheduler"
)

// morning is the hour, where the site is, from which the reminders of a day go out.
const morning = 6

// remindBy makes the post of the house: every room says what falls due. Without a mail server reminders
// stay in the house.
func (h *House) remindBy(zone *time.Location) {
	name, err := os.Hostname()
	if err != nil {
		name = "maillon"
	}
	options := scheduler.Options{People: told{}, Sources: h.sources(), Zone: zone, Morning: morning, Holder: name, URL: h.url, Log: h.log}
	if h.mails != nil {
		options.Mailer, options.Compose, options.Domain = outgoing{h.mails}, h.compose, h.mails.Domain()
	}
	h.Reminders = scheduler.New(h.DB, options)
	h.Label.PostBy(h.Reminders)
}

// sources are the rooms that make something fall due.
func (h *House) sources() []scheduler.Source {
	return []scheduler.Source{h.Documents, h.Trace, h.Label, h.People, h.Scrubs, h.Witness}
}

// rooms are the same for the packs of an audit.
func (h *House) rooms() []audits.Room {
	return []audits.Room{h.Documents, h.Trace, h.Label, h.People}
}

// told tells the scheduler who persons are.
type told struct{}

// Staff is who is asked on each platform on the day, in three statements.
func (told) Staff(ctx context.Context, r store.Reader, day qms.Date) (scheduler.Staff, error) {
	staff := scheduler.Staff{Places: map[qms.ID]*scheduler.Place{}}
	platforms, err := people.EveryPlatform(ctx, r)
	if err != nil {
		return staff, err
	}
	for _, p := range platforms {
		staff.Places[p.ID] = &scheduler.Place{ID: p.ID, Code: p.Code, Name: p.Name}
	}
	held, err := people.HeldEverywhere(ctx, r)
	if err != nil {
		return staff, err
	}
	for _, h := range held {
		place := staff.Places[h.Platform]
		switch {
		case !h.Active(day):
		case h.Platform == "" && h.Role == qms.QualityOfficer:
			staff.Officers, staff.Site = addOnce(staff.Officers, h.Person), addOnce(staff.Site, h.Person)
		case h.Platform == "" && h.Role == qms.Administrator:
			staff.Site = addOnce(staff.Site, h.Person)
		case place != nil:
			seat(place, h)
		}
	}
	inCharge, err := label.OfficersOn(ctx, r, nil, day)
	for platform, officer := range inCharge {
		if place := staff.Places[platform]; place != nil && slices.Contains(staff.Officers, officer) {
			place.Officer = officer // who has left the programme is not told any more: every other officer is
		}
	}
	return staff, err
}

// seat places a role among those of its platform. Auditors look, they are asked nothing, and users of
// equipment do not see what falls due.
func seat(place *scheduler.Place, h people.Held) {
	switch h.Role {
	case qms.Manager, qms.QualityLead:
		place.Asked, place.Present = addOnce(place.Asked, h.Person), addOnce(place.Present, h.Person)
	case qms.Member:
		place.Present = addOnce(place.Present, h.Person)
	}
}

func addOnce(all []qms.ID, id qms.ID) []qms.ID {
	if slices.Contains(all, id) {
		return all
	}
	return append(all, id)
}

// Contacts tells how persons are reached, in one statement.
func (told) Contacts(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]scheduler.Contact, error) {
	found, err := people.ReachedBy(ctx, r, persons)
	contacts := make(map[qms.ID]scheduler.Contact, len(found))
	for id, p := range found {
		contacts[id] = scheduler.Contact{Name: p.Name, Address: p.Email, SignsIn: p.SignsIn}
	}
	return contacts, err
}
