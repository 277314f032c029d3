package web_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"maillon/documents"
	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/locale"
)

// inForce walks a document with this content through its round.
func (c crew) inForce(title, file, content string) (sheet string) {
	b := c.author
	b.t.Helper()
	verifier, approver := c.signatories()
	fields := map[string]string{"title": title, "kind": "PR", "process": "ACH", "number": "1.0", "reason": "première version",
		"review_months": "24", "confidentiality": "internal", "verifier": verifier, "approver": approver, "submit": "on"}
	a := b.deposit("/p/MIC/documents/new", fields, file, content)
	b.says("create", a, http.StatusSeeOther)
	sheet = a.header.Get("Location")
	signed := url.Values{"password": {password}}
	b.says("verify", c.verifier.post(sheet+"/versions/1.0/verify", signed), http.StatusSeeOther)
	b.says("approve", c.approver.post(sheet+"/versions/1.0/approve", signed), http.StatusSeeOther)
	return sheet
}

func TestRenditions_AreOfferedFirstAndTheOriginalSecond(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	fr := locale.For(locale.French)
	sheet := c.inForce("Achats", "achats.bin", "\x00\x01 without a format")
	c.approver.says("the list of what waits", c.approver.get("/p/MIC/documents/renditions"), http.StatusOK, "PR-ACH-001", fr.T("page.renditions.pending"), fr.T("page.renditions.redo"))
	if page := c.author.get("/p/MIC/documents/renditions"); strings.Contains(page.body, fr.T("page.renditions.redo")+"<") {
		t.Error("a member is offered what only who controls documents may do")
	}
	page := c.reader.get(sheet)
	c.reader.says("the sheet", page, http.StatusOK, fr.T("page.renditions.read", "1.0"), fr.T("page.renditions.pending"))
	pdf, file := strings.Index(page.body, "/versions/1.0/rendition"), strings.Index(page.body, "/versions/1.0/file")
	if pdf < 0 || file < 0 || file < pdf {
		t.Errorf("the PDF stands at %d, the original at %d", pdf, file)
	}
	a := c.reader.get(sheet + "/versions/1.0/rendition")
	c.reader.says("the PDF", a, http.StatusOK)
	if !strings.HasPrefix(a.body, "%PDF-") || a.header.Get("Content-Type") != "application/pdf" || a.header.Get("Content-Disposition") != `inline; filename="PR-ACH-001 v1.0.pdf"` {
		t.Errorf("%.10q as %s, %s", a.body, a.header.Get("Content-Type"), a.header.Get("Content-Disposition"))
	}
	if a = c.reader.get(sheet + "/versions/1.0/rendition?keep=1"); !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; ") {
		t.Errorf("kept as %s", a.header.Get("Content-Disposition"))
	}
	c.reader.says("made, and how", c.reader.get(sheet), http.StatusOK, fr.T("page.renditions.made"), fr.T("page.renditions.enclosed"))
	c.approver.says("asked for again", c.approver.post(sheet+"/versions/1.0/rendition", url.Values{}), http.StatusSeeOther)
	c.author.says("by a member", c.author.post(sheet+"/versions/1.0/rendition", url.Values{}), http.StatusForbidden)
	c.approver.says("asked for again, all", c.approver.post("/p/MIC/documents/renditions", url.Values{}), http.StatusSeeOther)
}

// broken is a printer whose converter converts nothing.
type broken struct{}

func (broken) Takes(string) bool { return true }

func (broken) Convert(_ context.Context, name string, _ io.Reader, _ *os.File) error {
	return qms.Invalid("rendition.not_converted", name)
}

func (broken) Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return rendition.Stamp(ctx, out, pdf, c, m)
}

func (broken) Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return rendition.Enclose(ctx, out, original, c, m)
}

func TestRenditions_ThatFailSayWhyAndLeaveTheOriginal(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	fr := locale.For(locale.French)
	s.Documents.PrintWith(documents.Printing{Printer: broken{}})
	sheet := c.inForce("Achats", "achats.md", "# Achats")
	a := c.reader.get(sheet + "/versions/1.0/rendition")
	c.reader.says("what is not there yet", a, http.StatusServiceUnavailable, fr.T("print.in_preparation"), fr.T("rendition.not_converted", "achats.md"), fr.T("page.renditions.take_original"))
	if a.header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come back")
	}
	c.approver.says("the sheet", c.approver.get(sheet), http.StatusOK, fr.T("rendition.not_converted", "achats.md"), fr.T("page.renditions.enclose"))
	c.author.says("the list", c.author.get("/p/MIC/documents/renditions"), http.StatusOK, fr.T("rendition.not_converted", "achats.md"))
	c.reader.says("the approval stands", c.reader.get(sheet), http.StatusOK, fr.T("state.effective"))
	c.approver.says("enclosed instead", c.approver.post(sheet+"/versions/1.0/rendition", url.Values{"enclosed": {"yes"}, "list": {"yes"}}), http.StatusSeeOther)
	if a = c.reader.get(sheet + "/versions/1.0/rendition"); !strings.HasPrefix(a.body, "%PDF-") {
		t.Errorf("enclosed: %d", a.status)
	}
}

func TestCoverSettings_KeepALogoAndShowIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	lead := s.holding(qms.QualityLead, "MIC")
	fr := locale.For(locale.French)
	const page = "/p/MIC/documents/settings/cover"
	lead.says("at first", lead.get(page), http.StatusOK, fr.T("page.renditions.cover"))
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 120, 60))); err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{"language": "en", "revision": "0"}
	lead.says("no picture", lead.depositAs("logo", page, fields, "logo.png", "<svg>"), http.StatusUnprocessableEntity, fr.T("logo.format"), `value="en" checked`)
	lead.says("a picture", lead.depositAs("logo", page, fields, "logo.png", logo.String()), http.StatusSeeOther)
	shown := regexp.MustCompile(`src="(` + page + `/logo/[0-9a-f]{64})"`).FindStringSubmatch(lead.get(page).body)
	if shown == nil {
		t.Fatal("the logo is not shown")
	}
	if a := lead.get(shown[1]); a.status != http.StatusOK || a.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(a.body, "\x89PNG") {
		t.Errorf("shown as %d %s", a.status, a.header.Get("Content-Type"))
	}
	lead.says("over another's", lead.depositAs("logo", page, fields, "logo.png", logo.String()), http.StatusConflict)
}
