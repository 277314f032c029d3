// Package auth tells who asks: it turns the cookie of a browser or the bearer token of a program into
// the Actor that the rooms decide on, and hands cookies out and back in.
//
// It promises that the token never reaches a script (HttpOnly), another site's form (SameSite=Lax) or
// a plain connection where the site is served over TLS (Secure, __Host-), and that a request costs one
// indexed read for it.
//
// It refuses to decide any right, and to refuse anybody: a token that opens nothing is nobody, and
// nobody may read what is public.
package auth

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/request"
)

// Sessions is what the room of persons does for this package.
type Sessions interface {
	Authenticate(ctx context.Context, token string) (qms.Actor, error)
}

// Guard knows who asks. Secure says that the site is reached over TLS.
type Guard struct {
	sessions Sessions
	secure   bool
}

// New makes a guard.
func New(sessions Sessions, secure bool) *Guard { return &Guard{sessions: sessions, secure: secure} }

// Middleware puts the Actor into the context of the request.
func (g *Guard) Middleware(c *fiber.Ctx) error {
	ctx := c.UserContext()
	actor := qms.Actor{}
	if token := g.Token(c); token != "" && !strings.HasPrefix(c.Path(), "/static/") { // styles are nobody's
		var err error
		if actor, err = g.sessions.Authenticate(ctx, token); err != nil {
			return err
		}
	}
	actor.RequestID = request.From(ctx).ID
	c.SetUserContext(qms.WithActor(ctx, actor))
	return c.Next()
}

// Token is the session token that the request carries: a program's in the Authorization header, else a
// browser's in the cookie.
func (g *Guard) Token(c *fiber.Ctx) string {
	if scheme, token, ok := strings.Cut(c.Get(fiber.HeaderAuthorization), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return c.Cookies(g.name())
}

// FromCookie reports whether it is a cookie that says who asks: then another site may have made the
// browser ask, and the door must look at the origin.
func (g *Guard) FromCookie(c *fiber.Ctx) bool {
	return c.Get(fiber.HeaderAuthorization) == "" && c.Cookies(g.name()) != ""
}

// Address is where the request comes from on the network. A site over TLS stands behind a proxy, which
// ends the list of addresses with the one it saw; what a client wrote before it proves nothing.
func (g *Guard) Address(c *fiber.Ctx) string {
	if g.secure {
		list := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
		if last := strings.TrimSpace(list[len(list)-1]); net.ParseIP(last) != nil {
			return last
		}
	}
	return c.IP()
}

// Remember gives the browser the token until it expires.
func (g *Guard) Remember(c *fiber.Ctx, token string, expires time.Time) {
	c.Cookie(&fiber.Cookie{Name: g.name(), Value: token, Path: "/", Expires: expires,
		HTTPOnly: true, Secure: g.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

// Forget takes the token from the browser.
func (g *Guard) Forget(c *fiber.Ctx) { g.Remember(c, "", time.Unix(1, 0)) }

// name is bound to this host and to TLS where there is TLS (RFC 6265bis, section 4.1.3.2).
func (g *Guard) name() string {
	if g.secure {
		return "__Host-session"
	}
	return "session"
}

// Secure says that the site is reached over TLS.
func (g *Guard) Secure() bool { return g.secure }
