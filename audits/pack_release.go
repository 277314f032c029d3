package audits

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ReleasePacks lets go of the packs that these servers hold, which are known to be dead: whoever tends packs
// next takes them up without waiting until their lease has passed. Their tries count: a pack may be what they
// died of.
func (s *Service) ReleasePacks(ctx context.Context, dead []string) error {
	var running []Pack
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		running, err = runningPacks(ctx, r, tendAtOnce)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range running {
		act := qms.Act{Name: "pack.leave", Needs: qms.OperateSite.OnSite(), Subject: p.ID}
		err := s.db.Change(ctx, act, func(tx *store.Tx) error {
			held, err := jobOf(ctx, tx, p.ID)
			if err != nil || held == nil || !slices.Contains(dead, held.Holder) {
				return err
			}
			held.Holder, held.Until = "", tx.Now()
			return tx.Update(ctx, held)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
