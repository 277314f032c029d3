package app

import (
	"context"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// hosts opens a platform to who evaluates it, and tells the room of the label what others know.
type hosts struct{}

// PersonOf finds a person of the site by e-mail address.
func (hosts) PersonOf(ctx context.Context, r store.Reader, email string) (qms.ID, string, error) {
	return people.PersonOf(ctx, r, email)
}

// Belongs reports whether the person is of the platform on the day or later.
func (hosts) Belongs(ctx context.Context, r store.Reader, platform, person qms.ID, day qms.Date) (bool, error) {
	return people.Belongs(ctx, r, platform, person, day)
}

// Admit lets a person read the platform in the period.
func (hosts) Admit(ctx context.Context, tx *store.Tx, platform, person qms.ID, period qms.Period) (qms.ID, error) {
	return people.Admit(ctx, tx, platform, person, period)
}

// Prolong moves the end of what Admit gave to a later day.
func (hosts) Prolong(ctx context.Context, tx *store.Tx, platform, grant qms.ID, until qms.Date) error {
	return people.Prolong(ctx, tx, platform, grant, until)
}

// Dismiss ends what Admit gave.
func (hosts) Dismiss(ctx context.Context, tx *store.Tx, platform, grant qms.ID, on qms.Date) error {
	return people.Dismiss(ctx, tx, platform, grant, on)
}

// UnknownExercises are those of the numbers that no exercise of the platform has.
func (hosts) UnknownExercises(ctx context.Context, r store.Reader, platform qms.ID, numbers []string) ([]string, error) {
	return audits.UnknownExercises(ctx, r, platform, numbers)
}
