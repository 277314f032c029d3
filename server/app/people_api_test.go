package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
)

// call asks the API and reads the answer into out.
func (s *site) call(t *testing.T, method, path, token, body string, want int, out any) {
	t.Helper()
	a := s.ask(t, method, "/api/v1"+path, token, "application/json", []byte(body))
	if a.status != want {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.status, want, a.body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, a.body)
	}
}

func TestPeopleAPI_SignsInAndOut(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	user := people.AddUser{Email: "agent01@plateforme.example", Name: "Agent 01", Role: qms.Manager, Platform: s.platform["PLT"], Password: "une phrase de passe"}
	if _, err := s.People.AddUser(asSystem(t), user); err != nil {
		t.Fatal(err)
	}
	var problem struct{ Type, Detail string }
	s.call(t, "POST", "/sessions", "", `{"email":"agent01@plateforme.example","password":"wrong"}`, http.StatusUnauthorized, &problem)
	if problem.Type != "/problems/signin.wrong" || !strings.Contains(problem.Detail, "4") {
		t.Errorf("got %+v", problem)
	}
	var session struct{ Token, Name string }
	s.call(t, "POST", "/sessions", "", `{"email":" Agent01@plateforme.example","password":"une phrase de passe"}`, http.StatusCreated, &session)
	var me struct {
		Name  string
		Roles []struct{ Role, Platform string }
	}
	s.call(t, "GET", "/me", session.Token, "", http.StatusOK, &me)
	if me.Name != "Agent 01" || len(me.Roles) != 1 || me.Roles[0].Role != "manager" || me.Roles[0].Platform != "PLT" {
		t.Errorf("got %+v", me)
	}
	s.call(t, "POST", "/me/password", session.Token, `{"password":"une phrase de passe","new":"court"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", "/me/password", session.Token, `{"password":"une phrase de passe","new":"une autre phrase"}`, http.StatusNoContent, nil)
	s.call(t, "POST", "/sessions/end", session.Token, "", http.StatusNoContent, nil)
	s.call(t, "GET", "/me", session.Token, "", http.StatusUnauthorized, nil)
	for range 6 {
		s.ask(t, "POST", "/api/v1/sessions", "", "application/json", []byte(`{"email":"a@b.example","password":"x"}`))
	}
	s.call(t, "POST", "/sessions", "", `{"email":"a@b.example","password":"x"}`, http.StatusTooManyRequests, nil)
}

func TestPeopleAPI_KeepsMembersAndRoles(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	manager := s.token(t, qms.Manager, s.platform["PLT"])
	var m struct{ ID, Person, From string }
	s.call(t, "POST", "/platforms/plt/members", manager, `{"code":"p01","name":"Agent 02","from":"2026-01-05","role":"member"}`, http.StatusCreated, &m)
	if m.From != "2026-01-05" {
		t.Errorf("got %+v", m)
	}
	for i := 2; i <= 5; i++ {
		s.call(t, "POST", "/platforms/PLT/members", manager, fmt.Sprintf(`{"code":"P%02d","name":"Agent %02d"}`, i, i), http.StatusCreated, nil)
	}
	var changed struct {
		Trainer  bool
		Until    string
		Revision int64
	}
	s.call(t, "PATCH", "/platforms/PLT/members/"+m.ID, manager, `{"trainer":true,"from":"2026-01-05","until":"2027-01-05"}`, http.StatusOK, &changed)
	if !changed.Trainer || changed.Until != "2027-01-05" || changed.Revision != 2 {
		t.Errorf("got %+v", changed)
	}
	s.call(t, "PATCH", "/platforms/PLT/members/"+m.ID, manager, `{"trainer":false}`, http.StatusPreconditionFailed, nil)
	var page struct {
		Items []struct{ Code string }
		Next  string
	}
	var codes []string
	for after := ""; ; after = page.Next {
		page.Next = ""
		s.call(t, "GET", "/platforms/PLT/members?limit=2&after="+after, manager, "", http.StatusOK, &page)
		for _, i := range page.Items {
			codes = append(codes, i.Code)
		}
		if page.Next == "" {
			break
		}
	}
	if got := strings.Join(codes, " "); got != "P01 P02 P03 P04 P05" {
		t.Errorf("pages give %s", got)
	}
	var problem struct {
		Errors []struct{ Field, Key string }
	}
	s.call(t, "POST", "/platforms/PLT/members", manager, `{"code":"P01","name":"X"}`, http.StatusUnprocessableEntity, &problem)
	if len(problem.Errors) != 1 || problem.Errors[0].Field != "code" || problem.Errors[0].Key != "member.code_taken" {
		t.Errorf("got %+v", problem)
	}
	var g struct{ ID, Until string }
	s.call(t, "POST", "/platforms/PLT/roles", manager, `{"person":"`+m.Person+`","role":"quality-lead"}`, http.StatusCreated, &g)
	s.call(t, "POST", "/platforms/PLT/roles", manager, `{"person":"`+m.Person+`","role":"quality-lead"}`, http.StatusConflict, nil)
	s.call(t, "POST", "/platforms/PLT/roles/"+g.ID+"/end", manager, `{}`, http.StatusOK, &g)
	if g.Until != s.DB.Today().String() {
		t.Errorf("got %+v", g)
	}
	s.call(t, "POST", "/platforms/AUT/members", manager, `{"code":"P01","name":"X"}`, http.StatusNotFound, nil)
	s.call(t, "POST", "/accounts", manager, `{"email":"x@y.example","name":"X"}`, http.StatusForbidden, nil)
	s.call(t, "POST", "/platforms", manager, `{"code":"NEW","name":"X"}`, http.StatusForbidden, nil)
	var made struct {
		Person, Password string
		Made             bool
	}
	admin := s.token(t, qms.Administrator, "")
	s.call(t, "POST", "/accounts", admin, `{"email":"x@y.example","name":"X","role":"member","platform":"PLT"}`, http.StatusCreated, &made)
	if !made.Made || made.Password == "" {
		t.Errorf("got %+v", made)
	}
	s.call(t, "POST", "/accounts/"+made.Person+"/password", admin, `{}`, http.StatusOK, &made)
	s.call(t, "POST", "/accounts/"+made.Person+"/close", admin, `{"reason":"départ"}`, http.StatusNoContent, nil)
	s.call(t, "POST", "/sessions", "", `{"email":"x@y.example","password":"`+made.Password+`"}`, http.StatusUnauthorized, nil)
}
