package api

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/server/request"
)

// platformKit is the kit as a platform copies from it.
func (a *API) platformKit() {
	const all, one = "/platforms/{platform}/kit", "/platforms/{platform}/kit/{template}"
	register(a, get(all, "list-platform-kit", "The kit, and what the platform made of each template", "kit"), a.listPlatformKit)
	register(a, post(all+"/preview", "preview-kit-copies", "The documents and codes that copying would make; nothing is made", "kit"), a.previewKit)
	register(a, created(post(all+"/copies", "copy-kit", "Copy templates into documents of the platform: all of them, or nothing", "kit")), a.copyKit)
	register(a, get(one, "get-platform-kit-template", "One template, and what the platform made of it", "kit"), a.getPlatformTemplate)
	register(a, get(one+"/content", "get-platform-kit-content", "The file of the template, of the newest version or the one named", "kit"), a.getPlatformTemplateContent)
	register(a, post(one+"/decline", "decline-kit-template", "Say that the platform has no use for the template, and why", "kit"), a.declineTemplate)
	register(a, post(one+"/resume", "resume-kit-template", "Say that a template that was declined is of use after all", "kit"), a.resumeTemplate)
}

func (a *API) listPlatformKit(ctx context.Context, in *InPlatform) (*kitTemplates, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.templates(ctx, p.ID)
}

// InPlatformTemplate is embedded in the input of what is about a template on a platform.
type InPlatformTemplate struct {
	InPlatform
	InTemplate
}

func (a *API) getPlatformTemplate(ctx context.Context, in *InPlatformTemplate) (*One[KitTemplate], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, p.ID, in.code())
}

type getPlatformTemplateContent struct {
	InPlatformTemplate
	Version string `query:"version" doc:"The newest when absent" example:"1.0"`
}

func (a *API) getPlatformTemplateContent(ctx context.Context, in *getPlatformTemplateContent) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.templateContent(ctx, p.ID, in.code(), in.Version)
}

// CopyKit asks for documents made from templates.
type CopyKit struct {
	Owner  qms.ID        `json:"owner,omitempty" doc:"Of all of them; who asks, when absent"`
	Reason string        `json:"reason,omitempty" maxLength:"2000" doc:"Of their first versions"`
	Lines  []CopyKitLine `json:"lines" maxItems:"100"`
}

// CopyKitLine is one template to copy.
type CopyKitLine struct {
	Template string `json:"template" maxLength:"40" example:"KIT-01"`
	Kind     string `json:"kind,omitempty" maxLength:"12" doc:"The template's when absent"`
	Process  string `json:"process,omitempty" maxLength:"12" doc:"The template's when absent"`
	Code     string `json:"code,omitempty" maxLength:"40" doc:"The platform's own; the next of its pattern when absent"`
	Title    string `json:"title,omitempty" maxLength:"300" doc:"The template's when absent"`
	Again    bool   `json:"again,omitempty" doc:"Although the platform has a copy already"`
}

type copyKit struct {
	InPlatform
	Body CopyKit
}

func (a *API) copyCommand(ctx context.Context, in *copyKit) (documents.CopyKit, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return documents.CopyKit{}, err
	}
	cmd := documents.CopyKit{Platform: p.ID, Owner: in.Body.Owner, Reason: in.Body.Reason}
	for _, l := range in.Body.Lines {
		cmd.Lines = append(cmd.Lines, documents.CopyLine(l))
	}
	return cmd, nil
}

// CopyShown is what copying a template would make.
type CopyShown struct {
	Template string      `json:"template" example:"KIT-01"`
	Version  string      `json:"version,omitempty" example:"2.0"`
	Kind     string      `json:"kind,omitempty"`
	Process  string      `json:"process,omitempty"`
	Title    string      `json:"title,omitempty"`
	Code     string      `json:"code,omitempty" doc:"That it would have; absent when it cannot be copied as asked" example:"PR-QUA-004"`
	Fits     bool        `json:"fits" doc:"The code is one of the platform's pattern"`
	Wrong    []CopyWrong `json:"wrong,omitempty"`
}

// CopyWrong is why a template cannot be copied as asked.
type CopyWrong struct {
	Field  string `json:"field" example:"code"`
	Detail string `json:"detail"`
}

type copiesShown struct {
	Body Items[CopyShown]
}

func (a *API) previewKit(ctx context.Context, in *copyKit) (*copiesShown, error) {
	cmd, err := a.copyCommand(ctx, in)
	if err != nil {
		return nil, err
	}
	shown, err := a.s.Documents.PreviewKit(ctx, cmd)
	if err != nil {
		return nil, err
	}
	printer := request.From(ctx).Printer()
	out := &copiesShown{Body: Items[CopyShown]{Items: []CopyShown{}}}
	for i, l := range shown {
		line := CopyShown{Template: cmd.Lines[i].Template, Kind: l.Kind, Process: l.Process, Title: l.Title, Code: l.Code, Fits: l.Fits}
		if l.Newest != nil {
			line.Version = l.Newest.Number().String()
		}
		for _, f := range l.Wrong {
			line.Wrong = append(line.Wrong, CopyWrong{f.Name, printer.FieldError(f)})
		}
		out.Body.Items = append(out.Body.Items, line)
	}
	return out, nil
}

// CopiedDocument is a document that was made from a template.
type CopiedDocument struct {
	ID       qms.ID `json:"id"`
	Code     string `json:"code" example:"PR-QUA-004"`
	Title    string `json:"title"`
	Kind     string `json:"kind"`
	Process  string `json:"process,omitempty"`
	Template string `json:"template" example:"KIT-01"`
}

type copiedDocuments struct {
	Body Items[CopiedDocument]
}

func (a *API) copyKit(ctx context.Context, in *copyKit) (*copiedDocuments, error) {
	cmd, err := a.copyCommand(ctx, in)
	if err != nil {
		return nil, err
	}
	made, err := a.s.Documents.CopyKit(ctx, cmd)
	if err != nil {
		return nil, err
	}
	out := &copiedDocuments{Body: Items[CopiedDocument]{Items: []CopiedDocument{}}}
	for i, d := range made {
		out.Body.Items = append(out.Body.Items, CopiedDocument{d.ID, d.Code, d.Title, d.Kind, d.Process, cmd.Lines[i].Template})
	}
	return out, nil
}

type declineTemplate struct {
	InPlatformTemplate
	Body ActReason
}

func (a *API) declineTemplate(ctx context.Context, in *declineTemplate) (*One[KitTemplate], error) {
	return a.declining(ctx, in, a.s.Documents.DeclineKit)
}

func (a *API) resumeTemplate(ctx context.Context, in *declineTemplate) (*One[KitTemplate], error) {
	return a.declining(ctx, in, a.s.Documents.ResumeKit)
}

func (a *API) declining(ctx context.Context, in *declineTemplate, do func(ctx context.Context, platform qms.ID, template, reason string) error) (*One[KitTemplate], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if err := do(ctx, p.ID, in.code(), in.Body.Reason); err != nil {
		return nil, err
	}
	return a.showTemplate(ctx, p.ID, in.code())
}
