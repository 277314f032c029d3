package witness

import (
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// SigningKey is one key of the site, public: what it signs is verified with its verifier. Statement is the
// signed note by which it took over, see trail.Step.
type SigningKey struct {
	qms.Row     `trail:"site"`
	Number      int64 // from 1, in the order in which they signed
	Name        string
	Verifier    string // the line that auditors verify with
	Fingerprint string
	BeginsAt    time.Time
	Handed      bool // the key before named it
	Statement   string
	Reason      string // why the one before was replaced, or how it was lost; empty for the first
}

// KeyLine is a key as it is shown: with the end of its time and what stands for it.
type KeyLine struct {
	SigningKey
	Until   time.Time // when the next one took over; zero for the latest
	Current bool      // signs now
	Ours    bool      // this server signs with it
}

// newKey makes the record of a step.
func newKey(number int64, s trail.Step, at time.Time, reason string) *SigningKey {
	return &SigningKey{Number: number, Name: s.Key.Name(), Verifier: s.Key.Line(), Fingerprint: s.Key.Fingerprint(), BeginsAt: at,
		Handed: s.Handed, Statement: string(s.Note), Reason: reason}
}

// latest is the key that signs now; nil when none is on record. Keys are in their order.
func latest(keys []SigningKey) *SigningKey {
	if len(keys) == 0 {
		return nil
	}
	return &keys[len(keys)-1]
}

// linesOf says of each key from when to when it signed, the latest first.
func linesOf(keys []SigningKey, ours string) []KeyLine {
	lines := make([]KeyLine, len(keys))
	for i, k := range keys {
		lines[i] = KeyLine{SigningKey: k, Current: i == len(keys)-1, Ours: k.Verifier == ours}
		if i+1 < len(keys) {
			lines[i].Until = keys[i+1].BeginsAt
		}
	}
	slices.Reverse(lines)
	return lines
}

// historyOf is the statements of all keys one after the other, as trail.ParseSuccession reads them.
func historyOf(keys []SigningKey) []byte {
	var out []byte
	for _, k := range keys {
		out = append(out, k.Statement...)
	}
	return out
}
