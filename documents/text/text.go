// Package text takes the words out of the files that people write.
package text

import (
	"context"
	"io"
)

// Format names the kind of a file by the extension it is known by.
type Format string

// Text is what a file says.
type Text struct {
	Title     string // the document's own first heading, else its metadata's title, else empty
	Body      string // paragraphs and list items end with a newline, table cells with a tab
	Format    Format
	Pages     int  // as the file states them; 0 when the format has none
	Truncated bool // the body was cut at MaxBody bytes, or a bound on pages or time was met
}

// Extract reads the text of a file.
func Extract(ctx context.Context, name string, r io.ReaderAt, size int64) (Text, error) {
	return extract(ctx, name, r, size)
}
