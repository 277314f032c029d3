package web_test

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

// bring sends files to a page of imports: field and name, then content, by turns.
func (b *browser) bring(path string, files ...string) answer {
	b.t.Helper()
	found := token.FindStringSubmatch(b.get(path).body)
	if found == nil {
		b.t.Fatalf("%s carries no token", path)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("csrf", found[1]); err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		field, name, _ := strings.Cut(files[i], " ")
		part, err := w.CreateFormFile(field, name)
		if err == nil {
			_, err = part.Write([]byte(files[i+1]))
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

// settled is the page of an import once nobody has to wait for it.
func (b *browser) settled(at string) answer {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		a := b.get(at)
		if a.status != http.StatusOK {
			b.t.Fatalf("%s: %d", at, a.status)
		}
		if !strings.Contains(a.body, "import-progress") {
			return a
		}
		if !strings.Contains(a.body, `http-equiv="refresh"`) || !strings.Contains(a.body, "hx-get") {
			b.t.Fatalf("progress that does not move on by itself:\n%s", a.body)
		}
	}
	b.t.Fatal("the import does not end")
	return answer{}
}

func (b *browser) started(a answer) string {
	b.t.Helper()
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(at, "/p/MIC/imports/") {
		b.t.Fatalf("not started: %d %s\n%s", a.status, at, a.body)
	}
	return at
}

func holds(t *testing.T, a answer, sentences ...string) {
	t.Helper()
	body := strings.NewReplacer("\u202f", " ", "\u00a0", " ", "&#39;", "'").Replace(a.body)
	for _, s := range sentences {
		if !strings.Contains(body, s) {
			t.Errorf("%q is not said in\n%s", s, body)
		}
	}
}

func TestImports_OfRegistersAreShownConfirmedAndKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	holds(t, b.get("/p/MIC/imports"), "Aucun import récent", "Importer des registres")
	people := "Code agent;Nom;Formateur\nP01;Agent 01;oui\n"
	at := b.started(b.bring("/p/MIC/imports/registers", "files personnel.csv", people, "files equipements.csv", "Code;Désignation;Couleur\nEQ-1;Microscope;bleu\n"))
	holds(t, b.settled(at), "à confirmer", "2 lignes nouvelles", "Personnel", "Microscope", "Couleur", "Importer</button>")
	if a := b.post(at, url.Values{"do": {"confirm"}}); a.status != http.StatusSeeOther {
		t.Fatalf("confirm: %d", a.status)
	}
	holds(t, b.settled(at), "L’import est fait", "2 ajoutés")
	holds(t, b.get("/p/MIC/imports"), "personnel.csv, equipements.csv", "repris")
	again := b.started(b.bring("/p/MIC/imports/registers", "files personnel.csv", people))
	if a := b.settled(again); strings.Contains(a.body, `value="confirm"`) {
		t.Error("there is nothing to confirm, and one may")
	} else {
		holds(t, a, "Rien", "tout est déjà là, tel quel")
	}
}

func TestImports_SayWhatIsWrongByRowAndColumn(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files devis.csv", "N° devis;N° demande;Date;Accepté le;Montant HT\nD-1;R-1;31/06/2023;;<b>12</b>\n"))
	holds(t, b.settled(at), "refusé", "2 problèmes à corriger", "31/06/2023", "Cette date n’existe pas", "&lt;b&gt;12&lt;/b&gt;", "une date comme 03/04/2023", "Recommencer")
	b.accept = "en"
	holds(t, b.settled(at), "Nothing is written", "There is no such date")
	b.accept = "fr"
	holds(t, b.bring("/p/MIC/imports/registers"), "Choisissez au moins un fichier")
	at = b.started(b.bring("/p/MIC/imports/documents", "files faux.zip", "none"))
	holds(t, b.settled(at), "non abouti", "est abîmé")
	if a := b.get("/p/MIC/imports/none"); a.status != http.StatusNotFound {
		t.Errorf("an import that there is not: %d", a.status)
	}
}

func TestImports_OfDocumentsTakeAnArchiveAndAMapping(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, text := range map[string]string{"achats/sop-purchasing.md": "# SOP Purchasing\n", "LICENSE.md": "# Licence\n"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	at := b.started(b.bring("/p/MIC/imports/documents", "mapping m.csv", "chemin;titre\nachats/sop-purchasing.md;Acheter\n", "files qms.zip", archive.String()))
	holds(t, b.settled(at), "PR-ACH-001", "Acheter", "1 fichier laissé de côté", "LICENSE.md")
	if a := b.post(at, url.Values{"do": {"confirm"}}); a.status != http.StatusSeeOther {
		t.Fatalf("confirm: %d", a.status)
	}
	holds(t, b.settled(at), "L’import est fait")
	holds(t, b.get("/p/MIC/documents"), "PR-ACH-001", "Acheter")
}

func TestImports_CanBeGivenUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files personnel.csv", "Code agent;Nom\nP01;Agent 01\n"))
	b.settled(at)
	if a := b.post(at, url.Values{"do": {"cancel"}}); a.status != http.StatusSeeOther {
		t.Fatalf("cancel: %d", a.status)
	}
	holds(t, b.settled(at), "abandonné")
	b.post(at, url.Values{"do": {"confirm"}})
	if a := b.settled(at); strings.Contains(a.body, "L’import est fait") {
		t.Error("what was given up was written")
	}
	other := s.holding(qms.Manager, "CYT")
	if a := other.get(strings.Replace(at, "/MIC/", "/CYT/", 1)); a.status != http.StatusNotFound {
		t.Errorf("another platform sees it: %d", a.status)
	}
}
