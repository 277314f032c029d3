package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// rounds are the operations on exemptions, on the people of a round, on comments and on reviews.
func (a *API) rounds() {
	const platform = "/platforms/{platform}"
	const version = platform + "/documents/{document}/versions/{version}"
	const exemptions, comments = platform + "/document-exemptions", version + "/comments"
	register(a, post(version+"/reassign", "reassign-version", "Name other people to sign a version in review", "documents"), a.reassignVersion)
	register(a, post(version+"/hand-over", "hand-over-version", "Give a draft to another author", "documents"), a.handOverVersion)
	register(a, post(version+"/review", "review-version", "Sign that the version in force was reviewed and needs no change", "documents"), a.reviewVersion)
	register(a, get(version+"/reviews", "list-version-reviews", "The periodic reviews of a version that ended without a change", "documents"), a.listReviews)
	register(a, get(comments, "list-comments", "What the team says about a version", "documents"), a.listComments)
	register(a, created(post(comments, "add-comment", "Say something about a version", "documents")), a.addComment)
	register(a, post(comments+"/{comment}/resolve", "resolve-comment", "Mark a comment resolved", "documents"), a.resolveComment)
	register(a, get(exemptions, "list-exemptions", "Every exemption from the rule of three people, the newest first", "documents"), a.listExemptions)
	register(a, created(post(exemptions, "record-exemption", "Put an exemption on record, signed", "documents")), a.recordExemption)
	register(a, get(exemptions+"/{exemption}", "get-exemption", "One exemption", "documents"), a.getExemption)
	register(a, post(exemptions+"/{exemption}/end", "end-exemption", "End an exemption from today on", "documents"), a.endExemption)
	register(a, get(platform+"/document-tasks", "list-document-tasks", "What the documents ask of who asks", "documents"), a.listTasks)
}

// Signatories are the people who are to sign.
type Signatories struct {
	Verifier qms.ID `json:"verifier,omitempty" doc:"Who it is already, when absent"`
	Approver qms.ID `json:"approver,omitempty" doc:"Who it is already, when absent"`
	Reason   string `json:"reason" maxLength:"2000"`
}

type reassignVersion struct {
	InVersion
	IfMatch
	Body Signatories
}

func (a *API) reassignVersion(ctx context.Context, in *reassignVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.Reassign(ctx, documents.Reassign{Platform: platform, Version: version, Revision: revision,
			Verifier: in.Body.Verifier, Approver: in.Body.Approver, Reason: in.Body.Reason})
	})
}

// NewAuthor is who goes on with a draft.
type NewAuthor struct {
	Author qms.ID `json:"author"`
	Reason string `json:"reason" maxLength:"2000"`
}

type handOverVersion struct {
	InVersion
	IfMatch
	Body NewAuthor
}

func (a *API) handOverVersion(ctx context.Context, in *handOverVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		return a.s.Documents.HandOver(ctx, documents.HandOver{Platform: platform, Version: version, Revision: revision, Author: in.Body.Author, Reason: in.Body.Reason})
	})
}

// SignedReview is the signature under a review without change.
type SignedReview struct {
	Password string `json:"password" maxLength:"1024" doc:"Once more, to sign"`
	Note     string `json:"note,omitempty" maxLength:"2000"`
}

type reviewVersion struct {
	InVersion
	IfMatch
	Body SignedReview
}

func (a *API) reviewVersion(ctx context.Context, in *reviewVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
			return nil, err
		}
		return a.s.Documents.ReviewUnchanged(ctx, documents.ReviewUnchanged{Platform: platform, Version: version, Revision: revision, Note: in.Body.Note})
	})
}

// VersionReview is one periodic review that ended without a change.
type VersionReview struct {
	ID         qms.ID    `json:"id"`
	ReviewedOn qms.Date  `json:"reviewed_on" format:"date"`
	DueOn      qms.Date  `json:"due_on,omitzero" format:"date"`
	NextOn     qms.Date  `json:"next_on,omitzero" format:"date" doc:"Counted from the day of the review"`
	Person     qms.ID    `json:"person,omitempty"`
	Name       string    `json:"name"`
	Note       string    `json:"note,omitempty"`
	ReviewedAt time.Time `json:"reviewed_at"`
}

func (a *API) listReviews(ctx context.Context, in *InVersion) (*List[VersionReview], error) {
	_, e, err := a.version(ctx, *in)
	if err != nil {
		return nil, err
	}
	out := &List[VersionReview]{Body: Items[VersionReview]{Items: make([]VersionReview, 0, len(e.Reviews))}}
	for _, r := range e.Reviews {
		out.Body.Items = append(out.Body.Items, VersionReview{r.ID, r.ReviewedOn, r.DueOn, r.NextOn, r.Person, r.Name, r.Note, r.ReviewedAt})
	}
	return out, nil
}

// VersionComment is what somebody said about a version.
type VersionComment struct {
	ID           qms.ID    `json:"id"`
	Revision     int64     `json:"revision" doc:"For If-Match"`
	Author       qms.ID    `json:"author,omitempty"`
	Name         string    `json:"name"`
	Text         string    `json:"text"`
	SaidAt       time.Time `json:"said_at"`
	Resolved     bool      `json:"resolved"`
	ResolvedName string    `json:"resolved_by,omitempty"`
	ResolvedOn   qms.Date  `json:"resolved_on,omitzero" format:"date"`
}

func renderComment(c documents.Comment) VersionComment {
	return VersionComment{ID: c.ID, Revision: c.Revision, Author: c.Author, Name: c.Name, Text: c.Body, SaidAt: c.SaidAt,
		Resolved: c.ResolvedOn != 0, ResolvedName: c.ResolvedName, ResolvedOn: c.ResolvedOn}
}

func (a *API) listComments(ctx context.Context, in *InVersion) (*List[VersionComment], error) {
	sheet, e, err := a.version(ctx, *in)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Documents.Comments(ctx, sheet.Platform, e.ID)
	if err != nil {
		return nil, err
	}
	out := &List[VersionComment]{Body: Items[VersionComment]{Items: make([]VersionComment, 0, len(all))}}
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, renderComment(c))
	}
	return out, nil
}

// NewComment is said about a version; it is not changed afterwards.
type NewComment struct {
	Text string `json:"text" maxLength:"4000" doc:"Plain text"`
}

type addComment struct {
	InVersion
	Body NewComment
}

func (a *API) addComment(ctx context.Context, in *addComment) (*One[VersionComment], error) {
	sheet, e, err := a.version(ctx, in.InVersion)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Documents.AddComment(ctx, documents.AddComment{Platform: sheet.Platform, Version: e.ID, Text: in.Body.Text})
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderComment(*c)), nil
}

type resolveComment struct {
	InVersion
	IfMatch
	Comment string `path:"comment" maxLength:"40"`
}

func (a *API) resolveComment(ctx context.Context, in *resolveComment) (*One[VersionComment], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.Comment)
	if err != nil {
		return nil, qms.NotFound("comment.not_found")
	}
	sheet, e, err := a.version(ctx, in.InVersion)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Documents.ResolveComment(ctx, documents.ResolveComment{Platform: sheet.Platform, Version: e.ID, Comment: id, Revision: revision})
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderComment(*c)), nil
}

// DocumentTask is one thing that waits for who asks.
type DocumentTask struct {
	Kind    documents.TaskKind `json:"kind" enum:"verify,approve,rework,answer,review"`
	Code    string             `json:"code" example:"PR-ACH-003"`
	Title   string             `json:"title"`
	Version string             `json:"version" example:"2.0"`
	Remark  string             `json:"remark,omitempty" doc:"Why a draft came back"`
	Count   int                `json:"count,omitempty" doc:"Of unresolved comments"`
	Since   qms.Date           `json:"since,omitzero" format:"date"`
	On      qms.Date           `json:"on,omitzero" format:"date" doc:"When a review is due"`
}

func (a *API) listTasks(ctx context.Context, in *InPlatform) (*List[DocumentTask], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	tasks, err := a.s.Documents.Tasks(ctx, []qms.ID{p.ID})
	if err != nil {
		return nil, err
	}
	out := &List[DocumentTask]{Body: Items[DocumentTask]{Items: make([]DocumentTask, 0, len(tasks))}}
	for _, t := range tasks {
		item := DocumentTask{Kind: t.Kind, Code: t.Document.Code, Title: t.Document.Title, Version: t.Version.Number().String(), Count: t.Count, Since: t.Since, On: t.On}
		if t.Kind == documents.ToRework {
			item.Remark = t.Version.Remark
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	return out, nil
}
