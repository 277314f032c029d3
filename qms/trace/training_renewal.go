package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// RenewTrainings trains again who was trained before: each training named is followed by one of the
// same person on the same equipment, of the kind renewal.
type RenewTrainings struct {
	Platform         qms.ID
	Of               []qms.ID // the trainings
	Date             qms.Date
	Trainer          qms.ID
	Months           qms.Months // with neither Months nor Through they hold for ever
	Through          qms.Date   // last day
	Procedure        string     // what each training taught before, when it is left out
	ProcedureVersion string     // the one in force on the day, when it is left out
}

// RenewTrainings renews them in one act.
func (s *Service) RenewTrainings(ctx context.Context, cmd RenewTrainings) (renewed []*Training, err error) {
	of := distinct(cmd.Of)
	act := qms.Act{Name: "training.renew", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	if len(of) > 0 {
		act.Subject = of[0]
	}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		old, err := cmd.former(in, of)
		if err != nil {
			return err
		}
		renewed = cmd.rows(in, old)
		in.notYet("of", renewed)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Insert(ctx, records(renewed)...)
	})
	if err != nil {
		return nil, err
	}
	return renewed, nil
}

// former reads the trainings to renew; each has to count.
func (c RenewTrainings) former(in *checking, of []qms.ID) ([]Training, error) {
	switch {
	case len(of) == 0:
		in.fail("of", "training.none_chosen")
		return nil, nil
	case len(of) > maxSessionTrainings:
		in.fail("of", "session.too_many", maxSessionTrainings)
		return nil, nil
	}
	old, err := trainingsByID(in.ctx, in.tx, in.platform, of)
	if err != nil {
		return nil, err
	}
	if len(old) != len(of) {
		return nil, qms.NotFound("record.not_found")
	}
	for _, t := range old {
		if t.Void != "" {
			return nil, qms.Conflict("record.void")
		}
	}
	return old, nil
}

// rows are the new trainings, one for each person and piece of equipment.
func (c RenewTrainings) rows(in *checking, old []Training) (rows []*Training) {
	date, trainer := in.past("date", c.Date), in.requiredPerson("trainer", c.Trainer)
	months, through := in.months("months", c.Months), in.date("through", c.Through)
	checkValidity(&in.input, Training{Date: date, Months: months, Through: through})
	taught := func(Training) (string, string) { return in.taught(c.Procedure, c.ProcedureVersion, date) }
	if c.Procedure == "" {
		known := map[string]string{"": ""}
		taught = func(t Training) (string, string) {
			if _, asked := known[t.Procedure]; !asked {
				_, known[t.Procedure] = in.taught(t.Procedure, c.ProcedureVersion, date)
			}
			return t.Procedure, known[t.Procedure]
		}
	}
	done, checked := map[Pair]bool{}, map[qms.ID]bool{}
	for _, t := range old {
		pair := Pair{t.Person, t.Equipment}
		if done[pair] || len(in.wrong) > 0 || in.err != nil {
			continue
		}
		done[pair] = true
		if !checked[t.Equipment] {
			checked[t.Equipment] = true
			in.piece("equipment", t.Equipment)
		}
		switch {
		case trainer == t.Person:
			in.fail("trainer", "training.own_trainer")
		case t.Date >= date:
			in.fail("date", "training.renewed_before", in.nameOf(t.Person), t.Date)
		}
		row := &Training{Person: t.Person, Equipment: t.Equipment, Trainer: trainer, Date: date, Months: months, Through: through, Kind: RenewedTraining}
		row.Procedure, row.ProcedureVersion = taught(t)
		row.ID = qms.NewID(in.tx.Now())
		rows = append(rows, row)
	}
	return rows
}
