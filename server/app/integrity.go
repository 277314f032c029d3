package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"maillon/audits"
	"maillon/audits/integrity"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// scrubSlack is how much longer than orphanAge an orphan may lie about: the sweep comes once a day.
const scrubSlack = 25 * time.Hour

// contentColumns lists every column of the house that names contents of the vault.
func contentColumns() []store.ContentColumn {
	var all []store.ContentColumn
	all = append(all, documents.ContentColumns()...)
	all = append(all, trace.ContentColumns()...)
	return append(all, audits.ContentColumns()...)
}

// scrubBy makes what holds trail, records and vault against each other.
func (h *House) scrubBy(s Settings) {
	h.Scrubs = integrity.New(h.DB, integrity.Options{Vault: h.Vault, Columns: contentColumns(), Signatures: audits.CheckSignatures, Doubted: audits.DoubtedAt, Orphan: orphanAge + scrubSlack, Rate: int64(s.ScrubRate) << 20,
		Months: qms.Months(12 * max(s.HoldYears, 1)), Holder: hostName(), Log: h.log})
}

// TestVault tries the vault of the settings, and needs nothing else of the site.
func TestVault(ctx context.Context, s Settings) (vault.Proof, error) {
	contents, err := openVault(ctx, s.vault())
	if err != nil {
		return vault.Proof{}, err
	}
	return contents.Prove(ctx)
}

// trustVault says in the log whether the lock of the vault is relied on. A folder has none, and is not tried.
func (h *House) trustVault(ctx context.Context, s string) {
	if scheme, _ := cutScheme(s); scheme == "file" {
		h.log.InfoContext(ctx, "the vault is a folder, which has no lock: whoever may write there may remove contents")
		return
	}
	switch proof, err := h.Scrubs.Trust(ctx); {
	case err != nil:
		h.log.ErrorContext(ctx, "the vault could not be tried: its lock is not relied on", "error", err)
	case proof.Locks():
		h.log.InfoContext(ctx, "the lock of the vault is relied on: it was tried")
	default:
		h.log.WarnContext(ctx, "the lock of the vault is not relied on", "lacking", proof.Lacks(), "said", firstSaid(proof))
	}
}

func firstSaid(p vault.Proof) string {
	for _, f := range p.Findings {
		if f.Outcome == vault.Lacking {
			return f.Said
		}
	}
	return ""
}

// scrubMeter tells how the last scrub ended, asked when somebody scrapes.
type scrubMeter struct {
	scrubs                                        *integrity.Service
	ended, found, contents, running, held, relied *prometheus.Desc
}

func (h *House) scrubMeter() scrubMeter {
	gauge := func(name, help string) *prometheus.Desc { return prometheus.NewDesc("maillon_"+name, help, nil, nil) }
	return scrubMeter{h.Scrubs,
		gauge("scrub_ended_timestamp_seconds", "When the last scrub of trail, records and vault ended."),
		gauge("scrub_defects", "What the last scrub found wrong."),
		gauge("scrub_contents", "Contents that the last scrub looked at."),
		gauge("scrub_running", "1 while a scrub runs."),
		gauge("contents_held", "Contents that the vault said it holds."),
		gauge("vault_lock_relied_on", "1 where the lock of the vault was proved when the site started.")}
}

// Describe implements prometheus.Collector.
func (m scrubMeter) Describe(all chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, all) }

// Collect implements prometheus.Collector. What cannot be read is left out.
func (m scrubMeter) Collect(all chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(qms.WithActor(context.Background(), qms.System("metrics")), probeTimeout)
	defer cancel()
	v, err := m.scrubs.Overview(ctx)
	if err != nil {
		return
	}
	send := func(d *prometheus.Desc, value float64) {
		all <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	if v.Last != nil {
		send(m.ended, float64(v.Last.EndedAt.Unix()))
		send(m.found, float64(v.Last.Found))
		send(m.contents, float64(v.Last.Contents))
	}
	send(m.running, truth(v.Now != nil && v.Now.State() != integrity.Waiting))
	send(m.held, float64(v.Held))
	send(m.relied, truth(m.scrubs.Relies()))
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
