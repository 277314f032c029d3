package audits

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"maillon/audits/integrity"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// brokenSignatures are the signatures that the check of the site names, in the language.
func (d *drill) brokenSignatures(language string) (said []string) {
	d.t.Helper()
	r, err := d.checks.Verify(storetest.AsSystem(), integrity.Question{Platform: d.platform.ID})
	d.must(err)
	for _, one := range r.Defects {
		if one.Kind == integrity.SignatureBroken {
			said = append(said, one.Say(locale.For(language)))
			if one.Code != "MIC" || one.Signatory == "" || one.SignedAt.IsZero() || one.Row == "" || len(one.Parts) == 0 {
				d.t.Errorf("%+v", one)
			}
		}
	}
	if r.SignaturesBroken != int64(len(said)) || r.SignaturesHold+r.SignaturesBroken != r.Signatures || r.Signatures != 4 {
		d.t.Errorf("%d signatures, %d hold, %d are broken; named %d", r.Signatures, r.SignaturesHold, r.SignaturesBroken, len(said))
	}
	slices.Sort(said)
	return said
}

// TestCheckSignatures_NamesEachThatIsBroken alters signed records by hand: the check of the site names each
// signature with who gave it and when, whatever else it finds.
func TestCheckSignatures_NamesEachThatIsBroken(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := openDrill(t, engine)
			if said := d.brokenSignatures("en"); len(said) != 0 {
				t.Fatalf("before anything was altered: %q", said)
			}
			d.exec("UPDATE versions SET approver = verifier WHERE id = '%s'", d.version.ID)
			d.exec("UPDATE exercises SET remark = 'rien à reprendre'")
			when := locale.For(locale.English).FullInstant(d.signed()["approved"].At)
			want := []string{
				"Traceability exercise EXE-2026-001: the signature of Agent 02 of " + when + " (evaluation) is broken, what it covers has changed",
				"Version of a document PR-ACH-001 v1.0: the signature of Agent 04 of " + when + " (approval) is broken, what it covers has changed"}
			if said := d.brokenSignatures("en"); !slices.Equal(said, want) {
				t.Errorf("said %q\nwant %q", said, want)
			}
			if said := d.brokenSignatures("fr"); len(said) != 2 || !strings.Contains(said[1], "la signature de Agent 04 du ") || !strings.Contains(said[1], "(approbation) est rompue") {
				t.Errorf("en français : %q", said)
			}
			other := vault.Digest{7}
			d.exec("UPDATE versions SET content = %s WHERE id = '%s'", d.bytes(other[:]), d.version.ID)
			if said := d.brokenSignatures("en"); len(said) != 4 {
				t.Errorf("another content under three signatures: %q (%s)", said, hex.EncodeToString(other[:2]))
			}
		})
	}
}

// TestSignatures_OfAReleaseAreAmendedByACorrectionAndBrokenByAHand tells a lawful correction of a released report
// from what was altered past the trail.
func TestSignatures_OfAReleaseAreAmendedByACorrectionAndBrokenByAHand(t *testing.T) {
	t.Parallel()
	signature := store.Endorsed{Endorsement: qms.Endorsement{Kind: trace.SignedRelease, Subject: "r", Digest: "a", SignedAt: storetest.Now}}
	heldOne := func(e store.Endorsed, now map[string]map[qms.ID]string) SignatureState {
		return Held([]store.Endorsed{e}, now)[0].State
	}
	now := map[string]map[qms.ID]string{signature.Kind: {signature.Subject: "b"}}
	for since, want := range map[bool]SignatureState{true: SignatureAmended, false: SignatureBroken} {
		signature.Since = since
		if got := heldOne(signature, now); got != want {
			t.Errorf("changed by an act since: %t: %s", since, got)
		}
	}
	now[signature.Kind][signature.Subject] = "a"
	if got := heldOne(signature, now); got != SignatureHolds {
		t.Errorf("as it was: %s", got)
	}
	signature.Kind, signature.Since = "mission-report", true
	if got := heldOne(signature, map[string]map[qms.ID]string{signature.Kind: {signature.Subject: "b"}}); got != SignatureBroken {
		t.Errorf("what only a signed act may change: %s", got)
	}
}

// TestSignatures_OfAReleaseKnowFromTheTrailThatTheReportWasCorrected releases a report, declares it a mistake by an
// act, and then alters another by hand.
func TestSignatures_OfAReleaseKnowFromTheTrailThatTheReportWasCorrected(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := openDrill(t, engine)
			person := d.textOf("SELECT person FROM memberships LIMIT 1")
			report := qms.ID(d.textOf("SELECT id FROM reports WHERE number = 'RAP-2026-0001'"))
			target := trace.Target{Platform: d.platform.ID, ID: report, Revision: 1, Reason: "erreur"}
			released, err := d.trace.ReleaseReport(d.lead, trace.ReleaseReport{Target: target, By: qms.ID(person), On: day("2026-02-04"), Signs: true})
			d.must(err)
			state := func() SignatureState { return d.signed()["release"].State }
			if got := state(); got != SignatureHolds {
				t.Fatalf("released: %s", got)
			}
			d.exec("UPDATE reports SET data_place = 'ailleurs' WHERE id = '%s'", report)
			if got := state(); got != SignatureBroken {
				t.Errorf("altered by hand: %s", got)
			}
			d.exec("UPDATE reports SET data_place = '%s' WHERE id = '%s'", released.DataPlace, report)
			target.Revision = released.Revision
			_, err = d.trace.VoidReport(d.lead, target)
			d.must(err)
			if got := state(); got != SignatureAmended {
				t.Errorf("declared a mistake by an act: %s", got)
			}
		})
	}
}

func (d *drill) textOf(query string) (text string) {
	d.t.Helper()
	d.must(d.raw.QueryRow(query).Scan(&text))
	return text
}
