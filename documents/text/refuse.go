package text

import (
	"archive/zip"
	"errors"

	"maillon/qms"
)

// Reasons for a refusal inside the package; refusal turns them into sentences.
var (
	errStop      = errors.New("a bound was met") // no refusal: what was read counts
	errDamaged   = errors.New("damaged")
	errEncrypted = errors.New("encrypted")
	errBomb      = errors.New("bomb")
)

// refusal is the sentence for err. What no rule foresaw is damage: the file, not the server, is wrong.
func (f *file) refusal(err error) error {
	var refused *qms.Error
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.Is(err, errEncrypted):
		return qms.Invalid("file.encrypted", f.name)
	case errors.Is(err, errBomb):
		return qms.Invalid("file.bomb", f.name)
	case errors.Is(err, errDamaged), errors.Is(err, zip.ErrFormat):
		return qms.Invalid("file.damaged", f.name)
	}
	return qms.Invalid("file.damaged", f.name)
}
