package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/request"
)

// renditions are the operations on the PDFs of versions, and on how they look.
func (a *API) renditions() {
	const platform = "/platforms/{platform}"
	const version, settings = platform + "/documents/{document}/versions/{version}", platform + "/document-settings"
	register(a, get(version+"/rendition", "get-rendition", "The PDF of a version, marked when it is no longer in force", "documents"), a.getRendition)
	register(a, post(version+"/rendition", "retry-rendition", "Ask for the PDF of a version once more", "documents"), a.retryRendition)
	register(a, get(platform+"/renditions", "list-renditions", "The PDFs that wait to be made or failed, or those that are made", "documents"), a.listRenditions)
	register(a, post(platform+"/renditions", "retry-renditions", "Ask anew for the PDFs made without a converter that one can make now", "documents"), a.retryRenditions)
	register(a, get(settings, "get-document-settings", "How the PDFs of the platform look", "documents"), a.getSettings)
	register(a, patch(settings, "change-document-settings", "Change the language of the PDFs to come, or take their logo away", "documents"), a.changeSettings)
	register(a, get(settings+"/logo", "get-document-logo", "The logo on cover pages", "documents"), a.getLogo)
	register(a, upload(patch(settings+"/logo", "set-document-logo", "Set the logo on cover pages: a PNG or a JPEG", "documents")), a.setLogo)
	register(a, get("/prints/{print}", "get-print-status", "Whether a printed version is in force today; needs no sign-in", "documents"), a.getPrintStatus)
}

// VersionPrint is the PDF of a version.
type VersionPrint struct {
	Edition   int64                    `json:"edition" doc:"Counts the PDFs made of the version"`
	State     documents.RenditionState `json:"state" enum:"pending,done,failed"`
	How       documents.How            `json:"how,omitempty" enum:"stamped,converted,enclosed" doc:"Enclosed: a cover page with the original attached"`
	Mark      documents.State          `json:"mark,omitempty" enum:"superseded,withdrawn" doc:"Across every page"`
	Attempts  int64                    `json:"attempts" doc:"Since it was asked for"`
	NextAt    time.Time                `json:"next_at,omitzero" doc:"While pending: not tried before"`
	Failure   string                   `json:"failure,omitempty" doc:"Why the last attempt failed: a key of errors"`
	SHA256    string                   `json:"sha256,omitempty"`
	Size      int64                    `json:"size,omitempty" doc:"Bytes"`
	Pages     int64                    `json:"pages,omitempty"`
	AskedAt   time.Time                `json:"asked_at"`
	MadeAt    time.Time                `json:"made_at,omitzero"`
	Printable bool                     `json:"printable" doc:"A converter can make a PDF of the original now"`
}

// renderPrint is nil for a version that can have no PDF, and for one that nobody asked for.
func renderPrint(p *documents.Print) *VersionPrint {
	if p == nil || p.Newest == nil {
		return nil
	}
	return renderRendition(p.Newest, p.Printable)
}

func renderRendition(r *documents.Rendition, printable bool) *VersionPrint {
	return &VersionPrint{
		Edition: r.Edition, State: r.State, How: r.How, Mark: r.Mark, Attempts: r.Attempts, NextAt: r.NextAt, Failure: r.Failure,
		SHA256: r.Content.String(), Size: r.Size, Pages: r.Pages, AskedAt: r.AskedAt, MadeAt: r.MadeAt, Printable: printable,
	}
}

func (a *API) getRendition(ctx context.Context, in *InVersion) (*File, error) {
	sheet, e, err := a.version(ctx, *in)
	if err != nil {
		return nil, err
	}
	o, err := a.s.Documents.OpenRendition(ctx, sheet.Platform, e.ID)
	if err != nil {
		return nil, err
	}
	word := request.From(ctx).Printer().T("state." + string(o.State))
	return send(Content{Name: o.SaveAs(word), Type: "application/pdf", Size: o.Size, Reader: o}), nil
}

// RenditionRequest asks for a PDF once more.
type RenditionRequest struct {
	Enclosed bool `json:"enclosed,omitempty" doc:"As a cover page with the original attached, whatever could be converted"`
}

type retryRendition struct {
	InVersion
	Body RenditionRequest
}

func (a *API) retryRendition(ctx context.Context, in *retryRendition) (*One[DocumentVersion], error) {
	sheet, e, err := a.version(ctx, in.InVersion)
	if err != nil {
		return nil, err
	}
	if _, err := a.s.Documents.Reprint(ctx, documents.Reprint{Platform: sheet.Platform, Version: e.ID, Enclosed: in.Body.Enclosed}); err != nil {
		return nil, err
	}
	return a.showVersion(ctx, in.InDocument, &e.Version)
}

// RenditionLine is one line of the list of PDFs.
type RenditionLine struct {
	Code     string `json:"code" example:"PR-ACH-003"`
	Title    string `json:"title"`
	Version  string `json:"version" example:"2.0"`
	FileName string `json:"file_name" doc:"Of the original"`
	VersionPrint
}

type listRenditions struct {
	InPlatform
	Paged
	State string `query:"state" enum:"open,failed,enclosed,done" default:"open" doc:"Open: pending and failed"`
}

func (a *API) listRenditions(ctx context.Context, in *listRenditions) (*List[RenditionLine], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	filter := documents.RenditionFilter(in.State)
	if in.State == "open" {
		filter = documents.RenditionsOpen
	}
	page, err := a.s.Documents.Renditions(ctx, p.ID, filter, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l documents.RenditionLine) RenditionLine {
		return RenditionLine{Code: l.Code, Title: l.Title, Version: l.Number.String(), FileName: l.FileName,
			VersionPrint: *renderRendition(&l.Rendition, l.Printable)}
	}), nil
}

// Asked counts what was asked for.
type Asked struct {
	Count int `json:"count"`
}

type retryRenditions struct{ InPlatform }

func (a *API) retryRenditions(ctx context.Context, in *retryRenditions) (*One[Asked], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	count, err := a.s.Documents.ReprintEnclosed(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return &One[Asked]{Body: Asked{count}}, nil
}

// PrintSettings say how PDFs look.
type PrintSettings struct {
	Language string `json:"language" enum:"fr,en" doc:"Of cover pages, headers and footers"`
	Logo     string `json:"logo_sha256,omitempty" doc:"Absent without a logo"`
	LogoType string `json:"logo_type,omitempty"`
	LogoSize int64  `json:"logo_size,omitempty" doc:"Bytes"`
}

// renderSettings numbers revisions from 1: there are settings before anybody changed them.
func renderSettings(s *documents.DocumentSettings) *One[PrintSettings] {
	return one(s.Revision+1, PrintSettings{s.Language, s.Logo.String(), s.LogoType, s.LogoSize})
}

func (a *API) getSettings(ctx context.Context, in *InPlatform) (*One[PrintSettings], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	s, err := a.s.Documents.Settings(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return renderSettings(s), nil
}

// PrintSettingsChange changes what it names.
type PrintSettingsChange struct {
	Language string `json:"language,omitempty" enum:"fr,en"`
	NoLogo   bool   `json:"no_logo,omitempty" doc:"Takes the logo away"`
}

type changeSettings struct {
	InPlatform
	IfMatch
	Body PrintSettingsChange
}

func (a *API) changeSettings(ctx context.Context, in *changeSettings) (*One[PrintSettings], error) {
	return a.settings(ctx, in.Platform, in.IfMatch, func(platform qms.ID, cmd *documents.SetSettings) error {
		cmd.Language, cmd.NoLogo = in.Body.Language, in.Body.NoLogo
		return nil
	})
}

type setLogo struct {
	InPlatform
	IfMatch
	Upload
}

func (a *API) setLogo(ctx context.Context, in *setLogo) (*One[PrintSettings], error) {
	return a.settings(ctx, in.Platform, in.IfMatch, func(platform qms.ID, cmd *documents.SetSettings) (err error) {
		cmd.Logo, err = a.s.Documents.ReceiveLogo(ctx, platform, in.File)
		return err
	})
}

// settings changes the settings at the revision that the client knows, see renderSettings.
func (a *API) settings(ctx context.Context, code string, match IfMatch, fill func(platform qms.ID, cmd *documents.SetSettings) error) (*One[PrintSettings], error) {
	revision, err := match.Revision()
	if err != nil {
		return nil, err
	}
	p, err := a.platform(ctx, code)
	if err != nil {
		return nil, err
	}
	cmd := documents.SetSettings{Platform: p.ID, Revision: revision - 1}
	if err := fill(p.ID, &cmd); err != nil {
		return nil, err
	}
	s, err := a.s.Documents.SetSettings(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return renderSettings(s), nil
}

func (a *API) getLogo(ctx context.Context, in *InPlatform) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	r, s, err := a.s.Documents.OpenLogo(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: "logo." + s.LogoType[len("image/"):], Type: s.LogoType, Size: s.LogoSize, Reader: r}), nil
}

// PrintStatus is what anybody may know of a print.
type PrintStatus struct {
	AsOf    qms.Date `json:"as_of" format:"date"`
	InForce bool     `json:"in_force"`
}

type getPrintStatus struct {
	Print string `path:"print" maxLength:"64" doc:"The end of the address that is printed on the cover page"`
}

func (a *API) getPrintStatus(ctx context.Context, in *getPrintStatus) (*One[PrintStatus], error) {
	s, err := a.s.Documents.StatusOf(ctx, in.Print)
	if err != nil {
		return nil, err
	}
	return &One[PrintStatus]{Body: PrintStatus{s.AsOf, s.InForce}}, nil
}
