package pack

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
)

// textOf is the text of a PDF without its spaces, read by another library than the one that wrote it.
func textOf(t *testing.T, data []byte) string {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range r.NumPage() {
		for _, word := range r.Page(n + 1).Content().Text {
			b.WriteString(word.S)
		}
	}
	return squeeze(b.String())
}
