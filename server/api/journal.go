package api

import (
	"context"
	"encoding/json"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// journal is the trail of each platform and of the site: its acts, their changes, and what proves them.
func (a *API) journal() {
	const here = "/platforms/{platform}/trail"
	register(a, get(here, "list-acts", "List the acts of the trail, the newest first", "trail"), a.listActs)
	register(a, get(here+"/checkpoint", "get-checkpoint", "The signed head of the trail", "trail"), a.getCheckpoint)
	register(a, get(here+"/consistency", "prove-consistency", "Prove that one size of the trail continues an older one", "trail"), a.proveConsistency)
	register(a, get(here+"/rows/{row}", "list-row-changes", "A page of what the trail holds of one record, the oldest first", "trail"), a.listRowChanges)
	register(a, get(here+"/rows/{row}/proof", "prove-row", "Prove the latest change of one record", "trail"), a.proveRow)
	register(a, get(here+"/{seq}", "get-act", "One act with a page of its changes", "trail"), a.getAct)
	register(a, get("/trail", "list-site-acts", "List the acts of the site's trail, the newest first", "trail"), a.listSiteActs)
	register(a, get("/trail/checkpoint", "get-site-checkpoint", "The signed head of the site's trail", "trail"), a.getSiteCheckpoint)
}

// Deed is one act: one leaf of a trail.
type Deed struct {
	Seq       int64        `json:"seq" doc:"From 0, without gaps"`
	At        time.Time    `json:"at"`
	Actor     qms.ID       `json:"actor,omitempty"`
	ActorName string       `json:"actor_name" doc:"As it was at the time of the act" example:"Agent 01"`
	Behalf    qms.ID       `json:"behalf,omitempty"`
	Act       string       `json:"act" example:"version.approve"`
	Subject   qms.ID       `json:"subject,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	Request   string       `json:"request,omitempty"`
	Count     int64        `json:"count" doc:"How many changes the act made"`
	Root      string       `json:"root" doc:"Of the Merkle tree over the changes (RFC 6962), base64"`
	Changes   []DeedChange `json:"changes" nullable:"false" doc:"The first of them in a list"`
	Next      string       `json:"next,omitempty" doc:"The cursor of the next changes, of one act"`
}

// DeedChange is what an act did to one record.
type DeedChange struct {
	Seq       int64           `json:"seq"`
	Position  int64           `json:"position" doc:"Within the act, from 0"`
	At        time.Time       `json:"at"`
	ActorName string          `json:"actor_name"`
	Act       string          `json:"act"`
	Reason    string          `json:"reason,omitempty"`
	Table     string          `json:"table" example:"versions"`
	ID        qms.ID          `json:"id"`
	Revision  int64           `json:"revision" doc:"Of the record after the change"`
	Before    json.RawMessage `json:"before,omitempty" doc:"Absent when the record was new; a digest stands for long texts and secrets"`
	After     json.RawMessage `json:"after"`
}

func renderDeed(e trail.Entry, changes []store.JournalChange) Deed {
	d := Deed{
		Seq: e.Seq, At: e.At, Actor: e.Actor, ActorName: e.ActorName, Behalf: e.Behalf, Act: e.Act, Subject: e.Subject,
		Reason: e.Reason, Request: e.Request, Count: e.Changes, Root: e.Root.String(), Changes: make([]DeedChange, 0, len(changes)),
	}
	for _, c := range changes {
		d.Changes = append(d.Changes, renderChange(c))
	}
	return d
}

func renderEntry(e store.JournalEntry) Deed { return renderDeed(e.Entry, e.First) }

func renderChange(c store.JournalChange) DeedChange {
	return DeedChange{c.Seq, c.Position, c.At, c.ActorName, c.Act, c.Reason, c.Table, c.Row, c.Revision, c.Before, c.After}
}

// DeedFilter is embedded in the input of lists of acts: it narrows a list of acts.
type DeedFilter struct {
	Paged
	Actor   string `query:"actor" format:"uuid" maxLength:"36" doc:"The person who acted"`
	Act     string `query:"act" maxLength:"100" doc:"noun.verb, or a noun with its dot" example:"version."`
	Row     string `query:"row" format:"uuid" maxLength:"36" doc:"A record that the act changed"`
	Table   string `query:"table" doc:"A kind of record that the act changed" example:"versions"`
	Words   string `query:"words" doc:"Part of the reason, in any case"`
	Subject string `query:"subject" format:"uuid" maxLength:"36" doc:"What the act is about"`
	From    string `query:"from" format:"date" doc:"On this day or later"`
	Until   string `query:"until" format:"date" doc:"On this day or before"`
}

func (a *API) acts(ctx context.Context, platform qms.ID, in *DeedFilter) (*List[Deed], error) {
	filter := store.JournalFilter{Act: in.Act, Actor: qms.ID(in.Actor), Row: qms.ID(in.Row), Subject: qms.ID(in.Subject),
		Table: in.Table, Words: in.Words}
	var wrong []qms.Field
	day := func(name, value string) qms.Date {
		if value == "" {
			return 0
		}
		d, err := qms.ParseDate(value)
		if err != nil {
			wrong = append(wrong, qms.Wrong(name, "value.not_a_date"))
		}
		return d
	}
	filter.From, filter.Until = a.s.Trail.Begins(day("from", in.From)), a.s.Trail.Begins(day("until", in.Until).AddDays(1))
	if err := qms.InvalidFields(wrong...); err != nil {
		return nil, err
	}
	page, _, err := a.s.Trail.List(ctx, platform, filter, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderEntry), nil
}

type listActs struct {
	InPlatform
	DeedFilter
}

func (a *API) listActs(ctx context.Context, in *listActs) (*List[Deed], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.acts(ctx, p.ID, &in.DeedFilter)
}

func (a *API) listSiteActs(ctx context.Context, in *DeedFilter) (*List[Deed], error) {
	return a.acts(ctx, "", in)
}

type getAct struct {
	InPlatform
	Paged
	Seq string `path:"seq" maxLength:"40" doc:"The sequence number of the act" example:"0"`
}

type deedAnswer struct{ Body Deed }

func (a *API) getAct(ctx context.Context, in *getAct) (*deedAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	seq, err := store.Seq(in.Seq)
	if err != nil {
		return nil, err
	}
	entry, changes, err := a.s.Trail.Entry(ctx, p.ID, seq, in.Cursor())
	if err != nil {
		return nil, err
	}
	deed := renderDeed(entry, changes.Items)
	deed.Next = changes.Next
	return &deedAnswer{deed}, nil
}

// RowInPlatform is embedded in the input of what is asked of one record.
type RowInPlatform struct {
	InPlatform
	Row string `path:"row" format:"uuid" maxLength:"36" doc:"The identifier of a record"`
}

type rowChanges struct {
	RowInPlatform
	Paged
}

func (a *API) listRowChanges(ctx context.Context, in *rowChanges) (*List[DeedChange], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Trail.HistoryPage(ctx, p.ID, qms.ID(in.Row), in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderChange), nil
}

// SignedCheckpoint is the signed head of a trail.
type SignedCheckpoint struct {
	Origin      string     `json:"origin"`
	Size        int64      `json:"size" doc:"How many acts the trail holds"`
	Root        string     `json:"root" doc:"Of the Merkle tree over the acts (RFC 6962), base64"`
	At          *time.Time `json:"at,omitempty" doc:"Of the last act"`
	Note        string     `json:"note" doc:"The signed note (golang.org/x/mod/sumdb/note)"`
	Verifier    string     `json:"verifier" doc:"The public key, as the note's package reads it"`
	Fingerprint string     `json:"fingerprint" doc:"To be compared by eye"`
}

type checkpointAnswer struct{ Body SignedCheckpoint }

func (a *API) checkpointOf(ctx context.Context, platform qms.ID) (*checkpointAnswer, error) {
	head, err := a.s.Trail.Checkpoint(ctx, platform)
	if err != nil {
		return nil, err
	}
	return &checkpointAnswer{*renderHead(head)}, nil
}

func renderHead(head *store.SignedHead) *SignedCheckpoint {
	out := &SignedCheckpoint{Origin: head.Origin, Size: head.Size, Root: head.Root.String(), Note: string(head.Note),
		Verifier: head.Verifier, Fingerprint: head.Fingerprint()}
	if !head.At.IsZero() {
		out.At = &head.At
	}
	return out
}

func (a *API) getCheckpoint(ctx context.Context, in *InPlatform) (*checkpointAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.checkpointOf(ctx, p.ID)
}

func (a *API) getSiteCheckpoint(ctx context.Context, _ *struct{}) (*checkpointAnswer, error) {
	return a.checkpointOf(ctx, "")
}

type proveConsistency struct {
	InPlatform
	Newer int64 `query:"newer" doc:"The size of the later checkpoint; as long as the trail is now when absent"`
	Older int64 `query:"older" doc:"The size of the earlier one, at least 1"`
}

// proofAnswer holds hashes of the tree, base64, in the order of RFC 6962, section 2.1.2.
type proofAnswer struct {
	Body struct {
		Proof []string `json:"proof" nullable:"false"`
	}
}

func (a *API) proveConsistency(ctx context.Context, in *proveConsistency) (*proofAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	out := new(proofAnswer)
	proof, err := a.s.Trail.Consistency(ctx, p.ID, in.Newer, in.Older)
	if err != nil {
		return nil, err
	}
	out.Body.Proof = make([]string, 0, len(proof))
	for _, h := range proof {
		out.Body.Proof = append(out.Body.Proof, h.String())
	}
	return out, nil
}

type proveRow struct {
	RowInPlatform
	Size int64 `query:"size" doc:"The size of the checkpoint that the proof leads to; as long as the trail is now when absent"`
}

type factAnswer struct {
	Body struct {
		Items      []json.RawMessage `json:"items" nullable:"false" doc:"One proof for each table that has the identifier, as packs carry them"`
		Checkpoint *SignedCheckpoint `json:"checkpoint,omitempty" doc:"The signed head that the proofs lead to; absent when another size is asked for"`
	}
}

func (a *API) proveRow(ctx context.Context, in *proveRow) (*factAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	out := new(factAnswer)
	var proofs []trail.FactProof
	if in.Size == 0 {
		proof, err := a.s.Trail.RowProof(ctx, p.ID, qms.ID(in.Row))
		if err != nil {
			return nil, err
		}
		proofs, out.Body.Checkpoint = proof.Facts, renderHead(&proof.SignedHead)
	} else if proofs, err = a.s.Trail.Proof(ctx, p.ID, qms.ID(in.Row), in.Size); err != nil {
		return nil, err
	}
	for _, proof := range proofs {
		text, err := json.Marshal(proof)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, text)
	}
	return out, nil
}
