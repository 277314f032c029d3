package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// trainings are who is trained on what.
func (a *API) trainings() {
	const all = "/platforms/{platform}/trainings"
	register(a, get(all, "list-trainings", "List the trainings with how they stand", "trainings"), a.listTrainings)
	register(a, created(post(all, "record-training", "Record a training", "trainings")), a.recordTraining)
	register(a, get(all+"/{id}", "get-training", "One training, a void one too", "trainings"), a.getTraining)
	register(a, patch(all+"/{id}", "correct-training", "Correct what was stated of a training", "trainings"), a.correctTraining)
	register(a, created(post(all+"/renew", "renew-trainings", "Renew trainings: each is followed by one of the kind renewal", "trainings")), a.renewTrainings)
	register(a, atRevision(post(all+"/{id}/void", "void-training", "Declare a training a mistake", "trainings")), a.voidTraining)
}

// Training authorises a person to operate a piece of equipment.
type Training struct {
	ID               qms.ID             `json:"id"`
	Revision         int64              `json:"revision"`
	Person           qms.ID             `json:"person"`
	Equipment        qms.ID             `json:"equipment"`
	Trainer          qms.ID             `json:"trainer,omitempty"`
	Date             qms.Date           `json:"date" format:"date"`
	Until            qms.Date           `json:"until,omitzero" format:"date" doc:"First day on which it no longer holds; absent for ever"`
	Kind             trace.TrainingKind `json:"kind,omitempty" enum:"initial,renewal"`
	Procedure        string             `json:"procedure,omitempty"`
	ProcedureVersion string             `json:"procedure_version,omitempty"`
	Standing         trace.Standing     `json:"standing,omitempty" enum:"valid,expiring,expired,superseded"`
	PersonName       string             `json:"person_name,omitempty"`
	EquipmentCode    string             `json:"equipment_code,omitempty"`
	Session          qms.ID             `json:"session,omitempty" doc:"The group session it was given in; absent in lists"`
	Void             string             `json:"void,omitempty"`
}

// NewTraining is what is stated of a training.
type NewTraining struct {
	Person           qms.ID             `json:"person"`
	Equipment        qms.ID             `json:"equipment"`
	Trainer          qms.ID             `json:"trainer"`
	Date             qms.Date           `json:"date" format:"date"`
	Months           qms.Months         `json:"months,omitempty" minimum:"0" maximum:"1200" doc:"With neither months nor through it holds for ever"`
	Through          qms.Date           `json:"through,omitempty" format:"date" doc:"Last day"`
	Kind             trace.TrainingKind `json:"kind,omitempty" enum:"initial,renewal"`
	Procedure        string             `json:"procedure,omitempty" maxLength:"64"`
	ProcedureVersion string             `json:"procedure_version,omitempty" maxLength:"64"`
}

func (b NewTraining) command(platform qms.ID) trace.RecordTraining {
	return trace.RecordTraining{Platform: platform, Person: b.Person, Equipment: b.Equipment, Trainer: b.Trainer, Date: b.Date,
		Months: b.Months, Through: b.Through, Kind: b.Kind, Procedure: b.Procedure, ProcedureVersion: b.ProcedureVersion}
}

func renderTraining(t trace.Training) Training {
	return Training{ID: t.ID, Revision: t.Revision, Person: t.Person, Equipment: t.Equipment, Trainer: t.Trainer, Date: t.Date,
		Until: t.Validity().Until, Kind: t.Kind, Procedure: t.Procedure, ProcedureVersion: t.ProcedureVersion, Session: t.Session, Void: t.Void}
}

type listTrainings struct {
	InPlatform
	Paged
	AsOf
	Person    string `query:"person" maxLength:"36" doc:"ID of a person"`
	Equipment string `query:"equipment" maxLength:"36" doc:"ID of a piece of equipment"`
	Standing  string `query:"standing" enum:"valid,expiring,expired,superseded"`
	Sort      string `query:"sort" enum:"date,-date,until,-until,person,-person,equipment,-equipment"`
}

func (a *API) listTrainings(ctx context.Context, in *listTrainings) (*List[Training], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.TrainingFilter{Standing: trace.Standing(in.Standing), Sort: in.Sort}
	if f.Person, f.Equipment, err = pair(in.Person, in.Equipment); err != nil {
		return nil, err
	}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Trainings(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.TrainingLine) Training {
		t := renderTraining(l.Training)
		t.Standing, t.PersonName, t.EquipmentCode = l.Standing, l.Person.Name, l.Equipment.Code
		return t
	}), nil
}

func (a *API) recordTraining(ctx context.Context, in *newRecord[NewTraining]) (*One[Training], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	t, err := a.s.Trace.RecordTraining(ctx, in.Body.command(p.ID))
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTraining(*t)), nil
}

func (a *API) voidTraining(ctx context.Context, in *voidByID) (*One[Training], error) {
	target, err := in.target(ctx, a)
	if err != nil {
		return nil, err
	}
	t, err := a.s.Trace.VoidTraining(ctx, target)
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTraining(*t)), nil
}

type readTraining struct {
	InPlatform
	ID string `path:"id"`
}

func (a *API) getTraining(ctx context.Context, in *readTraining) (*One[Training], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return nil, qms.NotFound("record.not_found")
	}
	sheet, err := a.s.Trace.TrainingSheet(ctx, p.ID, id)
	if err != nil {
		return nil, err
	}
	t := renderTraining(sheet.Training)
	t.Standing, t.PersonName, t.EquipmentCode = sheet.Standing, sheet.Person.Name, sheet.Equipment.Code
	return one(t.Revision, t), nil
}

// CorrectedTraining is what is stated anew of a training.
type CorrectedTraining struct {
	Why
	NewTraining
}

type correctTraining struct {
	InPlatform
	IfMatch
	ID   string `path:"id"`
	Body CorrectedTraining
}

func (a *API) correctTraining(ctx context.Context, in *correctTraining) (*One[Training], error) {
	by := voidByID{InPlatform: in.InPlatform, IfMatch: in.IfMatch, ID: in.ID}
	target, err := by.target(ctx, a)
	if err != nil {
		return nil, err
	}
	target.Reason = in.Body.Reason
	t, err := a.s.Trace.CorrectTraining(ctx, target, in.Body.command(target.Platform))
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTraining(*t)), nil
}

type renewTrainings struct {
	InPlatform
	Body struct {
		Of               []qms.ID   `json:"of" maxItems:"5000" doc:"The trainings to renew"`
		Date             qms.Date   `json:"date" format:"date"`
		Trainer          qms.ID     `json:"trainer"`
		Months           qms.Months `json:"months,omitempty" minimum:"0" maximum:"1200" doc:"With neither months nor through they hold for ever"`
		Through          qms.Date   `json:"through,omitempty" format:"date" doc:"Last day"`
		Procedure        string     `json:"procedure,omitempty" maxLength:"64" doc:"What each taught before when absent"`
		ProcedureVersion string     `json:"procedure_version,omitempty" maxLength:"64" doc:"The one in force on the day when absent"`
	}
}

type renewedTrainings struct {
	Body struct {
		Trainings []Training `json:"trainings" nullable:"false"`
	}
}

func (a *API) renewTrainings(ctx context.Context, in *renewTrainings) (*renewedTrainings, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	rows, err := a.s.Trace.RenewTrainings(ctx, trace.RenewTrainings{Platform: p.ID, Of: b.Of, Date: b.Date, Trainer: b.Trainer, Months: b.Months,
		Through: b.Through, Procedure: b.Procedure, ProcedureVersion: b.ProcedureVersion})
	if err != nil {
		return nil, err
	}
	out := &renewedTrainings{}
	out.Body.Trainings = make([]Training, len(rows))
	for i, t := range rows {
		out.Body.Trainings[i] = renderTraining(*t)
	}
	return out, nil
}
