package app

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store/storetest"
)

// failedPack is a pack as the API tells it.
type failedPack struct {
	Number, State, Failure, SHA256 string
	FailureSays                    string `json:"failure_says"`
}

// The vault loses the file of a document in force the day after everything was checked: the next pack fails
// naming it, to people and to programs, and everything is checked again at once, so that those who can mend
// it are told.
func TestPacks_OfAVaultThatLostAFileTellWhichAndWhoCanMendIt(t *testing.T) {
	t.Parallel()
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}
	storetest.Lay(t, settings.Data)
	var later atomic.Int64
	s := openSiteWith(t, settings, Options{Clock: func() time.Time { return storetest.Now.Add(time.Duration(later.Load())) }})
	const body = "# Réception\n\nPesés à réception."
	code := strings.Split(s.approved(t, s.crew(t), "Réception", "reception.md", body), "/")[4]
	officer, admin := s.token(t, qms.QualityOfficer, ""), s.token(t, qms.Administrator, "")
	tick := func() {
		if err := s.Scrubs.Tick(asSystem(t)); err != nil {
			t.Fatal(err)
		}
	}
	tick()
	later.Add(int64(8 * time.Hour))
	if err := os.Remove(filepath.Join(settings.Data, "vault", filepath.FromSlash(vault.DigestOf([]byte(body)).Path()))); err != nil {
		t.Fatal(err)
	}
	s.failsToPack(t, officer, code+" 1.0 (reception.md)")
	later.Add(int64(time.Minute))
	tick()
	tick()
	var one struct {
		State string
		Found int64
	}
	if s.call(t, "GET", "/integrity/scrubs/2", admin, "", http.StatusOK, &one); one.State != "broken" || one.Found != 1 {
		t.Errorf("the second check: %+v", one)
	}
	s.call(t, "GET", "/integrity/scrubs/3", admin, "", http.StatusNotFound, nil)
	if told := s.toldOf(t, "integrity"); !slices.Equal(told, []string{"administrator@site.example", "quality-officer@site.example"}) {
		t.Errorf("told: %v", told)
	}
}

// failsToPack asks for a pack, which fails with a sentence that names the file.
func (s *site) failsToPack(t *testing.T, token, file string) {
	t.Helper()
	var p failedPack
	s.call(t, "POST", "/platforms/PLT/packs", token, `{"as_of":"2026-06-30","sections":["documents"]}`, http.StatusCreated, &p)
	for deadline := time.Now().Add(time.Minute); p.State == "running" && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.call(t, "GET", "/platforms/PLT/packs/"+p.Number, token, "", http.StatusOK, &p)
	}
	if p.State != "failed" || p.Failure != "pack.content_missing" || p.SHA256 != "" || !strings.Contains(p.FailureSays, file) {
		t.Fatalf("%+v", p)
	}
	for lang, words := range map[string]string{"fr": "Le coffre n’a plus un fichier", "en": "The vault has lost a file"} {
		_, _, text := s.page(t, "/p/PLT/packs/"+p.Number, token, "Accept-Language", lang)
		if !strings.Contains(text, words) || !strings.Contains(text, file) {
			t.Errorf("%s: the page does not say %q of %s:\n%s", lang, words, file, text)
		}
	}
}
