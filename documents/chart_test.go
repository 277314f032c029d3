package documents

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

// chart is the platform's chart for the person, today.
func (r room) chart(actor context.Context) *Chart {
	r.t.Helper()
	c, err := r.Chart(actor, mic, 0)
	r.must(err)
	return c
}

func (r room) must2(_ *Document, _ *Version, err error) {
	r.t.Helper()
	r.must(err)
}

// told writes a card's findings down.
func (c ProcessCard) told() string {
	var words []string
	for _, f := range c.Findings {
		words = append(words, fmt.Sprintf("%s %d", f.Trouble, f.Count))
	}
	return strings.Join(words, ", ")
}

func TestProcessMap_ShowsTheBandsWithWhatIsWrong(t *testing.T) {
	each(t, func(r room) {
		begun := r.db.Today()
		_, err := r.AddProcess(lead, mic, Process{Code: "ANA", Name: "Analyses", Type: Core, Owner: storetest.AgentID(2), Purpose: "Rendre un résultat juste"}, "")
		r.must(err)
		_, err = r.AddProcess(lead, mic, Process{Code: "DIR", Name: "Piloter", Type: Management}, "")
		r.must(err)
		_, sheet := r.create("PC", "ANA", "Processus analyse", "voir PR-ANA-001")
		r.approve(sheet, 0)
		_, v := r.create("PR", "ANA", "Analyser", "voir FO-ANA-001 et MO-ANA-009")
		r.approve(v, 0)
		_, form := r.create("FO", "ANA", "Feuille", "text")
		r.approve(form, 0)
		_, err = r.Withdraw(lead, Withdraw{Platform: mic, Version: form.ID, Reason: "no more"})
		r.must(err)
		r.create("PR", "ACH", "Achats", "text")
		r.must2(r.Create(writer, Create{Platform: mic, Code: "LI 1", Kind: "LI", Title: "Liste"}))
		storetest.ClockOf(r.db).Advance(100 * 24 * time.Hour)
		m := r.chart(writer).Map()
		if len(m.Bands) != 3 || len(m.Bands[1].Processes) != 1 || len(m.Bands[2].Processes) != 0 || len(m.Others) != 1 {
			t.Fatalf("%+v", m)
		}
		got := []string{m.Bands[0].Processes[0].told(), m.Bands[1].Processes[0].told(), m.Others[0].told(), m.Without.told()}
		want := []string{
			"nothing-in-force 1, owner-missing 1, purpose-missing 1",
			"unknown-links 1, obsolete-links 1",
			"drafts-long 1, nothing-in-force 1, owner-missing 1, purpose-missing 1",
			"drafts-long 1",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		card := m.Bands[1].Processes[0]
		if card.InForce != 2 || card.OwnerName != "Agent 02" || len(card.At(LevelProcedure)) != 1 || card.At(LevelProcedure)[0].UsedBy != 1 || len(card.Documents) != 2 {
			t.Errorf("%+v", card)
		}
		r.days(int(30 * 24))
		if got := r.chart(writer).Card("ANA").told(); got != "reviews-late 2, unknown-links 1, obsolete-links 1" {
			t.Errorf("two years on: %s", got)
		}
		if c := r.chart(reader); len(c.Documents) != 3 || c.Card("ACH").told() != "nothing-in-force 1, owner-missing 1, purpose-missing 1" {
			t.Errorf("a reader is told of drafts: %+v", c.Documents)
		}
		past, err := r.Chart(writer, mic, begun.AddDays(-1))
		r.must(err)
		if len(past.Documents) != 0 {
			t.Errorf("the day before: %+v", past.Documents)
		}
	})
}

// lines writes a graph down.
func (g *Graph) lines() (lines []string) {
	for _, n := range g.Nodes {
		line := n.Code
		if !n.Known {
			line += "?"
		}
		for _, e := range g.Edges {
			if g.Nodes[e.From].Code == n.Code {
				line += strings.TrimRight(" >"+g.Nodes[e.To].Code+" "+string(e.Problem), " ")
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestGraph_KeepsWhatTheFilterAsksFor(t *testing.T) {
	each(t, func(r room) {
		r.create("PC", "ANA", "Processus", "PR-ANA-001")
		r.create("PR", "ANA", "Analyser", "MO-ANA-001 FO-ACH-001 XX-1 PR-ANA-044")
		r.create("MO", "ANA", "Peser", "FO-ACH-001, selon la Feuille d’achat")
		r.create("FO", "ACH", "Feuille d’achat", "text")
		r.must2(r.Create(writer, Create{Platform: mic, Code: "LI 1", Kind: "LI", Title: "Seule"}))
		c := r.chart(writer)
		same := func(what string, f GraphFilter, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, c.Graph(f).lines()); diff != "" {
				t.Errorf("%s (-want +got)\n%s", what, diff)
			}
		}
		same("all", GraphFilter{}, "FO-ACH-001", "LI 1", "MO-ANA-001 >FO-ACH-001", "PC-ANA-001 >PR-ANA-001", "PR-ANA-001 >FO-ACH-001 >MO-ANA-001")
		same("one process", GraphFilter{Process: "ACH"}, "FO-ACH-001")
		same("one kind", GraphFilter{Kind: "MO"}, "MO-ANA-001")
		same("problems", GraphFilter{Problems: true}, "PR-ANA-001 >PR-ANA-044 unknown", "PR-ANA-044?")
		same("one step", GraphFilter{Focus: "PC-ANA-001"}, "PC-ANA-001 >PR-ANA-001", "PR-ANA-001")
		same("two steps", GraphFilter{Focus: "PC-ANA-001", Depth: 2}, "FO-ACH-001", "MO-ANA-001 >FO-ACH-001", "PC-ANA-001 >PR-ANA-001",
			"PR-ANA-001 >FO-ACH-001 >MO-ANA-001 >PR-ANA-044 unknown", "PR-ANA-044?")
		same("of no process", GraphFilter{Process: NoProcess}, "LI 1")
		by := c.Graph(GraphFilter{}).ByProcess(c.Processes)
		if diff := cmp.Diff([]string{"ACH", "ANA >ACH", ""}, by.lines()); diff != "" || by.Edges[0].Mentions != 2 {
			t.Errorf("by process (-want +got)\n%s", diff)
		}
		if g := r.chart(reader).Graph(GraphFilter{Problems: true}); len(g.Nodes) != 0 {
			t.Errorf("a reader sees drafts: %v", g.lines())
		}
	})
}

func TestLinks_ASuggestionIsConfirmedOrDismissedByAPersonForGood(t *testing.T) {
	each(t, func(r room) {
		a, va := r.create("PR", "ACH", "Achats", "la fiche colis est remplie")
		b, _ := r.create("FO", "ACH", "Fiche colis", "text")
		decide := func(v Verdict) (*LinkDecision, error) {
			return r.DecideLink(writer, DecideLink{Platform: mic, From: a.Code, To: "fo-ach-001", Verdict: v, Reason: "asked"})
		}
		r.expect("at first", r.sheet(writer, a.Code).Refers, "FO-ACH-001 title suggested")
		d, err := decide(Confirmed)
		r.must(err)
		if d.Name != "Agent 02" || d.DecidedOn != r.db.Today() || d.DecidedAt.IsZero() {
			t.Errorf("decided %+v", d)
		}
		r.expect("confirmed", r.sheet(writer, a.Code).Refers, "FO-ACH-001 title")
		r.create("FO", "ACH", "Bon de livraison froid", "text") // texts are read again
		r.approve(va, 0)
		r.next(a, "la fiche colis, de nouveau")
		r.expect("after relinking and a next version", r.sheet(writer, b.Code).ReferredBy, "PR-ACH-001 title")
		_, err = decide(Dismissed)
		r.must(err)
		r.expect("dismissed", r.sheet(writer, a.Code).Refers)
		r.expect("dismissed, from the other side", r.sheet(writer, b.Code).ReferredBy)
		if all, err := r.Links(writer, mic, 0); err != nil || len(all) != 0 {
			t.Errorf("still reported: %+v, %v", all, err)
		}
		_, err = decide(Undecided)
		r.must(err)
		r.expect("taken back", r.sheet(writer, a.Code).Refers, "FO-ACH-001 title suggested")

		_, err = decide("maybe")
		r.refused("another word", err, qms.CodeInvalid, "link.verdict")
		_, err = r.DecideLink(writer, DecideLink{Platform: mic, From: b.Code, To: a.Code, Verdict: Confirmed})
		r.refused("no link", err, qms.CodeNotFound, "link.not_found")
		_, err = r.DecideLink(writer, DecideLink{Platform: mic, From: "\x00", To: a.Code, Verdict: Confirmed})
		r.refused("no code", err, qms.CodeNotFound, "document.not_found")
		c, _ := r.create("PR", "ACH", "Tri", "FO-ACH-001")
		_, err = r.DecideLink(writer, DecideLink{Platform: mic, From: c.Code, To: b.Code, Verdict: Dismissed})
		r.refused("a link by code", err, qms.CodeConflict, "link.not_suggested")
		_, err = r.DecideLink(reader, DecideLink{Platform: mic, From: a.Code, To: b.Code, Verdict: Dismissed})
		r.refused("a reader", err, qms.CodeRefused, "right.missing")
		_, err = r.DecideLink(stranger, DecideLink{Platform: mic, From: a.Code, To: b.Code, Verdict: Dismissed})
		r.refused("a stranger", err, qms.CodeNotFound, "platform.not_found")
	})
}
