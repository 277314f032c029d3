package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// missions are the evaluations of a platform.
func (a *API) missions() {
	const all, one = "/platforms/{platform}/missions", "/platforms/{platform}/missions/{number}"
	register(a, get(all, "list-missions", "The evaluation missions, newest first", "label"), a.listMissions)
	register(a, created(post(all, "open-mission", "Open a mission; its evaluators may read the platform from then on", "label")), a.openMission)
	register(a, get(one, "get-mission", "One mission with its evaluators, findings, decision and conditions", "label"), a.getMission)
	register(a, atRevision(post(one+"/evaluators", "name-mission-evaluator", "Name an evaluator", "label")), a.nameMissionEvaluator)
	register(a, atRevision(post(one+"/dismiss", "dismiss-mission-evaluator", "Dismiss an evaluator, who no longer reads the platform", "label")), a.dismissMissionEvaluator)
	register(a, atRevision(post(one+"/declare", "declare-independence", "Note an evaluator's declaration of independence", "label")), a.declareIndependence)
	register(a, atRevision(post(one+"/access", "change-mission-access", "Extend or end what the evaluators may read", "label")), a.changeMissionAccess)
	register(a, atRevision(post(one+"/plan", "plan-visit", "State the days and the plan of the visit", "label")), a.planVisit)
	register(a, atRevision(post(one+"/exercises", "note-exercises", "State the exercises run", "label")), a.noteExercises)
	register(a, atRevision(post(one+"/findings", "record-findings", "State findings on criteria of the grid", "label")), a.recordFindings)
	register(a, atRevision(post(one+"/fill", "fill-grid", "Take the criteria in force over into the grid", "label")), a.fillGrid)
	register(a, atRevision(post(one+"/report", "report-mission", "Hand the report in, signed", "label")), a.reportMission)
	register(a, atRevision(post(one+"/observations", "observe-report", "State what the platform observes on the report", "label")), a.observeReport)
	register(a, atRevision(post(one+"/decide", "decide-mission", "Enter the committee's decision, signed", "label")), a.decideMission)
	register(a, atRevision(post(one+"/void", "void-mission", "Declare a mission a mistake", "label")), a.voidMission)
}

// EvaluationMission is an evaluation of a platform.
type EvaluationMission struct {
	ID             qms.ID              `json:"id"`
	Revision       int64               `json:"revision"`
	Number         string              `json:"number" example:"EVA-2026-001"`
	Kind           label.MissionKind   `json:"kind" enum:"initial,follow-up-24,follow-up-48,renewal,extraordinary"`
	Label          qms.ID              `json:"label,omitempty" doc:"The label that it follows or renews"`
	Subject        string              `json:"subject,omitempty"`
	Referential    string              `json:"referential,omitempty" doc:"The criteria as they were when it was opened"`
	OpenedOn       qms.Date            `json:"opened_on" format:"date"`
	AccessFrom     qms.Date            `json:"access_from" format:"date"`
	AccessUntil    qms.Date            `json:"access_until" format:"date" doc:"First day on which evaluators no longer read the platform"`
	VisitFrom      qms.Date            `json:"visit_from,omitzero" format:"date"`
	VisitThrough   qms.Date            `json:"visit_through,omitzero" format:"date"`
	Plan           []VisitItem         `json:"plan" nullable:"false"`
	Exercises      []string            `json:"exercises" nullable:"false"`
	Report         string              `json:"report,omitempty"`
	ReportOn       qms.Date            `json:"report_on,omitzero" format:"date"`
	Observations   string              `json:"observations,omitempty"`
	ObservationsOn qms.Date            `json:"observations_on,omitzero" format:"date"`
	Void           string              `json:"void,omitempty"`
	Decision       *EvaluationDecision `json:"decision,omitempty"`
}

// VisitItem is one line of the plan of a visit.
type VisitItem struct {
	Day   qms.Date `json:"day,omitzero" format:"date" doc:"The first day of the visit when absent"`
	From  string   `json:"from,omitempty" maxLength:"5" example:"09:00"`
	Until string   `json:"until,omitempty" maxLength:"5" example:"10:30"`
	Topic string   `json:"topic" maxLength:"500"`
	With  string   `json:"with,omitempty" maxLength:"500"`
}

// EvaluationDecision is what the committee decided.
type EvaluationDecision struct {
	ID       qms.ID        `json:"id"`
	Revision int64         `json:"revision"`
	Body     string        `json:"body"`
	Date     qms.Date      `json:"date" format:"date"`
	Outcome  label.Outcome `json:"outcome" enum:"award,award-with-conditions,confirmed,confirmed-with-conditions,suspension,withdrawal,refusal"`
	Note     string        `json:"note,omitempty"`
}

func renderMission(m *label.Mission, d *label.MissionDecision) EvaluationMission {
	out := EvaluationMission{ID: m.ID, Revision: m.Revision, Number: m.Number, Kind: m.Kind, Label: m.Label, Subject: m.Subject, Referential: m.Referential,
		OpenedOn: m.OpenedOn, AccessFrom: m.AccessFrom, AccessUntil: m.AccessUntil, VisitFrom: m.VisitFrom, VisitThrough: m.VisitThrough, Plan: []VisitItem{},
		Exercises: append([]string{}, m.Exercises...), Report: m.Report, ReportOn: m.ReportOn, Observations: m.Observations, ObservationsOn: m.ObservationsOn, Void: m.Void}
	for _, i := range m.Plan {
		out.Plan = append(out.Plan, VisitItem(i))
	}
	if d != nil {
		out.Decision = &EvaluationDecision{ID: d.ID, Revision: d.Revision, Body: d.Body, Date: d.Date, Outcome: d.Outcome, Note: d.Note}
	}
	return out
}

// MissionEvaluator is a person named for a mission.
type MissionEvaluator struct {
	ID          qms.ID   `json:"id"`
	Person      qms.ID   `json:"person"`
	Name        string   `json:"name"`
	Lead        bool     `json:"lead"`
	NamedOn     qms.Date `json:"named_on" format:"date"`
	DeclaredOn  qms.Date `json:"declared_on,omitzero" format:"date"`
	Declaration string   `json:"declaration,omitempty"`
	DismissedOn qms.Date `json:"dismissed_on,omitzero" format:"date"`
	Dismissed   string   `json:"dismissed,omitempty" doc:"Why"`
}

// MissionFinding is one criterion as it was, with what was found.
type MissionFinding struct {
	Code        string        `json:"code"`
	Chapter     string        `json:"chapter,omitempty"`
	Criterion   string        `json:"criterion"`
	CriterionEn string        `json:"criterion_en,omitempty"`
	Finding     label.Finding `json:"finding,omitempty" enum:"strength,conform,concern,opportunity,minor,major,not-seen"`
	Note        string        `json:"note,omitempty"`
}

// AwardCondition is a condition of a decision.
type AwardCondition struct {
	ID       qms.ID   `json:"id"`
	Revision int64    `json:"revision"`
	Words    string   `json:"words"`
	DueOn    qms.Date `json:"due_on" format:"date"`
	LiftedOn qms.Date `json:"lifted_on,omitzero" format:"date"`
	Evidence string   `json:"evidence,omitempty"`
}

func renderCondition(c label.AwardCondition) AwardCondition {
	return AwardCondition{ID: c.ID, Revision: c.Revision, Words: c.Words, DueOn: c.DueOn, LiftedOn: c.LiftedOn, Evidence: c.Evidence}
}

// WholeMission is a mission with all that belongs to it.
type WholeMission struct {
	EvaluationMission
	Evaluators []MissionEvaluator `json:"evaluators" nullable:"false"`
	Findings   []MissionFinding   `json:"findings" nullable:"false"`
	Conditions []AwardCondition   `json:"conditions" nullable:"false"`
	Awarded    string             `json:"awarded,omitempty" doc:"Number of the label that the decision made"`
}

type listMissions struct {
	InPlatform
	Paged
	AsOf
	Open bool   `query:"open" doc:"Only those that nothing is decided of"`
	Kind string `query:"kind" enum:"initial,follow-up-24,follow-up-48,renewal,extraordinary"`
}

func (a *API) listMissions(ctx context.Context, in *listMissions) (*List[EvaluationMission], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := label.MissionFilter{Open: in.Open, Kind: label.MissionKind(in.Kind)}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, err := a.s.Label.Missions(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(m label.MissionLine) EvaluationMission { return renderMission(&m.Mission, m.Decision) }), nil
}

// NewMission opens a mission.
type NewMission struct {
	Kind         label.MissionKind `json:"kind" enum:"initial,follow-up-24,follow-up-48,renewal,extraordinary"`
	On           qms.Date          `json:"opened_on,omitempty" format:"date" doc:"Today when absent"`
	Subject      string            `json:"subject,omitempty" maxLength:"500"`
	Evaluators   []string          `json:"evaluators,omitempty" maxItems:"12" doc:"E-mail addresses, who leads first"`
	AccessFrom   qms.Date          `json:"access_from,omitempty" format:"date"`
	AccessUntil  qms.Date          `json:"access_until,omitempty" format:"date" doc:"First day without; three months later when absent"`
	VisitFrom    qms.Date          `json:"visit_from,omitempty" format:"date"`
	VisitThrough qms.Date          `json:"visit_through,omitempty" format:"date"`
}

func (a *API) openMission(ctx context.Context, in *newRecord[NewMission]) (*One[EvaluationMission], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return shownMission(a.s.Label.OpenMission(ctx, label.OpenMission{Platform: p.ID, Kind: b.Kind, On: b.On, Subject: b.Subject, Evaluators: b.Evaluators,
		AccessFrom: b.AccessFrom, AccessUntil: b.AccessUntil, VisitFrom: b.VisitFrom, VisitThrough: b.VisitThrough}))
}

func shownMission(m *label.Mission, err error) (*One[EvaluationMission], error) {
	if err != nil {
		return nil, err
	}
	return one(m.Revision, renderMission(m, nil)), nil
}

func (a *API) getMission(ctx context.Context, in *readRecord) (*One[WholeMission], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	s, err := a.s.Label.Mission(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	out := WholeMission{EvaluationMission: renderMission(&s.Mission, s.Decision), Evaluators: []MissionEvaluator{}, Findings: []MissionFinding{},
		Conditions: rendered(s.Conditions, renderCondition)}
	for _, e := range s.Evaluators {
		out.Evaluators = append(out.Evaluators, MissionEvaluator{ID: e.ID, Person: e.Person, Name: e.Name, Lead: e.Lead, NamedOn: e.NamedOn,
			DeclaredOn: e.DeclaredOn, Declaration: e.Declaration, DismissedOn: e.DismissedOn, Dismissed: e.Dismissed})
	}
	for _, f := range s.Findings {
		out.Findings = append(out.Findings, MissionFinding{f.Code, f.Chapter, f.Criterion, f.CriterionEn, f.Finding, f.Note})
	}
	if s.Awarded != nil {
		out.Awarded = s.Awarded.Number
	}
	return one(s.Mission.Revision, out), nil
}

// missionAt is the mission of that number, at the revision the client knows.
func missionAt[B any](ctx context.Context, a *API, in *changeRecord[B], reason string) (label.At, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return label.At{}, err
	}
	s, err := a.s.Label.Mission(ctx, p.ID, in.Number)
	if err != nil {
		return label.At{}, err
	}
	revision, err := in.Revision()
	return label.At{Platform: p.ID, ID: s.Mission.ID, Revision: revision, Reason: reason}, err
}
