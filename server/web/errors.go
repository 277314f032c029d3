package web

import (
	"github.com/gofiber/fiber/v2"

	"maillon/server/problem"
)

// ErrorView is what the page of an error shows.
type ErrorView struct {
	Status    int
	Heading   string
	Sentence  string
	Reference string
	State     string
}

// Error answers a request for a page that failed: with the page of the error, in the reader's
// language, and for nobody who may gain by it with the sign-in page.
func (s *Site) Error(c *fiber.Ctx, err error) error {
	problem := problem.Of(c.UserContext(), err)
	p := s.blank(c)
	if problem.Status == fiber.StatusUnauthorized && p.Actor.ID == "" {
		return s.askToSignIn(c)
	}
	if p.Actor.ID != "" { // without its list the switcher is empty: an error page asks nothing that may fail
		p.Platforms, _ = s.People.Platforms(c.UserContext())
	}
	p.status = problem.Status
	p.Title = heading(p, problem.Status)
	return p.Render("error", ErrorView{Status: problem.Status, Heading: p.Title, Sentence: problem.Detail, Reference: problem.Reference, State: "failed"})
}

// heading names what happened in the words of a person.
func heading(p *Page, status int) string {
	switch status {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed:
		return p.T("page.error.not_found")
	case fiber.StatusForbidden:
		return p.T("page.error.refused")
	case fiber.StatusConflict, fiber.StatusPreconditionFailed:
		return p.T("page.error.conflict")
	case fiber.StatusRequestEntityTooLarge:
		return p.T("page.error.too_large")
	case fiber.StatusServiceUnavailable, fiber.StatusTooManyRequests, fiber.StatusInsufficientStorage, fiber.StatusRequestTimeout:
		return p.T("page.error.busy")
	case fiber.StatusInternalServerError:
		return p.T("page.error.internal")
	}
	return p.T("page.error.invalid")
}
