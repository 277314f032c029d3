package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/request"
)

// Document is one document as of a day.
type Document struct {
	ID              qms.ID                    `json:"id"`
	Revision        int64                     `json:"revision"`
	Code            string                    `json:"code" example:"PR-ACH-003"`
	Title           string                    `json:"title"`
	Kind            string                    `json:"kind" example:"PR"`
	Process         string                    `json:"process" example:"ACH"`
	Owner           qms.ID                    `json:"owner,omitempty"`
	OwnerName       string                    `json:"owner_name,omitempty"`
	Confidentiality documents.Confidentiality `json:"confidentiality" enum:"public,internal,restricted"`
	ReviewMonths    int                       `json:"review_months"`
	Retention       string                    `json:"retention,omitempty"`
	Publisher       string                    `json:"publisher,omitempty"`
	Edition         string                    `json:"edition,omitempty"`
	Watch           string                    `json:"watch,omitempty"`
	RetentionMonths int                       `json:"retention_months,omitempty" doc:"How long what has ended is kept; absent: without limit"`
	WatchMonths     int                       `json:"watch_months,omitempty" doc:"How often to look for a new edition"`
	WatchedOn       qms.Date                  `json:"watched_on,omitzero" format:"date"`
	WatchOn         qms.Date                  `json:"watch_on,omitzero" format:"date" doc:"The next look for a new edition"`
	NewEdition      string                    `json:"new_edition,omitempty" doc:"Found, and not yet the edition of this document"`
	AsOf            qms.Date                  `json:"as_of" format:"date"`
	InForce         string                    `json:"in_force,omitempty" doc:"The version in force on the day" example:"2.0"`
	Versions        []DocumentVersion         `json:"versions" doc:"The newest first"`
	Refers          []DocumentLink            `json:"refers" doc:"What its current text names"`
	ReferredBy      []DocumentLink            `json:"referred_by" doc:"Whose current text names it"`
}

// DocumentVersion is one version as it stood on the day.
type DocumentVersion struct {
	ID             qms.ID          `json:"id"`
	Revision       int64           `json:"revision" doc:"For If-Match"`
	Number         string          `json:"number" example:"2.0"`
	State          documents.State `json:"state" enum:"draft,in-review,approved,effective,superseded,withdrawn"`
	TakenOver      bool            `json:"taken_over"`
	FileName       string          `json:"file_name,omitempty" doc:"Absent while there is no content"`
	MediaType      string          `json:"media_type,omitempty"`
	Size           int64           `json:"size,omitempty" doc:"Bytes"`
	SHA256         string          `json:"sha256,omitempty"`
	Reason         string          `json:"reason,omitempty"`
	Remark         string          `json:"remark,omitempty" doc:"Why it was last rejected, recalled or withdrawn"`
	Author         qms.ID          `json:"author,omitempty"`
	Verifier       qms.ID          `json:"verifier,omitempty"`
	Approver       qms.ID          `json:"approver,omitempty"`
	PlannedFrom    qms.Date        `json:"planned_from,omitzero" format:"date"`
	EffectiveFrom  qms.Date        `json:"effective_from,omitzero" format:"date"`
	EffectiveUntil qms.Date        `json:"effective_until,omitzero" format:"date" doc:"First day no longer in force"`
	ReviewOn       qms.Date        `json:"review_on,omitzero" format:"date"`
	ReviewedOn     qms.Date        `json:"reviewed_on,omitzero" format:"date" doc:"The last periodic review without change"`
	WithdrawnOn    qms.Date        `json:"withdrawn_on,omitzero" format:"date"`
	Exemption      qms.ID          `json:"exemption,omitempty" doc:"From the rule of three people, that it was put in review under"`
	Signatures     []DocSignature  `json:"signatures" doc:"In their order; those before a rejection count no more"`
	Rendition      *VersionPrint   `json:"rendition,omitempty" doc:"Its PDF; absent when it was never approved or has no content"`
}

// DocSignature is one person's signature under one content.
type DocSignature struct {
	Person   qms.ID            `json:"person"`
	Name     string            `json:"name"`
	Meaning  documents.Meaning `json:"meaning" enum:"authored,verified,approved,rejected,reviewed,read"`
	SHA256   string            `json:"sha256"`
	SignedAt time.Time         `json:"signed_at"`
	Zone     string            `json:"zone,omitempty" example:"Europe/Paris" doc:"Where the site was; absent on signatures older than its being noted"`
}

// DocumentLink is one link between two documents.
type DocumentLink struct {
	From        string            `json:"from,omitempty" doc:"In lists of the whole platform: the document whose text it is"`
	FromVersion string            `json:"from_version,omitempty"`
	Code        string            `json:"code" doc:"The other document, or the unknown code" example:"FO-ACH-001"`
	Title       string            `json:"title,omitempty"`
	Version     string            `json:"version,omitempty" doc:"The other document's current version" example:"2.0"`
	State       documents.State   `json:"state,omitempty" doc:"Of the other document's current version"`
	By          documents.Basis   `json:"by" enum:"code,title"`
	Problem     documents.Problem `json:"problem,omitempty" enum:"unknown,obsolete,suggested,dismissed"`
	Context     string            `json:"context"`
	Mentions    int64             `json:"mentions"`
	DecidedBy   string            `json:"decided_by,omitempty" doc:"Who confirmed or dismissed what the title suggested"`
	DecidedOn   qms.Date          `json:"decided_on,omitzero" format:"date"`
}

func renderDocument(s *documents.Sheet) Document {
	d := Document{
		ID: s.ID, Revision: s.Revision, Code: s.Code, Title: s.Title, Kind: s.Kind, Process: s.Process, Owner: s.Owner, OwnerName: s.Names[s.Owner],
		Confidentiality: s.Confidentiality, ReviewMonths: int(s.ReviewMonths), Retention: s.Retention, Publisher: s.Publisher, Edition: s.Edition,
		RetentionMonths: int(s.RetentionMonths), WatchMonths: int(s.WatchMonths), WatchedOn: s.WatchedOn, WatchOn: s.WatchOn, NewEdition: s.NewEdition,
		Watch: s.Watch, AsOf: s.AsOf, Versions: make([]DocumentVersion, 0, len(s.Versions)),
		Refers: make([]DocumentLink, 0, len(s.Refers)), ReferredBy: make([]DocumentLink, 0, len(s.ReferredBy)),
	}
	if s.InForce != nil {
		d.InForce = s.InForce.Number().String()
	}
	for i := range s.Versions {
		d.Versions = append(d.Versions, renderVersion(&s.Versions[i]))
	}
	for _, ref := range s.Refers {
		d.Refers = append(d.Refers, renderLink(ref))
	}
	for _, ref := range s.ReferredBy {
		d.ReferredBy = append(d.ReferredBy, renderLink(ref))
	}
	return d
}

func renderVersion(e *documents.Entry) DocumentVersion {
	v := DocumentVersion{
		ID: e.ID, Revision: e.Revision, Number: e.Number().String(), State: e.StateThen, TakenOver: e.TakenOver, FileName: e.FileName,
		MediaType: e.MediaType, Size: e.Size, SHA256: e.Content.String(), Reason: e.Reason, Remark: e.Remark, Author: e.Author,
		Verifier: e.Verifier, Approver: e.Approver, PlannedFrom: e.PlannedFrom, EffectiveFrom: e.EffectiveFrom,
		EffectiveUntil: e.EffectiveUntil, ReviewOn: e.ReviewOn, ReviewedOn: e.ReviewedOn, Exemption: e.Version.Exemption, WithdrawnOn: e.WithdrawnOn,
		Signatures: make([]DocSignature, 0, len(e.Signatures)), Rendition: renderPrint(e.Print),
	}
	for _, s := range e.Signatures {
		v.Signatures = append(v.Signatures, DocSignature{s.Person, s.Name, s.Meaning, s.Content.String(), s.SignedAt, s.Zone})
	}
	return v
}

func renderLink(ref documents.Reference) DocumentLink {
	l := DocumentLink{Code: ref.Code, State: ref.State, By: ref.Basis, Problem: ref.Problem, Context: ref.Context, Mentions: ref.Mentions}
	if ref.Other != nil {
		l.Code, l.Title = ref.Other.Code, ref.Other.Title
	}
	if ref.State != "" {
		l.Version = ref.Number.String()
	}
	if ref.Decided != nil {
		l.DecidedBy, l.DecidedOn = ref.Decided.Name, ref.Decided.DecidedOn
	}
	return l
}

// InVersion is embedded in the input of what is about one version.
type InVersion struct {
	InDocument
	Version string `path:"version" maxLength:"24" doc:"The number of the version" example:"2.0"`
}

// version finds the version of the path as it stands today.
func (a *API) version(ctx context.Context, in InVersion) (*documents.Sheet, *documents.Entry, error) {
	sheet, err := a.sheet(ctx, in.InDocument, 0)
	if err != nil {
		return nil, nil, err
	}
	for i := range sheet.Versions {
		if sheet.Versions[i].Number().String() == in.Version {
			return sheet, &sheet.Versions[i], nil
		}
	}
	return nil, nil, qms.NotFound("version.not_found")
}

func (a *API) getVersion(ctx context.Context, in *InVersion) (*One[DocumentVersion], error) {
	_, e, err := a.version(ctx, *in)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderVersion(e)), nil
}

// NewVersion asks for the draft of the next version.
type NewVersion struct {
	Minor  bool   `json:"minor,omitempty" doc:"2.1 after 2.0, instead of 3.0"`
	Number string `json:"number,omitempty" maxLength:"20" doc:"Instead of the next one"`
	Reason string `json:"reason" maxLength:"2000" doc:"What changes and why"`
	Author qms.ID `json:"author,omitempty" doc:"Who asks, when absent"`
}

type addVersion struct {
	InDocument
	Body NewVersion
}

func (a *API) addVersion(ctx context.Context, in *addVersion) (*One[DocumentVersion], error) {
	sheet, err := a.sheet(ctx, in.InDocument, 0)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Documents.NewVersion(ctx, documents.NewVersion{
		Platform: sheet.Platform, Document: sheet.ID, Minor: in.Body.Minor, Number: in.Body.Number, Reason: in.Body.Reason, Author: in.Body.Author,
	})
	if err != nil {
		return nil, err
	}
	return a.showVersion(ctx, in.InDocument, v)
}

func (a *API) showVersion(ctx context.Context, in InDocument, v *documents.Version) (*One[DocumentVersion], error) {
	_, e, err := a.version(ctx, InVersion{in, v.Number().String()})
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderVersion(e)), nil
}

func (a *API) getContent(ctx context.Context, in *InVersion) (*File, error) {
	sheet, e, err := a.version(ctx, *in)
	if err != nil {
		return nil, err
	}
	o, err := a.s.Documents.Open(ctx, sheet.Platform, e.ID)
	if err != nil {
		return nil, err
	}
	word := request.From(ctx).Printer().T("state." + string(o.State))
	return send(Content{Name: o.SaveAs(word), Type: o.Version.MediaType, Size: o.Version.Size, Reader: o}), nil
}

type attachContent struct {
	InVersion
	IfMatch
	Upload
}

func (a *API) attachContent(ctx context.Context, in *attachContent) (*One[DocumentVersion], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	sheet, e, err := a.version(ctx, in.InVersion)
	if err != nil {
		return nil, err
	}
	file, err := a.s.Documents.Receive(ctx, sheet.Platform, in.Upload.Name, in.File)
	if err != nil {
		return nil, err
	}
	v, err := a.s.Documents.Attach(ctx, documents.Attach{Platform: sheet.Platform, Version: e.ID, Revision: revision, File: file})
	if err != nil {
		return nil, err
	}
	return a.showVersion(ctx, in.InDocument, v)
}

// act runs one act on the version of the path, at the revision that the client knows, and shows it.
func (a *API) act(ctx context.Context, in InVersion, match IfMatch, do func(platform, version qms.ID, revision int64) (*documents.Version, error)) (*One[DocumentVersion], error) {
	revision, err := match.Revision()
	if err != nil {
		return nil, err
	}
	sheet, e, err := a.version(ctx, in)
	if err != nil {
		return nil, err
	}
	v, err := do(sheet.Platform, e.ID, revision)
	if err != nil {
		return nil, err
	}
	return a.showVersion(ctx, in.InDocument, v)
}

// Submission names who is to sign.
type Submission struct {
	Verifier    qms.ID   `json:"verifier"`
	Approver    qms.ID   `json:"approver"`
	PlannedFrom qms.Date `json:"planned_from,omitempty" format:"date" doc:"The proposed day of effect"`
}

type submitVersion struct {
	InVersion
	IfMatch
	Body Submission
}

func (a *API) submitVersion(ctx context.Context, in *submitVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.Submit(ctx, documents.Submit{Platform: platform, Version: version, Revision: revision,
			Verifier: in.Body.Verifier, Approver: in.Body.Approver, PlannedFrom: in.Body.PlannedFrom})
	})
}

// SignedVerification is the verifier's signature.
type SignedVerification struct {
	Password string `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type verifyVersion struct {
	InVersion
	IfMatch
	Body SignedVerification
}

func (a *API) verifyVersion(ctx context.Context, in *verifyVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
			return nil, err
		}
		return a.s.Documents.Verify(ctx, documents.Verify{Platform: platform, Version: version, Revision: revision})
	})
}

// SignedApproval is the approver's signature.
type SignedApproval struct {
	Password      string   `json:"password" maxLength:"1024" doc:"Once more, to sign"`
	EffectiveFrom qms.Date `json:"effective_from,omitempty" format:"date" doc:"The proposed day, or today, when absent"`
	Rereads       bool     `json:"rereads,omitempty" doc:"A minor version too is to be read again by everybody to whom it is addressed"`
}

type approveVersion struct {
	InVersion
	IfMatch
	Body SignedApproval
}

func (a *API) approveVersion(ctx context.Context, in *approveVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
			return nil, err
		}
		return a.s.Documents.Approve(ctx, documents.Approve{Platform: platform, Version: version, Revision: revision, EffectiveFrom: in.Body.EffectiveFrom, Rereads: in.Body.Rereads})
	})
}

// ActReason says why.
type ActReason struct {
	Reason string `json:"reason" maxLength:"2000"`
}

type actWithReason struct {
	InVersion
	IfMatch
	Body ActReason
}

func (a *API) rejectVersion(ctx context.Context, in *actWithReason) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.Reject(ctx, documents.Reject{Platform: platform, Version: version, Revision: revision, Reason: in.Body.Reason})
	})
}

func (a *API) recallVersion(ctx context.Context, in *actWithReason) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.Recall(ctx, documents.Recall{Platform: platform, Version: version, Revision: revision, Reason: in.Body.Reason})
	})
}

func (a *API) withdrawVersion(ctx context.Context, in *actWithReason) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.Withdraw(ctx, documents.Withdraw{Platform: platform, Version: version, Revision: revision, Reason: in.Body.Reason})
	})
}
