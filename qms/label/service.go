package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Holder is somebody who holds a role on a platform, or on the site.
type Holder struct {
	Person qms.ID
	Name   string
	Email  string
	Role   qms.Role
}

// People tells who persons are.
type People interface {
	// NamesOf gives the names of persons, members or not.
	NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error)
	// Holders lists who holds a role on the day, on the platform or on the site when it is empty, by name.
	Holders(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Holder, error)
}

// Service is the room: every act of the programme.
type Service struct {
	db        *store.DB
	people    People
	hosts     Hosts     // evaluators and exercises
	evidences Evidences // what answers name; nil where nobody knows
	post      Post      // writes to those invited; nil where nobody does
}

// New opens the room on a database.
func New(db *store.DB, people People) *Service { return &Service{db: db, people: people} }
