package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ChartIn is Chart within a transaction of the caller's, who has seen to the right to read.
func (s *Service) ChartIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*Chart, error) {
	c, err := chartIn(ctx, r, platform, day)
	if err != nil {
		return nil, err
	}
	c.Names, err = s.people.Names(ctx, r, c.owners())
	return c, err
}

// EvolutionIn is Evolution within a transaction of the caller's, who has seen to the right to read and
// names both days.
func (s *Service) EvolutionIn(ctx context.Context, r store.Reader, cmd CompareDays) (*Evolution, error) {
	if cmd.From >= cmd.To {
		return nil, qms.InvalidFields(qms.Wrong("from", "changes.days_order", cmd.From, cmd.To))
	}
	return s.evolution(ctx, r, cmd)
}

// ExemptionsIn lists the exemptions from the rule of three people that hold on the day, within a
// transaction of the caller's, who has seen to the right to read.
func ExemptionsIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]*Exemption, error) {
	all, err := exemptionsOf(ctx, r, platform)
	return slices.DeleteFunc(all, func(e *Exemption) bool { return !e.Holds(day) }), err
}
