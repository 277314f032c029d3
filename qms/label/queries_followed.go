package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// meetingsUntil reads the sessions that count up to a day, with what was said at them.
func meetingsUntil(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (all []Meeting, err error) {
	err = r.Select(&all).Where("platform = ? AND day <= ? AND state <> ? AND void = ''", platform, day, Cancelled).Order("day", "start", "number").Scan(ctx)
	return all, err
}

// askedUntil reads the deliverables that were asked for by a day, by number.
func askedUntil(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (all []Deliverable, err error) {
	err = r.Select(&all).Where("platform = ? AND asked_on <= ? AND void = ''", platform, day).Order("number").Scan(ctx)
	return all, err
}

// owedOn reads what was still to be delivered on a day and fell due by until, in the state of that day. Of
// a day that is over it asks what has happened since; of today the index by state answers.
func owedOn(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (all []Deliverable, err error) {
	if day >= r.Today() {
		return owedOf(ctx, r, platforms, until)
	}
	q := amongPlatforms(r.Select(&all).Where("void = '' AND asked_on <= ? AND due_on <= ?", day, until), platforms).Where("("+owedThen+")", day, day, day)
	err = q.Order("platform", "due_on", "number").Scan(ctx)
	for i := range all {
		all[i] = all[i].then(day)
	}
	return all, err
}
