// Package api is the door for programs: every act and every list of the rooms under /api/v1, described
// by OpenAPI 3.1 at /api/openapi.json and shown to people at /api/docs.
//
// It promises that errors are RFC 9457 problems in the reader's language, that lists come in cursor
// pages with Link headers, that a change names the revision it knew (If-Match), that a repeated POST
// with the same Idempotency-Key is done once, and that files stream.
//
// It refuses to decide anything: a handler parses, calls one service and renders. Bodies are types of
// their own, so that a column can change without breaking a client.
package api

import (
	"context"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
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
	"maillon/server/problem"
)

// Version is that of the interface: it moves with what clients can see.
const Version = "1.0.0"

// Base is the beginning of the path of every operation.
const Base = "/api/v1"

// Services are the rooms behind the operations, and what operations need besides.
type Services struct {
	Clock     qms.Clock
	Today     func() qms.Date
	Guard     *auth.Guard
	People    *people.Service
	Audits    *audits.Service
	Trail     *store.Trail
	Scrubs    *integrity.Service
	Auditors  *auditors.Service
	Witness   *witness.Service
	Documents *documents.Service
	Trace     *trace.Service
	Label     *label.Service
	Reminders *scheduler.Service
	Agenda    *scheduler.Agenda
	Importer  *importer.Service
}

// API is the interface mounted on an application.
type API struct {
	huma huma.API
	s    Services
}

// New mounts every operation, the description and its page on the application.
func New(app *fiber.App, s Services) *API {
	a := base(app, s)
	a.operations()
	a.close(app)
	return a
}

// base is the interface without any operation.
func base(app *fiber.App, s Services) *API {
	speakProblems()
	config := huma.DefaultConfig("Maillon", Version)
	config.Info.Description = "Documents, traceability, exercises and audit packs of research platforms."
	config.CreateHooks, config.SchemasPath, config.DocsPath = nil, "", ""
	config.OpenAPIPath = "/api/openapi"
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer":  {Type: "http", Scheme: "bearer", Description: "A session's token."},
		"session": {Type: "apiKey", In: "cookie", Name: "session", Description: "The cookie of the pages; POST, PUT and PATCH then need a same-origin request."},
	}
	config.Security = []map[string][]string{{"bearer": {}}, {"session": {}}}
	a := &API{huma: humafiber.New(app, config), s: s}
	a.huma.UseMiddleware(a.sameOrigin, a.paceBody, a.onlyOnce(newMemory(s.Clock)))
	return a
}

// close ends what is under /api: the page, and a problem for every other address.
func (a *API) close(app *fiber.App) {
	app.Get("/api/docs", a.docs())
	app.Use("/api", func(c *fiber.Ctx) error { return problem.Send(c, fiber.ErrNotFound) })
}

// operations registers what each subject offers; one line a subject.
func (a *API) operations() {
	a.people()
	a.exercises()
	a.label()
	a.reminders()
	a.integrity()
	a.due()
	a.witness()
	a.journal()
	a.packs()
	a.auditors()
	a.signatures()
	a.documents()
	a.comparisons()
	a.search()
	a.rounds()
	a.filledForms()
	a.kit()
	a.processMap()
	a.renditions()
	a.keeping()
	a.readings()
	a.imports()
	a.traces()
}

// Description is the OpenAPI document, for the golden test and the page.
func (a *API) Description() *huma.OpenAPI { return a.huma.OpenAPI() }

// op describes one operation: its identifier as verb-noun, one sentence, and the subject it is listed under.
func op(method, path, id, summary, subject string, errors ...int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: Base + path, Summary: summary, Tags: []string{subject},
		Errors: append([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, errors...),
	}
}

// get, post and patch are the three kinds of operation: read, act or make, change at a known revision.
func get(path, id, summary, subject string) huma.Operation {
	return op(http.MethodGet, path, id, summary, subject)
}

func post(path, id, summary, subject string) huma.Operation {
	o := op(http.MethodPost, path, id, summary, subject, http.StatusConflict)
	o.Parameters = append(o.Parameters, idempotencyParameter)
	return o
}

func patch(path, id, summary, subject string) huma.Operation {
	return op(http.MethodPatch, path, id, summary, subject,
		http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
}

// created marks an operation that answers 201.
func created(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}

// register is huma.Register on our API.
func register[I, O any](a *API, o huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, o, handler)
}

var speakOnce sync.Once

// speakProblems replaces, once in a process, how huma makes errors: every one becomes a problem.
func speakProblems() {
	speakOnce.Do(func() {
		nameRules()
		huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
			if status == 0 { // huma asks for an example, to describe it
				return &problem.Problem{}
			}
			return problem.Of(context.Background(), explain(status, errs))
		}
		huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
			p := problem.Of(ctx.Context(), explain(status, errs))
			if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
				ctx.SetHeader("Retry-After", "5")
			}
			if p.Status == http.StatusUnauthorized {
				ctx.SetHeader("WWW-Authenticate", "Bearer")
			}
			return p
		}
	})
}
