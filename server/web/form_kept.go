package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// TypedView is a form that could not be taken as it came, with what was typed: the session ended meanwhile,
// or the cookies went that its token belongs to. Passwords are not kept.
type TypedView struct {
	Form   *Form
	Fields []Option // name and value of what goes with it unseen
	Ended  bool     // the session
	Secret bool     // a password was typed
}

// keepForm shows what was typed, to be sent again. What came without anything typed is worth no page.
func (s *Site) keepForm(c *fiber.Ctx) (kept bool, err error) {
	p := s.blank(c)
	f := p.Form()
	view := TypedView{Form: f, Ended: p.Actor.ID == ""}
	typed := false
	for name, values := range f.values {
		switch {
		case name == "csrf":
			continue
		case strings.Contains(name, "password"):
			view.Secret = true
			continue
		}
		for _, value := range values {
			typed = typed || name != "revision" && strings.TrimSpace(value) != ""
			view.Fields = append(view.Fields, Option{name, value})
		}
	}
	if !typed {
		return false, nil
	}
	slices.SortStableFunc(view.Fields, func(a, b Option) int { return strings.Compare(a.Value, b.Value) })
	p.Title, p.status = p.T("page.kept.title"), fiber.StatusForbidden
	return true, p.Render("form_kept", view)
}
