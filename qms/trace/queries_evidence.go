package trace

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// evidenceOf lists the files of some records, voided ones too, in the order in which they came.
func evidenceOf(ctx context.Context, r store.Reader, platform qms.ID, of ...qms.ID) (map[qms.ID][]Evidence, error) {
	files := map[qms.ID][]Evidence{}
	if len(of) == 0 {
		return files, nil
	}
	var all []Evidence
	err := r.Select(&all).Where("platform = ? AND subject IN (?)", platform, bun.List(of)).Order("added_at", "id").Scan(ctx)
	for _, e := range all {
		files[e.Subject] = append(files[e.Subject], e)
	}
	return files, err
}

// subjectCounts reports whether the record is not void; qms.NotFound when the platform has none.
func subjectCounts(ctx context.Context, r store.Reader, table string, platform, id qms.ID) (bool, error) {
	rows, err := r.Query(ctx, "SELECT void FROM "+table+" WHERE platform = ? AND id = ?", platform, id)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return false, err
		}
		return false, qms.NotFound("record.not_found")
	}
	var void string
	return void == "", rows.Scan(&void)
}

// trainersOf lists who may train on what, voided ones too.
func trainersOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Trainer, error) {
	return allOf[Trainer](ctx, r, platform, "id")
}
