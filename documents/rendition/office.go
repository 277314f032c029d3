package rendition

import (
	"context"
	"io"
	"os"
	"time"

	"maillon/qms"
)

// Options of an Office; a zero field takes its default.
type Options struct {
	Binary      string        // path of soffice
	Timeout     time.Duration // of one conversion; 2 minutes
	MemoryBytes int64         // address space of the whole worker; 4 GiB
	OutputBytes int64         // of the PDF; MaxStamped
	InputBytes  int64         // of the file; 200 MiB
	TempDir     string        // os.TempDir() when empty
}

// Office converts with LibreOffice, one file at a time.
type Office struct{ options Options }

// FindOffice is the path of LibreOffice on this machine, if there is one.
func FindOffice() (path string, ok bool) { return "", false }

// NewOffice is a converter that runs the binary.
func NewOffice(o Options) (*Office, error) { return &Office{o}, nil }

// Takes implements Converter.
func (o *Office) Takes(name string) bool { return false }

// Convert implements Converter.
func (o *Office) Convert(ctx context.Context, name string, in io.Reader, to *os.File) error {
	return qms.Busy("rendition.not_yet")
}
