package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
)

// source is an entry and where its content comes from. It is opened twice: to take its digest, which
// the headers and the manifest need first, and to be written.
type source struct {
	entry
	digest [sha256.Size]byte
	known  *Measured
	line   fileLine
	open   Opener
}

func inMemory(name string, data []byte) source {
	return source{entry: entry{name: name}, line: fileLine{Name: name},
		open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// measure reads the content once: size, checksum, digest. A digest stated beforehand must be right.
func (s *source) measure(ctx context.Context) error {
	if s.known == nil {
		r, err := s.open(ctx)
		if err != nil {
			return fmt.Errorf("open %s: %w", s.name, err)
		}
		defer r.Close()
		meter := NewMeter()
		if _, err = io.Copy(meter, reader{ctx, r}); err != nil {
			return fmt.Errorf("read %s: %w", s.name, err)
		}
		s.known = meter.Measured()
	}
	if s.digest != ([sha256.Size]byte{}) && s.digest != s.known.SHA256 {
		return fmt.Errorf("read %s: the content is not the one of its digest", s.name)
	}
	s.size, s.crc, s.digest = s.known.Size, s.known.CRC, s.known.SHA256
	s.line.Size, s.line.SHA256 = s.size, hex.EncodeToString(s.digest[:])
	return nil
}

// reader ends when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// copyTo writes the content again, which must not have changed since it was measured.
func (s *source) copyTo(ctx context.Context, w io.Writer) error {
	r, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", s.name, err)
	}
	defer r.Close()
	crc := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, crc), reader{ctx, r})
	if err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	if n != s.size || crc.Sum32() != s.crc {
		return fmt.Errorf("write %s: the content changed meanwhile", s.name)
	}
	return nil
}
