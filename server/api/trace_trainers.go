package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// trainers are who may train on what, and what new versions of procedures ask for.
func (a *API) trainers() {
	const all = "/platforms/{platform}/trainers"
	register(a, get(all, "list-trainers", "List who may train on which equipment on a day", "trainings"), a.listTrainers)
	register(a, created(post(all, "name-trainer", "Name a trainer on a piece of equipment, from a day on", "trainings")), a.nameTrainer)
	register(a, atRevision(post(all+"/{id}/end", "end-trainer", "Say from which day somebody no longer is a trainer", "trainings")), a.endTrainer)
	register(a, atRevision(post(all+"/{id}/void", "void-trainer", "Declare the naming of a trainer a mistake", "trainings")), a.voidTrainer)
	const asked = "/platforms/{platform}/requalifications"
	register(a, get(asked, "list-requalifications", "List the procedures taught of which a new major version is in force, with the trainings on older ones", "trainings"), a.listRequalifications)
	register(a, post(asked, "decide-requalification", "Decide whether those trained on an older major version are to be trained again", "trainings"), a.decideRequalification)
}

// Trainer is somebody who may train others on a piece of equipment.
type Trainer struct {
	ID            qms.ID   `json:"id"`
	Revision      int64    `json:"revision"`
	Person        qms.ID   `json:"person"`
	Equipment     qms.ID   `json:"equipment"`
	From          qms.Date `json:"from" format:"date"`
	Until         qms.Date `json:"until,omitzero" format:"date" doc:"First day on which they no longer are"`
	PersonName    string   `json:"person_name,omitempty"`
	EquipmentCode string   `json:"equipment_code,omitempty"`
	Void          string   `json:"void,omitempty"`
}

func renderTrainer(t trace.Trainer) Trainer {
	return Trainer{ID: t.ID, Revision: t.Revision, Person: t.Person, Equipment: t.Equipment, From: t.ValidFrom, Until: t.ValidUntil, Void: t.Void}
}

type listTrainers struct {
	InPlatform
	Paged
	AsOf
	Person    string `query:"person" maxLength:"36" doc:"ID of a person"`
	Equipment string `query:"equipment" maxLength:"36" doc:"ID of a piece of equipment"`
	All       bool   `query:"all" doc:"Those of other days and void ones too"`
}

func (a *API) listTrainers(ctx context.Context, in *listTrainers) (*List[Trainer], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	f := trace.TrainerFilter{AsOf: day, Past: in.All}
	if f.Person, f.Equipment, err = pair(in.Person, in.Equipment); err != nil {
		return nil, err
	}
	lines, err := a.s.Trace.Trainers(ctx, p.ID, f)
	if err != nil {
		return nil, err
	}
	key := func(l trace.TrainerLine) string {
		return l.Equipment.Code + "\x1f" + l.Person.Name + "\x1f" + l.Trainer.ValidFrom.String() + "\x1f" + string(l.Trainer.ID)
	}
	return list(&in.Paged, slicePage(sorted(lines, key), in.Cursor(), key), func(l trace.TrainerLine) Trainer {
		out := renderTrainer(l.Trainer)
		out.PersonName, out.EquipmentCode = l.Person.Name, l.Equipment.Code
		return out
	}), nil
}

// NewTrainer is what is stated of a trainer.
type NewTrainer struct {
	Person    qms.ID   `json:"person"`
	Equipment qms.ID   `json:"equipment"`
	From      qms.Date `json:"from" format:"date"`
	Until     qms.Date `json:"until,omitempty" format:"date" doc:"First day on which they no longer are"`
}

func (a *API) nameTrainer(ctx context.Context, in *newRecord[NewTrainer]) (*One[Trainer], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	t, err := a.s.Trace.NameTrainer(ctx, trace.NameTrainer{Platform: p.ID, Person: b.Person, Equipment: b.Equipment, From: b.From, Until: b.Until})
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTrainer(*t)), nil
}

type endTrainer struct {
	InPlatform
	IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Until  qms.Date `json:"until" format:"date" doc:"First day on which they no longer are"`
		Reason string   `json:"reason,omitempty" maxLength:"4000"`
	}
}

func (a *API) endTrainer(ctx context.Context, in *endTrainer) (*One[Trainer], error) {
	by := voidByID{InPlatform: in.InPlatform, IfMatch: in.IfMatch, ID: in.ID}
	target, err := by.target(ctx, a)
	if err != nil {
		return nil, err
	}
	target.Reason = in.Body.Reason
	t, err := a.s.Trace.EndTrainer(ctx, target, in.Body.Until)
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTrainer(*t)), nil
}

func (a *API) voidTrainer(ctx context.Context, in *voidByID) (*One[Trainer], error) {
	target, err := in.target(ctx, a)
	if err != nil {
		return nil, err
	}
	t, err := a.s.Trace.VoidTrainer(ctx, target)
	if err != nil {
		return nil, err
	}
	return one(t.Revision, renderTrainer(*t)), nil
}

// RequalificationDecision is what was decided of a new major version.
type RequalificationDecision struct {
	Required  bool     `json:"required"`
	DueOn     qms.Date `json:"due_on,omitzero" format:"date"`
	DecidedOn qms.Date `json:"decided_on" format:"date"`
	DecidedBy string   `json:"decided_by,omitempty"`
}

// RequalificationProposal is a procedure of which a new major version came into force after people were
// trained on an older one.
type RequalificationProposal struct {
	Procedure string                   `json:"procedure" example:"MO-EQP-001"`
	Version   string                   `json:"version" example:"2.0"`
	Since     qms.Date                 `json:"since" format:"date"`
	Trainings []Training               `json:"trainings" nullable:"false" doc:"In force, on an older major version"`
	Decision  *RequalificationDecision `json:"decision,omitempty" doc:"Absent while nobody decided"`
}

type listRequalifications struct {
	InPlatform
	Paged
	AsOf
}

func (a *API) listRequalifications(ctx context.Context, in *listRequalifications) (*List[RequalificationProposal], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	q, err := a.s.Trace.Requalifications(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	key := func(l trace.ProposalLine) string { return l.Procedure + "\x1f" + l.Version }
	return list(&in.Paged, slicePage(sorted(q.Proposals, key), in.Cursor(), key), renderProposal), nil
}

func renderProposal(l trace.ProposalLine) RequalificationProposal {
	out := RequalificationProposal{Procedure: l.Procedure, Version: l.Version, Since: l.Since, Trainings: []Training{}}
	for _, c := range l.Concerned {
		t := renderTraining(c.Training)
		t.Standing, t.PersonName, t.EquipmentCode = c.Standing, c.Person.Name, c.Equipment.Code
		out.Trainings = append(out.Trainings, t)
	}
	if d := l.Decision; d != nil {
		out.Decision = &RequalificationDecision{Required: d.Required, DueOn: d.DueOn, DecidedOn: d.DecidedOn, DecidedBy: l.DecidedBy}
	}
	return out
}

type decideRequalification struct {
	InPlatform
	Body struct {
		Procedure string   `json:"procedure" maxLength:"64" example:"MO-EQP-001"`
		Version   string   `json:"version" maxLength:"64" doc:"As proposed: the first of its major version" example:"2.0"`
		Required  bool     `json:"required"`
		DueOn     qms.Date `json:"due_on,omitempty" format:"date" doc:"Only when required"`
		Reason    string   `json:"reason" maxLength:"4000"`
	}
}

type decisionAnswer struct{ Body RequalificationDecision }

func (a *API) decideRequalification(ctx context.Context, in *decideRequalification) (*decisionAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	d, err := a.s.Trace.DecideRequalification(ctx, trace.DecideRequalification{Platform: p.ID, Procedure: b.Procedure, Version: b.Version,
		Required: b.Required, DueOn: b.DueOn, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &decisionAnswer{RequalificationDecision{Required: d.Required, DueOn: d.DueOn, DecidedOn: d.DecidedOn, DecidedBy: qms.ActorFrom(ctx).Name}}, nil
}
