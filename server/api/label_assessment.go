package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/label"
)

// assessment is what a platform answers to the referential.
func (a *API) assessment() {
	const all, one = "/platforms/{platform}/assessment", "/platforms/{platform}/assessment/{code}"
	register(a, get(all, "get-assessment", "The self-assessment of a platform: every criterion with its answer", "assessment"), a.getAssessment)
	register(a, get("/platforms/{platform}/assessment-coverage", "get-assessment-coverage", "How far the self-assessment is, by theme", "assessment"), a.getCoverage)
	register(a, get(one, "get-answer", "One criterion with every answer to it", "assessment"), a.getAnswer)
	register(a, created(post(one, "state-answer", "Answer a criterion; the answer before keeps its place in the past", "assessment")), a.stateAnswer)
	register(a, post(one+"/retract", "retract-answer", "Take an answer back", "assessment"), a.retractAnswer)
}

// EvidenceLink is what an answer names, and how it stands.
type EvidenceLink struct {
	Kind     label.LinkKind `json:"kind,omitempty" doc:"document, service, use, exercise, calibration, training or equipment; looked for when absent"`
	Code     string         `json:"code" maxLength:"400"`
	Standing string         `json:"standing,omitempty" enum:"current,withdrawn,void,unknown" doc:"On the day asked for"`
}

// CriterionAnswer is one answer to a criterion.
type CriterionAnswer struct {
	ID         qms.ID         `json:"id"`
	Serial     int64          `json:"serial" doc:"State it to answer anew"`
	Thread     qms.ID         `json:"thread" doc:"What evidence files of the kind answer hang on"`
	Level      label.Level    `json:"level" enum:"not-met,partly,largely,fully,not-applicable"`
	Reason     string         `json:"reason,omitempty"`
	Remark     string         `json:"remark,omitempty"`
	Links      []EvidenceLink `json:"links" nullable:"false"`
	Gap        string         `json:"gap,omitempty"`
	CloseBy    qms.Date       `json:"close_by,omitzero" format:"date"`
	Person     qms.ID         `json:"person,omitempty"`
	Correction string         `json:"correction,omitempty"`
	AnsweredBy qms.ID         `json:"answered_by,omitempty"`
	AnsweredAt time.Time      `json:"answered_at"`
	AnsweredOn qms.Date       `json:"answered_on" format:"date"`
	ReplacedOn qms.Date       `json:"replaced_on,omitzero" format:"date"`
	Void       string         `json:"void,omitempty"`
}

func renderAnswer(a label.Answer, proofs []label.Proof) CriterionAnswer {
	out := CriterionAnswer{ID: a.ID, Serial: a.Serial, Thread: a.Thread, Level: a.Level, Reason: a.Reason, Remark: a.Remark, Links: []EvidenceLink{}, Gap: a.Gap,
		CloseBy: a.CloseBy, Person: a.Person, Correction: a.Correction, AnsweredBy: a.AnsweredBy, AnsweredAt: a.AnsweredAt, AnsweredOn: a.AnsweredOn,
		ReplacedOn: a.ReplacedOn, Void: a.Void}
	for i, l := range a.Links {
		link := EvidenceLink{Kind: l.Kind, Code: l.Code}
		if i < len(proofs) {
			link.Standing = proofs[i].Standing
		}
		out.Links = append(out.Links, link)
	}
	return out
}

// AssessedCriterion is a criterion with the answer of the day.
type AssessedCriterion struct {
	ReferentialCriterion
	State  label.AskedState      `json:"state" enum:"answered,carried,asked,unanswered" doc:"carried: answered under an earlier version; asked: it has changed since, and is asked again"`
	New    bool                  `json:"new,omitempty" doc:"The version before had no such criterion"`
	Before *ReferentialCriterion `json:"before,omitempty" doc:"As it was answered, where it has changed"`
	Files  int                   `json:"files" doc:"Evidence files that count"`
	Answer *CriterionAnswer      `json:"answer,omitempty"`
}

func renderAssessed(c *label.AssessedCriterion) AssessedCriterion {
	out := AssessedCriterion{ReferentialCriterion: renderCriterion(c.Criterion), State: c.State, New: c.New, Files: c.Files}
	if c.Before != nil {
		before := renderCriterion(*c.Before)
		out.Before = &before
	}
	if c.Answer != nil {
		answer := renderAnswer(*c.Answer, c.Proofs)
		out.Answer = &answer
	}
	return out
}

// Assessment is the self-assessment of a platform.
type Assessment struct {
	Version  int64               `json:"version" doc:"Of the referential; 0 while none is in effect"`
	Sample   bool                `json:"sample" doc:"The referential is a sample of Maillon's, not the official grid"`
	AsOf     qms.Date            `json:"as_of" format:"date"`
	Coverage AssessmentCoverage  `json:"coverage"`
	Criteria []AssessedCriterion `json:"criteria" nullable:"false"`
	Gone     []CriterionAnswer   `json:"gone" nullable:"false" doc:"Answers to criteria that are no longer asked"`
}

// ThemeCoverage is how far a theme is.
type ThemeCoverage struct {
	Theme      label.Theme `json:"theme,omitempty" doc:"Absent for all themes together"`
	Total      int         `json:"total"`
	Answered   int         `json:"answered"`
	Applicable int         `json:"applicable"`
	Points     int         `json:"points" doc:"0 to 3 for each applicable criterion"`
	Percent    int         `json:"percent"`
}

// AssessmentCoverage is how far an assessment is.
type AssessmentCoverage struct {
	All    ThemeCoverage   `json:"all"`
	Themes []ThemeCoverage `json:"themes" nullable:"false"`
	Asked  int             `json:"asked_again"`
	Short  int             `json:"required_short" doc:"Required criteria that are not at least largely met"`
}

func renderTheme(t label.ThemeCoverage) ThemeCoverage {
	return ThemeCoverage{t.Theme, t.Total, t.Answered, t.Applicable, t.Points, t.Percent()}
}

func renderCoverage(c label.Coverage) AssessmentCoverage {
	return AssessmentCoverage{All: renderTheme(c.ThemeCoverage), Themes: rendered(c.Themes, renderTheme), Asked: c.Asked, Short: c.Required}
}

type readAssessment struct {
	InPlatform
	AsOf
}

type assessmentShown struct{ Body Assessment }

func (a *API) getAssessment(ctx context.Context, in *readAssessment) (*assessmentShown, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	found, err := a.s.Label.Assessment(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	out := &assessmentShown{Assessment{AsOf: found.AsOf, Coverage: renderCoverage(found.Coverage()), Criteria: []AssessedCriterion{}, Gone: []CriterionAnswer{}}}
	if found.Version != nil {
		out.Body.Version, out.Body.Sample = found.Version.Number, found.Version.Sample
	}
	for i := range found.Items {
		out.Body.Criteria = append(out.Body.Criteria, renderAssessed(&found.Items[i]))
	}
	for _, g := range found.Gone {
		out.Body.Gone = append(out.Body.Gone, renderAnswer(g.Answer, nil))
	}
	return out, nil
}

type coverageShown struct{ Body AssessmentCoverage }

func (a *API) getCoverage(ctx context.Context, in *readAssessment) (*coverageShown, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Label.Coverage(ctx, p.ID, day)
	return &coverageShown{renderCoverage(c)}, err
}

// InAnswer names the answer to a criterion. It is exported to be embedded: what is not is not read.
type InAnswer struct {
	InPlatform
	Code string `path:"code"`
}

// AnsweredCriterion is a criterion with every answer to it, the newest first.
type AnsweredCriterion struct {
	AssessedCriterion
	History []CriterionAnswer `json:"history" nullable:"false"`
}

type answeredShown struct{ Body AnsweredCriterion }

func (a *API) getAnswer(ctx context.Context, in *InAnswer) (*answeredShown, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Label.AnsweredCriterion(ctx, p.ID, in.Code)
	if err != nil {
		return nil, err
	}
	return &answeredShown{AnsweredCriterion{renderAssessed(c.AssessedCriterion), rendered(c.History, func(h label.Answer) CriterionAnswer { return renderAnswer(h, nil) })}}, nil
}

// NewAnswer is what is answered to a criterion.
type NewAnswer struct {
	Serial     int64          `json:"serial,omitempty" doc:"Of the answer that stands; absent or 0 when there is none. Another one meanwhile is a conflict"`
	Level      label.Level    `json:"level" enum:"not-met,partly,largely,fully,not-applicable"`
	Reason     string         `json:"reason,omitempty" maxLength:"4000" doc:"Why it is not applicable"`
	Remark     string         `json:"remark,omitempty" maxLength:"4000"`
	Links      []EvidenceLink `json:"links,omitempty"`
	Gap        string         `json:"gap,omitempty" maxLength:"4000"`
	CloseBy    qms.Date       `json:"close_by,omitempty" format:"date"`
	Person     qms.ID         `json:"person,omitempty" doc:"Holds a role on the platform"`
	Correction string         `json:"correction,omitempty" maxLength:"400"`
}

type newAnswer struct {
	InAnswer
	Body NewAnswer
}

type answerShown struct{ Body CriterionAnswer }

func (a *API) stateAnswer(ctx context.Context, in *newAnswer) (*answerShown, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := label.StateAnswer{Platform: p.ID, Code: in.Code, Serial: b.Serial, Level: b.Level, Reason: b.Reason, Remark: b.Remark, Gap: b.Gap, CloseBy: b.CloseBy,
		Person: b.Person, Correction: b.Correction}
	for _, l := range b.Links {
		cmd.Links = append(cmd.Links, label.Link{Kind: l.Kind, Code: l.Code})
	}
	said, err := a.s.Label.StateAnswer(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return &answerShown{renderAnswer(*said, nil)}, nil
}

// Retraction takes an answer back.
type Retraction struct {
	Serial int64  `json:"serial" doc:"Of the answer that stands"`
	Reason string `json:"reason" maxLength:"4000"`
}

type retraction struct {
	InAnswer
	Body Retraction
}

func (a *API) retractAnswer(ctx context.Context, in *retraction) (*answerShown, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	said, err := a.s.Label.RetractAnswer(ctx, label.RetractAnswer{Platform: p.ID, Code: in.Code, Serial: in.Body.Serial, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &answerShown{renderAnswer(*said, nil)}, nil
}
