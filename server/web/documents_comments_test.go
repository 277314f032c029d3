package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// What the team said about a version stays with those who may read drafts: on no page and from no
// operation that leads from the document does a reader see it, whether it is addressed to them or not.
func TestComments_AreReadByNobodyOutsideTheTeam(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	verifier, approver := c.signatories()
	sheet := c.approved("Achats", verifier, approver)
	const said = "la-figure-2-est-fausse"
	version := sheet + "/versions/1.0"
	c.author.says("comment", c.author.post(version, url.Values{"text": {said}}), http.StatusSeeOther)
	c.author.says("the author's page", c.author.get(version), http.StatusOK, said)
	of := "/api/v1/platforms/MIC" + strings.TrimPrefix(version, "/p/MIC")
	c.author.says("the author's API", c.author.get(of+"/comments"), http.StatusOK, said)
	user := s.holding("user", "MIC")
	c.approver.says("address", c.approver.post(sheet+"/distribution", url.Values{"roles": {"user"}}), http.StatusSeeOther)
	for who, b := range map[string]*browser{"a user": user, "an auditor": c.reader} {
		b.says(who+", the page", b.get(version), http.StatusOK)
		b.says(who+", the version", b.get(of), http.StatusOK)
		if a := b.get(of + "/comments"); a.status != http.StatusForbidden {
			t.Errorf("%s asks the API for comments: %d", who, a.status)
		}
		seen := b.crawl(sheet, "/p/MIC/documents", "/p/MIC/search?q="+said, "/p/MIC/documents?q="+said, "/p/MIC/tasks", "/p/MIC/documents?format=csv",
			of, of+"/rendition", strings.TrimSuffix(of, "/versions/1.0"), strings.TrimSuffix(of, "/1.0"), "/api/v1/platforms/MIC/documents?q="+said)
		for path, body := range seen {
			hidden := said
			if strings.Contains(path, "q="+said) { // the page repeats what was searched for: it must not find it
				hidden = "PR-ACH-001"
			}
			if strings.Contains(body, hidden) {
				t.Errorf("%s reads what the team said, on %s", who, path)
			}
		}
		if len(seen) < 15 {
			t.Errorf("%s walked %d pages only", who, len(seen))
		}
	}
}

// crawl reads the pages and all that they link to below documents, once each.
func (b *browser) crawl(from ...string) map[string]string {
	b.t.Helper()
	href, seen := regexp.MustCompile(`href="(/p/MIC/documents[^"#]*)`), map[string]string{}
	for len(from) > 0 && len(seen) < 80 {
		path := from[0]
		if from = from[1:]; seen[path] != "" {
			continue
		}
		a := b.get(path)
		seen[path] = a.body + " "
		for _, found := range href.FindAllStringSubmatch(a.body, -1) {
			from = append(from, html.UnescapeString(found[1]))
		}
	}
	return seen
}
