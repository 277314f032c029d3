package audits

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

func exercises(ctx context.Context, r store.Reader, platform qms.ID, f ExerciseFilter, c qms.Cursor) ([]Exercise, error) {
	var rows []Exercise
	q := r.Select(&rows).ExcludeColumn("findings", "tally").Where("platform = ?", platform)
	switch f.Kind {
	case "":
	case FullScope:
		q = q.Where("scope = ?", FullScope)
	default:
		q = q.Where("kind = ?", f.Kind)
	}
	switch f.Practice {
	case "no":
		q = q.Where("practice = ?", false)
	case "only":
		q = q.Where("practice = ?", true)
	}
	if f.Verdict != "" {
		q = q.Where("verdict = ?", f.Verdict)
	}
	switch f.State {
	case Concluded:
		q = q.Where("state = ?", Concluded)
	case Running:
		q = q.Where("state <> ?", Concluded)
	}
	if f.Year != 0 {
		q = q.Where("number LIKE ?", fmt.Sprintf("%%-%04d-%%", f.Year))
	}
	if f.Mine != "" {
		q = q.Where("id IN (SELECT exercise FROM exercise_evaluators WHERE person = ? AND void = '')", f.Mine)
	}
	if c.After != "" {
		q = q.Where("id < ?", c.After) // a UUIDv7 sorts by the instant of its making
	}
	err := q.Order("id DESC").Limit(int64(c.Limit() + 1)).Scan(ctx)
	return rows, err
}

func exerciseByNumber(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Exercise, error) {
	var e Exercise
	err := r.Select(&e).Where("platform = ?", platform).Where("number = ?", number).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, qms.NotFound("exercise.not_found", number)
	}
	return &e, err
}

func itemsOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseItem, error) {
	var rows []ExerciseItem
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("position").Scan(ctx)
	return rows, err
}

func linksOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseLink, error) {
	var rows []ExerciseLink
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("item", "position").Scan(ctx)
	return rows, err
}

func strataOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseStratum, error) {
	var rows []ExerciseStratum
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("position").Scan(ctx)
	return rows, err
}

func evaluatorsOf(ctx context.Context, r store.Reader, exercise qms.ID) ([]ExerciseEvaluator, error) {
	var rows []ExerciseEvaluator
	err := r.Select(&rows).Where("exercise = ?", exercise).Order("id").Scan(ctx)
	return rows, err
}

func reportOf(ctx context.Context, r store.Reader, exercise qms.ID, language string) (*ExerciseReport, error) {
	var rows []ExerciseReport
	err := r.Select(&rows).Where("exercise = ? AND language = ?", exercise, language).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// clientStatuses gives the client's status of every request; nothing where it parts no population.
func clientStatuses(ctx context.Context, r store.Reader, cmd Draw) (map[string]string, error) {
	statuses := map[string]string{}
	if cmd.Strata != ByStatus && cmd.Strata != ByYearAndClients {
		return statuses, nil
	}
	rows, err := r.Query(ctx, "SELECT number, client_status FROM requests WHERE platform = ? AND date <= ? AND void = ''", cmd.Platform, cmd.AsOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	words := map[string]string{} // each status is held once
	for rows.Next() {
		var number, status string
		if err := rows.Scan(&number, &status); err != nil {
			return nil, err
		}
		word, known := words[status]
		if !known {
			words[status], word = status, status
		}
		statuses[number] = word
	}
	return statuses, rows.Err()
}

// tableOf is where the records of a stage are.
var tableOf = map[trace.Stage]string{trace.StageQuote: "quotes", trace.StageReport: "reports", trace.StageInvoice: "invoices"}

// datesOf tells the date of each of the records.
func datesOf(ctx context.Context, r store.Reader, platform qms.ID, numbers map[trace.Stage][]string, tell func(trace.Stage, string, qms.Date)) error {
	for _, stage := range []trace.Stage{trace.StageQuote, trace.StageReport, trace.StageInvoice} {
		for some := range slices.Chunk(numbers[stage], 500) {
			if err := someDates(ctx, r, platform, stage, some, tell); err != nil {
				return err
			}
		}
	}
	return nil
}

func someDates(ctx context.Context, r store.Reader, platform qms.ID, stage trace.Stage, numbers []string, tell func(trace.Stage, string, qms.Date)) error {
	rows, err := r.Query(ctx, "SELECT number, date FROM "+tableOf[stage]+" WHERE platform = ? AND number IN (?)", platform, bun.List(numbers))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		var on qms.Date
		if err := rows.Scan(&number, &on); err != nil {
			return err
		}
		tell(stage, number, on)
	}
	return rows.Err()
}

// tasksOf lists the exercises of which the person is an evaluator and that are not concluded.
func tasksOf(ctx context.Context, r store.Reader, platforms []qms.ID, person qms.ID) ([]ExerciseTask, error) {
	rows, err := r.Query(ctx, `SELECT e.id, e.platform, e.number, e.practice, e.kind, e.state, e.as_of, e.started_at,
COUNT(i.id), COUNT(CASE WHEN i.assigned = ? THEN 1 END)
FROM exercises AS e JOIN exercise_evaluators AS v ON v.exercise = e.id AND v.person = ? AND v.void = ''
LEFT JOIN exercise_items AS i ON i.exercise = e.id
AND EXISTS (SELECT 1 FROM exercise_links AS l WHERE l.item = i.id AND l.answer = '')
WHERE e.platform IN (?) AND e.state <> ?
GROUP BY e.id, e.platform, e.number, e.practice, e.kind, e.state, e.as_of, e.started_at ORDER BY e.id`,
		person, person, bun.List(platforms), Concluded)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tasks []ExerciseTask
	for rows.Next() {
		var t ExerciseTask
		if err := rows.Scan(&t.ID, &t.Platform, &t.Number, &t.Practice, &t.Kind, &t.State, &t.AsOf, store.Instant(&t.StartedAt), &t.Open, &t.Assigned); err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}

// fullExercises lists the full exercises as of the day of one of them or before, the latest first,
// without what they found one by one.
func fullExercises(ctx context.Context, r store.Reader, platform qms.ID, upTo Exercise, n int) ([]Exercise, error) {
	var rows []Exercise
	err := r.Select(&rows).ExcludeColumn("findings").Where("platform = ?", platform).Where("scope = ?", FullScope).
		Where("as_of < ? OR as_of = ? AND id <= ?", upTo.AsOf, upTo.AsOf, upTo.ID).Order("as_of DESC", "id DESC").Limit(int64(n)).Scan(ctx)
	return rows, err
}

// UnknownExercises are those of the numbers that no exercise of the platform has.
func UnknownExercises(ctx context.Context, r store.Reader, platform qms.ID, numbers []string) ([]string, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var known []string
	err := r.Select((*Exercise)(nil)).Column("number").Where("platform = ? AND number IN (?)", platform, bun.List(numbers)).Scan(ctx, &known)
	return slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return slices.Contains(known, n) }), err
}
