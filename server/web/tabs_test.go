package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
)

var tabLink = regexp.MustCompile(`<li><a href="(/p/MIC/[a-z/-]+)"( aria-current="page")?>`)

// TestTabs_LeadToTheListsOfASection follows every tab of every section that has some.
func TestTabs_LeadToTheListsOfASection(t *testing.T) {
	t.Parallel()
	s := open(t)
	lead, auditor := s.holding(qms.QualityLead, "MIC"), s.holding(qms.Auditor, "MIC")
	for section, count := range map[string]int{"services": 4, "equipment": 5, "imports": 2} {
		tabs := tabLink.FindAllStringSubmatch(tabsOf(lead.get("/p/MIC/"+section).body), -1)
		if len(tabs) != count {
			t.Errorf("%s has %d tabs, want %d", section, len(tabs), count)
		}
		for _, tab := range tabs {
			there := lead.get(tab[1])
			if there.status != http.StatusOK || !strings.Contains(tabsOf(there.body), `href="`+tab[1]+`" aria-current="page"`) {
				t.Errorf("%s answers %d, or is not the current tab there", tab[1], there.status)
			}
		}
	}
	if page := tabsOf(auditor.get("/p/MIC/services").body); !strings.Contains(page, "/prices") || strings.Contains(page, "/received") {
		t.Error("an auditor does not have the tabs that the right to read gives")
	}
}

// tabsOf is the first row of tabs of a page.
func tabsOf(body string) string {
	_, after, _ := strings.Cut(body, `<nav class="tabs wide`)
	tabs, _, _ := strings.Cut(after, "</nav>")
	return tabs
}
