package trace

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// one reads the one row that q selects; a qms.NotFound with the key when there is none.
func one[T any](ctx context.Context, q *bun.SelectQuery, row *T, key string) (*T, error) {
	err := q.Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound(key)
	}
	if err != nil {
		return nil, err
	}
	return row, nil
}

// allOf reads every row of one table of the platform.
func allOf[T any](ctx context.Context, r store.Reader, platform qms.ID, order string) ([]T, error) {
	var all []T
	err := r.Select(&all).Where("platform = ?", platform).Order(order).Scan(ctx)
	return all, err
}

// factQuery is the one statement of factsOf.
func factQuery(platform qms.ID, in scope) (string, []any) {
	q := factSQL{platform: platform, in: in}
	q.add(`SELECT 0 AS kind, id, revision, '' AS person, '' AS equipment, '' AS other, '' AS date, invoice_days AS months, '' AS last,
CAST(expiring_days AS TEXT) AS a, (CASE WHEN evidence THEN 'e' ELSE '' END) || (CASE WHEN trainers THEN 't' ELSE '' END) AS b,
uncovered AS c, '' AS void FROM check_settings WHERE platform = ?`)
	q.add(`
UNION ALL SELECT 1, id, revision, person, equipment, COALESCE(trainer, ''), CAST(date AS TEXT), months, COALESCE(CAST(through AS TEXT), ''),
kind, procedure, procedure_version, void FROM trainings WHERE platform = ?`)
	q.among("person", in.persons)
	q.of("equipment")
	q.add(`
UNION ALL SELECT 2, id, revision, '', equipment, '', CAST(date AS TEXT), months, '', outcome, certificate, '', void
FROM calibrations WHERE platform = ?`)
	q.of("equipment")
	q.add(`
UNION ALL SELECT 3, id, revision, category, place, '', COALESCE(CAST(commissioned AS TEXT), ''), CASE WHEN waiting THEN 1 ELSE 0 END, COALESCE(CAST(retired AS TEXT), ''),
code, name, serial, void FROM equipment WHERE platform = ?`)
	q.of("id")
	q.add(`
UNION ALL SELECT 4, id, revision, '', '', COALESCE(decided_by, ''), CAST(since AS TEXT), CASE WHEN required THEN 1 ELSE 0 END,
COALESCE(CAST(due_on AS TEXT), ''), procedure, version, CAST(decided_on AS TEXT), '' FROM requalifications WHERE platform = ?`)
	q.add(`
UNION ALL SELECT 5, id, revision, person, equipment, '', CAST(valid_from AS TEXT), 0, COALESCE(CAST(valid_until AS TEXT), ''),
'', '', '', void FROM trainers WHERE platform = ?`)
	q.of("equipment")
	return q.text.String(), q.args
}

// factSQL is the statement as it grows.
type factSQL struct {
	text     strings.Builder
	args     []any
	platform qms.ID
	in       scope
}

// add adds the facts of one table, which end with the platform's.
func (q *factSQL) add(sql string) {
	q.text.WriteString(sql)
	q.args = append(q.args, q.platform)
}

// of keeps the facts of the equipment that is looked at.
func (q *factSQL) of(column string) {
	q.among(column, q.in.equipment)
	if q.in.piece != "" {
		q.add(" AND " + column + " IN (SELECT id FROM equipment WHERE platform = ? AND (id = ? OR code = ?))")
		q.args = append(q.args, q.in.piece, Normal(q.in.piece))
	}
}

// among keeps the facts of those who stand behind the chain, and of those named, if any are.
func (q *factSQL) among(column string, ids []qms.ID) {
	if q.in.behind {
		q.add(" AND " + column + " IN (SELECT " + map[bool]string{true: "operator", false: "equipment"}[column == "person"] +
			" FROM reports WHERE platform = ? AND request = (SELECT request FROM target))")
	}
	if len(ids) > 0 {
		q.text.WriteString(" AND " + column + " IN (?)")
		q.args = append(q.args, bun.List(ids))
	}
}

// byID reads one record of the platform; qms.NotFound when there is none, be it of another platform.
func byID[T any](ctx context.Context, r store.Reader, platform, id qms.ID) (*T, error) {
	row := new(T)
	return one(ctx, r.Select(row).Where("platform = ? AND id = ?", platform, id), row, "record.not_found")
}

// byNumber reads the record of that number.
func byNumber[T any](ctx context.Context, r store.Reader, platform qms.ID, number string) (*T, error) {
	row := new(T)
	return one(ctx, r.Select(row).Where("platform = ? AND number = ?", platform, number), row, "record.not_found")
}

func equipmentByCode(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Equipment, error) {
	row := new(Equipment)
	return one(ctx, r.Select(row).Where("platform = ? AND code = ?", platform, code), row, "record.not_found")
}
