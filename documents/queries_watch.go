package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// externalKind is the condition that a document's kind is of external origin: one of the platform's own
// kinds, or of the default set while it has not made any.
const externalKind = `(d.kind IN (SELECT code FROM kinds WHERE platform = d.platform AND external)
	OR (d.kind = 'EX' AND NOT EXISTS (SELECT 1 FROM kinds WHERE platform = d.platform)))`

// sortExternals is the expression that External.key mirrors.
func sortExternals(column string, e store.Engine) string {
	switch column {
	case "watch":
		return "COALESCE(d.watch_on, '0001-01-01')"
	case "watched":
		return "COALESCE(d.watched_on, '0001-01-01')"
	}
	if e == store.PostgreSQL {
		return `d.code COLLATE "C"`
	}
	return "d.code"
}

// externals reads one page of the documents of external origin, one line more than asked for.
func externals(ctx context.Context, r store.Reader, platform qms.ID, f ExternalFilter, column string, down bool, after *position, limit int) ([]External, error) {
	by, code, way, beyond := sortExternals(column, r.Engine()), sortExternals("code", r.Engine()), "ASC", ">"
	if down {
		way, beyond = "DESC", "<"
	}
	q := (&query{}).add(`SELECT d.id, d.revision, d.code, d.kind, d.title, d.publisher, d.edition, d.watch, d.watch_months, d.watched_on, d.watch_on, d.new_edition,
		v.major, v.minor FROM documents AS d LEFT JOIN versions AS v ON v.document = d.id AND v.state = ? AND v.effective_from <= ?
		AND (v.effective_until IS NULL OR v.effective_until > ?) WHERE d.platform = ? AND `+externalKind, Approved, r.Today(), r.Today(), platform)
	if f.Late {
		q.add(" AND d.watch_on < ?", r.Today())
	}
	if f.New {
		q.add(" AND d.new_edition <> ''")
	}
	if text := fold(f.Query); text != "" {
		pattern := like(text)
		q.add(` AND (d.title_key LIKE ? ESCAPE '!' OR lower(d.code) LIKE ? ESCAPE '!' OR lower(d.publisher) LIKE ? ESCAPE '!')`, pattern, pattern, pattern)
	}
	if after != nil {
		q.add(" AND ("+by+", "+code+") "+beyond+" (?, ?)", after.Key, after.Code)
	}
	q.add(" ORDER BY "+by+" "+way+", "+code+" "+way+" LIMIT ?", limit+1)
	return readExternals(ctx, r, q)
}

func readExternals(ctx context.Context, r store.Reader, q *query) ([]External, error) {
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []External
	for rows.Next() {
		var e External
		var major, minor *int64
		if err := rows.Scan(&e.ID, &e.Revision, &e.Code, &e.Kind, &e.Title, &e.Publisher, &e.Edition, &e.Watch, &e.WatchMonths, &e.WatchedOn, &e.WatchOn, &e.NewEdition,
			&major, &minor); err != nil {
			return nil, err
		}
		if major != nil && minor != nil {
			e.Number, e.InForce = Number{*major, *minor}, true
		}
		e.Late = e.LateOn(r.Today())
		lines = append(lines, e)
	}
	return lines, rows.Err()
}

func watchesOf(ctx context.Context, r store.Reader, platform, document qms.ID) (all []Watch, err error) {
	err = r.Select(&all).Where("platform = ? AND document = ?", platform, document).Order("date DESC", "noted_at DESC", "id DESC").Scan(ctx)
	return all, err
}

// watchedUntil are the documents whose next look for a new edition is due by the day.
func watchedUntil(ctx context.Context, r store.Reader, platforms []qms.ID, until qms.Date) (all []*Document, err error) {
	of, ids := ofPlatforms("platform", platforms)
	err = r.Select(&all).Where("watch_on <= ?"+of, append([]any{until}, ids...)...).Order("watch_on", "code").Scan(ctx)
	return all, err
}
