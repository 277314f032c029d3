package api

import (
	"context"
	"time"

	"maillon/audits"
	"maillon/qms"
)

// signatures are the signatures of a platform, each held against its record as it is now.
func (a *API) signatures() {
	register(a, get("/platforms/{platform}/signatures", "list-signatures", "List the signatures, the newest first, with whether each still holds", "signatures"), a.listSignatures)
}

// ElectronicSignature is one signature.
type ElectronicSignature struct {
	ID      qms.ID                `json:"id" doc:"Of the row that holds it: its trail and proof are under rows"`
	Kind    string                `json:"kind" example:"version" doc:"What is signed"`
	Meaning string                `json:"meaning" example:"approved"`
	Label   string                `json:"label" example:"PR-ACH-003 v1.0"`
	Subject qms.ID                `json:"subject" doc:"The record"`
	Person  qms.ID                `json:"person,omitempty"`
	Name    string                `json:"name" doc:"As it was"`
	At      time.Time             `json:"at"`
	Zone    string                `json:"zone,omitempty" example:"Europe/Paris"`
	Covers  string                `json:"covers,omitempty" doc:"SHA-256 of what was signed, in hexadecimal"`
	State   audits.SignatureState `json:"state" enum:"holds,broken,replaced,amended,lapsed,unnamed" doc:"broken: what it covers is something else now; replaced: that is signed again; amended: corrected since by an act that nobody signs; lapsed: its round was taken back; unnamed: of before signatures named what they cover"`
}

type listSignatures struct {
	InPlatform
	Paged
	AsOf
	Kind     string `query:"kind"`
	State    string `query:"state"`
	Subject  string `query:"subject" doc:"Of one record: its ID"`
	Readings bool   `query:"readings" doc:"Those of readers as well"`
}

func (a *API) listSignatures(ctx context.Context, in *listSignatures) (*List[ElectronicSignature], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := audits.SignatureFilter{Kind: in.Kind, State: audits.SignatureState(in.State), Subject: qms.ID(in.Subject), Readings: in.Readings}
	if f.Day, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, _, err := a.s.Audits.Signatures(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(s audits.Signature) ElectronicSignature {
		return ElectronicSignature{s.ID, s.Kind, s.Meaning, s.Label, s.Subject, s.Person, s.Name, s.At, s.Zone, s.Covers, s.State}
	}), nil
}
