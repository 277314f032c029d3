package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Officer says which quality officer looks after a platform from a day on, until another record takes
// over.
type Officer struct {
	qms.Row
	Person  qms.ID // none: nobody looks after it from that day on
	FromDay qms.Date
	Void    string
}

// OfficersOn tells who was named to look after the platforms on the day, of all of them when none is named; a
// platform for which nobody was is not in the answer. Who was named may have left the programme since.
func OfficersOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]qms.ID, error) {
	all, err := officersOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	found := map[qms.ID]qms.ID{}
	for _, o := range all { // the earliest first: the latest that has come stays
		if o.Void != "" || o.FromDay > day {
			continue
		}
		delete(found, o.Platform)
		if o.Person != "" {
			found[o.Platform] = o.Person
		}
	}
	return found, nil
}

// NameOfficer says who looks after a platform.
type NameOfficer struct {
	Platform qms.ID
	Person   qms.ID   // none: nobody from that day on
	From     qms.Date // today when none
}

// NameOfficer records who looks after a platform from a day on. Who is named must be a quality officer of
// the site on that day.
func (s *Service) NameOfficer(ctx context.Context, cmd NameOfficer) (*Officer, error) {
	o := &Officer{Row: qms.Row{ID: qms.NewID(s.db.Now())}, Person: cmd.Person}
	act := qms.Act{Name: "officer.name", Needs: qms.AccompanyPlatform.On(cmd.Platform), Platform: cmd.Platform, Subject: o.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &statement{ctx: ctx, tx: tx, s: s}
		if o.FromDay = in.day("from", cmd.From); cmd.From == 0 {
			o.FromDay = tx.Today()
		}
		all, err := officersOf(ctx, tx, []qms.ID{cmd.Platform})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(other Officer) bool { return other.Void == "" && other.FromDay == o.FromDay }) {
			in.fail("from", "officer.named_that_day", o.FromDay)
		}
		in.officer("person", o.Person, o.FromDay)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Insert(ctx, o)
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// officer wants a quality officer of the site on the day; empty is allowed. Who is one from a later day
// on only cannot look after a platform before.
func (in *statement) officer(field string, person qms.ID, day qms.Date) {
	if person == "" || in.err != nil {
		return
	}
	holders, err := in.s.people.Holders(in.ctx, in.tx, "", day)
	if in.err = err; err != nil {
		return
	}
	if !slices.ContainsFunc(holders, func(h Holder) bool { return h.Person == person && h.Role == qms.QualityOfficer }) {
		in.fail(field, "officer.not_an_officer")
	}
}

// VoidOfficer declares such a record a mistake: who looked after the platform before goes on.
func (s *Service) VoidOfficer(ctx context.Context, target Target) (*Officer, error) {
	act := qms.Act{Name: "officer.void", Needs: qms.AccompanyPlatform.On(target.Platform), Platform: target.Platform, Subject: target.ID, Reason: target.Reason}
	var o *Officer
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if o, err = officerByID(ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		if o.Void != "" {
			return qms.Conflict("record.void")
		}
		in := &statement{ctx: ctx, tx: tx, s: s}
		o.Void, o.Revision = in.reasoned(target), target.Revision
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, o)
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// OfficerLine is one record of who looked after a platform, with the name.
type OfficerLine struct {
	Officer
	Name string // empty for nobody
	Left bool   // is no quality officer any more
}

// Officers lists who looked after a platform, the latest first, void records too.
func (s *Service) Officers(ctx context.Context, platform qms.ID) (lines []OfficerLine, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		lines, err = s.officerLines(ctx, r, platform)
		return err
	})
	return lines, err
}

func (s *Service) officerLines(ctx context.Context, r store.Reader, platform qms.ID) ([]OfficerLine, error) {
	all, err := officersOf(ctx, r, []qms.ID{platform})
	if err != nil {
		return nil, err
	}
	var persons []qms.ID
	for _, o := range all {
		if o.Person != "" {
			persons = append(persons, o.Person)
		}
	}
	names, err := s.people.NamesOf(ctx, r, persons)
	if err != nil {
		return nil, err
	}
	serving, err := s.serving(ctx, r, r.Today())
	if err != nil {
		return nil, err
	}
	lines := make([]OfficerLine, 0, len(all))
	for _, o := range slices.Backward(all) {
		_, still := serving[o.Person]
		lines = append(lines, OfficerLine{Officer: o, Name: names[o.Person], Left: o.Person != "" && !still})
	}
	return lines, nil
}

// CanLookAfter lists the quality officers of the site on the day, by name.
func (s *Service) CanLookAfter(ctx context.Context, platform qms.ID) (holders []Holder, err error) {
	err = s.db.View(ctx, qms.AccompanyPlatform.On(platform), func(r store.Reader) error {
		all, err := s.people.Holders(ctx, r, "", r.Today())
		holders = slices.DeleteFunc(all, func(h Holder) bool { return h.Role != qms.QualityOfficer })
		return err
	})
	return holders, err
}
