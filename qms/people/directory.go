package people

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// InDirectory is the platform of that code as anybody may know it, for a room that publishes something
// of it; qms.NotFound when there is none. A door tells nobody of a platform that publishes nothing.
func (s *Service) InDirectory(ctx context.Context, code string) (p *Platform, err error) {
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		if p, err = platformByCode(ctx, r, NormalCode(code)); err == nil && p == nil {
			err = qms.NotFound("platform.not_found")
		}
		return err
	})
	return p, err
}

// Directory is InDirectory for several, by their IDs and in the order of their names.
func (s *Service) Directory(ctx context.Context, ids []qms.ID) (all []Platform, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		all, err = platformsByID(ctx, r, ids)
		return err
	})
	return all, err
}
