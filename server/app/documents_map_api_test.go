package app

import (
	"net/http"
	"testing"

	"maillon/qms"
)

func TestDocumentsAPI_KeepsKindsProcessesAndCodes(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	lead, member := s.token(t, qms.QualityLead, plt), s.token(t, qms.Member, plt)
	const json, all = "application/json", "/platforms/PLT"
	var kind struct {
		Code, Level, French string
		ReviewMonths        int    `json:"review_months"`
		RetiredOn           string `json:"retired_on"`
		Revision            int
	}
	s.call(t, "POST", all+"/document-kinds", member, `{"code":"GU","french":"guide"}`, http.StatusForbidden, nil)
	s.known(t, "PATCH", all+"/document-kinds/PR", lead, `"1"`, json, `{"french":"règle","review_months":12}`, http.StatusOK, &kind)
	if kind.French != "règle" || kind.ReviewMonths != 12 || kind.Level != "procedure" || kind.Revision != 2 {
		t.Errorf("revised %+v", kind)
	}
	s.known(t, "PATCH", all+"/document-kinds/PR", lead, `"1"`, json, `{"french":"encore"}`, http.StatusPreconditionFailed, nil)
	s.known(t, "PATCH", all+"/document-kinds/IN", lead, `"1"`, json, `{"retired":true,"reason":"MO"}`, http.StatusOK, &kind)
	if kind.RetiredOn == "" {
		t.Errorf("retired %+v", kind)
	}
	s.call(t, "POST", all+"/document-kinds", lead, `{"code":"GU","french":"guide","level":"instruction"}`, http.StatusCreated, &kind)
	s.call(t, "POST", all+"/document-kinds", lead, `{"code":"GU","french":"guide"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", all+"/documents", member, `{"title":"x","kind":"IN","process":"ACH"}`, http.StatusUnprocessableEntity, nil)

	var process struct {
		Code, Type, Name string
		InForce          int `json:"in_force"`
		Findings         []struct{ Trouble string }
		Documents        []struct{ Code, State, Level string }
	}
	s.call(t, "POST", all+"/processes", lead, `{"code":"ACH","name":"Achats","type":"support","purpose":"Acheter juste"}`, http.StatusCreated, &process)
	s.call(t, "POST", all+"/documents", member, `{"title":"Achats","kind":"GU","process":"ACH"}`, http.StatusCreated, nil)
	s.known(t, "PATCH", all+"/processes/ACH", lead, `"1"`, json, `{"type":"core","place":3}`, http.StatusOK, &process)
	s.call(t, "GET", all+"/processes/ACH", member, "", http.StatusOK, &process)
	if process.Type != "core" || len(process.Documents) != 1 || process.Documents[0].Level != "instruction" || len(process.Findings) != 2 {
		t.Errorf("shown as %+v", process)
	}
	s.call(t, "GET", all+"/processes/NONE", member, "", http.StatusNotFound, nil)
	s.call(t, "GET", all+"/processes/%00", member, "", http.StatusNotFound, nil)

	var preview struct {
		Next    []struct{ Kind, Now, Then string }
		Fitting []string
		Others  []string
	}
	s.call(t, "POST", all+"/document-codes/preview", lead, `{"pattern":"{platform}-{kind}-{seq:4}"}`, http.StatusOK, &preview)
	if len(preview.Next) != 1 || preview.Next[0].Now != "GU-ACH-002" || preview.Next[0].Then != "PLT-GU-0001" || len(preview.Others) != 1 {
		t.Errorf("would give %+v", preview)
	}
	s.call(t, "POST", all+"/document-codes/preview", lead, `{"pattern":"{kind}"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", all+"/document-codes/preview", member, `{"pattern":"{seq}"}`, http.StatusForbidden, nil)
	var codes struct{ Pattern, Prefix string }
	s.call(t, "POST", all+"/document-codes/pattern", lead, `{"pattern":"{platform}-{kind}-{seq:4}","prefix":"PF"}`, http.StatusOK, nil)
	s.call(t, "GET", all+"/document-codes/pattern", lead, "", http.StatusOK, &codes)
	if codes.Prefix != "PF" {
		t.Errorf("the pattern is %+v", codes)
	}
}

func TestDocumentsAPI_ShowsLinksAsAGraphAndTakesDecisions(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	member, reader := s.token(t, qms.Member, s.platform["PLT"]), s.token(t, qms.User, s.platform["PLT"])
	const all, octets = "/platforms/PLT", "application/octet-stream"
	for title, body := range map[string]string{"Achats": "la fiche colis, et MO-ACH-009", "Tri": "voir FO-ACH-001"} {
		var d struct{ Code string }
		s.call(t, "POST", all+"/documents", member, `{"title":"`+title+`","kind":"PR","process":"ACH"}`, http.StatusCreated, &d)
		var v versionAnswer
		version := all + "/documents/" + d.Code + "/versions/1.0"
		etag := s.known(t, "GET", version, member, "", octets, "", http.StatusOK, &v)
		s.known(t, "PATCH", version+"/content?name=a.md", member, etag, octets, body, http.StatusOK, &v)
	}
	s.call(t, "POST", all+"/documents", member, `{"title":"Fiche colis","kind":"FO","process":"ACH"}`, http.StatusCreated, nil)
	var links struct {
		Items []struct {
			From, Code, Problem, Version string
			DecidedBy                    string `json:"decided_by"`
		}
	}
	s.call(t, "GET", all+"/document-links?problem=suggested&process=ACH", member, "", http.StatusOK, &links)
	if len(links.Items) != 1 || links.Items[0].Code != "FO-ACH-001" {
		t.Fatalf("suggested %+v", links)
	}
	from := links.Items[0].From
	decision := func(verdict string) string {
		return `{"from":"` + from + `","to":"FO-ACH-001","verdict":"` + verdict + `"}`
	}
	s.call(t, "POST", all+"/document-links/decisions", member, decision("dismissed"), http.StatusOK, nil)
	s.call(t, "POST", all+"/document-links/decisions", reader, decision("confirmed"), http.StatusForbidden, nil)
	s.call(t, "POST", all+"/document-links/decisions", member, decision("perhaps"), http.StatusUnprocessableEntity, nil)
	s.call(t, "GET", all+"/document-links?problem=dismissed", member, "", http.StatusOK, &links)
	if len(links.Items) != 1 || links.Items[0].DecidedBy == "" {
		t.Errorf("dismissed %+v", links)
	}
	s.call(t, "POST", all+"/document-links/decisions", member, decision(""), http.StatusOK, nil)
	s.call(t, "POST", all+"/document-links/decisions", member, decision("confirmed"), http.StatusOK, nil)
	s.call(t, "GET", all+"/documents/FO-ACH-001/used-by", member, "", http.StatusOK, &links)
	if len(links.Items) != 2 || links.Items[0].Version != "1.0" {
		t.Errorf("used by %+v", links)
	}
	var graph struct {
		Nodes []struct {
			Code  string
			Known bool
		}
		Edges []struct{ From, To, Problem string }
	}
	s.call(t, "GET", all+"/document-graph?focus=FO-ACH-001&depth=2", member, "", http.StatusOK, &graph)
	if len(graph.Nodes) != 4 || len(graph.Edges) != 3 {
		t.Errorf("the graph is %+v", graph)
	}
	s.call(t, "GET", all+"/document-graph?problems=true", member, "", http.StatusOK, &graph)
	if len(graph.Nodes) != 2 || graph.Edges[0].Problem != "unknown" {
		t.Errorf("the problems are %+v", graph)
	}
	s.call(t, "GET", all+"/document-graph", reader, "", http.StatusOK, &graph)
	if len(graph.Nodes) != 0 {
		t.Errorf("a reader sees drafts: %+v", graph)
	}
}
