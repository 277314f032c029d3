package audits

import (
	"strings"
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

// An exercise runs until it is concluded; a concluded one never changes.
const (
	Running   State = "running"
	Concluded State = "concluded"
)

// Exercise is one traceability exercise: sampled, with its draw and the evaluator's answers, or
// full, with what the checks found on every chain and use.
type Exercise struct {
	qms.Row
	Number           string    // EXE-2026-001
	Scope            string    // "sample" or "full"
	Kind             Kind      // of a sampled one
	Direction        Direction // of a sampled one
	PeriodFrom       qms.Date  // first day of the items drawn from; none: from the beginning
	AsOf             qms.Date  // records after this day do not count
	Seed             string
	SampleSize       int64  // how many were asked for
	PopulationSize   int64  // how many there were to draw from
	PopulationDigest string // see Population.Digest
	State            State
	Verdict          Verdict
	Remark           string
	Found            int64  // links found, once concluded
	Expected         int64  // links that could have been found, once concluded
	Findings         string `trail:"digest"` // of a full one: the result as JSON
	Evaluator        qms.ID
	StartedAt        time.Time
	ConcludedAt      time.Time `bun:",nullzero"`
}

// The scopes of an exercise.
const (
	SampleScope = "sample"
	FullScope   = "full"
)

// ExerciseItem is one drawn item of a sampled exercise.
type ExerciseItem struct {
	qms.Row
	Exercise qms.ID
	Position int64  // 1 for the first drawn
	Number   string // of the invoice, report, request, use or training
	Digest   string // that gave it its rank
	Label    string // what it is about, as it was when drawn
	Seconds  int64  // the evaluator took, once answered
}

// ExerciseLink is one link that an item is expected to have: what Maillon proposes, and what the
// evaluator decided.
type ExerciseLink struct {
	qms.Row
	Exercise qms.ID
	Item     qms.ID
	Position int64
	Link     string // which link: link.LINK names it in qms/locale
	Target   string // number or code at the other end, as found
	Proposal Answer
	Checks   string // codes of the checks behind the proposal, separated by spaces
	Answer   Answer
	Note     string
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

// decide notes the evaluator's decision on a link.
func (l *ExerciseLink) decide(answer Answer, note string) error {
	switch answer {
	case Found, Missing, Incoherent, NotApplicable:
	default:
		return qms.InvalidFields(qms.Wrong("answer", "exercise.unknown_answer", string(answer)))
	}
	if len(note) > maxNote {
		return qms.InvalidFields(qms.Wrong("note", "input.too_long", maxNote))
	}
	l.Answer, l.Note = answer, strings.TrimSpace(note)
	return nil
}

// maxNote is the longest note or remark, in bytes.
const maxNote = 4000

// conclude closes the exercise with the evaluator's verdict.
func (e *Exercise) conclude(links []ExerciseLink, verdict Verdict, remark string, at time.Time) error {
	if e.State != Running {
		return qms.Conflict("exercise.not_running", e.Number)
	}
	switch verdict {
	case Passed, Remarks, Failed:
	default:
		return qms.InvalidFields(qms.Wrong("verdict", "exercise.unknown_verdict", string(verdict)))
	}
	score := ScoreOf(links)
	if verdict == Passed && score.Found < score.Expected {
		return qms.InvalidFields(qms.Wrong("verdict", "exercise.passed_with_gaps", score.Expected-score.Found))
	}
	if verdict != Passed && strings.TrimSpace(remark) == "" {
		return qms.InvalidFields(qms.Wrong("remark", "exercise.remark_needed"))
	}
	e.State, e.Verdict, e.Remark, e.ConcludedAt = Concluded, verdict, strings.TrimSpace(remark), at
	e.Found, e.Expected = score.Found, score.Expected
	return nil
}
