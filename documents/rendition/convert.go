package rendition

import (
	"context"
	"io"
	"os"
)

// Converter makes a PDF of an office file. It may be called from many goroutines; it makes its own queue.
type Converter interface {
	// Takes reports whether a file of that name can be converted here.
	Takes(name string) bool

	// Convert reads in to its end and writes the PDF into to, from its beginning. Refusals are
	// errors of qms with keys "rendition.*"; nothing of the file is ever run.
	Convert(ctx context.Context, name string, in io.Reader, to *os.File) error
}
