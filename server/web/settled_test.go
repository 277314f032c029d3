package web

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"testing"

	"maillon/documents/vault"
	"maillon/qms"
)

type closed struct {
	io.Reader
	times int
}

func (c *closed) Close() error {
	c.times++
	return nil
}

func TestSettled_AnswersAnAlteredContentBeforeAnyOfItIsSent(t *testing.T) {
	t.Parallel()
	put := []byte("le contenu")
	read := func(kept []byte, size int64) (string, *closed, error) {
		from := &closed{Reader: bytes.NewReader(kept)}
		r, err := settled(vault.Verified(from, vault.Digest(sha256.Sum256(put))), size)
		if err != nil {
			return "", from, err
		}
		whole, err := io.ReadAll(r)
		return string(whole), from, err
	}
	if got, from, err := read(put, int64(len(put))); got != string(put) || err != nil || from.times != 1 {
		t.Errorf("as it was put: %q, %v, closed %d times", got, err, from.times)
	}
	if _, from, err := read([]byte("le contemu"), int64(len(put))); !errors.Is(err, qms.Conflict("content.altered")) || from.times != 1 {
		t.Errorf("altered: %v, closed %d times", err, from.times)
	}
	if _, from, err := read([]byte("le contemu"), settledBytes+1); !errors.Is(err, vault.ErrAltered) || errors.Is(err, qms.Conflict("content.altered")) || from.times != 0 {
		t.Errorf("altered and long: %v", err)
	}
}
