// Package problem is the one table from an error to what a client is told: an HTTP status, a stable
// type, and a sentence in the reader's language (RFC 9457).
//
// It promises that a page and the interface say the same sentence for the same error, that each
// field at fault is named, and that an error nobody foresaw is logged once under a reference that
// the person is shown.
//
// It refuses to let the text of an internal error leave the house.
package problem

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"syscall"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/request"
)

// MediaType is that of a problem in JSON.
const MediaType = "application/problem+json"

// Problem is an error as a client reads it.
type Problem struct {
	Type      string  `json:"type" format:"uri-reference" doc:"/problems/KEY: names the kind of problem and does not change" example:"/problems/record.changed"`
	Title     string  `json:"title" doc:"The kind of problem in a few words" example:"État incompatible"`
	Status    int     `json:"status" doc:"The HTTP status" example:"409"`
	Detail    string  `json:"detail" doc:"What is wrong and what would be right, in the reader's language"`
	Instance  string  `json:"instance,omitempty" format:"uri-reference" doc:"The path that was asked for"`
	Errors    []Field `json:"errors,omitempty" doc:"The fields at fault"`
	Reference string  `json:"reference,omitempty" doc:"Names an internal error in the logs"`
}

// Field is one field at fault.
type Field struct {
	Field  string `json:"field" doc:"As the body or the query names it" example:"effective_from"`
	Detail string `json:"detail" doc:"What is wrong with it, in the reader's language"`
	Key    string `json:"key" doc:"Names the rule and does not change" example:"input.required"`
}

// Error is the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType says that the answer is a problem.
func (p *Problem) ContentType(string) string { return MediaType }

// statuses maps the kind of refusal.
var statuses = map[qms.Code]int{
	qms.CodeInvalid:         http.StatusUnprocessableEntity,
	qms.CodeNotFound:        http.StatusNotFound,
	qms.CodeConflict:        http.StatusConflict,
	qms.CodeRefused:         http.StatusForbidden,
	qms.CodeUnauthenticated: http.StatusUnauthorized,
	qms.CodeBusy:            http.StatusServiceUnavailable,
}

// exceptions are the keys for which HTTP has a status of their own.
var exceptions = map[string]int{
	"input.malformed":        http.StatusBadRequest,
	"body.empty":             http.StatusBadRequest,
	"body.truncated":         http.StatusBadRequest,
	"body.too_large":         http.StatusRequestEntityTooLarge,
	"body.length_required":   http.StatusLengthRequired,
	"body.media_type":        http.StatusUnsupportedMediaType,
	"body.timeout":           http.StatusRequestTimeout,
	"route.not_found":        http.StatusNotFound,
	"route.method":           http.StatusMethodNotAllowed,
	"route.not_acceptable":   http.StatusNotAcceptable,
	"signin.too_many":        http.StatusTooManyRequests,
	"submission.too_many":    http.StatusTooManyRequests,
	"precondition.required":  http.StatusPreconditionRequired,
	"precondition.malformed": http.StatusBadRequest,
	"storage.full":           http.StatusInsufficientStorage,
	"store.full":             http.StatusInsufficientStorage,
	"vault.full":             http.StatusInsufficientStorage,
}

// Refusal is the qms.Error that a client may be told of, nil when err is an internal one. Errors of
// the machine that somebody can do something about are translated here, and so are Fiber's.
func Refusal(err error) *qms.Error {
	var known *qms.Error
	var routing *fiber.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return qms.Busy("storage.full")
	case errors.Is(err, context.DeadlineExceeded):
		return qms.Busy("request.too_slow")
	case errors.Is(err, context.Canceled):
		return qms.Busy("request.cancelled")
	case errors.As(err, &routing):
		return FromStatus(routing.Code)
	}
	return nil
}

// FromStatus is the refusal behind a status that a library below us chose; nil for an internal one.
func FromStatus(status int) *qms.Error {
	switch status {
	case http.StatusNotFound:
		return qms.NotFound("route.not_found")
	case http.StatusMethodNotAllowed:
		return qms.Invalid("route.method")
	case http.StatusNotAcceptable:
		return qms.Invalid("route.not_acceptable")
	case http.StatusRequestEntityTooLarge:
		return qms.Invalid("body.too_large", int64(1))
	case http.StatusUnsupportedMediaType:
		return qms.Invalid("body.media_type")
	case http.StatusRequestTimeout:
		return qms.Busy("body.timeout")
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return qms.Invalid("input.malformed")
	}
	return nil
}

// Status is the HTTP status of err. ifMatch says that the client named the revision it knew.
func Status(err error, ifMatch bool) int {
	e := Refusal(err)
	switch {
	case e == nil:
		return http.StatusInternalServerError
	case e.Key == "record.changed" && ifMatch:
		return http.StatusPreconditionFailed
	}
	if status, ok := exceptions[e.Key]; ok {
		return status
	}
	return statuses[e.Code]
}

// Of tells a client of err in the language of the request in ctx. An internal error is logged here,
// once; callers do not log it again.
func Of(ctx context.Context, err error) *Problem {
	req := request.From(ctx)
	e := Refusal(err)
	if e == nil {
		return internal(ctx, req, err)
	}
	printer := req.Printer()
	p := &Problem{
		Type: "/problems/" + e.Key, Title: printer.T("problem." + string(e.Code)), Status: Status(err, req.IfMatch),
		Detail: printer.Error(e), Instance: req.Path,
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, Field{Field: f.Name, Detail: printer.FieldError(f), Key: f.Key})
	}
	return p
}

// internal gives the error a reference: the identifier of the request, or one of its own.
func internal(ctx context.Context, req request.Info, err error) *Problem {
	reference := req.ID
	if reference == "" {
		var b [8]byte
		rand.Read(b[:])
		reference = hex.EncodeToString(b[:])
	}
	req.Log.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("reference", reference),
		slog.String("path", req.Path), slog.Any("error", err))
	p := locale.For(req.Language)
	return &Problem{
		Type: "/problems/error.internal", Title: p.T("problem.internal"), Status: http.StatusInternalServerError,
		Detail: p.T("error.internal"), Instance: req.Path, Reference: reference,
	}
}

// Send answers a request of the interface with the problem of err.
func Send(c *fiber.Ctx, err error) error {
	p := Of(c.UserContext(), err)
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	if p.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	c.Status(p.Status)
	return c.JSON(p, MediaType)
}
