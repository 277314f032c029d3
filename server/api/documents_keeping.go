package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// keeping is how long documents and records are kept, what is decided at the end, and the watch over
// documents of external origin.
func (a *API) keeping() {
	register(a, get("/platforms/{platform}/external-documents", "list-external-documents", "The documents of external origin with their edition and watch", "documents"), a.listExternal)
	register(a, get("/platforms/{platform}/documents/{document}/watches", "list-watches", "The looks for a new edition of a document", "documents"), a.listWatches)
	register(a, created(post("/platforms/{platform}/documents/{document}/watches", "note-watch", "Note a look for a new edition", "documents")), a.noteWatch)
	register(a, get("/platforms/{platform}/passed-retentions", "list-passed-retentions", "What has passed its retention on a day and awaits a decision", "documents"), a.listPassed)
	register(a, get("/platforms/{platform}/disposals", "list-disposals", "The decisions taken at the end of retentions, the latest first", "documents"), a.listDisposals)
	register(a, created(post("/platforms/{platform}/disposals", "decide-disposal", "Decide what becomes of contents whose retention has passed: all of them, or nothing", "documents")), a.decideDisposal)
}

// ExternalDocument is one document of external origin.
type ExternalDocument struct {
	Code        string   `json:"code" example:"EX-QUA-001"`
	Title       string   `json:"title"`
	Publisher   string   `json:"publisher,omitempty"`
	Edition     string   `json:"edition,omitempty"`
	NewEdition  string   `json:"new_edition,omitempty" doc:"Found, and not yet the edition of this document"`
	Watch       string   `json:"watch,omitempty" doc:"Where to look"`
	WatchMonths int      `json:"watch_months"`
	WatchedOn   qms.Date `json:"watched_on,omitzero" format:"date"`
	WatchOn     qms.Date `json:"watch_on,omitzero" format:"date"`
	Late        bool     `json:"late"`
	InForce     string   `json:"in_force,omitempty" doc:"The version in force" example:"1.0"`
}

func renderExternal(e documents.External) ExternalDocument {
	x := ExternalDocument{Code: e.Code, Title: e.Title, Publisher: e.Publisher, Edition: e.Edition, NewEdition: e.NewEdition, Watch: e.Watch,
		WatchMonths: int(e.WatchMonths), WatchedOn: e.WatchedOn, WatchOn: e.WatchOn, Late: e.Late}
	if e.InForce {
		x.InForce = e.Number.String()
	}
	return x
}

type listExternal struct {
	InPlatform
	Paged
	Late bool   `query:"late" doc:"Only those whose look for a new edition is late"`
	New  bool   `query:"new" doc:"Only those whose new edition was found"`
	Text string `query:"q" maxLength:"200"`
	Sort string `query:"sort" enum:"code,-code,watch,-watch,watched,-watched"`
}

func (a *API) listExternal(ctx context.Context, in *listExternal) (*List[ExternalDocument], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Documents.Externals(ctx, p.ID, documents.ExternalFilter{Late: in.Late, New: in.New, Query: in.Text, Sort: in.Sort}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderExternal), nil
}

// WatchNote is one look for a new edition.
type WatchNote struct {
	Date    qms.Date               `json:"date" format:"date"`
	Outcome documents.WatchOutcome `json:"outcome" enum:"same,new"`
	Edition string                 `json:"edition,omitempty" doc:"The one in use, or the new one"`
	Remark  string                 `json:"remark,omitempty"`
	Name    string                 `json:"name" doc:"Who looked"`
	NotedAt time.Time              `json:"noted_at"`
}

func (a *API) listWatches(ctx context.Context, in *InDocument) (*List[WatchNote], error) {
	sheet, err := a.sheet(ctx, *in, 0)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Documents.Watches(ctx, sheet.Platform, sheet.ID)
	if err != nil {
		return nil, err
	}
	out := &List[WatchNote]{Body: Items[WatchNote]{Items: make([]WatchNote, 0, len(all))}}
	for _, w := range all {
		out.Body.Items = append(out.Body.Items, WatchNote{w.Date, w.Outcome, w.Edition, w.Remark, w.Name, w.NotedAt})
	}
	return out, nil
}

// NewWatch is what a look for a new edition found.
type NewWatch struct {
	Outcome documents.WatchOutcome `json:"outcome" enum:"same,new"`
	Edition string                 `json:"edition,omitempty" maxLength:"300" doc:"The new one, when one was found"`
	Date    qms.Date               `json:"date,omitempty" format:"date" doc:"Today when absent"`
	Remark  string                 `json:"remark,omitempty" maxLength:"2000"`
}

type noteWatch struct {
	InDocument
	Body NewWatch
}

func (a *API) noteWatch(ctx context.Context, in *noteWatch) (*One[Document], error) {
	sheet, err := a.sheet(ctx, in.InDocument, 0)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := documents.Look{Platform: sheet.Platform, Document: sheet.ID, Outcome: b.Outcome, Edition: b.Edition, Date: b.Date, Remark: b.Remark}
	if _, err := a.s.Documents.Look(ctx, cmd); err != nil {
		return nil, err
	}
	if sheet, err = a.sheet(ctx, in.InDocument, 0); err != nil {
		return nil, err
	}
	return one(sheet.Revision, renderDocument(sheet)), nil
}

// PassedRetention is one content whose retention has passed.
type PassedRetention struct {
	ID        qms.ID         `json:"id"`
	Kind      documents.Item `json:"kind" enum:"version,record"`
	Label     string         `json:"label" example:"PR-ACH-003 v1.0"`
	Title     string         `json:"title"`
	From      qms.Date       `json:"from" format:"date" doc:"Its retention counts from"`
	Months    int            `json:"months"`
	PassedOn  qms.Date       `json:"passed_on" format:"date"`
	FileName  string         `json:"file_name,omitempty"`
	Size      int64          `json:"size"`
	SHA256    string         `json:"sha256,omitempty"`
	Retention string         `json:"retention,omitempty" doc:"In the words of the platform"`
}

type listPassed struct {
	InPlatform
	Paged
	AsOf
	Kind documents.Item `query:"kind" enum:"version,record"`
	Text string         `query:"q" maxLength:"200"`
}

func (a *API) listPassed(ctx context.Context, in *listPassed) (*List[PassedRetention], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Documents.Passed(ctx, p.ID, documents.PassedFilter{On: day, Kind: in.Kind, Query: in.Text}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l documents.Passed) PassedRetention {
		return PassedRetention{l.ID, l.Kind, l.Label, l.Title, l.From, int(l.Months), l.End, l.FileName, l.Size, l.Content.String(), l.Retention}
	}), nil
}

// DisposalDecision is what was decided about one content.
type DisposalDecision struct {
	Number    string             `json:"number" doc:"One for all that was decided together" example:"SORT-2026-001"`
	Item      qms.ID             `json:"item"`
	Kind      documents.Item     `json:"kind" enum:"version,record"`
	Label     string             `json:"label"`
	Title     string             `json:"title"`
	Decision  documents.Decision `json:"decision" enum:"keep,archive,eliminate" doc:"Eliminate closes the content for reading; its bytes are not erased from the storage"`
	KeepUntil qms.Date           `json:"keep_until,omitzero" format:"date"`
	Place     string             `json:"place,omitempty"`
	Reason    string             `json:"reason"`
	PassedOn  qms.Date           `json:"passed_on" format:"date"`
	SHA256    string             `json:"sha256,omitempty" doc:"What was signed"`
	Name      string             `json:"name" doc:"Who signed"`
	DecidedAt time.Time          `json:"decided_at"`
	Zone      string             `json:"zone,omitempty" example:"Europe/Paris" doc:"Where the site was when it was signed"`
	Covers    string             `json:"covers,omitempty" doc:"SHA-256 of the decision as it was signed, in hexadecimal; of the content alone on decisions of before"`
}

func renderDisposal(d documents.Disposal) DisposalDecision {
	return DisposalDecision{d.Number, d.Item, d.Kind, d.Label, d.Title, d.Decision, d.KeepUntil, d.Place, d.Reason, d.DueOn, d.Content.String(), d.Name, d.DecidedAt, d.Zone, d.Covers()}
}

type listDisposals struct {
	InPlatform
	Paged
	Decision documents.Decision `query:"decision" enum:"keep,archive,eliminate"`
	Text     string             `query:"q" maxLength:"200" doc:"In the label, or the number of a decision"`
}

func (a *API) listDisposals(ctx context.Context, in *listDisposals) (*List[DisposalDecision], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Documents.Disposals(ctx, p.ID, documents.DisposalFilter{Decision: in.Decision, Query: in.Text}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderDisposal), nil
}

// NewDisposal is a decision about several contents, signed.
type NewDisposal struct {
	Items     []qms.ID           `json:"items" minItems:"1" maxItems:"200" doc:"IDs from the list of passed retentions"`
	Decision  documents.Decision `json:"decision" enum:"keep,archive,eliminate"`
	KeepUntil qms.Date           `json:"keep_until,omitempty" format:"date"`
	Place     string             `json:"place,omitempty" maxLength:"300"`
	Reason    string             `json:"reason" maxLength:"2000"`
	Password  string             `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type decideDisposal struct {
	InPlatform
	Body NewDisposal
}

func (a *API) decideDisposal(ctx context.Context, in *decideDisposal) (*List[DisposalDecision], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ControlDocuments.On(p.ID)); err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, b.Password); err != nil {
		return nil, err
	}
	made, err := a.s.Documents.Dispose(ctx, documents.Dispose{Platform: p.ID, Items: b.Items, Decision: b.Decision, KeepUntil: b.KeepUntil, Place: b.Place, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	out := &List[DisposalDecision]{Body: Items[DisposalDecision]{Items: make([]DisposalDecision, 0, len(made))}}
	for _, d := range made {
		out.Body.Items = append(out.Body.Items, renderDisposal(d))
	}
	return out, nil
}
