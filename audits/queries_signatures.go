package audits

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// signedSamples are the numbers of the concluded exercises that were drawn, the newest first.
func signedSamples(ctx context.Context, r store.Reader, platform qms.ID) (numbers []string, err error) {
	err = r.Select((*Exercise)(nil)).Column("number").Where("platform = ? AND scope = ? AND state = ?", platform, SampleScope, Concluded).
		Order("concluded_at DESC").Scan(ctx, &numbers)
	return numbers, err
}
