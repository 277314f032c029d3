package trace

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// Person is what trace needs to know of a member of a platform.
type Person struct {
	ID      qms.ID
	Code    string // as registers name the person; may be empty
	Name    string
	Email   string // lower case; may be empty
	Trainer bool   // the register says so, of no equipment in particular
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
	rangeSize    int         // of a pass over all chains
	kept         kept        // findings, while nothing is written
	vault        vault.Vault // of evidence files; see KeepIn
	brakes       *brakes
	formKey      FormKey   // of the public form; see SignFormsWith
	directory    Directory // nil for none
}

// New is the room on that database.
func New(db *store.DB, people People, instructions Instructions) *Service {
	return &Service{db: db, people: people, instructions: instructions, rangeSize: passSize, brakes: newBrakes()}
}
