package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
)

// TestSignatures_LeadNobodyToAPageThatIsNotForThem signs a version that is in review, and copies a template
// that nothing is in force of: an auditor knows of both from the trail and reads neither, an administrator
// reads no documents at all.
func TestSignatures_LeadNobodyToAPageThatIsNotForThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	officer := r.fourth
	officer.says("a template", officer.deposit("/kit/new", map[string]string{"code": "KIT-01", "french": "Données", "kind": "PR", "process": "QUA", "language": "fr", "number": "1.0"}, "a.md", "# Données\n"), http.StatusSeeOther)
	r.author.done("/p/MIC/label/kit/copy", url.Values{"lines.1.template": {"KIT-01"}, "lines.1.kind": {"PR"}, "lines.1.process": {"QUA"}})
	r.author.shows("/p/MIC/label/kit", `href="/p/MIC/documents/PR-QUA-001"`)
	officer.shows("/p/MIC/signatures", `class="code" href="/p/MIC/documents/PR-ACH-001"`)
	auditor, administrator := r.reader, s.holding(qms.Administrator, "")
	auditor.leadsOn("/p/MIC/signatures", "PR-ACH-001")
	auditor.leadsOn("/p/MIC/label/kit", "PR-QUA-001")
	administrator.leadsOn("/p/MIC/signatures", "PR-ACH-001")
}

var mainLink = regexp.MustCompile(`href="(/p/MIC/[^"#]+)"`)

// leadsOn follows every link of a page, which must say what is named.
func (b *browser) leadsOn(path, said string) {
	b.t.Helper()
	body := b.shows(path, said)
	links := 0
	for _, link := range mainLink.FindAllStringSubmatch(body[strings.Index(body, "<main"):], -1) {
		links++
		if a := b.get(strings.ReplaceAll(link[1], "&amp;", "&")); a.status != http.StatusOK {
			b.t.Errorf("%s leads to %s: %d", path, link[1], a.status)
		}
	}
	if links == 0 {
		b.t.Errorf("%s leads nowhere", path)
	}
}
