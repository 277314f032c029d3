package archive

import (
	"errors"
	"slices"

	"maillon/qms"
	"maillon/qms/trail"
)

// SignedBy holds the report to the key that auditors were given another way: the line of key.txt, with or
// without its end, or the line of the signing key that it belongs to.
func (r Report) SignedBy(line []byte) error {
	v, err := given(line)
	if err != nil {
		return err
	}
	return r.leads(v.Fingerprint(), qms.Invalid("pack.key_new_beginning", v.Fingerprint(), r.KeyFingerprint),
		qms.Invalid("pack.another_key", r.KeyFingerprint, v.Fingerprint()))
}

// given reads the key that auditors were given.
func given(line []byte) (trail.Verifier, error) {
	if key, err := trail.ParseKey(line); err == nil {
		line = []byte(key.Verifier())
	}
	v, err := trail.ParseVerifier(string(line))
	if err != nil {
		return v, qms.Invalid("pack.given_key_unreadable")
	}
	return v, nil
}

// Since holds the report of a pack to one of the same platform that was kept elsewhere and was verified
// too: the same key signed both, or one that the other led to, and the trail of the later one was proved to continue the very trail of
// the earlier one. The error is a qms.Error that says in what they differ.
func (r Report) Since(before Report) error {
	if before.Checkpoint.Origin != r.Checkpoint.Origin {
		return qms.Invalid("pack.since_another_trail", r.Number, before.Number)
	}
	if err := r.leads(before.KeyFingerprint, qms.Invalid("pack.since_new_beginning", r.Number, before.Number),
		qms.Invalid("pack.since_another_key", r.Number, before.Number)); err != nil {
		return err
	}
	switch {
	case before.Checkpoint == r.Checkpoint:
		return nil
	case before.Number == r.Number: // two trails went on from one, and each has its pack of that number
		return qms.Invalid("pack.past_rewritten", before.Number)
	case before.Checkpoint.Size > r.Checkpoint.Size && before.Since(r) == nil:
		return qms.Invalid("pack.since_swapped", r.Number, before.Number)
	case before.Checkpoint.Size > r.Checkpoint.Size:
		return qms.Invalid("pack.since_shorter", r.Number, r.Checkpoint.Size, before.Number, before.Checkpoint.Size)
	}
	for _, e := range r.Earlier {
		if e.Checkpoint == before.Checkpoint {
			return nil
		}
		if e.Number == before.Number {
			return qms.Invalid("pack.past_rewritten", before.Number)
		}
	}
	return qms.Invalid("pack.since_unknown", r.Number, before.Number)
}

// Hold holds the report to what the reader has beside the pack: the line of the key that must have signed,
// nil for any, and the report of a pack that was kept, nil for none.
func (r *Report) Hold(key []byte, older *Report) {
	if key != nil {
		r.holdToKey(key, nil)
	}
	if older == nil {
		return
	}
	if key != nil {
		older.holdToKey(key, r.Keys)
	}
	r.holdTo(*older)
}

// holdToKey puts on the report whether the key that the reader was given signed the pack. That key may also
// be one that the pack's own led to since, where a later pack with these keys tells so.
func (r *Report) holdToKey(line []byte, since trail.Succession) {
	err, said := r.SignedBy(line), "verify.given_sound"
	if v, unread := given(line); unread == nil && v.Fingerprint() != r.KeyFingerprint {
		said = "verify.given_led"
		if err != nil && since.LeadsByPrint(r.KeyFingerprint, v.Fingerprint()) == nil {
			err, said = nil, "verify.given_led_since"
		}
	}
	var wrong *qms.Error
	switch {
	case r.KeyFingerprint == "": // nothing can be said of a key that does not read
		r.unchecked(KindGiven, "", "verify.signature_without_key")
	case errors.As(err, &wrong):
		r.wrong(KindGiven, "", wrong)
	default:
		r.Lines = slices.DeleteFunc(r.Lines, func(l Line) bool { return l.Kind == KindKey && l.Verdict == Unchecked })
		r.sound(KindGiven, "", said, r.KeyName)
	}
}

// holdTo puts on the report whether the pack continues one that the reader kept, which was examined too.
func (r *Report) holdTo(older Report) {
	r.Older = &older
	err := r.Since(older)
	var wrong *qms.Error
	switch {
	case older.NoPack():
		r.wrong(KindSince, older.Number, qms.Invalid("verify.since_no_pack"))
	case !older.Sound():
		r.wrong(KindSince, older.Number, qms.Invalid("verify.since_not_sound", older.Wrong))
	case r.Checkpoint.Origin == "":
		r.unchecked(KindSince, older.Number, "verify.facts_without_checkpoint")
	case errors.As(err, &wrong):
		r.wrong(KindSince, older.Number, wrong)
	default:
		r.sound(KindSince, older.Number, "verify.since_sound", older.Number, r.Number)
		if older.KeyFingerprint != r.KeyFingerprint {
			r.sound(KindSince, older.Number, "verify.since_keys", older.Number, r.Number)
		}
	}
}
