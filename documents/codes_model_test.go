package documents

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
)

var errHalfWay = errors.New("the transaction fails half way")

// failHalfWay makes a document as Create does, and fails before the transaction ends.
func failHalfWay(r room, cmd Create) error {
	act := qms.Act{Name: "document.create", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: qms.NewID(r.db.Now())}
	return r.db.Change(writer, act, func(tx *store.Tx) error {
		d, _, err := r.newDocument(context.WithoutCancel(writer), tx, cmd)
		if err != nil {
			return err
		}
		if err := tx.Insert(writer, d); err != nil {
			return err
		}
		return errHalfWay
	})
}

// The model of codes: a code is given out as the pattern in force says, its number one more than the
// highest among all codes of its series; an adopted one is taken as it is, once.
type (
	codesAsked struct {
		act     string // "create", "adopt", "pattern"
		process string
		text    string // the code to adopt, or the pattern to set
	}
	codesAnswer struct {
		code    string
		refused bool
	}
	codesState struct {
		pattern string
		codes   map[string]bool
	}
)

func (s codesState) step(in codesAsked, out codesAnswer) (bool, codesState) {
	next := codesState{s.pattern, maps.Clone(s.codes)}
	switch in.act {
	case "pattern":
		next.pattern = in.text
		return !out.refused, next
	case "adopt":
		if s.codes[in.text] {
			return out.refused, s
		}
		next.codes[in.text] = true
		return !out.refused && out.code == in.text, next
	}
	p := MustPattern(s.pattern)
	parts := Parts{Kind: "PR", Process: in.process}
	series, _ := p.Series(parts)
	for code := range s.codes {
		if read, ok := p.Match(code); ok {
			if of, _ := p.Series(read); of == series {
				parts.Seq = max(parts.Seq, read.Seq)
			}
		}
	}
	parts.Seq++
	want, _ := p.Print(parts)
	next.codes[want] = true
	return !out.refused && out.code == want, next
}

var codesModel = porcupine.Model{
	Init: func() any { return codesState{DefaultPattern, map[string]bool{}} },
	Step: func(state, in, out any) (bool, any) {
		ok, next := state.(codesState).step(in.(codesAsked), out.(codesAnswer))
		return ok, next
	},
	Equal: func(a, b any) bool {
		x, y := a.(codesState), b.(codesState)
		return x.pattern == y.pattern && maps.Equal(x.codes, y.codes)
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v -> %+v", in, out) },
}

// do asks the service.
func (r room) do(in codesAsked) codesAnswer {
	if in.act == "pattern" {
		_, err := r.SetPattern(lead, mic, in.text, "", "")
		return codesAnswer{refused: err != nil}
	}
	d, _, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: in.process, Code: in.text, Title: "Document"})
	if err != nil {
		return codesAnswer{refused: true}
	}
	return codesAnswer{code: d.Code}
}

// patternsAsked are such that none reads the numbers of another otherwise than the model does.
var patternsAsked = []string{DefaultPattern, "{process}.{kind}.{seq:2}", "{kind}_{seq:4}"}

func anyAct(n func(int) int) codesAsked {
	process := []string{"ACH", "MIC"}[n(2)]
	switch n(8) {
	case 0:
		return codesAsked{act: "pattern", text: patternsAsked[n(len(patternsAsked))]}
	case 1, 2:
		code := []string{"PR-%s-%03d", "%s.PR.%02d", "OLD %s %d"}[n(3)]
		return codesAsked{act: "adopt", process: process, text: fmt.Sprintf(code, process, 1+n(12))}
	}
	return codesAsked{act: "create", process: process}
}

func TestCodes_AreIssuedInAnOrderThatTheModelAllows(t *testing.T) {
	each(t, func(r room) {
		const clients, acts = 6, 12
		seed := uint64(r.db.Today())
		var mu sync.Mutex
		var history []porcupine.Operation
		var wait sync.WaitGroup
		begun := time.Now()
		for c := range clients {
			random := rand.New(rand.NewPCG(seed, uint64(c))) //nolint:gosec // no secret
			wait.Go(func() {
				for range acts {
					if random.IntN(5) == 0 {
						if err := failHalfWay(r, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: "Fails"}); !errors.Is(err, errHalfWay) {
							t.Error(err)
						}
					}
					in := anyAct(random.IntN)
					call := time.Since(begun)
					out := r.do(in)
					back := time.Since(begun)
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: c, Input: in, Output: out, Call: call.Nanoseconds(), Return: back.Nanoseconds()})
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if result := porcupine.CheckOperationsTimeout(codesModel, history, time.Minute); result != porcupine.Ok {
			slices.SortFunc(history, func(a, b porcupine.Operation) int { return int(a.Return - b.Return) })
			for _, op := range history {
				t.Logf("%d %+v -> %+v", op.ClientId, op.Input, op.Output)
			}
			t.Errorf("the history is %s", result)
		}
	})
}

func TestCodes_OneAfterTheOtherFollowTheModel(t *testing.T) {
	each(t, func(r room) {
		state := codesState{DefaultPattern, map[string]bool{}}
		rapid.Check(t, func(t *rapid.T) {
			for range rapid.IntRange(1, 4).Draw(t, "acts") {
				in := anyAct(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") })
				out := r.do(in)
				ok, next := state.step(in, out)
				if !ok {
					t.Fatalf("%+v -> %+v after %v", in, out, slices.Sorted(maps.Keys(state.codes)))
				}
				state = next
			}
		})
	})
}
