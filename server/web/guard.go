package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/request"
)

// contentPolicy lets a page use what we serve and nothing else: no inline script or style, no frame,
// no other host.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (s *Site) secureHeaders(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=()")
	c.Set(fiber.HeaderCacheControl, "no-store")
	if s.Guard.Secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}

// sameOrigin refuses a request that a page of another site made the browser send. Browsers say where a
// form comes from; what says nothing is no browser of this decade, and must then bring the token, which
// sameForm and Page.Parts ask of everybody.
func (s *Site) sameOrigin(c *fiber.Ctx) error {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return c.Next()
	case "":
		if c.Get(fiber.HeaderOrigin) == "" || fromHere(c) {
			return c.Next()
		}
	}
	return qms.Refuse("form.foreign")
}

// fromHere reports whether the browser names this host as where the form was.
func fromHere(c *fiber.Ctx) bool {
	u, err := url.Parse(c.Get(fiber.HeaderOrigin))
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, c.Get(fiber.HeaderHost))
}

// sameForm is sameOrigin, and asks for the token that our form carried. One of ours whose token is not
// good any more may be sent again.
func (s *Site) sameForm(c *fiber.Ctx) error {
	if s.tokenMatches(c, c.FormValue("csrf")) {
		return s.sameOrigin(c)
	}
	if site := c.Get("Sec-Fetch-Site"); site == "same-origin" || site == "" && fromHere(c) {
		if kept, err := s.keepForm(c); kept || err != nil {
			return err
		}
	}
	return qms.Refuse("form.stale")
}

const formToken = 16 // bytes

// formCookie keeps the form token; its name binds it to this host where there is TLS.
func (s *Site) formCookie() string {
	if s.Guard.Secure() {
		return "__Host-form"
	}
	return "form"
}

func (s *Site) tokenMatches(c *fiber.Ctx, given string) bool {
	kept, err := base64.RawURLEncoding.DecodeString(c.Cookies(s.formCookie()))
	if err != nil || len(kept) != formToken {
		return false
	}
	masked, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || len(masked) != 2*formToken {
		return false
	}
	return subtle.ConstantTimeCompare(xor(masked[:formToken], masked[formToken:]), kept) == 1
}

// CSRF is the token that a form of this page carries. It is masked anew on each page, so that
// compression does not tell it (BREACH).
func (p *Page) CSRF() string {
	name := p.site.formCookie()
	kept, err := base64.RawURLEncoding.DecodeString(p.c.Cookies(name))
	if err != nil || len(kept) != formToken {
		kept = make([]byte, formToken)
		rand.Read(kept) // never fails: crypto/rand ends the process instead
		value := base64.RawURLEncoding.EncodeToString(kept)
		p.setCookie(name, value, 0)
		p.c.Request().Header.SetCookie(name, value) // the next form of this page carries the same
	}
	mask := make([]byte, formToken)
	rand.Read(mask)
	return base64.RawURLEncoding.EncodeToString(append(mask, xor(mask, kept)...))
}

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	subtle.XORBytes(out, a, b)
	return out
}

// setCookie gives the browser a cookie of ours; it lasts as long as the browser is open when it has no
// age.
func (p *Page) setCookie(name, value string, age time.Duration) {
	p.c.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second),
		HTTPOnly: true, Secure: p.site.Guard.Secure(), SameSite: fiber.CookieSameSiteLaxMode})
}

const (
	flashCookie = "done"
	year        = 365 * 24 * time.Hour
)

// leaveFlash keeps a sentence for the next page.
func (p *Page) leaveFlash(sentence string) {
	p.setCookie(flashCookie, base64.RawURLEncoding.EncodeToString([]byte(sentence)), time.Minute)
}

// flash is the sentence that the page before left.
func (p *Page) flash() string {
	kept := p.c.Cookies(flashCookie)
	if kept == "" || p.c.Method() != fiber.MethodGet {
		return ""
	}
	sentence, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil || len(sentence) > 500 {
		return ""
	}
	return readable(string(sentence))
}

// forgetFlash lets a sentence that was shown not be shown again.
func (p *Page) forgetFlash() {
	p.c.Cookie(&fiber.Cookie{Name: flashCookie, Path: "/", Expires: time.Unix(1, 0), HTTPOnly: true,
		Secure: p.site.Guard.Secure(), SameSite: fiber.CookieSameSiteLaxMode})
}

// chooseLanguage keeps the language for a year and shows the page again in it.
func (s *Site) chooseLanguage(c *fiber.Ctx, lang string) error {
	c.Cookie(&fiber.Cookie{Name: request.LanguageCookie, Value: lang, Path: "/", MaxAge: int(year / time.Second),
		HTTPOnly: true, Secure: s.Guard.Secure(), SameSite: fiber.CookieSameSiteLaxMode})
	u, err := url.Parse(c.OriginalURL())
	if err != nil {
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	q := u.Query()
	q.Del("lang")
	return c.Redirect(local((&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()), fiber.StatusSeeOther)
}

// askToSignIn sends nobody to the sign-in page, and from there back. What they typed is kept.
func (s *Site) askToSignIn(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodPost {
		if kept, err := s.keepForm(c); kept || err != nil {
			return err
		}
	}
	to := "/sign-in"
	if c.Method() == fiber.MethodGet && c.Path() != "/" {
		to += "?to=" + url.QueryEscape(c.OriginalURL())
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// local is an address of ours, the home page when it leads elsewhere.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		return "/"
	}
	return to
}
