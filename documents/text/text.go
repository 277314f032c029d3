// Package text takes the words out of the files that people write: PDF, DOCX, ODT, XLSX, ODS, PPTX,
// ODP, HTML, Markdown and plain text.
//
// What a document says is what its links, its title and the search are made from. So boundaries are
// kept: a paragraph, a list item and a table row end with a newline, cells are set apart by tabs;
// and a word that an editor broke over several runs comes out whole.
//
// Files come from anybody. Name and content must agree; what is empty, encrypted, damaged or made
// to swell is refused with a sentence for the person who brought it. Every step is bounded in
// memory and in time whatever the file claims of itself. Macros, scripts and fields are never run.
//
// All is done in Go, so that a text does not depend on what else the machine has installed.
package text

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"maillon/qms"
)

// Bounds of an extraction. What goes beyond the first three, or beyond patience, is cut and marked as
// Truncated.
const (
	MaxBody   = 4 << 20   // bytes of text, some two thousand pages
	maxTitle  = 300       // bytes
	maxPages  = 5000      // pages of a PDF, slides
	maxDepth  = 1000      // of nested elements
	maxToken  = 8 << 20   // bytes of one piece of markup or of one string
	maxPart   = 512 << 20 // bytes of one inflated part that is read
	maxStream = 32 << 20  // bytes of one inflated page of a PDF
)

// patience is how long one file may take. Tests, on machines that do much else, wait longer.
var patience = 30 * time.Second

// Text is what a file says.
type Text struct {
	Title     string // the document's own first heading, else its metadata's title, else empty
	Body      string // UTF-8; paragraphs end with a newline, cells are set apart by tabs
	Format    Format
	Pages     int  // pages or slides, 0 where the format has none
	Truncated bool // a bound was met: the body is the beginning of what the file says
}

// Extract reads the text of a file; the extension of name says what it ought to be. It refuses, as
// qms.Invalid: file.unsupported, file.empty, file.mislabelled (name, expected, found),
// file.encrypted, file.damaged, file.bomb. A file without words, such as a scan, has an empty Body.
func Extract(ctx context.Context, name string, r io.ReaderAt, size int64) (Text, error) {
	format, err := formatOf(name)
	if err != nil {
		return Text{}, err
	}
	if size == 0 {
		return Text{}, qms.Invalid("file.empty", name)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f := &file{late: func() bool { return limited.Err() != nil }, name: name, format: format, r: r, size: size}
	err = f.extract()
	switch {
	case ctx.Err() != nil:
		return Text{}, ctx.Err()
	case errors.Is(err, errStop) || f.late():
		f.truncated = true
	case err != nil:
		return Text{}, f.refusal(err)
	}
	return f.text(), nil
}

// file is one extraction: the file, and what was found in it so far.
type file struct {
	late   func() bool // the caller's context has ended, or our patience has
	name   string
	format Format
	r      io.ReaderAt
	size   int64

	body
	metaTitle string
	pages     int
	truncated bool
}

// extract checks the label and reads, whatever the libraries below do with a hostile file.
func (f *file) extract() (err error) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case p == errBomb, p == errStop && f.late():
			err = p.(error)
		default:
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	if err := f.checkLabel(); err != nil {
		return err
	}
	return formats[f.format].read(f)
}

func (f *file) text() Text {
	title := f.title()
	if title == "" {
		title = oneLine(f.metaTitle)
	}
	return Text{
		Title: title, Body: f.String(), Format: f.format, Pages: f.pages,
		Truncated: f.truncated || f.full,
	}
}

// goOn is errStop once there is nothing more to gain: the body is full or time is up.
func (f *file) goOn() error {
	if f.full || f.late() {
		return errStop
	}
	return nil
}
