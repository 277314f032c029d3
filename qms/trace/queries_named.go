package trace

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// NamedRecord is a record of the room as another one names it by its number.
type NamedRecord struct {
	Kind  string // "service", "use", "calibration" or "equipment"
	Code  string
	Title string
	Void  bool
	Parts []string // of its address within the platform
}

// RecordsNamed finds services by the number of any of their records, uses, equipment, and calibrations by
// their certificate, in one statement; voided ones too. What nothing has is not there.
func RecordsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) ([]NamedRecord, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	in := bun.List(codes)
	rows, err := r.Query(ctx, `SELECT 'service', number, subject, void, number FROM requests WHERE platform = ?0 AND number IN (?1)
		UNION ALL SELECT 'service', number, request, void, number FROM quotes WHERE platform = ?0 AND number IN (?1)
		UNION ALL SELECT 'service', number, request, void, number FROM reports WHERE platform = ?0 AND number IN (?1)
		UNION ALL SELECT 'service', number, request, void, number FROM invoices WHERE platform = ?0 AND number IN (?1)
		UNION ALL SELECT 'use', number, project, void, number FROM uses WHERE platform = ?0 AND number IN (?1)
		UNION ALL SELECT 'equipment', code, name, void, code FROM equipment WHERE platform = ?0 AND code IN (?1)
		UNION ALL SELECT 'calibration', c.certificate, e.name, c.void, e.code FROM calibrations AS c JOIN equipment AS e ON e.id = c.equipment
		WHERE c.platform = ?0 AND UPPER(c.certificate) IN (?1)`, platform, in)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []NamedRecord
	scan := newScanner(rows, 5)
	for scan.next() {
		n := NamedRecord{Kind: scan.text(0), Code: scan.text(1), Title: scan.text(2), Void: scan.text(3) != ""}
		n.Parts = []string{map[string]string{"service": "services", "use": "uses", "equipment": "equipment", "calibration": "equipment"}[n.Kind], scan.text(4)}
		found = append(found, n)
	}
	return found, scan.done()
}

// NamedTraining is a training as it is named by who was trained, on what, on which day.
type NamedTraining struct {
	ID        qms.ID
	Person    qms.ID
	Equipment string // its code
	Date      qms.Date
	Void      bool
}

// TrainingsOf lists the trainings of some people, the latest first, in one statement.
func TrainingsOf(ctx context.Context, r store.Reader, platform qms.ID, persons []qms.ID) ([]NamedTraining, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	rows, err := r.Query(ctx, `SELECT t.id, t.person, e.code, t.date, t.void FROM trainings AS t JOIN equipment AS e ON e.id = t.equipment
WHERE t.platform = ? AND t.person IN (?) ORDER BY t.date DESC, t.id DESC`, platform, bun.List(persons))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []NamedTraining
	for rows.Next() {
		var n NamedTraining
		var void string
		if err := rows.Scan(&n.ID, &n.Person, &n.Equipment, &n.Date, &void); err != nil {
			return nil, err
		}
		n.Void, n.Equipment = void != "", strings.ToUpper(n.Equipment)
		found = append(found, n)
	}
	return found, rows.Err()
}
