package app

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/server/problem"
)

func TestPacksAPI_MakesFollowsAndDownloads(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.Auditor)
	type one struct {
		Number, State, Failure, SHA256 string
		Size, Facts                    int64
		Progress                       *struct{ Step string }
		Checkpoint                     *struct{ Fingerprint string }
		KeyFingerprint                 string `json:"key_fingerprint"`
	}
	var begun, made one
	today := time.Now().UTC().Format(time.DateOnly)
	s.call(t, "POST", "/platforms/PLT/packs", token, `{"as_of":"`+today+`","language":"en"}`, http.StatusCreated, &begun)
	if begun.State != "running" || !strings.HasPrefix(begun.Number, "PACK-") {
		t.Fatalf("%+v", begun)
	}
	at := "/platforms/PLT/packs/" + begun.Number
	for deadline := time.Now().Add(time.Minute); made.State != "made" && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.call(t, "GET", at, token, "", http.StatusOK, &made)
		if made.State == "failed" {
			t.Fatalf("%+v", made)
		}
	}
	sent := s.ask(t, "GET", "/api/v1"+at+"/archive", token, "", nil)
	report, err := archive.Verify(bytes.NewReader(sent.body), int64(len(sent.body)))
	if err != nil {
		t.Fatal(err)
	}
	if report.Number != begun.Number || report.Fingerprint != made.Checkpoint.Fingerprint || report.KeyFingerprint != made.KeyFingerprint ||
		made.Size != int64(len(sent.body)) || made.Facts != report.Facts {
		t.Errorf("the API says %+v, the pack %+v", made, report)
	}
	if pdf := s.ask(t, "GET", "/api/v1"+at+"/pdf", token, "", nil); !bytes.HasPrefix(pdf.body, []byte("%PDF-")) {
		t.Errorf("PDF: %d", pdf.status)
	}
	s.verdicts(t, token, sent.body)
	var list struct{ Items []one }
	s.call(t, "GET", "/platforms/PLT/packs", token, "", http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].SHA256 != made.SHA256 {
		t.Errorf("%+v", list)
	}
	s.call(t, "POST", at+"/cancel", token, "", http.StatusConflict, nil)
	s.call(t, "GET", "/platforms/PLT/packs/PACK-1999-001", token, "", http.StatusNotFound, nil)
	s.call(t, "POST", "/platforms/PLT/packs", token, `{"as_of":"2999-12-31"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", "/platforms/PLT/packs", token, `{"as_of":"`+today+`","language":"de"}`, http.StatusUnprocessableEntity, nil)
}

// formOf is a form with these parts, each a name and a content; the key is a field, the others are files.
func formOf(t *testing.T, parts ...string) (kind string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.CreateFormField(parts[i])
		if parts[i] != "key" {
			part, err = w.CreateFormFile(parts[i], parts[i]+".zip")
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

// verdicts sends a pack to be checked, as it is and altered, alone and with what it is held to.
func (s *site) verdicts(t *testing.T, token string, made []byte) {
	t.Helper()
	altered := bytes.Clone(made)
	altered[bytes.Index(made, []byte("%PDF-"))+900] ^= 1
	const stranger = "maillon.example+762bad69+AS2t66Y8jqA6iglM+/cf9SK9to/kWF5ZOKQuzBizIkt0"
	for _, trial := range []struct {
		query  string
		form   []string // none: the pack is the body
		body   []byte
		reason string
	}{
		{"", nil, made, ""},
		{"?name=dossier.zip", nil, altered, "pack.file_altered"},
		{"?key=" + url.QueryEscape(stranger), nil, made, "pack.another_key"},
		{"", []string{"file", string(made)}, nil, ""},
		{"", []string{"since", string(made), "file", string(made)}, nil, ""},
		{"", []string{"file", string(made), "since", string(altered)}, nil, "verify.since_not_sound"},
		{"", []string{"file", string(made), "key", stranger}, nil, "pack.another_key"},
	} {
		a := s.sendPacks(t, token, trial.query, trial.form, trial.body)
		var v archive.PackVerdict
		if err := json.Unmarshal(a.body, &v); err != nil || a.status != http.StatusOK {
			t.Fatalf("%d %v: %s", a.status, err, a.body)
		}
		reason := ""
		for _, l := range v.Lines {
			if l.Verdict == archive.Wrong {
				reason = l.Reason
			}
		}
		if v.Sound != (trial.reason == "") || reason != trial.reason || v.Signer != "ours" || v.Says == "" || v.Platform.Code != "PLT" {
			t.Errorf("%q: %+v, want %s", trial.query, v, trial.reason)
		}
		if wanted := slices.Contains(trial.form, "since"); wanted != (v.Older != nil) || wanted && v.Older.Number != v.Number {
			t.Errorf("%q: the older pack: %+v", trial.query, v.Older)
		}
	}
	s.misgivings(t, token, string(made))
}

// misgivings sends what is no pack and no key, too much and too little: each is a problem that names the part.
func (s *site) misgivings(t *testing.T, token, made string) {
	t.Helper()
	for _, trial := range []struct {
		query      string
		form       []string
		body       string
		status     int
		field, key string
	}{
		{"", nil, "%PDF-1.7", http.StatusUnprocessableEntity, "file", "pack.not_a_pack"},
		{"", []string{"file", "%PDF-1.7"}, "", http.StatusUnprocessableEntity, "file", "pack.not_a_pack"},
		{"", []string{"file", made, "since", "%PDF-1.7"}, "", http.StatusUnprocessableEntity, "since", "verify.since_no_pack"},
		{"", []string{"file", made, "file", made}, "", http.StatusUnprocessableEntity, "file", "pack.sent_twice"},
		{"", []string{"since", made}, "", http.StatusUnprocessableEntity, "file", "input.required"},
		{"", []string{"key", "PK"}, "", http.StatusUnprocessableEntity, "file", "input.required"},
		{"", []string{"file", made, "older", made}, "", http.StatusUnprocessableEntity, "older", "value.unknown"},
		{"", []string{"file", made, "key", "PK\x00\x1b"}, "", http.StatusUnprocessableEntity, "key", "pack.given_key_unreadable"},
		{"?key=PK", nil, made, http.StatusUnprocessableEntity, "key", "pack.given_key_unreadable"},
		{"", []string{"key", strings.Repeat("k", 70_000), "file", made}, "", http.StatusUnprocessableEntity, "key", "input.too_long"},
	} {
		a := s.sendPacks(t, token, trial.query, trial.form, []byte(trial.body))
		var p problem.Problem
		if err := json.Unmarshal(a.body, &p); err != nil || a.status != trial.status || len(p.Errors) != 1 || p.Errors[0].Field != trial.field || p.Errors[0].Key != trial.key {
			t.Errorf("%s: %d %s, want %d %s %s", trial.key, a.status, a.body, trial.status, trial.field, trial.key)
		}
	}
	kind, body := formOf(t, "file", made)
	a := s.ask(t, "POST", verifyAt, token, kind, body[:len(body)-len(made)/2])
	var p problem.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || a.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Field != "file" {
		t.Errorf("a form cut off: %d %s", a.status, a.body)
	}
	if a := s.ask(t, "POST", verifyAt, "", kind, body); a.status != http.StatusNotFound { // nor is it said that there is such a platform
		t.Errorf("nobody: %d", a.status)
	}
	if a := s.ask(t, "POST", verifyAt, s.entered(t, qms.User), kind, body); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
		t.Errorf("a user: %d", a.status)
	}
}

const verifyAt = "/api/v1/platforms/PLT/packs/verify"

func (s *site) sendPacks(t *testing.T, token, query string, form []string, body []byte) answer {
	t.Helper()
	kind := "application/zip"
	if form != nil {
		kind, body = formOf(t, form...)
	}
	return s.ask(t, "POST", verifyAt+query, token, kind, body)
}
