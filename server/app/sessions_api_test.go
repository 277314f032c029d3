package app

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"maillon/qms"
)

// course is an accompaniment as its people live it over the API, on a clock of its own.
type course struct {
	*site
	t   *testing.T
	now time.Time
	who map[string]string // tokens by role
}

type sessionAnswer struct {
	ID, Number, Day, Start, State, Reason string
	Minutes                               int64
	Due, Asked                            []deliverableAnswer
}

type deliverableAnswer struct {
	Number, State string
	Carried       int64
	DueOn         string `json:"due_on"`
}

func courseOf(t *testing.T) *course {
	t.Helper()
	c := &course{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), who: map[string]string{}}
	c.site = openSiteOfDay(t, &c.now)
	c.who["officer"] = c.officerOfSite(t)
	for _, role := range []qms.Role{qms.Manager, qms.Member} {
		c.who[string(role)] = c.entered(t, role)
	}
	for _, platform := range []string{"PLT", "AUT"} {
		body := fmt.Sprintf(`{"start":"2026-03-02","months":12,"officer":%q}`, c.me(t, c.who["officer"]))
		c.known(t, "POST", "/platforms/"+platform+"/accompaniment", c.who["manager"], "", jsonKind, body, map[string]int{"PLT": http.StatusForbidden, "AUT": http.StatusNotFound}[platform], nil)
		c.known(t, "POST", "/platforms/"+platform+"/accompaniment", c.who["officer"], "", jsonKind, body, http.StatusCreated, nil)
	}
	return c
}

const jsonKind = "application/json"

// until turns the clock on, and lets everybody sign in again: sessions do not last that long.
func (c *course) until(day string, hour int) {
	c.t.Helper()
	on := qms.MustDate(day)
	c.now = time.Date(on.Year(), on.Month(), on.Day(), hour, 0, 0, 0, time.UTC)
	for who, email := range map[string]string{"officer": "officer@site.example", "manager": "manager@plateforme.example", "member": "member@plateforme.example"} {
		var session struct{ Token string }
		c.call(c.t, "POST", "/sessions", "", `{"email":"`+email+`","password":"une phrase de passe"}`, http.StatusCreated, &session)
		c.who[who] = session.Token
	}
}

func (c *course) post(who, path, etag, body string, want int, out any) string {
	c.t.Helper()
	return c.known(c.t, "POST", "/platforms/PLT"+path, c.who[who], etag, jsonKind, body, want, out)
}

func sessionOn(day, start, more string) string {
	return fmt.Sprintf(`{"day":%q,"start":%q,"place":"Salle 1"%s}`, day, start, more)
}

func TestSessionsAPI_RefusesWhatCannotTakePlace(t *testing.T) {
	t.Parallel()
	c := courseOf(t)
	var s sessionAnswer
	etag := c.post("manager", "/sessions", "", sessionOn("2026-03-10", "14:00", ""), http.StatusCreated, &s)
	if s.State != "planned" || s.Minutes != 120 {
		t.Fatalf("planned: %+v", s)
	}
	for what, body := range map[string]string{
		"a day gone by":                     sessionOn("2026-03-01", "14:00", ""),
		"an hour gone by":                   sessionOn("2026-03-02", "08:00", ""),
		"an hour that clocks skip":          sessionOn("2026-03-29", "02:30", ""),
		"no hour":                           sessionOn("2026-03-12", "midi", ""),
		"five minutes":                      sessionOn("2026-03-12", "14:00", `,"minutes":5`),
		"a week":                            sessionOn("2026-03-12", "14:00", `,"minutes":10080`),
		"past midnight":                     sessionOn("2026-03-12", "23:00", ""),
		"where the platform is taken":       sessionOn("2026-03-10", "15:30", ""),
		"no place":                          `{"day":"2026-03-12","start":"14:00"}`,
		"a place with a control character":  `{"day":"2026-03-12","start":"14:00","place":"a\u0000b"}`,
		"somebody of another platform":      sessionOn("2026-03-12", "14:00", `,"attendees":[{"person":"019b0000-0000-7000-8000-000000000001"}]`),
		"somebody without name":             sessionOn("2026-03-12", "14:00", `,"attendees":[{"email":"agent31@site.example"}]`),
		"an address that breaks its line":   sessionOn("2026-03-12", "14:00", `,"attendees":[{"name":"Agent 31","email":"a@b.example\r\nBcc: c@d.example"}]`),
		"a link that is a script":           sessionOn("2026-03-12", "14:00", `,"link":"javascript:alert(1)"`),
		"an officer who is none":            sessionOn("2026-03-12", "14:00", fmt.Sprintf(`,"officer":%q`, c.me(t, c.who["member"]))),
		"a day that no calendar has":        sessionOn("2026-02-30", "14:00", ""),
		"a day in nine years":               sessionOn("2035-03-12", "14:00", ""),
		"held on a day that is yet to come": sessionOn("2026-03-12", "14:00", `,"held":true`),
	} {
		var text string
		if c.post("officer", "/sessions", "", body, http.StatusUnprocessableEntity, &text); text == "" {
			t.Errorf("%s: refused without a word", what)
		}
	}
	// The officer cannot be at two places, whoever asks.
	c.known(t, "POST", "/platforms/AUT/sessions", c.who["officer"], "", jsonKind, sessionOn("2026-03-10", "15:00", ""), http.StatusUnprocessableEntity, nil)
	c.known(t, "POST", "/platforms/AUT/sessions", c.who["officer"], "", jsonKind, sessionOn("2026-03-10", "16:00", ""), http.StatusCreated, nil)
	c.post("member", "/sessions", "", sessionOn("2026-03-12", "14:00", ""), http.StatusForbidden, nil)
	move := func(platform, who, tag string, want int) string {
		t.Helper()
		return c.known(t, "PATCH", "/platforms/"+platform+"/sessions/"+s.Number, c.who[who], tag, jsonKind, sessionOn("2026-03-11", "10:00", ""), want, &s)
	}
	move("AUT", "manager", etag, http.StatusNotFound)
	move("PLT", "member", etag, http.StatusForbidden)
	move("PLT", "manager", "", http.StatusPreconditionRequired)
	next := move("PLT", "manager", etag, http.StatusOK)
	move("PLT", "manager", etag, http.StatusPreconditionFailed)
	c.post("officer", "/sessions/"+s.Number+"/notes", next, `{"account":"Trop tôt","hold":true}`, http.StatusConflict, nil)
	c.post("manager", "/sessions/"+s.Number+"/cancel", next, `{"reason":" "}`, http.StatusUnprocessableEntity, nil)
	c.post("manager", "/sessions/"+s.Number+"/cancel", next, `{"reason":"Déménagement"}`, http.StatusOK, &s)
	if s.State != "cancelled" || s.Reason == "" {
		t.Errorf("cancelled: %+v", s)
	}
	c.post("manager", "/sessions", "", sessionOn("2026-03-11", "10:00", ""), http.StatusCreated, nil) // the hour is free again
}

func TestSessionsAPI_CarriesADeliverableOverUntilItIsBrought(t *testing.T) {
	t.Parallel()
	c := courseOf(t)
	var s sessionAnswer
	hold := func(day, notes string) {
		t.Helper()
		c.until(day, 9)
		etag := c.post("officer", "/sessions", "", sessionOn(day, "14:00", ""), http.StatusCreated, &s)
		c.until(day, 17)
		c.post("member", "/sessions/"+s.Number+"/notes", etag, notes, http.StatusForbidden, nil)
		c.post("officer", "/sessions/"+s.Number+"/notes", etag, notes, http.StatusOK, &s)
		if s.State != "held" {
			t.Fatalf("held: %+v", s)
		}
	}
	hold("2026-03-11", fmt.Sprintf(`{"account":"Début","hold":true,"asks":[{"title":"Politique qualité","owner":%q}]}`, c.me(t, c.who["manager"])))
	hold("2026-04-08", `{"account":"Rien n’est venu","hold":true}`)
	c.until("2026-04-10", 9)
	var late struct{ Items []deliverableAnswer }
	c.known(t, "GET", "/platforms/PLT/deliverables?late=true", c.who["member"], "", jsonKind, "", http.StatusOK, &late)
	if len(late.Items) != 1 || late.Items[0].Carried != 1 || late.Items[0].State != "expected" {
		t.Fatalf("carried over: %+v", late)
	}
	at := "/deliverables/" + late.Items[0].Number
	etag := c.known(t, "GET", "/platforms/PLT"+at, c.who["manager"], "", jsonKind, "", http.StatusOK, nil)
	c.post("manager", at+"/judge", etag, `{"accepted":true}`, http.StatusForbidden, nil)
	c.post("member", at+"/deliver", etag, `{"words":"Pas à moi"}`, http.StatusForbidden, nil)
	c.post("manager", at+"/deliver", etag, `{"words":"La voici","on":"2026-05-01"}`, http.StatusUnprocessableEntity, nil) // a day to come
	var d deliverableAnswer
	etag = c.post("manager", at+"/deliver", etag, `{"words":"La voici"}`, http.StatusOK, &d)
	c.post("officer", at+"/judge", etag, `{"accepted":false}`, http.StatusUnprocessableEntity, nil) // what is to be done is said
	c.post("officer", at+"/judge", etag, `{"accepted":true}`, http.StatusOK, &d)
	if d.State != "accepted" || d.Carried != 1 {
		t.Errorf("accepted: %+v", d)
	}
	hold("2026-04-29", `{"account":"Suite","hold":true}`)
	c.known(t, "GET", "/platforms/PLT/deliverables?owed=true", c.who["member"], "", jsonKind, "", http.StatusOK, &late)
	if len(late.Items) != 0 {
		t.Errorf("still owed: %+v", late)
	}
	c.post("officer", "/sessions/"+s.Number+"/cancel", `"1"`, `{"reason":"x"}`, http.StatusPreconditionFailed, nil)
}
