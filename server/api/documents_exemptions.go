package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// DocumentExemption is a platform's exemption from the rule of three people.
type DocumentExemption struct {
	ID         qms.ID              `json:"id"`
	Revision   int64               `json:"revision" doc:"For If-Match"`
	Allows     documents.Allowance `json:"allows" enum:"author-verifier,verifier-approver"`
	Reason     string              `json:"reason"`
	From       qms.Date            `json:"from" format:"date"`
	Until      qms.Date            `json:"until,omitzero" format:"date" doc:"First day on which it no longer holds"`
	SignedBy   qms.ID              `json:"signed_by,omitempty"`
	SignedName string              `json:"signed_name"`
	SignedAt   time.Time           `json:"signed_at"`
	EndedOn    qms.Date            `json:"ended_on,omitzero" format:"date"`
	EndedName  string              `json:"ended_by,omitempty"`
	EndReason  string              `json:"end_reason,omitempty"`
	Holds      bool                `json:"holds" doc:"On the day asked for"`
}

func renderExemption(e *documents.Exemption, day qms.Date) DocumentExemption {
	return DocumentExemption{ID: e.ID, Revision: e.Revision, Allows: e.Allows, Reason: e.Reason, From: e.FromDate, Until: e.UntilDate,
		SignedBy: e.SignedBy, SignedName: e.SignedName, SignedAt: e.SignedAt, EndedOn: e.EndedOn, EndedName: e.EndedName,
		EndReason: e.EndReason, Holds: e.Holds(day)}
}

type listExemptions struct {
	InPlatform
	AsOf
}

func (a *API) listExemptions(ctx context.Context, in *listExemptions) (*List[DocumentExemption], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Documents.Exemptions(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	out := &List[DocumentExemption]{Body: Items[DocumentExemption]{Items: make([]DocumentExemption, 0, len(all))}}
	for _, e := range all {
		out.Body.Items = append(out.Body.Items, renderExemption(e, day))
	}
	return out, nil
}

// NewExemption is put on record and signed.
type NewExemption struct {
	Allows   documents.Allowance `json:"allows" enum:"author-verifier,verifier-approver" doc:"The author may verify, or one person may verify and approve; nobody approves alone what they wrote"`
	Reason   string              `json:"reason" maxLength:"2000"`
	From     qms.Date            `json:"from,omitempty" format:"date" doc:"Today when absent; never before"`
	Until    qms.Date            `json:"until,omitempty" format:"date" doc:"First day on which it no longer holds"`
	Password string              `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type recordExemption struct {
	InPlatform
	Body NewExemption
}

func (a *API) recordExemption(ctx context.Context, in *recordExemption) (*One[DocumentExemption], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	e, err := a.s.Documents.Exempt(ctx, documents.Exempt{Platform: p.ID, Allows: in.Body.Allows, Reason: in.Body.Reason, From: in.Body.From, Until: in.Body.Until})
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderExemption(e, a.today())), nil
}

// InExemption is embedded in the input of what is about one exemption.
type InExemption struct {
	InPlatform
	Exemption string `path:"exemption" maxLength:"40"`
}

// exemption reads the platform and the identifier of the path.
func (a *API) exemption(ctx context.Context, in InExemption) (platform, id qms.ID, err error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return "", "", err
	}
	if id, err = qms.ParseID(in.Exemption); err != nil {
		return "", "", qms.NotFound("exemption.not_found")
	}
	return p.ID, id, nil
}

func (a *API) getExemption(ctx context.Context, in *InExemption) (*One[DocumentExemption], error) {
	platform, id, err := a.exemption(ctx, *in)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Documents.Exemption(ctx, platform, id)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderExemption(e, a.today())), nil
}

type endExemption struct {
	InExemption
	IfMatch
	Body ActReason
}

func (a *API) endExemption(ctx context.Context, in *endExemption) (*One[DocumentExemption], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	platform, id, err := a.exemption(ctx, in.InExemption)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Documents.EndExemption(ctx, documents.EndExemption{Platform: platform, Exemption: id, Revision: revision, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderExemption(e, a.today())), nil
}
