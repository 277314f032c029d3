package app

import (
	"net/http"
	"testing"

	"maillon/qms"
)

func TestKitAPI_WalksFromTheTemplateToTheAnswer(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	officer, member, lead := s.token(t, qms.QualityOfficer, ""), s.token(t, qms.Member, plt), s.token(t, qms.QualityLead, plt)
	const octets, add = "application/octet-stream", "/kit/templates?code=KIT-01&french=Documents&kind=PR&process=QUA&name=a.md"
	var kit struct {
		Code, Newest, State string
		Revision            int
		Copies              []struct{ Document, From, State string }
	}
	s.known(t, "POST", add, member, "", octets, "# Documents\n\nune ligne\n", http.StatusForbidden, nil)
	s.known(t, "POST", add, officer, "", octets, "# Documents\n\nune ligne\n", http.StatusCreated, &kit)
	s.known(t, "POST", add, officer, "", octets, "# Documents\n", http.StatusUnprocessableEntity, nil)
	if kit.Code != "KIT-01" || kit.Newest != "1.0" {
		t.Fatalf("added %+v", kit)
	}
	s.call(t, "GET", "/kit/templates", member, "", http.StatusForbidden, nil)
	var shown struct {
		Items []struct{ Code, Title string }
	}
	const lines = `{"lines":[{"template":"kit-01"}]}`
	s.call(t, "POST", "/platforms/PLT/kit/preview", member, lines, http.StatusOK, &shown)
	if len(shown.Items) != 1 || shown.Items[0].Code != "PR-QUA-001" {
		t.Errorf("would make %+v", shown)
	}
	s.call(t, "POST", "/platforms/PLT/kit/copies", member, lines, http.StatusCreated, &shown)
	s.call(t, "POST", "/platforms/PLT/kit/copies", member, lines, http.StatusUnprocessableEntity, nil)
	var text string
	s.known(t, "GET", "/platforms/PLT/documents/PR-QUA-001/versions/1.0/content", member, "", octets, "", http.StatusOK, &text)
	if text != "# Documents\n\nune ligne\n" {
		t.Errorf("the file was touched: %q", text)
	}
	s.known(t, "POST", "/kit/templates/KIT-01/versions?name=b.md&changes=plus", officer, "", octets, "# Documents\n\nune ligne\n\ndeux\n", http.StatusCreated, nil)
	type origin struct {
		Copy, Behind bool
		From, Newest string
		Answers      []struct{ Version, Answer, Own string }
	}
	var own, answered origin
	s.call(t, "GET", "/platforms/PLT/documents/PR-QUA-001/kit", member, "", http.StatusOK, &own)
	if !own.Copy || !own.Behind || own.From != "1.0" || own.Newest != "2.0" {
		t.Errorf("the document says %+v", own)
	}
	var compared struct{ Added, Removed int }
	s.call(t, "GET", "/platforms/PLT/documents/PR-QUA-001/kit/comparison?with=ours", member, "", http.StatusOK, &compared)
	if compared.Added == 0 || compared.Removed != 0 {
		t.Errorf("compared %+v", compared)
	}
	s.call(t, "POST", "/platforms/PLT/documents/PR-QUA-001/kit/answers", member, `{"answer":"taken-over","own":"1.0"}`, http.StatusCreated, &answered)
	if answered.Behind || len(answered.Answers) != 1 || answered.Answers[0].Own != "1.0" {
		t.Errorf("answered %+v", answered)
	}
	var all struct {
		Platforms []struct {
			Platform string
			Cells    []struct{ State, Document string }
		}
	}
	s.call(t, "GET", "/kit/adoption", officer, "", http.StatusOK, &all)
	found := false
	for _, p := range all.Platforms {
		found = found || p.Platform == "PLT" && p.Cells[0].State == "draft" && p.Cells[0].Document == "PR-QUA-001"
	}
	if !found {
		t.Errorf("adoption %+v", all)
	}
	s.call(t, "POST", "/platforms/PLT/documents/PR-QUA-001/kit/unlink", lead, `{"reason":"erreur"}`, http.StatusOK, nil)
	s.call(t, "POST", "/platforms/PLT/kit/KIT-01/decline", member, `{"reason":"sans objet"}`, http.StatusOK, &kit)
	if kit.State != "not-applicable" {
		t.Errorf("declined %+v", kit)
	}
	s.known(t, "POST", "/kit/templates/KIT-01/withdraw", officer, `"9"`, "application/json", `{"reason":"fin"}`, http.StatusPreconditionFailed, nil)
	s.known(t, "POST", "/kit/templates/KIT-01/withdraw", officer, `"1"`, "application/json", `{"reason":"fin"}`, http.StatusOK, nil)
	s.call(t, "GET", "/platforms/PLT/kit/%00", member, "", http.StatusNotFound, nil)
}
