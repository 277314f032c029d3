package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trail"
)

// entered is a token of somebody who holds the role on the platform PLT.
func (s *site) entered(t *testing.T, role qms.Role) string {
	t.Helper()
	email := strings.ReplaceAll(string(role), "-", ".") + "@plateforme.example"
	user := people.AddUser{Email: email, Name: "Agent 01", Role: role, Platform: s.platform["PLT"], Password: "une phrase de passe"}
	if _, err := s.People.AddUser(asSystem(t), user); err != nil {
		t.Fatal(err)
	}
	var session struct{ Token string }
	s.call(t, "POST", "/sessions", "", `{"email":"`+email+`","password":"une phrase de passe"}`, http.StatusCreated, &session)
	return session.Token
}

func TestTrailAPI_ShowsAndProves(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	for _, code := range []string{"P01", "P02", "P03"} {
		cmd := people.AddMember{Platform: s.platform["PLT"], Code: code, Name: "Agent " + code[1:], Role: qms.Member}
		if _, err := s.People.AddMember(asSystem(t), cmd); err != nil {
			t.Fatal(err)
		}
	}
	token := s.entered(t, qms.Auditor)
	type deed struct {
		Seq     int64
		Act     string
		Count   int64
		Changes []struct {
			Table, ID string
			After     map[string]any
		}
	}
	var page struct {
		Items []deed
		Next  string
	}
	s.call(t, "GET", "/platforms/plt/trail?limit=2&act=member.", token, "", http.StatusOK, &page)
	if len(page.Items) != 2 || page.Next == "" || page.Items[0].Act != "member.add" || int64(len(page.Items[0].Changes)) != page.Items[0].Count {
		t.Fatalf("%+v", page)
	}
	var one deed
	s.call(t, "GET", "/platforms/PLT/trail/0", token, "", http.StatusOK, &one)
	s.call(t, "GET", "/platforms/PLT/trail/9999", token, "", http.StatusNotFound, nil)
	var head struct {
		Size int64
		Root string
		Note string
	}
	s.call(t, "GET", "/platforms/PLT/trail/checkpoint", token, "", http.StatusOK, &head)
	verifier, err := trail.ParseVerifier(s.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := trail.Open([]byte(head.Note), verifier)
	if err != nil || checkpoint.Size != head.Size {
		t.Fatalf("%+v, %v", checkpoint, err)
	}
	var facts struct{ Items []json.RawMessage }
	row := page.Items[0].Changes[0].ID
	s.call(t, "GET", "/platforms/PLT/trail/rows/"+row+"/proof", token, "", http.StatusOK, &facts)
	var fact trail.FactProof
	if err := json.Unmarshal(facts.Items[0], &fact); err != nil {
		t.Fatal(err)
	}
	if _, change, err := fact.Verify(checkpoint); err != nil || string(change.ID) != row {
		t.Errorf("%s, %v", change.ID, err)
	}
	var history struct{ Items []deed }
	s.call(t, "GET", "/platforms/PLT/trail/rows/"+row, token, "", http.StatusOK, &history)
	var proof struct{ Proof []tlog.Hash }
	s.call(t, "GET", "/platforms/PLT/trail/consistency?older=1", token, "", http.StatusOK, &proof)
	if len(proof.Proof) == 0 || len(history.Items) != 1 {
		t.Errorf("%d hashes, %d changes", len(proof.Proof), len(history.Items))
	}
	s.call(t, "GET", "/platforms/PLT/trail/consistency?older=99999", token, "", http.StatusUnprocessableEntity, nil)
	s.call(t, "GET", "/platforms/PLT/trail?from=demain", token, "", http.StatusUnprocessableEntity, nil)
	s.call(t, "GET", "/trail", token, "", http.StatusForbidden, nil)
}
