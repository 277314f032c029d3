package api

import (
	"context"
	"net/url"

	"maillon/documents"
	"maillon/qms"
)

// kit is the quality kit: its templates, as the site keeps them.
func (a *API) kit() {
	const all, one = "/kit/templates", "/kit/templates/{template}"
	register(a, get(all, "list-kit-templates", "List the templates of the quality kit, in its order", "kit"), a.listTemplates)
	register(a, created(upload(post(all, "add-kit-template", "Put a template into the kit; the body is the file of its first version", "kit"))), a.addTemplate)
	register(a, get(one, "get-kit-template", "One template with its versions", "kit"), a.getTemplate)
	register(a, patch(one, "revise-kit-template", "Correct what is said about a template; its code and versions stay", "kit"), a.reviseTemplate)
	register(a, created(upload(post(one+"/versions", "publish-kit-template", "Publish the next version; the body is its file", "kit"))), a.publishTemplate)
	register(a, get(one+"/versions/{version}/content", "get-kit-template-content", "The file of a version", "kit"), a.getTemplateContent)
	register(a, atRevision(post(one+"/versions/{version}/withdraw", "withdraw-kit-version", "Withdraw a version: the one before is copied again", "kit")), a.withdrawTemplateVersion)
	register(a, atRevision(post(one+"/withdraw", "withdraw-kit-template", "Take a template out of the kit; copies stay", "kit")), a.withdrawTemplate)
	register(a, get("/kit/adoption", "kit-adoption", "What every platform made of every template, or had made by a day", "kit"), a.kitAdoption)
	a.platformKit()
	a.documentKit()
}

// KitTemplate is one template of the quality kit.
type KitTemplate struct {
	ID          qms.ID            `json:"id"`
	Revision    int64             `json:"revision" doc:"For If-Match"`
	Code        string            `json:"code" example:"KIT-01"`
	French      string            `json:"french,omitempty" doc:"Title in French"`
	English     string            `json:"english,omitempty" doc:"Title in English"`
	Kind        string            `json:"kind" doc:"Of the document that a copy becomes" example:"PR"`
	Process     string            `json:"process,omitempty" example:"QUA"`
	Language    string            `json:"language" enum:"fr,en" doc:"Of the file"`
	Theme       string            `json:"theme,omitempty"`
	Place       int64             `json:"place" doc:"Order in the kit"`
	Description string            `json:"description,omitempty"`
	WithdrawnOn qms.Date          `json:"withdrawn_on,omitzero" format:"date"`
	Withdrawal  string            `json:"withdrawal,omitempty" doc:"Why it was withdrawn"`
	Newest      string            `json:"newest,omitempty" doc:"The version that is copied today; absent when none is left" example:"2.0"`
	Versions    []KitVersion      `json:"versions" doc:"The newest first"`
	Platforms   int               `json:"platforms,omitempty" doc:"How many have a copy; for who keeps the kit"`
	Behind      int               `json:"behind,omitempty" doc:"How many of those have not answered the newest version"`
	State       documents.Adopted `json:"state,omitempty" enum:"none,draft,in-force,behind,not-applicable" doc:"What the platform made of it; on a platform"`
	Copies      []KitCopy         `json:"copies,omitempty" doc:"The platform's documents made from it"`
	Declined    string            `json:"declined,omitempty" doc:"Why the platform has no use for it"`
}

// KitVersion is one version of a template.
type KitVersion struct {
	Number      string   `json:"number" example:"2.0"`
	PublishedOn qms.Date `json:"published_on" format:"date"`
	PublishedBy string   `json:"published_by"`
	Changes     string   `json:"changes,omitempty"`
	FileName    string   `json:"file_name"`
	MediaType   string   `json:"media_type"`
	Size        int64    `json:"size" doc:"Bytes"`
	SHA256      string   `json:"sha256"`
	WithdrawnOn qms.Date `json:"withdrawn_on,omitzero" format:"date"`
	Withdrawal  string   `json:"withdrawal,omitempty" doc:"Why it was withdrawn"`
}

// KitCopy is a document of a platform that was made from a template.
type KitCopy struct {
	Document string            `json:"document" doc:"Its code" example:"PR-QUA-001"`
	Title    string            `json:"title"`
	State    documents.Adopted `json:"state" enum:"none,draft,in-force,behind"`
	From     string            `json:"from,omitempty" doc:"The template's version it began with" example:"1.0"`
	CopiedOn qms.Date          `json:"copied_on" format:"date"`
	Linked   bool              `json:"linked,omitempty" doc:"The document was there before"`
	AnswerBy qms.Date          `json:"answer_by,omitzero" format:"date" doc:"Until when the newest version is to be answered; absent when nothing is"`
}

func (a *API) renderTemplate(t *documents.KitSheet) KitTemplate {
	k := KitTemplate{ID: t.ID, Revision: t.Revision, Code: t.Code, French: t.French, English: t.English, Kind: t.Kind, Process: t.Process, Language: t.Language,
		Theme: t.Theme, Place: t.Place, Description: t.Description, WithdrawnOn: t.EndedOn, Withdrawal: t.EndReason, Versions: []KitVersion{},
		Platforms: t.Platforms, Behind: t.Behind, State: t.State}
	if t.Newest != nil {
		k.Newest = t.Newest.Number().String()
	}
	for _, v := range t.Versions {
		k.Versions = append(k.Versions, KitVersion{v.Number().String(), v.PublishedOn, v.PublishedName, v.Changes, v.FileName, v.MediaType, v.Size,
			v.Content.String(), v.EndedOn, v.EndReason})
	}
	for _, c := range t.Ours {
		one := KitCopy{Document: c.Code, Title: c.Title, State: c.State, CopiedOn: c.CopiedOn, Linked: c.Linked}
		if c.From != nil {
			one.From = c.From.Number().String()
		}
		if c.KitStanding.Behind {
			one.AnswerBy = c.DueOn()
		}
		k.Copies = append(k.Copies, one)
	}
	if t.No != nil {
		k.Declined = t.No.Reason
	}
	return k
}

// InTemplate is embedded in the input of what is about one template.
type InTemplate struct {
	Template string `path:"template" doc:"The code of the template" example:"KIT-01"`
}

func (in InTemplate) code() string { return plainPath(in.Template) }

// plainPath is a part of the path as it was before it was escaped.
func plainPath(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

type kitTemplates struct {
	Body Items[KitTemplate]
}

func (a *API) templates(ctx context.Context, platform qms.ID) (*kitTemplates, error) {
	kit, err := a.s.Documents.Kit(ctx, platform)
	if err != nil {
		return nil, err
	}
	out := &kitTemplates{Body: Items[KitTemplate]{Items: make([]KitTemplate, 0, len(kit))}}
	for _, t := range kit {
		out.Body.Items = append(out.Body.Items, a.renderTemplate(t))
	}
	return out, nil
}

func (a *API) listTemplates(ctx context.Context, _ *struct{}) (*kitTemplates, error) {
	return a.templates(ctx, "")
}

func (a *API) showTemplate(ctx context.Context, platform qms.ID, code string) (*One[KitTemplate], error) {
	t, err := a.s.Documents.TemplateByCode(ctx, platform, code)
	if err != nil {
		return nil, err
	}
	return one(t.Revision, a.renderTemplate(t)), nil
}

func (a *API) getTemplate(ctx context.Context, in *InTemplate) (*One[KitTemplate], error) {
	return a.showTemplate(ctx, "", in.code())
}

type addTemplate struct {
	Code        string `query:"code" doc:"Given once, never again" example:"KIT-01"`
	French      string `query:"french" doc:"Title in French; one of the two at least"`
	English     string `query:"english" doc:"Title in English"`
	Kind        string `query:"kind" doc:"Of the document that a copy becomes" example:"PR"`
	Process     string `query:"process" example:"QUA"`
	Language    string `query:"language" doc:"Of the file: fr or en; fr when absent"`
	Theme       string `query:"theme"`
	Place       int64  `query:"place" doc:"Order in the kit; at the end when absent"`
	Description string `query:"description"`
	Number      string `query:"number" doc:"1.0 when absent"`
	Changes     string `query:"changes"`
	Upload
}

func (a *API) addTemplate(ctx context.Context, in *addTemplate) (*One[KitTemplate], error) {
	file, err := a.s.Documents.ReceiveTemplate(ctx, in.Upload.Name, in.File)
	if err != nil {
		return nil, err
	}
	t, err := a.s.Documents.AddTemplate(ctx, documents.AddTemplate{Code: in.Code, French: in.French, English: in.English, Kind: in.Kind, Process: in.Process,
		Language: in.Language, Theme: in.Theme, Place: in.Place, Description: in.Description, Number: in.Number, Changes: in.Changes, File: &file})
	if err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, "", t.Code)
}

// TemplateRevision corrects what is said about a template; what is absent stays.
type TemplateRevision struct {
	French      *string `json:"french,omitempty" maxLength:"300"`
	English     *string `json:"english,omitempty" maxLength:"300"`
	Kind        *string `json:"kind,omitempty" maxLength:"12"`
	Process     *string `json:"process,omitempty" maxLength:"12"`
	Language    *string `json:"language,omitempty" maxLength:"2"`
	Theme       *string `json:"theme,omitempty" maxLength:"80"`
	Place       *int64  `json:"place,omitempty"`
	Description *string `json:"description,omitempty" maxLength:"2000"`
	Reason      string  `json:"reason,omitempty" maxLength:"2000"`
}

type reviseTemplate struct {
	InTemplate
	IfMatch
	Body TemplateRevision
}

func (a *API) reviseTemplate(ctx context.Context, in *reviseTemplate) (*One[KitTemplate], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = a.s.Documents.ReviseTemplate(ctx, documents.ReviseTemplate{Code: in.code(), Revision: revision, French: b.French, English: b.English, Kind: b.Kind,
		Process: b.Process, Language: b.Language, Theme: b.Theme, Place: b.Place, Description: b.Description, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, "", in.code())
}

type publishTemplate struct {
	InTemplate
	Number  string `query:"number" doc:"Instead of the next one"`
	Minor   bool   `query:"minor" doc:"2.1 after 2.0, instead of 3.0"`
	Changes string `query:"changes" doc:"What changed, for who copied the one before; required"`
	Upload
}

func (a *API) publishTemplate(ctx context.Context, in *publishTemplate) (*One[KitTemplate], error) {
	file, err := a.s.Documents.ReceiveTemplate(ctx, in.Upload.Name, in.File)
	if err != nil {
		return nil, err
	}
	_, err = a.s.Documents.PublishTemplate(ctx, documents.PublishTemplate{Code: in.code(), Number: in.Number, Minor: in.Minor, Changes: in.Changes, File: &file})
	if err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, "", in.code())
}

// InTemplateVersion is embedded in the input of what is about one version of a template.
type InTemplateVersion struct {
	InTemplate
	Version string `path:"version" doc:"The number of the version" example:"1.0"`
}

func (a *API) getTemplateContent(ctx context.Context, in *InTemplateVersion) (*File, error) {
	return a.templateContent(ctx, "", in.code(), in.Version)
}

func (a *API) templateContent(ctx context.Context, platform qms.ID, code, number string) (*File, error) {
	o, err := a.s.Documents.OpenTemplate(ctx, platform, code, number)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: o.SaveAs(), Type: o.Version.MediaType, Size: o.Version.Size, Reader: o}), nil
}

type withdrawTemplate struct {
	InTemplate
	IfMatch
	Body ActReason
}

func (a *API) withdrawTemplate(ctx context.Context, in *withdrawTemplate) (*One[KitTemplate], error) {
	return a.withdrawn(ctx, in.InTemplate, in.IfMatch, "", in.Body.Reason)
}

type withdrawTemplateVersion struct {
	InTemplateVersion
	IfMatch
	Body ActReason
}

func (a *API) withdrawTemplateVersion(ctx context.Context, in *withdrawTemplateVersion) (*One[KitTemplate], error) {
	return a.withdrawn(ctx, in.InTemplate, in.IfMatch, in.Version, in.Body.Reason)
}

func (a *API) withdrawn(ctx context.Context, in InTemplate, match IfMatch, number, reason string) (*One[KitTemplate], error) {
	revision, err := match.Revision()
	if err != nil {
		return nil, err
	}
	if err := a.s.Documents.WithdrawTemplate(ctx, documents.WithdrawTemplate{Code: in.code(), Number: number, Revision: revision, Reason: reason}); err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, "", in.code())
}

// KitAdoption is what every platform made of every template.
type KitAdoption struct {
	AsOf      qms.Date    `json:"as_of" format:"date"`
	Templates []KitColumn `json:"templates" doc:"Those that stand, in the order of the kit"`
	Platforms []KitRow    `json:"platforms"`
}

// KitColumn is one template of the adoption.
type KitColumn struct {
	Code   string `json:"code" example:"KIT-01"`
	French string `json:"french,omitempty"`
	Newest string `json:"newest" example:"2.0"`
}

// KitRow is one platform of the adoption.
type KitRow struct {
	Platform string    `json:"platform" example:"PLT"`
	Name     string    `json:"name"`
	Cells    []KitCell `json:"cells" doc:"One for each template, in their order"`
}

// KitCell is what one platform made of one template.
type KitCell struct {
	State    documents.Adopted `json:"state" enum:"none,draft,in-force,behind,not-applicable"`
	Document string            `json:"document,omitempty" doc:"Code of the platform's copy"`
}

type kitAdoptionAnswer struct{ Body KitAdoption }

func (a *API) kitAdoption(ctx context.Context, in *AsOf) (*kitAdoptionAnswer, error) {
	day, err := in.Day(0)
	if err != nil {
		return nil, err
	}
	platforms, err := a.s.People.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]qms.ID, len(platforms))
	for i, p := range platforms {
		ids[i] = p.ID
	}
	all, err := a.s.Documents.AdoptionOn(ctx, ids, day)
	if err != nil {
		return nil, err
	}
	out := &kitAdoptionAnswer{KitAdoption{AsOf: all.Day, Templates: []KitColumn{}, Platforms: []KitRow{}}}
	for _, t := range all.Templates {
		out.Body.Templates = append(out.Body.Templates, KitColumn{t.Code, t.French, t.Newest.Number().String()})
	}
	for _, p := range platforms {
		row := KitRow{Platform: p.Code, Name: p.Name, Cells: []KitCell{}}
		for _, c := range all.Cells[p.ID] {
			row.Cells = append(row.Cells, KitCell{c.State, c.Code})
		}
		out.Body.Platforms = append(out.Body.Platforms, row)
	}
	return out, nil
}
