package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// checks plans how the platform of spectrometry sets its checks: what is not covered is refused from
// now on, whoever records it.
func (y *year) checks(platform qms.ID) {
	y.on(Days-3, 8, func(ctx context.Context) error {
		_, err := y.h.Trace.SetChecks(ctx, trace.SetChecks{Platform: platform, InvoiceDays: 60, ExpiringDays: 90, Uncovered: trace.Refuse,
			Reason: "Décidé en réunion de plateforme"})
		return err
	})
}
