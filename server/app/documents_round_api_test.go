package app

import (
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
)

func TestRoundsAPI_ChangesPeopleCommentsAndReviews(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	author, verifier, approver := s.token(t, qms.Member, plt), s.token(t, qms.Manager, plt), s.token(t, qms.QualityLead, plt)
	officer, reader := s.token(t, qms.QualityOfficer, ""), s.token(t, qms.User, plt)
	const version, kind, signed = "/platforms/PLT/documents/PR-ACH-001/versions/1.0", "application/json", `{"password":"une phrase de passe"}`
	s.call(t, "POST", "/platforms/PLT/documents", author, `{"title":"Achats","kind":"PR","process":"ACH","reason":"first"}`, http.StatusCreated, nil)
	var v struct {
		State, Exemption, Author string
		ReviewOn                 string `json:"review_on"`
		ReviewedOn               string `json:"reviewed_on"`
		Signatures               []struct{ Meaning, Name string }
	}
	etag := s.known(t, "PATCH", version+"/content?name=a.md", author, `"1"`, "application/octet-stream", "text", http.StatusOK, nil)
	s.known(t, "POST", version+"/hand-over", author, "", kind, `{"author":"`+s.me(t, verifier)+`","reason":"absence"}`, http.StatusPreconditionRequired, nil)
	etag = s.known(t, "POST", version+"/hand-over", author, etag, kind, `{"author":"`+s.me(t, officer)+`","reason":"absence"}`, http.StatusOK, &v)
	if v.Author != s.me(t, officer) {
		t.Errorf("handed over to %q", v.Author)
	}
	etag = s.known(t, "POST", version+"/hand-over", approver, etag, kind, `{"author":"`+s.me(t, author)+`","reason":"retour"}`, http.StatusOK, &v)
	etag = s.known(t, "POST", version+"/submit", author, etag, kind, `{"verifier":"`+s.me(t, verifier)+`","approver":"`+s.me(t, approver)+`"}`, http.StatusOK, &v)
	var tasks struct{ Items []struct{ Kind, Code string } }
	s.call(t, "GET", "/platforms/PLT/document-tasks", verifier, "", http.StatusOK, &tasks)
	if len(tasks.Items) != 1 || tasks.Items[0].Kind != "verify" {
		t.Errorf("the verifier's tasks: %+v", tasks)
	}
	s.known(t, "POST", version+"/reassign", verifier, etag, kind, `{"verifier":"`+s.me(t, author)+`","reason":"x"}`, http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", version+"/reassign", author, `"1"`, kind, `{"verifier":"`+s.me(t, officer)+`","reason":"absence"}`, http.StatusPreconditionFailed, nil)
	etag = s.known(t, "POST", version+"/reassign", author, etag, kind, `{"verifier":"`+s.me(t, officer)+`","reason":"absence"}`, http.StatusOK, &v)

	var comment struct{ ID, Text, Name string }
	s.call(t, "POST", version+"/comments", reader, `{"text":"x"}`, http.StatusNotFound, nil)
	s.call(t, "POST", version+"/comments", approver, `{"text":" \u0000 "}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", version+"/comments", approver, `{"text":"`+strings.Repeat("a", 5000)+`"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", version+"/comments", approver, `{"text":"figure 2"}`, http.StatusCreated, &comment)
	s.known(t, "POST", version+"/comments/"+comment.ID+"/resolve", verifier, `"1"`, kind, "", http.StatusForbidden, nil)
	s.known(t, "POST", version+"/comments/"+comment.ID+"/resolve", author, `"1"`, kind, "", http.StatusOK, nil)
	s.known(t, "POST", version+"/comments/"+comment.ID+"/resolve", author, `"2"`, kind, "", http.StatusConflict, nil)
	var said struct {
		Items []struct {
			Text     string
			Resolved bool
		}
	}
	s.call(t, "GET", version+"/comments", author, "", http.StatusOK, &said)
	if len(said.Items) != 1 || !said.Items[0].Resolved || said.Items[0].Text != "figure 2" {
		t.Errorf("said: %+v", said)
	}

	etag = s.known(t, "POST", version+"/verify", officer, etag, kind, signed, http.StatusOK, &v)
	etag = s.known(t, "POST", version+"/approve", approver, etag, kind, signed, http.StatusOK, &v)
	s.known(t, "POST", version+"/review", author, etag, kind, `{"password":"wrong"}`, http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", version+"/review", verifier, `"1"`, kind, signed, http.StatusPreconditionFailed, nil)
	etag = s.known(t, "POST", version+"/review", author, etag, kind, `{"password":"une phrase de passe","note":"relu"}`, http.StatusOK, &v)
	today := s.DB.Today()
	if v.ReviewedOn != today.String() || v.ReviewOn != today.AddMonths(24).String() || v.Signatures[len(v.Signatures)-1].Meaning != "reviewed" {
		t.Errorf("reviewed: %+v", v)
	}
	s.known(t, "POST", version+"/review", author, etag, kind, signed, http.StatusConflict, nil)
	var reviews struct{ Items []struct{ Note string } }
	s.call(t, "GET", version+"/reviews", author, "", http.StatusOK, &reviews)
	if len(reviews.Items) != 1 || reviews.Items[0].Note != "relu" {
		t.Errorf("reviews: %+v", reviews)
	}
}

func TestExemptionsAPI_RecordsAndEnds(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	author, lead := s.token(t, qms.Member, plt), s.token(t, qms.QualityLead, plt)
	const all, kind = "/platforms/PLT/document-exemptions", "application/json"
	good := `{"allows":"verifier-approver","reason":"nous sommes deux","password":"une phrase de passe"}`
	s.call(t, "POST", all, author, good, http.StatusForbidden, nil)
	s.call(t, "POST", all, lead, strings.Replace(good, "une phrase de passe", "wrong", 1), http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", all, lead, strings.Replace(good, "verifier-approver", "everything", 1), http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", all, lead, strings.Replace(good, `"reason"`, `"from":"2020-01-01","reason"`, 1), http.StatusUnprocessableEntity, nil)
	var e struct {
		ID, SignedName, Until string
		Holds                 bool
		EndReason             string `json:"end_reason"`
	}
	s.call(t, "POST", all, lead, good, http.StatusCreated, &e)
	if !e.Holds || e.ID == "" {
		t.Errorf("recorded %+v", e)
	}
	s.call(t, "POST", all, lead, good, http.StatusUnprocessableEntity, nil)
	s.known(t, "POST", all+"/"+e.ID+"/end", lead, "", kind, `{"reason":"x"}`, http.StatusPreconditionRequired, nil)
	s.known(t, "POST", all+"/"+e.ID+"/end", lead, `"7"`, kind, `{"reason":"x"}`, http.StatusPreconditionFailed, nil)
	s.known(t, "POST", all+"/"+e.ID+"/end", lead, `"1"`, kind, `{"reason":"nous sommes quatre"}`, http.StatusOK, &e)
	if e.Holds || e.EndReason != "nous sommes quatre" {
		t.Errorf("ended %+v", e)
	}
	var listed struct{ Items []struct{ Holds bool } }
	s.call(t, "GET", all, author, "", http.StatusOK, &listed)
	if len(listed.Items) != 1 || listed.Items[0].Holds {
		t.Errorf("listed %+v", listed)
	}
	s.known(t, "GET", all+"/"+e.ID, author, "", kind, "", http.StatusOK, &e)
	stranger := s.token(t, qms.Manager, s.platform["AUT"])
	s.call(t, "GET", "/platforms/AUT/document-exemptions/"+e.ID, stranger, "", http.StatusNotFound, nil)
}
