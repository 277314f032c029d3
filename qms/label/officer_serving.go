package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// serving are the quality officers of the site on the day, with their names: who is named for a platform
// and has left the programme since does not look after it any more.
func (s *Service) serving(ctx context.Context, r store.Reader, day qms.Date) (map[qms.ID]string, error) {
	holders, err := s.people.Holders(ctx, r, "", day)
	names := map[qms.ID]string{}
	for _, h := range holders {
		if h.Role == qms.QualityOfficer {
			names[h.Person] = h.Name
		}
	}
	return names, err
}

// inCharge tells who looks after the platforms on the day, and is a quality officer on it.
func (s *Service) inCharge(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]qms.ID, error) {
	named, err := OfficersOn(ctx, r, platforms, day)
	if err != nil || len(named) == 0 {
		return nil, err
	}
	serving, err := s.serving(ctx, r, day)
	for platform, person := range named {
		if _, still := serving[person]; !still {
			delete(named, platform)
		}
	}
	return named, err
}

// settleOfficers leaves those in the portfolio who are quality officers on its day: where who was named is
// none any more, who leads the accompaniment, else nobody.
func (s *Service) settleOfficers(ctx context.Context, r store.Reader, p *Portfolio) error {
	serving, err := s.serving(ctx, r, p.Day)
	if err != nil {
		return err
	}
	p.Names = map[qms.ID]string{}
	for i := range p.Lines {
		l := &p.Lines[i]
		if _, still := serving[l.Officer]; !still {
			l.Officer = l.leads
		}
		name, still := serving[l.Officer]
		if !still {
			l.Officer = ""
			continue
		}
		p.Names[l.Officer] = name
	}
	return nil
}
