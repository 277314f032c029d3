package api

import (
	"context"
	"net/url"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// documents are the controlled documents of a platform, their versions and rounds, and their links. A
// document is addressed by its code, a version by its number.
func (a *API) documents() {
	const all = "/platforms/{platform}/documents"
	const one, version = all + "/{document}", all + "/{document}/versions/{version}"
	register(a, get(all, "list-documents", "The master list as of a day", "documents"), a.listDocuments)
	register(a, created(post(all, "add-document", "Make a document with a first draft", "documents")), a.addDocument)
	register(a, get(one, "get-document", "One document with its versions and its links in both directions", "documents"), a.getDocument)
	register(a, patch(one, "change-document", "Correct what is said about a document", "documents"), a.changeDocument)
	register(a, created(post(one+"/versions", "add-version", "Make the draft of the next version", "documents")), a.addVersion)
	register(a, get(version, "get-version", "One version with its signatures", "documents"), a.getVersion)
	register(a, get(version+"/content", "get-content", "The original as it was given", "documents"), a.getContent)
	register(a, upload(patch(version+"/content", "attach-content", "Give a draft its file, or a version taken over without one", "documents")), a.attachContent)
	register(a, post(version+"/submit", "submit-version", "Put a draft in review and name who is to sign", "documents"), a.submitVersion)
	register(a, post(version+"/verify", "verify-version", "Sign as its verifier", "documents"), a.verifyVersion)
	register(a, post(version+"/approve", "approve-version", "Sign as its approver, with the day of effect", "documents"), a.approveVersion)
	register(a, post(version+"/reject", "reject-version", "Send it back to draft, as its verifier or approver", "documents"), a.rejectVersion)
	register(a, post(version+"/recall", "recall-version", "Take it back to draft, as its author or who controls documents", "documents"), a.recallVersion)
	register(a, post(version+"/withdraw", "withdraw-version", "End it for good", "documents"), a.withdrawVersion)
	register(a, get("/platforms/{platform}/document-links", "list-document-links", "Every link between documents as of a day, with what is wrong with it", "documents"), a.listDocumentLinks)
	register(a, get("/platforms/{platform}/awaited-signatures", "list-awaited-signatures", "The versions in review, those that wait for who asks first", "documents"), a.listAwaited)
	register(a, get("/platforms/{platform}/document-codes/next", "get-next-code", "The code that a new document would be given", "documents"), a.nextCode)
	register(a, get("/platforms/{platform}/document-codes/pattern", "get-code-pattern", "How codes are made", "documents"), a.getPattern)
	register(a, post("/platforms/{platform}/document-codes/pattern", "set-code-pattern", "Change how the codes to come are made", "documents"), a.setPattern)
}

// DocumentLine is one line of the master list: a version as it stood on the day.
type DocumentLine struct {
	ID             qms.ID          `json:"id" doc:"Of the document"`
	Code           string          `json:"code" example:"PR-ACH-003"`
	Title          string          `json:"title" example:"Achats et réception"`
	Kind           string          `json:"kind" example:"PR"`
	Process        string          `json:"process" example:"ACH"`
	Owner          qms.ID          `json:"owner,omitempty"`
	OwnerName      string          `json:"owner_name,omitempty"`
	Version        string          `json:"version" example:"2.0"`
	State          documents.State `json:"state" enum:"draft,in-review,approved,effective,superseded,withdrawn"`
	EffectiveFrom  qms.Date        `json:"effective_from,omitzero" format:"date"`
	EffectiveUntil qms.Date        `json:"effective_until,omitzero" format:"date" doc:"First day no longer in force"`
	ReviewOn       qms.Date        `json:"review_on,omitzero" format:"date"`
	ReviewLate     bool            `json:"review_late"`
	HasContent     bool            `json:"has_content"`
	TakenOver      bool            `json:"taken_over" doc:"Approved before Maillon: came with an import"`
}

func renderLine(l documents.Listed) DocumentLine {
	return DocumentLine{
		ID: l.Document, Code: l.Code, Title: l.Title, Kind: l.Kind, Process: l.Process, Owner: l.Owner, OwnerName: l.OwnerName,
		Version: l.Number.String(), State: l.State, EffectiveFrom: l.EffectiveFrom, EffectiveUntil: l.EffectiveUntil,
		ReviewOn: l.ReviewOn, ReviewLate: l.Late, HasContent: l.HasContent, TakenOver: l.TakenOver,
	}
}

type listDocuments struct {
	InPlatform
	Paged
	AsOf
	State   documents.State `query:"state" enum:"draft,in-review,approved,effective,superseded,withdrawn" doc:"Without it: all but superseded, and withdrawn only what nothing follows"`
	Kind    string          `query:"kind" maxLength:"12"`
	Process string          `query:"process" maxLength:"12"`
	Owner   string          `query:"owner" format:"uuid" doc:"The person who answers for it"`
	Late    bool            `query:"late" doc:"Only those whose periodic review has passed"`
	Text    string          `query:"q" maxLength:"200" doc:"In code or title; case and accents aside"`
	Sort    string          `query:"sort" enum:"code,title,state,process,effective,review,-code,-title,-state,-process,-effective,-review"`
}

func (a *API) listDocuments(ctx context.Context, in *listDocuments) (*List[DocumentLine], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	f := documents.Filter{AsOf: day, State: in.State, Kind: in.Kind, Process: in.Process, Owner: qms.ID(in.Owner), Late: in.Late, Query: in.Text, Sort: in.Sort}
	found, err := a.s.Documents.MasterList(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, found.Page, renderLine), nil
}

// NewDocument asks for a document. Its code is given out by the platform's pattern unless one is adopted.
type NewDocument struct {
	Title           string                    `json:"title" maxLength:"300"`
	Kind            string                    `json:"kind,omitempty" maxLength:"12" example:"PR"`
	Process         string                    `json:"process,omitempty" maxLength:"12" example:"ACH"`
	Code            string                    `json:"code,omitempty" maxLength:"40" doc:"A code that the document has already"`
	Owner           qms.ID                    `json:"owner,omitempty" doc:"Who asks, when absent"`
	Confidentiality documents.Confidentiality `json:"confidentiality,omitempty" enum:"public,internal,restricted"`
	ReviewMonths    *int                      `json:"review_months,omitempty" minimum:"0" maximum:"240" doc:"24 when absent; 0 for no periodic review"`
	Retention       string                    `json:"retention,omitempty" maxLength:"300"`
	Publisher       string                    `json:"publisher,omitempty" maxLength:"300"`
	Edition         string                    `json:"edition,omitempty" maxLength:"300"`
	Watch           string                    `json:"watch,omitempty" maxLength:"300"`
	RetentionMonths int                       `json:"retention_months,omitempty" minimum:"0" maximum:"1200" doc:"How long what has ended is kept; 0: without limit"`
	WatchMonths     int                       `json:"watch_months,omitempty" minimum:"0" maximum:"240" doc:"How often to look for a new edition; 0: never"`
	Version         string                    `json:"version,omitempty" maxLength:"20" doc:"1.0 when absent"`
	Reason          string                    `json:"reason,omitempty" maxLength:"2000"`
}

type addDocument struct {
	InPlatform
	Body NewDocument
}

func (a *API) addDocument(ctx context.Context, in *addDocument) (*One[Document], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := documents.Create{
		Platform: p.ID, Kind: b.Kind, Process: b.Process, Code: b.Code, Title: b.Title, Owner: b.Owner, Confidentiality: b.Confidentiality,
		Retention: b.Retention, Publisher: b.Publisher, Edition: b.Edition, Watch: b.Watch, Number: b.Version, Reason: b.Reason,
	}
	cmd.RetentionMonths, cmd.WatchMonths = qms.Months(b.RetentionMonths), qms.Months(b.WatchMonths)
	if b.ReviewMonths != nil {
		months := qms.Months(*b.ReviewMonths)
		cmd.ReviewMonths = &months
	}
	d, _, err := a.s.Documents.Create(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return a.showDocument(ctx, p, d.ID, 0)
}

// InDocument is embedded in the input of what is about one document.
type InDocument struct {
	InPlatform
	Document string `path:"document" maxLength:"120" doc:"The code of the document" example:"PR-ACH-003"`
}

// sheet finds the document of the path, as of a day.
func (a *API) sheet(ctx context.Context, in InDocument, day qms.Date) (*documents.Sheet, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	code, err := url.PathUnescape(in.Document)
	if err != nil {
		return nil, qms.NotFound("document.not_found")
	}
	return a.s.Documents.SheetByCode(ctx, p.ID, code, day)
}

func (a *API) showDocument(ctx context.Context, p *people.Platform, id qms.ID, day qms.Date) (*One[Document], error) {
	sheet, err := a.s.Documents.SheetOf(ctx, p.ID, id, day)
	if err != nil {
		return nil, err
	}
	return one(sheet.Revision, renderDocument(sheet)), nil
}

type getDocument struct {
	InDocument
	AsOf
}

func (a *API) getDocument(ctx context.Context, in *getDocument) (*One[Document], error) {
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	sheet, err := a.sheet(ctx, in.InDocument, day)
	if err != nil {
		return nil, err
	}
	return one(sheet.Revision, renderDocument(sheet)), nil
}

// DocumentChange corrects what is said about a document; what is absent stays.
type DocumentChange struct {
	Title           *string                    `json:"title,omitempty" maxLength:"300"`
	Kind            *string                    `json:"kind,omitempty" maxLength:"12"`
	Process         *string                    `json:"process,omitempty" maxLength:"12"`
	Owner           *qms.ID                    `json:"owner,omitempty"`
	Confidentiality *documents.Confidentiality `json:"confidentiality,omitempty" enum:"public,internal,restricted"`
	ReviewMonths    *int                       `json:"review_months,omitempty" minimum:"0" maximum:"240"`
	Retention       *string                    `json:"retention,omitempty" maxLength:"300"`
	Publisher       *string                    `json:"publisher,omitempty" maxLength:"300"`
	Edition         *string                    `json:"edition,omitempty" maxLength:"300"`
	Watch           *string                    `json:"watch,omitempty" maxLength:"300"`
	RetentionMonths *qms.Months                `json:"retention_months,omitempty" minimum:"0" maximum:"1200"`
	WatchMonths     *qms.Months                `json:"watch_months,omitempty" minimum:"0" maximum:"240"`
	Reason          string                     `json:"reason,omitempty" maxLength:"2000"`
}

type changeDocument struct {
	InDocument
	IfMatch
	Body DocumentChange
}

func (a *API) changeDocument(ctx context.Context, in *changeDocument) (*One[Document], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	sheet, err := a.sheet(ctx, in.InDocument, 0)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := documents.Revise{
		Platform: sheet.Platform, Document: sheet.ID, Revision: revision, Title: b.Title, Kind: b.Kind, Process: b.Process, Owner: b.Owner,
		Confidentiality: b.Confidentiality, Retention: b.Retention, Publisher: b.Publisher, Edition: b.Edition, Watch: b.Watch, Reason: b.Reason,
		RetentionMonths: b.RetentionMonths, WatchMonths: b.WatchMonths,
	}
	if b.ReviewMonths != nil {
		months := qms.Months(*b.ReviewMonths)
		cmd.ReviewMonths = &months
	}
	if _, err := a.s.Documents.Revise(ctx, cmd); err != nil {
		return nil, err
	}
	return a.showDocument(ctx, &people.Platform{Row: qms.Row{ID: sheet.Platform}}, sheet.ID, 0)
}

type listDocumentLinks struct {
	InPlatform
	AsOf
	Problem documents.Problem `query:"problem" enum:"unknown,obsolete,suggested,dismissed" doc:"Only links with this problem; what was suggested and dismissed is listed only when asked for"`
	Process string            `query:"process" maxLength:"12" doc:"Only what documents of this process name; - for those of none"`
}

func (a *API) listDocumentLinks(ctx context.Context, in *listDocumentLinks) (*List[DocumentLink], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	report, err := a.s.Documents.LinkReport(ctx, p.ID, documents.LinkFilter{AsOf: day, Problem: in.Problem, Process: in.Process})
	if err != nil {
		return nil, err
	}
	return entire(report.Links, func(l documents.LinkOf) DocumentLink {
		link := renderLink(l.Reference)
		link.From, link.FromVersion = l.From.Code, l.Number.String()
		return link
	}), nil
}

// AwaitedSignature is a version in review and whose signature it waits for.
type AwaitedSignature struct {
	Code    string            `json:"code" example:"PR-ACH-003"`
	Title   string            `json:"title"`
	Version string            `json:"version" example:"2.0"`
	Meaning documents.Meaning `json:"meaning" enum:"verified,approved"`
	Person  qms.ID            `json:"person"`
	Mine    bool              `json:"mine"`
	Since   qms.Date          `json:"since" format:"date"`
}

func (a *API) listAwaited(ctx context.Context, in *InPlatform) (*List[AwaitedSignature], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	waiting, err := a.s.Documents.ToSign(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	out := &List[AwaitedSignature]{Body: Items[AwaitedSignature]{Items: make([]AwaitedSignature, 0, len(waiting))}}
	for _, w := range waiting {
		out.Body.Items = append(out.Body.Items, AwaitedSignature{
			Code: w.Document.Code, Title: w.Document.Title, Version: w.Version.Number().String(), Meaning: w.Meaning,
			Person: w.Person, Mine: w.Mine, Since: w.Version.SubmittedOn,
		})
	}
	return out, nil
}

type nextCode struct {
	InPlatform
	Kind    string `query:"kind" maxLength:"12" example:"PR"`
	Process string `query:"process" maxLength:"12" example:"ACH"`
}

// NextCode is a code not yet given out.
type NextCode struct {
	Code string `json:"code" example:"PR-ACH-004"`
}

type nextCodeAnswer struct{ Body NextCode }

func (a *API) nextCode(ctx context.Context, in *nextCode) (*nextCodeAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	code, err := a.s.Documents.NextCode(ctx, p.ID, in.Kind, in.Process)
	return &nextCodeAnswer{NextCode{code}}, err
}

// CodePattern is how a platform makes its codes.
type CodePattern struct {
	Pattern string `json:"pattern" maxLength:"80" doc:"Tokens {platform} {kind} {process} {year} {seq:N}" example:"{kind}-{process}-{seq:3}"`
	Prefix  string `json:"prefix,omitempty" maxLength:"12" doc:"What {platform} stands for; the platform's code when absent" example:"MIC"`
	Reason  string `json:"reason,omitempty" maxLength:"2000"`
}

// prefix is what {platform} is to stand for.
func (p CodePattern) prefix(platform string) string {
	if p.Prefix == "" {
		return platform
	}
	return p.Prefix
}

type codePatternAnswer struct{ Body CodePattern }

func (a *API) getPattern(ctx context.Context, in *InPlatform) (*codePatternAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	row, err := a.s.Documents.CodePatternOf(ctx, p.ID)
	return &codePatternAnswer{CodePattern{Pattern: row.Pattern, Prefix: row.Prefix}}, err
}

type setPattern struct {
	InPlatform
	Body CodePattern
}

func (a *API) setPattern(ctx context.Context, in *setPattern) (*codePatternAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	row, err := a.s.Documents.SetPattern(ctx, p.ID, in.Body.Pattern, in.Body.prefix(p.Code), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &codePatternAnswer{CodePattern{Pattern: row.Pattern, Prefix: row.Prefix}}, nil
}
