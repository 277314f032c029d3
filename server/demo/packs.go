package demo

import (
	"context"
	"io"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/locale"
)

// packs plans two audit packs of a platform: one in the middle of the year with everything, and one at its
// end that tells what happened since. The second proves that nothing between the two was rewritten.
func (y *year) packs(platform qms.ID, lead int) {
	const first, second = 182, 362
	y.on(first, lead, func(ctx context.Context) error {
		_, err := y.h.Audits.MakePack(ctx, audits.PreparePack{Platform: platform, AsOf: y.date(first), Language: locale.French}, io.Discard)
		return err
	})
	y.on(second, lead, func(ctx context.Context) error {
		_, err := y.h.Audits.MakePack(ctx, audits.PreparePack{Platform: platform, From: y.date(first), AsOf: y.date(second), Language: locale.French}, io.Discard)
		return err
	})
}
