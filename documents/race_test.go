package documents

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store/storetest"
)

// race is a document on which many act at once.
type race struct {
	room
	code     string
	content  vault.Digest
	document qms.ID
	start    time.Time
	mu       sync.Mutex
	versions []*Version // as they were made, by number
	history  []porcupine.Operation
}

func agent(n int) context.Context {
	role := qms.Member
	if n == 5 {
		role = qms.QualityLead
	}
	return storetest.AsPerson(storetest.AgentID(n), fmt.Sprintf("Agent %02d", n), qms.Grant{Role: role, Platform: mic})
}

// do asks the service for the move and notes what came of it, and when.
func (r *race) do(client int, m move) outcome {
	call := time.Since(r.start).Nanoseconds()
	out := r.ask(m)
	back := time.Since(r.start).Nanoseconds()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: m, Call: call, Output: out, Return: back})
	return out
}

func (r *race) ask(m move) outcome {
	ctx := agent(m.by)
	if m.act == "read" {
		s, err := r.SheetByCode(ctx, mic, r.code, 0)
		if err != nil {
			return outcome{code: qms.CodeOf(err), seen: err.Error()}
		}
		return outcome{seen: readOff(s, r.db.Today())}
	}
	err := r.act(ctx, m)
	if err != nil && qms.CodeOf(err) == "" {
		return outcome{code: "internal", seen: err.Error()}
	}
	return outcome{code: qms.CodeOf(err)}
}

func (r *race) act(ctx context.Context, m move) (err error) {
	if m.act == "new" {
		v, err := r.NewVersion(ctx, NewVersion{Platform: mic, Document: r.document, Reason: "better", File: &File{Name: "n.md", Size: 1, Digest: r.content}})
		if err == nil {
			r.mu.Lock()
			r.versions = append(r.versions, v)
			r.mu.Unlock()
		}
		return err
	}
	r.mu.Lock()
	v := r.versions[m.version].ID
	r.mu.Unlock()
	verifier, approver := storetest.AgentID(m.verifier), storetest.AgentID(m.approver)
	switch m.act {
	case "submit":
		_, err = r.Submit(ctx, Submit{Platform: mic, Version: v, Revision: m.rev, Verifier: verifier, Approver: approver})
	case "verify":
		_, err = r.Verify(ctx, Verify{Platform: mic, Version: v, Revision: m.rev})
	case "approve":
		_, err = r.Approve(ctx, Approve{Platform: mic, Version: v, Revision: m.rev, EffectiveFrom: r.db.Today().AddDays(m.from)})
	case "reject":
		_, err = r.Reject(ctx, Reject{Platform: mic, Version: v, Revision: m.rev, Reason: "no"})
	case "recall":
		_, err = r.Recall(ctx, Recall{Platform: mic, Version: v, Revision: m.rev, Reason: "wait"})
	case "reassign":
		_, err = r.Reassign(ctx, Reassign{Platform: mic, Version: v, Revision: m.rev, Verifier: verifier, Approver: approver, Reason: "away"})
	case "withdraw":
		_, err = r.Withdraw(ctx, Withdraw{Platform: mic, Version: v, Reason: "wrong"})
	}
	return err
}

// readOff is world.read of what the room shows.
func readOff(s *Sheet, today qms.Date) string {
	var b strings.Builder
	for i := range s.Versions {
		e := s.Versions[len(s.Versions)-1-i]
		fmt.Fprintf(&b, "%d %s, ", i+1, e.StateThen)
	}
	for d := range raceDays {
		in := 0
		for i := range s.Versions {
			if s.Versions[i].InForceOn(today.AddDays(d)) {
				in = in*10 + len(s.Versions) - i
			}
		}
		fmt.Fprintf(&b, "%d ", in)
	}
	return b.String()
}

// wander is one client: it asks for what its part in the round lets it want, wisely or not.
func (r *race) wander(client int, moves int, rnd *rand.Rand) {
	for range moves {
		r.mu.Lock()
		n := len(r.versions)
		r.mu.Unlock()
		m := move{version: n - 1, verifier: 3, approver: 4}
		if rnd.IntN(4) == 0 {
			m.verifier = 8
		}
		if rnd.IntN(4) == 0 {
			m.approver = 9
		}
		if n > 1 && rnd.IntN(5) == 0 {
			m.version = rnd.IntN(n)
		}
		wants := [][]string{
			{"submit", "submit", "submit", "submit", "recall", "reassign", "new", "new", "read"}, {"verify", "verify", "verify", "verify", "verify", "reject"},
			{"approve", "approve", "approve", "approve", "approve", "approve", "approve", "reject"}, {"withdraw", "recall", "reassign", "read", "read", "read"},
		}[client%4]
		m.act = wants[rnd.IntN(len(wants))]
		switch {
		case m.act == "verify":
			m.by = m.verifier
		case m.act == "approve":
			m.by, m.from = m.approver, rnd.IntN(4)
		case m.act == "reject":
			m.by = []int{m.verifier, m.approver}[rnd.IntN(2)]
		case client%4 == 3:
			m.by = 5
		default:
			m.by = 2
		}
		if m.act == "new" && n == raceVersions {
			continue
		}
		if rnd.IntN(6) == 0 && m.act != "new" && m.act != "read" && m.act != "withdraw" {
			m.rev = 1 + rnd.Int64N(4)
		}
		if r.do(client, m).code == "" && m.act == "submit" && rnd.IntN(2) == 0 { // both signatures at hand
			r.do(client, move{act: "verify", version: m.version, by: m.verifier})
		}
	}
}

// TestRaces_AreOnesTheModelAllows lets eight clients, two for each part, act at once on one document.
func TestRaces_AreOnesTheModelAllows(t *testing.T) {
	const documents, clients, moves = 6, 8, 7
	each(t, func(r room) {
		done := map[string]int{}
		for i := range documents {
			race := r.race(fmt.Sprintf("Course %d", i))
			var all sync.WaitGroup
			for client := range clients {
				all.Go(func() { race.wander(client, moves, rand.New(rand.NewPCG(uint64(i), uint64(client)))) })
			}
			all.Wait()
			race.do(0, move{act: "read", by: 2})
			race.linearizable(t)
			for _, op := range race.history {
				if op.Output.(outcome).code == "" {
					done[op.Input.(move).act]++
				}
			}
		}
		t.Logf("%s: done %v", r.db.Engine(), done)
	})
}

// race makes a document with one version in force and a draft of the next.
func (r room) race(title string) *race {
	d, one := r.create("PR", "ACH", title, "text of "+title)
	r.approve(one, r.db.Today())
	two := r.next(d, "next of "+title)
	return &race{room: r, code: d.Code, document: d.ID, content: two.Content, versions: []*Version{one, two}, start: time.Now()}
}

func (r *race) linearizable(t *testing.T) {
	t.Helper()
	result, _ := porcupine.CheckOperationsVerbose(raceModel, r.history, time.Minute)
	if result == porcupine.Ok {
		return
	}
	t.Errorf("%s: %s: no order of the acts explains what came of them", r.code, result)
	for _, op := range r.history {
		t.Logf("%8d to %8d, client %d: %+v: %+v", op.Call/1000, op.Return/1000, op.ClientId, op.Input, op.Output)
	}
}

// duel lets both moves of a version that was verified go at once, several times over, and wants
// only the pairs of outcomes that some order explains.
func duel(t *testing.T, r room, name string, prepare func(*race), first, second move, want ...[2]qms.Code) {
	t.Helper()
	seen := map[[2]qms.Code]int{}
	for i := range 5 {
		race := r.race(fmt.Sprintf("%s %d", name, i))
		race.do(9, move{act: "submit", version: 1, by: 2, verifier: 3, approver: 4})
		race.do(9, move{act: "verify", version: 1, by: 3})
		if prepare != nil {
			prepare(race)
		}
		var a, b outcome
		var both sync.WaitGroup
		both.Go(func() { a = race.do(0, first) })
		both.Go(func() { b = race.do(1, second) })
		both.Wait()
		race.do(0, move{act: "read", by: 2})
		race.linearizable(t)
		seen[[2]qms.Code{a.code, b.code}]++
	}
	for _, pair := range want {
		delete(seen, pair)
	}
	if len(seen) > 0 {
		t.Errorf("%s: ended as %v, want one of %v", name, seen, want)
	}
}

func TestRaces_OfTwoEndInOneWinner(t *testing.T) {
	each(t, func(r room) {
		approve := move{act: "approve", version: 1, by: 4}
		ok, conflict := qms.Code(""), qms.CodeConflict
		one := [][2]qms.Code{{ok, conflict}, {conflict, ok}}
		duel(t, r, "Deux approbations", nil, approve, approve, one...)
		duel(t, r, "Approbation et rappel", nil, approve, move{act: "recall", version: 1, by: 5}, one...)
		duel(t, r, "Approbation et refus", nil, approve, move{act: "reject", version: 1, by: 3}, one...)
		duel(t, r, "Approbation et retrait", nil, approve, move{act: "withdraw", version: 1, by: 5}, [2]qms.Code{ok, ok}, [2]qms.Code{conflict, ok})
		duel(t, r, "Approbation et autre approbateur", nil, approve, move{act: "reassign", version: 1, by: 2, verifier: 3, approver: 9},
			[2]qms.Code{ok, conflict}, [2]qms.Code{qms.CodeRefused, ok})
		duel(t, r, "Approbation et autre vérificateur", nil, approve, move{act: "reassign", version: 1, by: 2, verifier: 8, approver: 4}, one...)
		duel(t, r, "Approbation et retrait de la précédente", nil, move{act: "approve", version: 1, by: 4, from: 2}, move{act: "withdraw", version: 0, by: 5}, [2]qms.Code{ok, ok})
		planned := func(race *race) { // 2.0 takes effect in three days, 3.0 was verified
			race.do(9, move{act: "approve", version: 1, by: 4, from: 3})
			race.do(9, move{act: "new", by: 2})
			race.do(9, move{act: "submit", version: 2, by: 2, verifier: 3, approver: 4})
			race.do(9, move{act: "verify", version: 2, by: 3})
		}
		duel(t, r, "Effet avant une version prévue", planned, move{act: "approve", version: 2, by: 4, from: 1}, move{act: "withdraw", version: 1, by: 5},
			[2]qms.Code{ok, ok}, [2]qms.Code{qms.CodeInvalid, ok})
		duel(t, r, "Effet après une version prévue", planned, move{act: "approve", version: 2, by: 4, from: 4}, move{act: "withdraw", version: 1, by: 5}, [2]qms.Code{ok, ok})
	})
}
