package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

// released has P02 of MIC sign the release of the report of the chain.
func (s *site) released(number string) {
	s.t.Helper()
	p, who := s.platform["MIC"], qms.ID(s.memberOf(s.t, "MIC"))
	ctx := qms.WithActor(s.t.Context(), qms.Actor{ID: who, Name: "Agent 42", Grants: []qms.Grant{{Role: qms.QualityLead, Platform: p}}})
	d, err := s.Trace.Dossier(ctx, p, number, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	r := d.Chain.Reports[0]
	target := trace.Target{Platform: p, ID: r.ID, Revision: r.Revision}
	if _, err := s.Trace.ReleaseReport(ctx, trace.ReleaseReport{Target: target, By: who, On: s.DB.Today(), Signs: true}); err != nil {
		s.t.Fatal(err)
	}
}

// TestDossier_ShowsTheSignatureThatReleasedItsReport releases a report and reads its dossier: who signed, in which
// zone, what of the digest, and that it holds, for no more statements than the page may ask for.
func TestDossier_ShowsTheSignatureThatReleasedItsReport(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.chained(1)
	lead, auditor := s.holding(qms.QualityLead, "MIC"), s.holding(qms.Auditor, "MIC")
	const page = "/p/MIC/services/DEM-2024-0001"
	if a := lead.get(page); strings.Contains(a.body, `id="signed-h"`) {
		t.Error("shows signatures of a report that nobody released")
	}
	s.released("DEM-2024-0001")
	for _, b := range []*browser{lead, auditor} {
		a, count := b.counted(page)
		t.Logf("%d statements", count)
		if count > maxStatements {
			t.Errorf("%d statements", count)
		}
		b.says("the dossier", a, http.StatusOK, `id="signed-h"`, "Libération d’un rapport", "RAP-2024-0001", "Agent 42", "Europe/Paris", "Tient", "/p/MIC/trail/rows/")
	}
	if a := lead.get(page + "?as_of=2024-03-09"); strings.Contains(a.body, `id="signed-h"`) {
		t.Error("shows on a past day what was signed later")
	}
	lead.done("/p/MIC/services/RAP-2024-0001/void", url.Values{"revision": {"2"}, "reason": {"saisi deux fois"}})
	lead.says("voided", lead.get(page), http.StatusOK, "Modifié depuis par un acte du journal")
	lead.leadsOn("/p/MIC/signatures", "Modifié depuis par un acte du journal")
}

// TestExemptions_ShowTheirSignatures grants an exemption and reads the page of exemptions.
func TestExemptions_ShowTheirSignatures(t *testing.T) {
	t.Parallel()
	s := open(t)
	lead, member := s.holding(qms.QualityLead, "MIC"), s.holding(qms.Member, "MIC")
	const page = "/p/MIC/documents/exemptions"
	lead.done(page+"/new", url.Values{"allows": {"verifier-approver"}, "reason": {"nous sommes deux"}, "password": {password}})
	member.says("the page", member.get(page), http.StatusOK, `id="signed-h"`, "dérogation", "Europe/Paris", "Tient")
	user := s.holding(qms.User, "MIC")
	if a := user.get(page); a.status == http.StatusOK && strings.Contains(a.body, `id="signed-h"`) {
		t.Error("a user of equipment is shown who signed")
	}
}
