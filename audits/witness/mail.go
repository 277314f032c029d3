package witness

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// mailPack has the checkpoint of a pack mailed to the auditors whose access to the platform runs today.
func (s *Service) mailPack(ctx context.Context, tx *store.Tx, c *Checkpoint) error {
	if s.post == nil {
		return nil
	}
	held, err := people.HeldOn(ctx, tx, c.Platform)
	if err != nil {
		return err
	}
	var auditors []qms.ID
	for _, h := range held {
		if h.Role == qms.Auditor && h.Active(tx.Today()) && !slices.Contains(auditors, h.Person) {
			auditors = append(auditors, h.Person)
		}
	}
	if len(auditors) == 0 {
		return nil
	}
	reached, err := people.ReachedBy(ctx, tx, auditors)
	if err != nil {
		return err
	}
	places, err := placesOf(ctx, tx, []qms.ID{c.Platform})
	if err != nil {
		return err
	}
	var mails []Mail
	for _, id := range auditors {
		if p := reached[id]; p.Email != "" {
			mails = append(mails, Mail{About: "pack:" + c.ID.String(), Person: id, Name: p.Name, Address: p.Email,
				Checkpoints: []Told{{*c, places[c.Platform]}}, Place: places[c.Platform]})
		}
	}
	return s.post.MailCheckpoints(ctx, tx, mails)
}

// mailDay has the checkpoints of today mailed to the addresses of the site: all of them in one mail. What
// is kept later in the day, after a crash, goes with another one.
func (s *Service) mailDay(ctx context.Context) error {
	if s.post == nil {
		return nil
	}
	owed := false
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		mails, err := s.owed(ctx, r)
		owed = len(mails) > 0
		return err
	})
	if err != nil || !owed {
		return err
	}
	act := qms.Act{Name: "checkpoint.mail", Needs: qms.OperateSite.OnSite()}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		mails, err := s.owed(ctx, tx)
		if err != nil || len(mails) == 0 {
			return err
		}
		return s.post.MailCheckpoints(ctx, tx, mails)
	})
}

// owedDays is how many days, today among them, a mail about a daily checkpoint is made up for.
const owedDays = 3

// owed are the mails about daily checkpoints that were not queued yet: those of today, and of the days before
// where a server stopped between keeping them and telling of them.
func (s *Service) owed(ctx context.Context, r store.Reader) ([]Mail, error) {
	to, err := addresses(ctx, r)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	var all []Mail
	for ago := owedDays - 1; ago >= 0; ago-- {
		mails, err := s.owedOf(ctx, r, r.Today().AddDays(-ago), to)
		if err != nil {
			return nil, err
		}
		all = append(all, mails...)
	}
	return all, nil
}

func (s *Service) owedOf(ctx context.Context, r store.Reader, day qms.Date, to []CheckpointAddress) ([]Mail, error) {
	kept, err := dailies(ctx, r, day)
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	told, err := s.post.CheckpointsTold(ctx, r, DayAbout(day))
	if err != nil {
		return nil, err
	}
	places, err := placesOf(ctx, r, platformsOf(kept))
	if err != nil {
		return nil, err
	}
	var mails []Mail
	for _, a := range to {
		if a.Since > day {
			continue
		}
		m := Mail{About: DayAbout(day), Address: a.Address, Language: a.Language, Day: day}
		for _, c := range kept {
			if !slices.Contains(told[a.Address], c.ID) {
				m.Checkpoints = append(m.Checkpoints, Told{c, places[c.Platform]})
			}
		}
		if len(m.Checkpoints) == 0 {
			continue
		}
		m.About += m.Checkpoints[0].ID.String() // those of one act are told together, so the first names them
		sortTold(m.Checkpoints)
		mails = append(mails, m)
	}
	return mails, nil
}

// DayAbout begins what the daily mails of a day are about.
func DayAbout(day qms.Date) string { return "daily:" + day.String() + ":" }

// sortTold puts the site first, then platforms by their codes.
func sortTold(all []Told) {
	slices.SortFunc(all, func(a, b Told) int { return strings.Compare(a.Place.Code, b.Place.Code) })
}

func platformsOf(all []Checkpoint) []qms.ID {
	var ids []qms.ID
	for _, c := range all {
		if c.Platform != "" {
			ids = append(ids, c.Platform)
		}
	}
	return ids
}

// mailAlarm has an alarm mailed to the administrators and quality officers of the site, and to the
// addresses of its choosing.
func (s *Service) mailAlarm(ctx context.Context, tx *store.Tx, a *CheckpointAlarm) error {
	if s.post == nil {
		return nil
	}
	places, err := placesOf(ctx, tx, []qms.ID{a.Of()})
	if err != nil {
		return err
	}
	about, place := "alarm:"+a.ID.String(), places[a.Of()]
	held, err := people.HeldOn(ctx, tx, "")
	if err != nil {
		return err
	}
	var persons []qms.ID
	for _, h := range held {
		if h.Active(tx.Today()) && !slices.Contains(persons, h.Person) {
			persons = append(persons, h.Person)
		}
	}
	reached, err := people.ReachedBy(ctx, tx, persons)
	if err != nil {
		return err
	}
	var mails []Mail
	for _, id := range persons {
		if p := reached[id]; p.Email != "" {
			mails = append(mails, Mail{About: about, Person: id, Name: p.Name, Address: p.Email, Alarm: a, Place: place})
		}
	}
	to, err := addresses(ctx, tx)
	for _, one := range to {
		mails = append(mails, Mail{About: about, Address: one.Address, Language: one.Language, Alarm: a, Place: place})
	}
	if err != nil || len(mails) == 0 {
		return err
	}
	return s.post.MailCheckpoints(ctx, tx, mails)
}
