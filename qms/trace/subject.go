package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Subject is a record of the room as other rooms name it.
type Subject struct {
	ID    qms.ID
	Code  string
	Title string
}

// ChainSubject finds any record of a service chain by its number: a request, quote, report or invoice
// that is not void; qms.NotFound when there is none. So do the functions below for what they name.
func ChainSubject(ctx context.Context, r store.Reader, platform qms.ID, number string) (Subject, error) {
	number = Normal(number)
	rows, err := r.Query(ctx, `SELECT id, number, subject, 0 AS place FROM requests WHERE platform = ?0 AND number = ?1 AND void = ''
		UNION ALL SELECT id, number, request, 1 FROM quotes WHERE platform = ?0 AND number = ?1 AND void = ''
		UNION ALL SELECT id, number, request, 2 FROM reports WHERE platform = ?0 AND number = ?1 AND void = ''
		UNION ALL SELECT id, number, request, 3 FROM invoices WHERE platform = ?0 AND number = ?1 AND void = ''
		ORDER BY place LIMIT 1`, platform, number)
	if err != nil {
		return Subject{}, err
	}
	defer rows.Close()
	var s Subject
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return s, err
		}
		return s, qms.NotFound("record.not_found")
	}
	var place int
	return s, rows.Scan(&s.ID, &s.Code, &s.Title, &place)
}

// EquipmentSubject finds a piece of equipment by its code.
func EquipmentSubject(ctx context.Context, r store.Reader, platform qms.ID, code string) (Subject, error) {
	e, err := equipmentByCode(ctx, r, platform, Normal(code))
	if err != nil {
		return Subject{}, err
	}
	if e.Void != "" {
		return Subject{}, qms.NotFound("record.not_found")
	}
	return Subject{e.ID, e.Code, e.Name}, nil
}

// UseSubject finds a use by its number.
func UseSubject(ctx context.Context, r store.Reader, platform qms.ID, number string) (Subject, error) {
	u, err := byNumber[Use](ctx, r, platform, Normal(number))
	if err != nil {
		return Subject{}, err
	}
	if u.Void != "" {
		return Subject{}, qms.NotFound("record.not_found")
	}
	return Subject{u.ID, u.Number, u.Project}, nil
}

// TrainingSubject finds the training of a person on a piece of equipment on the day, or the latest one
// begun by then when exact is not asked for. A training has no number: its code is its day.
func TrainingSubject(ctx context.Context, r store.Reader, platform, person, equipment qms.ID, day qms.Date, exact bool) (Subject, error) {
	row := new(Training)
	q := r.Select(row).Where("platform = ? AND person = ? AND equipment = ? AND void = ''", platform, person, equipment)
	if exact {
		q = q.Where("date = ?", day)
	} else {
		q = q.Where("date <= ?", day)
	}
	t, err := one(ctx, q.Order("date DESC", "id DESC"), row, "record.not_found")
	if err != nil {
		return Subject{}, err
	}
	return Subject{ID: t.ID, Code: t.Date.String()}, nil
}
