package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"maillon/qms"
)

// sameOrigin refuses a change that a page of another site made a browser send with its cookie.
// Programs bring a token, which no other site can make a browser send.
func (a *API) sameOrigin(ctx huma.Context, next func(huma.Context)) {
	safe := ctx.Method() == http.MethodGet || ctx.Method() == http.MethodHead
	if safe || a.s.Guard == nil || !a.s.Guard.FromCookie(humafiber.Unwrap(ctx)) || ours(ctx) {
		next(ctx)
		return
	}
	_ = huma.WriteErr(a.huma, ctx, http.StatusForbidden, "", qms.Refuse("form.foreign"))
}

// ours reports whether the browser says that the request comes from a page of ours. One that says
// nothing is a program that was lent a cookie: it states its origin or takes a token.
func ours(ctx huma.Context) bool {
	switch ctx.Header("Sec-Fetch-Site") {
	case "same-origin":
		return true
	case "":
		origin, err := url.Parse(ctx.Header("Origin"))
		return err == nil && origin.Host != "" && strings.EqualFold(origin.Host, ctx.Host())
	}
	return false
}
