package audits

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// calledIn is what people call a file by in any language: the document and version, or the record, and its name.
func calledIn(f pack.File) string {
	of := f.Record
	if f.Code != "" {
		of = f.Code + " " + f.Version
	}
	return strings.TrimSpace(of + " (" + f.Name + ")")
}

// opener opens a content of the vault for a pack. Where the vault does not give it as it was put, the pack
// fails with a sentence that names the file.
func (s *Service) opener(d vault.Digest, name string) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		r, err := s.vault.Open(ctx, d)
		if err != nil {
			return nil, s.ungiven(ctx, err, d, name)
		}
		return &packContent{ReadCloser: r, fault: func(err error) error { return s.ungiven(ctx, err, d, name) }}, nil
	}
}

// packContent is a content on its way into a pack.
type packContent struct {
	io.ReadCloser
	fault func(error) error
}

func (c *packContent) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = c.fault(err)
	}
	return n, err
}

// ungiven says what is wrong with a content, and writes to the log which it is.
func (s *Service) ungiven(ctx context.Context, err error, d vault.Digest, name string) error {
	if ctx.Err() != nil {
		return err
	}
	var said *qms.Error
	switch {
	case errors.Is(err, vault.ErrAltered):
		said = qms.Conflict("pack.content_altered", name)
	case qms.CodeOf(err) == qms.CodeNotFound:
		said = qms.Conflict("pack.content_missing", name)
	case qms.CodeOf(err) == qms.CodeBusy:
		said = qms.Conflict("pack.content_unreachable", name)
	default:
		said = qms.Conflict("pack.content_unreadable", name)
	}
	s.log.ErrorContext(ctx, "the vault does not give a file for a pack", slog.String("file", name), slog.String("content", d.String()), slog.Any("error", err))
	return fmt.Errorf("%w: %w", said, err)
}

// DoubtedAt is when a pack failed last because of a content that the vault has lost or altered; zero when
// none ever did. Everything is then to be looked at, and whoever may mend it told.
func DoubtedAt(ctx context.Context, r store.Reader) (time.Time, error) {
	failed, err := packDoubted(ctx, r)
	if err != nil || failed == nil {
		return time.Time{}, err
	}
	return failed.EndedAt, nil
}
