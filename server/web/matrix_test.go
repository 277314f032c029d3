package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/web"
)

// visitor is one column of the matrix: somebody, and what they may do.
type visitor struct {
	name  string
	email string // empty for nobody
	actor qms.Actor
	at    *browser
}

func (s *site) visitors() []*visitor {
	all := []*visitor{{name: "nobody"}}
	add := func(role qms.Role, platform string) {
		grant := qms.Grant{Role: role, Platform: s.platform[platform]}
		all = append(all, &visitor{name: strings.TrimSpace(string(role) + " " + platform), email: s.user(role, platform),
			actor: qms.Actor{ID: "x", Grants: []qms.Grant{grant}}})
	}
	for _, role := range qms.Roles() {
		if role == qms.Administrator || role == qms.QualityOfficer {
			add(role, "")
			continue
		}
		add(role, "MIC")
	}
	add(qms.Manager, "CYT")
	return all
}

// visit lets the visitor ask, signed in anew where the act before ended the session.
func (v *visitor) visit(s *site, method, path string) answer {
	if v.at == nil {
		v.at = s.nobody()
	}
	if v.email != "" && v.at.cookies["session"] == "" {
		v.at.signIn(v.email)
	}
	if method == http.MethodGet {
		return v.at.get(path)
	}
	return v.at.post(path, url.Values{})
}

// TestRoutes_ShowEachRoleWhatItMaySee walks every page and act in the router in every role: pages that
// are added later are walked too, since they cannot be declared without the right they need.
func TestRoutes_ShowEachRoleWhatItMaySee(t *testing.T) {
	t.Parallel()
	s := open(t)
	visitors, walked := s.visitors(), 0
	for _, r := range s.fiber.GetRoutes(true) {
		if r.Method != http.MethodGet && r.Method != http.MethodPost || !s.isPage(r.Method, r.Path, r.Name) {
			continue
		}
		route := web.Route{Method: r.Method, Path: r.Path, Needs: qms.Right(strings.TrimPrefix(r.Name, web.RouteName))}
		for _, v := range visitors {
			s.hold(v, route)
			walked++
		}
	}
	if walked < 20*len(visitors) {
		t.Fatalf("walked %d only", walked)
	}
}

// isPage tells pages from the rest of the router, and lets nothing stand outside both.
func (s *site) isPage(method, path, name string) bool {
	if strings.HasPrefix(name, web.RouteName) {
		return true
	}
	for _, other := range []string{"/api/", "/static/", "/favicon.ico", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(path, other) {
			return false
		}
	}
	if path != "/" || name != "" { // middleware stands at "/"
		s.t.Errorf("%s %s says not which right it needs", method, path)
	}
	return false
}

// hold asks for the route as the visitor and holds the answer to the table of rights.
func (s *site) hold(v *visitor, route web.Route) {
	path := address(route.Path)
	a := v.visit(s, route.Method, path)
	say := func(format string, args ...any) {
		s.t.Helper()
		s.t.Errorf("%s, %s %s (needs %s): "+format, append([]any{v.name, route.Method, route.Path, route.Needs}, args...)...)
	}
	if a.status >= 500 {
		say("answers %d", a.status)
		return
	}
	p := route.Needs.OnSite()
	if route.OnPlatform() {
		p = route.Needs.On(s.platform["MIC"])
	}
	stranger := route.OnPlatform() && !v.actor.Can(qms.ReadDocuments.On(s.platform["MIC"])) && !v.actor.Can(qms.ReadPlatform.On(s.platform["MIC"]))
	switch {
	case v.email == "" && route.Needs != qms.Public:
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sign-in") {
			say("answers %d, %q: want the sign-in page", a.status, a.header.Get("Location"))
		}
	case stranger, !v.actor.Can(p) && route.Method == http.MethodGet:
		if a.status != http.StatusNotFound {
			say("answers %d, want not found", a.status)
		}
	case !v.actor.Can(p):
		if a.status != http.StatusForbidden {
			say("answers %d, want refused", a.status)
		}
	default:
		s.holdOpen(a, path == route.Path || !strings.Contains(path, someID), route.Method, say)
	}
}

// holdOpen holds the answer to who has the right: it is there, or about a record that does not exist.
func (s *site) holdOpen(a answer, whole bool, method string, say func(string, ...any)) {
	fr := locale.For(locale.French)
	switch {
	case strings.Contains(a.body, html.EscapeString(fr.T("route.not_found"))), strings.Contains(a.body, html.EscapeString(fr.T("platform.not_found"))):
		say("is not found")
	case a.status == http.StatusForbidden && strings.Contains(a.body, html.EscapeString(fr.T("right.missing", "")[:20])):
		say("is refused")
	case whole && method == http.MethodGet && a.status != http.StatusOK && a.status != http.StatusSeeOther:
		say("answers %d, want the page", a.status)
	}
}

const someID = "019f17f8-a900-7000-8000-000000000000"

// address is the path with its parameters filled: the platform MIC, and records that do not exist.
func address(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch {
		case part == ":platform":
			parts[i] = "MIC"
		case strings.HasPrefix(part, ":"), part == "*":
			parts[i] = someID
		}
	}
	return strings.Join(parts, "/")
}
