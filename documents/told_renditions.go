package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// RenditionsIn reads, for each of the versions, the newest rendition that says what it had to say on the
// day, made or not; one that nobody asked for is left out. It is within a transaction of the caller's,
// who has seen to the right to read them.
func RenditionsIn(ctx context.Context, r store.Reader, versions []Entry, day qms.Date) (map[qms.ID]*Rendition, error) {
	ids := make([]qms.ID, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	all, err := renditionsOf(ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID][]*Rendition{}
	for _, one := range all {
		of[one.Version] = append(of[one.Version], one)
	}
	found := map[qms.ID]*Rendition{}
	for i := range versions {
		v := &versions[i].Version
		im, ok := v.imprintOn(day)
		if !ok {
			continue
		}
		if newest, made := latest(of[v.ID], im); made != nil {
			found[v.ID] = made
		} else if newest != nil {
			found[v.ID] = newest
		}
	}
	return found, nil
}
