package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// traced is a cause with what is on record of it, and what it touches.
type traced struct {
	kind        CauseKind
	subject     qms.ID
	equipment   Equipment // none of a work instruction
	calibration *Calibration
	training    *Training
	person      qms.ID
	instruction string
	version     string
	inForce     qms.Period // of the version
	foundOn     qms.Date
	from        qms.Date
	through     qms.Date
	window      Window
	reach       Reach
}

// trace reads what a cause names and works out its window as of a day. What a person states wrongly
// comes as fields; a record that is not there, be it of another platform, is qms.NotFound.
func (s *Service) trace(ctx context.Context, r store.Reader, platform qms.ID, c Cause, asOf qms.Date) (t *traced, err error) {
	in := &input{}
	t = &traced{kind: c.Kind, from: in.date("from", c.From), through: in.date("through", c.Through)}
	if t.from > r.Today() {
		in.fail("from", "date.future", t.from)
	}
	if t.through != 0 && t.through < t.from {
		in.fail("through", "impact.ends_before")
	}
	if len(in.wrong) > 0 {
		return nil, qms.InvalidFields(in.wrong...)
	}
	switch c.Kind {
	case ByCalibration:
		err = t.byCalibration(ctx, r, platform, qms.ID(askable(c.Subject)), asOf, in)
	case ByTraining:
		err = t.byTraining(ctx, r, platform, qms.ID(askable(c.Subject)), asOf, c.Taught, in)
	case ByInstruction:
		err = s.byInstruction(ctx, r, platform, t, c, in)
	case ByFault:
		err = t.byFault(ctx, r, platform, c.Subject, in)
	default:
		in.fail("cause", "input.unknown_choice")
	}
	if err == nil {
		err = qms.InvalidFields(in.wrong...)
	}
	if err != nil {
		return nil, err
	}
	t.reach.Periods = t.window.Periods
	return t, nil
}

func (t *traced) byCalibration(ctx context.Context, r store.Reader, platform, id qms.ID, asOf qms.Date, in *input) error {
	c, err := byID[Calibration](ctx, r, platform, id)
	if err != nil {
		return err
	}
	switch {
	case c.Void != "":
		return qms.Conflict("impact.cause_void")
	case c.Outcome != Nonconforming:
		return qms.Conflict("impact.calibration_conforms", c.Date)
	case c.Date > asOf:
		return qms.NotFound("record.not_found")
	}
	f, err := factsOf(ctx, r, platform, scope{equipment: []qms.ID{c.Equipment}})
	if err != nil {
		return err
	}
	t.subject, t.calibration, t.equipment, t.foundOn = c.ID, c, f.equipment[c.Equipment], c.Date
	t.window = windowOfCalibration(*c, f.calibrations, t.equipment.Commissioned, asOf)
	t.window.widen(in, t.from, t.through)
	t.reach.Equipment = c.Equipment
	return nil
}

// byTraining takes a voided training too: that is how most of them come here.
func (t *traced) byTraining(ctx context.Context, r store.Reader, platform, id qms.ID, asOf qms.Date, taught bool, in *input) error {
	tr, err := byID[Training](ctx, r, platform, id)
	if err != nil {
		return err
	}
	if tr.Date > asOf {
		return qms.NotFound("record.not_found")
	}
	f, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{tr.Person}, equipment: []qms.ID{tr.Equipment}})
	if err != nil {
		return err
	}
	t.subject, t.training, t.equipment, t.person, t.foundOn = tr.ID, tr, f.equipment[tr.Equipment], tr.Person, tr.Date
	t.window = windowOfTraining(*tr, f.trainings, asOf)
	t.window.widen(in, t.from, t.through)
	t.reach.Equipment, t.reach.Person, t.reach.Taught = tr.Equipment, tr.Person, taught
	return nil
}

// byInstruction takes any code and version that reports name: an unknown one is S09's business.
func (s *Service) byInstruction(ctx context.Context, r store.Reader, platform qms.ID, t *traced, c Cause, in *input) error {
	t.instruction = in.requiredCode("instruction", c.Instruction)
	t.version = NormalVersion(in.requiredCode("instruction_version", c.InstructionVersion))
	if len(in.wrong) > 0 {
		return nil
	}
	periods, err := s.instructions.Periods(ctx, r, platform)
	if err != nil {
		return err
	}
	t.inForce = periods[t.instruction][t.version]
	t.window = windowOfInstruction(t.from, t.inForce)
	t.foundOn = t.window.On
	if t.through != 0 {
		t.window.Periods[0].Until = t.through.AddDays(1)
		if t.window.Periods[0].From > t.through {
			in.fail("through", "impact.ends_before")
		}
	}
	t.reach.Instruction, t.reach.InstructionVersion, t.reach.Taught = t.instruction, t.version, true
	return nil
}

func (t *traced) byFault(ctx context.Context, r store.Reader, platform qms.ID, code string, in *input) error {
	e, err := equipmentByCode(ctx, r, platform, Normal(code))
	if err != nil {
		return err
	}
	if e.Void != "" {
		return qms.NotFound("record.not_found")
	}
	t.subject, t.equipment, t.foundOn = e.ID, *e, t.from
	if t.from == 0 {
		in.fail("from", "input.required")
	}
	t.window = Window{Periods: Validities{{From: t.from, Until: t.through.AddDays(1)}}, Basis: SinceStated, On: t.from}
	t.reach.Equipment = e.ID
	return nil
}

// Cause is what the dossier was opened for, to ask again what it touches.
func (i *Impact) Cause(equipment string) Cause {
	c := Cause{Kind: i.Kind, Subject: string(i.Subject), Instruction: i.Instruction, InstructionVersion: i.InstructionVersion,
		From: i.StatedFrom, Through: i.StatedThrough, Taught: i.Taught}
	if i.Kind == ByFault {
		c.Subject = equipment
	}
	return c
}
