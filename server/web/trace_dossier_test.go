package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

// chained gives DEM-2024-0001 of MIC so many quotes, reports, invoices, samples and files.
func (s *site) chained(n int) {
	s.t.Helper()
	person, piece := s.furnished()
	p, ctx, day := s.platform["MIC"], s.system(), qms.MustDate("2024-03-01")
	check := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	r, err := s.Trace.RecordRequest(ctx, trace.RecordRequest{Platform: p, Date: day, Client: "Client 01", ClientStatus: trace.Academic, Subject: "Lames"})
	check(err)
	file := func(kind trace.EvidenceKind, id qms.ID, name string) {
		f, err := s.Trace.Receive(ctx, p, name, strings.NewReader(name))
		check(err)
		_, err = s.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: p, Kind: kind, Subject: id, File: f})
		check(err)
	}
	file(trace.OfRequest, r.ID, "demande.txt")
	for i := range n {
		q, err := s.Trace.RecordQuote(ctx, trace.RecordQuote{Platform: p, Request: r.Number, Date: day, Total: 100})
		check(err)
		file(trace.OfQuote, q.ID, fmt.Sprintf("devis-%d.txt", i))
		_, err = s.Trace.AcceptQuote(ctx, trace.AnswerQuote{Target: trace.Target{Platform: p, ID: q.ID, Revision: q.Revision}, On: day})
		check(err)
		report, err := s.Trace.RecordReport(ctx, trace.RecordReport{Platform: p, Request: r.Number, Date: day, AnalysedOn: day, Operator: person, Equipment: piece.ID,
			Instruction: "MO-ANA-001", InstructionVersion: "1.0"})
		check(err)
		file(trace.OfReport, report.ID, fmt.Sprintf("rapport-%d.txt", i))
		invoice, err := s.Trace.RecordInvoice(ctx, trace.RecordInvoice{Platform: p, Request: r.Number, Date: day, Total: qms.Money(100 + i), External: fmt.Sprintf("COMPTA-%d", i)})
		check(err)
		file(trace.OfInvoice, invoice.ID, fmt.Sprintf("facture-%d.txt", i))
		_, err = s.Trace.ReceiveSample(ctx, trace.ReceiveSample{Platform: p, Request: r.Number, Description: fmt.Sprintf("Lame %d", i), ReceivedOn: day, ReceivedBy: person})
		check(err)
	}
}

// TestDossier_AsksTheDatabaseLittle counts the statements of a dossier, whoever reads it and however
// much it holds.
func TestDossier_AsksTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 7} {
		s := open(t)
		s.chained(n)
		for _, role := range []qms.Role{qms.Manager, qms.Auditor} {
			b := s.holding(role, "MIC")
			for _, number := range []string{"DEM-2024-0001", "FAC-2024-0001", "ECH-2024-0001"} {
				a, count := b.counted("/p/MIC/services/" + number)
				t.Logf("%d of each, %s, %s: %d statements", n, role, number, count)
				last := fmt.Sprintf("-%d.txt", n-1)
				for _, want := range []string{"devis" + last, "rapport" + last, "facture" + last, "demande.txt", fmt.Sprintf("Lame %d", n-1), fmt.Sprintf("COMPTA-%d", n-1)} {
					if !strings.Contains(a.body, want) {
						t.Errorf("%s does not show %s", number, want)
					}
				}
				if a.status != http.StatusOK || count > maxStatements {
					t.Errorf("%d of each: %d statements, status %d", n, count, a.status)
				}
			}
		}
	}
}

func TestDossier_WalksSamplesReleaseAndItsJournalOnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.chained(1)
	b := s.holding(qms.QualityLead, "MIC")
	lead := s.memberOf(t, "MIC")
	steps := []struct {
		path string
		form url.Values
		says string
	}{
		{"/p/MIC/services/DEM-2024-0001/sample", url.Values{"request": {"DEM-2024-0001"}, "description": {"Bloc <i>2</i>"}, "received_on": {"02/03/2024"}}, "Bloc &lt;i&gt;2&lt;/i&gt;"},
		{"/p/MIC/services/samples/ECH-2024-0002/fate", url.Values{"revision": {"1"}, "fate": {"returned"}, "on": {"09/03/2024"}, "by": {lead}}, "Rendu au client"},
		{"/p/MIC/services/samples/ECH-2024-0002/void", url.Values{"revision": {"2"}, "reason": {"saisi deux fois"}}, "saisi deux fois"},
		{"/p/MIC/services/RAP-2024-0001/release", url.Values{"revision": {"1"}, "on": {s.DB.Today().String()}, "by": {lead}, "password": {password}}, "Libéré par Agent 42"},
	}
	for _, step := range steps {
		a := b.post(step.path, step.form)
		for a.status == http.StatusSeeOther {
			a = b.get(a.header.Get("Location"))
		}
		if a.status != http.StatusOK || !strings.Contains(a.body, step.says) {
			t.Fatalf("%s: status %d, %q is not said:\n%s", step.path, a.status, step.says, a.body)
		}
	}
	journal := b.get("/p/MIC/services/DEM-2024-0001/journal")
	for _, said := range []string{"Libération d’un rapport", "Réception d’un échantillon", "saisi deux fois", "Enregistrement d’une facture"} {
		if !strings.Contains(journal.body, said) {
			t.Errorf("the journal (%d) does not say %q", journal.status, said)
		}
	}
	if a := b.get("/p/MIC/services/DEM-2024-0001/times"); a.status != http.StatusOK || !strings.Contains(a.body, "De la demande au devis") {
		t.Errorf("the times: %d", a.status)
	}
	cover := b.get("/p/MIC/services/RAP-2024-0001/cover")
	if cover.status != http.StatusOK || !strings.HasPrefix(cover.body, "%PDF") {
		t.Errorf("the cover: %d", cover.status)
	}
	if a := b.get("/p/MIC/services/DEM-2024-0001/cover"); a.status != http.StatusNotFound {
		t.Errorf("the cover of a request: %d", a.status)
	}
	if a := b.post("/p/MIC/services/DEM-2024-0001/close", url.Values{"revision": {"1"}, "as": {"cancelled"}, "on": {"09/03/2024"}, "reason": {"plus besoin"}}); a.status != http.StatusConflict {
		t.Errorf("a request with a report is closed: %d", a.status)
	}
}

// memberOf is a member of the platform, as forms name them.
func (s *site) memberOf(t *testing.T, code string) string {
	t.Helper()
	members, err := s.People.Members(s.system(), s.platform[code])
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.Code == "P02" {
			return string(m.Person)
		}
	}
	t.Fatal("nobody")
	return ""
}

func TestReportForm_ProposesWhatHeldOnTheDay(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.chained(1)
	_, piece := "", ""
	all, _, err := s.Trace.EquipmentList(s.system(), s.platform["MIC"], trace.EquipmentFilter{}, qms.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	piece = string(all.Items[0].Equipment.ID)
	b := s.holding(qms.Member, "MIC")
	ask := func(day string) answer {
		return b.post("/p/MIC/services/DEM-2024-0001/report", url.Values{"propose": {"1"}, "request": {"DEM-2024-0001"}, "analysed_on": {day}, "equipment": {piece}, "data_place": {"là"}})
	}
	in, after := ask("01/06/2024"), ask("01/06/2025")
	if in.status != http.StatusOK || !strings.Contains(in.body, "P02, Agent 42\u202f: habilité ce jour-là") || !strings.Contains(in.body, `value="là"`) {
		t.Errorf("while it holds: %d\n%s", in.status, in.body)
	}
	if after.status != http.StatusOK || !strings.Contains(after.body, "P02, Agent 42\u202f: sans habilitation valide ce jour-là") {
		t.Errorf("after it ended: %d", after.status)
	}
	if n := strings.Count(b.get("/p/MIC/services/DEM-2024-0001").body, "RAP-2024-0002"); n != 0 {
		t.Error("asking for proposals recorded a report")
	}
}
