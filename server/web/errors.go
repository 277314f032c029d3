package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms/people"
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
	s.place(p)
	p.status = problem.Status
	p.Title = heading(p, problem.Status)
	return p.Render("error", ErrorView{Status: problem.Status, Heading: p.Title, Sentence: problem.Detail, Reference: problem.Reference, State: "failed"})
}

// place shows the error in the frame of the platform it happened on. What cannot be read is left out:
// the page of an error does not fail.
func (s *Site) place(p *Page) {
	if p.Actor.ID == "" {
		return
	}
	var err error
	if p.Platforms, err = s.People.Platforms(p.Context()); err != nil {
		return
	}
	code, ok := strings.CutPrefix(p.c.Path(), "/p/")
	if !ok {
		return
	}
	code, _, _ = strings.Cut(code, "/")
	i := slices.IndexFunc(p.Platforms, func(pf people.Platform) bool { return pf.Code == people.NormalCode(code) })
	if i >= 0 {
		p.Platform = &p.Platforms[i]
	}
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
