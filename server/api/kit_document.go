package api

import (
	"context"

	"maillon/documents"
	"maillon/qms"
)

// documentKit is what a document has to do with the kit.
func (a *API) documentKit() {
	const one = "/platforms/{platform}/documents/{document}/kit"
	register(a, get(one, "get-document-kit", "The template that the document is a copy of", "kit"), a.getDocumentKit)
	register(a, get(one+"/comparison", "compare-with-kit", "The texts of the template's versions, or of the document and the template, line against line", "kit"), a.compareWithKit)
	register(a, created(post(one+"/link", "link-kit", "Say that the document is the platform's copy of a template", "kit")), a.linkKit)
	register(a, post(one+"/unlink", "unlink-kit", "Say that it is none after all; the document stays", "kit"), a.unlinkKit)
	register(a, created(post(one+"/answers", "answer-kit", "Answer a new version of the template: taken over, or not applicable", "kit")), a.answerKit)
}

// DocumentKit is what a document has to do with the kit.
type DocumentKit struct {
	Copy     bool        `json:"copy" doc:"Whether it is a copy; nothing else is said when it is not"`
	Template string      `json:"template,omitempty" example:"KIT-01"`
	From     string      `json:"from,omitempty" doc:"The template's version it began with" example:"1.0"`
	Newest   string      `json:"newest,omitempty" doc:"The template's newest version" example:"2.0"`
	Behind   bool        `json:"behind,omitempty" doc:"The template moved on, and nobody answered"`
	AnswerBy qms.Date    `json:"answer_by,omitzero" format:"date"`
	Linked   bool        `json:"linked,omitempty" doc:"The document was there before"`
	Since    qms.Date    `json:"since,omitzero" format:"date" doc:"When it was copied or linked"`
	Person   string      `json:"person,omitempty" doc:"Who did"`
	Answers  []KitAnswer `json:"answers,omitempty" doc:"The newest first"`
}

// KitAnswer is the platform's answer to a version of a template.
type KitAnswer struct {
	Version string          `json:"version" doc:"Of the template" example:"2.0"`
	Answer  documents.Reply `json:"answer" enum:"taken-over,not-applicable"`
	Own     string          `json:"own,omitempty" doc:"The document's version that took it over" example:"3.0"`
	Reason  string          `json:"reason,omitempty"`
	On      qms.Date        `json:"on" format:"date"`
	Person  string          `json:"person"`
}

type documentKitAnswer struct{ Body DocumentKit }

func (a *API) showDocumentKit(ctx context.Context, platform, document qms.ID) (*documentKitAnswer, error) {
	o, err := a.s.Documents.KitOriginOf(ctx, platform, document)
	if err != nil {
		return nil, err
	}
	out := &documentKitAnswer{}
	if o.Copy == nil {
		return out, nil
	}
	out.Body = DocumentKit{Copy: true, Template: o.Template.Code, Behind: o.Behind, Linked: o.Copy.Linked, Since: o.Copy.CopiedOn, Person: o.Copy.Name}
	if o.From != nil {
		out.Body.From = o.From.Number().String()
	}
	if o.Newest != nil {
		out.Body.Newest = o.Newest.Number().String()
	}
	if o.Behind {
		out.Body.AnswerBy = o.DueOn()
	}
	for _, said := range o.Answers {
		answer := KitAnswer{Version: said.To.String(), Answer: said.Answer, Reason: said.Reason, On: said.AnsweredOn, Person: said.Name}
		if said.Own != nil {
			answer.Own = said.Own.String()
		}
		out.Body.Answers = append(out.Body.Answers, answer)
	}
	return out, nil
}

// documentIn finds the document of the path.
func (a *API) documentIn(ctx context.Context, in InDocument) (platform, document qms.ID, err error) {
	sheet, err := a.sheet(ctx, in, 0)
	if err != nil {
		return "", "", err
	}
	return sheet.Platform, sheet.ID, nil
}

func (a *API) getDocumentKit(ctx context.Context, in *InDocument) (*documentKitAnswer, error) {
	platform, document, err := a.documentIn(ctx, *in)
	if err != nil {
		return nil, err
	}
	return a.showDocumentKit(ctx, platform, document)
}

type compareWithKit struct {
	InDocument
	With string `query:"with" doc:"template: the version it began with beside the newest; ours: the document's own beside the newest" example:"template"`
}

func (a *API) compareWithKit(ctx context.Context, in *compareWithKit) (*versionComparisonAnswer, error) {
	platform, document, err := a.documentIn(ctx, in.InDocument)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Documents.CompareKit(ctx, platform, document, in.With == "ours")
	if err != nil {
		return nil, err
	}
	out := VersionComparison{Code: plainPath(in.Document), From: c.FromLabel.String(), To: c.ToLabel.String(), SameFile: c.SameFile,
		Changed: c.Changed, Added: c.Added, Removed: c.Removed, Same: c.Same, Cut: c.Cut, Coarse: c.Coarse}
	if c.Missing {
		out.Missing = out.From
	}
	out.Hunks, out.More = renderHunks(c.Difference)
	return &versionComparisonAnswer{out}, nil
}

// LinkKit names the template that a document is the copy of.
type LinkKit struct {
	Template string `json:"template" maxLength:"40" example:"KIT-01"`
	Version  string `json:"version,omitempty" maxLength:"24" doc:"The one that the document is like; the newest when absent" example:"1.0"`
	Reason   string `json:"reason,omitempty" maxLength:"2000"`
}

type linkKit struct {
	InDocument
	Body LinkKit
}

func (a *API) linkKit(ctx context.Context, in *linkKit) (*documentKitAnswer, error) {
	platform, document, err := a.documentIn(ctx, in.InDocument)
	if err != nil {
		return nil, err
	}
	_, err = a.s.Documents.LinkKit(ctx, documents.LinkKit{Platform: platform, Document: document, Template: in.Body.Template, Number: in.Body.Version, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return a.showDocumentKit(ctx, platform, document)
}

type unlinkKit struct {
	InDocument
	Body ActReason
}

func (a *API) unlinkKit(ctx context.Context, in *unlinkKit) (*documentKitAnswer, error) {
	platform, document, err := a.documentIn(ctx, in.InDocument)
	if err != nil {
		return nil, err
	}
	if err := a.s.Documents.UnlinkKit(ctx, platform, document, in.Body.Reason); err != nil {
		return nil, err
	}
	return a.showDocumentKit(ctx, platform, document)
}

// AnswerKit is the platform's answer to a version of the template.
type AnswerKit struct {
	Version string          `json:"version,omitempty" maxLength:"24" doc:"Of the template; the newest when absent" example:"2.0"`
	Answer  documents.Reply `json:"answer" maxLength:"20" doc:"taken-over or not-applicable"`
	Own     string          `json:"own,omitempty" maxLength:"24" doc:"The document's version that took it over; with taken-over" example:"3.0"`
	Reason  string          `json:"reason,omitempty" maxLength:"2000" doc:"With not-applicable"`
}

type answerKit struct {
	InDocument
	Body AnswerKit
}

func (a *API) answerKit(ctx context.Context, in *answerKit) (*documentKitAnswer, error) {
	platform, document, err := a.documentIn(ctx, in.InDocument)
	if err != nil {
		return nil, err
	}
	_, err = a.s.Documents.AnswerKit(ctx, documents.AnswerKit{Platform: platform, Document: document, Number: in.Body.Version,
		Answer: in.Body.Answer, Own: in.Body.Own, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return a.showDocumentKit(ctx, platform, document)
}
