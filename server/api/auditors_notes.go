package api

import (
	"context"
	"time"

	"maillon/audits/auditors"
	"maillon/qms"
)

// AuditorOpening says that an auditor opened something on a day.
type AuditorOpening struct {
	Person qms.ID        `json:"person"`
	Name   string        `json:"name" doc:"As it was"`
	Day    qms.Date      `json:"day" format:"date"`
	At     time.Time     `json:"at" doc:"For the first time that day"`
	Kind   auditors.Kind `json:"kind" enum:"page,file,api"`
	Path   string        `json:"path" doc:"Within the platform" example:"documents/PR-ACH-001"`
	Title  string        `json:"title,omitempty"`
}

type listOpenings struct {
	InPlatform
	Paged
	Person string `query:"person" doc:"ID of an auditor"`
	From   string `query:"from" format:"date"`
	Until  string `query:"until" format:"date" doc:"That day included"`
}

func (a *API) listOpenings(ctx context.Context, in *listOpenings) (*List[AuditorOpening], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := auditors.OpeningFilter{Platform: p.ID}
	var wrong []qms.Field
	for _, d := range []struct {
		name, text string
		into       *qms.Date
	}{{"from", in.From, &f.From}, {"until", in.Until, &f.Until}} {
		if d.text == "" {
			continue
		}
		if *d.into, err = qms.ParseDate(d.text); err != nil {
			wrong = append(wrong, qms.Wrong(d.name, "value.not_a_date"))
		}
	}
	if in.Person != "" {
		if f.Person, err = qms.ParseID(in.Person); err != nil {
			wrong = append(wrong, qms.Wrong("person", "id.malformed", in.Person))
		}
	}
	if err := qms.InvalidFields(wrong...); err != nil {
		return nil, err
	}
	page, err := a.s.Auditors.Openings(ctx, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(o auditors.Opening) AuditorOpening {
		return AuditorOpening{Person: o.Person, Name: o.PersonName, Day: o.Day, At: o.OpenedAt, Kind: o.Kind, Path: o.Path, Title: o.Title}
	}), nil
}

// AuditorNote is a note of an auditor.
type AuditorNote struct {
	ID       qms.ID         `json:"id"`
	Revision int64          `json:"revision" doc:"For If-Match"`
	Author   string         `json:"author" doc:"Name, as it was"`
	Mine     bool           `json:"mine"`
	About    auditors.About `json:"about" enum:"platform,document,dossier,exercise"`
	Label    string         `json:"label,omitempty" doc:"Code or number of what it is about"`
	Words    string         `json:"words"`
	NotedAt  time.Time      `json:"noted_at"`
	HandedAt *time.Time     `json:"handed_over_at,omitempty" doc:"Since when the platform reads it"`
	Void     string         `json:"void,omitempty" doc:"Why it is a mistake"`
}

func renderAuditNote(actor qms.ID) func(auditors.AuditNote) AuditorNote {
	return func(n auditors.AuditNote) AuditorNote {
		out := AuditorNote{ID: n.ID, Revision: n.Revision, Author: n.AuthorName, Mine: n.Author == actor, About: n.About, Label: n.Label, Words: n.Words,
			NotedAt: n.NotedAt, Void: n.Void}
		if !n.HandedAt.IsZero() {
			out.HandedAt = &n.HandedAt
		}
		return out
	}
}

func shownAuditNote(ctx context.Context, n *auditors.AuditNote, err error) (*One[AuditorNote], error) {
	if err != nil {
		return nil, err
	}
	return one(n.Revision, renderAuditNote(qms.ActorFrom(ctx).ID)(*n)), nil
}

type listAuditNotes struct {
	InPlatform
	Paged
	About string `query:"about" enum:"platform,document,dossier,exercise"`
	Own   bool   `query:"own" doc:"Your own alone"`
}

func (a *API) listAuditNotes(ctx context.Context, in *listAuditNotes) (*List[AuditorNote], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Auditors.Notes(ctx, auditors.NoteFilter{Platform: p.ID, About: auditors.About(in.About), Own: in.Own}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderAuditNote(qms.ActorFrom(ctx).ID)), nil
}

// NewAuditNote states a note.
type NewAuditNote struct {
	About auditors.About `json:"about" enum:"platform,document,dossier,exercise"`
	Label string         `json:"label,omitempty" maxLength:"200" doc:"Code of the document, number of a record of the dossier or of the exercise"`
	Words string         `json:"words" maxLength:"8000"`
}

func (a *API) writeAuditNote(ctx context.Context, in *newRecord[NewAuditNote]) (*One[AuditorNote], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	n, err := a.s.Auditors.WriteNote(ctx, auditors.WriteNote{Platform: p.ID, About: in.Body.About, Label: in.Body.Label, Words: in.Body.Words})
	return shownAuditNote(ctx, n, err)
}

// AuditNoteWords are the words of a note anew.
type AuditNoteWords struct {
	Words string `json:"words" maxLength:"8000"`
}

func (a *API) correctAuditNote(ctx context.Context, in *changeLabel[AuditNoteWords]) (*One[AuditorNote], error) {
	on, err := onAuditor(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	n, err := a.s.Auditors.CorrectNote(ctx, on, in.Body.Words)
	return shownAuditNote(ctx, n, err)
}

func (a *API) handAuditNote(ctx context.Context, in *changeLabel[struct{}]) (*One[AuditorNote], error) {
	on, err := onAuditor(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	n, err := a.s.Auditors.HandNote(ctx, on)
	return shownAuditNote(ctx, n, err)
}

func (a *API) voidAuditNote(ctx context.Context, in *changeLabel[StatedReason]) (*One[AuditorNote], error) {
	on, err := onAuditor(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	n, err := a.s.Auditors.VoidNote(ctx, on)
	return shownAuditNote(ctx, n, err)
}
