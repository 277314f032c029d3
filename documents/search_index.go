package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"maillon/documents/words"
	"maillon/qms"
	"maillon/qms/store"
)

// entryKind is what the entries of this room are in the search index: one a version, of its
// document's code and title and its own text.
const entryKind = "version"

// analysers are reused, since what they remember makes them fast.
var analysers = sync.Pool{New: func() any { return words.New() }}

// mirror keeps the search index in line with documents, versions and contents, in the act that
// writes them: no act of this room can forget it.
func mirror() store.Mirror {
	return store.Mirror{Kind: entryKind, Tables: []string{"documents", "versions", "contents"}, Write: func(ctx context.Context, x *store.Index, written []store.WrittenRow) error {
		ids, err := documentsConcerned(ctx, x, written)
		if err != nil {
			return err
		}
		return indexDocuments(ctx, x, ids)
	}}
}

// indexStep is how many documents are held in memory at once, without their texts.
const indexStep = 100

// indexDocuments brings the entries of the documents up to date. Texts are read one at a time, and
// only where they or the title are not what the words were made of.
func indexDocuments(ctx context.Context, x *store.Index, ids []qms.ID) error {
	analyser := analysers.Get().(*words.Analyser)
	defer analysers.Put(analyser)
	for some := range slices.Chunk(ids, indexStep) {
		documents, err := documentsNamed(ctx, x, some)
		if err != nil {
			return err
		}
		versions, err := versionsOfDocuments(ctx, x, some)
		if err != nil {
			return err
		}
		indexed, err := indexedVersions(ctx, x, some)
		if err != nil {
			return err
		}
		of := map[qms.ID][]*Version{}
		for _, v := range versions {
			of[v.Document] = append(of[v.Document], v)
		}
		for _, id := range some {
			if d := documents[id]; d != nil {
				if err := indexDocument(ctx, x, analyser, d, of[id], indexed); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// indexed is what the index has of a version, and which content it is.
type indexed struct {
	content     qms.ID // zero when there is none
	revision    int64
	mark, shown string
}

// indexDocument brings the entries of one document up to date, those of its oldest version first.
func indexDocument(ctx context.Context, x *store.Index, analyser *words.Analyser, d *Document, versions []*Version, known map[qms.ID]indexed) error {
	shown := shownDays(versions, x.Today())
	for _, v := range slices.Backward(versions) {
		k := known[v.ID]
		e := &store.Entry{
			Platform: d.Platform, Kind: entryKind, Subject: v.ID, Parent: d.ID, Label: d.Code, Shown: shown[v.ID],
			Mark: markOf(d, k),
		}
		if e.Mark == k.mark && e.SameDays(k.shown) {
			continue
		}
		if e.Mark != k.mark {
			body, err := contentBody(ctx, x, k.content)
			if err != nil {
				return err
			}
			e.Words = analyser.Set(words.Record{Platform: string(d.Platform), Code: d.Code, Title: d.Title, Text: body})
		}
		if err := x.Put(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// markOf names what the words of an entry are made of, and by which analyser.
func markOf(d *Document, k indexed) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", words.Version, d.Code, d.Title, k.content, k.revision))
	return hex.EncodeToString(sum[:12])
}

// shownDays tells of each version on which days, from today on, it is what a reader of the document
// meets: the one in force, else the newest that the reader may see. Versions come newest first. Days
// to come are told now, so that a version that takes effect by itself is found from its day on.
func shownDays(versions []*Version, today qms.Date) map[qms.ID][]store.Shown {
	days := []qms.Date{today}
	for _, v := range versions {
		for _, day := range []qms.Date{v.EffectiveFrom, v.EffectiveUntil, v.WithdrawnOn, v.ApprovedOn, v.CreatedOn, v.SubmittedOn} {
			if day > today {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	shown := map[qms.ID][]store.Shown{}
	for _, team := range []bool{false, true} {
		var last *Version
		for _, day := range days {
			v := met(versions, day, team)
			if v == last {
				continue
			}
			if last != nil {
				spans := shown[last.ID]
				spans[len(spans)-1].Until = day
			}
			if last = v; v != nil {
				shown[v.ID] = append(shown[v.ID], store.Shown{Team: team, Since: day})
			}
		}
	}
	return shown
}

// met is the version that a reader of the document meets on the day, nil when there is none for them.
func met(versions []*Version, day qms.Date, team bool) *Version {
	var seen []*Version
	for _, v := range versions {
		state, exists := v.StateOn(day)
		if exists && (team || wasApproved(v, state)) {
			seen = append(seen, v)
		}
	}
	return Current(seen, day)
}

// BuildIndex makes the search index of all documents, when there is none yet or an older analyser made
// it; it goes on where an earlier start was stopped. progress is told how many documents are done.
// Each batch is a transaction of its own, so that acts go on meanwhile. It asks for the right to
// operate the site.
func (s *Service) BuildIndex(ctx context.Context, progress func(done, all int)) error {
	var by string
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		by, err = store.BuiltBy(ctx, r, entryKind)
		return err
	})
	if err != nil || by == words.Version {
		return err
	}
	return s.build(ctx, progress)
}

// RebuildIndex takes the search index away and makes it anew from the records.
func (s *Service) RebuildIndex(ctx context.Context, progress func(done, all int)) error {
	if err := s.db.Reindex(ctx, "", func(x *store.Index) error { return x.Clear(ctx, entryKind) }); err != nil {
		return err
	}
	return s.build(ctx, progress)
}

func (s *Service) build(ctx context.Context, progress func(done, all int)) error {
	var platforms []qms.ID
	of := map[qms.ID][]qms.ID{}
	all, done := 0, 0
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		platforms, of, err = everyDocument(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, ids := range of {
		all += len(ids)
	}
	for _, platform := range platforms {
		for some := range slices.Chunk(of[platform], indexStep) {
			err := s.db.Reindex(ctx, platform, func(x *store.Index) error { return indexDocuments(ctx, x, some) })
			if err != nil {
				return fmt.Errorf("make the search index: %w", err)
			}
			done += len(some)
			progress(done, all)
		}
	}
	return s.db.Reindex(ctx, "", func(x *store.Index) error { return x.Built(ctx, entryKind, words.Version) })
}

// Paced calls progress at most once in a while, and at the end.
func Paced(every time.Duration, clock qms.Clock, progress func(done, all int)) func(done, all int) {
	last := clock()
	return func(done, all int) {
		if now := clock(); done == all || now.Sub(last) >= every {
			last = now
			progress(done, all)
		}
	}
}
