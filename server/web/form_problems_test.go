package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

func TestForms_NameEachFieldAtFaultInTheOrderOfThePage(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	filled := url.Values{"code": {"P1"}, "from": {"31/06/2026"}, "until": {"x"}}
	a := b.post("/p/MIC/members/new", filled)
	s.holds(a, http.StatusUnprocessableEntity)
	_, list, _ := strings.Cut(a.body, `class="error-summary"`)
	list, _, _ = strings.Cut(list, "</ul>")
	name, from := strings.Index(list, "Nom\u202f: Cette réponse est attendue"), strings.Index(list, "\u202f: Le 31/06/2026 n’existe pas")
	if name < 0 || from < name {
		t.Errorf("the name is asked for at %d, the day at %d in %s", name, from, list)
	}
	b.accept = "en"
	if a = b.post("/p/MIC/members/new", filled); !strings.Contains(a.body, "Name: An answer is expected here") {
		t.Error("the summary does not name the field in English")
	}
}
