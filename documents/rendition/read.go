package rendition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/metrics"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"maillon/qms"
)

// Bounds of reading, besides MaxStamped.
const (
	maxObjects  = 2_000_000
	maxInflated = 64 << 20        // bytes of one stream, inflated
	maxDepth    = 64              // of lists within lists
	maxReread   = 64              // times its size that the library may read of a file
	maxReading  = 2 * time.Minute // of one file
	maxMemory   = 512 << 20       // bytes that reading may take beside four times the size of the file
	watchEvery  = 20 * time.Millisecond
	readAtOnce  = 2 // files; the others wait
)

// Reasons why the library was stopped.
var (
	errSpent = errors.New("the bounds of reading are spent")
	errBent  = errors.New("the file does not say what it should")
)

var turns = make(chan struct{}, readAtOnce)

// open reads a PDF whole, within bounds of time and memory: whatever the library makes of a hostile
// file, it ends, and its panics end here.
func open(ctx context.Context, pdf io.ReadSeeker) (*book, error) {
	length, err := measured(pdf)
	if err != nil {
		return nil, err
	}
	select {
	case turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	bounded, stop := context.WithTimeoutCause(ctx, maxReading, errSpent)
	defer stop()
	bounded, spend := context.WithCancelCause(bounded)
	defer spend(nil)
	go watch(bounded, spend, maxMemory+4*uint64(length))

	type result struct {
		*book
		error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-turns }()
		b, err := parse(bounded, &guarded{pdf, bounded, maxReread*length + 64<<20})
		done <- result{b, err}
	}()
	select {
	case r := <-done:
		return r.book, refusal(ctx, bounded, r.error)
	case <-bounded.Done():
	}
	// The library is let go of: it ends at its next reading. Most often it has done so at once.
	select {
	case r := <-done:
		if r.error == nil {
			return r.book, nil
		}
	case <-time.After(time.Second):
	}
	return nil, refusal(ctx, bounded, bounded.Err())
}

// measured is the length of the PDF, which is neither nothing nor too much.
func measured(pdf io.Seeker) (int64, error) {
	length, err := pdf.Seek(0, io.SeekEnd)
	switch {
	case err != nil:
		return 0, fmt.Errorf("measure the PDF: %w", err)
	case length > MaxStamped:
		return 0, tooLarge(length, MaxStamped)
	case length == 0:
		return 0, qms.Invalid("rendition.damaged")
	}
	return length, nil
}

// watch ends the reading when the heap grows by more than that many bytes while it lasts.
func watch(ctx context.Context, spend context.CancelCauseFunc, bound uint64) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	before := heap[0].Value.Uint64()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if metrics.Read(heap); heap[0].Value.Uint64() > before+bound {
				spend(errSpent)
				return
			}
		}
	}
}

// refusal is the sentence for what ended the reading. What no rule foresaw is damage: the file, not
// the server, is wrong.
func refusal(ctx, bounded context.Context, err error) error {
	var refused *qms.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refused):
		return err
	case errors.Is(context.Cause(bounded), errSpent), errors.Is(err, errSpent),
		errors.Is(err, filter.ErrDecodeLimitExceeded), errors.Is(err, model.ErrMaxRecursionDepthExceeded):
		return wrapped("rendition.bomb", err)
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrPermissionDenied), errors.Is(err, pdfcpu.ErrEncrypted),
		errors.Is(err, pdfcpu.ErrUnsupportedEncryptionFeature), errors.Is(err, pdfcpu.ErrMalformedEncryption):
		return wrapped("rendition.encrypted", err)
	}
	return wrapped("rendition.damaged", err)
}

// late is the sentence for what the file turned out to be after it was read. Any other error is not
// the file's: a full disk, a fault of ours.
func late(ctx context.Context, err error) error {
	if errors.Is(err, errBent) || errors.Is(err, errSpent) {
		return refusal(ctx, ctx, err)
	}
	return err
}

// tooLarge says how large the file is and how large it may be, in megabytes.
func tooLarge(length, bound int64) error {
	return qms.Invalid("rendition.too_large", (length+999_999)/1_000_000, bound/1_000_000)
}

// wrapped keeps the cause in the chain, for the log.
func wrapped(key string, cause error) error {
	return fmt.Errorf("%w: %w", &qms.Error{Code: qms.CodeInvalid, Key: key}, cause)
}

func parse(ctx context.Context, pdf io.ReadSeeker) (b *book, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			if err, _ = broken.(error); err == nil {
				err = fmt.Errorf("%w: %v", errBent, broken)
			}
		}
	}()
	read, err := pdfcpu.ReadWithContext(ctx, pdf, &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: "\n", Offline: true,
		Limits: model.ResourceLimits{
			MaxStreamBytes: MaxStamped, MaxDecodeBytes: maxInflated, MaxImagePixels: 1 << 20, MaxImageBytes: 1 << 20,
			MaxObjectCount: maxObjects, MaxXRefEntries: maxObjects, MaxObjectStreamCount: maxObjects / 10,
			MaxObjectStreamFirst: 16 << 20, MaxRecursionDepth: maxDepth,
		},
	})
	if err != nil {
		return nil, err
	}
	if read.Encrypt != nil {
		return nil, qms.Invalid("rendition.encrypted")
	}
	return newBook(ctx, read, pdf)
}

// guarded ends the library's loops: it reads the file time and again, however it goes astray, so
// here is where time, and the sum of what it read, run out. It can only be stopped by a panic, which
// parse takes up.
type guarded struct {
	io.ReadSeeker
	ctx  context.Context
	left int64
}

func (g *guarded) Read(p []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		panic(err)
	}
	n, err := g.ReadSeeker.Read(p)
	if g.left -= int64(n); g.left < 0 {
		panic(errSpent)
	}
	return n, err
}

func (g *guarded) Seek(offset int64, whence int) (int64, error) {
	if err := g.ctx.Err(); err != nil {
		panic(err)
	}
	return g.ReadSeeker.Seek(offset, whence)
}
