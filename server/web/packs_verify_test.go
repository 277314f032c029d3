package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maillon/qms"
)

// check sends packs to the page that checks them: a key, a pack, and one to hold it to.
func (b *browser) check(key string, packs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	found := token.FindStringSubmatch(b.get("/account").body)
	if found == nil {
		b.t.Fatal("no token")
	}
	for name, value := range map[string]string{"csrf": found[1], "key": key} {
		if err := w.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	for i, content := range packs {
		part, err := w.CreateFormFile([]string{"file", "since"}[i], []string{"dossier.zip", "ancien.zip"}[i])
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/p/MIC/packs/verify", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

// holdsToIt sends a pack of this site to the page that checks packs, as it is and altered.
func (b *browser) holdsToIt(t *testing.T, made string) {
	t.Helper()
	altered := []byte(made)
	altered[strings.Index(made, "%PDF-")+900] ^= 1
	says := func(what string, a answer, status int, sentences ...string) {
		t.Helper()
		if a.status != status {
			t.Errorf("%s: %d\n%s", what, a.status, a.body)
		}
		for _, sentence := range sentences {
			if !strings.Contains(a.body, sentence) {
				t.Errorf("%s: does not say %q\n%s", what, sentence, a.body)
			}
		}
	}
	says("as it was made", b.check("", made), http.StatusOK, "dossier.zip est intact", "CONFORME", "celle de ce site", "manifest.sig", "pack.pdf")
	says("since itself", b.check("", made, made), http.StatusOK, "dossier.zip est intact", "Rien n’a été réécrit")
	says("altered", b.check("", string(altered)), http.StatusOK, "dossier.zip est refusé", "À REFUSER\u202f: 1 anomalie", "Le fichier «\u202fpack.pdf\u202f» a été modifié", "Tel qu’au manifeste signé")
	says("since what was altered", b.check("", made, string(altered)), http.StatusOK, "est refusé", "n’est pas intact lui-même", "Le fichier «\u202fpack.pdf\u202f» a été modifié")
	says("another key", b.check("maillon.example+762bad69+AS2t66Y8jqA6iglM+/cf9SK9to/kWF5ZOKQuzBizIkt0", made), http.StatusOK, "est refusé", "une autre clé")
	says("no key at all", b.check("PK", made), http.StatusOK, "est refusé", "La clé donnée ne se lit pas")
	says("another file", b.check("", "%PDF-1.7"), http.StatusOK, "est refusé", "Rien d’autre n’a pu être contrôlé")
	says("nothing", b.check(""), http.StatusUnprocessableEntity, "Cette réponse est attendue")
	says("another file as the earlier one", b.check("", made, "%PDF-1.7"), http.StatusOK, "est refusé", "Le fichier donné comme dossier antérieur n’est pas un dossier d’audit")
	says("how much may be sent", b.get("/p/MIC/packs/verify"), http.StatusOK, "2 Gio au plus")
	hostile := strings.Replace(made, "pack.pdf", "<b>\x1b.pd", -1)
	if a := b.check("", hostile); a.status != http.StatusOK || strings.Contains(a.body, "<b>") || strings.Contains(a.body, "\x1b") || !strings.Contains(a.body, "est refusé") {
		t.Errorf("hostile names: %d\n%s", a.status, a.body)
	}
}

func TestPacks_AreCheckedByThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	if a := s.holding(qms.Auditor, "MIC").check("", "PK"); a.status != http.StatusOK {
		t.Errorf("an auditor: %d", a.status)
	}
	if a := s.holding(qms.Auditor, "CYT").check("", "PK"); a.status != http.StatusNotFound {
		t.Errorf("an auditor of another platform: %d", a.status)
	}
}

func TestDocs_TellAnybodyTheFormatOfAPack(t *testing.T) {
	t.Parallel()
	s := open(t)
	for lang, words := range map[string][]string{"fr": {"Le format d’un dossier", "Vecteurs d’essai"}, "en": {"The format of a pack", "Test vectors"}} {
		b := s.nobody()
		b.accept = lang
		a := b.get("/docs/pack-format")
		for _, word := range append(words, "13HwSTJ5Hbah+V37YufTJVr8pcGFm2mzXU7fIdW/WoI=", "RFC 6962", "<li>") {
			if a.status != http.StatusOK || !strings.Contains(strings.ReplaceAll(a.body, "&#43;", "+"), word) {
				t.Errorf("%s: %d, without %q", lang, a.status, word)
			}
		}
	}
}
