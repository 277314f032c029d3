package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// DocumentFinder finds documents by code or title.
type DocumentFinder struct{ Documents *documents.Service }

// maxDocumentsFound is how many a search shows: who wants more filters the master list.
const maxDocumentsFound = 20

// Find asks the master list of today.
func (f DocumentFinder) Find(ctx context.Context, platform people.Platform, typed string) ([]Found, error) {
	if !qms.ActorFrom(ctx).Can(qms.ReadDocuments.On(platform.ID)) {
		return nil, nil
	}
	list, err := f.Documents.MasterList(ctx, platform.ID, documents.Filter{Query: typed}, qms.Cursor{Size: maxDocumentsFound})
	if err != nil {
		return nil, err
	}
	found, seen := []Found{}, map[qms.ID]bool{}
	for _, l := range list.Page.Items {
		if seen[l.Document] { // the version in force and the one under way are one document
			continue
		}
		seen[l.Document] = true
		found = append(found, Found{Code: l.Code, Title: l.Title, Kind: Say("page.search.document"), State: string(l.State), Parts: []string{"documents", l.Code}})
	}
	return found, nil
}
