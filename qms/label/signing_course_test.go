package label

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// signs are the signatures of a kind on the platform, the newest first: what each means, and whether it holds.
func signs(t *testing.T, db *store.DB, kind string) (all []string) {
	t.Helper()
	ctx := storetest.AsSystem()
	err := db.View(ctx, qms.ReadLabel.On(candidatePlatform), func(r store.Reader) error {
		rows, err := store.Endorsements(ctx, r, candidatePlatform, r.Today())
		if err != nil {
			return err
		}
		now, err := CoveredIn(ctx, r, candidatePlatform)
		for _, e := range rows {
			if e.Kind != kind {
				continue
			}
			if e.Person == "" || e.Name == "" || e.Zone != "Europe/Paris" || len(e.Digest) != 64 || e.Label == "" {
				t.Errorf("signed %+v", e)
			}
			word := string(e.Meaning)
			if e.Holds(now[kind][e.Subject]) {
				word += " holds"
			}
			all = append(all, word)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantSigned(t *testing.T, db *store.DB, when, kind string, want ...string) {
	t.Helper()
	if got := signs(t, db, kind); !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func TestDecideCandidacy_IsSignedAndSignedAgainWithWhatItRestsOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		decide := func(d Receivability, on string) {
			t.Helper()
			c = got(r.DecideCandidacy(r.officer, DecideCandidacy{Target: c.target(), Decision: d, On: qms.MustDate(on)}))(t)
		}
		wantSigned(t, db, "received", SignedCandidacy)
		decide(Ineligible, "2026-05-06")
		wantSigned(t, db, "refused", SignedCandidacy, "decision holds")
		for i := range c.Signatories {
			c = got(r.SignLetter(r.lead, SignLetter{Target: c.target(), Signatory: i + 1, On: qms.MustDate("2026-05-20")}))(t)
		}
		wantSigned(t, db, "its letter is signed after the refusal", SignedCandidacy, "decision holds")
		storetest.ClockOf(db).Advance(time.Hour)
		decide(Eligible, "2026-05-21")
		wantSigned(t, db, "decided again", SignedCandidacy, "decision holds", "decision")
		cmd := r.stated()
		cmd.Target, cmd.Included = c.target(), "Une seule salle"
		for i := range cmd.Signatories {
			cmd.Signatories[i].SignedOn = qms.MustDate("2026-05-20")
		}
		storetest.ClockOf(db).Advance(time.Hour)
		c = got(r.CorrectCandidacy(r.officer, cmd))(t)
		wantSigned(t, db, "corrected by the programme", SignedCandidacy, "decision holds", "decision", "decision")
		storetest.ClockOf(db).Advance(time.Hour)
		got(r.VoidCandidacy(r.officer, c.target()))(t)
		wantSigned(t, db, "declared a mistake", SignedCandidacy, "void holds", "decision", "decision", "decision")
	})
}

func TestCandidacy_IsNotSignedWhileNothingIsDecided(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := candidacyRoomOf(t, db)
		c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
		cmd := r.stated()
		cmd.Target = c.target()
		c = got(r.CorrectCandidacy(r.lead, cmd))(t)
		if _, err := r.DecideCandidacy(r.officer, DecideCandidacy{Target: c.target(), Decision: Eligible, On: qms.MustDate("2026-05-21")}); err == nil {
			t.Error("eligible without its letter")
		}
		got(r.VoidCandidacy(r.lead, c.target()))(t)
		wantSigned(t, db, "in the end", SignedCandidacy)
	})
}

func TestCandidacy_SignatureBreaksWhateverIsChangedPastTheAct(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			r := candidacyRoomOf(t, db)
			c := got(r.ReceiveCandidacy(r.lead, r.stated()))(t)
			got(r.DecideCandidacy(r.officer, DecideCandidacy{Target: c.target(), Decision: Ineligible, On: qms.MustDate("2026-05-28")}))(t)
			for column, value := range map[string]string{"decision": "'eligible'", "decided_on": "'2026-05-27'", "decided_why": "'autre'", "included": "'tout'",
				"institutions": "'[]'", "staff": "70", "void": "'x'", "direct": "TRUE", "team": "'[]'"} {
				raw := storetest.Raw(t, db)
				var before any
				if err := raw.QueryRowContext(context.Background(), "SELECT "+column+" FROM candidacies").Scan(&before); err != nil {
					t.Fatal(err)
				}
				if _, err := raw.ExecContext(context.Background(), "UPDATE candidacies SET "+column+" = "+value); err != nil {
					t.Fatal(err)
				}
				wantSigned(t, db, column, SignedCandidacy, "decision")
				put := "UPDATE candidacies SET " + column + " = ?"
				if engine == store.PostgreSQL {
					put = "UPDATE candidacies SET " + column + " = $1"
				}
				if _, err := raw.ExecContext(context.Background(), put, before); err != nil {
					t.Fatal(err)
				}
				wantSigned(t, db, column+" put back", SignedCandidacy, "decision holds")
			}
		})
	}
}

func TestLiftCondition_IsSignedAndDeclaredAMistakeWithItsDecision(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		e := evaluating(t, db)
		made := e.awarded("2024-02-09")
		c := got(e.Mission(officer(), candidatePlatform, made.Mission.Number))(t).Conditions[0]
		at := At{Platform: candidatePlatform, ID: c.ID, Revision: c.Revision}
		if _, err := e.LiftCondition(officer(), LiftCondition{At: at}); err == nil {
			t.Error("lifted without evidence")
		}
		wantSigned(t, db, "open", SignedCondition)
		got(e.LiftCondition(officer(), LiftCondition{At: at, Evidence: "PR-INF-002"}))(t)
		wantSigned(t, db, "lifted", SignedCondition, "lift holds")
		wantSigned(t, db, "the decision with its conditions", SignedDecision, "decision holds")
		sheet := got(e.Mission(officer(), candidatePlatform, made.Mission.Number))(t)
		if now := sheet.Covered(); now[SignedCondition][c.ID] == "" || now[SignedCondition][c.ID] != sheet.Conditions[0].signed() {
			t.Errorf("the sheet covers %v", now)
		}
		labels := got(e.Labels(officer(), candidatePlatform))(t)
		if now, want := labels[0].Covered()[SignedDecision], sheet.Covered()[SignedDecision]; len(want) != 1 || !maps.Equal(now, want) {
			t.Errorf("the label's sheet covers the decision as %v, want %v", now, want)
		}
		storetest.ClockOf(db).Advance(time.Hour)
		d := sheet.Decision
		got(e.VoidDecision(officer(), At{Platform: candidatePlatform, ID: d.ID, Revision: d.Revision, Reason: "Erreur"}))(t)
		wantSigned(t, db, "its decision is a mistake", SignedCondition, "void holds", "lift")
		wantSigned(t, db, "the decision is a mistake", SignedDecision, "void holds", "decision")
	})
}
