package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/store"
)

// statusAnswer is what a booking system reads.
type statusAnswer struct {
	Allowed bool
	Check   string
	Until   string
	Trainer bool
	Reasons []struct{ Code, Sentence string }
}

// taughtHere is a platform with a piece of equipment, a trainer and two people trained in a session.
func taughtHere(t *testing.T, s *site, token string) (equipment string) {
	t.Helper()
	trainer, _, _ := s.member(t, "P01"), s.member(t, "P02"), s.member(t, "P03")
	var made recordAnswer
	s.call(t, "POST", "/platforms/PLT/equipment", token, `{"code":"eq-1","name":"Microscope"}`, http.StatusCreated, &made)
	s.call(t, "POST", "/platforms/PLT/trainers", token, fmt.Sprintf(`{"person":%q,"equipment":%q,"from":"2024-01-01"}`, trainer, made.ID), http.StatusCreated, nil)
	s.call(t, "POST", "/platforms/PLT/training-sessions", token,
		fmt.Sprintf(`{"date":"2024-01-02","trainer":%q,"months":12,"people":["p02","P03"],"equipment":["EQ-1"],"place":"Salle 101"}`, trainer), http.StatusCreated, nil)
	return made.ID
}

func TestTrainingsAPI_RunsASessionToItsEnd(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.QualityLead)
	taughtHere(t, s, token)
	const at, kind = "/platforms/PLT", "application/json"
	type sessionAnswer struct {
		Number, Void, Trainer string
		Trainings             []struct{ ID, Date, Until, Void string }
	}
	var got sessionAnswer
	etag := s.known(t, "GET", at+"/training-sessions/ses-2024-0001", token, "", kind, "", http.StatusOK, &got)
	if len(got.Trainings) != 2 || got.Trainings[0].Until != "2025-01-02" {
		t.Fatalf("the session: %+v", got)
	}
	body := fmt.Sprintf(`{"date":"2024-01-03","trainer":%q,"months":24,"reason":"le lendemain"}`, got.Trainer)
	s.known(t, "PATCH", at+"/training-sessions/SES-2024-0001", token, "", kind, body, http.StatusPreconditionRequired, nil)
	next := s.known(t, "PATCH", at+"/training-sessions/SES-2024-0001", token, etag, kind, body, http.StatusOK, &got)
	if got.Trainings[1].Until != "2026-01-03" {
		t.Errorf("corrected: %+v", got)
	}
	s.known(t, "PATCH", at+"/training-sessions/SES-2024-0001", token, etag, kind, body, http.StatusPreconditionFailed, nil)
	var renewed struct{ Trainings []struct{ ID, Kind string } }
	s.call(t, "POST", at+"/trainings/renew", token, fmt.Sprintf(`{"of":[%q],"date":"2025-12-01","trainer":%q,"months":12}`, got.Trainings[0].ID, got.Trainer), http.StatusCreated, &renewed)
	if len(renewed.Trainings) != 1 || renewed.Trainings[0].Kind != "renewal" {
		t.Errorf("renewed: %+v", renewed)
	}
	s.known(t, "POST", at+"/training-sessions/SES-2024-0001/void", token, next, kind, `{"reason":"n’a pas eu lieu"}`, http.StatusOK, &got)
	if got.Void == "" || got.Trainings[0].Void == "" {
		t.Errorf("voided: %+v", got)
	}
	for path, want := range map[string]int{"/training-sessions": 200, "/training-sessions/SES-9": 404, "/training-sessions/%00": 404, "/trainers": 200,
		"/trainers?person=x": 422, "/requalifications": 200, "/trainings/x": 404, "/trainings/" + renewed.Trainings[0].ID: 200} {
		s.call(t, "GET", at+path, token, "", want, nil)
	}
	s.call(t, "POST", at+"/training-sessions", token, `{"date":"2024-01-02","trainer":"x","people":["`+strings.Repeat("é", 400)+`","\u0000"],"equipment":["\u202e"]}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", at+"/requalifications", token, `{"procedure":"MO-9","version":"2.0","required":true,"reason":"x"}`, http.StatusNotFound, nil)
	member := s.entered(t, qms.Member)
	s.call(t, "POST", at+"/trainers", member, fmt.Sprintf(`{"person":%q,"equipment":%q,"from":"2024-01-01"}`, got.Trainer, got.Trainer), http.StatusForbidden, nil)
}

func TestTrainingStatus_AnswersDoorsStablyAndInFewStatements(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.QualityLead)
	equipment := taughtHere(t, s, token)
	const at = "/platforms/PLT/training-status"
	for query, want := range map[string]string{
		"person=P02&equipment=EQ-1&on=2024-06-01":                              "",
		"person=p02&equipment=" + equipment + "&on=2024-06-01":                 "",
		"person=P02&equipment=eq-1&on=2025-01-02":                              "U02",
		"person=P01&equipment=EQ-1&on=2024-06-01":                              "U01",
		"person=P02&equipment=EQ-1&on=2023-06-01":                              "U03",
		"person=" + url.QueryEscape(" p02 ") + "&equipment=EQ-1&on=2024-06-01": "",
	} {
		var got statusAnswer
		s.call(t, "GET", at+"?"+query, token, "", http.StatusOK, &got)
		if got.Check != want || got.Trainer != strings.HasPrefix(query, "person=P01") {
			t.Errorf("%s: %+v", query, got)
		}
	}
	for query, want := range map[string]int{"": 422, "person=P02": 422, "person=P09&equipment=EQ-1": 404, "person=P02&equipment=EQ-9": 404, "person=P02&equipment=EQ-1&on=2024-02-31": 422,
		"person=%00&equipment=%00": 404, "person=" + strings.Repeat("x", 400) + "&equipment=EQ-1": 404, "person='+OR+1=1--&equipment=EQ-1": 404, "person=%ff&equipment=EQ-1": 404} {
		s.call(t, "GET", at+"?"+query, token, "", want, nil)
	}
	s.call(t, "GET", "/platforms/AUT/training-status?person=P02&equipment=EQ-1", token, "", http.StatusNotFound, nil)
	s.call(t, "GET", at+"?person=P02&equipment=EQ-1", s.entered(t, qms.User), "", http.StatusForbidden, nil)
	s.call(t, "GET", at+"?person=P02&equipment=EQ-1", "", "", http.StatusNotFound, nil)
	var many struct{ Answers []statusAnswer }
	s.call(t, "POST", at, token, `{"on":"2024-06-01","asks":[{"person":"P02","equipment":"EQ-1"},{"person":"P99","equipment":"EQ-1"}]}`, http.StatusOK, &many)
	if len(many.Answers) != 2 || many.Answers[0].Check != "" || many.Answers[0].Reasons[0].Code != "membership-elapsed" || many.Answers[1].Allowed || many.Answers[1].Reasons[0].Code != "person-unknown" {
		t.Errorf("many: %+v", many)
	}
	s.knocks(t, token, "/api/v1"+at+"?person=P02&equipment=EQ-1&on=2024-06-01")
}

// knocks asks as a door does: again and again, with what it knows.
func (s *site) knocks(t *testing.T, token, path string) {
	t.Helper()
	var counter *store.Counter
	outer := fiber.New(fiber.Config{Immutable: true})
	outer.Use(func(c *fiber.Ctx) error {
		ctx, n := store.CountStatements(c.UserContext())
		counter = n
		c.SetUserContext(ctx)
		return c.Next()
	})
	outer.Mount("/", s.app)
	known := ""
	for _, want := range []int{http.StatusOK, http.StatusNotModified} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("If-None-Match", known)
		response, err := outer.Test(r, -1)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		known = response.Header.Get("ETag")
		if response.StatusCode != want || known == "" || response.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("status %d, want %d; %v", response.StatusCode, want, response.Header)
		}
		if n := counter.Count(); n > 3 { // one for the token, two in the service
			t.Errorf("%d statements, want at most 3", n)
		}
	}
}
