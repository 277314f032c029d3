package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

func processByCode(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Process, error) {
	var p Process
	if !word.MatchString(code) {
		return nil, qms.NotFound("process.not_found")
	}
	return one(ctx, r.Select(&p).Where("platform = ? AND code = ?", platform, code), &p, qms.NotFound("process.not_found"))
}

// documentsOfKinds counts the documents of each kind.
func documentsOfKinds(ctx context.Context, r store.Reader, platform qms.ID) (map[string]int64, error) {
	rows, err := r.Query(ctx, "SELECT kind, COUNT(*) FROM documents WHERE platform = ? GROUP BY kind", platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var kind string
		var n int64
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, err
		}
		counts[kind] = n
	}
	return counts, rows.Err()
}

// issued is what a document says about the codes that were given out.
type issued struct {
	code, kind, process, series string
	seq                         int64
}

// codesGiven are the codes of all documents of the platform, in order.
func codesGiven(ctx context.Context, r store.Reader, platform qms.ID) ([]issued, error) {
	rows, err := r.Query(ctx, "SELECT code, kind, process, series, seq FROM documents WHERE platform = ? ORDER BY code", platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []issued
	for rows.Next() {
		var i issued
		if err := rows.Scan(&i.code, &i.kind, &i.process, &i.series, &i.seq); err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

// decisionsOn are the decisions about suggested links of the platform; those from or to one document
// when it is given.
func decisionsOn(ctx context.Context, r store.Reader, platform, document qms.ID) ([]*LinkDecision, error) {
	var all []*LinkDecision
	q := r.Select(&all).Where("platform = ?", platform)
	if document != "" {
		q = q.Where("document = ? OR target = ?", document, document)
	}
	err := q.Order("id").Scan(ctx)
	return all, err
}

// decisionBetween is the decision about the links from one document to another, a new one when there
// is none yet.
func decisionBetween(ctx context.Context, r store.Reader, platform, document, target qms.ID) (*LinkDecision, error) {
	var rows []*LinkDecision
	err := r.Select(&rows).Where("platform = ? AND document = ? AND target = ?", platform, document, target).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return &LinkDecision{Document: document, Target: target}, err
	}
	return rows[0], nil
}

// linksBetween are the links from one document's texts to another that hold.
func linksBetween(ctx context.Context, r store.Reader, platform, document, target qms.ID) ([]*Link, error) {
	var all []*Link
	err := r.Select(&all).Where("platform = ? AND document = ? AND target = ? AND NOT gone", platform, document, target).Order("id").Scan(ctx)
	return all, err
}
