package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"net/url"

	"maillon/audits"
	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/qms"
)

// made waits for the pack that the page was sent to.
func (b *browser) made(at string) answer {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		a := b.get(at)
		if !strings.Contains(a.body, "pack-progress") {
			return a
		}
		if !strings.Contains(a.body, `http-equiv="refresh"`) || !strings.Contains(a.body, "hx-get") {
			b.t.Fatalf("progress that does not move on by itself:\n%s", a.body)
		}
	}
	b.t.Fatal("the pack is not made")
	return answer{}
}

func TestPacks_ArePreparedDownloadedAndVerifiedOnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	if a := b.get("/p/MIC/packs"); a.status != http.StatusOK || !strings.Contains(a.body, "Préparer un dossier") {
		t.Fatalf("list: %d", a.status)
	}
	a := b.post("/p/MIC/packs/new", url.Values{"as_of": {time.Now().Format("02/01/2006")}, "language": {"fr"}, "sections": pack.Sections(), "files": {"on"}})
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(at, "/p/MIC/packs/PACK-") {
		t.Fatalf("start: %d %s\n%s", a.status, at, a.body)
	}
	a = b.made(at)
	if !strings.Contains(a.body, "Vérifié") || !strings.Contains(a.body, "Télécharger le dossier") {
		t.Fatalf("made:\n%s", a.body)
	}
	sent := b.get(at + "/archive")
	if sent.status != http.StatusOK || sent.header.Get("Content-Type") != "application/zip" || !strings.Contains(sent.header.Get("Content-Disposition"), "PACK-") {
		t.Fatalf("download: %d %v", sent.status, sent.header)
	}
	if _, err := archive.Verify(strings.NewReader(sent.body), int64(len(sent.body))); err != nil {
		t.Errorf("what was downloaded: %v", err)
	}
	if pdf := b.get(at + "/pdf"); pdf.status != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") {
		t.Errorf("PDF: %d", pdf.status)
	}
	b.holdsToIt(t, sent.body)
}

func TestPacks_FormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Auditor, "MIC")
	if asked := b.get("/p/MIC/packs/new"); strings.Count(asked.body, " checked") != len(pack.Sections())+2 { // and the files, and the language
		t.Errorf("%d boxes are ticked before anything is chosen", strings.Count(asked.body, " checked"))
	}
	a := b.post("/p/MIC/packs/new", url.Values{"as_of": {"31/12/2999"}, "language": {"en"}, "sections": pack.Sections()})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "31/12/2999") || !strings.Contains(a.body, "Choisissez une date jusqu’à aujourd’hui") {
		t.Errorf("%d\n%s", a.status, a.body)
	}
}

func TestPacks_OfAnotherPlatformAreNotFound(t *testing.T) {
	t.Parallel()
	s := open(t)
	lead, other := s.holding(qms.QualityLead, "MIC"), s.holding(qms.QualityLead, "CYT")
	at := lead.post("/p/MIC/packs/new", url.Values{"as_of": {time.Now().Format("02/01/2006")}, "language": {"fr"}, "sections": pack.Sections(), "files": {"on"}}).header.Get("Location")
	lead.made(at)
	for _, path := range []string{at, at + "/archive", at + "/pdf", strings.Replace(at, "MIC", "CYT", 1)} {
		if a := other.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestPacks_ThatFailedSayWhy(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	s.Audits.Close() // packs begun from now on are left to another server, and there is none
	at := b.post("/p/MIC/packs/new", url.Values{"as_of": {time.Now().Format("02/01/2006")}, "language": {"fr"}, "sections": pack.Sections(), "files": {"on"}}).header.Get("Location")
	for deadline := time.Now().Add(time.Minute); !strings.Contains(b.get(at).body, "Aucun serveur ne le prépare"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it is not left")
		}
	}
	if a := b.post(at, url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("cancel what nobody makes: %d", a.status)
	}
	if a := b.made(at); !strings.Contains(a.body, "La préparation a été annulée") {
		t.Errorf("%s", a.body)
	}
	if a := b.get(at + "/archive"); a.status != http.StatusConflict {
		t.Errorf("archive of a failed pack: %d", a.status)
	}
	if a := b.post(at, url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("cancel what has ended: %d", a.status)
	}
	page, err := s.Audits.Packs(s.system(), s.platform["MIC"], qms.Cursor{})
	if err != nil || len(page.Items) != 1 || page.Items[0].State != audits.PackFailed {
		t.Errorf("packs %+v, %v", page.Items, err)
	}
}
