// Package vault keeps the contents of files under their own fingerprint.
//
// A content is put once, is never changed and never removed through this interface: its name is the
// SHA-256 of its bytes, so the same content put twice is kept once, and whoever holds a row with a
// Digest can prove that what is read is what was put. Contents come before rows: a crash may leave a
// content that no row names, never a row without its content.
//
// Two implementations keep the same promises, held by one contract suite (vaulttest): dir, a folder
// for a laptop or one server, and minio, any S3 service. Both hash on the way in and on the way out;
// neither trusts the disk or the service with integrity.
//
// It refuses to delete. Orphans are found by Orphans and swept by the concrete types alone.
package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"maillon/qms"
)

// Vault keeps contents. All methods may be called at the same time from many goroutines.
type Vault interface {
	// Put reads r to its end and keeps it. When r fails or ctx ends, nothing is kept. It is
	// qms.Busy("vault.full") when there is no room, qms.Busy("vault.unreachable") when the service
	// does not answer; an error of r itself is returned wrapped.
	Put(ctx context.Context, r io.Reader) (Info, error)

	// Open reads the content from its beginning. The reader verifies: where the bytes are not those
	// of d it ends with ErrAltered instead of io.EOF. It is qms.NotFound("content.missing") when
	// there is none.
	Open(ctx context.Context, d Digest) (io.ReadCloser, error)

	// Stat tells size and date without reading; qms.NotFound("content.missing") when there is none.
	Stat(ctx context.Context, d Digest) (Info, error)

	// List goes through every content, by digest. Contents put meanwhile may be left out.
	List(ctx context.Context) iter.Seq2[Info, error]

	// Hold asks that until then nobody, this vault included, may remove or replace the content, which is
	// read to its end first: what is altered is not held. A hold is only ever prolonged. A vault that
	// cannot hold says so by a Held that is not Locked. It is qms.NotFound("content.missing") when there is
	// none, and ErrNotHeld when the service says yes and does otherwise.
	Hold(ctx context.Context, d Digest, until time.Time) (Held, error)

	// Prove tries what the vault promises on contents of its own making, and takes them away again. An
	// error says that it could not try.
	Prove(ctx context.Context) (Proof, error)
}

// Info describes a content. StoredAt is the instant (UTC) of the latest Put of it.
type Info struct {
	Digest   Digest
	Size     int64 // bytes
	StoredAt time.Time
}

// ErrAltered says that the bytes kept are not the bytes that were put.
var ErrAltered = errors.New("the content was altered in the vault")

// Missing is the refusal of a content that the vault does not hold.
func Missing(d Digest) error { return qms.NotFound("content.missing", d.String()) }

// Full is the refusal of a vault without room; cause stays in the chain for the log.
func Full(cause error) error { return fmt.Errorf("%w: %w", qms.Busy("vault.full"), cause) }

// Unreachable is the refusal of a vault whose service does not answer; cause stays in the chain.
func Unreachable(cause error) error {
	return fmt.Errorf("%w: %w", qms.Busy("vault.unreachable"), cause)
}

// Check reads a whole content and returns ErrAltered or content.missing if it is not as it was put.
func Check(ctx context.Context, v Vault, d Digest) error {
	r, err := v.Open(ctx, d)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// Keep reports whether some row names the content.
type Keep func(ctx context.Context, d Digest) (bool, error)

// Orphans goes through the contents last put before that instant which keep does not know. The
// delay gives the transaction that follows a Put the time to end.
func Orphans(ctx context.Context, v Vault, before time.Time, keep Keep) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for info, err := range v.List(ctx) {
			if err == nil && !info.StoredAt.Before(before) {
				continue
			}
			if err == nil {
				var kept bool
				if kept, err = keep(ctx, info.Digest); kept && err == nil {
					continue
				}
			}
			if !yield(info, err) || err != nil {
				return
			}
		}
	}
}

// Swept is what a sweep of a vault removed.
type Swept struct {
	Contents   int   // orphans
	Bytes      int64 // of those orphans
	Unfinished int   // temporary files or uploads that a crash left behind
}
