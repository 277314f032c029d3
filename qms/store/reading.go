package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/trail"
)

// Trail is what doors ask about the trails: of a platform, or of the site when the platform is empty.
// Everything here needs qms.ReadTrail there, but for what is asked of one record: whoever may read the
// record may read its trail and its proofs.
type Trail struct {
	db    *DB
	key   trail.Key
	signs func(context.Context, Reader) error // nil: always
}

// NewTrail reads the trails of db and signs their checkpoints with key.
func NewTrail(db *DB, key trail.Key) *Trail { return &Trail{db: db, key: key} }

// SignIf has signs asked before anything is signed: its error is the refusal.
func (t *Trail) SignIf(signs func(context.Context, Reader) error) *Trail {
	t.signs = signs
	return t
}

// Facets are what a journal can be narrowed to.
type Facets struct {
	Actors []qms.Actor // ID and the name of their last act
	Acts   []string    // noun.verb
}

// List is a page of the journal, newest first, and what it can be narrowed to.
func (t *Trail) List(ctx context.Context, platform qms.ID, f JournalFilter, c qms.Cursor) (qms.Page[JournalEntry], Facets, error) {
	var page qms.Page[JournalEntry]
	var facets Facets
	err := t.view(ctx, platform, func(r Reader) (err error) {
		if page, err = Journal(ctx, r, trail.LogOf(platform), f, c); err != nil {
			return err
		}
		facets, err = facetsOf(ctx, r, trail.LogOf(platform))
		return err
	})
	return page, facets, err
}

// Entry is one leaf with a page of its changes; qms.NotFound("entry.not_found") when there is none.
func (t *Trail) Entry(ctx context.Context, platform qms.ID, seq int64, c qms.Cursor) (trail.Entry, qms.Page[JournalChange], error) {
	var row entryRow
	var changes qms.Page[JournalChange]
	err := t.view(ctx, platform, func(r Reader) error {
		err := r.Select(&row).Where("e.log = ? AND e.seq = ?", trail.LogOf(platform), seq).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return qms.NotFound("entry.not_found")
		}
		if err != nil {
			return err
		}
		changes, err = Changes(ctx, r, trail.LogOf(platform), seq, c)
		return err
	})
	return row.entry(), changes, err
}

// History is what the trail of the platform holds of one row, oldest first;
// qms.NotFound("record.not_found") when that is nothing.
func (t *Trail) History(ctx context.Context, platform, row qms.ID) ([]JournalChange, error) {
	var changes []JournalChange
	err := t.viewRow(ctx, platform, row, func(r Reader) (err error) {
		changes, err = History(ctx, r, trail.LogOf(platform), row)
		if err == nil && len(changes) == 0 {
			err = qms.NotFound("record.not_found")
		}
		return err
	})
	return changes, err
}

// HistoryPage is History by pages. A malformed cursor is qms.Invalid("cursor.malformed").
func (t *Trail) HistoryPage(ctx context.Context, platform, row qms.ID, c qms.Cursor) (page qms.Page[JournalChange], err error) {
	err = t.viewRow(ctx, platform, row, func(r Reader) (err error) {
		page, err = HistoryPage(ctx, r, trail.LogOf(platform), row, c)
		if err == nil && len(page.Items) == 0 {
			err = qms.NotFound("record.not_found")
		}
		return err
	})
	return page, err
}

// SignedHead is where a trail stands, signed.
type SignedHead struct {
	trail.Checkpoint
	At       time.Time // of the last leaf; zero when there is none
	Note     []byte    // the signed checkpoint, as packs carry it
	Verifier string    // the line that others verify it with
}

// Checkpoint is where the trail stands now.
func (t *Trail) Checkpoint(ctx context.Context, platform qms.ID) (*SignedHead, error) {
	log := trail.LogOf(platform)
	head := &SignedHead{Verifier: t.key.Verifier()}
	head.Origin = trail.Origin(t.key.Name(), log)
	err := t.view(ctx, platform, func(r Reader) (err error) {
		if t.signs != nil {
			if err := t.signs(ctx, r); err != nil {
				return err
			}
		}
		if head.Size, head.Root, err = Head(ctx, r, log); err != nil {
			return err
		}
		_, head.At, err = Last(ctx, r, log)
		return err
	})
	if err != nil {
		return nil, err
	}
	head.Note, err = trail.Sign(t.key, head.Checkpoint)
	return head, err
}

// Consistency proves that the trail at size newer, as long as it is now when that is 0, continues the
// one at size older: nothing in between was rewritten.
func (t *Trail) Consistency(ctx context.Context, platform qms.ID, newer, older int64) (tlog.TreeProof, error) {
	var proof tlog.TreeProof
	err := t.view(ctx, platform, func(r Reader) error {
		size, _, err := Head(ctx, r, trail.LogOf(platform))
		if err != nil {
			return err
		}
		if newer == 0 {
			newer = size
		}
		if newer > size || older < 1 || older > newer {
			return qms.Invalid("trail.sizes", size)
		}
		proof, err = trail.Consistency(newer, older, Hashes(ctx, r, trail.LogOf(platform)))
		return err
	})
	return proof, err
}

// Proof proves the latest change of a row up to a size of the trail, as long as it is now when that
// is 0.
func (t *Trail) Proof(ctx context.Context, platform, row qms.ID, size int64) ([]trail.FactProof, error) {
	var proofs []trail.FactProof
	err := t.viewRow(ctx, platform, row, func(r Reader) error {
		now, _, err := Head(ctx, r, trail.LogOf(platform))
		if err != nil {
			return err
		}
		if size == 0 {
			size = now
		}
		if size < 0 || size > now {
			return qms.Invalid("trail.sizes", now)
		}
		proofs, err = Proofs(ctx, r, trail.LogOf(platform), size, []qms.ID{row})
		if err == nil && len(proofs) == 0 {
			err = qms.NotFound("record.not_found")
		}
		return err
	})
	return proofs, err
}

// Begins is the instant at which the date begins where the site is.
func (t *Trail) Begins(d qms.Date) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, t.db.location).UTC()
}

func (t *Trail) view(ctx context.Context, platform qms.ID, fn func(Reader) error) error {
	return t.db.View(ctx, qms.ReadTrail.On(platform), fn)
}

// Last is the size of a log and the instant of its last leaf, in one statement.
func Last(ctx context.Context, r Reader, log string) (size int64, at time.Time, err error) {
	err = r.Select().TableExpr("trail_heads AS h").Join("JOIN trail_entries AS e ON e.log = h.log AND e.seq = h.size - 1").
		Column("h.size", "e.at").Where("h.log = ?", log).Scan(ctx, &size, Instant(&at))
	return size, at, ignoreNoRows(err)
}

// First is when the first leaf of the log was written; zero where there is none.
func First(ctx context.Context, r Reader, log string) (at time.Time, err error) {
	err = r.Select().TableExpr("trail_entries").Column("at").Where("log = ? AND seq = 0", log).Scan(ctx, Instant(&at))
	return at, ignoreNoRows(err)
}

// facetsOf steps from value to value through two indexes, so that it takes as long as there are
// people and kinds of acts, not entries.
func facetsOf(ctx context.Context, r Reader, log string) (Facets, error) {
	rows, err := r.Query(ctx, `WITH RECURSIVE
		a (actor) AS (
			SELECT MIN(actor) FROM trail_entries WHERE log = ?0
			UNION ALL SELECT (SELECT MIN(actor) FROM trail_entries WHERE log = ?0 AND actor > a.actor) FROM a WHERE a.actor IS NOT NULL),
		b (act) AS (
			SELECT MIN(act) FROM trail_entries WHERE log = ?0
			UNION ALL SELECT (SELECT MIN(act) FROM trail_entries WHERE log = ?0 AND act > b.act) FROM b WHERE b.act IS NOT NULL)
		SELECT actor, (SELECT e.actor_name FROM trail_entries AS e WHERE e.log = ?0 AND e.actor = a.actor ORDER BY e.seq DESC LIMIT 1) AS name, '' AS act
			FROM a WHERE actor IS NOT NULL
		UNION ALL SELECT '', '', act FROM b WHERE act IS NOT NULL ORDER BY 3, 2`, log)
	if err != nil {
		return Facets{}, err
	}
	defer rows.Close()
	var f Facets
	for rows.Next() {
		var actor qms.Actor
		var act string
		if err := rows.Scan(&actor.ID, &actor.Name, &act); err != nil {
			return Facets{}, err
		}
		if act != "" {
			f.Acts = append(f.Acts, act)
			continue
		}
		f.Actors = append(f.Actors, actor)
	}
	return f, translate(ctx, rows.Err())
}

// Seq reads a sequence number from an address; qms.NotFound("entry.not_found") when it is none.
func Seq(s string) (int64, error) {
	seq, err := strconv.ParseInt(s, 10, 64)
	if err != nil || seq < 0 || strconv.FormatInt(seq, 10) != s {
		return 0, qms.NotFound("entry.not_found")
	}
	return seq, nil
}
