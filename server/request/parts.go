package request

import (
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"path"
	"strings"

	"maillon/qms"
)

// Parts reads a form with files (RFC 7578) as a stream: no file is kept in memory or on disk here. Fields
// are known as far as the form was read: those before a file when the file comes, all of them after the last.
type Parts struct {
	Fields url.Values
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

// IsForm reports whether a body of that type is a form with files.
func IsForm(contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "multipart/form-data" && params["boundary"] != ""
}

// OpenParts reads the fields of a form up to the first file. A body of another type is refused.
func OpenParts(contentType string, body io.Reader) (*Parts, error) {
	if !IsForm(contentType) {
		return nil, qms.Invalid("body.media_type")
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, qms.Invalid("body.media_type")
	}
	p := &Parts{Fields: url.Values{}, reader: multipart.NewReader(body, params["boundary"])}
	return p, p.fields()
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
		p.Fields.Add(part.FormName(), Readable(string(value)))
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

// Readable is text as it can be kept and shown: what is not UTF-8 is replaced, and zero bytes are dropped.
func Readable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}
