package app

import (
	"context"
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/scheduler"
	"maillon/server/api"
	"maillon/server/auth"
	"maillon/server/problem"
	"maillon/server/request"
	"maillon/server/web"
)

const (
	readTimeout  = 30 * time.Second // for the head of a request; bodies grant themselves more while they come
	writeTimeout = 30 * time.Minute // for a whole answer: a pack of a platform on a slow line
	idleTimeout  = 2 * time.Minute
	stopTimeout  = 20 * time.Second // for requests under way at a stop
	headBytes    = 16 << 10         // of the head of a request
)

// Door says where and how a site is reached.
type Door struct {
	Addr   string
	Secure bool              // it is reached over TLS, which a proxy before it ends
	Opened func(addr string) // called once the address answers
}

// Serve answers until ctx ends, then lets requests under way end.
func (h *House) Serve(ctx context.Context, d Door) error {
	app, err := h.Application(d.Secure)
	if err != nil {
		return err
	}
	h.trustVault(ctx, h.vaultAt)
	if err := h.enrol(ctx); err != nil {
		return err
	}
	jobs, err := scheduler.Start(context.WithoutCancel(ctx), h.log, h.maintenance()...)
	if err != nil {
		return err
	}
	defer jobs.Stop()
	if h.mails == nil {
		h.log.Info("no mail server: reminders are read in the application")
	} else {
		h.log.Info("reminders are mailed", "server", h.mails.String())
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", d.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	h.reachedAt(listener.Addr().String())
	if err := h.takeUp(ctx); err != nil {
		return err
	}
	leave := h.leaving(jobs, h.keepPrinting(ctx))
	defer leave()
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener) }()
	if d.Opened != nil {
		d.Opened(listener.Addr().String())
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		h.log.Info("stopping")
		go leave() // at once: whoever stops it may not wait as long as requests may take
		return app.ShutdownWithTimeout(stopTimeout)
	}
}

// leaving gives back what this server holds, packs, renditions, the scrub and the reminders, so that another
// one goes on with it without waiting for a lease. Called again, it waits until that is done.
func (h *House) leaving(jobs *scheduler.Scheduler, printing func()) (leave func()) {
	return sync.OnceFunc(func() {
		h.Audits.Leave()
		var held sync.WaitGroup
		held.Go(jobs.Stop)
		held.Go(printing)
		held.Wait()
	})
}

// Application is every door on one Fiber application, for Serve and for tests over HTTP.
func (h *House) Application(secure bool) (*fiber.App, error) {
	var pages *web.Site
	app := fiber.New(fiber.Config{
		AppName: "Maillon", DisableStartupMessage: true, Immutable: true, CaseSensitive: true, // a document may have the code LINKS
		StreamRequestBody: true, DisablePreParseMultipartForm: true,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, ReadBufferSize: headBytes,
		ErrorHandler: func(c *fiber.Ctx, err error) error {
			if pages == nil || strings.HasPrefix(c.Path(), "/api/") {
				return problem.Send(c, err)
			}
			return pages.Error(c, err)
		},
	})
	meter := newMeter(h.clock)
	meter.registry.MustRegister(append(h.swept.meters(), h.scrubMeter())...)
	app.Use(request.Middleware(h.log, h.clock), meter.middleware, recoverPanic, plainHeaders)
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	app.Get("/readyz", h.ready)
	app.Get("/metrics", meter.handler())
	guard := auth.New(h.People, secure)
	app.Use(guard.Middleware, h.watch)
	api.New(app, h.programs(guard))
	var err error
	if pages, err = web.New(app, h.pages(guard)); err != nil {
		return nil, err
	}
	return app, nil
}

func (h *House) programs(guard *auth.Guard) api.Services {
	return api.Services{Clock: h.clock, Today: h.DB.Today, Guard: guard, People: h.People, Documents: h.Documents, Trace: h.Trace,
		Label: h.Label, Agenda: h.Agenda, Reminders: h.Reminders, Audits: h.Audits, Importer: h.Importer, Trail: h.Trail, Scrubs: h.Scrubs, Auditors: h.Auditors, Witness: h.Witness}
}

func (h *House) pages(guard *auth.Guard) web.Services {
	return web.Services{Guard: guard, Clock: h.clock, People: h.People, Documents: h.Documents, Trace: h.Trace, Label: h.Label, Agenda: h.Agenda, Reminders: h.Reminders, Audits: h.Audits,
		Importer: h.Importer, Trail: h.Trail, Scrubs: h.Scrubs, Auditors: h.Auditors, Witness: h.Witness, Heads: heads{h.DB}, Verifiers: h.verifiers,
		Boards:  []web.Board{web.DocumentBoard{Documents: h.Documents}, web.ReadingBoard{Documents: h.Documents}, web.WatchBoard{Documents: h.Documents}, web.KitBoard{Documents: h.Documents}, web.TraceBoard{Trace: h.Trace}, web.PriceBoard{Trace: h.Trace}, web.ImpactBoard{Trace: h.Trace}, web.LabelBoard{Label: h.Label}, web.ExerciseBoard{Audits: h.Audits}, web.AssessmentBoard{Label: h.Label}, web.MeetingBoard{Label: h.Label}},
		Taskers: []web.Tasker{web.DocumentTasks{Documents: h.Documents}, web.ReadingTasks{Documents: h.Documents}, web.ImpactTasks{Trace: h.Trace}, web.MissionTasks{Label: h.Label}, web.ExerciseTasks{Audits: h.Audits}, web.AssessmentTasks{Label: h.Label}, web.MeetingTasks{Label: h.Label}, web.WitnessTasks{Witness: h.Witness}},
		Finders: []web.Finder{web.TraceFinder{Trace: h.Trace}}}
}

// recoverPanic turns a programmer's fault into an internal error: one request fails, not the site.
func recoverPanic(c *fiber.Ctx) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	return c.Next()
}

// plainHeaders are the least that every answer carries; pages state theirs.
func plainHeaders(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	return c.Next()
}
