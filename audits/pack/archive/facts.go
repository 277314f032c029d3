package archive

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"maillon/qms/aside"
	"maillon/qms/trail"
)

// Facts are the proofs of an archive, drawn into a temporary file: the trail is not needed any more.
type Facts struct {
	file  string
	count int64
}

// Spool draws facts into a temporary file, one a line, which Close removes; nothing else of unbounded
// size is kept. The facts may come from a transaction that ends before Write is called.
func Spool(ctx context.Context, facts iter.Seq2[trail.FactProof, error], progress Progress) (*Facts, error) {
	spool, err := aside.File("facts")
	if err != nil {
		return nil, fmt.Errorf("spool facts: %w", err)
	}
	f := &Facts{file: spool.Name()}
	buffered := bufio.NewWriter(spool)
	f.count, err = writeFacts(ctx, buffered, facts, progress.OrNone())
	if err = errors.Join(err, buffered.Flush(), spool.Close()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close removes the temporary file.
func (f *Facts) Close() error { return os.Remove(f.file) }

// Count is how many facts there are.
func (f *Facts) Count() int64 { return f.count }

// writeFacts writes one fact a line and counts them.
func writeFacts(ctx context.Context, w io.Writer, facts iter.Seq2[trail.FactProof, error], progress Progress) (int64, error) {
	count := int64(0)
	if facts == nil {
		return 0, nil
	}
	for fact, err := range facts {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, fmt.Errorf("prove facts: %w", err)
		}
		line, err := json.Marshal(fact)
		if err != nil {
			return 0, fmt.Errorf("write fact %d: %w", count+1, err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return 0, fmt.Errorf("spool facts: %w", err)
		}
		if count++; count%100 == 0 {
			progress(StepFacts, int(count), 0)
		}
	}
	return count, nil
}
