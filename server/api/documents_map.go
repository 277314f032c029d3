package api

import (
	"context"

	"maillon/documents"
	"maillon/qms"
)

// processMap are the kinds and processes of a platform as data, what a code pattern would give, and
// the links between documents: as a graph, towards one document, and what people decided about them.
func (a *API) processMap() {
	const all, kinds, processes = "/platforms/{platform}", "/platforms/{platform}/document-kinds", "/platforms/{platform}/processes"
	register(a, get(kinds, "list-document-kinds", "The kinds of documents", "documents"), a.listKinds)
	register(a, created(post(kinds, "add-document-kind", "Add a kind", "documents")), a.addKind)
	register(a, patch(kinds+"/{kind}", "change-document-kind", "Correct a kind, or retire it", "documents"), a.changeKind)
	register(a, get(processes, "list-processes", "The process map as of a day, with what is wrong", "documents"), a.listProcesses)
	register(a, created(post(processes, "add-process", "Put a process on the map", "documents")), a.addProcess)
	register(a, get(processes+"/{process}", "get-process", "One process with its documents", "documents"), a.getProcess)
	register(a, patch(processes+"/{process}", "change-process", "Correct what is said about a process, or retire it", "documents"), a.changeProcess)
	register(a, post(all+"/document-codes/preview", "preview-code-pattern", "What a pattern would give, without setting it", "documents"), a.previewPattern)
	register(a, get(all+"/documents/{document}/used-by", "list-used-by", "The documents whose text names it: what to look at before it is superseded or withdrawn", "documents"), a.listUsedBy)
	register(a, get(all+"/document-graph", "get-document-graph", "Documents and the links between them as a graph, as of a day", "documents"), a.getGraph)
	register(a, post(all+"/document-links/decisions", "decide-document-link", "Confirm or dismiss a suggested link, or take that back", "documents"), a.decideLink)
}

// DocumentKind is a kind of document.
type DocumentKind struct {
	Code         string          `json:"code" example:"PR"`
	French       string          `json:"french" example:"procédure"`
	English      string          `json:"english,omitempty" example:"procedure"`
	External     bool            `json:"external" doc:"Of external origin"`
	Level        documents.Level `json:"level" enum:"manual,process,procedure,instruction,form,record,other"`
	ReviewMonths int             `json:"review_months" doc:"Of new documents that state none"`
	RetiredOn    qms.Date        `json:"retired_on,omitzero" format:"date" doc:"From this day on no new documents"`
	Documents    int64           `json:"documents"`
	Revision     int64           `json:"revision" doc:"For If-Match"`
}

// renderKind shows a kind. The default set has no rows yet; its kinds answer to the revision they will
// have when they become the platform's own.
func renderKind(k documents.KindUse) DocumentKind {
	return DocumentKind{Code: k.Code, French: k.French, English: k.English, External: k.External, Level: k.At(), ReviewMonths: int(k.ReviewMonths),
		RetiredOn: k.RetiredOn, Documents: k.Documents, Revision: max(1, k.Revision)}
}

func (a *API) listKinds(ctx context.Context, in *InPlatform) (*List[DocumentKind], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	kinds, err := a.s.Documents.Kinds(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return entire(kinds, renderKind), nil
}

// entire is a list that has one page.
func entire[A, B any](items []A, render func(A) B) *List[B] {
	out := &List[B]{Body: Items[B]{Items: make([]B, 0, len(items))}}
	for _, item := range items {
		out.Body.Items = append(out.Body.Items, render(item))
	}
	return out
}

// NewDocumentKind asks for a kind.
type NewDocumentKind struct {
	Code         string          `json:"code" maxLength:"12"`
	French       string          `json:"french" maxLength:"300"`
	English      string          `json:"english,omitempty" maxLength:"300"`
	External     bool            `json:"external,omitempty"`
	Level        documents.Level `json:"level,omitempty" enum:"manual,process,procedure,instruction,form,record,other"`
	ReviewMonths *int            `json:"review_months,omitempty" minimum:"0" maximum:"240" doc:"24 when absent"`
	Reason       string          `json:"reason,omitempty" maxLength:"2000"`
}

type addKind struct {
	InPlatform
	Body NewDocumentKind
}

func (a *API) addKind(ctx context.Context, in *addKind) (*One[DocumentKind], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	kind := documents.Kind{Code: b.Code, French: b.French, English: b.English, External: b.External, Level: b.Level, ReviewMonths: documents.DefaultReviewMonths}
	if b.ReviewMonths != nil {
		kind.ReviewMonths = qms.Months(*b.ReviewMonths)
	}
	k, err := a.s.Documents.AddKind(ctx, p.ID, kind, b.Reason)
	if err != nil {
		return nil, err
	}
	return one(k.Revision, renderKind(documents.KindUse{Kind: *k})), nil
}

// DocumentKindChange corrects a kind; what is absent stays.
type DocumentKindChange struct {
	French       *string          `json:"french,omitempty" maxLength:"300"`
	English      *string          `json:"english,omitempty" maxLength:"300"`
	External     *bool            `json:"external,omitempty"`
	Level        *documents.Level `json:"level,omitempty" enum:"manual,process,procedure,instruction,form,record,other"`
	ReviewMonths *int             `json:"review_months,omitempty" minimum:"0" maximum:"240"`
	Retired      *bool            `json:"retired,omitempty" doc:"No new documents from today on; its documents stay"`
	Reason       string           `json:"reason,omitempty" maxLength:"2000"`
}

type changeKind struct {
	InPlatform
	IfMatch
	Kind string `path:"kind" maxLength:"12" example:"PR"`
	Body DocumentKindChange
}

func (a *API) changeKind(ctx context.Context, in *changeKind) (*One[DocumentKind], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := documents.ReviseKind{Platform: p.ID, Code: in.Kind, Revision: revision, French: b.French, English: b.English, External: b.External,
		Level: b.Level, Retired: b.Retired, Reason: b.Reason}
	if b.ReviewMonths != nil {
		months := qms.Months(*b.ReviewMonths)
		cmd.ReviewMonths = &months
	}
	k, err := a.s.Documents.ReviseKind(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(k.Revision, renderKind(documents.KindUse{Kind: *k})), nil
}

// PatternPreview is what a pattern would do.
type PatternPreview struct {
	Changed bool       `json:"changed" doc:"From what is in force"`
	Next    []CodeNext `json:"next" doc:"The codes to come for every kind and process in use"`
	Fitting []string   `json:"fitting" doc:"Existing codes that the pattern reads"`
	Others  []string   `json:"others" doc:"Existing codes that it does not read: they stay all the same"`
}

// CodeNext is the next code of a kind within a process.
type CodeNext struct {
	Kind    string `json:"kind"`
	Process string `json:"process"`
	Now     string `json:"now,omitempty" doc:"By the pattern in force"`
	Then    string `json:"then,omitempty" doc:"By the pattern asked about; absent when it can give none"`
}

type patternPreview struct{ Body PatternPreview }

func (a *API) previewPattern(ctx context.Context, in *setPattern) (*patternPreview, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Documents.PreviewPattern(ctx, p.ID, in.Body.Pattern, in.Body.prefix(p.Code))
	if err != nil {
		return nil, err
	}
	out := PatternPreview{Changed: v.Changed, Next: []CodeNext{}, Fitting: append([]string{}, v.Fitting...), Others: append([]string{}, v.Others...)}
	for _, n := range v.Next {
		out.Next = append(out.Next, CodeNext{n.Kind, n.Process, n.Now, n.Then})
	}
	return &patternPreview{out}, nil
}

type listUsedBy struct {
	InDocument
	AsOf
}

func (a *API) listUsedBy(ctx context.Context, in *listUsedBy) (*List[DocumentLink], error) {
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	sheet, err := a.sheet(ctx, in.InDocument, day)
	if err != nil {
		return nil, err
	}
	return entire(sheet.ReferredBy, renderLink), nil
}

// LinkDecision decides about the suggested links from one document's texts to another.
type LinkDecision struct {
	From      string            `json:"from" maxLength:"40" doc:"The code of the document whose text it is" example:"PR-ACH-003"`
	To        string            `json:"to" maxLength:"40" doc:"The code of the document quoted" example:"FO-ACH-001"`
	Verdict   documents.Verdict `json:"verdict" enum:"confirmed,dismissed," doc:"Empty takes a decision back"`
	Reason    string            `json:"reason,omitempty" maxLength:"2000"`
	DecidedBy string            `json:"decided_by,omitempty" readOnly:"true"`
	DecidedOn qms.Date          `json:"decided_on,omitzero" format:"date" readOnly:"true"`
}

type decideLink struct {
	InPlatform
	Body LinkDecision
}

func (a *API) decideLink(ctx context.Context, in *decideLink) (*One[LinkDecision], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	d, err := a.s.Documents.DecideLink(ctx, documents.DecideLink{Platform: p.ID, From: b.From, To: b.To, Verdict: b.Verdict, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	b.Verdict, b.DecidedBy, b.DecidedOn = d.Verdict, d.Name, d.DecidedOn
	return one(d.Revision, b), nil
}
