package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

type signatureAnswer struct{ ID, Kind, Meaning, Label, Subject, State, Covers, Name, Zone string }

// signaturesOf are the signatures of a kind, the newest first.
func (c *course) signaturesOf(kind string) (all []signatureAnswer) {
	c.t.Helper()
	var list struct{ Items []signatureAnswer }
	c.known(c.t, "GET", "/platforms/PLT/signatures?readings=true&kind="+kind, c.who["manager"], "", jsonKind, "", http.StatusOK, &list)
	for _, s := range list.Items {
		if len(s.Covers) != 64 || s.Name == "" || s.Zone != "Europe/Paris" {
			c.t.Errorf("signature: %+v", s)
		}
	}
	return list.Items
}

// standing is what the signatures of a kind mean and how they stand.
func (c *course) standing(kind string) string {
	var words []string
	for _, s := range c.signaturesOf(kind) {
		words = append(words, s.Meaning+" "+s.State)
	}
	slices.Sort(words) // some are of one instant
	return strings.Join(words, ", ")
}

func TestSignaturesAPI_DecisionsOnACandidacyAreSignedWithThePasswordAgain(t *testing.T) {
	t.Parallel()
	c := courseOf(t)
	var body, candidacy struct {
		ID       string
		Revision int64
		Decision string
	}
	c.known(t, "POST", "/institutions", c.who["officer"], "", jsonKind, `{"short_name":"U1","name":"Université 01","partner_from":"2016-01-01"}`, http.StatusCreated, &body)
	stated := fmt.Sprintf(`"received_on":"2026-03-02","institutions":[%q],"signatories":[{"name":"Agent 21","function":"Directeur"}],"included":"La microscopie"`, body.ID)
	c.post("manager", "/candidacies", "", "{"+stated+"}", http.StatusCreated, &candidacy)
	act := func(who, verb, body string, want int) {
		t.Helper()
		c.post(who, "/candidacies/"+candidacy.ID+"/"+verb, fmt.Sprintf("%q", fmt.Sprint(candidacy.Revision)), body, want, &candidacy)
	}
	const refused, signed = `"decision":"ineligible","on":"2026-03-02","reason":"Hors périmètre"`, `,"password":"une phrase de passe"}`
	act("officer", "decide", "{"+refused+"}", http.StatusUnprocessableEntity)
	act("officer", "decide", "{"+refused+`,"password":"une autre"}`, http.StatusUnprocessableEntity)
	act("manager", "decide", "{"+refused+signed, http.StatusForbidden)
	if said := c.standing("candidacy-decision"); said != "" {
		t.Errorf("signed before it is decided: %s", said)
	}
	act("officer", "decide", "{"+refused+signed, http.StatusOK)
	if said := c.standing("candidacy-decision"); said != "decision holds" {
		t.Errorf("decided: %s", said)
	}
	change := func(who, body string, want int) {
		t.Helper()
		c.known(t, "PATCH", "/platforms/PLT/candidacies/"+candidacy.ID, c.who[who], fmt.Sprintf("%q", fmt.Sprint(candidacy.Revision)), jsonKind, body, want, &candidacy)
	}
	corrected := "{" + strings.Replace(stated, "La microscopie", "Une salle", 1) + `,"reason":"Précision"`
	change("manager", corrected+"}", http.StatusConflict) // decided: the platform no longer corrects it
	change("officer", corrected+"}", http.StatusUnprocessableEntity)
	change("officer", corrected+signed, http.StatusOK)
	if said := c.standing("candidacy-decision"); said != "decision holds, decision replaced" {
		t.Errorf("corrected: %s", said)
	}
	act("officer", "void", `{"reason":"Doublon"}`, http.StatusUnprocessableEntity)
	act("officer", "void", `{"reason":"Doublon"`+signed, http.StatusOK)
	if said := c.standing("candidacy-decision"); said != "decision replaced, decision replaced, void holds" {
		t.Errorf("voided: %s", said)
	}
}
