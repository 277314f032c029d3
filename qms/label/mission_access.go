package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// ChangeAccess moves the end of what the evaluators of an open mission may read, with the reason.
type ChangeAccess struct {
	At
	Until qms.Date // first day without; today ends it at once
}

// ChangeAccess extends or ends the access of every evaluator who was not dismissed, in one act. What was
// open to them on past days stays so.
func (s *Service) ChangeAccess(ctx context.Context, cmd ChangeAccess) (*Mission, error) {
	return s.onMission(ctx, "mission.change-access", qms.AccompanyPlatform, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		in.needed("reason", cmd.Reason, statedText)
		until, before := in.neededOn("access_until", cmd.Until), m.AccessUntil
		switch {
		case until == 0:
		case until <= m.AccessFrom && m.AccessFrom >= tx.Today():
			in.fail("access_until", "mission.access_order", m.AccessFrom)
		case until < tx.Today():
			in.fail("access_until", "mission.access_past", tx.Today())
		case until > m.AccessFrom.AddMonths(accessMonths):
			in.fail("access_until", "mission.access_long", int(accessMonths))
		case until == before:
			in.fail("access_until", "mission.access_same", until.AddDays(-1))
		}
		if len(in.wrong) > 0 {
			return nil, nil
		}
		m.AccessUntil = until
		return s.moveAccess(ctx, tx, m, before)
	})
}

// moveAccess moves the roles of the evaluators to the new end of the mission; before is the old one.
func (s *Service) moveAccess(ctx context.Context, tx *store.Tx, m *Mission, before qms.Date) (rows []qms.Record, err error) {
	team, err := ofMission[MissionEvaluator](ctx, tx, m.ID, "named_on", "id")
	if err != nil {
		return nil, err
	}
	for i := range team {
		e := &team[i]
		switch {
		case e.DismissedOn != 0:
		case m.AccessUntil < before && e.RoleGrant != "":
			err = s.hosts.Dismiss(ctx, tx, m.Platform, e.RoleGrant, m.AccessUntil)
		case m.AccessUntil < before:
		case before > tx.Today() && e.RoleGrant != "":
			err = s.hosts.Prolong(ctx, tx, m.Platform, e.RoleGrant, m.AccessUntil)
		default: // it had ended: the days between stay without
			err = s.admit(ctx, tx, m, m.Platform, e)
			rows = append(rows, e)
		}
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}
