package store

import "context"

// Alone makes the act wait until no other act that named the same is under way, whatever log it writes to;
// what it reads from then on is settled, and who names the same after it waits for its end. It is for rules
// over several platforms, whose acts do not wait for each other otherwise: without it two of them could each
// find that nothing speaks against it, and both be kept.
//
// An act names one thing only. Two that name two things, each in another order, would wait for each other.
func (tx *Tx) Alone(ctx context.Context, name string) error {
	if tx.Engine() == SQLite { // one writer for the whole file: it is alone already
		return nil
	}
	return tx.exec(ctx, tx.db.gen.FormatQuery("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name))
}
