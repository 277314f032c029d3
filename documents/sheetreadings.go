package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Distribution is to whom a document is addressed and who has read the version in force, as of the day
// of its sheet. People with training only find themselves in it and nobody else.
type Distribution struct {
	Addressees []Addressee // of the document and of its kind, of all times, the oldest first
	Readers    int         // people to whom it is addressed on the day
	Readings   []Reading   // of the version in force, by name; empty while none is
	Reading    Tally       // over everybody
	Mine       *Reading    // nil when nothing is addressed to who looks, or nothing is in force
	LateDays   int64
}

// distributed fills the sheet's distribution, and leaves to people with training only what is theirs.
func (s *Service) distributed(sheet *Sheet) func(context.Context, store.Reader) error {
	return func(ctx context.Context, r store.Reader) error {
		entries, err := addresseesOf(ctx, r, sheet.Platform, sheet.ID, sheet.Kind)
		if err != nil {
			return err
		}
		if len(entries) > 0 {
			holdings, err := s.people.Holdings(ctx, r, sheet.Platform)
			if err != nil {
				return err
			}
			rule, err := readingRule(ctx, r, sheet.Platform)
			if err != nil {
				return err
			}
			sheet.LateDays = rule.LateDays
			sheet.read(entries, holdings, r.Actor().ID)
		}
		if !r.Actor().Can(qms.ReadLibrary.On(sheet.Platform)) {
			sheet.keepOwn(r.Actor().ID)
		}
		return nil
	}
}

func (s *Sheet) read(entries []Addressee, holdings []Holding, me qms.ID) {
	versions := make([]*Version, len(s.Versions))
	var signatures []Signature
	for i := range s.Versions {
		versions[i] = &s.Versions[i].Version
		signatures = append(signatures, s.Versions[i].Signatures...)
	}
	s.Addressees = entries
	s.Readers = len(Readers(entries, holdings, s.AsOf))
	s.Readings = Readings(&s.Document, versions, entries, holdings, signatures, s.LateDays, s.AsOf)
	for i := range s.Readings {
		s.Reading.count(&s.Readings[i])
		if s.Readings[i].Reader.Person == me {
			s.Mine = &s.Readings[i]
		}
	}
}

// keepOwn takes out who else is asked to read and has.
func (s *Sheet) keepOwn(me qms.ID) {
	s.Addressees, s.Readings, s.Reading, s.Readers = nil, nil, Tally{}, 0
	for i := range s.Versions {
		e := &s.Versions[i]
		e.Signatures = slices.DeleteFunc(e.Signatures, func(sig Signature) bool { return sig.Meaning == ReadBy && sig.Person != me })
	}
}

// Asks reports whether those who have read what the version follows will be asked to read it too, when
// it takes effect: always, but for a minor one whose approval does not say so.
func (s *Sheet) Asks(e *Entry) bool {
	for i := range s.Versions {
		before := &s.Versions[i].Version
		if _, was := before.Period(); was && before.Number().Compare(e.Number()) < 0 {
			return !e.changesLittle(before)
		}
	}
	return true
}
