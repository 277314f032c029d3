package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trail"
)

var keptAddress = regexp.MustCompile(`/p/MIC/trail/checkpoints/[0-9a-f-]{36}`)

// keep asks for a checkpoint and returns the address of its page.
func (b *browser) keep() string {
	b.t.Helper()
	a := b.post("/p/MIC/trail/checkpoints", nil)
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !keptAddress.MatchString(at) {
		b.t.Fatalf("%d %s\n%s", a.status, at, a.body)
	}
	return at
}

func TestCheckpoints_AreKeptOnDemandAndCompared(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.Witness.Enrol(s.system()); err != nil {
		t.Fatal(err)
	}
	manager := s.holding(qms.Manager, "MIC")
	list := manager.get("/p/MIC/trail/checkpoints")
	if !strings.Contains(list.body, "Aucun point de contrôle gardé") {
		t.Errorf("the empty list says nothing:\n%s", list.body)
	}
	first := manager.keep()
	if again := manager.keep(); again != first {
		t.Errorf("nothing was added, and %s is kept beside %s", again, first)
	}
	s.user(qms.Member, "MIC")
	second := manager.keep()
	page := manager.get(second)
	note := manager.get(second + "/note")
	v, err := trail.ParseVerifier(s.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := trail.Open([]byte(note.body), v)
	if err != nil || !strings.Contains(page.body, signed.Fingerprint()) || !strings.Contains(page.body, "<svg") {
		t.Errorf("the page is not of that note: %v\n%s", err, page.body)
	}
	if !strings.Contains(note.header.Get("Content-Disposition"), "MIC-") {
		t.Errorf("the note is called %s", note.header.Get("Content-Disposition"))
	}
	with := first[strings.LastIndexByte(first, '/')+1:]
	if proved := manager.get(second + "?with=" + with); !strings.Contains(proved.body, "Prouvé") {
		t.Errorf("nothing is proved:\n%s", proved.body)
	}
	if proof := manager.get(second + "/continuation?with=" + with); proof.status != http.StatusOK || !strings.Contains(proof.body, "consistency_proof") {
		t.Errorf("%d %s", proof.status, proof.body)
	}
	for _, path := range []string{"/continuation", "/continuation?with=" + with[:35] + "z", "/stamp"} {
		if a := manager.get(second + path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := manager.get("/p/MIC/trail/checkpoints?cause=demand"); strings.Count(a.body, `class="opens"`) != 2 {
		t.Errorf("the list by cause:\n%s", a.body)
	}
}

func TestCheckpoints_OfAnotherPlatformDoNotExist(t *testing.T) {
	t.Parallel()
	s := open(t)
	at := s.holding(qms.Manager, "MIC").keep()
	other := s.holding(qms.Manager, "CYT")
	for _, path := range []string{at, at + "/note", strings.Replace(at, "MIC", "CYT", 1), strings.Replace(at, "MIC", "CYT", 1) + "/note"} {
		if a := other.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestKeys_ShowWhatToCompareAndHowTheyTookOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.Witness.Enrol(s.system()); err != nil {
		t.Fatal(err)
	}
	auditor := s.holding(qms.Auditor, "MIC")
	v, err := trail.ParseVerifier(s.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	page := auditor.get("/p/MIC/trail/keys")
	if !strings.Contains(page.body, v.Fingerprint()) || !strings.Contains(page.body, "première clé") || strings.Contains(page.body, "key rotate") {
		t.Errorf("the page of keys:\n%s", page.body)
	}
	history := auditor.get("/p/MIC/trail/keys/history")
	if keys, err := trail.ParseSuccession([]byte(history.body)); err != nil || !keys.Knows(v) {
		t.Errorf("%v: %s", err, history.body)
	}
	admin := s.holding(qms.Administrator, "")
	if page := admin.get("/trail/keys"); !strings.Contains(page.body, "key rotate") {
		t.Errorf("the administrator is not told how:\n%s", page.body)
	}
	if _, err := s.RotateKey(s.system(), "Changement"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/p/MIC/trail/keys", "/p/MIC/trail/checkpoint"} {
		if a := auditor.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "ne signe plus") {
			t.Errorf("%s does not say that this server signs nothing: %d\n%s", path, a.status, a.body)
		}
	}
	if a := s.holding(qms.Manager, "MIC").post("/p/MIC/trail/checkpoints", nil); a.status != http.StatusConflict || !strings.Contains(a.body, "ne signe plus") {
		t.Errorf("a checkpoint is kept: %d\n%s", a.status, a.body)
	}
}

func TestCheckpointAddresses_AreAddedAndEnded(t *testing.T) {
	t.Parallel()
	s := open(t)
	admin := s.holding(qms.Administrator, "")
	const page = "/trail/checkpoints/addresses"
	if a := admin.get(page); !strings.Contains(a.body, "Aucun serveur de courriel") {
		t.Errorf("it is not said that nothing leaves:\n%s", a.body)
	}
	if a := admin.post(page, url.Values{"address": {"nulle part"}, "language": {"fr"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "nulle part") {
		t.Errorf("no address: %d\n%s", a.status, a.body)
	}
	if a := admin.post(page, url.Values{"address": {"archives@institution.example"}, "language": {"fr"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	at := regexp.MustCompile(page + `/[0-9a-f-]{36}`).FindString(admin.get(page).body)
	if a := admin.post(at, url.Values{"reason": {""}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := admin.post(at, url.Values{"reason": {"Archives fermées"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	if a := admin.get(page); strings.Contains(a.body, "<th scope=\"row\">archives@institution.example") {
		t.Errorf("it is still there:\n%s", a.body)
	}
}
