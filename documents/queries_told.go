package documents

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// signaturesAtOnce is how many versions one statement asks about.
const signaturesAtOnce = 500

// SignaturesIn reads who signed the versions, in the order in which they did, within a transaction of the
// caller's, who has seen to the right to read them.
func SignaturesIn(ctx context.Context, r store.Reader, platform qms.ID, versions []qms.ID) (map[qms.ID][]Signature, error) {
	of := map[qms.ID][]Signature{}
	for some := range slices.Chunk(versions, signaturesAtOnce) {
		var rows []Signature
		err := r.Select(&rows).Where("platform = ? AND version IN (?)", platform, bun.List(some)).Where("meaning <> ?", ReadBy).
			Order("signed_at", "id").Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range rows {
			of[s.Version] = append(of[s.Version], s)
		}
	}
	return of, nil
}
