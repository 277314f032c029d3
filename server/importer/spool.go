package importer

import (
	"errors"
	"io"
	"os"

	"maillon/documents/vault"
	"maillon/qms/aside"
)

// Spooled is what was written, in a file that is gone once it is closed.
type Spooled struct {
	*os.File
	Size int64 // bytes
}

// Spool has a file written aside, so that an error is told before anything is sent and memory does not
// grow with it.
func Spool(write func(io.Writer) error) (*Spooled, error) {
	f, err := aside.File("registers")
	if err != nil {
		return nil, vault.WriteError(err)
	}
	os.Remove(f.Name()) // it goes when it is closed
	if err := write(f); err != nil {
		return nil, errors.Join(vault.WriteError(err), f.Close())
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Spooled{f, size}, nil
}
