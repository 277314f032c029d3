package audits

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

func packs(ctx context.Context, r store.Reader, platform qms.ID, c qms.Cursor) ([]Pack, error) {
	var rows []Pack
	q := r.Select(&rows).Where("platform = ?", platform)
	if c.After != "" {
		q = q.Where("id < ?", c.After) // a UUIDv7 sorts by the instant of its making
	}
	err := q.Order("id DESC").Limit(int64(c.Limit() + 1)).Scan(ctx)
	return rows, err
}

func packByNumber(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Pack, error) {
	var p Pack
	err := r.Select(&p).Where("platform = ?", platform).Where("number = ?", strings.ToUpper(strings.TrimSpace(number))).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("pack.not_found", number)
	}
	return &p, err
}

// madePacks are the packs that were made, the one of the longest trail first.
func madePacks(ctx context.Context, r store.Reader, platform qms.ID) ([]Pack, error) {
	var rows []Pack
	err := r.Select(&rows).Where("platform = ?", platform).Where("state = ?", PackMade).Order("leaves DESC", "id DESC").Scan(ctx)
	return rows, err
}

// recordOf reads one record of the platform, void or not; nil when there is none.
func recordOf[T any](ctx context.Context, r store.Reader, platform, id qms.ID) (*T, error) {
	var rows []T
	err := r.Select(&rows).Where("platform = ? AND id = ?", platform, id).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// recordsUntil reads the records of one table that count on the day.
func recordsUntil[T any](ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]T, error) {
	var rows []T
	err := r.Select(&rows).Where("platform = ?", platform).Where("date <= ?", day).Where("void = ''").Order("date", "id").Scan(ctx)
	return rows, err
}

// usesByNumber reads some uses.
func usesByNumber(ctx context.Context, r store.Reader, platform qms.ID, numbers []string) (map[string]trace.Use, error) {
	found := make(map[string]trace.Use, len(numbers))
	for some := range slices.Chunk(numbers, 500) {
		marks := strings.Repeat(", ?", len(some))[2:]
		args := make([]any, len(some))
		for i, n := range some {
			args[i] = n
		}
		var rows []trace.Use
		err := r.Select(&rows).Where("platform = ?", platform).Where("number IN ("+marks+")", args...).Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range rows {
			found[u.Number] = u
		}
	}
	return found, nil
}

// sessionNumbers are the numbers of the group sessions of a platform.
func sessionNumbers(ctx context.Context, r store.Reader, platform qms.ID) (map[qms.ID]string, error) {
	var rows []trace.GroupSession
	if err := r.Select(&rows).Column("id", "number").Where("platform = ?", platform).Scan(ctx); err != nil {
		return nil, err
	}
	numbers := make(map[qms.ID]string, len(rows))
	for _, s := range rows {
		numbers[s.ID] = s.Number
	}
	return numbers, nil
}

// settingsOf are the platform's settings of the checks.
func settingsOf(ctx context.Context, r store.Reader, platform qms.ID) (trace.CheckSettings, error) {
	var rows []trace.CheckSettings
	err := r.Select(&rows).Where("platform = ?", platform).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return trace.DefaultSettings(), err
	}
	return rows[0], nil
}

// concludedSamples reads the sampled exercises that were concluded about a day up to asOf, without those
// for practice: they are nobody's evaluation.
func concludedSamples(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) ([]Exercise, error) {
	var rows []Exercise
	err := r.Select(&rows).Where("platform = ?", platform).Where("scope = ?", SampleScope).Where("practice = ?", false).
		Where("state = ?", Concluded).Where("as_of <= ?", asOf).Order("id").Scan(ctx)
	return rows, err
}

// grantsOf are the IDs of the rows of memberships and roles of the platform.
func grantsOf(ctx context.Context, r store.Reader, platform qms.ID) ([]qms.ID, error) {
	var ids []qms.ID
	rows, err := r.Query(ctx, `SELECT id FROM memberships WHERE platform = ? UNION ALL SELECT id FROM role_grants WHERE platform = ?`, platform, platform)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func packByID(ctx context.Context, r store.Reader, id qms.ID) (*Pack, error) {
	var p Pack
	err := r.Select(&p).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("pack.not_found", id)
	}
	return &p, err
}

// packOnce is the pack that the person asked for under the name; nil when there is none.
func packOnce(ctx context.Context, r store.Reader, platform, maker qms.ID, once string) (*Pack, error) {
	if once == "" {
		return nil, nil
	}
	var rows []Pack
	err := r.Select(&rows).Where("platform = ? AND maker = ? AND once = ?", platform, maker, once).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// runningPacks are packs of the whole site that are not made yet, the oldest first.
func runningPacks(ctx context.Context, r store.Reader, most int64) ([]Pack, error) {
	var rows []Pack
	err := r.Select(&rows).Where("state = ?", PackRunning).Order("id").Limit(most).Scan(ctx)
	return rows, err
}

// jobOf is the making of a pack; nil for one of before they were on record.
func jobOf(ctx context.Context, r store.Reader, p qms.ID) (*PackJob, error) {
	var rows []PackJob
	err := r.Select(&rows).Where("pack = ?", p).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// packDoubted is the last pack that failed because of a content that is not as it was put; nil: none did.
func packDoubted(ctx context.Context, r store.Reader) (*Pack, error) {
	var rows []Pack
	err := r.Select(&rows).Where("state = ?", PackFailed).Where("failure LIKE ?", "pack.content%").Where("failure NOT LIKE ?", "pack.content_unreachable%").
		Order("ended_at DESC").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
