package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

func TestForms_LeadToTheRecordThatChangedInTheMeantime(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.Manager, "MIC")
	const at = "/p/MIC/equipment/EQ-001/correct"
	csrf := token.FindStringSubmatch(b.get(at).body)[1]
	for referer, want := range map[string]bool{"http://example.com" + at: true, "https://evil.example" + at: false, "http://example.com//evil.example/": false, "": false} {
		form := url.Values{"csrf": {csrf}, "revision": {"7"}, "name": {"Renommé"}, "reason": {"Erreur"}}
		r := httptest.NewRequest(http.MethodPost, at, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Referer", referer)
		a := b.send(r)
		s.holds(a, http.StatusConflict, "a été modifiée entre-temps", `value="Renommé"`)
		if got := strings.Contains(a.body, `<a href="`+at+`" target="_blank"`); got != want || strings.Contains(a.body, "evil.example") {
			t.Errorf("from %q the form leads to the record: %t", referer, got)
		}
	}
}
