package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// takenOver are the labels that were awarded before the platform's evaluations were kept here.
func (a *API) takenOver() {
	const all, one = "/platforms/{platform}/labels", "/platforms/{platform}/labels/{number}"
	register(a, get(all, "list-labels", "The labels of a platform, the latest first", "label"), a.listLabels)
	register(a, created(post(all, "take-over-label", "Take over a label that was awarded before, signed", "label")), a.takeOverLabel)
	register(a, atRevision(post(one+"/correct", "correct-label", "State a label that was taken over anew, signed", "label")), a.correctLabel)
	register(a, atRevision(post(one+"/void", "void-label", "Declare a label that was taken over a mistake, signed", "label")), a.voidLabel)
}

// LabelTakenOver says how a label that was awarded before is known.
type LabelTakenOver struct {
	On             qms.Date `json:"on" format:"date" doc:"Day on which it was taken over"`
	Source         string   `json:"source"`
	FollowedFirst  qms.Date `json:"followed_first,omitzero" format:"date" doc:"Follow-up at 24 months, held before"`
	FollowedSecond qms.Date `json:"followed_second,omitzero" format:"date" doc:"Follow-up at 48 months, held before"`
}

func renderTakenOver(l *label.Label) *LabelTakenOver {
	if !l.TakenOver() {
		return nil
	}
	return &LabelTakenOver{On: l.TakenOn, Source: l.Source, FollowedFirst: l.FollowedFirst, FollowedSecond: l.FollowedSecond}
}

// LabelOfThePast states a label that was awarded before.
type LabelOfThePast struct {
	Number         string   `json:"number,omitempty" maxLength:"200" doc:"Of the certificate; one is given when absent" example:"LAB-2022-014"`
	Body           string   `json:"body" maxLength:"200" doc:"That awarded it"`
	Perimeter      string   `json:"perimeter" maxLength:"4000"`
	AwardedOn      qms.Date `json:"awarded_on" format:"date" doc:"All its dates are counted from this day"`
	FollowedFirst  qms.Date `json:"followed_first,omitempty" format:"date" doc:"Day of the follow-up at 24 months, where it was held"`
	FollowedSecond qms.Date `json:"followed_second,omitempty" format:"date" doc:"Day of the follow-up at 48 months, where it was held"`
	Source         string   `json:"source" maxLength:"500" doc:"Where this is known from"`
}

func (b LabelOfThePast) command(platform qms.ID) label.TakeOverLabel {
	return label.TakeOverLabel{Platform: platform, Number: b.Number, Body: b.Body, Perimeter: b.Perimeter, AwardedOn: b.AwardedOn,
		FollowedFirst: b.FollowedFirst, FollowedSecond: b.FollowedSecond, Source: b.Source}
}

// SignedLabelOfThePast is the same with the signature of who enters it.
type SignedLabelOfThePast struct {
	LabelOfThePast
	Password string `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type labelList struct {
	Body struct {
		Items []AwardedLabel `json:"items" nullable:"false"`
	}
}

func (a *API) listLabels(ctx context.Context, in *InPlatform) (*labelList, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Label.Labels(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	out := &labelList{}
	out.Body.Items = rendered(all, func(s label.Sheet) AwardedLabel { return renderLabel(&s) })
	return out, nil
}

func (a *API) takeOverLabel(ctx context.Context, in *newRecord[SignedLabelOfThePast]) (*One[AwardedLabel], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	return a.labelAfter(ctx, p.ID)(a.s.Label.TakeOverLabel(ctx, in.Body.command(p.ID)))
}

// labelAfter shows a label as an act left it.
func (a *API) labelAfter(ctx context.Context, platform qms.ID) func(*label.Label, error) (*One[AwardedLabel], error) {
	return func(l *label.Label, err error) (*One[AwardedLabel], error) {
		if err != nil {
			return nil, err
		}
		return a.labelShown(ctx, platform, l.Number)
	}
}

// LabelCorrected is a label of the past as it was meant, with the reason.
type LabelCorrected struct {
	SignedLabelOfThePast
	Reason string `json:"reason" maxLength:"500"`
}

// awardAt is the label of that number, at the revision the client knows, once the password is right.
func awardAt[B any](ctx context.Context, a *API, in *changeRecord[B], reason, password string) (label.At, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return label.At{}, err
	}
	s, err := a.s.Label.LabelByNumber(ctx, p.ID, in.Number)
	if err != nil {
		return label.At{}, err
	}
	revision, err := in.Revision()
	if err == nil {
		err = a.s.People.Confirm(ctx, password)
	}
	return label.At{Platform: p.ID, ID: s.Label.ID, Revision: revision, Reason: reason}, err
}

func (a *API) correctLabel(ctx context.Context, in *changeRecord[LabelCorrected]) (*One[AwardedLabel], error) {
	at, err := awardAt(ctx, a, in, in.Body.Reason, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return a.labelAfter(ctx, at.Platform)(a.s.Label.CorrectTakenOver(ctx, at, in.Body.command(at.Platform)))
}

func (a *API) voidLabel(ctx context.Context, in *changeRecord[SignedReason]) (*One[AwardedLabel], error) {
	at, err := awardAt(ctx, a, in, in.Body.Reason, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return a.labelAfter(ctx, at.Platform)(a.s.Label.VoidTakenOver(ctx, at))
}
