package documents

import (
	"context"
	"sync"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// memory remembers answers while nothing was written since: neither the platform's trail nor the site's
// has grown, and every write lengthens one of them in its own transaction.
type memory[T any] struct {
	mu   sync.Mutex
	kept map[string]remembered[T]
}

// remembered is an answer and how long the trails were when it was made.
type remembered[T any] struct {
	answer  T
	written int64
}

// answersKept bounds what a memory holds; beyond it, all is forgotten and asked for again.
const answersKept = 256

// writtenOn is how long the trails are. They are read before the question is asked, so that what is
// remembered is never older than they say.
func writtenOn(ctx context.Context, r store.Reader, platform qms.ID) (int64, error) {
	return store.Written(ctx, r, trail.LogOf(platform), trail.SiteLog)
}

// of is the answer to the question: the one remembered when it was given at the same length of the
// trails, else a new one.
func (m *memory[T]) of(question string, written int64, ask func() (T, error)) (T, error) {
	if found, ok := m.get(question, written); ok {
		return found, nil
	}
	found, err := ask()
	if err == nil {
		m.put(question, remembered[T]{found, written})
	}
	return found, err
}

func (m *memory[T]) get(question string, written int64) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok := m.kept[question]
	return found.answer, ok && found.written == written
}

func (m *memory[T]) put(question string, found remembered[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= answersKept {
		m.kept = map[string]remembered[T]{}
	}
	m.kept[question] = found
}
