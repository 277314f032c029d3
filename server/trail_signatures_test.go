package main

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/server/app"
)

// TestTrailVerify_CountsSignaturesAndNamesTheBrokenOne alters what an exemption says, past the program: the command
// counts the signatures, names the one that broke, and ends with another status.
func TestTrailVerify_CountsSignaturesAndNamesTheBrokenOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	exempted(t, dir)
	verify := func(lang string, more ...string) (int, string) {
		status, out, _ := typed(t, lang, append([]string{"trail", "verify", "--data", dir}, more...)...)
		return status, out
	}
	if status, out := verify("C"); status != done || !strings.Contains(out, "1 signatures, of which 1 hold and 0 are broken") || !strings.Contains(out, "nothing was altered") {
		t.Errorf("ends with %d: %s", status, out)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "maillon.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "UPDATE exemptions SET reason = 'nous sommes dix'")
	if closed := db.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	if status, out := verify("fr_FR.UTF-8", "--quick"); status != refused || !strings.Contains(out, "1 signatures, of which 0 hold and 1 are broken") ||
		!strings.Contains(out, "la signature de Agent 07 du ") || !strings.Contains(out, "est rompue, ce qu’elle couvre a changé") ||
		!strings.Contains(out, "signature-broken platform PLT endorsements ") {
		t.Errorf("ends with %d: %s", status, out)
	}
	status, out := verify("C", "--json", "--platform", "PLT")
	var report trailReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != refused || report.Sound {
		t.Fatalf("ends with %d: %s %v", status, out, err)
	}
	if report.Signatures != 1 || report.SignaturesHold != 0 || report.SignaturesBroken != 1 || report.Found != 2 {
		t.Errorf("%+v", report)
	}
	for _, d := range report.Defects {
		if d.Kind == "signature-broken" && (d.Signatory != "Agent 07" || d.Meaning != "exempt" || d.SignedAt.IsZero() || d.Platform != "PLT" || d.Row == "" || d.Sentence == "") {
			t.Errorf("%+v", d)
		}
	}
}

// exempted makes a site on the folder whose platform holds one signed exemption.
func exempted(t *testing.T, dir string) {
	t.Helper()
	if status, out, fault := typed(t, "C", "platform", "add", "PLT", "--name", "Platform", "--data", dir); status != done {
		t.Fatalf("%d: %s%s", status, out, fault)
	}
	h, err := app.Open(t.Context(), app.Settings{Data: dir, Origin: "maillon", Zone: "Europe/Paris"}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	system := qms.WithActor(t.Context(), qms.System("test"))
	p, err := h.People.PlatformByCode(system, "PLT")
	if err != nil {
		t.Fatal(err)
	}
	added, err := h.People.AddMember(system, people.AddMember{Platform: p.ID, Code: "P07", Name: "Agent 07"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := qms.WithActor(t.Context(), qms.Actor{ID: added.Person, Name: "Agent 07", Grants: []qms.Grant{{Role: qms.QualityLead, Platform: p.ID}}})
	if _, err := h.Documents.Exempt(ctx, documents.Exempt{Platform: p.ID, Allows: documents.VerifierApproves, Reason: "nous sommes deux"}); err != nil {
		t.Fatal(err)
	}
}
