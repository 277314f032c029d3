package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// course is where a platform stands on its way to the label, and the labels it holds.
func (a *API) course() {
	const labels, others = "/platforms/{platform}/labels/{number}", "/platforms/{platform}/other-labels"
	register(a, get("/platforms/{platform}/label", "get-label-standing", "Where the platform stands on its way to the label, as of any day", "label"), a.getStanding)
	register(a, get(labels, "get-label", "One label with its dates", "label"), a.getLabel)
	register(a, post(labels+"/change", "change-label", "Suspend a label, lift its suspension or withdraw it, signed", "label"), a.changeLabel)
	register(a, atRevision(post("/platforms/{platform}/label-conditions/{id}/lift", "lift-condition", "Note that a condition is met", "label")), a.liftCondition)
	register(a, atRevision(post("/platforms/{platform}/mission-decisions/{id}/void", "void-decision", "Declare a decision a mistake, with the label it made, signed", "label")), a.voidDecision)
	register(a, get(others, "list-other-labels", "The labels of other bodies", "label"), a.listOtherLabels)
	register(a, created(post(others, "add-other-label", "Add a label of another body", "label")), a.addOtherLabel)
	register(a, atRevision(post(others+"/{id}/correct", "correct-other-label", "State one anew, with the reason", "label")), a.correctOtherLabel)
	register(a, atRevision(post(others+"/{id}/close", "close-other-label", "Say that nothing is due at its end", "label")), a.closeOtherLabel)
	register(a, atRevision(post(others+"/{id}/void", "void-other-label", "Declare it a mistake", "label")), a.voidOtherLabel)
}

// LabelMilestone is a date of a label.
type LabelMilestone struct {
	Kind label.MilestoneKind `json:"kind" enum:"follow-up-24,follow-up-48,renewal,end"`
	On   qms.Date            `json:"on" format:"date"`
	Done qms.Date            `json:"done,omitzero" format:"date"`
}

// LabelStanding is where a platform stands.
type LabelStanding struct {
	Stage      label.Stage      `json:"stage" enum:"identified,candidate,accompanied,evaluation,labelled,refused,suspended,withdrawn,expired"`
	AsOf       qms.Date         `json:"as_of" format:"date"`
	Since      qms.Date         `json:"since,omitzero" format:"date"`
	Until      qms.Date         `json:"until,omitzero" format:"date" doc:"First day without the label, while it holds"`
	Label      string           `json:"label,omitempty" doc:"Number of the latest label"`
	Next       *LabelMilestone  `json:"next,omitempty" doc:"The first date that is not done"`
	Milestones []LabelMilestone `json:"milestones" nullable:"false"`
	Conditions []AwardCondition `json:"conditions" nullable:"false" doc:"Those still to be met"`
}

type readStanding struct {
	InPlatform
	AsOf
}

type standingAnswer struct{ Body LabelStanding }

func (a *API) getStanding(ctx context.Context, in *readStanding) (*standingAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	c, err := a.s.Label.Course(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	s := c.Standing
	out := LabelStanding{Stage: s.Stage, AsOf: c.Day, Since: s.Since, Until: s.Until, Milestones: rendered(s.Milestones, renderMilestone),
		Conditions: rendered(c.Conditions, renderCondition)}
	if s.Label != nil {
		out.Label = s.Label.Number
	}
	if s.Next.On != 0 {
		next := renderMilestone(s.Next)
		out.Next = &next
	}
	return &standingAnswer{out}, nil
}

func renderMilestone(m label.Milestone) LabelMilestone { return LabelMilestone(m) }

// AwardedLabel is one label.
type AwardedLabel struct {
	Number     string            `json:"number" example:"LAB-2026-001"`
	Revision   int64             `json:"revision"`
	Standing   label.StandingNow `json:"standing" enum:"valid,suspended,withdrawn,expired,approved,void" doc:"Today; approved: it has not begun"`
	Since      qms.Date          `json:"since,omitzero" format:"date"`
	Body       string            `json:"body"`
	Perimeter  string            `json:"perimeter"`
	AwardedOn  qms.Date          `json:"awarded_on" format:"date"`
	EndsOn     qms.Date          `json:"ends_on" format:"date" doc:"First day without"`
	Mission    string            `json:"mission,omitempty" doc:"Number of the mission that led to it; absent where it is taken over"`
	Renews     string            `json:"renews,omitempty"`
	Milestones []LabelMilestone  `json:"milestones" nullable:"false"`
	Conditions []AwardCondition  `json:"conditions" nullable:"false"`
	TakenOver  *LabelTakenOver   `json:"taken_over,omitempty" doc:"Where it was awarded before the platform's evaluations were kept here"`
	Void       string            `json:"void,omitempty"`
}

func (a *API) getLabel(ctx context.Context, in *readRecord) (*One[AwardedLabel], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.labelShown(ctx, p.ID, in.Number)
}

func (a *API) labelShown(ctx context.Context, platform qms.ID, number string) (*One[AwardedLabel], error) {
	s, err := a.s.Label.LabelByNumber(ctx, platform, number)
	if err != nil {
		return nil, err
	}
	return one(s.Label.Revision, renderLabel(s)), nil
}

func renderLabel(s *label.Sheet) AwardedLabel {
	l := s.Label
	return AwardedLabel{Number: l.Number, Revision: l.Revision, Standing: s.Now, Since: s.Since, Body: l.Body, Perimeter: l.Perimeter, AwardedOn: l.AwardedOn,
		EndsOn: l.EndsOn(), Mission: s.Mission, Renews: s.Follows, Milestones: rendered(s.Milestones, renderMilestone),
		Conditions: rendered(s.Conditions, renderCondition), TakenOver: renderTakenOver(&l), Void: l.Void}
}

// SignedLabelChange is what happens to a label, with the signature of who enters it.
type SignedLabelChange struct {
	Kind     label.EventKind `json:"kind" enum:"suspended,lifted,withdrawn"`
	Date     qms.Date        `json:"date" format:"date"`
	Body     string          `json:"body" maxLength:"200" doc:"That decided it"`
	Why      string          `json:"why" maxLength:"4000"`
	Password string          `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type labelChange struct {
	InPlatform
	Number string `path:"number" maxLength:"100"`
	Body   SignedLabelChange
}

func (a *API) changeLabel(ctx context.Context, in *labelChange) (*One[AwardedLabel], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	s, err := a.s.Label.LabelByNumber(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := a.s.People.Confirm(ctx, b.Password); err != nil {
		return nil, err
	}
	cmd := label.ChangeLabel{At: label.At{Platform: p.ID, ID: s.Label.ID}, Kind: b.Kind, Date: b.Date, Body: b.Body, Why: b.Why}
	if _, err := a.s.Label.ChangeLabel(ctx, cmd); err != nil {
		return nil, err
	}
	return a.labelShown(ctx, p.ID, in.Number)
}

// labelAt is the record of that ID, at the revision the client knows.
func labelAt[B any](ctx context.Context, a *API, in *onRecord[B], reason string) (label.At, error) {
	t, err := in.target(ctx, a, reason)
	return label.At{Platform: t.Platform, ID: t.ID, Revision: t.Revision, Reason: reason}, err
}

// ConditionMet says that a condition is met.
type ConditionMet struct {
	On       qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
	Evidence string   `json:"evidence" maxLength:"4000"`
	Password string   `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

func (a *API) liftCondition(ctx context.Context, in *onRecord[ConditionMet]) (*One[AwardCondition], error) {
	at, err := labelAt(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	c, err := a.s.Label.LiftCondition(ctx, label.LiftCondition{At: at, On: in.Body.On, Evidence: in.Body.Evidence})
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderCondition(*c)), nil
}

// SignedReason is why, with a signature.
type SignedReason struct {
	Reason   string `json:"reason" maxLength:"500"`
	Password string `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

func (a *API) voidDecision(ctx context.Context, in *onRecord[SignedReason]) (*One[EvaluationDecision], error) {
	at, err := labelAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	d, err := a.s.Label.VoidDecision(ctx, at)
	if err != nil {
		return nil, err
	}
	return one(d.Revision, EvaluationDecision{ID: d.ID, Revision: d.Revision, Body: d.Body, Date: d.Date, Outcome: d.Outcome, Note: d.Note}), nil
}

// OtherLabel is a label that another body awarded.
type OtherLabel struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision"`
	NewOtherLabel
	Closed string `json:"closed,omitempty" doc:"Why nothing is due at its end"`
	Void   string `json:"void,omitempty"`
}

// NewOtherLabel states one.
type NewOtherLabel struct {
	Kind      label.OtherKind `json:"kind" enum:"ibisa,iso-9001,nf-x50-900,iso-17025,other"`
	Name      string          `json:"name,omitempty" maxLength:"200" doc:"Required for other"`
	Body      string          `json:"body" maxLength:"200"`
	Number    string          `json:"number,omitempty" maxLength:"200"`
	Perimeter string          `json:"perimeter,omitempty" maxLength:"4000"`
	From      qms.Date        `json:"from" format:"date"`
	Through   qms.Date        `json:"through,omitempty" format:"date" doc:"Last day; absent where it has no end"`
}

func renderOtherLabel(l label.OtherLabel) OtherLabel {
	return OtherLabel{ID: l.ID, Revision: l.Revision, Closed: l.Closed, Void: l.Void, NewOtherLabel: NewOtherLabel{Kind: l.Kind, Name: l.Name, Body: l.Body,
		Number: l.Number, Perimeter: l.Perimeter, From: l.FromDate, Through: l.UntilDate.AddDays(-1)}}
}

type otherLabels struct {
	Body struct {
		Items []OtherLabel `json:"items" nullable:"false"`
	}
}

func (a *API) listOtherLabels(ctx context.Context, in *InPlatform) (*otherLabels, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Label.OtherLabels(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	out := &otherLabels{}
	out.Body.Items = rendered(all, renderOtherLabel)
	return out, nil
}

func (a *API) addOtherLabel(ctx context.Context, in *newRecord[NewOtherLabel]) (*One[OtherLabel], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return shownOther(a.s.Label.AddOtherLabel(ctx, in.Body.command(p.ID)))
}

func (b NewOtherLabel) command(platform qms.ID) label.StateOtherLabel {
	return label.StateOtherLabel{Platform: platform, Kind: b.Kind, Name: b.Name, Body: b.Body, Number: b.Number, Perimeter: b.Perimeter, From: b.From, Through: b.Through}
}

// OtherLabelCorrected is a label of another body as it was meant, with the reason.
type OtherLabelCorrected struct {
	NewOtherLabel
	Reason string `json:"reason" maxLength:"500"`
}

func (a *API) correctOtherLabel(ctx context.Context, in *onRecord[OtherLabelCorrected]) (*One[OtherLabel], error) {
	at, err := labelAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownOther(a.s.Label.CorrectOtherLabel(ctx, at, in.Body.command(at.Platform)))
}

var shownOther = shown(renderOtherLabel)

func (a *API) closeOtherLabel(ctx context.Context, in *onRecord[StatedReason]) (*One[OtherLabel], error) {
	at, err := labelAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownOther(a.s.Label.CloseOtherLabel(ctx, at))
}

func (a *API) voidOtherLabel(ctx context.Context, in *onRecord[StatedReason]) (*One[OtherLabel], error) {
	at, err := labelAt(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownOther(a.s.Label.VoidOtherLabel(ctx, at))
}
