package web_test

import (
	"net/http"
	"testing"
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
