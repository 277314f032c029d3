package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/server/request"
)

// Page is one request for a page and what its frame shows. Templates see its exported fields and
// methods beside .Data.
type Page struct {
	*locale.Printer
	Actor     qms.Actor
	Platform  *people.Platform  // nil on pages of the site
	Platforms []people.Platform // that the actor may look into
	Here      string            // the path and query asked for
	Section   string            // the entry of the side navigation that is current
	Title     string            // of the window, before the platform's name
	Crumbs    []Crumb
	Flash     string   // what was just done
	Today     qms.Date // the present civil date
	Refresh   int      // seconds until a browser without script asks again; 0 for never
	Wide      bool     // the page takes all the room there is, and so do its crumbs and notices
	c         *fiber.Ctx
	site      *Site
	sortBy    string
	status    int
	headTold  bool // the page itself told where the trail of the platform stands
}

// Crumb is one step of the way to a page.
type Crumb struct{ Label, Href string }

// open prepares the page of a route for who asks; nil when it has already answered.
func (s *Site) open(c *fiber.Ctx, r Route) (*Page, error) {
	if lang := c.Query("lang"); slices.Contains(locale.Languages(), lang) && r.Method == fiber.MethodGet {
		return nil, s.chooseLanguage(c, lang)
	}
	p := s.blank(c)
	if r.Needs != qms.Public && p.Actor.ID == "" {
		return nil, s.askToSignIn(c)
	}
	if p.Actor.ID != "" {
		var err error
		if p.Platforms, err = s.People.Platforms(c.UserContext()); err != nil {
			return nil, err
		}
	}
	if !r.OnPlatform() {
		return p, p.allowed(r)
	}
	code := people.NormalCode(c.Params("platform"))
	i := slices.IndexFunc(p.Platforms, func(pf people.Platform) bool { return pf.Code == code })
	if i < 0 {
		return nil, qms.NotFound("platform.not_found")
	}
	p.Platform = &p.Platforms[i]
	return p, p.allowed(r)
}

// allowed says not found to who may not see the page, and no to who may not do the act. The services
// decide again: this only spares them the question.
func (p *Page) allowed(r Route) error {
	needs := r.Needs.OnSite()
	if p.Platform != nil {
		needs = r.Needs.On(p.Platform.ID)
	}
	switch {
	case p.Actor.Can(needs):
		return nil
	case r.Method == fiber.MethodGet:
		return qms.NotFound("route.not_found")
	}
	return qms.Authorise(p.Actor, needs)
}

// blank is a page for who asks, about nothing yet.
func (s *Site) blank(c *fiber.Ctx) *Page {
	p := &Page{Printer: locale.For(request.Language(c)), Actor: qms.ActorFrom(c.UserContext()),
		Here: c.OriginalURL(), c: c, site: s, status: fiber.StatusOK}
	p.Today = p.Day(s.Clock())
	p.Flash = p.flash()
	return p
}

// Context is that of the request: it carries the actor.
func (p *Page) Context() context.Context { return p.c.UserContext() }

// Param is a part of the path, as it was before it was escaped.
func (p *Page) Param(name string) string {
	raw := p.c.Params(name)
	if plain, err := url.PathUnescape(raw); err == nil {
		raw = plain
	}
	return readable(raw)
}

// ID is a part of the path that names a record. What is no identifier is not found.
func (p *Page) ID(name string) (qms.ID, error) {
	id, err := qms.ParseID(p.c.Params(name))
	if err != nil {
		return "", qms.NotFound("record.not_found")
	}
	return id, nil
}

// Query is a part of the query, without spaces around.
func (p *Page) Query(name string) string { return strings.TrimSpace(readable(p.c.Query(name))) }

// readable is s without what no database keeps: broken UTF-8 and NUL.
func readable(s string) string { return request.Readable(s) }

// AsOf is the day that the query's "as_of" names, in the form a person types or ISO 8601; today when
// it names none.
func (p *Page) AsOf() (qms.Date, error) {
	text := p.Query("as_of")
	if text == "" {
		return p.Today, nil
	}
	return ParseDate(text)
}

// Cursor is the page of a list that the query asks for.
func (p *Page) Cursor() qms.Cursor { return qms.Cursor{After: p.Query("after")} }

// Can reports whether the actor has the right on the page's platform, or on the site.
func (p *Page) Can(right qms.Right) bool {
	if p.Platform != nil {
		return p.Actor.Can(right.On(p.Platform.ID))
	}
	return p.Actor.Can(right.OnSite())
}

// To is the address of a page of this platform: To "documents" id.
func (p *Page) To(parts ...any) string {
	var b strings.Builder
	if p.Platform != nil {
		b.WriteString("/p/" + url.PathEscape(p.Platform.Code))
	}
	for _, part := range parts {
		b.WriteString("/" + url.PathEscape(text(part)))
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// With is the address of this page with one part of the query replaced, or taken out when value is
// empty. Lists begin again from their first page.
func (p *Page) With(name string, value any) string {
	u, err := url.Parse(p.Here)
	if err != nil {
		return p.c.Path()
	}
	q := u.Query()
	if v := text(value); v != "" {
		q.Set(name, v)
	} else {
		q.Del(name)
	}
	if name != "after" {
		q.Del("after")
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// Crumb adds a step of the way to the page.
func (p *Page) Crumb(label, href string) { p.Crumbs = append(p.Crumbs, Crumb{label, href}) }

// Redirect sends the browser on to another page of ours after an act.
func (p *Page) Redirect(to string) error { return p.c.Redirect(to, fiber.StatusSeeOther) }

// Done sends the browser on and says there, once, what was done.
func (p *Page) Done(to, key string, args ...any) error {
	p.leaveFlash(p.T(key, args...))
	return p.Redirect(to)
}

// Ctx is the request itself, for what the page has no word for (downloads).
func (p *Page) Ctx() *fiber.Ctx { return p.c }
