package web

import (
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/request"
)

// Parts reads a form with files as a stream: fields first, then files, none of which is kept in memory
// or on disk here. A form that carries files states its fields before them.
type Parts struct {
	*request.Parts
	Form *Form
}

// File is one file of a form: read it before asking for the next.
type File = request.File

// Parts opens the body of a form with files, of at most limit bytes, and reads the fields up to the
// first file. It refuses a form that does not carry our token.
func (p *Page) Parts(limit int64) (*Parts, error) {
	kind := p.c.Get(fiber.HeaderContentType)
	if !request.IsForm(kind) {
		return nil, qms.Invalid("body.media_type")
	}
	body, err := request.Body(p.c, limit)
	if err != nil {
		return nil, err
	}
	parts, err := request.OpenParts(kind, body)
	if err != nil {
		return nil, err
	}
	form := &Form{printer: p.Printer, values: parts.Fields, CSRF: p.CSRF()}
	if !p.site.tokenMatches(p.c, form.Raw("csrf")) {
		return nil, qms.Refuse("form.stale")
	}
	return &Parts{parts, form}, nil
}
