package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// ImpactItem is one line of an impact dossier: a record, or a lot of them.
type ImpactItem struct {
	ID         qms.ID             `json:"id"`
	Position   int64              `json:"position"`
	Kind       trace.TouchedKind  `json:"kind" enum:"report,use,training"`
	Record     qms.ID             `json:"record,omitempty" doc:"Absent for a lot"`
	Number     string             `json:"number,omitempty"`
	Request    string             `json:"request,omitempty"`
	Who        string             `json:"who,omitempty" doc:"Client, or name of the person, as they were called then"`
	Person     qms.ID             `json:"person,omitempty"`
	Date       qms.Date           `json:"date" format:"date" doc:"Of a lot the first"`
	Last       qms.Date           `json:"last,omitzero" format:"date" doc:"Of a lot"`
	Count      int64              `json:"count" doc:"1, or how many records a lot has"`
	Project    string             `json:"project,omitempty"`
	AddedOn    qms.Date           `json:"added_on,omitzero" format:"date" doc:"It appeared after the dossier was opened"`
	Decision   trace.ItemDecision `json:"decision,omitempty" enum:"not-affected,repeat,inform,amend,restrict,other-measure" doc:"Absent while undecided"`
	Note       string             `json:"note,omitempty"`
	InformedOn qms.Date           `json:"informed_on,omitzero" format:"date"`
	Amended    string             `json:"amended,omitempty" doc:"Number of the report that replaces it"`
	DecidedBy  qms.ID             `json:"decided_by,omitempty"`
	DecidedOn  qms.Date           `json:"decided_on,omitzero" format:"date"`
}

func renderImpactItem(i trace.ImpactItem) ImpactItem {
	return ImpactItem{ID: i.ID, Position: i.Position, Kind: i.Kind, Record: i.Record, Number: i.Number, Request: i.Request, Who: i.Who, Person: i.Person,
		Date: i.Date, Last: i.Last, Count: i.Count, Project: i.Project, AddedOn: i.AddedOn, Decision: i.Decision, Note: i.Note, InformedOn: i.InformedOn,
		Amended: i.Amended, DecidedBy: i.DecidedBy, DecidedOn: i.DecidedOn}
}

type listImpactItems struct {
	InPlatform
	Paged
	Number    string `path:"number" maxLength:"100"`
	Kind      string `query:"kind" enum:"report,use,training"`
	Decision  string `query:"decision" enum:"not-affected,repeat,inform,amend,restrict,other-measure"`
	Undecided bool   `query:"undecided"`
}

func (a *API) listImpactItems(ctx context.Context, in *listImpactItems) (*List[ImpactItem], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.ItemFilter{Kind: trace.TouchedKind(in.Kind), Decision: trace.ItemDecision(in.Decision), Undecided: in.Undecided}
	page, err := a.s.Trace.ImpactItems(ctx, p.ID, in.Number, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderImpactItem), nil
}

// ImpactDecision is one decision for several lines.
type ImpactDecision struct {
	Items      []qms.ID           `json:"items,omitempty" maxItems:"5000" doc:"IDs of the lines"`
	Rest       bool               `json:"rest,omitempty" doc:"Every undecided line instead of items"`
	Kind       trace.TouchedKind  `json:"kind,omitempty" enum:"report,use,training" doc:"Of this kind only, with rest"`
	Decision   trace.ItemDecision `json:"decision" enum:"not-affected,repeat,inform,amend,restrict,other-measure"`
	Note       string             `json:"note,omitempty" maxLength:"4000" doc:"Required for not-affected (why) and other-measure (which)"`
	InformedOn qms.Date           `json:"informed_on,omitempty" format:"date" doc:"Required for inform"`
	Amended    string             `json:"amended,omitempty" maxLength:"64" doc:"Number of the amended report; required for amend"`
}

// impactTarget is the dossier of that number, at the revision the client knows.
func (a *API) impactTarget(ctx context.Context, platform, number, reason string, m *IfMatch) (trace.Target, error) {
	p, err := a.platform(ctx, platform)
	if err != nil {
		return trace.Target{}, err
	}
	revision, err := m.Revision()
	if err != nil {
		return trace.Target{}, err
	}
	i, err := a.s.Trace.OneImpact(ctx, p.ID, number)
	if err != nil {
		return trace.Target{}, err
	}
	return trace.Target{Platform: p.ID, ID: i.ID, Revision: revision, Reason: reason}, nil
}

func (a *API) decideImpact(ctx context.Context, in *changeRecord[ImpactDecision]) (*One[Impact], error) {
	target, err := a.impactTarget(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return shownImpact(a.s.Trace.DecideImpact(ctx, trace.DecideImpact{Target: target, Items: b.Items, Rest: b.Rest, Kind: b.Kind, Decision: b.Decision,
		Note: b.Note, InformedOn: b.InformedOn, Amended: b.Amended}))
}

type extendImpact struct {
	InPlatform
	IfMatch
	Number string `path:"number" maxLength:"100"`
}

func (a *API) extendImpact(ctx context.Context, in *extendImpact) (*One[Impact], error) {
	target, err := a.impactTarget(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return shownImpact(a.s.Trace.ExtendImpact(ctx, target))
}

// ImpactConclusion ends a dossier.
type ImpactConclusion struct {
	Words string   `json:"words" maxLength:"4000"`
	On    qms.Date `json:"on,omitempty" format:"date" doc:"Today when absent"`
}

func (a *API) concludeImpact(ctx context.Context, in *changeRecord[ImpactConclusion]) (*One[Impact], error) {
	target, err := a.impactTarget(ctx, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return shownImpact(a.s.Trace.ConcludeImpact(ctx, trace.ConcludeImpact{Target: target, Words: in.Body.Words, On: in.Body.On}))
}

func (a *API) voidImpact(ctx context.Context, in *changeRecord[Voiding]) (*One[Impact], error) {
	target, err := a.impactTarget(ctx, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return shownImpact(a.s.Trace.VoidImpact(ctx, target))
}
