package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// Keeps reports whether a document or a record of any platform, or a template of the kit, names the content, for the sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (bool, error) {
	var kept bool
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		rows, err := r.Query(ctx,
			`SELECT id FROM contents WHERE digest = ? UNION ALL SELECT id FROM versions WHERE content = ?
			UNION ALL SELECT id FROM renditions WHERE content = ? UNION ALL SELECT id FROM renditions WHERE base = ?
			UNION ALL SELECT id FROM document_settings WHERE logo = ?
			UNION ALL SELECT id FROM records WHERE content = ?
			UNION ALL SELECT id FROM kit_versions WHERE content = ? LIMIT 1`, d, d, d, d, d, d, d)
		if err != nil {
			return err
		}
		defer rows.Close()
		kept = rows.Next()
		return rows.Err()
	})
	return kept, err
}
