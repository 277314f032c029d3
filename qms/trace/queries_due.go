package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// openQuotes reads the quotes that had no answer by the day, of requests that count and go on.
func openQuotes(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]openQuote, error) {
	rows, err := r.Query(ctx, `SELECT q.number, q.id, q.request, p.client, CAST(q.date AS TEXT), COALESCE(CAST(q.valid_until AS TEXT), ''),
CASE WHEN EXISTS (SELECT 1 FROM quotes AS o WHERE o.platform = q.platform AND o.request = q.request AND o.void = '' AND o.date >= q.date AND o.date <= ?
AND o.accepted_on <= ?) THEN 1 ELSE 0 END
FROM quotes AS q JOIN requests AS p ON p.platform = q.platform AND p.number = q.request AND p.void = '' AND p.date <= ? AND (p.closed_on IS NULL OR p.closed_on > ?)
WHERE q.platform = ? AND q.void = '' AND q.date <= ? AND (q.accepted_on IS NULL OR q.accepted_on > ?) AND (q.refused_on IS NULL OR q.refused_on > ?)`,
		day, day, day, day, platform, day, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []openQuote
	scan := newScanner(rows, 7)
	for scan.next() {
		all = append(all, openQuote{Number: scan.text(0), ID: qms.ID(scan.text(1)), Request: scan.text(2), Client: scan.text(3), Date: scan.date(4),
			ValidUntil: scan.date(5), Settled: scan.integer(6) != 0})
	}
	return all, scan.done()
}

// uninvoicedChains reads the requests that count, have reports, and have no invoice that counts for
// them: one that names a quote which does not exist is astray.
func uninvoicedChains(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]uninvoicedChain, error) {
	rows, err := r.Query(ctx, `SELECT p.number, p.id, p.client, CAST(MAX(q.date) AS TEXT)
FROM reports AS q JOIN requests AS p ON p.platform = q.platform AND p.number = q.request AND p.void = '' AND p.date <= ?
WHERE q.platform = ? AND q.void = '' AND q.date <= ? AND NOT EXISTS (
SELECT 1 FROM invoices AS i WHERE i.platform = q.platform AND i.request = q.request AND i.void = '' AND i.date <= ? AND (i.quote = '' OR EXISTS (
SELECT 1 FROM quotes AS n WHERE n.platform = i.platform AND n.number = i.quote AND n.void = '' AND n.date <= ?)))
GROUP BY p.number, p.id, p.client`, day, platform, day, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []uninvoicedChain
	scan := newScanner(rows, 4)
	for scan.next() {
		all = append(all, uninvoicedChain{Request: scan.text(0), ID: qms.ID(scan.text(1)), Client: scan.text(2), LastReport: scan.date(3)})
	}
	return all, scan.done()
}

// impactsOn reads the dossiers that were open on the day.
func impactsOn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Impact, error) {
	var all []Impact
	err := r.Select(&all).Where("platform = ? AND opened_on <= ? AND void = '' AND (concluded_on IS NULL OR concluded_on > ?)", platform, day, day).Scan(ctx)
	return all, err
}
