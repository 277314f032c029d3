package documents

import (
	"context"
	"encoding/json"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// documentsWithin are the documents of the platform that the reader may see, by code.
func documentsWithin(ctx context.Context, r store.Reader, re reach) ([]*Document, error) {
	var all []*Document
	condition, args := re.holds("id")
	err := r.Select(&all).Where("platform = ?", re.platform).Where(condition, args...).Order("code").Scan(ctx)
	return all, err
}

// inForceBetween are the versions of the platform that were in force on some day of the two and those
// between, oldest first within each document.
func inForceBetween(ctx context.Context, r store.Reader, platform qms.ID, from, to qms.Date) ([]*Version, error) {
	var all []*Version
	err := r.Select(&all).Where("platform = ?", platform).Where("effective_from <= ?", to).
		Where("effective_until IS NULL OR (effective_until > effective_from AND effective_until > ?)", from).
		Order("document", "effective_from", "id").Scan(ctx)
	return all, err
}

// reviewsAfter are the periodic reviews of the platform after the day that ended without a change,
// oldest first.
func reviewsAfter(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]PeriodicReview, error) {
	var all []PeriodicReview
	err := r.Select(&all).Where("platform = ? AND reviewed_on > ?", platform, day).Order("reviewed_on", "id").Scan(ctx)
	return all, err
}

// described is what the trail keeps of what a document was called and how it was classified.
type described struct{ Title, Kind, Process string }

// past is how documents were described on past days: of each, what every correction of it replaced.
type past map[qms.ID][]replaced

type replaced struct {
	described
	on qms.Date // the day of the correction: it held before
}

// pastOf reads the corrections of the documents from the trail. Most were never corrected.
func pastOf(ctx context.Context, r store.Reader, platform qms.ID, documents []*Document) (past, error) {
	var corrected []qms.ID
	for _, d := range documents {
		if d.Revision > 1 {
			corrected = append(corrected, d.ID)
		}
	}
	changes, err := store.Corrections(ctx, r, trail.LogOf(platform), "documents", corrected)
	if err != nil {
		return nil, err
	}
	p := past{}
	for _, c := range changes {
		var was described
		if err := json.Unmarshal(c.Before, &was); err != nil {
			return nil, err
		}
		p[c.Row] = append(p[c.Row], replaced{was, r.DayOf(c.At)})
	}
	return p, nil
}

// on is how the document was described at the end of the day.
func (p past) on(d *Document, day qms.Date) described {
	was := p[d.ID]
	if i := slices.IndexFunc(was, func(w replaced) bool { return w.on > day }); i >= 0 {
		return was[i].described
	}
	return described{d.Title, d.Kind, d.Process}
}
