package documents

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// passed begins a query over the contents whose retention has passed on the day, as table p. Months are
// not added in SQL, where the engines disagree about the end of February: for each retention that the
// platform states, the last day is given from which it has passed. A test holds it to Kept.PassedOn.
func passed(platform qms.ID, day qms.Date, stated []qms.Months) *query {
	const columns = `p.kind, p.id, p.revision, p.code, p.label, p.title, p.ended, p.keep_until, p.disposal, p.disposed_on, p.retention_months, p.retention,
		p.file_name, p.size, p.content`
	return passedBy([]qms.ID{platform}, day, day, stated, columns)
}

// passedBy begins a query for those columns over the contents whose retention will have passed on the
// day until and about which nothing was decided by day; of every platform when none is named.
func passedBy(platforms []qms.ID, day, until qms.Date, stated []qms.Months, columns string) *query {
	versions, ids := ofPlatforms("v.platform", platforms)
	records, _ := ofPlatforms("r.platform", platforms)
	q := (&query{}).add(`WITH p AS (SELECT 'version' AS kind, v.platform, v.id, v.revision, d.code, d.code || ' v' || v.major || '.' || v.minor AS label, d.title, d.title_key,
		CASE WHEN v.withdrawn_on <= ? THEN v.withdrawn_on WHEN v.effective_until <= ? AND v.effective_from <= ? THEN v.effective_until END AS ended,
		v.keep_until, v.disposal, v.disposed_on, d.retention_months, d.retention, v.file_name, v.size, v.content
		FROM versions AS v JOIN documents AS d ON d.id = v.document WHERE v.state IN (?, ?)
		AND (v.withdrawn_on <= ? OR v.effective_until <= ?)`+versions, day, day, day, Approved, Withdrawn, day, day).values(ids...)
	q.add(` UNION ALL SELECT 'record', r.platform, r.id, r.revision, d.code, r.number, r.title, r.title_key, r.date,
		r.keep_until, r.disposal, r.disposed_on, d.retention_months, d.retention, r.file_name, r.size, r.content
		FROM records AS r JOIN documents AS d ON d.id = r.form WHERE r.date <= ?`+records+`) SELECT `, day).values(ids...)
	q.add(columns+` FROM p
		WHERE p.ended IS NOT NULL AND (p.keep_until IS NULL OR p.keep_until <= ?) AND (p.disposal = '' OR p.disposed_on > ?)
		AND ((p.retention_months = 0 AND p.keep_until IS NOT NULL)`, until, day)
	for _, months := range stated {
		q.add(" OR (p.retention_months = ? AND p.ended <= ?)", months, lastPassed(until, months))
	}
	return q.add(")")
}

// lastPassed is the last day from which so many months have passed on the day.
func lastPassed(day qms.Date, months qms.Months) qms.Date {
	from := day.AddMonths(-months).AddDays(4) // no two months differ by more in what they leave out
	for from.AddMonths(months) > day && from > 1 {
		from--
	}
	return from
}

// passedPage reads one page, one line more than asked for.
func passedPage(ctx context.Context, r store.Reader, platform qms.ID, f PassedFilter, after *position, limit int) ([]Passed, error) {
	stated, err := retentions(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	q := passed(platform, f.On, stated)
	if f.Kind != "" {
		q.add(" AND p.kind = ?", f.Kind)
	}
	if text := fold(f.Query); text != "" {
		q.add(" AND (lower(p.label) LIKE ? ESCAPE '!' OR p.title_key LIKE ? ESCAPE '!')", like(text), like(text))
	}
	label := "p.label"
	if r.Engine() == store.PostgreSQL {
		label = `p.label COLLATE "C"`
	}
	if after != nil {
		q.add(" AND (p.ended, "+label+", p.id) > (?, ?, ?)", after.Key, after.Code, after.ID)
	}
	rows, err := r.Query(ctx, q.add(" ORDER BY p.ended, "+label+", p.id LIMIT ?", limit+1).text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []Passed
	for rows.Next() {
		var l Passed
		var k Kept
		if err := rows.Scan(&l.Kind, &l.ID, &l.Revision, &l.Code, &l.Label, &l.Title, &k.From, &k.KeepUntil, &k.Disposal, &k.DisposedOn, &k.Months, &l.Retention,
			&l.FileName, &l.Size, &l.Content); err != nil {
			return nil, err
		}
		l.From, l.Months = k.From, k.Months
		l.End, _ = k.End()
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

// retentions are the durations that the platform's documents state.
func retentions(ctx context.Context, r store.Reader, platform qms.ID) (stated []qms.Months, err error) {
	err = r.Select((*Document)(nil)).Distinct().Column("retention_months").Where("platform = ? AND retention_months > 0", platform).
		Order("retention_months").Scan(ctx, &stated)
	return stated, err
}

// disposalPage reads one page of the decisions, the latest first, one line more than asked for.
func disposalPage(ctx context.Context, r store.Reader, platform qms.ID, f DisposalFilter, after *position, limit int) (all []Disposal, err error) {
	q := r.Select(&all).Where("platform = ?", platform)
	if f.Decision != "" {
		q = q.Where("decision = ?", f.Decision)
	}
	if text := strings.ToUpper(f.Query); text != "" {
		q = q.Where("(upper(label) LIKE ? ESCAPE '!' OR number = ?)", like(text), text)
	}
	if after != nil {
		q = q.Where("id < ?", after.ID)
	}
	err = q.Order("id DESC").Limit(int64(limit) + 1).Scan(ctx)
	return all, err
}

func someVersions(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) (all []*Version, err error) {
	err = r.Select(&all).Where("platform = ? AND id IN (?)", platform, bun.List(ids)).Order("id").Scan(ctx)
	return all, err
}

func someRecords(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) (all []*Record, err error) {
	err = r.Select(&all).Where("platform = ? AND id IN (?)", platform, bun.List(ids)).Order("id").Scan(ctx)
	return all, err
}
