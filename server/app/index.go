package app

import (
	"context"
	"fmt"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// index makes the search index of a site that has none yet, or whose texts are read otherwise now: on
// the first start after it was brought up to date. It goes on where an earlier start was stopped.
func (h *House) index(ctx context.Context) error {
	err := h.Documents.BuildIndex(qms.WithActor(ctx, qms.System("search index")), h.indexed(ctx))
	if err != nil {
		return fmt.Errorf("make the search index: %w", err)
	}
	return nil
}

// Reindex makes the search index anew from the records.
func (h *House) Reindex(ctx context.Context) error {
	return h.Documents.RebuildIndex(ctx, h.indexed(ctx))
}

func (h *House) indexed(ctx context.Context) func(done, all int) {
	return documents.Paced(5*time.Second, h.clock, func(done, all int) {
		h.log.InfoContext(ctx, "making the search index", "documents", done, "of", all)
	})
}
