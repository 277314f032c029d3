package audits

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// keeping are the statements that find who keeps a content: packs and reports by its digest, lists that
// were drawn from by the digest in hexadecimal.
var keeping = []struct {
	query string
	text  bool
}{
	{"SELECT id FROM packs WHERE content = ? LIMIT 1", false},
	{"SELECT id FROM exercise_reports WHERE content = ? LIMIT 1", false},
	{"SELECT id FROM exercises WHERE population_digest = ? LIMIT 1", true},
	{"SELECT id FROM exercise_strata WHERE population_digest = ? LIMIT 1", true},
}

// Keeps reports whether a pack, a report or the list of a draw, of any platform, is the content, for the
// sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (kept bool, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		for _, k := range keeping {
			var arg any = d
			if k.text {
				arg = d.String()
			}
			if kept, err = holds(ctx, r, k.query, arg); kept || err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

func holds(ctx context.Context, r store.Reader, query string, arg any) (bool, error) {
	rows, err := r.Query(ctx, query, arg)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}
