package documents

import (
	"fmt"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"maillon/qms"
)

// The state races: many people act at once on the versions of one document, through the service and
// on both engines, and each history must be one that a plain sequential model of the states allows.
// The model knows nothing of the room's code: it keeps, for each day, the pile of versions approved
// for it, the last being in force.

const (
	raceVersions = 6 // of one document, at most
	raceDays     = 6 // from today on
)

// raced is one version in the model.
type raced struct {
	state              State
	verifier, approver int
	verified           bool
	from               int
	rev                int64 // counted while it is a draft or in review
}

// world is one document in the model; it is compared with ==.
type world struct {
	n     int
	v     [raceVersions]raced
	piles [raceDays][raceVersions]int8 // of versions from 1; 0 ends the pile
}

// move is one act: what was asked.
type move struct {
	act                string
	version            int // its place, from 0
	by                 int // the number of the agent
	verifier, approver int
	from               int // days from today
	rev                int64
}

// outcome is what came of it: a refusal's code, or what was read.
type outcome struct {
	code qms.Code
	seen string
}

// step is the model.
func step(w world, m move) (outcome, world) {
	refuse := func(code qms.Code) (outcome, world) { return outcome{code: code}, w }
	switch m.act {
	case "read":
		return outcome{seen: w.read()}, w
	case "new":
		if s := w.v[w.n-1].state; s == Draft || s == InReview {
			return refuse(qms.CodeConflict)
		}
		w.v[w.n] = raced{state: Draft, rev: 1}
		w.n++
		return outcome{}, w
	}
	v := w.v[m.version]
	if m.rev != 0 && m.rev != v.rev {
		return refuse(qms.CodeConflict)
	}
	code := v.play(m, w)
	if code != "" {
		return refuse(code)
	}
	v.rev++
	w.v[m.version] = v
	switch m.act {
	case "approve":
		w.pile(m.version, m.from)
	case "withdraw":
		if w.v[m.version].from >= 0 {
			w.unpile(m.version, v.from <= 0)
		}
	}
	return outcome{}, w
}

// play does the act on one version, or says why not.
func (v *raced) play(m move, w world) qms.Code {
	if m.act == "submit" {
		if v.state != Draft {
			return qms.CodeConflict
		}
		*v = raced{state: InReview, verifier: m.verifier, approver: m.approver, from: -1, rev: v.rev}
		return ""
	}
	if m.act == "withdraw" {
		if v.state == Draft || v.state == Withdrawn {
			return qms.CodeConflict
		}
		if v.state == InReview {
			v.from = -1
		}
		v.state = Withdrawn
		return ""
	}
	if v.state != InReview {
		return qms.CodeConflict
	}
	switch m.act {
	case "verify":
		if v.verifier != m.by {
			return qms.CodeRefused
		}
		if v.verified {
			return qms.CodeConflict
		}
		v.verified = true
	case "approve":
		return v.approve(m, w)
	case "reject":
		if v.verifier != m.by && v.approver != m.by {
			return qms.CodeRefused
		}
		*v = raced{state: Draft, rev: v.rev}
	case "recall":
		*v = raced{state: Draft, rev: v.rev}
	case "reassign":
		if v.verifier == m.verifier && v.approver == m.approver {
			return qms.CodeInvalid
		}
		v.verified = v.verified && v.verifier == m.verifier
		v.verifier, v.approver = m.verifier, m.approver
	}
	return ""
}

func (v *raced) approve(m move, w world) qms.Code {
	switch {
	case v.approver != m.by:
		return qms.CodeRefused
	case !v.verified:
		return qms.CodeConflict
	}
	for _, o := range w.v[:w.n] {
		if o.state == Approved && o.from > m.from {
			return qms.CodeInvalid
		}
	}
	v.state, v.from = Approved, m.from
	return ""
}

// pile lays the version on every day from its day of effect on.
func (w *world) pile(version, from int) {
	for d := from; d < raceDays; d++ {
		for i := range w.piles[d] {
			if w.piles[d][i] == 0 {
				w.piles[d][i] = int8(version + 1)
				break
			}
		}
	}
}

// unpile takes the version off: with all it had replaced when it was in force, else alone.
func (w *world) unpile(version int, tookEffect bool) {
	for d := range w.piles {
		var left [raceVersions]int8
		n := 0
		for _, p := range w.piles[d] {
			if int(p) == version+1 {
				if tookEffect {
					left, n = [raceVersions]int8{}, 0
				}
				continue
			}
			if p != 0 {
				left[n] = p
				n++
			}
		}
		w.piles[d] = left
	}
}

// read is the document as a reader meets it: the state of each version, and which is in force on each
// day to come.
func (w world) read() string {
	var b strings.Builder
	for i, v := range w.v[:w.n] {
		state := v.state
		if state == Approved && v.from == 0 {
			state = Effective
			if pile := w.piles[0]; top(pile) != int8(i+1) {
				state = Superseded
			}
		}
		fmt.Fprintf(&b, "%d %s, ", i+1, state)
	}
	for _, pile := range w.piles {
		fmt.Fprintf(&b, "%d ", top(pile))
	}
	return b.String()
}

func top(pile [raceVersions]int8) (last int8) {
	for _, p := range pile {
		if p != 0 {
			last = p
		}
	}
	return last
}

var raceModel = porcupine.Model{
	Init: func() any {
		w := world{n: 2}
		w.v[0] = raced{state: Approved}
		w.v[1] = raced{state: Draft, rev: 1}
		w.pile(0, 0)
		return w
	},
	Step: func(state, input, output any) (bool, any) {
		want, next := step(state.(world), input.(move))
		return want == output.(outcome), next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}

// TestRaceModel_SeesWhatIsWrong holds the model itself to histories that no order explains.
func TestRaceModel_SeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	at := int64(0)
	op := func(m move, out outcome) porcupine.Operation {
		at += 10
		return porcupine.Operation{Input: m, Output: out, Call: at, Return: at + 15} // overlaps the next
	}
	submit, verify := move{act: "submit", version: 1, by: 2, verifier: 3, approver: 4}, move{act: "verify", version: 1, by: 3}
	approve, recall := move{act: "approve", version: 1, by: 4}, move{act: "recall", version: 1, by: 2}
	for name, history := range map[string][]porcupine.Operation{
		"two approvals":             {op(submit, outcome{}), op(verify, outcome{}), op(approve, outcome{}), op(approve, outcome{})},
		"approved and recalled":     {op(submit, outcome{}), op(verify, outcome{}), op(approve, outcome{}), op(recall, outcome{})},
		"approved by somebody else": {op(submit, outcome{}), op(verify, outcome{}), op(move{act: "approve", version: 1, by: 9}, outcome{})},
		"two in force":              {op(submit, outcome{}), op(move{act: "read", by: 2}, outcome{seen: "1 effective, 2 effective, 12 12 12 12 12 12 "})},
	} {
		if porcupine.CheckOperations(raceModel, history) {
			t.Errorf("%s: the model allows it", name)
		}
	}
	good := []porcupine.Operation{op(approve, outcome{code: qms.CodeConflict}), op(submit, outcome{}), op(verify, outcome{}), op(approve, outcome{}),
		op(move{act: "read", by: 2}, outcome{seen: "1 superseded, 2 effective, 2 2 2 2 2 2 "})}
	if !porcupine.CheckOperations(raceModel, good) {
		t.Error("the model refuses a plain round")
	}
}
