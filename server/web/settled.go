package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"maillon/documents/vault"
	"maillon/qms"
)

// settledBytes is how much of a content is read before any of it is sent: nearly every document is shorter.
const settledBytes = 8 << 20

// settled reads a content to its end before it is handed over, so that one which was altered is answered with
// a sentence. A long one is streamed: there the transfer breaks off before its last byte.
func settled(r io.ReadCloser, size int64) (io.ReadCloser, error) {
	if size > settledBytes {
		return r, nil
	}
	whole, err := io.ReadAll(r)
	err = errors.Join(err, r.Close())
	if errors.Is(err, vault.ErrAltered) {
		return nil, fmt.Errorf("%w: %w", qms.Conflict("content.altered"), err)
	}
	return io.NopCloser(bytes.NewReader(whole)), err
}
