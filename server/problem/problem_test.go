package problem

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/request"
)

func TestStatus_IsOneTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err     error
		ifMatch bool
		want    int
	}{
		{qms.Invalid("input.invalid"), false, 422},
		{qms.NotFound("record.not_found"), false, 404},
		{qms.Conflict("record.changed"), false, 409},
		{qms.Conflict("record.changed"), true, 412},
		{qms.Conflict("version.open_exists"), true, 409},
		{qms.Refuse("right.missing"), false, 403},
		{qms.Unauthenticated("right.sign_in"), false, 401},
		{qms.Busy("store.busy"), false, 503},
		{qms.Busy("store.full"), false, 507},
		{qms.Busy("vault.full"), false, 507},
		{fmt.Errorf("put: %w", syscall.ENOSPC), false, 507},
		{fmt.Errorf("read: %w", context.DeadlineExceeded), false, 503},
		{fiber.ErrMethodNotAllowed, false, 405},
		{fiber.ErrRequestEntityTooLarge, false, 413},
		{errors.New("anything else"), false, 500},
		{fmt.Errorf("within: %w", qms.NotFound("record.not_found")), false, 404},
	} {
		if got := Status(c.err, c.ifMatch); got != c.want {
			t.Errorf("%v (If-Match %v) is %d, want %d", c.err, c.ifMatch, got, c.want)
		}
	}
	for _, code := range []qms.Code{qms.CodeInvalid, qms.CodeNotFound, qms.CodeConflict, qms.CodeRefused, qms.CodeUnauthenticated, qms.CodeBusy} {
		if statuses[code] == 0 {
			t.Errorf("%s has no status", code)
		}
		for _, lang := range locale.Languages() {
			if !locale.For(lang).Has("problem." + string(code)) {
				t.Errorf("%s has no title in %s", code, lang)
			}
		}
	}
}

func TestOf_SaysTheSentenceInTheReadersLanguageAndNamesTheFields(t *testing.T) {
	t.Parallel()
	err := qms.InvalidFields(qms.Wrong("title", "input.required"), qms.Wrong("on", "value.not_a_date"))
	seen := map[string]bool{}
	for _, lang := range locale.Languages() {
		p := Of(request.With(t.Context(), request.Info{Language: lang, Path: "/api/v1/x", Log: slog.New(slog.DiscardHandler)}), err)
		if p.Type != "/problems/input.invalid" || p.Status != http.StatusUnprocessableEntity || p.Instance != "/api/v1/x" || len(p.Errors) != 2 {
			t.Fatalf("%s: %+v", lang, p)
		}
		if p.Errors[0].Field != "title" || p.Errors[0].Key != "input.required" || strings.Contains(p.Errors[0].Detail, "input.") || seen[p.Detail] {
			t.Errorf("%s: %+v", lang, p)
		}
		seen[p.Detail] = true
	}
}

func TestOf_LogsAnInternalErrorOnceUnderItsReferenceAndKeepsItsText(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	log := slog.New(slog.NewTextHandler(&text, nil))
	p := Of(request.With(t.Context(), request.Info{ID: "ref-12345678", Language: "en", Log: log}), errors.New("password=secret"))
	if p.Status != 500 || p.Reference != "ref-12345678" || strings.Contains(fmt.Sprintf("%+v", p), "secret") {
		t.Errorf("got %+v", p)
	}
	if strings.Count(text.String(), "secret") != 1 || !strings.Contains(text.String(), "ref-12345678") {
		t.Errorf("the log says %s", text.String())
	}
}
