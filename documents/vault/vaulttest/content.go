package vaulttest

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math/rand/v2"

	"maillon/documents/vault"
)

// content is size bytes that depend on seed alone and do not compress; memory does not hold them.
func content(seed, size int64) io.Reader {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], uint64(seed))
	return io.LimitReader(rand.NewChaCha8(key), size)
}

func digestOf(r io.Reader) vault.Digest {
	sum := sha256.New()
	io.Copy(sum, r) // neither side fails
	return vault.Digest(sum.Sum(nil))
}

// failing is an input that breaks off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// calling is an empty input that does something when its turn comes.
type calling struct{ do func() }

func (c calling) Read([]byte) (int, error) {
	c.do()
	return 0, io.EOF
}
