package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"maillon/qms"
	"maillon/qms/trail"
)

// Tx is the one way to write: inside Change, until its function returns. It is a Reader too, and
// reads what it wrote. It serves one goroutine.
type Tx struct {
	*reading
	act     qms.Act
	log     string
	head    trail.Frontier // of the log, as locked
	changes trail.Frontier // over the act's changes so far
	own     *sql.Conn      // the connection of the transaction, which serves nothing else
	pending bulk           // rows of trail_changes that are not sent yet
	written []WrittenRow   // rows that a mirror is told of
	failed  error          // the first failure of a write: the act cannot succeed any more
}

var actName = regexp.MustCompile(`^[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*$`)

// Change runs fn in a writing transaction under the lock of the log that act.Platform names, when
// the actor of ctx holds act.Needs, and seals what fn changed as one leaf. When fn fails, when a
// write fails (even if fn swallows the error) and when nothing was changed, nothing is written.
// Nesting is refused.
//
// A permission whose Platform is empty is decided on act.Platform; one of another platform than the
// act's is a programmer's fault.
func (db *DB) Change(ctx context.Context, act qms.Act, fn func(*Tx) error) error {
	leave, err := db.enter()
	if err != nil {
		return err
	}
	defer leave()
	actor := qms.ActorFrom(ctx)
	if act, err = authoriseAct(actor, act); err != nil {
		return err
	}
	tx, end, err := db.begin(ctx, actor, trail.LogOf(act.Platform))
	if err != nil {
		return err
	}
	defer end()
	tx.act = act
	return translate(ctx, tx.run(ctx, fn))
}

// begin opens a writing transaction; end undoes what is not committed.
func (db *DB) begin(ctx context.Context, actor qms.Actor, log string) (_ *Tx, end func(), err error) {
	own, err := db.writer.Conn(ctx)
	if err != nil {
		return nil, nil, translate(ctx, err)
	}
	sqlTx, err := own.BeginTx(ctx, db.changeOptions())
	if err != nil {
		return nil, nil, errors.Join(translate(ctx, err), own.Close())
	}
	tx := &Tx{reading: db.reading(sqlTx, actor), log: log, own: own}
	tx.conn.ahead = new(ahead)
	tx.pending.gen = db.gen
	tx.pending.begin(changesInto, false)
	return tx, func() {
		sqlTx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back, before it an error is already told
		own.Close()      //nolint:errcheck // gives the connection back
	}, nil
}

func (db *DB) changeOptions() *sql.TxOptions {
	if db.engine == PostgreSQL { // under the head's lock each statement reads what is settled
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return nil // immediate, see openSQLite
}

func authoriseAct(actor qms.Actor, act qms.Act) (qms.Act, error) {
	if !actName.MatchString(act.Name) {
		return act, fmt.Errorf("store: act %q is not noun.verb", act.Name)
	}
	if act.Needs.Platform == "" {
		act.Needs.Platform = act.Platform
	}
	if act.Platform != "" && act.Needs.Platform != act.Platform {
		return act, fmt.Errorf("store: act %s on platform %s asks for a right on %s", act.Name, act.Platform, act.Needs.Platform)
	}
	return act, authorise(actor, act.Needs)
}

func (tx *Tx) run(ctx context.Context, fn func(*Tx) error) error {
	if err := tx.lock(ctx); err != nil {
		return err
	}
	tx.now = tx.db.Now() // after the wait for the lock, so that instants of a log do not go back
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.settle(); err != nil {
		return err
	}
	if tx.changes.Size == 0 {
		return nil
	}
	if err := tx.mirror(ctx); err != nil {
		return err
	}
	if err := tx.seal(ctx); err != nil {
		return err
	}
	return tx.conn.tx.Commit()
}

// Act is what is being done.
func (tx *Tx) Act() qms.Act { return tx.act }

// exec sends a statement of the store's own and waits for it.
func (tx *Tx) exec(ctx context.Context, query string) error {
	if err := tx.send(ctx, query); err != nil {
		return err
	}
	return tx.settle()
}

// send hands a statement of the store's own over: the database works at it while the next is prepared.
// How it ends is told by the next one, or by settle.
func (tx *Tx) send(ctx context.Context, query string) error {
	if err := tx.settle(); err != nil {
		return err
	}
	count(ctx)
	tx.conn.ahead.send(ctx, func() error {
		_, err := tx.conn.tx.ExecContext(ctx, query)
		return err
	})
	return nil
}

// settle waits for the statement that was sent last, and tells the first failure of a write.
func (tx *Tx) settle() error {
	if _, err := tx.conn.settled(); err != nil {
		return tx.fail(err)
	}
	return tx.failed
}

// fail keeps the first failure: PostgreSQL refuses all that follows one, so SQLite does not go on either.
func (tx *Tx) fail(err error) error {
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// lock takes the head of the log. On SQLite the transaction has the only writer already; on
// PostgreSQL the row is locked, and made on the log's first act.
func (tx *Tx) lock(ctx context.Context) error {
	query := "SELECT size, peaks FROM trail_heads WHERE log = ?"
	if tx.Engine() == PostgreSQL {
		query += " FOR UPDATE"
	}
	query = tx.db.gen.FormatQuery(query, tx.log)
	err := tx.readHead(ctx, query)
	if !errors.Is(err, sql.ErrNoRows) || tx.Engine() == SQLite {
		return ignoreNoRows(err)
	}
	make := tx.db.gen.FormatQuery("INSERT INTO trail_heads (log, size, peaks) VALUES (?, 0, ?) ON CONFLICT (log) DO NOTHING", tx.log, []byte{})
	if err := tx.exec(ctx, make); err != nil {
		return err
	}
	return tx.readHead(ctx, query)
}

func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func (tx *Tx) readHead(ctx context.Context, query string) error {
	count(ctx)
	var peaks []byte
	if err := tx.conn.tx.QueryRowContext(ctx, query).Scan(&tx.head.Size, &peaks); err != nil {
		return err
	}
	var err error
	tx.head.Peaks, err = trail.Split(peaks)
	return err
}
