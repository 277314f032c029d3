package trace

import (
	"context"

	"maillon/qms"
)

// AddEquipment enters a piece of equipment under a code that is free on the platform.
type AddEquipment struct {
	Platform     qms.ID
	Code         string
	Name         string
	Category     string
	Make         string
	Model        string
	Serial       string
	Place        string
	Commissioned qms.Date
	Retired      qms.Date
	Holding
}

func (c AddEquipment) state(in *checking, e *Equipment) {
	e.Name = in.required("name", c.Name)
	e.Category, e.Place = in.text("category", c.Category), in.text("place", c.Place)
	e.Make, e.Model, e.Serial = in.text("make", c.Make), in.text("model", c.Model), in.text("serial", c.Serial)
	e.Commissioned, e.Retired = in.date("commissioned", c.Commissioned), in.date("retired", c.Retired)
	if e.Retired != 0 && e.Retired < e.Commissioned {
		in.fail("retired", "equipment.retired_before")
	}
	c.Holding.state(in, e)
}

// AddEquipment enters a piece of equipment.
func (s *Service) AddEquipment(ctx context.Context, cmd AddEquipment) (*Equipment, error) {
	act := qms.Act{Name: "equipment.add", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, e *Equipment) {
		e.Code = in.requiredCode("code", cmd.Code)
		cmd.state(in, e)
		if e.Code == "" {
			return
		}
		_, err := equipmentByCode(in.ctx, in.tx, in.platform, e.Code)
		switch {
		case err == nil:
			in.fail("code", "equipment.code_taken", e.Code)
		case qms.CodeOf(err) != qms.CodeNotFound:
			in.err = err
		}
	})
}

// CorrectEquipment puts right what was stated of a piece of equipment; its code stays.
func (s *Service) CorrectEquipment(ctx context.Context, target Target, cmd AddEquipment) (*Equipment, error) {
	return correct(ctx, s, qms.Act{Name: "equipment.correct", Needs: qms.ManageEquipment.On(target.Platform)}, target, cmd.state)
}

// VoidEquipment declares a piece of equipment a mistake; one that has served is retired instead.
func (s *Service) VoidEquipment(ctx context.Context, target Target) (*Equipment, error) {
	return annul[Equipment](ctx, s, qms.Act{Name: "equipment.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}

// RecordCalibration notes a calibration or verification.
type RecordCalibration struct {
	Platform    qms.ID
	Equipment   qms.ID
	Date        qms.Date
	Months      qms.Months // how long it holds; 0 for until further notice
	Outcome     Outcome
	Certificate string
	Kind        CalibrationKind // empty when it is not stated
	Provider    string
	Measure
	Explanation string // required when the outcome is another than the numbers say
}

func (c RecordCalibration) state(in *checking, v *Calibration) {
	v.Equipment = in.piece("equipment", c.Equipment)
	v.Date = in.past("date", c.Date)
	v.Months = in.months("months", c.Months)
	if c.Outcome != Conforming && c.Outcome != Nonconforming {
		in.fail("outcome", "input.unknown_choice")
	}
	v.Outcome = c.Outcome
	v.Certificate = in.text("certificate", c.Certificate)
	c.found(in, v)
}

// RecordCalibration notes a calibration or verification.
func (s *Service) RecordCalibration(ctx context.Context, cmd RecordCalibration) (*Calibration, error) {
	act := qms.Act{Name: "calibration.record", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, cmd.state)
}

// CorrectCalibration puts right what was stated of a calibration.
func (s *Service) CorrectCalibration(ctx context.Context, target Target, cmd RecordCalibration) (*Calibration, error) {
	return correct(ctx, s, qms.Act{Name: "calibration.correct", Needs: qms.ManageEquipment.On(target.Platform)}, target, cmd.state)
}

// VoidCalibration declares a calibration a mistake.
func (s *Service) VoidCalibration(ctx context.Context, target Target) (*Calibration, error) {
	return annul[Calibration](ctx, s, qms.Act{Name: "calibration.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}

// RecordTraining notes that a person was trained on a piece of equipment.
type RecordTraining struct {
	Platform         qms.ID
	Person           qms.ID
	Equipment        qms.ID
	Trainer          qms.ID
	Date             qms.Date
	Months           qms.Months // with neither Months nor Through it holds for ever
	Through          qms.Date   // last day
	Kind             TrainingKind
	Procedure        string
	ProcedureVersion string
}

func (c RecordTraining) state(in *checking, t *Training) {
	t.Person = in.requiredPerson("person", c.Person)
	t.Equipment = in.piece("equipment", c.Equipment)
	t.Trainer = in.requiredPerson("trainer", c.Trainer)
	if t.Trainer != "" && t.Trainer == t.Person {
		in.fail("trainer", "training.own_trainer")
	}
	t.Date = in.past("date", c.Date)
	in.notRetired("equipment", t.Equipment, t.Date)
	t.Months, t.Through = in.months("months", c.Months), in.date("through", c.Through)
	checkValidity(&in.input, *t)
	if c.Kind != "" && c.Kind != InitialTraining && c.Kind != RenewedTraining {
		in.fail("kind", "input.unknown_choice")
	}
	t.Kind = c.Kind
	t.Procedure, t.ProcedureVersion = in.taught(c.Procedure, c.ProcedureVersion, t.Date)
}

// RecordTraining notes a training.
func (s *Service) RecordTraining(ctx context.Context, cmd RecordTraining) (*Training, error) {
	act := qms.Act{Name: "training.record", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, cmd.state)
}

// CorrectTraining puts right what was stated of a training.
func (s *Service) CorrectTraining(ctx context.Context, target Target, cmd RecordTraining) (*Training, error) {
	return correct(ctx, s, qms.Act{Name: "training.correct", Needs: qms.ManageEquipment.On(target.Platform)}, target, cmd.state)
}

// VoidTraining declares a training a mistake.
func (s *Service) VoidTraining(ctx context.Context, target Target) (*Training, error) {
	return annul[Training](ctx, s, qms.Act{Name: "training.void", Needs: qms.ManageEquipment.On(target.Platform)}, target)
}
