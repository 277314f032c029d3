package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// part lists what one subject of the room makes due.
type part func(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error)

// Dues lists what the programme asks of the platforms, of all when none is named, that is not done as of
// day and falls due by until: what is late first.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (due []qms.Due, err error) {
	for _, of := range []part{
		s.candidacyDues,
		sessionDues,
		s.labelDues,
		gapDues,
	} {
		some, err := of(ctx, r, platforms, day, until)
		if err != nil {
			return nil, err
		}
		due = append(due, some...)
	}
	qms.SortDues(due)
	return due, nil
}
