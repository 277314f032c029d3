package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
)

// officerOfSite is a token of a quality officer of the site, who signs with the pass phrase of all tests.
func (s *site) officerOfSite(t *testing.T) string {
	t.Helper()
	const email = "officer@site.example"
	if _, err := s.People.AddUser(asSystem(t), people.AddUser{Email: email, Name: "Agent 30", Role: qms.QualityOfficer, Password: "une phrase de passe"}); err != nil {
		t.Fatal(err)
	}
	var session struct{ Token string }
	s.call(t, "POST", "/sessions", "", `{"email":"`+email+`","password":"une phrase de passe"}`, http.StatusCreated, &session)
	return session.Token
}

func TestLabelsAPI_TakesALabelOverCorrectsAndVoidsIt(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	officer, manager := s.officerOfSite(t), s.entered(t, qms.Manager)
	const at, kind = "/platforms/PLT/labels", "application/json"
	awarded := s.DB.Today().AddMonths(-30)
	stated := func(more string) string {
		return fmt.Sprintf(`{"number":"SL-7","body":"Comité","perimeter":"P","awarded_on":%q,"followed_first":%q,"source":"Procès-verbal","password":"une phrase de passe"%s}`,
			awarded, awarded.AddMonths(24).AddDays(3), more)
	}
	s.known(t, "POST", at, manager, "", kind, stated(""), http.StatusForbidden, nil)
	s.known(t, "POST", at, officer, "", kind, strings.Replace(stated(""), "Comité", `a\u0000`, 1), http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", at, officer, "", kind, strings.Replace(stated(""), "SL-7", `../../x`, 1), http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", at, officer, "", kind, strings.Replace(stated(""), "de passe", "fausse", 1), http.StatusUnprocessableEntity, nil)
	type labelAnswer struct {
		Number, Standing, Void string
		TakenOver              *struct{ Source string } `json:"taken_over"`
		Milestones             []struct{ Kind, On, Done string }
	}
	var got labelAnswer
	etag := s.known(t, "POST", at, officer, "", kind, stated(""), http.StatusCreated, &got)
	if got.Standing != "valid" || got.TakenOver == nil || got.Milestones[0].Done == "" || got.Milestones[1].On != awarded.AddMonths(48).String() {
		t.Fatalf("taken over: %+v", got)
	}
	s.known(t, "POST", at, officer, "", kind, stated(""), http.StatusUnprocessableEntity, nil) // it is there already
	s.known(t, "POST", "/platforms/AUT/labels/SL-7/void", officer, etag, kind, `{"reason":"x","password":"une phrase de passe"}`, http.StatusNotFound, nil)
	s.known(t, "POST", at+"/SL-7/correct", officer, "", kind, stated(`,"reason":"r"`), http.StatusPreconditionRequired, nil)
	next := s.known(t, "POST", at+"/SL-7/correct", officer, etag, kind, strings.Replace(stated(`,"reason":"Autre source"`), "Procès-verbal", "Certificat", 1), http.StatusOK, &got)
	if got.TakenOver.Source != "Certificat" {
		t.Errorf("corrected: %+v", got)
	}
	s.known(t, "POST", at+"/SL-7/void", officer, etag, kind, `{"reason":"x","password":"une phrase de passe"}`, http.StatusPreconditionFailed, nil)
	var list struct{ Items []labelAnswer }
	s.known(t, "GET", at, manager, "", kind, "", http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].Number != "SL-7" {
		t.Errorf("listed: %+v", list)
	}
	s.known(t, "POST", at+"/SL-7/void", officer, next, kind, `{"reason":"Autre plateforme","password":"une phrase de passe"}`, http.StatusOK, &got)
	if got.Standing != "void" || got.Void == "" {
		t.Errorf("voided: %+v", got)
	}
	var signed struct {
		Items []struct{ Kind, Meaning, State string }
	}
	s.known(t, "GET", "/platforms/PLT/signatures", manager, "", kind, "", http.StatusOK, &signed)
	if want := "[{label-taken-over void holds} {label-taken-over taken replaced} {label-taken-over taken replaced}]"; fmt.Sprint(signed.Items) != want {
		t.Errorf("signatures: %v, want %s", signed.Items, want)
	}
}

func TestMissionsAPI_OpensMovesTheAccessAndRefuses(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	officer, manager := s.officerOfSite(t), s.entered(t, qms.Manager)
	const at, kind = "/platforms/PLT/missions", "application/json"
	today := s.DB.Today()
	user := people.AddUser{Email: "agent31@site.example", Name: "Agent 31", Role: qms.Member, Platform: s.platform["AUT"], Password: "une phrase de passe"}
	if _, err := s.People.AddUser(asSystem(t), user); err != nil {
		t.Fatal(err)
	}
	s.known(t, "POST", at, manager, "", kind, `{"kind":"initial"}`, http.StatusForbidden, nil)
	s.known(t, "POST", at, officer, "", kind, `{"kind":"initial","evaluators":["manager@plateforme.example"]}`, http.StatusUnprocessableEntity, nil)
	var m struct {
		Number string
		Until  qms.Date `json:"access_until"`
	}
	etag := s.known(t, "POST", at, officer, "", kind, `{"kind":"initial","evaluators":["agent31@site.example"]}`, http.StatusCreated, &m)
	evaluator := func() string {
		var session struct{ Token string }
		s.call(t, "POST", "/sessions", "", `{"email":"agent31@site.example","password":"une phrase de passe"}`, http.StatusCreated, &session)
		return session.Token
	}
	s.known(t, "GET", at+"/"+m.Number, evaluator(), "", kind, "", http.StatusOK, nil)
	until := today.AddMonths(8)
	move := func(token, tag string, day qms.Date, want int) string {
		return s.known(t, "POST", at+"/"+m.Number+"/access", token, tag, kind, fmt.Sprintf(`{"access_until":%q,"reason":"Visite reportée"}`, day), want, &m)
	}
	move(manager, etag, until, http.StatusForbidden)
	move(officer, "", until, http.StatusPreconditionRequired)
	move(officer, etag, today.AddMonths(13), http.StatusUnprocessableEntity)
	next := move(officer, etag, until, http.StatusOK)
	if m.Until != until {
		t.Errorf("until %s", m.Until)
	}
	move(officer, etag, today.AddMonths(7), http.StatusPreconditionFailed)
	move(officer, next, today, http.StatusUnprocessableEntity) // it began today: dismiss who evaluates instead
	s.known(t, "GET", at+"/"+m.Number, evaluator(), "", kind, "", http.StatusOK, nil)
}

func TestOtherLabelsAPI_CorrectsWithAReasonAtTheRevisionKnown(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	lead, member := s.entered(t, qms.QualityLead), s.entered(t, qms.Member)
	const at, kind, body = "/platforms/PLT/other-labels", "application/json", `{"kind":"ibisa","body":"Groupement","from":"2025-01-01","through":"2028-12-31"%s}`
	var l struct{ ID, Body, Through string }
	etag := s.known(t, "POST", at, lead, "", kind, fmt.Sprintf(body, ""), http.StatusCreated, &l)
	correct := func(token, tag, more string, want int) string {
		return s.known(t, "POST", at+"/"+l.ID+"/correct", token, tag, kind, fmt.Sprintf(strings.Replace(body, "2028-12-31", "2029-12-31", 1), more), want, nil)
	}
	correct(member, etag, `,"reason":"Date mal lue"`, http.StatusForbidden)
	correct(lead, "", `,"reason":"Date mal lue"`, http.StatusPreconditionRequired)
	correct(lead, etag, `,"reason":" "`, http.StatusUnprocessableEntity)
	correct(lead, etag, `,"reason":"Date mal lue"`, http.StatusOK)
	correct(lead, etag, `,"reason":"Date mal lue"`, http.StatusPreconditionFailed)
	s.known(t, "POST", "/platforms/AUT/other-labels/"+l.ID+"/correct", lead, etag, kind, fmt.Sprintf(body, `,"reason":"x"`), http.StatusNotFound, nil)
}
