package label

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// answersOn reads the answers of the day, of the platforms or of all when none is named.
func answersOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]Answer, error) {
	var all []Answer
	q := r.Select(&all).Where("answered_on <= ? AND (replaced_on IS NULL OR replaced_on > ?)", day, day)
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	err := q.Order("platform", "code", "serial").Scan(ctx)
	return all, err
}

// levelsOn is answersOn with no more than what coverage counts.
func levelsOn(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]Answer, error) {
	var all []Answer
	q := r.Select(&all).Column("platform", "code", "criterion", "wording", "level").
		Where("answered_on <= ? AND (replaced_on IS NULL OR replaced_on > ?)", day, day)
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	err := q.Scan(ctx)
	return all, err
}

// answerHistory reads every answer to a criterion on the platform, the newest first.
func answerHistory(ctx context.Context, r store.Reader, platform qms.ID, code string) ([]Answer, error) {
	var all []Answer
	err := r.Select(&all).Where("platform = ? AND code = ?", platform, code).Order("serial DESC").Scan(ctx)
	return all, err
}

// criteriaByID reads criteria of any version.
func criteriaByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Criterion, error) {
	found := make(map[qms.ID]*Criterion, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var all []Criterion
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}

// gapsDue reads the answers of the day whose gap is to be closed by until.
func gapsDue(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]Answer, error) {
	var all []Answer
	q := r.Select(&all).Where("close_by <= ? AND gap <> ''", until).
		Where("answered_on <= ? AND (replaced_on IS NULL OR replaced_on > ?)", day, day)
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	err := q.Order("close_by", "code").Scan(ctx)
	return all, err
}

// filesOf counts the evidence files that count, by what they prove.
func filesOf(ctx context.Context, r store.Reader, platform qms.ID, threads []qms.ID) (map[qms.ID]int, error) {
	counts := make(map[qms.ID]int, len(threads))
	if len(threads) == 0 {
		return counts, nil
	}
	rows, err := r.Query(ctx, `SELECT subject, COUNT(*) FROM evidences WHERE platform = ? AND kind = 'answer' AND void = '' AND subject IN (?)
GROUP BY subject`, platform, bun.List(threads))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		counts[id] = n
	}
	return counts, rows.Err()
}
