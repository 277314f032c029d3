package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Hosts opens a platform to who evaluates it, and knows the exercises run on it. server/app joins it with
// the rooms of persons and of audits.
type Hosts interface {
	// PersonOf finds a person of the site by e-mail address; qms.NotFound when there is none.
	PersonOf(ctx context.Context, r store.Reader, email string) (id qms.ID, name string, err error)
	// Belongs reports whether the person is of the platform on the day or later.
	Belongs(ctx context.Context, r store.Reader, platform, person qms.ID, day qms.Date) (bool, error)
	// Admit lets a person read the platform in the period; no grant where it is given already.
	Admit(ctx context.Context, tx *store.Tx, platform, person qms.ID, period qms.Period) (grant qms.ID, err error)
	// Prolong moves the end of what Admit gave, which has not come, to a later day.
	Prolong(ctx context.Context, tx *store.Tx, platform, grant qms.ID, until qms.Date) error
	// Dismiss ends what Admit gave.
	Dismiss(ctx context.Context, tx *store.Tx, platform, grant qms.ID, on qms.Date) error
	// UnknownExercises are those of the numbers that no exercise of the platform has.
	UnknownExercises(ctx context.Context, r store.Reader, platform qms.ID, numbers []string) ([]string, error)
}

// HostedBy says who opens platforms to their evaluators.
func (s *Service) HostedBy(h Hosts) *Service {
	s.hosts = h
	return s
}
