package audits

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

const exerciseNumber = "(SELECT e.number FROM exercises AS e WHERE e.id = t.exercise)"

// ContentColumns lists every column of the room that names contents of the vault: packs, which are held,
// reports, and the lists that were drawn from.
func ContentColumns() []store.ContentColumn {
	return []store.ContentColumn{
		{Table: "packs", Column: "content", Size: "size", Words: "t.number", Under: "packs", Page: "t.number", Held: "t.state = '" + string(PackMade) + "'"},
		{Table: "exercise_reports", Column: "content", Size: "size", Words: exerciseNumber + " || ', PDF'", Under: "exercises", Page: exerciseNumber},
		{Table: "exercises", Column: "population_digest", Text: true, Words: "t.number", Under: "exercises", Page: "t.number"},
		{Table: "exercise_strata", Column: "population_digest", Text: true, Words: exerciseNumber, Under: "exercises", Page: exerciseNumber},
	}
}

// Keeps reports whether a pack, a report or the list of a draw, of any platform, is the content, for the
// sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (kept bool, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		kept, err = store.NamesContent(ctx, r, ContentColumns(), d)
		return err
	})
	return kept, err
}
