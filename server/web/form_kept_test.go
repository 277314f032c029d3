package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
)

var hiddenFields = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// kept is the form that the page would send again.
func kept(t *testing.T, a answer) url.Values {
	t.Helper()
	if a.status != http.StatusForbidden {
		t.Fatalf("answers %d: %s", a.status, a.body)
	}
	form := url.Values{}
	for _, field := range hiddenFields.FindAllStringSubmatch(a.body[strings.Index(a.body, `class="form"`):], -1) {
		form.Add(field[1], field[2])
	}
	return form
}

func TestForms_KeepWhatWasTypedWhenTheSessionEnded(t *testing.T) {
	t.Parallel()
	s := open(t)
	email := s.user(qms.Manager, "MIC")
	b := s.nobody()
	b.signIn(email)
	const path = "/p/MIC/equipment/new"
	b.get(path)
	b.post("/sign-out", url.Values{}) // in another tab
	typed := url.Values{"code": {"EQ-777"}, "name": {"Spectromètre de masse"}, "password": {"secret"}}
	form := kept(t, b.post(path, typed))
	if form.Get("code") != "EQ-777" || form.Get("name") != "Spectromètre de masse" || form.Has("password") || form.Get("csrf") == "" {
		t.Fatalf("kept: %v", form)
	}
	b.signIn(email)
	form.Del("csrf") // the browser of the tests writes the one of its cookie
	if a := b.post(path, form); a.status != http.StatusSeeOther || b.get(a.header.Get("Location")).status != http.StatusOK {
		t.Errorf("sent again: %d", a.status)
	}
}

func TestForms_KeepWhatWasTypedUnderATokenThatIsNotGoodAnyMore(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	const path = "/p/MIC/equipment/new"
	stale := func(header, value string) answer {
		form := url.Values{"csrf": {"AAAA"}, "code": {"EQ-778"}, "name": {"<b>Presse</b>"}}
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if header != "" {
			r.Header.Set(header, value)
		}
		return b.send(r)
	}
	form := kept(t, stale("Sec-Fetch-Site", "same-origin"))
	if form.Get("code") != "EQ-778" || form.Get("name") != "&lt;b&gt;Presse&lt;/b&gt;" {
		t.Errorf("kept: %v", form)
	}
	for header, value := range map[string]string{"": "", "Sec-Fetch-Site": "cross-site", "Origin": "https://ailleurs.example"} {
		if a := stale(header, value); a.status != http.StatusForbidden || strings.Contains(a.body, "EQ-778") {
			t.Errorf("%s %s: %d, with what somebody else typed", header, value, a.status)
		}
	}
}
