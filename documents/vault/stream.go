package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"syscall"
)

// Copy streams src into dst in bounded memory and tells what passed. It stops when ctx ends. A
// write that fails for want of room is Full; a failure of src is returned wrapped.
func Copy(ctx context.Context, dst io.Writer, src io.Reader) (Info, error) {
	sum, buf := sha256.New(), make([]byte, 256<<10)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return Info{}, err
		}
		n, readErr := src.Read(buf)
		if n > 0 {
			sum.Write(buf[:n])
			if _, err := dst.Write(buf[:n]); err != nil {
				return Info{}, WriteError(err)
			}
			size += int64(n)
		}
		switch {
		case readErr == io.EOF:
			return Info{Digest: Digest(sum.Sum(nil)), Size: size}, nil
		case readErr != nil:
			return Info{}, fmt.Errorf("read the content: %w", readErr)
		}
	}
}

// WriteError is Full when the disk, the quota or the process may not hold more, and err otherwise.
func WriteError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return Full(err)
	}
	return err
}

// Verified hashes what is read from r and ends with ErrAltered instead of io.EOF unless it was d.
func Verified(r io.ReadCloser, d Digest) io.ReadCloser {
	return &verified{ReadCloser: r, want: d, sum: sha256.New()}
}

type verified struct {
	io.ReadCloser
	want Digest
	sum  hash.Hash
	err  error
}

func (v *verified) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	if err == io.EOF && Digest(v.sum.Sum(nil)) != v.want {
		err = fmt.Errorf("%w: %s", ErrAltered, v.want)
	}
	v.err = err
	return n, err
}
