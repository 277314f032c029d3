package label

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// accompanimentsOf reads the accompaniments that count of platforms, of all when none is named, the
// earliest first.
func accompanimentsOf(ctx context.Context, r store.Reader, platforms []qms.ID) (all []Accompaniment, err error) {
	q := r.Select(&all).Where("void = ''")
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	return all, q.Order("platform", "start", "id").Scan(ctx)
}

// stepsOf reads the steps of a plan in their order, void ones too.
func stepsOf(ctx context.Context, r store.Reader, accompaniment qms.ID) (all []PlanStep, err error) {
	err = r.Select(&all).Where("accompaniment = ?", accompaniment).Order("position").Scan(ctx)
	return all, err
}

// meetingFacts are the columns of a session without what was said: that is long.
var meetingFacts = []string{"id", "platform", "revision", "accompaniment", "number", "day", "start", "minutes", "officer", "place", "link",
	"state", "attendees", "sequence", "changed_at", "reason", "void"}

// meetingsOf reads the sessions of an accompaniment by day, without what was said at them.
func meetingsOf(ctx context.Context, r store.Reader, accompaniment qms.ID) (all []Meeting, err error) {
	err = r.Select(&all).Column(meetingFacts...).Where("accompaniment = ?", accompaniment).Order("day", "start", "number").Scan(ctx)
	return all, err
}

// meetingsBeside reads the sessions that count of the platform or of the officer on three days round one:
// those that another session may overlap.
func meetingsBeside(ctx context.Context, r store.Reader, platform, officer qms.ID, day qms.Date) (all []Meeting, err error) {
	err = r.Select(&all).Column(meetingFacts...).Where("(platform = ? OR officer = ?) AND day BETWEEN ? AND ? AND state <> ? AND void = ''",
		platform, officer, day.AddDays(-1), day.AddDays(1), Cancelled).Order("day", "start").Scan(ctx)
	return all, err
}

// meetingsTaking reads when an officer has sessions from a day on, on any platform: nothing else of them.
func meetingsTaking(ctx context.Context, r store.Reader, officer qms.ID, day qms.Date) (all []Meeting, err error) {
	err = r.Select(&all).Column("id", "day", "start", "minutes", "state", "void").Where("officer = ? AND day >= ? AND state = ? AND void = ''", officer, day, Planned).
		Order("day", "start").Limit(500).Scan(ctx)
	return all, err
}

// platformCode is how people call a platform.
func platformCode(ctx context.Context, r store.Reader, platform qms.ID) (code string, err error) {
	rows, err := r.Query(ctx, "SELECT code FROM platforms WHERE id = ?", platform)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&code); err != nil {
			return "", err
		}
	}
	return code, rows.Err()
}

// meetingPage reads sessions of a platform, the newest first, without what was said at them.
func meetingPage(ctx context.Context, r store.Reader, platform qms.ID, f MeetingFilter, after []string, limit int64) (all []Meeting, err error) {
	q := r.Select(&all).Column(meetingFacts...).Where("platform = ?", platform)
	if f.State != "" {
		q = q.Where("state = ? AND void = ''", plain(string(f.State)))
	}
	if f.Accompaniment != "" {
		q = q.Where("accompaniment = ?", f.Accompaniment)
	}
	if f.AsOf != 0 {
		q = q.Where("day <= ?", f.AsOf)
	}
	if after != nil {
		q = q.Where("(day < ? OR day = ? AND number < ?)", after[0], after[0], after[1])
	}
	return all, q.Order("day DESC", "number DESC").Limit(limit).Scan(ctx)
}

// plannedMeetings reads the sessions that are planned in an accompaniment, by day.
func plannedMeetings(ctx context.Context, r store.Reader, accompaniment qms.ID) (all []Meeting, err error) {
	err = r.Select(&all).Column(meetingFacts...).Where("accompaniment = ? AND state = ? AND void = ''", accompaniment, Planned).
		Order("day", "start", "number").Scan(ctx)
	return all, err
}

// lastHeld reads the last session held in an accompaniment; qms.NotFound when there is none.
func lastHeld(ctx context.Context, r store.Reader, accompaniment qms.ID) (*Meeting, error) {
	row := new(Meeting)
	return oneOf(ctx, r.Select(row).Column(meetingFacts...).Where("accompaniment = ? AND state = ? AND void = ''", accompaniment, Held).
		Order("day DESC", "start DESC", "number DESC"), row)
}

// owedIn reads what is still to be delivered in an accompaniment.
func owedIn(ctx context.Context, r store.Reader, accompaniment qms.ID) (all []Deliverable, err error) {
	err = r.Select(&all).Where("accompaniment = ? AND state IN (?, ?) AND void = ''", accompaniment, ToDeliver, ToRedo).
		Order("due_on", "number").Scan(ctx)
	return all, err
}

// deliverablesAt reads what a session asked for and what was due at it, by number.
func deliverablesAt(ctx context.Context, r store.Reader, platform, meeting qms.ID) (all []Deliverable, err error) {
	err = r.Select(&all).Where("platform = ? AND (asked_at = ? OR due_meeting = ?)", platform, meeting, meeting).Order("number").Scan(ctx)
	return all, err
}

// deliverablePage reads deliverables of a platform by the day on which they are due.
func deliverablePage(ctx context.Context, r store.Reader, platform qms.ID, f DeliverableFilter, after []string, limit int64) (all []Deliverable, err error) {
	q := r.Select(&all).Where("platform = ?", platform)
	order := []string{"due_on", "number"}
	before := ">"
	if f.Newest {
		order, before = []string{"due_on DESC", "number DESC"}, "<"
	}
	if f.State != "" {
		q = q.Where("state = ? AND void = ''", plain(string(f.State)))
	}
	if f.Owed {
		q = q.Where("state IN (?, ?) AND void = ''", ToDeliver, ToRedo)
	}
	if f.Late {
		q = q.Where("state IN (?, ?) AND void = '' AND first_due < ?", ToDeliver, ToRedo, f.Day)
	}
	if f.Owner != "" {
		q = q.Where("owner = ?", plain(string(f.Owner)))
	}
	if f.NotOwner != "" {
		q = q.Where("owner <> ?", f.NotOwner)
	}
	if after != nil {
		q = q.Where("(due_on "+before+" ? OR due_on = ? AND number "+before+" ?)", after[0], after[0], after[1])
	}
	return all, q.Order(order...).Limit(limit).Scan(ctx)
}

// owedOf reads what is to be delivered by a day in the accompaniments, of all when none is named.
func owedOf(ctx context.Context, r store.Reader, platforms []qms.ID, until qms.Date) (all []Deliverable, err error) {
	q := r.Select(&all).Where("state IN (?, ?) AND void = '' AND due_on <= ?", ToDeliver, ToRedo, until)
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	return all, q.Order("platform", "due_on", "number").Scan(ctx)
}

// meetingsByID reads sessions without what was said at them.
func meetingsByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]Meeting, error) {
	found := make(map[qms.ID]Meeting, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var all []Meeting
	err := r.Select(&all).Column(meetingFacts...).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for _, m := range all {
		found[m.ID] = m
	}
	return found, err
}
