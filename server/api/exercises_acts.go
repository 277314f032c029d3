package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"maillon/audits"
	"maillon/qms"
	"maillon/server/request"
)

// exerciseActs are the acts on a running exercise, and what is handed out of one.
func (a *API) exerciseActs(one string) {
	register(a, post(one+"/pause", "pause-exercise", "Stop the exercise with every clock", "exercises"), a.pauseExercise)
	register(a, post(one+"/resume", "resume-exercise", "Go on with an exercise that was paused", "exercises"), a.resumeExercise)
	register(a, post(one+"/items/{item}/clock", "set-item-clock", "Start, stop or correct the clock of an item", "exercises"), a.setClock)
	register(a, created(upload(post(one+"/items/{item}/files", "add-exercise-file", "Add a file to an item or one of its links; the body is the file", "exercises"))), a.addExerciseFile)
	register(a, post(one+"/evaluators", "name-evaluator", "Name one more evaluator", "exercises"), a.nameEvaluator)
	register(a, post(one+"/evaluators/{person}/dismiss", "dismiss-evaluator", "Take an evaluator off; their answers stay", "exercises"), a.dismissEvaluator)
	register(a, post(one+"/assignments", "assign-items", "Give items to an evaluator", "exercises"), a.assignItems)
	register(a, get(one+"/population", "get-exercise-population", "The list that was drawn from, one number a line", "exercises"), a.getPopulation)
	register(a, get(one+"/report", "get-exercise-report", "The report of a concluded sample as a PDF", "exercises"), a.getReport)
	register(a, get("/platforms/{platform}/exercise-comparison", "compare-exercises", "Two concluded exercises of one kind side by side", "exercises"), a.compareExercises)
}

// onExercise answers with the exercise that an act of its room made.
func (a *API) onExercise(ctx context.Context, in InExercise, do func(platform qms.ID) (*audits.Sheet, error)) (*One[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sheet, err := do(p.ID)
	if err != nil {
		return nil, err
	}
	return one(sheet.Exercise.Revision, a.renderSheet(sheet)), nil
}

func (a *API) pauseExercise(ctx context.Context, in *InExercise) (*One[Exercise], error) {
	return a.onExercise(ctx, *in, func(p qms.ID) (*audits.Sheet, error) { return a.s.Audits.Pause(ctx, p, in.Number) })
}

func (a *API) resumeExercise(ctx context.Context, in *InExercise) (*One[Exercise], error) {
	return a.onExercise(ctx, *in, func(p qms.ID) (*audits.Sheet, error) { return a.s.Audits.Resume(ctx, p, in.Number) })
}

// ClockAct is what is done to the clock of an item.
type ClockAct struct {
	Act     string `json:"act" enum:"start,stop,correct"`
	Seconds int64  `json:"seconds,omitempty" doc:"Of a correction: how long the item took"`
	Note    string `json:"note,omitempty" maxLength:"4000" doc:"Of a correction: why"`
}

type setClock struct {
	InExercise
	Item string `path:"item"`
	Body ClockAct
}

func (a *API) setClock(ctx context.Context, in *setClock) (*One[Exercise], error) {
	return a.onExercise(ctx, in.InExercise, func(p qms.ID) (*audits.Sheet, error) {
		cmd := audits.Clock{Platform: p, Exercise: in.Number, Item: qms.ID(strings.ToLower(in.Item))}
		switch in.Body.Act {
		case "start":
			return a.s.Audits.StartClock(ctx, cmd)
		case "stop":
			return a.s.Audits.StopClock(ctx, cmd)
		}
		return a.s.Audits.CorrectClock(ctx, audits.CorrectClock{Clock: cmd, Seconds: in.Body.Seconds, Note: in.Body.Note})
	})
}

type addExerciseFile struct {
	InExercise
	Item   string `path:"item"`
	Link   string `query:"link" maxLength:"36" doc:"ID of the link; the item itself when absent"`
	Remark string `query:"remark" maxLength:"500"`
	Upload
}

func (a *API) addExerciseFile(ctx context.Context, in *addExerciseFile) (*One[EvidenceFile], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := audits.AttachFile{Platform: p.ID, Exercise: in.Number, Subject: qms.ID(strings.ToLower(in.Item)), Remark: in.Remark}
	if in.Link != "" {
		if cmd.Subject, err = qms.ParseID(in.Link); err != nil {
			return nil, qms.NotFound("exercise.link_not_found")
		}
	}
	if cmd.File, err = a.s.Trace.Receive(ctx, p.ID, in.Upload.Name, in.File); err != nil {
		return nil, err
	}
	e, err := a.s.Audits.AttachFile(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderEvidence(*e)), nil
}

// NewEvaluator is who is named.
type NewEvaluator struct {
	Person qms.ID `json:"person"`
}

type nameEvaluator struct {
	InExercise
	Body NewEvaluator
}

func (a *API) nameEvaluator(ctx context.Context, in *nameEvaluator) (*One[Exercise], error) {
	return a.onExercise(ctx, in.InExercise, func(p qms.ID) (*audits.Sheet, error) {
		return a.s.Audits.NameEvaluator(ctx, audits.NameEvaluator{Platform: p, Exercise: in.Number, Person: in.Body.Person})
	})
}

// Dismissal is why an evaluator is taken off.
type Dismissal struct {
	Reason string `json:"reason" maxLength:"4000"`
}

type dismissEvaluator struct {
	InExercise
	Person string `path:"person"`
	Body   Dismissal
}

func (a *API) dismissEvaluator(ctx context.Context, in *dismissEvaluator) (*One[Exercise], error) {
	return a.onExercise(ctx, in.InExercise, func(p qms.ID) (*audits.Sheet, error) {
		return a.s.Audits.NameEvaluator(ctx, audits.NameEvaluator{Platform: p, Exercise: in.Number, Person: qms.ID(strings.ToLower(in.Person)),
			Dismiss: true, Reason: in.Body.Reason})
	})
}

// Assignment gives items to an evaluator.
type Assignment struct {
	Items  []qms.ID `json:"items" nullable:"false" maxItems:"200"`
	Person qms.ID   `json:"person,omitempty" doc:"Nobody in particular when absent"`
}

type assignItems struct {
	InExercise
	Body Assignment
}

func (a *API) assignItems(ctx context.Context, in *assignItems) (*One[Exercise], error) {
	return a.onExercise(ctx, in.InExercise, func(p qms.ID) (*audits.Sheet, error) {
		return a.s.Audits.AssignItems(ctx, audits.AssignItems{Platform: p, Exercise: in.Number, Items: in.Body.Items, Person: in.Body.Person})
	})
}

type getPopulation struct {
	InExercise
	Stratum string `query:"stratum" maxLength:"9" doc:"Position of the stratum; the whole list when absent"`
}

func (a *API) getPopulation(ctx context.Context, in *getPopulation) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	stratum := 0
	if in.Stratum != "" {
		if stratum, err = strconv.Atoi(in.Stratum); err != nil || stratum < 1 {
			return nil, qms.NotFound("exercise.stratum_not_found", in.Stratum)
		}
	}
	e, list, err := a.s.Audits.OpenPopulation(ctx, p.ID, in.Number, stratum)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: e.PopulationFile(stratum), Type: "text/plain; charset=utf-8", Size: -1, Reader: list}), nil
}

type getReport struct {
	InExercise
	Language string `query:"language" maxLength:"2" doc:"fr or en; that of the request when absent"`
}

func (a *API) getReport(ctx context.Context, in *getReport) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	language := in.Language
	if language == "" {
		language = request.From(ctx).Language
	}
	report, pdf, err := a.s.Audits.OpenReport(ctx, p.ID, in.Number, language)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: fmt.Sprintf("%s-%s.pdf", in.Number, report.Language), Type: "application/pdf", Size: report.Size, Reader: pdf}), nil
}

// ExerciseComparison is two exercises side by side. Lists of defects are of full ones, items of samples.
type ExerciseComparison struct {
	A        Exercise        `json:"a" doc:"The earlier"`
	B        Exercise        `json:"b"`
	New      []FoundDefect   `json:"new" nullable:"false"`
	Repaired []FoundDefect   `json:"repaired" nullable:"false"`
	Lasting  []FoundDefect   `json:"lasting" nullable:"false"`
	Items    []TwiceAnswered `json:"items" nullable:"false" doc:"In both"`
}

// FoundDefect is one thing that a full exercise found wrong.
type FoundDefect struct {
	Number string `json:"number" doc:"Of the request, the use, or the record without a parent"`
	Check  string `json:"check" example:"S08"`
}

// TwiceAnswered is a link that two samples answered.
type TwiceAnswered struct {
	Number string        `json:"number"`
	Link   string        `json:"link"`
	A      audits.Answer `json:"a,omitempty"`
	B      audits.Answer `json:"b,omitempty"`
}

type compareExercises struct {
	InPlatform
	A string `query:"a" maxLength:"40" doc:"Number of the first"`
	B string `query:"b" maxLength:"40" doc:"Number of the second"`
}

type comparison struct{ Body ExerciseComparison }

func (a *API) compareExercises(ctx context.Context, in *compareExercises) (*comparison, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Audits.Compare(ctx, p.ID, in.A, in.B)
	if err != nil {
		return nil, err
	}
	out := ExerciseComparison{A: renderExercise(c.A), B: renderExercise(c.B), New: defects(c.New), Repaired: defects(c.Repaired),
		Lasting: defects(c.Lasting), Items: []TwiceAnswered{}}
	for _, i := range c.Items {
		for _, l := range i.Links {
			out.Items = append(out.Items, TwiceAnswered{i.Number, l.Link, l.A, l.B})
		}
	}
	return &comparison{out}, nil
}

func defects(found []audits.Defect) []FoundDefect {
	out := make([]FoundDefect, 0, len(found))
	for _, d := range found {
		out = append(out, FoundDefect{d.Number, string(d.Check)})
	}
	return out
}
