package audits

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestSignatures_BreakVisiblyWhenTheExerciseChanges(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *store.DB) {
		s, officer := site(t, db)
		sheet, err := s.Draw(officer, sampleOf(Services, Upstream, 1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Conclude(officer, Conclude{Platform: platform, Exercise: sheet.Exercise.Number, Verdict: Failed, Remark: "Rien"}); err != nil {
			t.Fatal(err)
		}
		state := func() SignatureState {
			t.Helper()
			page, counts, err := s.Signatures(officer, platform, SignatureFilter{}, qms.Cursor{})
			if err != nil || len(page.Items) != 1 || page.Items[0].Covers == "" || page.Items[0].Name == "" {
				t.Fatalf("signatures: %+v, %v, %v", page, counts, err)
			}
			return page.Items[0].State
		}
		if got := state(); got != SignatureHolds {
			t.Errorf("concluded: %s", got)
		}
		if _, err := storetest.Raw(t, db).ExecContext(t.Context(), "UPDATE exercises SET remark = 'Tout'"); err != nil {
			t.Fatal(err)
		}
		if got := state(); got != SignatureBroken {
			t.Errorf("changed past everything: %s", got)
		}
		page, counts, err := s.Signatures(officer, platform, SignatureFilter{State: SignatureHolds}, qms.Cursor{})
		if err != nil || len(page.Items) != 0 || counts[SignatureBroken] != 1 {
			t.Errorf("narrowed: %+v, %v, %v", page, counts, err)
		}
		for _, role := range []qms.Role{qms.Member, qms.User} {
			if _, _, err := s.Signatures(storetest.As(role, platform), platform, SignatureFilter{}, qms.Cursor{}); err == nil {
				t.Errorf("%s reads all signatures", role)
			}
		}
	})
}

// onEach is storetest.Each for a test that writes past the store, which that would find at the end.
func onEach(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) { f(t, storetest.Open(t, engine)) })
	}
}
