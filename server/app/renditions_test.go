package app

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/qmstest"
)

// docx is a small word-processor file of these paragraphs.
func docx(t *testing.T, paragraphs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` +
			strings.Join(paragraphs, `</w:t></w:r></w:p><w:p><w:r><w:t>`) + `</w:t></w:r></w:p></w:body></w:document>`,
	} {
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
	return b.String()
}

// crew are the tokens of three people of the platform PLT.
type crew struct{ author, verifier, approver string }

func (s *site) crew(t *testing.T) crew {
	plt := s.platform["PLT"]
	return crew{s.token(t, qms.Member, plt), s.token(t, qms.Manager, plt), s.token(t, qms.QualityLead, plt)}
}

// approved walks a new document through its round over HTTP and returns the path of its version.
func (s *site) approved(t *testing.T, c crew, title, file, content string) string {
	t.Helper()
	const kind, password = "application/json", `{"password":"une phrase de passe"}`
	var d struct{ Code string }
	s.call(t, "POST", "/platforms/PLT/documents", c.author, `{"title":"`+title+`","kind":"PR","process":"ACH","reason":"première version"}`, http.StatusCreated, &d)
	version := "/platforms/PLT/documents/" + d.Code + "/versions/1.0"
	etag := s.known(t, "GET", version, c.author, "", kind, "", http.StatusOK, nil)
	etag = s.known(t, "PATCH", version+"/content?name="+file, c.author, etag, "application/octet-stream", content, http.StatusOK, nil)
	signers := `{"verifier":"` + s.me(t, c.verifier) + `","approver":"` + s.me(t, c.approver) + `"}`
	etag = s.known(t, "POST", version+"/submit", c.author, etag, kind, signers, http.StatusOK, nil)
	etag = s.known(t, "POST", version+"/verify", c.verifier, etag, kind, password, http.StatusOK, nil)
	s.known(t, "POST", version+"/approve", c.approver, etag, kind, password, http.StatusOK, nil)
	return version
}

// said is the text of the PDF, as pdftotext reads it.
func said(t *testing.T, pdf string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pdf")
	if err := os.WriteFile(path, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, text)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// needs ends the test where the programs are missing.
func needs(t *testing.T, office bool) {
	t.Helper()
	_, found := rendition.FindOffice()
	if office && !found {
		qmstest.Without(t, qmstest.LibreOffice, "it is not installed")
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		qmstest.Without(t, qmstest.PDFTools, "pdftotext is not installed")
	}
}

type renditionAnswer struct {
	State, How, Failure, SHA256 string
	Pages                       int
}

func TestRendition_OfAWordFileThatThreePeopleSignedSaysAllOfIt(t *testing.T) {
	t.Parallel()
	needs(t, true)
	s := openSite(t)
	s.Documents.ReachedAt("https://qualite.example")
	c := s.crew(t)
	version := s.approved(t, c, "Réception des échantillons", "reception.docx", docx(t, "Les échantillons sont pesés à réception.", "La balance est vérifiée chaque matin."))
	reader := s.token(t, qms.Auditor, s.platform["PLT"])
	if err := s.Documents.MakeRenditions(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	var pdf string
	s.known(t, "GET", version+"/rendition", reader, "", "application/json", "", http.StatusOK, &pdf)
	text := said(t, pdf)
	for _, want := range []string{"PR-ACH-001", "Réception des échantillons", "Agent 01", "Rédacteur", "Vérificateur", "Approbateur", "Plateforme PLT",
		"Les échantillons sont pesés à réception.", "La balance est vérifiée chaque matin.", "https://qualite.example/v/", "première version", "Page 2/2"} {
		if !strings.Contains(text, want) {
			t.Errorf("the PDF does not say %q: %s", want, text)
		}
	}
	var v struct{ Rendition renditionAnswer }
	s.call(t, "GET", version, reader, "", http.StatusOK, &v)
	if v.Rendition.State != "done" || v.Rendition.How != "converted" || v.Rendition.Pages != 2 || v.Rendition.SHA256 == "" {
		t.Errorf("shown as %+v", v.Rendition)
	}
	var original string
	s.known(t, "GET", version+"/content", reader, "", "application/json", "", http.StatusOK, &original)
	if !strings.HasPrefix(original, "PK") {
		t.Error("the original is no longer what was given")
	}
}

// The address on the cover leads to a page, and to an operation, that say one thing only.
func TestPrintStatus_SaysToNobodyInParticularWhetherThePrintIsInForce(t *testing.T) {
	t.Parallel()
	needs(t, false)
	s := openSite(t)
	s.Documents.ReachedAt("https://qualite.example")
	c := s.crew(t)
	const title = "Réception des échantillons"
	version := s.approved(t, c, title, "reception.txt", "Pesés à réception.")
	var pdf string
	s.known(t, "GET", version+"/rendition", c.author, "", "application/json", "", http.StatusOK, &pdf)
	address := regexp.MustCompile(`https://qualite\.example(/v/[A-Z2-7]{26})`).FindStringSubmatch(said(t, pdf))
	if address == nil {
		t.Fatal("the PDF carries no address")
	}
	says := func(in string, inForce bool) {
		t.Helper()
		page := s.ask(t, "GET", address[1], "", "", nil)
		if page.status != http.StatusOK || !strings.Contains(string(page.body), in) {
			t.Errorf("the page says %d, want %q: %s", page.status, in, page.body)
		}
		for _, kept := range []string{"PR-ACH-001", title, "Agent", "PLT", "1.0"} {
			if strings.Contains(string(page.body), kept) {
				t.Errorf("the page tells anybody %q", kept)
			}
		}
		var status map[string]any
		s.call(t, "GET", "/prints/"+strings.TrimPrefix(address[1], "/v/"), "", "", http.StatusOK, &status)
		if len(status) != 2 || status["in_force"] != inForce || status["as_of"] == nil {
			t.Errorf("the operation says %v", status)
		}
	}
	says("Cette version est en vigueur", true)
	etag := s.known(t, "GET", version, c.approver, "", "application/json", "", http.StatusOK, nil)
	s.known(t, "POST", version+"/withdraw", c.approver, etag, "application/json", `{"reason":"erreur"}`, http.StatusOK, nil)
	says("Cette version n’est pas en vigueur", false)
	for _, unknown := range []string{"/v/" + strings.Repeat("A", 26), "/v/x", "/v/%00", "/v/" + strings.Repeat("9", 5000)} {
		if page := s.ask(t, "GET", unknown, "", "", nil); page.status != http.StatusNotFound {
			t.Errorf("%.40s: %d", unknown, page.status)
		}
	}
	if page := s.ask(t, "GET", address[1], c.author, "", nil); !strings.Contains(string(page.body), "/p/PLT/documents/PR-ACH-001") {
		t.Error("a reader is not led to the document")
	}
	s.known(t, "GET", version+"/rendition", c.author, "", "application/json", "", http.StatusOK, &pdf)
	if text := said(t, pdf); !strings.Contains(text, "RETIRÉE LE") {
		t.Errorf("withdrawn, the PDF says %s", text)
	}
}

func TestServe_MakesRenditionsAsTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	stop := s.keepPrinting(asSystem(t))
	defer stop()
	version := s.approved(t, s.crew(t), "Notice", "notice.bin", "\x00\x01 something without a format")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	reader := s.token(t, qms.Auditor, s.platform["PLT"])
	for {
		var v struct{ Rendition renditionAnswer }
		s.call(t, "GET", version, reader, "", http.StatusOK, &v)
		if v.Rendition.State == "done" {
			if v.Rendition.How != "enclosed" || v.Rendition.Pages != 1 {
				t.Errorf("made %+v", v.Rendition)
			}
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("not made: %+v", v.Rendition)
		}
	}
}

func TestRenditionsAPI_ListsAsksAgainAndSetsTheLogo(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.crew(t)
	const kind = "application/json"
	version := s.approved(t, c, "Notice", "notice.bin", "\x00\x01 something without a format")
	var list struct {
		Items []struct{ Code, Version, State string }
	}
	s.call(t, "GET", "/platforms/PLT/renditions", c.author, "", http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].Code != "PR-ACH-001" || list.Items[0].State != "pending" {
		t.Errorf("waiting: %+v", list.Items)
	}
	var pdf string
	s.known(t, "GET", version+"/rendition", c.author, "", kind, "", http.StatusOK, &pdf)
	if !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("got %.20q", pdf)
	}
	s.known(t, "POST", version+"/rendition", c.author, "", kind, `{}`, http.StatusForbidden, nil)
	s.known(t, "POST", version+"/rendition", c.approver, "", kind, `{"enclosed":true}`, http.StatusOK, nil)
	s.call(t, "GET", "/platforms/PLT/renditions?state=done", c.author, "", http.StatusOK, &list)
	if len(list.Items) != 0 {
		t.Errorf("made, while another one is asked for: %+v", list.Items)
	}
	s.call(t, "GET", "/platforms/PLT/renditions?state=lost", c.author, "", http.StatusUnprocessableEntity, nil)

	const settings = "/platforms/PLT/document-settings"
	var set struct {
		Language string
		Logo     string `json:"logo_sha256"`
	}
	etag := s.known(t, "GET", settings, c.author, "", kind, "", http.StatusOK, &set)
	if set.Language != "fr" || set.Logo != "" {
		t.Errorf("before anybody set them: %+v", set)
	}
	s.known(t, "PATCH", settings, c.author, etag, kind, `{"language":"en"}`, http.StatusForbidden, nil)
	etag = s.known(t, "PATCH", settings, c.approver, etag, kind, `{"language":"en"}`, http.StatusOK, &set)
	s.known(t, "PATCH", settings, c.approver, `"1"`, kind, `{"language":"fr"}`, http.StatusPreconditionFailed, nil)
	s.known(t, "PATCH", settings+"/logo?name=logo.png", c.approver, etag, "application/octet-stream", "<svg>", http.StatusUnprocessableEntity, nil)
	etag = s.known(t, "PATCH", settings+"/logo?name=logo.png", c.approver, etag, "application/octet-stream", picture(t, 200, 80), http.StatusOK, &set)
	if set.Language != "en" || set.Logo == "" {
		t.Errorf("set to %+v", set)
	}
	var logo string
	s.known(t, "GET", settings+"/logo", c.author, "", kind, "", http.StatusOK, &logo)
	if !strings.HasPrefix(logo, "\x89PNG") {
		t.Errorf("the logo is %.10q", logo)
	}
	if err := s.Documents.MakeRenditions(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	s.known(t, "GET", version+"/rendition", c.author, "", kind, "", http.StatusOK, &pdf)
	if !strings.Contains(pdf, "/Subtype /Image") && !strings.Contains(pdf, "/Subtype/Image") {
		t.Error("the cover carries no picture")
	}
	s.known(t, "PATCH", settings, c.approver, etag, kind, `{"no_logo":true}`, http.StatusOK, &set)
	s.known(t, "GET", settings+"/logo", c.author, "", kind, "", http.StatusNotFound, nil)
}

func picture(t *testing.T, width, height int) string {
	t.Helper()
	drawn := image.NewGray(image.Rect(0, 0, width, height))
	drawn.Set(3, 3, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, drawn); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
