package scheduler

import (
	"hash/maphash"
	"sync"
	"time"
)

// guesses slows down who tries secrets: each address may be told so often at once that a secret is wrong,
// and then once every interval; a right one is not asked to wait. It is kept in memory, in as many cells as it was made with: two addresses may share one.
// The lock is the length of a secret; this is the brake.
type guesses struct {
	seed  maphash.Seed
	mu    sync.Mutex
	cells [4096]time.Time // when each will have paid for its wrong ones
}

const (
	guessEvery = 30 * time.Second
	guessBurst = 20 * guessEvery // how far ahead of now a cell may run
)

func newGuesses() *guesses { return &guesses{seed: maphash.MakeSeed()} }

func (g *guesses) cell(address string) *time.Time {
	return &g.cells[maphash.String(g.seed, address)%uint64(len(g.cells))]
}

// wait is how long the address is told nothing of a wrong secret.
func (g *guesses) wait(address string, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	ahead := g.cell(address).Sub(now)
	if ahead <= guessBurst || ahead > guessBurst+guessEvery { // or the clock went back
		return 0
	}
	return ahead - guessBurst
}

// wrong notes a wrong guess.
func (g *guesses) wrong(address string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.cell(address)
	if c.Before(now) || c.Sub(now) > guessBurst+guessEvery {
		*c = now
	}
	*c = c.Add(guessEvery)
}
