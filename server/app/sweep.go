package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// orphanAge is how old a content that no row names, or an upload in parts that nobody ended, must be before it
// is swept: much longer than any upload that is still on its way to its row.
const orphanAge = 72 * time.Hour

// sweeps is what this server swept from the vault since it started.
type sweeps struct{ contents, unfinished atomic.Int64 }

// Sweep removes from the vault what a crash left there without a row, whole or in parts.
func (h *House) Sweep(ctx context.Context) error {
	swept, err := h.Vault.Sweep(ctx, h.clock().Add(-orphanAge), h.Scrubs.Keeps)
	h.swept.contents.Add(int64(swept.Contents))
	h.swept.unfinished.Add(int64(swept.Unfinished))
	if swept.Contents > 0 || swept.Unfinished > 0 {
		h.log.InfoContext(ctx, "swept the vault", "contents", swept.Contents, "bytes", swept.Bytes, "unfinished", swept.Unfinished)
	}
	return err
}

// meters tells it to whoever scrapes.
func (s *sweeps) meters() []prometheus.Collector {
	counter := func(name, help string, count *atomic.Int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "maillon_vault_swept_" + name + "_total", Help: help},
			func() float64 { return float64(count.Load()) })
	}
	return []prometheus.Collector{
		counter("contents", "Contents that no record names, removed from the vault by this server.", &s.contents),
		counter("unfinished", "Uploads that a crash left unfinished, removed from the vault by this server.", &s.unfinished)}
}
