package text

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"golang.org/x/net/html/charset"
)

// visitor is told of every element of a document. Names come without their prefixes, which files
// choose freely; start may refuse to see what is inside.
type visitor interface {
	start(e xml.StartElement) (inside bool)
	end(name string)
	chars(s string)
}

// walk reads XML in bounded memory. Entities that the file declares itself are refused, not
// expanded: no office format needs them.
func (f *file) walk(r io.Reader, visit visitor) error {
	metered := &meter{r: r}
	d := xml.NewDecoder(metered)
	d.CharsetReader = charset.NewReaderLabel
	w := walker{visitor: visit}
	for {
		if err := f.goOn(); err != nil {
			return err
		}
		metered.token = 0
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && errors.Is(metered.err, errBomb):
			return errBomb
		case err != nil:
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		if err := w.take(token); err != nil {
			return err
		}
	}
}

// walker keeps the visitor from what it did not want to see.
type walker struct {
	visitor
	depth, skipped int
}

func (w *walker) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if w.depth++; w.depth > maxDepth {
			return errBomb
		}
		if w.skipped > 0 || !w.start(t) {
			w.skipped++
		}
	case xml.EndElement:
		w.depth--
		if w.skipped > 0 {
			w.skipped--
			return nil
		}
		w.end(t.Name.Local)
	case xml.CharData:
		if w.skipped == 0 {
			w.chars(string(t))
		}
	case xml.Directive:
		if bytes.Contains(t, []byte("<!ENTITY")) {
			return errBomb
		}
	}
	return nil
}

// meter counts what goes into one token and into all, and cuts what goes beyond the bounds.
type meter struct {
	r            io.Reader
	token, total int
	err          error
}

func (m *meter) Read(p []byte) (int, error) {
	if m.token > maxToken || m.total > maxPart {
		m.err = errBomb
		return 0, errBomb
	}
	n, err := m.r.Read(p)
	m.token += n
	m.total += n
	return n, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// metadata finds the title among the properties of an office file.
type metadata struct {
	*file
	inTitle bool
}

func (m *metadata) start(e xml.StartElement) bool {
	m.inTitle = e.Name.Local == "title"
	return true
}

func (m *metadata) end(string) { m.inTitle = false }

func (m *metadata) chars(s string) {
	if m.inTitle && len(m.metaTitle) < maxTitle {
		m.metaTitle += s
	}
}
