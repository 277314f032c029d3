package trace

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// SetChecks sets the checks of a platform. It takes the right to manage equipment: that is who is
// answerable for trainings and calibrations, which the settings weigh, and the control of the register
// is in the same hands (manager, quality lead, quality officer), not in those who record every day.
type SetChecks struct {
	Platform     qms.ID
	Revision     int64 // of the settings that the actor saw; 0 for the ones by default
	Reason       string
	InvoiceDays  int64
	ExpiringDays int64
	Evidence     bool
	Trainers     bool
	Uncovered    string // Warn or Refuse
}

// maxDays bounds the days of the settings: ten years.
const maxDays = 3650

func (c SetChecks) state(in *input, to *CheckSettings) {
	days := func(field string, n int64) int64 {
		if n < 0 || n > maxDays {
			in.fail(field, "checks.days", maxDays)
		}
		return n
	}
	to.InvoiceDays, to.ExpiringDays = days("invoice_days", c.InvoiceDays), days("expiring_days", c.ExpiringDays)
	to.Evidence, to.Trainers, to.Uncovered = c.Evidence, c.Trainers, c.Uncovered
	if c.Uncovered != Warn && c.Uncovered != Refuse {
		in.fail("uncovered", "input.unknown_choice")
	}
	in.long("reason", c.Reason)
}

// SetChecks writes the settings. Lists, dossiers and exercises follow them at once, on past days too; the
// exercises that were made keep what they found.
func (s *Service) SetChecks(ctx context.Context, cmd SetChecks) (*CheckSettings, error) {
	act := qms.Act{Name: "checks.set", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform, Reason: strings.TrimSpace(cmd.Reason)}
	var set *CheckSettings
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		stored, err := settingsOf(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		set = &stored
		var in input
		cmd.state(&in, set)
		if err := qms.InvalidFields(in.wrong...); err != nil {
			return err
		}
		if (set.ID == "") != (cmd.Revision == 0) {
			return qms.Conflict("record.changed")
		}
		if set.ID == "" {
			set.ID = qms.NewID(tx.Now())
			return tx.Insert(ctx, set)
		}
		set.Revision = cmd.Revision
		return tx.Update(ctx, set)
	})
	if err != nil {
		return nil, err
	}
	return set, nil
}

// settingsOf reads the settings of the platform; those by default have no identifier.
func settingsOf(ctx context.Context, r store.Reader, platform qms.ID) (CheckSettings, error) {
	row := new(CheckSettings)
	found, err := one(ctx, r.Select(row).Where("platform = ?", platform), row, "record.not_found")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return DefaultSettings(), nil
	}
	if err != nil {
		return CheckSettings{}, err
	}
	return *found, nil
}

// CheckSettings reads how the platform sets its checks; revision 0 is the settings by default.
func (s *Service) CheckSettings(ctx context.Context, platform qms.ID) (set CheckSettings, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		set, err = settingsOf(ctx, r, platform)
		return err
	})
	return set, err
}

// CheckSheet is how the checks of a platform are set, and what they find as of a day.
type CheckSheet struct {
	Settings CheckSettings
	Findings *Findings // not to be changed: it is shared
}

// CheckSheet makes the full check as of a day, today when it is 0; see remembered.
func (s *Service) CheckSheet(ctx context.Context, platform qms.ID, asOf qms.Date) (sheet CheckSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if asOf == 0 {
			asOf = r.Today()
		}
		if sheet.Settings, err = settingsOf(ctx, r, platform); err != nil {
			return err
		}
		sheet.Findings, err = s.examined(ctx, r, platform, asOf)
		return err
	})
	return sheet, err
}

// examined is Examine for who needs the findings only. They are kept in memory as long as nothing was
// written on the platform: whatever the checks stand on, documents included, is in its trail. So the
// home of a platform does not check everything again for each of its readers.
func (s *Service) examined(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*Findings, error) {
	head, _, err := store.Last(ctx, r, trail.LogOf(platform))
	if err != nil {
		return nil, err
	}
	key := examinedKey{platform, asOf}
	if f := s.kept.get(key, head); f != nil {
		return f, nil
	}
	f, err := s.Examine(ctx, r, platform, asOf, Visitor{})
	if err == nil {
		s.kept.put(key, head, f)
	}
	return f, err
}
