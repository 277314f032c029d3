// Package web is the door for people: the pages, made on the server, that work without JavaScript.
//
// It promises that a page shows only what its reader may see, that what one may not see is a page not
// found, that a form refused keeps what was typed and says beside each field what would be right, and
// that nothing is fetched from elsewhere. Texts are in the reader's language; nothing a person stated
// reaches the page unescaped.
//
// It refuses to decide anything: a handler parses, calls one service and renders. Every page is
// declared with the right it needs, so that one test walks all of them in every role.
package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits"
	"maillon/audits/auditors"
	"maillon/audits/integrity"
	"maillon/audits/witness"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/scheduler"
	"maillon/server/auth"
	"maillon/server/importer"
	"maillon/server/request"
)

// Services are what the pages speak with. A nil one takes its pages away.
type Services struct {
	Guard     *auth.Guard
	Clock     qms.Clock
	People    *people.Service
	Audits    *audits.Service
	Documents *documents.Service
	Trace     *trace.Service
	Label     *label.Service
	Reminders *scheduler.Service
	Agenda    *scheduler.Agenda
	Boards    []Board  // what rooms say on the home of a platform, in order
	Taskers   []Tasker // what rooms say waits for the reader, in order
	Finders   []Finder // what the search asks, in order; without any there is no search
	Importer  *importer.Service
	Trail     *store.Trail
	Scrubs    *integrity.Service
	Auditors  *auditors.Service
	Witness   *witness.Service
	Heads     Heads  // of the trails, for the foot of every page; may be nil
	Verifiers string // the folder of the verifiers that auditors download; may be empty
}

// Site is all the pages.
type Site struct {
	Services
	app    fiber.Router
	views  *views
	assets *assets
	known  map[string]bool
	heads  knownHeads

	verifiers verifiers
}

// Route is one page or act, with the right it needs. A path that begins with Prefix is one of a
// platform.
type Route struct {
	Method string
	Path   string
	Needs  qms.Right
}

// Prefix begins the path of every page of a platform.
const Prefix = "/p/:platform"

// RouteName begins the name of every page in the router: the right it needs follows.
const RouteName = "needs "

// OnPlatform reports whether it is a page of a platform.
func (r Route) OnPlatform() bool { return r.Path == Prefix || strings.HasPrefix(r.Path, Prefix+"/") }

// handler answers one request: it renders p, or returns an error for the error page.
type handler func(p *Page) error

// New makes the pages and registers them on app, after whatever middleware app has already.
func New(app fiber.Router, services Services) (*Site, error) {
	v, err := loaded()
	if err != nil {
		return nil, err
	}
	s := &Site{Services: services, app: app, views: v, assets: v.assets, known: map[string]bool{}, heads: knownHeads{words: map[qms.ID]trailHead{}}}
	s.verifiers.folder = services.Verifiers
	if err := s.verifiers.check(); err != nil {
		return nil, err
	}
	app.Get("/static/*", s.assets.serve)
	app.Get("/favicon.ico", s.assets.favicon)
	s.pages()
	return s, nil
}

// pages registers the pages of every room that is there.
func (s *Site) pages() {
	s.peoplePages()
	if len(s.Finders) > 0 {
		s.searchPages()
	}
	if len(s.Taskers) > 0 {
		s.taskPages()
	}
	s.exercisePages()
	if s.Trace != nil {
		s.tracePages()
	}
	if s.Label != nil {
		s.labelPages()
	}
	if s.Agenda != nil {
		s.duePages()
	}
	s.witnessPages()
	s.journalPages()
	if s.Scrubs != nil {
		s.integrityPages()
	}
	s.packPages()
	s.auditorPages()
	s.docPages()
	if s.Importer != nil {
		s.importPages()
	}
	if s.Reminders != nil {
		s.reminderPages()
	}
	if s.Documents != nil {
		s.recordPages()
		s.documentPages()
	}
}

// page declares a page to read. The path begins with Prefix, or is one of the site.
func (s *Site) page(path string, needs qms.Right, h handler) {
	s.declare(fiber.MethodGet, path, needs, h)
}

// act declares what a form does. Its handler reads the form through Page.Form.
func (s *Site) act(path string, needs qms.Right, h handler) {
	s.declare(fiber.MethodPost, path, needs, h, request.Limit(request.FormBytes), s.sameForm)
}

// upload declares what a form with files does. Its handler reads the parts through Page.Parts, which
// also looks at the form's token: nothing else may read the body.
func (s *Site) upload(path string, needs qms.Right, h handler) {
	s.declare(fiber.MethodPost, path, needs, h, s.sameOrigin)
}

func (s *Site) declare(method, path string, needs qms.Right, h handler, before ...fiber.Handler) {
	r := Route{Method: method, Path: path, Needs: needs}
	s.known[method+" "+path] = true
	add := s.app.Post
	if method == fiber.MethodGet {
		add = s.app.Get // and HEAD
	}
	add(path, append(before, func(c *fiber.Ctx) error {
		p, err := s.open(c, r)
		if err != nil || p == nil {
			return err
		}
		err = h(p)
		c.Locals(OpenedTitle, p.Title)
		return err
	})...).Name(RouteName + string(needs))
}
