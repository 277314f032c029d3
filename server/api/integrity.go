package api

import (
	"context"
	"time"

	"maillon/audits/integrity"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/server/request"
)

// integrity registers what the weekly comparison of trails, records and vault found. It is of the site.
func (a *API) integrity() {
	const scrubs = "/integrity/scrubs"
	register(a, get(scrubs, "list-scrubs", "List the checks of trails, records and vault, the newest first", "integrity"), a.listScrubs)
	register(a, created(post(scrubs, "ask-scrub", "Have everything checked at once", "integrity")), a.askScrub)
	register(a, get(scrubs+"/{number}", "get-scrub", "One check", "integrity"), a.getScrub)
	register(a, get(scrubs+"/{number}/defects", "list-scrub-defects", "List what one check found", "integrity"), a.listScrubDefects)
}

// Scrub is one check of everything.
type Scrub struct {
	ID          qms.ID    `json:"id"`
	Number      int64     `json:"number"`
	State       string    `json:"state" enum:"waiting,running,sound,broken" doc:"broken: something was found, whether it has ended or not"`
	AskedName   string    `json:"asked_name,omitempty" doc:"Who asked for it; absent: it was due"`
	BegunAt     time.Time `json:"begun_at"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
	DueAt       time.Time `json:"next_due_at" doc:"When the next one begins by itself"`
	Trails      int64     `json:"trails"`
	Entries     int64     `json:"entries"`
	Changes     int64     `json:"changes"`
	Records     int64     `json:"records"`
	Contents    int64     `json:"contents" doc:"That records name, each read to its end"`
	Bytes       int64     `json:"bytes_read"`
	Orphans     int64     `json:"orphans" doc:"Contents that no record names, young enough to be on their way to one"`
	OrphanBytes int64     `json:"orphan_bytes"`
	Found       int64     `json:"found" doc:"Defects"`

	Signatures     int64 `json:"signatures"`
	SignaturesHold int64 `json:"signatures_hold" doc:"Whose record is what was signed; a broken one is a defect, the others were replaced or taken back"`
}

func renderScrub(s integrity.Scrub) Scrub {
	return Scrub{ID: s.ID, Number: s.Number, State: string(s.State()), AskedName: s.AskedName, BegunAt: s.BegunAt, EndedAt: s.EndedAt, DueAt: s.DueAt(),
		Trails: s.Logs, Entries: s.Entries, Changes: s.Changes, Records: s.Records, Contents: s.Contents, Bytes: s.Bytes,
		Orphans: s.Orphans, OrphanBytes: s.OrphanBytes, Found: s.Found,
		Signatures: s.Signatures, SignaturesHold: s.SignaturesHold}
}

type listScrubs struct{ Paged }

func (a *API) listScrubs(ctx context.Context, in *listScrubs) (*List[Scrub], error) {
	page, err := a.s.Scrubs.Scrubs(ctx, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderScrub), nil
}

func (a *API) askScrub(ctx context.Context, _ *struct{}) (*One[Scrub], error) {
	asked, err := a.s.Scrubs.Ask(ctx)
	if err != nil {
		return nil, err
	}
	return one(asked.Revision, renderScrub(*asked)), nil
}

// OfScrub is embedded in the input of operations on one check.
type OfScrub struct {
	Number string `path:"number" doc:"Of the check" example:"12"`
}

type oneScrub struct{ OfScrub }

func (a *API) getScrub(ctx context.Context, in *oneScrub) (*One[Scrub], error) {
	found, _, err := a.s.Scrubs.Scrub(ctx, in.Number, qms.Cursor{Size: 1})
	if err != nil {
		return nil, err
	}
	return one(found.Revision, renderScrub(*found)), nil
}

// ScrubDefect is one thing that a check found wrong, and where.
type ScrubDefect struct {
	Kind     store.Kind `json:"kind" example:"content-altered"`
	Sentence string     `json:"sentence" doc:"In the reader's language"`
	Platform string     `json:"platform,omitempty" doc:"Its code; absent: the site"`
	Entry    *int64     `json:"entry,omitempty" doc:"The leaf of the trail that it is about"`
	Table    string     `json:"table,omitempty"`
	Row      qms.ID     `json:"row,omitempty"`
	Fields   []string   `json:"fields" nullable:"false" doc:"Of the record, that are not as the trail says"`
	Content  string     `json:"content,omitempty" doc:"SHA-256, in hexadecimal"`
	Words    string     `json:"words,omitempty" doc:"How people call it"`
	Parts    []string   `json:"parts" nullable:"false" doc:"Of the address within the platform, or the site, where more can be seen"`

	Signed    string    `json:"signed,omitempty" example:"version" doc:"What is signed, of a broken signature"`
	Meaning   string    `json:"meaning,omitempty" doc:"Of that signature"`
	Signatory string    `json:"signatory,omitempty"`
	SignedAt  time.Time `json:"signed_at,omitzero"`
}

type listScrubDefects struct {
	OfScrub
	Paged
}

func (a *API) listScrubDefects(ctx context.Context, in *listScrubDefects) (*List[ScrubDefect], error) {
	_, page, err := a.s.Scrubs.Scrub(ctx, in.Number, in.Cursor())
	if err != nil {
		return nil, err
	}
	p := request.From(ctx).Printer()
	return list(&in.Paged, page, func(d integrity.ScrubDefect) ScrubDefect {
		out := ScrubDefect{Kind: d.Kind, Sentence: d.Defect().Say(p), Platform: d.Code, Table: d.RowTable, Row: d.RowID,
			Fields: append([]string{}, d.Fields...), Content: d.Content, Words: d.Words, Parts: append([]string{}, d.Parts...),
			Signed: d.Signed, Meaning: d.Meaning, Signatory: d.Signatory, SignedAt: d.SignedAt}
		if d.Entry >= 0 {
			out.Entry = &d.Entry
		}
		return out
	}), nil
}
