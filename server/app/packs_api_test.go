package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack/archive"
	"maillon/qms"
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

// verdicts sends a pack to be checked, as it is and altered.
func (s *site) verdicts(t *testing.T, token string, made []byte) {
	t.Helper()
	altered := bytes.Clone(made)
	altered[bytes.Index(made, []byte("%PDF-"))+900] ^= 1
	type verdict struct {
		Sound  bool
		Says   string
		Number string
		Signer string
		Lines  []struct{ Kind, Name, Verdict, Reason, Says string }
	}
	for _, trial := range []struct {
		query  string
		sent   []byte
		reason string
		signer string
	}{
		{"", made, "", "ours"},
		{"&key=PK", made, "pack.given_key_unreadable", "ours"},
		{"", altered, "pack.file_altered", "ours"},
		{"", []byte("%PDF-1.7"), "pack.not_a_pack", "other"},
	} {
		a := s.ask(t, "POST", "/api/v1/platforms/PLT/packs/verify?name=dossier.zip"+trial.query, token, "application/zip", trial.sent)
		var v verdict
		if err := json.Unmarshal(a.body, &v); err != nil || a.status != http.StatusOK {
			t.Fatalf("%d %v: %s", a.status, err, a.body)
		}
		reason := ""
		for _, l := range v.Lines {
			if l.Verdict == "wrong" {
				reason = l.Reason
			}
		}
		if v.Sound != (trial.reason == "") || reason != trial.reason || v.Signer != trial.signer || v.Says == "" {
			t.Errorf("%q: %+v, want %s", trial.query, v, trial.reason)
		}
	}
}
