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
	register(a, get("/platforms/{platform}/training-status", "get-training-status", "Whether a person may use a piece of equipment on a day", "trainings"), a.trainingStatus)
}

// pair reads the identifiers of a person and of a piece of equipment out of a query; each may be absent.
func pair(person, equipment string) (p, e qms.ID, err error) {
	if p, err = queryID("person", person); err != nil {
		return "", "", err
	}
	e, err = queryID("equipment", equipment)
	return p, e, err
}

func queryID(name, text string) (qms.ID, error) {
	if text == "" {
		return "", nil
	}
	id, err := qms.ParseID(text)
	if err != nil {
		return "", qms.InvalidFields(qms.Wrong(name, "id.malformed", text))
	}
	return id, nil
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

// TrainingStatus is whether a person may use a piece of equipment on a day.
type TrainingStatus struct {
	Person    qms.ID         `json:"person"`
	Equipment qms.ID         `json:"equipment"`
	On        qms.Date       `json:"on" format:"date"`
	Covered   bool           `json:"covered"`
	Standing  trace.Standing `json:"standing" enum:",valid,expiring,expired"`
	Until     qms.Date       `json:"until,omitzero" format:"date" doc:"First day on which it no longer holds"`
	Check     trace.Check    `json:"check,omitempty" doc:"That a use on that day would fire"`
}

type askTrainingStatus struct {
	InPlatform
	Person    string `query:"person" maxLength:"36" doc:"ID of a person"`
	Equipment string `query:"equipment" maxLength:"36" doc:"ID of a piece of equipment"`
	On        string `query:"on" format:"date" doc:"Today when absent"`
}

type trainingStatusAnswer struct{ Body TrainingStatus }

func (a *API) trainingStatus(ctx context.Context, in *askTrainingStatus) (*trainingStatusAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	on, err := queryDay("on", in.On)
	if err != nil {
		return nil, err
	}
	person, equipment, err := pair(in.Person, in.Equipment)
	if err != nil {
		return nil, err
	}
	if person == "" || equipment == "" {
		return nil, qms.InvalidFields(qms.Wrong("person", "input.required"), qms.Wrong("equipment", "input.required"))
	}
	s, err := a.s.Trace.TrainingStatus(ctx, p.ID, person, equipment, on)
	if err != nil {
		return nil, err
	}
	return &trainingStatusAnswer{Body: TrainingStatus{s.Person, s.Equipment, s.On, s.Check == "", s.Cover.Standing, s.Cover.Until, s.Check}}, nil
}

// uses are who used what.
func (a *API) uses() {
	register(a, get("/platforms/{platform}/uses", "list-uses", "List the uses with what covers them", "uses"), a.listUses)
	records(a, a.useKind())
}

// Use is one use of a piece of equipment by a person.
type Use struct {
	ID            qms.ID      `json:"id"`
	Revision      int64       `json:"revision"`
	Number        string      `json:"number" example:"UTI-2026-0001"`
	Person        qms.ID      `json:"person"`
	Equipment     qms.ID      `json:"equipment"`
	Date          qms.Date    `json:"date" format:"date"`
	Minutes       int64       `json:"minutes,omitempty"`
	Project       string      `json:"project,omitempty"`
	Check         trace.Check `json:"check,omitempty" doc:"In a list: the check that fires; absent when a training covers it"`
	PersonName    string      `json:"person_name,omitempty"`
	EquipmentCode string      `json:"equipment_code,omitempty"`
	Void          string      `json:"void,omitempty"`
}

// NewUse is what is stated of a use.
type NewUse struct {
	Why
	Number    string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Person    qms.ID   `json:"person"`
	Equipment qms.ID   `json:"equipment"`
	Date      qms.Date `json:"date" format:"date"`
	Minutes   int64    `json:"minutes,omitempty" minimum:"0"`
	Project   string   `json:"project,omitempty" maxLength:"500"`
}

func (b NewUse) command(platform qms.ID) trace.RecordUse {
	return trace.RecordUse{Platform: platform, Number: b.Number, Person: b.Person, Equipment: b.Equipment, Date: b.Date, Minutes: b.Minutes, Project: b.Project}
}

func renderUse(u trace.Use) Use {
	return Use{ID: u.ID, Revision: u.Revision, Number: u.Number, Person: u.Person, Equipment: u.Equipment, Date: u.Date, Minutes: u.Minutes, Project: u.Project, Void: u.Void}
}

func (a *API) useKind() kind[NewUse, trace.Use, Use] {
	t := a.s.Trace
	return kind[NewUse, trace.Use, Use]{plural: "uses", noun: "use", subject: "uses", read: t.Use,
		make: func(ctx context.Context, p qms.ID, b NewUse) (*trace.Use, error) {
			return t.RecordUse(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewUse) (*trace.Use, error) {
			return t.CorrectUse(ctx, target, b.command(target.Platform))
		},
		void: t.VoidUse, render: renderUse, row: func(u *trace.Use) qms.Row { return u.Row }}
}

type listUses struct {
	InPlatform
	Paged
	AsOf
	Person    string `query:"person" maxLength:"36" doc:"ID of a person"`
	Equipment string `query:"equipment" maxLength:"36" doc:"ID of a piece of equipment"`
	From      string `query:"from" format:"date"`
	To        string `query:"to" format:"date"`
	Uncovered bool   `query:"uncovered" doc:"Only those that no training covers"`
	Check     string `query:"check" enum:"U01,U02,U03"`
	Sort      string `query:"sort" enum:"date,-date,number,-number"`
}

func (a *API) listUses(ctx context.Context, in *listUses) (*List[Use], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.UseFilter{Uncovered: in.Uncovered, Check: trace.Check(in.Check), Sort: in.Sort}
	if f.Person, f.Equipment, err = pair(in.Person, in.Equipment); err != nil {
		return nil, err
	}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	if f.From, f.To, err = days(in.From, in.To); err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Uses(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.UseLine) Use {
		u := renderUse(l.Use)
		u.Check, u.PersonName, u.EquipmentCode = l.Check, l.Person.Name, l.Equipment.Code
		return u
	}), nil
}
