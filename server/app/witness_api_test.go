package app

import (
	"net/http"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trail"
)

type keptAnswer struct{ ID, Note string }

// continued is the proof between two kept checkpoints as anybody reads it.
type continued struct {
	Older, Newer string
	Proof        []trail.Hash `json:"consistency_proof"`
}

func TestCheckpointsAPI_ProveThatATrailGoesOnOfAPlatformAndOfTheSite(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	admin, manager, member := s.token(t, qms.Administrator, ""), s.entered(t, qms.Manager), s.entered(t, qms.Member)
	head, err := s.Trail.Checkpoint(asSystem(t), "")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := trail.ParseVerifier(head.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	for at, keeper := range map[string]string{"/platforms/PLT/trail/checkpoints": manager, "/trail/checkpoints": admin} {
		var first, second keptAnswer
		s.call(t, "POST", at, keeper, "", http.StatusCreated, &first)
		if _, err := s.People.AddUser(asSystem(t), people.AddUser{Email: keeper[:8] + "@plateforme.example", Name: "Agent 02", Role: qms.Member, Platform: s.platform["PLT"]}); err != nil {
			t.Fatal(err)
		}
		s.call(t, "POST", at, keeper, "", http.StatusCreated, &second)
		for _, order := range [][2]keptAnswer{{first, second}, {second, first}} {
			var proof continued
			s.call(t, "GET", at+"/"+order[0].ID+"/continuation?with="+order[1].ID, keeper, "", http.StatusOK, &proof)
			older, err1 := trail.Open([]byte(proof.Older), verifier)
			newer, err2 := trail.Open([]byte(proof.Newer), verifier)
			if err1 != nil || err2 != nil || older.Size >= newer.Size || proof.Older != first.Note || trail.CheckConsistency(newer, older, proof.Proof) != nil {
				t.Errorf("%s: %v, %v, %+v", at, err1, err2, proof)
			}
		}
		s.call(t, "GET", at+"/"+first.ID+"/stamp", keeper, "", http.StatusNotFound, nil) // no authority is configured
		s.call(t, "GET", at+"/"+first.ID+"/continuation?with="+string(s.platform["PLT"]), keeper, "", http.StatusNotFound, nil)
	}
	s.call(t, "GET", "/trail/checkpoints", member, "", http.StatusForbidden, nil)
}
