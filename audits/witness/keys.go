package witness

import (
	"context"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Keys lists every key of the site, the latest first, for who may read a trail: of the platform, or the
// site's when none is named.
func (s *Service) Keys(ctx context.Context, platform qms.ID) ([]KeyLine, error) {
	var lines []KeyLine
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		keys, err := signingKeys(ctx, r)
		lines = linesOf(keys, s.key.Verifier())
		return err
	})
	return lines, err
}

// History is the statements of all keys, as packs carry them; nothing where none is on record.
func (s *Service) History(ctx context.Context, platform qms.ID) ([]byte, error) {
	var text []byte
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		text, err = s.HistoryIn(ctx, r)
		return err
	})
	return text, err
}

// HistoryIn is History within a transaction, for packs.
func (s *Service) HistoryIn(ctx context.Context, r store.Reader) ([]byte, error) {
	keys, err := signingKeys(ctx, r)
	return historyOf(keys), err
}

// Signs refuses a signature when the key of this server is not the latest of the site: it was replaced,
// and the server goes on with an old one, or the key file is not that of this site.
func (s *Service) Signs(ctx context.Context, r store.Reader) error {
	keys, err := signingKeys(ctx, r)
	if err != nil {
		return err
	}
	return s.signsAfter(keys)
}

// Since is when the key of this server began to sign for the site; it refuses as Signs does. It is zero
// where no key is on record yet.
func (s *Service) Since(ctx context.Context, r store.Reader) (since time.Time, err error) {
	keys, err := signingKeys(ctx, r)
	if err != nil || len(keys) == 0 {
		return since, err
	}
	return latest(keys).BeginsAt, s.signsAfter(keys)
}

func (s *Service) signsAfter(keys []SigningKey) error {
	last := latest(keys)
	if last == nil || last.Verifier == s.key.Verifier() {
		return nil
	}
	for _, k := range keys {
		if k.Verifier == s.key.Verifier() {
			return qms.Conflict("key.replaced", last.Fingerprint)
		}
	}
	return qms.Conflict("key.unknown", last.Fingerprint)
}

// Enrol puts the first key of a site on record. It does nothing where there is one, and then says what
// Signs says: a server with another key may read, and signs nothing.
func (s *Service) Enrol(ctx context.Context) error {
	var keys []SigningKey
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		keys, err = signingKeys(ctx, r)
		return err
	})
	if err != nil || len(keys) > 0 {
		if err == nil {
			err = s.signsAfter(keys)
		}
		return err
	}
	act := qms.Act{Name: "key.begin", Needs: qms.OperateSite.OnSite()}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		keys, err := signingKeys(ctx, tx)
		if err != nil {
			return err
		}
		if len(keys) > 0 { // another replica was faster
			return s.signsAfter(keys)
		}
		return s.begin(ctx, tx, nil, "")
	})
}

// begin puts the key of this server on record on its own word.
func (s *Service) begin(ctx context.Context, tx *store.Tx, last *SigningKey, reason string) error {
	number, before := int64(1), trail.Verifier{}
	if last != nil {
		var err error
		if before, err = trail.ParseVerifier(last.Verifier); err != nil {
			return err
		}
		number = last.Number + 1
	}
	at := turn(tx.Now(), last)
	step, err := trail.Begin(s.key, before, at)
	if err != nil {
		return err
	}
	return tx.Insert(ctx, newKey(number, step, at, reason))
}

// turn is the instant of a step: whole seconds, and never before the step before.
func turn(now time.Time, last *SigningKey) time.Time {
	at := now.UTC().Truncate(time.Second)
	if last != nil && at.Before(last.BeginsAt) {
		at = last.BeginsAt
	}
	return at
}

// maxReason is how long a reason may be, bytes.
const maxReason = 2000

func cleanReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return "", qms.InvalidFields(qms.Wrong("reason", "input.required"))
	case len(reason) > maxReason:
		return "", qms.InvalidFields(qms.Wrong("reason", "input.too_long", maxReason))
	}
	return reason, nil
}

// Rotate puts the next key on record, named by the key of this server, which must be the latest. The
// caller keeps the secret of the next one first, and puts it in the place of the old one afterwards; from
// this act on the old key signs nothing more.
func (s *Service) Rotate(ctx context.Context, next trail.Verifier, reason string) (*SigningKey, error) {
	reason, err := cleanReason(reason)
	if err != nil {
		return nil, err
	}
	var made *SigningKey
	act := qms.Act{Name: "key.rotate", Needs: qms.OperateSite.OnSite(), Reason: reason}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		keys, err := signingKeys(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.signsAfter(keys); err != nil {
			return err
		}
		last := latest(keys)
		if last == nil {
			return qms.Conflict("key.none")
		}
		at := turn(tx.Now(), last)
		step, err := trail.HandOver(s.key, next, at)
		if err != nil {
			return err
		}
		made = newKey(last.Number+1, step, at, reason)
		return tx.Insert(ctx, made)
	})
	return made, err
}

// Begin puts the key of this server on record although the latest one did not name it: that one is lost,
// or is not trusted any more. It is a new beginning, and every list and pack says so. It refuses a key that
// is on record already.
func (s *Service) Begin(ctx context.Context, reason string) error {
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	act := qms.Act{Name: "key.begin", Needs: qms.OperateSite.OnSite(), Reason: reason}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		keys, err := signingKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.Verifier == s.key.Verifier() {
				return qms.Conflict("key.on_record", k.Fingerprint)
			}
		}
		return s.begin(ctx, tx, latest(keys), reason)
	})
}

// Key is the public key that this server signs with.
func (s *Service) Key() (trail.Verifier, error) { return trail.ParseVerifier(s.key.Verifier()) }
