package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Waiting is what the self-assessments of some platforms wait for.
type Waiting struct {
	Gaps  []qms.Due           // to be closed by the day asked for, late ones too
	Cover map[qms.ID]Coverage // of the platforms whose self-assessment has begun
}

// Waiting lists, over the platforms on which the actor has the right, what is to be done by until, in a
// fixed number of statements.
func (s *Service) Waiting(ctx context.Context, platforms []qms.ID, needs qms.Right, until qms.Date) (w Waiting, err error) {
	actor := qms.ActorFrom(ctx)
	var mine []qms.ID
	for _, p := range platforms {
		if actor.Can(needs.On(p)) {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 {
		return w, nil
	}
	err = s.db.View(ctx, needs.On(mine[0]), func(r store.Reader) error {
		if w.Gaps, err = gapDues(ctx, r, mine, r.Today(), until); err != nil {
			return err
		}
		w.Cover, err = CoverageOf(ctx, r, mine, r.Today())
		return err
	})
	qms.SortDues(w.Gaps)
	return w, err
}
