package trail

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Step is one key taking over from another, as a signed statement says it.
//
// A step that was handed over is signed by the key before, which names the next one: who trusts the
// former may trust the latter. A step that was begun is signed by the new key alone: the first key of a
// site, or one that took over when the key before was lost. It says so, and proves nothing to who trusts
// the key before. The name of the keys stays in a hand-over, since it begins the origin of every
// checkpoint; so logs go on under their origin.
type Step struct {
	Key    Verifier  // that signs from At on
	Before Verifier  // that signed until then; none for the first key
	At     time.Time // UTC, whole seconds
	Handed bool      // Before itself named Key
	Note   []byte    // the signed statement
}

// The first lines of both statements. Neither can be the origin of a checkpoint, which has no spaces, nor
// the first line of a pack's statement.
const (
	handedLine = "maillon key handed over"
	begunLine  = "maillon key begun"
	noKey      = "none"
)

// stepLines is how many lines a signed statement has: four of text, an empty one, the signature.
const stepLines = 6

// HandOver lets the old key name the next one. Both have one name.
func HandOver(old Key, next Verifier, at time.Time) (Step, error) {
	before, err := ParseVerifier(old.Verifier())
	if err != nil {
		return Step{}, err
	}
	s := Step{Key: next, Before: before, At: at.UTC().Truncate(time.Second), Handed: true}
	if err := s.check(); err != nil {
		return Step{}, err
	}
	s.Note, err = old.SignText(s.text())
	return s, err
}

// Begin lets a key say of itself that it signs from now on: the first one, or one after a key that is
// lost and could not name it.
func Begin(key Key, before Verifier, at time.Time) (Step, error) {
	own, err := ParseVerifier(key.Verifier())
	if err != nil {
		return Step{}, err
	}
	s := Step{Key: own, Before: before, At: at.UTC().Truncate(time.Second)}
	if err := s.check(); err != nil {
		return Step{}, err
	}
	s.Note, err = key.SignText(s.text())
	return s, err
}

// text is the body of the statement: four lines.
func (s Step) text() string {
	at := "at " + s.At.Format(time.RFC3339) + "\n"
	if s.Handed {
		return handedLine + "\nfrom " + s.Before.Line() + "\nto " + s.Key.Line() + "\n" + at
	}
	before := noKey
	if !s.Before.IsZero() {
		before = s.Before.Line()
	}
	return begunLine + "\nkey " + s.Key.Line() + "\nafter " + before + "\n" + at
}

func (s Step) check() error {
	switch {
	case s.Handed && s.Before.Name() != s.Key.Name():
		return fmt.Errorf("hand key over: %q and %q have two names", s.Before.Name(), s.Key.Name())
	case !s.Before.IsZero() && s.Before.Line() == s.Key.Line():
		return errors.New("hand key over: to itself")
	}
	return nil
}

// ParseStep reads a signed statement and checks its signature. It refuses any other spelling of one.
func ParseStep(note []byte) (Step, error) {
	lines := strings.Split(string(note), "\n")
	if len(lines) != stepLines+1 {
		return Step{}, errors.New("read key statement: not six lines")
	}
	s := Step{Note: bytes.Clone(note), Handed: lines[0] == handedLine}
	var err error
	signer := &s.Key
	if s.Handed {
		signer = &s.Before
		s.Before, err = verifierAfter(lines[1], "from ")
		if err == nil {
			s.Key, err = verifierAfter(lines[2], "to ")
		}
	} else {
		s.Key, err = verifierAfter(lines[1], "key ")
		if err == nil && lines[2] != "after "+noKey {
			s.Before, err = verifierAfter(lines[2], "after ")
		}
	}
	if err != nil {
		return Step{}, err
	}
	if s.At, err = time.Parse(time.RFC3339, strings.TrimPrefix(lines[3], "at ")); err != nil {
		return Step{}, errors.New("read key statement: malformed instant")
	}
	s.At = s.At.UTC()
	if err := s.check(); err != nil {
		return Step{}, err
	}
	text, err := signer.OpenText(note)
	if err != nil {
		return Step{}, err
	}
	if text != s.text() {
		return Step{}, errors.New("read key statement: not its canonical form")
	}
	return s, nil
}

func verifierAfter(line, prefix string) (Verifier, error) {
	rest, ok := strings.CutPrefix(line, prefix)
	if !ok {
		return Verifier{}, errors.New("read key statement: malformed line")
	}
	return ParseVerifier(rest)
}

// Succession is every key of a site, the oldest first, as their statements tell it.
type Succession []Step

// ParseSuccession reads what Encode wrote: each statement is checked, and each key follows the one before.
func ParseSuccession(data []byte) (Succession, error) {
	lines := bytes.SplitAfter(data, []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	if len(lines) == 0 || len(lines)%stepLines != 0 {
		return nil, errors.New("read succession of keys: not six lines a statement")
	}
	var s Succession
	for ; len(lines) > 0; lines = lines[stepLines:] {
		step, err := ParseStep(bytes.Join(lines[:stepLines], nil))
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", len(s)+1, err)
		}
		if err := s.follows(step); err != nil {
			return nil, fmt.Errorf("statement %d: %w", len(s)+1, err)
		}
		s = append(s, step)
	}
	return s, nil
}

// follows reports what is wrong with the step as the next one.
func (s Succession) follows(next Step) error {
	if len(s) == 0 {
		if !next.Before.IsZero() {
			return errors.New("the first key has one before it")
		}
		return nil
	}
	last := s[len(s)-1]
	switch {
	case next.Before.IsZero() || next.Before.Line() != last.Key.Line():
		return errors.New("the key before is another one")
	case next.At.Before(last.At):
		return errors.New("the instants go back")
	case s.place(next.Key) >= 0:
		return errors.New("a key stands twice")
	}
	return nil
}

// Encode is the statements one after the other, six lines each.
func (s Succession) Encode() []byte {
	var out []byte
	for _, step := range s {
		out = append(out, step.Note...)
	}
	return out
}

// place is where the key stands, -1 when it does not.
func (s Succession) place(key Verifier) int {
	for i, step := range s {
		if step.Key.Line() == key.Line() {
			return i
		}
	}
	return -1
}

// Knows reports whether the key is one of the succession.
func (s Succession) Knows(key Verifier) bool { return s.place(key) >= 0 }

// The ways in which a succession does not lead from one key to another.
var (
	// ErrUnknownKey: one of the keys is not in the succession, or the later one stands before.
	ErrUnknownKey = errors.New("no succession of keys leads there")
	// ErrNewBeginning: a key on the way was lost, and the next one began on its own word alone.
	ErrNewBeginning = errors.New("a key on the way was lost, and the next one began anew")
)

// Leads checks that each key from one to the other was named by the one before. A key leads to itself.
func (s Succession) Leads(from, to Verifier) error {
	return s.LeadsByPrint(from.Fingerprint(), to.Fingerprint())
}

// LeadsByPrint is Leads for keys that are known by their fingerprints alone.
func (s Succession) LeadsByPrint(from, to string) error {
	if from == to {
		return nil
	}
	first, last := -1, -1
	for i, step := range s {
		switch step.Key.Fingerprint() {
		case from:
			first = i
		case to:
			last = i
		}
	}
	if first < 0 || last <= first {
		return ErrUnknownKey
	}
	for _, step := range s[first+1 : last+1] {
		if !step.Handed {
			return ErrNewBeginning
		}
	}
	return nil
}
