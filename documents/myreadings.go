package documents

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ToReadBy lists what the actor is asked to read and has not, on the platforms, the late first, then by
// how long it has been asked. It takes as many statements for ten platforms as for one.
func (s *Service) ToReadBy(ctx context.Context, platforms []qms.ID) (readings []Reading, err error) {
	actor := qms.ActorFrom(ctx)
	platforms = slices.DeleteFunc(slices.Clone(platforms), func(p qms.ID) bool { return !actor.Can(qms.AcknowledgeDocuments.On(p)) })
	if len(platforms) == 0 || actor.ID == "" {
		return nil, nil
	}
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		readings, err = s.toRead(ctx, r, platforms)
		return err
	})
	slices.SortStableFunc(readings, func(a, b Reading) int { return int(a.Until - b.Until) })
	return readings, err
}

func (s *Service) toRead(ctx context.Context, r store.Reader, platforms []qms.ID) ([]Reading, error) {
	me, today := r.Actor().ID, r.Today()
	entries, err := addresseesLike(ctx, r, platforms, r.Actor(), today)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	inForce, err := unreadOn(ctx, r, entries, me, today)
	if err != nil || len(inForce) == 0 {
		return nil, err
	}
	e := evidence{}
	if e.documents, err = documentsOfAny(ctx, r, documentIDs(inForce)); err != nil {
		return nil, err
	}
	if e.holdings, err = s.people.HeldBy(ctx, r, me, platforms); err != nil {
		return nil, err
	}
	if e.late, err = lateDays(ctx, r, platforms); err != nil {
		return nil, err
	}
	if err := e.gather(ctx, r, inForce, entries, me); err != nil {
		return nil, err
	}
	all := e.readings(today)
	return slices.DeleteFunc(all, func(r Reading) bool { return r.State == HasRead || r.Reader.Person != me }), nil
}

// ReadingsDueIn lists the readings that are still asked for on the platform today, by their last day,
// within a transaction that the caller holds.
func (s *Service) ReadingsDueIn(ctx context.Context, r store.Reader, platform qms.ID) ([]qms.Due, error) {
	all, _, _, err := s.readingsIn(ctx, r, platform, r.Today())
	return ReadingsDue(all), err
}

// ReadingTally counts the readings asked for on the platform today, over everybody.
func (s *Service) ReadingTally(ctx context.Context, platform qms.ID) (t Tally, err error) {
	err = s.db.View(ctx, qms.ReadLibrary.On(platform), func(r store.Reader) error {
		all, _, _, err := s.readingsIn(ctx, r, platform, r.Today())
		for i := range all {
			t.count(&all[i])
		}
		return err
	})
	return t, err
}

// ReadingRule tells what the platform settles about readings.
func (s *Service) ReadingRule(ctx context.Context, platform qms.ID) (rule *ReadingRule, err error) {
	err = s.db.View(ctx, qms.ReadLibrary.On(platform), func(r store.Reader) error {
		rule, err = readingRule(ctx, r, platform)
		return err
	})
	return rule, err
}

// SetReadingRule settles after how many days a reading is late.
type SetReadingRule struct {
	Platform qms.ID
	Revision int64 // 0 does not check
	LateDays int64
	Reason   string
}

// maxLateDays bounds what a platform may settle: two years.
const maxLateDays = 730

// SetReadingRule changes the rule for readings asked before as well as after.
func (s *Service) SetReadingRule(ctx context.Context, cmd SetReadingRule) (*ReadingRule, error) {
	var rule *ReadingRule
	act := qms.Act{Name: "reading.rule", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: tidy(cmd.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if rule, err = readingRule(ctx, tx, cmd.Platform); err != nil {
			return err
		}
		if err := unchanged(rule, cmd.Revision); err != nil {
			return err
		}
		if cmd.LateDays < 1 || cmd.LateDays > maxLateDays {
			return qms.InvalidFields(qms.Wrong("late_days", "reading.late_days", maxLateDays))
		}
		rule.LateDays = cmd.LateDays
		if rule.ID == "" {
			return tx.Insert(ctx, rule)
		}
		return tx.Update(ctx, rule)
	})
	if err != nil {
		return nil, err
	}
	return rule, nil
}

// KindDistribution is to whom all documents of some kinds are addressed, on the platform.
type KindDistribution struct {
	Addressees []Addressee // of all times, by kind and then the oldest first
	Names      map[qms.ID]string
	Kinds      []Kind
	Rule       ReadingRule
}

// KindDistribution lists the entries that address whole kinds of documents.
func (s *Service) KindDistribution(ctx context.Context, platform qms.ID) (*KindDistribution, error) {
	var k KindDistribution
	err := s.db.View(ctx, qms.ReadLibrary.On(platform), func(r store.Reader) error {
		all, err := addresseesOfPlatform(ctx, r, platform)
		if err != nil {
			return err
		}
		k.Addressees = slices.DeleteFunc(all, func(a Addressee) bool { return a.Kind == "" })
		slices.SortStableFunc(k.Addressees, func(a, b Addressee) int { return cmp.Compare(a.Kind, b.Kind) })
		var persons []qms.ID
		for _, a := range k.Addressees {
			if a.Person != "" {
				persons = append(persons, a.Person)
			}
		}
		if k.Names, err = s.people.Names(ctx, r, persons); err != nil {
			return err
		}
		rule, err := readingRule(ctx, r, platform)
		if err != nil {
			return err
		}
		k.Rule = *rule
		k.Kinds, err = kindsOf(ctx, r, platform)
		return err
	})
	return &k, err
}
