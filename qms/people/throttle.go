package people

import (
	"sync"
	"time"

	"maillon/qms"
)

// throttle slows guessing down: so many wrong attempts within a sliding window for one key. It is
// kept in memory, so a restart forgets it and replicas count for themselves; it is a brake, while
// the passwords and their hashes are the lock.
type throttle struct {
	mu       sync.Mutex
	attempts map[string][]time.Time
}

const (
	window      = time.Minute
	perAccount  = 5  // wrong attempts at one account from one address
	perAddress  = 40 // wrong attempts from one address at any account
	maxThrottle = 100_000
)

func newThrottle() *throttle { return &throttle{attempts: map[string][]time.Time{}} }

// begin notes an attempt under the key and says how many are left after it. When none was left it
// refuses and says from when on the next is heard.
func (t *throttle) begin(key string, limit int, now time.Time) (left int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.attempts) >= maxThrottle {
		t.sweep(now)
	}
	recent := since(t.attempts[key], now.Add(-window))
	if len(recent) >= limit {
		t.attempts[key] = recent
		again := recent[len(recent)-limit].Add(window)
		return 0, qms.Busy("signin.too_many", again.Sub(now).Truncate(time.Second)+time.Second)
	}
	if len(t.attempts) >= maxThrottle {
		return 0, qms.Busy("signin.busy")
	}
	t.attempts[key] = append(recent, now)
	return limit - len(recent) - 1, nil
}

// forgive takes the attempts under the key back: it was the right person.
func (t *throttle) forgive(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.attempts, key)
}

// takeBack takes one attempt under the key back and leaves the others.
func (t *throttle) takeBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.attempts[key]); n > 0 {
		t.attempts[key] = t.attempts[key][:n-1]
	}
}

func (t *throttle) sweep(now time.Time) {
	for key, at := range t.attempts {
		if len(since(at, now.Add(-window))) == 0 {
			delete(t.attempts, key)
		}
	}
}

func since(at []time.Time, from time.Time) []time.Time {
	for len(at) > 0 && !at[0].After(from) {
		at = at[1:]
	}
	return at
}
