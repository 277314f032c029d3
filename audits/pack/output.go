package pack

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"maillon/documents/rendition/typeface"
)

// settle composes until the number of pages is the one that the pages name.
func settle(w io.Writer, what string, compose func(total int) *paper) error {
	total := 0
	for range 3 { // the first time to count the pages
		p := compose(total)
		if total == p.PDF.PageNo() || p.PDF.Err() {
			return output(w, p, what)
		}
		total = p.PDF.PageNo()
	}
	return fmt.Errorf("print %s: %d pages do not settle", what, total)
}

// describe fills what a reader of PDF shows of a document. Dates are fixed, so that it is reproducible.
func describe(p *paper, title, platform string, madeAt time.Time) {
	p.PDF.SetTitle(typeface.Plain(title+", "+platform), true)
	p.PDF.SetAuthor(typeface.Plain(platform), true)
	p.PDF.SetCreator("Maillon", true)
	p.PDF.SetProducer("Maillon", true)
	p.PDF.SetCreationDate(madeAt.UTC())
	p.PDF.SetModificationDate(madeAt.UTC())
}

// output writes what was printed; nothing of it when anything went wrong.
func output(w io.Writer, p *paper, what string) error {
	if err := p.PDF.Error(); err != nil {
		return fmt.Errorf("print %s: %w", what, err)
	}
	var out bytes.Buffer
	if err := p.PDF.Output(&out); err != nil {
		return fmt.Errorf("print %s: %w", what, err)
	}
	_, err := out.WriteTo(w)
	return err
}
