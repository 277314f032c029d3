package scheduler

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// welcomedIn are the languages in which persons were let in, the last time; nothing for who never was.
func welcomedIn(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	var all []Welcome
	err := r.Select(&all).Column("id", "person", "language").Where("person IN (?)", bun.List(persons)).Order("id").Scan(ctx)
	languages := make(map[qms.ID]string, len(persons))
	for _, w := range all {
		languages[w.Person] = w.Language
	}
	return languages, err
}

// welcomesByID reads letters to auditors.
func welcomesByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Welcome, error) {
	var all []Welcome
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	found := make(map[qms.ID]*Welcome, len(all))
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}
