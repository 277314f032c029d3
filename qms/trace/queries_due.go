package trace

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// openQuotes reads the quotes that had no answer by the day, of requests that count and go on.
func openQuotes(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]openQuote, error) {
	of, args := ofPlatforms("q.platform", platforms)
	rows, err := r.Query(ctx, `SELECT q.number, q.id, q.request, p.client, CAST(q.date AS TEXT), COALESCE(CAST(q.valid_until AS TEXT), ''),
CASE WHEN EXISTS (SELECT 1 FROM quotes AS o WHERE o.platform = q.platform AND o.request = q.request AND o.void = '' AND o.date >= q.date AND o.date <= ?
AND o.accepted_on <= ?) THEN 1 ELSE 0 END, q.platform, q.revision
FROM quotes AS q JOIN requests AS p ON p.platform = q.platform AND p.number = q.request AND p.void = '' AND p.date <= ? AND (p.closed_on IS NULL OR p.closed_on > ?)
WHERE q.void = '' AND q.date <= ? AND (q.accepted_on IS NULL OR q.accepted_on > ?) AND (q.refused_on IS NULL OR q.refused_on > ?)`+of,
		append([]any{day, day, day, day, day, day, day}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []openQuote
	ids := interned{}
	scan := newScanner(rows, 9)
	for scan.next() {
		all = append(all, openQuote{Number: scan.text(0), ID: qms.ID(scan.text(1)), Request: scan.text(2), Client: scan.text(3), Date: scan.date(4),
			ValidUntil: scan.date(5), Settled: scan.integer(6) != 0, Platform: ids.id(scan.text(7)),
			Revision: scan.integer(8)})
	}
	return all, scan.done()
}

// uninvoicedChains reads the requests that count, have reports, and have no invoice that counts for
// them: one that names a quote which does not exist is astray. The two conditions stand apart because a
// planner makes a join of each, and of one with OR a look-up for each report.
func uninvoicedChains(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]uninvoicedChain, error) {
	of, args := ofPlatforms("q.platform", platforms)
	rows, err := r.Query(ctx, `SELECT p.number, p.id, p.client, CAST(MAX(q.date) AS TEXT), p.platform,
(SELECT SUM(a.revision) FROM reports AS a WHERE a.platform = p.platform AND a.request = p.number)
FROM reports AS q JOIN requests AS p ON p.platform = q.platform AND p.number = q.request AND p.void = '' AND p.date <= ?
WHERE q.void = '' AND q.date <= ?`+of+`
AND NOT EXISTS (SELECT 1 FROM invoices AS i WHERE i.platform = q.platform AND i.request = q.request AND i.void = '' AND i.date <= ? AND i.quote = '')
AND NOT EXISTS (SELECT 1 FROM invoices AS i JOIN quotes AS n ON n.platform = i.platform AND n.number = i.quote AND n.void = '' AND n.date <= ?
WHERE i.platform = q.platform AND i.request = q.request AND i.void = '' AND i.date <= ?)
GROUP BY p.platform, p.number, p.id, p.client`, append(append([]any{day, day}, args...), day, day, day)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []uninvoicedChain
	ids := interned{}
	scan := newScanner(rows, 6)
	for scan.next() {
		all = append(all, uninvoicedChain{Request: scan.text(0), ID: qms.ID(scan.text(1)), Client: scan.text(2), LastReport: scan.date(3), Platform: ids.id(scan.text(4)),
			Revisions: scan.integer(5)})
	}
	return all, scan.done()
}

// impactsOn reads the dossiers that were open on the day.
func impactsOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]Impact, error) {
	var all []Impact
	of, args := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where("opened_on <= ? AND void = '' AND (concluded_on IS NULL OR concluded_on > ?)"+of, append([]any{day, day}, args...)...).Scan(ctx)
	return all, err
}

// ofPlatforms is the end of a condition that keeps to the platforms; nothing when none is named.
func ofPlatforms(column string, platforms []qms.ID) (string, []any) {
	if len(platforms) == 0 {
		return "", nil
	}
	args := make([]any, len(platforms))
	for n, p := range platforms {
		args[n] = p
	}
	return " AND " + column + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", args
}

// The rows of eachFacts come platform by platform.
const (
	dueColumns = factColumns + 1

	dueSettings = `SELECT 0 AS kind, id, revision, '' AS person, '' AS equipment, '' AS other, '' AS date, invoice_days AS months, '' AS last,
CAST(expiring_days AS TEXT) AS a, '' AS b, uncovered AS c, '' AS void, platform FROM check_settings WHERE 1 = 1`
	dueTrainings = `SELECT 1, id, revision, person, equipment, '', CAST(date AS TEXT), months, COALESCE(CAST(through AS TEXT), ''), '', '', '', '', platform
FROM trainings WHERE void = '' AND date <= ?`
	dueCalibrations = `SELECT 2, id, revision, '', equipment, '', CAST(date AS TEXT), months, '', outcome, '', '', void, platform
FROM calibrations WHERE date <= ?`
	dueEquipment = `SELECT 3, id, revision, '', '', '', '', 0, COALESCE(CAST(retired AS TEXT), ''), code, name, '', void, platform FROM equipment WHERE 1 = 1`
)

// eachFacts reads what trainings and calibrations fall due from, in one statement, and hands it over
// platform by platform, so that memory holds one platform of it.
func eachFacts(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date, visit func(platform qms.ID, f *facts)) error {
	of, ids := ofPlatforms("platform", platforms)
	args := append([]any{}, ids...)
	args = append(append(args, day), ids...)
	args = append(append(args, day), ids...)
	args = append(args, ids...)
	rows, err := r.Query(ctx, dueSettings+of+" UNION ALL "+dueTrainings+of+" UNION ALL "+dueCalibrations+of+" UNION ALL "+dueEquipment+of+" ORDER BY platform", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	scan := newScanner(rows, dueColumns)
	var platform qms.ID
	var f *facts
	names := interned{}
	for scan.next() {
		if at := scan.text(dueColumns - 1); f == nil || string(platform) != at {
			if f != nil {
				visit(platform, f)
			}
			platform, f, names = qms.ID(at), newFacts(), interned{}
		}
		f.add(scan, names, platform)
	}
	if f != nil {
		visit(platform, f)
	}
	return scan.done()
}

// eventsOfAll reads the last maintenance of each program, of every platform.
func eventsOfAll(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID][]EquipmentEvent, error) {
	var events []EquipmentEvent
	of, args := ofPlatforms("platform", platforms)
	err := r.Select(&events).Where(`id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY equipment, program ORDER BY date DESC, id DESC) AS nth
FROM equipment_events WHERE kind = ? AND void = '' AND date <= ?`+of+`) AS ranked WHERE nth = 1)`, append([]any{Preventive, day}, args...)...).Scan(ctx)
	byPlatform := map[qms.ID][]EquipmentEvent{}
	for _, e := range events {
		byPlatform[e.Platform] = append(byPlatform[e.Platform], e)
	}
	return byPlatform, err
}
