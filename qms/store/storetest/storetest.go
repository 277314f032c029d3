// Package storetest runs the same test on SQLite and on PostgreSQL.
package storetest

import (
	"context"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
)

// Each runs f on every engine, each on a migrated database of its own at 2026-06-30T10:00:00Z.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {}

// As is a context in which a person acts who holds the role: on the platform when one is named,
// else on the site. Each role is one person ("Agent 01"...), so that As of two roles are two people.
func As(role qms.Role, platform ...qms.ID) context.Context { return nil }

// AsPerson is As for a person of one's choosing.
func AsPerson(id qms.ID, name string, grants ...qms.Grant) context.Context { return nil }

// AsSystem is a context in which Maillon itself acts.
func AsSystem() context.Context { return nil }
