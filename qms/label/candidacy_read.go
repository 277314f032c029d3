package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// CandidacySheet is a candidacy with what is around it.
type CandidacySheet struct {
	Candidacy    *Candidacy    // nil when the platform has none that goes on
	Others       []Candidacy   // the other ones, the latest first, void ones too
	Institutions []Institution // of the site, void ones too
	Obstacles    []Obstacle    // to declaring it eligible today; none when it is decided
	Officers     []OfficerLine // who looked after the platform, the latest first
	Names        map[qms.ID]string
	Today        qms.Date
}

// Behind are the institutions behind the platform, by short name.
func (c *CandidacySheet) Behind() (behind []Institution) {
	for _, i := range c.Institutions {
		if c.Candidacy != nil && slices.Contains(c.Candidacy.Institutions, i.ID) {
			behind = append(behind, i)
		}
	}
	return behind
}

// Officer is who looks after the platform today; nobody when nobody does, or who was named has left.
func (c *CandidacySheet) Officer() (line OfficerLine, named bool) {
	for _, o := range c.Officers {
		if o.Void == "" && o.FromDay <= c.Today {
			return o, o.Person != "" && !o.Left
		}
	}
	return OfficerLine{}, false
}

// Candidacies reads the candidacy that goes on with the others beside it, in three statements and what
// People needs.
func (s *Service) Candidacies(ctx context.Context, platform qms.ID) (*CandidacySheet, error) {
	return s.candidacySheet(ctx, platform, func(all []Candidacy) int {
		return slices.IndexFunc(all, func(c Candidacy) bool { return c.Void == "" && c.EndedOn == 0 })
	})
}

// Candidacy reads one candidacy, whatever became of it.
func (s *Service) Candidacy(ctx context.Context, platform, id qms.ID) (*CandidacySheet, error) {
	sheet, err := s.candidacySheet(ctx, platform, func(all []Candidacy) int {
		return slices.IndexFunc(all, func(c Candidacy) bool { return c.ID == id })
	})
	if err == nil && sheet.Candidacy == nil {
		return nil, qms.NotFound("record.not_found")
	}
	return sheet, err
}

func (s *Service) candidacySheet(ctx context.Context, platform qms.ID, pick func([]Candidacy) int) (sheet *CandidacySheet, err error) {
	sheet = &CandidacySheet{}
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		sheet.Today = r.Today()
		all, err := candidaciesOf(ctx, r, []qms.ID{platform})
		if err != nil {
			return err
		}
		if sheet.Institutions, err = institutionsOf(ctx, r); err != nil {
			return err
		}
		slices.Reverse(all)
		if at := pick(all); at >= 0 {
			one := all[at]
			sheet.Candidacy, all = &one, slices.Delete(all, at, at+1)
			if one.Decision == UndecidedCandidacy && one.Void == "" && one.EndedOn == 0 {
				sheet.Obstacles = one.Obstacles(sheet.Institutions, sheet.Today)
			}
		}
		sheet.Others = all
		if sheet.Officers, err = s.officerLines(ctx, r, platform); err != nil {
			return err
		}
		sheet.Names, err = s.people.NamesOf(ctx, r, deciders(sheet))
		return err
	})
	if err != nil {
		return nil, err
	}
	return sheet, nil
}

func deciders(sheet *CandidacySheet) (persons []qms.ID) {
	for _, c := range append(slices.Clone(sheet.Others), deref(sheet.Candidacy)...) {
		if c.DecidedBy != "" {
			persons = append(persons, c.DecidedBy)
		}
	}
	return persons
}

func deref(c *Candidacy) []Candidacy {
	if c == nil {
		return nil
	}
	return []Candidacy{*c}
}

// TeamChoices lists who holds a role on the platform today, each once, by name.
func (s *Service) TeamChoices(ctx context.Context, platform qms.ID) (holders []Holder, err error) {
	err = s.db.View(ctx, qms.WriteLabel.On(platform), func(r store.Reader) error {
		all, err := s.people.Holders(ctx, r, platform, r.Today())
		seen := map[qms.ID]bool{}
		for _, h := range all {
			if h.Role != qms.Auditor && h.Role != qms.User && !seen[h.Person] {
				seen[h.Person] = true
				holders = append(holders, h)
			}
		}
		return err
	})
	return holders, err
}
