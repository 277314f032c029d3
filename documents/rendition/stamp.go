package rendition

import (
	"context"
	"io"

	"maillon/qms"
)

// Made says what was written.
type Made struct {
	Pages  int   // of the whole rendition
	Covers int   // of these, pages of the cover
	Size   int64 // bytes
}

// Bounds of what is stamped. What is larger can still be enclosed.
const (
	MaxStamped = 200 << 20 // bytes of a PDF
	MaxPages   = 5_000
)

// ErrTooLarge matches (errors.Is) the refusal of a file above the bounds: enclose it instead.
var ErrTooLarge = qms.Invalid("rendition.too_large")

// Stamp writes to out the PDF with the cover in front and, on every page, header, footer and the
// mark if there is one. Nothing is written to out before pdf was read whole. Every refusal is an
// error of qms with a key "rendition.*".
func Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c Cover, m Mark) (Made, error) {
	return Made{}, qms.Busy("rendition.not_yet")
}

// Enclose writes to out the cover, which says that the original is attached, and the original as an
// embedded file. The original is streamed, whatever its format and size.
func Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c Cover, m Mark) (Made, error) {
	return Made{}, qms.Busy("rendition.not_yet")
}
