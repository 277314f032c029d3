package label

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// amongSessions is the condition that narrows a raw query to platforms, to all when none is named.
func amongSessions(column string, platforms []qms.ID, args []any) (string, []any) {
	if len(platforms) == 0 {
		return "", args
	}
	return " AND " + column + " IN (?)", append(args, bun.List(platforms))
}

// countMeetings notes, for each accompaniment, its sessions as of a day.
func countMeetings(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date, of map[qms.ID]*Accompanied) error {
	where, args := amongSessions("platform", platforms, []any{day, day, day, day})
	rows, err := r.Query(ctx, `SELECT accompaniment,
COALESCE(MAX(CASE WHEN state = 'held' AND day <= ? THEN CAST(day AS TEXT) END), ''),
COALESCE(MIN(CASE WHEN state = 'planned' AND day >= ? THEN CAST(day AS TEXT) END), ''),
COALESCE(MIN(CASE WHEN state = 'planned' AND day < ? THEN CAST(day AS TEXT) END), ''),
COUNT(CASE WHEN state = 'held' AND day <= ? THEN 1 END)
FROM meetings WHERE void = '' AND state <> 'cancelled'`+where+" GROUP BY accompaniment", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var last, next, waiting qms.Date
		var sessions int
		if err := rows.Scan(&id, &last, &next, &waiting, &sessions); err != nil {
			return err
		}
		if a := of[id]; a != nil {
			a.LastSession, a.NextSession, a.Unrecorded, a.Sessions = last, next, waiting, sessions
		}
	}
	return rows.Err()
}

// countOwed notes, for each accompaniment, what was owed and late as of a day.
func countOwed(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date, of map[qms.ID]*Accompanied) error {
	where, args := amongSessions("platform", platforms, []any{day, day, day})
	rows, err := r.Query(ctx, `SELECT accompaniment, COUNT(*), COUNT(CASE WHEN first_due < ? THEN 1 END), COALESCE(SUM(carried), 0)
FROM deliverables WHERE void = '' AND state <> 'dropped' AND asked_on <= ? AND (delivered_on IS NULL OR delivered_on > ? OR state = 'redo')`+
		where+" GROUP BY accompaniment", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var owed, late, carried int
		if err := rows.Scan(&id, &owed, &late, &carried); err != nil {
			return err
		}
		if a := of[id]; a != nil {
			a.Owed, a.Late, a.Carried = owed, late, carried
		}
	}
	return rows.Err()
}

// countSteps notes, for each accompaniment, how far its plan is as of a day.
func countSteps(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date, of map[qms.ID]*Accompanied) error {
	where, args := amongSessions("platform", platforms, nil)
	rows, err := r.Query(ctx, "SELECT accompaniment, month, COALESCE(CAST(done_on AS TEXT), '') FROM plan_steps WHERE void = ''"+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var t PlanStep
		if err := rows.Scan(&id, &t.Month, &t.DoneOn); err != nil {
			return err
		}
		if a := of[id]; a != nil {
			a.count(&t, day)
		}
	}
	return rows.Err()
}

// plannedOn reads the sessions that are planned on the platforms, by day, without what was said.
func plannedOn(ctx context.Context, r store.Reader, platforms []qms.ID) (all []Meeting, err error) {
	err = r.Select(&all).Column(meetingFacts...).Where("platform IN (?) AND state = ? AND void = ''", bun.List(platforms), Planned).
		Order("day", "start", "number").Scan(ctx)
	return all, err
}

// unsettled reads the deliverables of the platforms that are owed, or that the officer has not looked at.
func unsettled(ctx context.Context, r store.Reader, platforms []qms.ID) (all []Deliverable, err error) {
	err = r.Select(&all).Where("platform IN (?) AND state IN (?, ?, ?) AND void = ''", bun.List(platforms), ToDeliver, ToRedo, Delivered).
		Order("due_on", "number").Scan(ctx)
	return all, err
}
