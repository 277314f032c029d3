package api

import (
	"context"

	"maillon/documents"
	"maillon/qms"
)

// search finds documents by the words of their texts.
func (a *API) search() {
	register(a, get("/platforms/{platform}/search", "search-documents", "Documents by the words of their code, title and text", "documents"), a.searchDocuments)
}

// SearchHit is one document found, or one version of it when old ones are asked for too.
type SearchHit struct {
	ID            qms.ID          `json:"id" doc:"Of the document"`
	Code          string          `json:"code" example:"PR-ACH-003"`
	Title         string          `json:"title" example:"Achats et réception"`
	Kind          string          `json:"kind" example:"PR"`
	Process       string          `json:"process" example:"ACH"`
	Version       string          `json:"version" example:"2.0"`
	State         documents.State `json:"state" enum:"draft,in-review,approved,effective,superseded,withdrawn"`
	EffectiveFrom qms.Date        `json:"effective_from,omitzero" format:"date"`
	Snippets      [][]SnippetPart `json:"snippets" doc:"Pieces of the text that show the words; none when they only stand in code and title"`
}

// SnippetPart is a run of a piece of text.
type SnippetPart struct {
	Text   string `json:"text"`
	Marked bool   `json:"marked,omitempty" doc:"It is a word that was asked for"`
}

func renderHit(h documents.Hit) SearchHit {
	hit := SearchHit{
		ID: h.Document, Code: h.Code, Title: h.Title, Kind: h.Kind, Process: h.Process, Version: h.Number.String(), State: h.State,
		EffectiveFrom: h.EffectiveFrom, Snippets: make([][]SnippetPart, len(h.Snippets)),
	}
	for i, snippet := range h.Snippets {
		for _, part := range snippet {
			hit.Snippets[i] = append(hit.Snippets[i], SnippetPart{part.Text, part.Marked})
		}
	}
	return hit
}

type searchDocuments struct {
	InPlatform
	Paged
	Text    string          `query:"q" maxLength:"200" doc:"Words that must all be there, accents and plurals aside; words between quotes follow each other, a minus leaves out, the last word may be a beginning"`
	State   documents.State `query:"state" enum:"draft,in-review,approved,effective,superseded,withdrawn"`
	Kind    string          `query:"kind" maxLength:"12"`
	Process string          `query:"process" maxLength:"12"`
	Old     bool            `query:"old" doc:"Every version that the reader may see, each a hit of its own; otherwise the one in force, or else the newest"`
}

func (a *API) searchDocuments(ctx context.Context, in *searchDocuments) (*List[SearchHit], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if in.Text == "" { // asked for here, so that who may not see the platform is not told more than that
		return nil, qms.InvalidFields(qms.Wrong("q", "input.required"))
	}
	found, err := a.s.Documents.Search(ctx, documents.Search{
		Platform: p.ID, Query: in.Text, Kind: in.Kind, Process: in.Process, State: in.State, Old: in.Old,
	}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, found.Page, renderHit), nil
}
