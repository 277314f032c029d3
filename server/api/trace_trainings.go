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

func renderTraining(t trace.Training) Training {
	return Training{ID: t.ID, Revision: t.Revision, Person: t.Person, Equipment: t.Equipment, Trainer: t.Trainer, Date: t.Date,
		Until: t.Validity().Until, Kind: t.Kind, Procedure: t.Procedure, ProcedureVersion: t.ProcedureVersion, Void: t.Void}
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
	b := in.Body
	t, err := a.s.Trace.RecordTraining(ctx, trace.RecordTraining{Platform: p.ID, Person: b.Person, Equipment: b.Equipment, Trainer: b.Trainer, Date: b.Date,
		Months: b.Months, Through: b.Through, Kind: b.Kind, Procedure: b.Procedure, ProcedureVersion: b.ProcedureVersion})
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
