package trace

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// touchedWhere is the condition that picks, within the hull of the window, the records of one kind that
// a cause touches. Windows with gaps are cut in Go: a database takes only so many terms.
func touchedWhere(kind TouchedKind, platform qms.ID, x *Reach, hull qms.Period, asOf qms.Date) (string, []any) {
	day, person := "q.date", "q.person"
	where, args := "q.platform = ? AND q.void = '' AND q.date <= ?", []any{platform, asOf}
	add := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	switch kind {
	case TouchedReport:
		day, person = "q.analysed_on", "q.operator"
		add("q.analysed_on <= ?", asOf)
	case TouchedTraining:
		person = "q.trainer"
	}
	switch {
	case x.Instruction == "":
		add("q.equipment = ?", x.Equipment)
	case kind == TouchedTraining:
		add("q.procedure = ? AND q.procedure_version = ?", x.Instruction, x.InstructionVersion)
		return where, args // held against its validity in Go
	default:
		add("q.instruction = ? AND q.instruction_version = ?", x.Instruction, x.InstructionVersion)
	}
	if x.Person != "" {
		add(person+" = ?", x.Person)
	}
	if hull.From != 0 {
		add(day+" >= ?", hull.From)
	}
	if hull.Until != 0 {
		add(day+" < ?", hull.Until)
	}
	return where, args
}

// The columns of touchedRows, all of it text but the last.
const touchedSelect = `SELECT q.id, `

var touchedColumns = map[TouchedKind]string{
	TouchedReport: `q.number, q.request, COALESCE(p.client, ''), q.operator, q.equipment, CAST(q.analysed_on AS TEXT), '', '', COALESCE((
SELECT MIN(i.number) FROM invoices AS i WHERE i.platform = q.platform AND i.request = q.request AND i.void = ''), ''), 0
FROM reports AS q LEFT JOIN requests AS p ON p.platform = q.platform AND p.number = q.request AND p.void = ''`,
	TouchedUse: `q.number, '', '', q.person, q.equipment, CAST(q.date AS TEXT), '', q.project, '', q.minutes FROM uses AS q`,
	TouchedTraining: `'', '', '', q.person, q.equipment, CAST(q.date AS TEXT), COALESCE(CAST(q.through AS TEXT), ''), '', '', q.months
FROM trainings AS q`,
}

// touchedRows reads records of one kind by day and identifier: that order is the same on both engines.
// A limit of 0 is none.
func touchedRows(ctx context.Context, r store.Reader, kind TouchedKind, platform qms.ID, x *Reach, hull qms.Period, asOf qms.Date,
	after []string, limit int) (*sql.Rows, error) {
	where, args := touchedWhere(kind, platform, x, hull, asOf)
	day := "q.date"
	if kind == TouchedReport {
		day = "q.analysed_on"
	}
	if after != nil {
		where += " AND (" + day + " > ? OR " + day + " = ? AND q.id > ?)"
		args = append(args, after[0], after[0], after[1])
	}
	where += " ORDER BY " + day + ", q.id"
	if limit > 0 {
		where += " LIMIT " + strconv.Itoa(limit)
	}
	return r.Query(ctx, touchedSelect+touchedColumns[kind]+" WHERE "+where, args...)
}

// touchedCount counts what touchedRows reads, and the chains of the reports, where the window has no gaps.
func touchedCount(ctx context.Context, r store.Reader, platform qms.ID, x *Reach, hull qms.Period, asOf qms.Date) (c TouchedCounts, err error) {
	part := func(kind TouchedKind, table, distinct string) (string, []any) {
		where, args := touchedWhere(kind, platform, x, hull, asOf)
		return "SELECT COUNT(*), " + distinct + " FROM " + table + " AS q WHERE " + where, args
	}
	reports, args := part(TouchedReport, "reports", "COUNT(DISTINCT q.request)")
	query := "SELECT 0 AS kind, r.* FROM (" + reports + ") AS r"
	if x.Instruction == "" {
		uses, more := part(TouchedUse, "uses", "0")
		query += " UNION ALL SELECT 1, u.* FROM (" + uses + ") AS u"
		args = append(args, more...)
	}
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	scan := newScanner(rows, 3)
	for scan.next() {
		if scan.integer(0) == 0 {
			c.Reports, c.Chains = scan.integer(1), scan.integer(2)
		} else {
			c.Uses = scan.integer(1)
		}
	}
	return c, scan.done()
}

// impactPage reads dossiers, the newest first.
func impactPage(ctx context.Context, r store.Reader, platform qms.ID, f ImpactFilter, after []string, limit int64) ([]Impact, error) {
	var all []Impact
	q := r.Select(&all).Where("platform = ?", platform)
	if f.Open {
		q = q.Where("concluded_on IS NULL AND void = ''")
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", askable(string(f.Kind)))
	}
	if f.Equipment != "" {
		q = q.Where("equipment = ?", f.Equipment)
	}
	if f.AsOf != 0 {
		q = q.Where("opened_on <= ?", f.AsOf)
	}
	if after != nil {
		q = q.Where("(opened_on < ? OR opened_on = ? AND number < ?)", after[0], after[0], after[1])
	}
	err := q.Order("opened_on DESC", "number DESC").Limit(limit).Scan(ctx)
	return all, err
}

// openImpacts reads the dossiers of the platforms that are not concluded, the oldest first.
func openImpacts(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]Impact, error) {
	var all []Impact
	err := r.Select(&all).Where("platform IN (?) AND concluded_on IS NULL AND void = '' AND opened_on <= ?", bun.List(platforms), day).
		Order("opened_on", "number").Scan(ctx)
	return all, err
}

// impactsAbout reads the dossiers of the same cause, the newest first.
func impactsAbout(ctx context.Context, r store.Reader, platform qms.ID, t *traced) ([]Impact, error) {
	var all []Impact
	q := r.Select(&all).Where("platform = ? AND kind = ?", platform, t.kind)
	if t.kind == ByInstruction {
		q = q.Where("instruction = ? AND instruction_version = ?", t.instruction, t.version)
	} else {
		q = q.Where("subject = ?", t.subject)
	}
	err := q.Order("opened_on DESC", "number DESC").Limit(20).Scan(ctx)
	return all, err
}

// itemsOf reads lines of a dossier by position.
func itemsOf(ctx context.Context, r store.Reader, impact qms.ID, f ItemFilter, after, limit int64) ([]ImpactItem, error) {
	var all []ImpactItem
	q := r.Select(&all).Where("impact = ? AND position > ?", impact, after)
	if f.Undecided {
		q = q.Where("decision = ''")
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", askable(string(f.Kind)))
	}
	if f.Decision != "" {
		q = q.Where("decision = ?", askable(string(f.Decision)))
	}
	if limit > 0 {
		q = q.Limit(limit)
	}
	err := q.Order("position").Scan(ctx)
	return all, err
}

// itemsByID reads the lines of a dossier that have these identifiers.
func itemsByID(ctx context.Context, r store.Reader, impact qms.ID, ids []qms.ID) ([]ImpactItem, error) {
	var all []ImpactItem
	err := r.Select(&all).Where("impact = ? AND id IN (?)", impact, bun.List(ids)).Order("position").Scan(ctx)
	return all, err
}

// decisionCounts counts the lines of a dossier by kind and decision.
func decisionCounts(ctx context.Context, r store.Reader, impact qms.ID) (map[TouchedKind]map[ItemDecision]int64, error) {
	rows, err := r.Query(ctx, `SELECT kind, decision, COUNT(*) FROM impact_items WHERE impact = ? GROUP BY kind, decision`, impact)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[TouchedKind]map[ItemDecision]int64{}
	scan := newScanner(rows, 3)
	for scan.next() {
		kind := TouchedKind(scan.text(0))
		if counts[kind] == nil {
			counts[kind] = map[ItemDecision]int64{}
		}
		counts[kind][ItemDecision(scan.text(1))] += scan.integer(2)
	}
	return counts, scan.done()
}

// frozenRows reads what tells the lines of a dossier apart: kind, record, who, person, how many.
func frozenRows(ctx context.Context, r store.Reader, impact qms.ID) (*sql.Rows, error) {
	return r.Query(ctx, `SELECT kind, COALESCE(record, ''), who, COALESCE(person, ''), count FROM impact_items WHERE impact = ?`, impact)
}

// impactsFollowing names the dossiers that take one up again.
func impactsFollowing(ctx context.Context, r store.Reader, platform qms.ID, number string) ([]string, error) {
	var numbers []string
	err := r.Select((*Impact)(nil)).Column("number").Where("platform = ? AND follows = ? AND void = ''", platform, number).Order("number").Scan(ctx, &numbers)
	return numbers, err
}

// mentionRows reads the dossiers that a record is in, newest first: as one of their lines, as part of a
// lot, or as their cause.
func mentionRows(ctx context.Context, r store.Reader, platform qms.ID, m mentioned) (*sql.Rows, error) {
	line, caused := "1 = 0", "1 = 0"
	var args, causes []any
	switch m.kind {
	case "chain":
		line = `t.request = ? OR t.record IS NULL AND t.kind = 'report' AND EXISTS (
SELECT 1 FROM reports AS r JOIN requests AS q ON q.platform = r.platform AND q.number = r.request
WHERE r.platform = ? AND r.request = ? AND r.void = '' AND q.client = t.who AND r.analysed_on BETWEEN t.date AND t.last)`
		args = []any{m.number, platform, m.number}
	case "use":
		line = "t.record = ? OR t.record IS NULL AND t.kind = 'use' AND t.person = ? AND t.equipment = ? AND ? BETWEEN t.date AND t.last"
		args = []any{m.id, m.person, m.equipment, m.on}
	case "training":
		line, args = "t.record = ?", []any{m.id}
		caused, causes = "i.kind = 'training' AND i.subject = ?", []any{m.id}
	case "calibration":
		caused, causes = "i.kind = 'calibration' AND i.subject = ?", []any{m.id}
	case "equipment":
		caused, causes = "i.equipment = ?", []any{m.id}
	case "instruction":
		caused, causes = "i.kind = 'instruction' AND i.instruction = ?", []any{m.number}
	}
	all := append(append([]any{platform}, args...), platform)
	return r.Query(ctx, `SELECT * FROM (
SELECT i.number AS number, i.kind AS cause, CAST(i.opened_on AS TEXT) AS opened, COALESCE(CAST(i.concluded_on AS TEXT), '') AS concluded, i.void AS void,
t.kind AS kind, t.number AS item, t.decision AS decision, t.note AS note, i.items - i.decided AS undecided
FROM impact_items AS t JOIN impacts AS i ON i.id = t.impact WHERE t.platform = ? AND (`+line+`)
UNION ALL
SELECT i.number, i.kind, CAST(i.opened_on AS TEXT), COALESCE(CAST(i.concluded_on AS TEXT), ''), i.void, '', '', '', '', i.items - i.decided
FROM impacts AS i WHERE i.platform = ? AND (`+caused+`)) AS m
ORDER BY opened DESC, number DESC, item LIMIT 100`, append(all, causes...)...)
}
