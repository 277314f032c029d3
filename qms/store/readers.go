package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/trail"
)

// readers are the rights that read the records of a table. Whoever holds the one of a record may read its
// trail and its proofs too, and nothing else of the journal. Records of a table that is not named are
// read in the trail by who may read all of it.
var readers = map[string]qms.Right{
	"accompaniments": qms.ReadLabel, "answers": qms.ReadLabel, "award_conditions": qms.ReadLabel, "award_events": qms.ReadLabel,
	"calibrations": qms.ReadTrace, "candidacies": qms.ReadLabel, "check_settings": qms.ReadTrace, "data_sets": qms.ReadTrace,
	"deliverables": qms.ReadLabel, "disposals": qms.ReadLibrary, "documents": qms.ReadLibrary, "equipment": qms.ReadTrace,
	"equipment_events": qms.ReadTrace, "evidences": qms.ReadTrace, "exemptions": qms.ReadLibrary, "exercise_evaluators": qms.ReadExercises,
	"exercise_items": qms.ReadExercises, "exercise_links": qms.ReadExercises, "exercise_reports": qms.ReadExercises,
	"exercise_strata": qms.ReadExercises, "exercises": qms.ReadExercises, "group_sessions": qms.ReadTrace, "impact_items": qms.ReadTrace,
	"impacts": qms.ReadTrace, "invoices": qms.ReadTrace, "kit_answers": qms.ReadLabel, "kit_copies": qms.ReadLabel, "kinds": qms.ReadLibrary,
	"labels": qms.ReadLabel, "links": qms.ReadDrafts, "meetings": qms.ReadLabel, "memberships": qms.ReadPlatform, "mission_decisions": qms.ReadLabel,
	"mission_evaluators": qms.ReadLabel, "mission_findings": qms.ReadLabel, "missions": qms.ReadLabel, "officers": qms.ReadLabel,
	"other_labels": qms.ReadLabel, "packs": qms.MakePacks, "people": qms.ReadPlatform, "endorsements": qms.ReadPlatform, "periodic_reviews": qms.ReadLibrary, "plan_steps": qms.ReadLabel,
	"price_lists": qms.ReadTrace, "processes": qms.ReadLibrary, "quotes": qms.ReadTrace, "records": qms.ReadLibrary, "renditions": qms.ReadDrafts,
	"reports": qms.ReadTrace, "requalifications": qms.ReadTrace, "requests": qms.ReadTrace, "restore_tests": qms.ReadTrace,
	"role_grants": qms.ReadPlatform, "samples": qms.ReadTrace, "signatures": qms.ReadLibrary, "trainers": qms.ReadTrace,
	"trainings": qms.ReadTrace, "uses": qms.ReadTrace, "versions": qms.ReadDrafts, "watches": qms.ReadLibrary,
}

// viewRow runs fn where the actor may read the trail, or what the row is.
func (t *Trail) viewRow(ctx context.Context, platform, row qms.ID, fn func(Reader) error) error {
	actor := qms.ActorFrom(ctx)
	if platform == "" || actor.Can(qms.ReadTrail.On(platform)) || !actor.Can(qms.ReadPlatform.On(platform)) {
		return t.view(ctx, platform, fn)
	}
	return t.db.View(ctx, qms.ReadPlatform.On(platform), func(r Reader) error {
		tables, err := tablesOf(ctx, r, trail.LogOf(platform), row)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if right, named := readers[table]; !named || !actor.Can(right.On(platform)) {
				return qms.NotFound("record.not_found")
			}
		}
		return fn(r)
	})
}

// tablesOf are the tables that have the row.
func tablesOf(ctx context.Context, r Reader, log string, row qms.ID) (tables []string, err error) {
	err = r.Select().TableExpr("trail_changes").ColumnExpr("DISTINCT row_table").Where("row_id = ? AND log = ?", row, log).Scan(ctx, &tables)
	return tables, err
}

// RowProof is what proves one record: its latest changes with the signed head that they lead to.
type RowProof struct {
	SignedHead
	Facts []trail.FactProof
}

// RowProof proves the latest change of a row for the head of now; qms.NotFound where there is none.
func (t *Trail) RowProof(ctx context.Context, platform, row qms.ID) (*RowProof, error) {
	log := trail.LogOf(platform)
	p := &RowProof{SignedHead: SignedHead{Verifier: t.key.Verifier()}}
	p.Origin = trail.Origin(t.key.Name(), log)
	err := t.viewRow(ctx, platform, row, func(r Reader) (err error) {
		if t.signs != nil {
			if err := t.signs(ctx, r); err != nil {
				return err
			}
		}
		if p.Size, p.Root, err = Head(ctx, r, log); err != nil {
			return err
		}
		if _, p.At, err = Last(ctx, r, log); err != nil {
			return err
		}
		p.Facts, err = Proofs(ctx, r, log, p.Size, []qms.ID{row})
		if err == nil && len(p.Facts) == 0 {
			err = qms.NotFound("record.not_found")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	p.Note, err = trail.Sign(t.key, p.Checkpoint)
	return p, err
}

// Deed is an act of a person in one of several trails.
type Deed struct {
	JournalEntry
	Platform qms.ID // none for the trail of the site
}

// ByPerson lists what somebody did in the trails that the actor may read, of the site and of the platforms
// named, the newest first.
func (t *Trail) ByPerson(ctx context.Context, platforms []qms.ID, person qms.ID, c qms.Cursor) (qms.Page[Deed], error) {
	actor := qms.ActorFrom(ctx)
	byLog := map[string]qms.ID{}
	for _, p := range append([]qms.ID{""}, platforms...) {
		if actor.Can(qms.ReadTrail.On(p)) {
			byLog[trail.LogOf(p)] = p
		}
	}
	after, err := qms.DecodeAfter(c.After, 3)
	if err != nil {
		return qms.Page[Deed]{}, err
	}
	var page qms.Page[Deed]
	if len(byLog) == 0 {
		return page, nil
	}
	err = t.db.View(ctx, qms.SignedIn.OnSite(), func(r Reader) error {
		rows, err := deedsOf(ctx, r, byLog, person, after, c.Limit())
		page = qms.PageOf(rows, c.Limit(), func(d Deed) string {
			return qms.EncodeAfter(d.At.UTC().Format(time.RFC3339Nano), d.Log, strconv.FormatInt(d.Seq, 10))
		})
		return err
	})
	return page, err
}

// deedsOf reads the acts of a person in several logs, the newest first, with the first of their changes.
func deedsOf(ctx context.Context, r Reader, byLog map[string]qms.ID, person qms.ID, after []string, limit int) ([]Deed, error) {
	var rows []*entryRow
	q := r.Select(&rows).Where("e.log IN (?)", bun.List(slices.Sorted(maps.Keys(byLog)))).Where("e.actor = ?", person)
	if after != nil {
		at, err := time.Parse(time.RFC3339Nano, after[0])
		seq, wrong := strconv.ParseInt(after[2], 10, 64)
		if err != nil || wrong != nil {
			return nil, qms.Invalid("cursor.malformed")
		}
		at = qms.Instant(at)
		q = q.Where("(e.at < ? OR e.at = ? AND (e.log > ? OR e.log = ? AND e.seq < ?))", at, at, after[1], after[1], seq)
	}
	if err := q.Order("e.at DESC", "e.log", "e.seq DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	deeds := make([]Deed, len(rows))
	places := map[string]map[int64]*Deed{}
	for i, row := range rows {
		deeds[i] = Deed{JournalEntry{Entry: row.entry()}, byLog[row.Log]}
		if places[row.Log] == nil {
			places[row.Log] = map[int64]*Deed{}
		}
		places[row.Log][row.Seq] = &deeds[i]
	}
	for _, log := range slices.Sorted(maps.Keys(places)) { // of the few trails on one page
		var first []JournalChange
		q := selectChanges(r, &first, log).Where("c.seq IN (?)", bun.List(slices.Sorted(maps.Keys(places[log])))).Where("c.position < ?", FirstChanges)
		if err := q.Order("c.seq", "c.position").Scan(ctx); err != nil {
			return nil, err
		}
		for _, change := range first {
			d := places[log][change.Seq]
			d.First = append(d.First, change)
		}
	}
	return deeds, nil
}
