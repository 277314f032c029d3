package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms/locale"
)

// A document may have a code that is the name of a page: codes are in capitals, pages are not.
func TestDocuments_WhoseCodeIsTheNameOfAPageOpen(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	for _, code := range []string{"LINKS", "NEW", "TO-SIGN", "SETTINGS", "GRAPH"} {
		title := "Titre de " + code
		a := c.author.deposit("/p/MIC/documents/new", map[string]string{"title": title, "kind": "PR", "process": "ACH", "code": code, "review_months": "24", "confidentiality": "internal"}, "a.md", "text")
		c.author.says(code, a, http.StatusSeeOther)
		c.author.says(code, c.author.get("/p/MIC/documents/"+code), http.StatusOK, "<h1><span class=\"code\">"+code+"</span> "+title)
		c.author.says(code+" has versions", c.author.get("/p/MIC/documents/"+code+"/versions/1.0/attach"), http.StatusOK, code)
	}
}

// mapped is a platform with a process map, documents of several levels and every problem of links.
func (s *site) mapped() crew {
	s.t.Helper()
	c := s.crew()
	c.approver.says("a process", c.approver.post("/p/MIC/processes/new", url.Values{"code": {"ACH"}, "name": {"Achats"}, "type": {"support"}, "purpose": {"Acheter juste"}, "place": {"1"}}), http.StatusSeeOther)
	for _, d := range [][3]string{
		{"PC", "Fiche du processus achats", "voir PR-ACH-001"}, {"PR", "Achats et réception", "FO-ACH-001, MO-ACH-044 et la fiche colis"},
		{"FO", "Bon de commande", "selon PR-ACH-001"}, {"FO", "Fiche colis", "rien"},
	} {
		a := c.author.deposit("/p/MIC/documents/new", map[string]string{"title": d[1], "kind": d[0], "process": "ACH", "review_months": "24", "confidentiality": "internal"}, "a.md", d[2])
		c.author.says(d[1], a, http.StatusSeeOther)
	}
	return c
}

func TestMap_PagesSpeakBothLanguagesAndKeepThePolicy(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.mapped()
	raw := regexp.MustCompile(`[>" ](page|act|state|kind|process)\.[a-z_]+(\.[a-z_-]+)?[<" ]`)
	for _, lang := range locale.Languages() {
		c.approver.accept = lang
		for _, path := range []string{"processes", "processes/new", "processes/without", "processes/ACH", "processes/ACH/edit", "processes/ACH/retire", "documents/settings",
			"documents/settings/preview?pattern=%7Bkind%7D.%7Bseq%7D&prefix=MIC", "documents/settings/kinds/new", "documents/settings/kinds/PR", "documents/settings/kinds/PR/retire",
			"documents/graph", "documents/graph?view=processes", "documents/graph?focus=pr-ach-001&depth=2", "documents/graph?problems=1", "documents/graph?process=ACH&kind=FO",
			"documents/graph?process=ZZ", "documents/links", "documents/links?problem=suggested&process=ACH", "documents/links?problem=dismissed", "documents/links?as_of=2020-01-01",
			"documents/new?kind=PR&process=ACH", "documents/new?code=OLD+1", "documents/new?kind=PR"} {
			page := c.approver.get("/p/MIC/" + path)
			c.approver.says(path, page, http.StatusOK)
			if found := raw.FindString(page.body); found != "" {
				t.Errorf("%s %s shows the key %q", lang, path, found)
			}
			if strings.Contains(page.body, " style=") || strings.Contains(page.body, "onclick=") {
				t.Errorf("%s %s breaks the content policy", lang, path)
			}
		}
	}
}

func TestMap_ShowsACodeBeforeItIsIssued(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.mapped()
	fr := locale.For(locale.French)
	fields := func() map[string]string {
		return map[string]string{"title": "Tri des colis", "kind": "PR", "process": "ACH", "review_months": "24", "confidentiality": "internal"}
	}
	asked := fields()
	asked["show"] = "1"
	shown := c.author.deposit("/p/MIC/documents/new", asked, "", "")
	c.author.says("without script", shown, http.StatusOK, "PR-ACH-002", "Tri des colis", fr.T("page.map.will_issue"))
	c.author.says("an adopted code", c.author.get("/p/MIC/documents/new?code=achats+12"), http.StatusOK, "ACHATS 12", fr.T("page.map.no_fit"))
	c.author.says("a code that is taken", c.author.get("/p/MIC/documents/new?code=PR-ACH-001"), http.StatusOK, fr.T("code.taken", "PR-ACH-001"))
	a := c.author.deposit("/p/MIC/documents/new", fields(), "a.md", "text")
	if got := a.header.Get("Location"); got != "/p/MIC/documents/PR-ACH-002" {
		t.Errorf("shown as PR-ACH-002, issued at %q", got)
	}
}

func TestMap_APatternIsTriedThenSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.mapped()
	const settings = "/p/MIC/documents/settings"
	fr := locale.For(locale.French)
	tried := c.approver.post(settings, url.Values{"pattern": {"{platform}-{kind}-{seq:4}"}, "prefix": {"mic"}, "preview": {"1"}})
	c.approver.says("tried", tried, http.StatusOK, "MIC-PR-0001", fr.T("page.settings.others", 4), "PR-ACH-002")
	c.approver.says("a wrong pattern", c.approver.post(settings, url.Values{"pattern": {"{kind}{seq}"}}), http.StatusUnprocessableEntity, `id="f-pattern-e"`, fr.T("pattern.adjacent", "{seq}"))
	c.approver.says("tried wrong", c.approver.get(settings+"/preview?pattern=%7Bkind%7D"), http.StatusOK, fr.T("pattern.malformed", "{kind}"))
	c.approver.says("set", c.approver.post(settings, url.Values{"pattern": {"{platform}-{kind}-{seq:4}"}, "prefix": {"mic"}, "reason": {"comme partout"}}), http.StatusSeeOther)
	c.author.says("the next", c.author.get("/p/MIC/documents/new?kind=PR&process=ACH"), http.StatusOK, "MIC-PR-0001")
	c.approver.says("a kind", c.approver.post(settings+"/kinds/new", url.Values{"code": {"gu"}, "french": {"guide"}, "level": {"instruction"}, "review_months": {"12"}}), http.StatusSeeOther)
	c.approver.says("retired", c.approver.post(settings+"/kinds/GU/retire", url.Values{"revision": {"1"}, "reason": {"trop"}}), http.StatusSeeOther)
	c.approver.says("is shown retired", c.approver.get(settings), http.StatusOK, fr.T("page.map.retired_since", s.DB.Today()))
	c.approver.says("a process retired", c.approver.post("/p/MIC/processes/ACH/retire", url.Values{"revision": {"1"}}), http.StatusSeeOther)
	c.author.says("no new document", c.author.get("/p/MIC/documents/new?kind=PR&process=ACH"), http.StatusOK, fr.T("process.retired", "ACH", s.DB.Today()))
}

func TestMap_LinksAreReportedDecidedAndDrawn(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.mapped()
	fr := locale.For(locale.French)
	const links = "/p/MIC/documents/links"
	c.author.says("the report", c.author.get(links), http.StatusOK, "MO-ACH-044", fr.T("page.links.group_unknown"), fr.T("page.links.group_suggested"))
	pair := url.Values{"from": {"PR-ACH-001"}, "to": {"FO-ACH-002"}, "verdict": {"dismissed"}}
	c.author.says("dismissed", c.author.post(links+"/decide", pair), http.StatusSeeOther)
	c.author.says("what was done is said once", c.author.get(links), http.StatusOK, fr.T("page.links.done_dismissed", "PR-ACH-001", "FO-ACH-002"))
	if page := c.author.get(links + "?problem=suggested"); strings.Contains(page.body, "FO-ACH-002") {
		t.Error("still suggested")
	}
	c.author.says("kept", c.author.get(links+"?problem=dismissed"), http.StatusOK, "FO-ACH-002", fr.T("page.links.undo"))
	csv := c.author.get(links + "?problem=unknown&format=csv")
	c.author.says("as CSV", csv, http.StatusOK, "MO-ACH-044", "PR-ACH-001")
	c.author.says("the card", c.author.get("/p/MIC/processes"), http.StatusOK, fr.T("page.map.find_unknown-links", 1))
	graph := c.author.get("/p/MIC/documents/graph?problems=1")
	c.author.says("drawn", graph, http.StatusOK, "<svg", `<rect class="node`, "MO-ACH-044")
	for _, code := range []string{"PR-ACH-001", "FO-ACH-001"} {
		c.author.says(code+" as a link", c.author.get("/p/MIC/documents/graph"), http.StatusOK, `<a href="/p/MIC/documents/`+code+`">`)
	}
	if page := c.reader.get("/p/MIC/documents/graph"); strings.Contains(page.body, "PR-ACH-001") {
		t.Error("a reader is shown a draft")
	}
}
