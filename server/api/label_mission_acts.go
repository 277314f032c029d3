package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// NamedEvaluator names an evaluator.
type NamedEvaluator struct {
	Email string `json:"email" maxLength:"200"`
	Lead  bool   `json:"lead,omitempty"`
}

func (a *API) nameMissionEvaluator(ctx context.Context, in *changeRecord[NamedEvaluator]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.NameEvaluator(ctx, label.NameEvaluator{At: at, Email: in.Body.Email, Lead: in.Body.Lead}))
}

// EvaluatorEnd dismisses an evaluator.
type EvaluatorEnd struct {
	Evaluator qms.ID `json:"evaluator" doc:"ID of the evaluator in the mission"`
	Reason    string `json:"reason" maxLength:"500"`
}

func (a *API) dismissMissionEvaluator(ctx context.Context, in *changeRecord[EvaluatorEnd]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.DismissEvaluator(ctx, label.DismissEvaluator{At: at, Evaluator: in.Body.Evaluator}))
}

// AccessMoved is the new end of what evaluators may read.
type AccessMoved struct {
	Until  qms.Date `json:"access_until" format:"date" doc:"First day without; today ends it at once"`
	Reason string   `json:"reason" maxLength:"500"`
}

func (a *API) changeMissionAccess(ctx context.Context, in *changeRecord[AccessMoved]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.ChangeAccess(ctx, label.ChangeAccess{At: at, Until: in.Body.Until}))
}

// IndependenceDeclared is the declaration of an evaluator.
type IndependenceDeclared struct {
	Evaluator qms.ID   `json:"evaluator" doc:"ID of the evaluator in the mission"`
	Words     string   `json:"words,omitempty" maxLength:"4000"`
	On        qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
}

func (a *API) declareIndependence(ctx context.Context, in *changeRecord[IndependenceDeclared]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.DeclareIndependence(ctx, label.DeclareIndependence{At: at, Evaluator: in.Body.Evaluator, Words: in.Body.Words, On: in.Body.On}))
}

// VisitPlan is the days of a visit and their plan.
type VisitPlan struct {
	From    qms.Date    `json:"visit_from" format:"date"`
	Through qms.Date    `json:"visit_through,omitempty" format:"date"`
	Plan    []VisitItem `json:"plan,omitempty" maxItems:"60"`
}

func (a *API) planVisit(ctx context.Context, in *changeRecord[VisitPlan]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	cmd := label.PlanVisit{At: at, From: in.Body.From, Through: in.Body.Through}
	for _, i := range in.Body.Plan {
		cmd.Plan = append(cmd.Plan, label.PlanItem(i))
	}
	return shownMission(a.s.Label.PlanVisit(ctx, cmd))
}

// ExercisesRun are the exercises that a mission ran.
type ExercisesRun struct {
	Numbers []string `json:"numbers" maxItems:"50"`
}

func (a *API) noteExercises(ctx context.Context, in *changeRecord[ExercisesRun]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.NoteExercises(ctx, label.NoteExercises{At: at, Numbers: in.Body.Numbers}))
}

// FindingsStated are findings on criteria of the grid.
type FindingsStated struct {
	Findings []FindingStated `json:"findings,omitempty" maxItems:"1000"`
	Rest     bool            `json:"rest_not_seen,omitempty" doc:"Every other criterion without a finding was not looked at"`
}

// FindingStated is what was found on one criterion.
type FindingStated struct {
	Code    string        `json:"code" maxLength:"64"`
	Finding label.Finding `json:"finding" enum:"strength,conform,concern,opportunity,minor,major,not-seen"`
	Note    string        `json:"note,omitempty" maxLength:"4000"`
}

func (a *API) recordFindings(ctx context.Context, in *changeRecord[FindingsStated]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	cmd := label.RecordFindings{At: at, Rest: in.Body.Rest}
	for _, f := range in.Body.Findings {
		cmd.Lines = append(cmd.Lines, label.Found(f))
	}
	return shownMission(a.s.Label.RecordFindings(ctx, cmd))
}

func (a *API) fillGrid(ctx context.Context, in *changeRecord[struct{}]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.FillGrid(ctx, at))
}

// SignedReport is the report of a mission with the signature of who hands it in.
type SignedReport struct {
	Text     string   `json:"text" maxLength:"40000"`
	On       qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
	Password string   `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

func (a *API) reportMission(ctx context.Context, in *changeRecord[SignedReport]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.ReportMission(ctx, label.ReportMission{At: at, Text: in.Body.Text, On: in.Body.On}))
}

// ReportObserved is what the platform observes on a report.
type ReportObserved struct {
	Text string   `json:"text" maxLength:"40000"`
	On   qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
}

func (a *API) observeReport(ctx context.Context, in *changeRecord[ReportObserved]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.ObserveReport(ctx, label.ObserveReport{At: at, Text: in.Body.Text, On: in.Body.On}))
}

// SignedDecision is the decision of the committee with the signature of who enters it.
type SignedDecision struct {
	Body       string         `json:"body" maxLength:"200" doc:"That decided"`
	Date       qms.Date       `json:"date" format:"date" doc:"Neither before the visit nor before the report"`
	Outcome    label.Outcome  `json:"outcome" enum:"award,award-with-conditions,confirmed,confirmed-with-conditions,suspension,withdrawal,refusal"`
	Note       string         `json:"note,omitempty" maxLength:"4000"`
	Perimeter  string         `json:"perimeter,omitempty" maxLength:"4000" doc:"Of the label, where one is awarded"`
	Conditions []NewCondition `json:"conditions,omitempty" maxItems:"30"`
	Password   string         `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

// NewCondition is a condition of a decision.
type NewCondition struct {
	Words string   `json:"words" maxLength:"4000"`
	DueOn qms.Date `json:"due_on" format:"date"`
}

func (a *API) decideMission(ctx context.Context, in *changeRecord[SignedDecision]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := a.s.People.Confirm(ctx, b.Password); err != nil {
		return nil, err
	}
	cmd := label.DecideMission{At: at, Body: b.Body, Date: b.Date, Outcome: b.Outcome, Note: b.Note, Perimeter: b.Perimeter}
	for _, c := range b.Conditions {
		cmd.Conditions = append(cmd.Conditions, label.ConditionStated(c))
	}
	made, err := a.s.Label.DecideMission(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(made.Mission.Revision, renderMission(made.Mission, made.Decision)), nil
}

// StatedReason is why.
type StatedReason struct {
	Reason string `json:"reason" maxLength:"500"`
}

func (a *API) voidMission(ctx context.Context, in *changeRecord[StatedReason]) (*One[EvaluationMission], error) {
	at, err := missionAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownMission(a.s.Label.VoidMission(ctx, at))
}
