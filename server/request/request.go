// Package request is what every door knows of one HTTP request before anybody looks into it: its
// identifier, the language of the reader, the logger that names it, and how much of a body it may
// carry.
//
// It promises that a request has one identifier in the response, the logs and the trail, that a body
// is read as a stream and never beyond the limit of its route, and that a connection whose body was
// left unread is not used again.
//
// It refuses to know who asks (server/auth) and what for (server/api, server/web).
package request

import (
	"context"
	"log/slog"
	"regexp"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
)

// LanguageCookie keeps the language that somebody chose on a page.
const LanguageCookie = "lang"

// Header is the name of the header that carries the identifier, in and out.
const Header = "X-Request-ID"

// Info is one request as the doors speak of it.
type Info struct {
	ID       string // of the request: in the response, the logs and the trail
	Language string // of the reader, one of locale.Languages
	Path     string // without the query
	IfMatch  bool   // the client named the revision it knows
	Log      *slog.Logger
}

// Printer says things in the language of the reader.
func (i Info) Printer() *locale.Printer { return locale.For(i.Language) }

type infoKey struct{}

// With hands the request to whatever is called with the context.
func With(ctx context.Context, i Info) context.Context {
	return context.WithValue(ctx, infoKey{}, i)
}

// From is the request of the context; outside one it is in French and logs to the default logger.
func From(ctx context.Context) Info {
	i, ok := ctx.Value(infoKey{}).(Info)
	if !ok {
		return Info{Language: locale.French, Log: slog.Default()}
	}
	return i
}

var idPattern = regexp.MustCompile(`^[0-9A-Za-z_.:-]{8,64}$`)

// Middleware gives each request its Info and writes one line of log when it is answered. An
// identifier that a proxy gave is kept when it is a plain word. Nothing of the query, of the body or
// of the person is logged.
func Middleware(log *slog.Logger, clock qms.Clock) fiber.Handler {
	return func(c *fiber.Ctx) error {
		began := clock()
		id := c.Get(Header)
		if !idPattern.MatchString(id) {
			id = string(qms.NewID(began))
		}
		info := Info{ID: id, Language: Language(c), Path: c.Path(), IfMatch: c.Get(fiber.HeaderIfMatch) != ""}
		info.Log = log.With("request", id)
		c.SetUserContext(With(c.UserContext(), info))
		c.Set(Header, id)
		err := c.Next()
		if err != nil { // the answer is written here, so that its status is known below
			if err = c.App().ErrorHandler(c, err); err != nil {
				return err
			}
		}
		finishBody(c)
		took := clock().Sub(began).Round(time.Microsecond)
		info.Log.LogAttrs(c.UserContext(), level(c), "request", slog.String("method", c.Method()),
			slog.String("route", c.Route().Path), slog.Int("status", c.Response().StatusCode()), slog.Duration("took", took))
		return nil
	}
}

// level keeps what probes and styles ask for out of the ordinary log.
func level(c *fiber.Ctx) slog.Level {
	switch c.Route().Path {
	case "/healthz", "/readyz", "/metrics":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// Language is the language chosen on a page, else the one that the browser asks for, else French.
func Language(c *fiber.Ctx) string {
	chosen := c.Cookies(LanguageCookie)
	for _, lang := range locale.Languages() {
		if chosen == lang {
			return lang
		}
	}
	return locale.Match(c.Get(fiber.HeaderAcceptLanguage))
}
