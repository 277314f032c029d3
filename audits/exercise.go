package audits

import (
	"time"

	"maillon/qms"
)

// Kind is the kind of chain an exercise follows (DESIGN, section 4.1). The word takes part in the
// draw, so it never changes.
type Kind string

// The two kinds of chain.
const (
	Services Kind = "prestation"         // request, quote, report, invoice
	Access   Kind = "mise-a-disposition" // a use of a piece of equipment and the training that covers it
)

// Direction says from which end the chain is followed.
type Direction string

// Upstream (ascendante) goes from the invoice, the report or the use back; downstream
// (descendante) from the request or the training on.
const (
	Upstream   Direction = "upstream"
	Downstream Direction = "downstream"
)

// Answer is what was found of one expected link of an item.
type Answer string

// The answers of an evaluator; the empty Answer is one still to be given.
const (
	Found         Answer = "found"
	Missing       Answer = "missing"
	Incoherent    Answer = "incoherent"
	NotApplicable Answer = "not-applicable"
)

// Verdict is how an exercise ends.
type Verdict string

// The verdicts: réussi, réussi avec remarques, échec.
const (
	Passed  Verdict = "passed"
	Remarks Verdict = "remarks"
	Failed  Verdict = "failed"
)

// State of an exercise.
type State string

// An exercise runs, with pauses, until it is concluded; a concluded one never changes.
const (
	Running   State = "running"
	Paused    State = "paused"
	Concluded State = "concluded"
)

// Exercise is one traceability exercise: sampled, with its draw and the evaluators' answers, or
// full, with what the checks found on every chain and use.
type Exercise struct {
	qms.Row
	Number           string    // EXE-2026-001, ENT-2026-001 for practice
	Scope            string    // "sample" or "full"
	Practice         bool      // made by the platform itself, to practise: compared with nothing
	Kind             Kind      // of a sampled one
	Direction        Direction // of a sampled one
	PeriodFrom       qms.Date  // first day of the items drawn from; none: from the beginning
	PeriodTo         qms.Date  // last day of the items drawn from; none: as_of
	AsOf             qms.Date  // records after this day do not count
	Strata           StrataBy  // how the population was parted before the draw
	Chosen           bool      // the evaluator named the items, they were not drawn
	Seed             string
	SampleSize       int64  // how many were asked for
	PopulationSize   int64  // how many there were to draw from
	PopulationDigest string // see Population.Digest; the list is in the vault under it
	State            State
	Verdict          Verdict
	Remark           string
	Found            int64  // links found, once concluded
	Expected         int64  // links that could have been found, once concluded
	Findings         string `trail:"digest"` // of a full one: the result as JSON
	Tally            string `trail:"digest"` // of a full one: see Tally
	Evaluator        qms.ID // who drew it, and the first of its evaluators
	StartedAt        time.Time
	ConcludedAt      time.Time `bun:",nullzero"`
	SignedBy         qms.ID    // who concluded it with their password again; none on those of before signatures
	SignedName       string    // as it was
	SignedDigest     string    // SHA-256 of what was signed, see Sheet.Signed
	SignedZone       string    `bun:",nullzero"` // where the site is; none on those of before it was noted
}

// The scopes of an exercise.
const (
	SampleScope = "sample"
	FullScope   = "full"
)

// ExerciseItem is one item of a sampled exercise, with its clock.
type ExerciseItem struct {
	qms.Row
	Exercise     qms.ID
	Position     int64     // 1 for the first drawn
	Number       string    // of the invoice, report, request, use or training
	Digest       string    // that gave it its rank; none for one that was chosen
	Stratum      string    // that it was drawn in
	Label        string    // what it is about, as it was when drawn
	Assigned     qms.ID    // the evaluator it is given to, if any
	Seconds      int64     // on its clock when that last stood
	RunningSince time.Time `bun:",nullzero"` // the clock runs since then
	RunningBy    qms.ID    // who started it
	Cut          bool      // a stretch was longer than MaxStretch and counted as that
	Answers      int64     // how often answers were given: so the revision moves with them
	ClockNote    string    // why the clock was corrected
}

// ExerciseLink is one link that an item is expected to have: what Maillon proposes, and what the
// evaluator decided.
type ExerciseLink struct {
	qms.Row
	Exercise     qms.ID
	Item         qms.ID
	Position     int64
	Link         string // which link: link.LINK names it in qms/locale
	Target       string // number or code at the other end, as found
	Proposal     Answer
	Checks       string // codes of the checks behind the proposal, separated by spaces
	Answer       Answer
	Note         string
	AnsweredBy   qms.ID
	AnsweredName string    // as it was
	AnsweredAt   time.Time `bun:",nullzero"`
}

// Score is links found over links expected. A link that is not applicable is not expected; one
// without an answer counts as missing.
type Score struct {
	Found    int64
	Expected int64
}

// ScoreOf counts the answers.
func ScoreOf(links []ExerciseLink) Score {
	var s Score
	for _, l := range links {
		if l.Answer == NotApplicable {
			continue
		}
		s.Expected++
		if l.Answer == Found {
			s.Found++
		}
	}
	return s
}

// Percent is the score in whole percent, rounded down so that only a perfect one is 100; it is 100
// when nothing was expected.
func (s Score) Percent() int64 {
	if s.Expected == 0 {
		return 100
	}
	return s.Found * 100 / s.Expected
}

// remarksFrom is the score, in percent, from which an exercise with gaps may pass with remarks.
const remarksFrom = 80

// Verdict is what the score proposes; the evaluator decides.
func (s Score) Verdict() Verdict {
	switch p := s.Percent(); {
	case s.Found == s.Expected:
		return Passed
	case p >= remarksFrom:
		return Remarks
	}
	return Failed
}
