package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// exercises are the traceability exercises of a platform, and the full check that nothing is written of.
func (a *API) exercises() {
	const all, one = "/platforms/{platform}/exercises", "/platforms/{platform}/exercises/{number}"
	register(a, get("/platforms/{platform}/findings", "check-platform", "Check every chain and every use as of a day", "exercises"), a.checkPlatform)
	register(a, get(all, "list-exercises", "List the exercises, the newest first", "exercises"), a.listExercises)
	register(a, created(post(all, "draw-exercise", "Draw items, or check everything, and put it on record", "exercises")), a.drawExercise)
	register(a, get(one, "get-exercise", "One exercise with its items and links", "exercises"), a.getExercise)
	register(a, patch(one+"/items/{item}", "answer-item", "Answer the links of one item", "exercises"), a.answerItem)
	register(a, patch(one, "conclude-exercise", "Conclude a sampled exercise under one's signature", "exercises"), a.concludeExercise)
	a.exerciseActs(one)
}

type checkPlatform struct {
	InPlatform
	AsOf
}

// findingsAnswer has the keys of `maillon exercise --full --json`.
type findingsAnswer struct{ Body *trace.Findings }

func (a *API) checkPlatform(ctx context.Context, in *checkPlatform) (*findingsAnswer, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	findings, err := a.s.Audits.Examine(ctx, p.ID, day)
	return &findingsAnswer{Body: findings}, err
}

// Exercise is one exercise. Its items are listed by get-exercise only.
type Exercise struct {
	Number           string           `json:"number" example:"EXE-2026-001"`
	Scope            string           `json:"scope" enum:"sample,full"`
	Practice         bool             `json:"practice" doc:"Made by the platform itself: no evaluation"`
	Kind             audits.Kind      `json:"kind,omitempty" enum:"prestation,mise-a-disposition"`
	Direction        audits.Direction `json:"direction,omitempty" enum:"upstream,downstream"`
	PeriodFrom       qms.Date         `json:"period_from,omitzero" format:"date"`
	PeriodTo         qms.Date         `json:"period_to,omitzero" format:"date"`
	AsOf             qms.Date         `json:"as_of" format:"date"`
	Chosen           bool             `json:"chosen,omitempty" doc:"The evaluator named the items, they were not drawn"`
	StrataBy         audits.StrataBy  `json:"strata_by,omitempty"`
	Strata           []Stratum        `json:"strata,omitempty"`
	Seed             string           `json:"seed,omitempty"`
	SampleSize       int64            `json:"sample_size,omitempty"`
	PopulationSize   int64            `json:"population_size"`
	PopulationDigest string           `json:"population_digest,omitempty" doc:"SHA-256 of the sorted numbers, each followed by a line feed"`
	State            audits.State     `json:"state" enum:"running,paused,concluded"`
	Verdict          audits.Verdict   `json:"verdict,omitempty" enum:"passed,remarks,failed"`
	Remark           string           `json:"remark,omitempty"`
	Found            int64            `json:"found"`
	Expected         int64            `json:"expected"`
	StartedAt        time.Time        `json:"started_at"`
	ConcludedAt      *time.Time       `json:"concluded_at,omitempty"`
	SignedBy         string           `json:"signed_by,omitempty" doc:"Name, as it was"`
	SignedDigest     string           `json:"signed_digest,omitempty" doc:"SHA-256 of what the signature covers"`
	SignedZone       string           `json:"signed_zone,omitempty" example:"Europe/Paris" doc:"Where the site was when it was signed"`
	Seconds          int64            `json:"seconds,omitempty" doc:"Of all clocks together"`
	Evaluators       []Evaluator      `json:"evaluators,omitempty"`
	Items            []ExerciseItem   `json:"items,omitempty"`
	Findings         json.RawMessage  `json:"findings,omitempty" doc:"Of a full exercise: what the check found"`
	Tally            json.RawMessage  `json:"tally,omitempty" doc:"Of a full exercise: how often each check fired, in all and by month"`
}

// ExerciseItem is one drawn item.
type ExerciseItem struct {
	ID        qms.ID         `json:"id"`
	Revision  int64          `json:"revision" doc:"For If-Match when the item is answered"`
	Number    string         `json:"number"`
	Digest    string         `json:"digest" doc:"SHA-256 of seed|kind|number, which gave the item its rank"`
	Label     string         `json:"label"`
	Stratum   string         `json:"stratum,omitempty"`
	Assigned  qms.ID         `json:"assigned,omitempty" doc:"The evaluator it is given to"`
	Seconds   int64          `json:"seconds" doc:"On its clock now"`
	Running   bool           `json:"running" doc:"The clock runs"`
	Cut       bool           `json:"cut,omitempty" doc:"The clock was left running and counted two hours only"`
	Corrected string         `json:"corrected,omitempty" doc:"Why the time was corrected"`
	Links     []ExerciseLink `json:"links"`
	Files     []EvidenceFile `json:"files,omitempty" doc:"Of the item and its links, void ones left out"`
}

// Stratum is one stratum of a draw.
type Stratum struct {
	Position         int64  `json:"position" doc:"For get-exercise-population"`
	Name             string `json:"name" example:"2025 academic"`
	PopulationSize   int64  `json:"population_size"`
	PopulationDigest string `json:"population_digest"`
	Drawn            int64  `json:"drawn"`
}

// Evaluator is somebody who was named to answer an exercise.
type Evaluator struct {
	Person    qms.ID    `json:"person"`
	Name      string    `json:"name" doc:"As it was"`
	Since     time.Time `json:"since"`
	Dismissed string    `json:"dismissed,omitempty" doc:"Why they no longer are"`
}

// ExerciseLink is one expected link of an item.
type ExerciseLink struct {
	ID       qms.ID        `json:"id"`
	Link     string        `json:"link" example:"quote"`
	Target   string        `json:"target,omitempty"`
	Proposal audits.Answer `json:"proposal" enum:"found,missing,incoherent,not-applicable"`
	Checks   []string      `json:"checks,omitempty" example:"[\"S05\"]"`
	Answer   audits.Answer `json:"answer,omitempty" enum:"found,missing,incoherent,not-applicable"`
	Note     string        `json:"note,omitempty"`

	AnsweredBy string     `json:"answered_by,omitempty" doc:"Name, as it was"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

func renderExercise(e audits.Exercise) Exercise {
	out := Exercise{
		Number: e.Number, Scope: e.Scope, Kind: e.Kind, Direction: e.Direction, PeriodFrom: e.PeriodFrom, AsOf: e.AsOf,
		Seed: e.Seed, SampleSize: e.SampleSize, PopulationSize: e.PopulationSize, PopulationDigest: e.PopulationDigest,
		State: e.State, Verdict: e.Verdict, Remark: e.Remark, Found: e.Found, Expected: e.Expected, StartedAt: e.StartedAt,
		Practice: e.Practice, PeriodTo: e.PeriodTo, Chosen: e.Chosen, StrataBy: e.Strata, SignedBy: e.SignedName, SignedDigest: e.SignedDigest, SignedZone: e.SignedZone,
	}
	if !e.ConcludedAt.IsZero() {
		out.ConcludedAt = &e.ConcludedAt
	}
	if e.Findings != "" {
		out.Findings = json.RawMessage(e.Findings)
	}
	if e.Tally != "" {
		out.Tally = json.RawMessage(e.Tally)
	}
	return out
}

func (a *API) renderSheet(s *audits.Sheet) Exercise {
	out := renderExercise(s.Exercise)
	now := a.s.Clock()
	out.Seconds = s.Seconds(now)
	for _, p := range s.Strata {
		out.Strata = append(out.Strata, Stratum{p.Position, p.Name, p.PopulationSize, p.PopulationDigest, p.Drawn})
	}
	for _, e := range s.Evaluators {
		out.Evaluators = append(out.Evaluators, Evaluator{e.Person, e.Name, e.AddedAt, e.Void})
	}
	for _, i := range s.Items {
		item := renderItem(i, now)
		for _, f := range s.FilesOf(i) {
			item.Files = append(item.Files, renderEvidence(f))
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func renderItem(i audits.SheetItem, now time.Time) ExerciseItem {
	item := ExerciseItem{
		ID: i.ID, Revision: i.Revision, Number: i.Number, Digest: i.Digest, Label: i.Label, Stratum: i.Stratum, Assigned: i.Assigned,
		Seconds: i.SecondsAt(now), Running: i.Ticks(), Cut: i.Cut, Corrected: i.ClockNote, Links: make([]ExerciseLink, 0, len(i.Links)),
	}
	for _, l := range i.Links {
		link := ExerciseLink{ID: l.ID, Link: l.Link, Target: l.Target, Proposal: l.Proposal, Checks: strings.Fields(l.Checks), Answer: l.Answer,
			Note: l.Note, AnsweredBy: l.AnsweredName}
		if !l.AnsweredAt.IsZero() {
			link.AnsweredAt = &l.AnsweredAt
		}
		item.Links = append(item.Links, link)
	}
	return item
}

type listExercises struct {
	InPlatform
	Paged
	Kind     string `query:"kind" enum:"full,prestation,mise-a-disposition"`
	Practice string `query:"practice" enum:"no,only" doc:"Both when absent"`
	State    string `query:"state" enum:"running,concluded" doc:"running: not concluded"`
	Verdict  string `query:"verdict" enum:"passed,remarks,failed"`
	Year     int    `query:"year" doc:"Of the number"`
}

func (a *API) listExercises(ctx context.Context, in *listExercises) (*List[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Audits.Exercises(ctx, p.ID, audits.ExerciseFilter{Kind: in.Kind, Practice: in.Practice, State: audits.State(in.State),
		Verdict: audits.Verdict(in.Verdict), Year: in.Year}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderExercise), nil
}

// NewExercise asks for an exercise. A full one needs its day only.
type NewExercise struct {
	Scope      string           `json:"scope" enum:"sample,full"`
	AsOf       qms.Date         `json:"as_of" format:"date"`
	PeriodFrom qms.Date         `json:"period_from,omitempty" format:"date" doc:"First day of the items to draw from"`
	Kind       audits.Kind      `json:"kind,omitempty" enum:"prestation,mise-a-disposition"`
	Direction  audits.Direction `json:"direction,omitempty" enum:"upstream,downstream"`
	Seed       string           `json:"seed,omitempty" maxLength:"200"`
	SampleSize int              `json:"sample_size,omitempty"`

	Practice   bool            `json:"practice,omitempty" doc:"By the platform itself; one that counts takes the right to evaluate"`
	PeriodTo   qms.Date        `json:"period_to,omitempty" format:"date" doc:"Last day of the items to draw from; as_of when absent"`
	Strata     audits.StrataBy `json:"strata,omitempty" doc:"How the population is parted before the draw: year, client-status, or year,client-status"`
	Chosen     []string        `json:"chosen,omitempty" maxItems:"200" doc:"Numbers to examine instead of a draw"`
	Evaluators []qms.ID        `json:"evaluators,omitempty" maxItems:"50" doc:"Who answers besides who draws"`
}

type drawExercise struct {
	InPlatform
	Body NewExercise
}

func (a *API) drawExercise(ctx context.Context, in *drawExercise) (*One[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if in.Body.Scope == audits.FullScope {
		e, err := a.s.Audits.RunFull(ctx, p.ID, in.Body.AsOf)
		if err != nil {
			return nil, err
		}
		return one(e.Revision, renderExercise(*e)), nil
	}
	sheet, err := a.s.Audits.Draw(ctx, audits.Draw{
		Platform: p.ID, Kind: in.Body.Kind, Direction: in.Body.Direction, PeriodFrom: in.Body.PeriodFrom,
		AsOf: in.Body.AsOf, Seed: in.Body.Seed, Size: in.Body.SampleSize,
		Practice: in.Body.Practice, PeriodTo: in.Body.PeriodTo, Strata: in.Body.Strata, Chosen: in.Body.Chosen, Evaluators: in.Body.Evaluators,
	})
	if err != nil {
		return nil, err
	}
	return one(sheet.Exercise.Revision, a.renderSheet(sheet)), nil
}

// InExercise is embedded in the input of what is about one exercise. Like every such type it is
// exported: what is not is passed over when inputs are read.
type InExercise struct {
	InPlatform
	Number string `path:"number" maxLength:"40" example:"EXE-2026-001"`
}

func (a *API) getExercise(ctx context.Context, in *InExercise) (*One[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Audits.Sheet(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return one(sheet.Exercise.Revision, a.renderSheet(sheet)), nil
}

// ItemAnswers are the evaluator's answers on links of one item.
type ItemAnswers struct {
	Seconds int64        `json:"seconds,omitempty" doc:"How long the evaluator took on the item, for who keeps time elsewhere"`
	Stop    bool         `json:"stop,omitempty" doc:"Stops the clock of the item"`
	Answers []LinkAnswer `json:"answers" nullable:"false" maxItems:"50"`
}

// LinkAnswer is the answer on one link.
type LinkAnswer struct {
	Link   qms.ID        `json:"link" doc:"The link's id"`
	Answer audits.Answer `json:"answer" enum:"found,missing,incoherent,not-applicable"`
	Note   string        `json:"note,omitempty" maxLength:"4000"`
}

type answerItem struct {
	InExercise
	IfMatch
	Item string `path:"item" format:"uuid"`
	Body ItemAnswers
}

func (a *API) answerItem(ctx context.Context, in *answerItem) (*One[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	cmd := audits.Decide{
		Platform: p.ID, Exercise: in.Number, Item: qms.ID(strings.ToLower(in.Item)), Seconds: in.Body.Seconds, Revision: revision,
		Stop: in.Body.Stop,
	}
	for _, d := range in.Body.Answers {
		cmd.Decisions = append(cmd.Decisions, audits.Decision{Link: d.Link, Answer: d.Answer, Note: d.Note})
	}
	sheet, err := a.s.Audits.Decide(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(sheet.Exercise.Revision, a.renderSheet(sheet)), nil
}

// Conclusion is how an exercise ends.
type Conclusion struct {
	Verdict  audits.Verdict `json:"verdict" enum:"passed,remarks,failed"`
	Remark   string         `json:"remark,omitempty" maxLength:"4000" doc:"Needed unless the verdict is passed"`
	Password string         `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type concludeExercise struct {
	InExercise
	IfMatch
	Body Conclusion
}

func (a *API) concludeExercise(ctx context.Context, in *concludeExercise) (*One[Exercise], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	sheet, err := a.s.Audits.Conclude(ctx, audits.Conclude{
		Platform: p.ID, Exercise: in.Number, Verdict: in.Body.Verdict, Remark: in.Body.Remark, Revision: revision,
	})
	if err != nil {
		return nil, err
	}
	return one(sheet.Exercise.Revision, a.renderSheet(sheet)), nil
}
