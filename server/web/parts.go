package web

import (
	"io"
	"mime"
	"mime/multipart"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/request"
)

// Parts reads a form with files as a stream: fields first, then files, none of which is kept in memory
// or on disk here. A form that carries files states its fields before them.
type Parts struct {
	Form   *Form
	reader *multipart.Reader
	next   *multipart.Part
	done   bool
}

// File is one file of a form: read it before asking for the next.
type File struct {
	Field string
	Name  string // without any folder
	io.Reader
}

const (
	maxFieldBytes = 64 << 10
	maxFields     = 200
)

// Parts opens the body of a form with files, of at most limit bytes, and reads the fields up to the
// first file. It refuses a form that does not carry our token.
func (p *Page) Parts(limit int64) (*Parts, error) {
	kind, params, err := mime.ParseMediaType(p.c.Get(fiber.HeaderContentType))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, qms.Invalid("body.media_type")
	}
	body, err := request.Body(p.c, limit)
	if err != nil {
		return nil, err
	}
	parts := &Parts{Form: &Form{printer: p.Printer, values: map[string][]string{}, CSRF: p.CSRF()},
		reader: multipart.NewReader(body, params["boundary"])}
	if err := parts.fields(); err != nil {
		return nil, err
	}
	if !p.site.tokenMatches(p.c, parts.Form.Raw("csrf")) {
		return nil, qms.Refuse("form.stale")
	}
	return parts, nil
}

// fields reads fields until a file begins.
func (p *Parts) fields() error {
	for range maxFields {
		part, err := p.reader.NextRawPart()
		if err != nil {
			return p.ended(err)
		}
		if part.FileName() != "" {
			p.next = part
			return nil
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
		if err != nil {
			return malformed(err)
		}
		if len(value) > maxFieldBytes {
			return qms.InvalidFields(qms.Wrong(part.FormName(), "input.too_long", maxFieldBytes))
		}
		p.Form.values.Add(part.FormName(), readable(string(value)))
	}
	return qms.Invalid("input.malformed")
}

// ended tells the end of the form from a body that breaks off, whose error only wraps io.EOF.
func (p *Parts) ended(err error) error {
	if err == io.EOF { //nolint:errorlint // see above
		p.done = true
		return nil
	}
	return malformed(err)
}

// malformed keeps the errors that a person may read (too large, cut off) and names the others.
func malformed(err error) error {
	if qms.CodeOf(err) != "" {
		return err
	}
	return qms.Invalid("input.malformed")
}

// File is the next file of the form, nil after the last. A field for which no file was chosen is
// passed over.
func (p *Parts) File() (*File, error) {
	if p.next == nil && !p.done {
		if err := p.fields(); err != nil {
			return nil, err
		}
	}
	if p.next == nil {
		return nil, nil
	}
	part := p.next
	p.next = nil
	return &File{Field: part.FormName(), Name: baseName(part.FileName()), Reader: content{part}}, nil
}

// content is what a file holds; one that breaks off is a refusal, not a fault of ours.
type content struct{ part *multipart.Part }

func (c content) Read(b []byte) (int, error) {
	n, err := c.part.Read(b)
	if err != nil && err != io.EOF { //nolint:errorlint // Read promises io.EOF itself
		err = malformed(err)
	}
	return n, err
}

func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return "fichier"
	}
	return name
}
