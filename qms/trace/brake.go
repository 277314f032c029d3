package trace

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"maillon/qms"
)

// brake lets each key act so often: burst times at once, then once every interval. Its cells are as
// many as it was made with, whoever asks: two keys may share one, which makes it brake a little
// earlier and never later. It is kept in memory: a restart forgets it and replicas count for
// themselves, which the bounds in the database do not.
type brake struct {
	interval time.Duration
	burst    time.Duration // how far ahead of now a cell may run
	seed     maphash.Seed  // so that nobody can choose whom to share a cell with
	mu       sync.Mutex
	cells    []time.Time // when each cell will have paid for what it let through
}

func newBrake(cells, burst int, interval time.Duration) *brake {
	return &brake{interval: interval, burst: interval * time.Duration(burst-1), seed: maphash.MakeSeed(), cells: make([]time.Time, cells)}
}

// take lets the key act now, or says how long it has to wait.
func (b *brake) take(key string, now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	cell := &b.cells[maphash.String(b.seed, key)%uint64(len(b.cells))]
	due := *cell
	if due.Before(now) || due.Sub(now) > b.burst+b.interval { // a clock that went back does not brake for long
		due = now
	}
	if ahead := due.Sub(now); ahead > b.burst {
		return ahead - b.burst, false
	}
	*cell = due.Add(b.interval)
	return 0, true
}

// brakes are those of the public form: of each address it is sent from, and of each platform.
type brakes struct{ address, platform *brake }

func newBrakes() *brakes {
	return &brakes{address: newBrake(4096, 10, 2*time.Minute), platform: newBrake(1024, 30, time.Minute)}
}

// Knock counts one sending of the public form from an address, before anything of it is read. One
// address sends ten times at once, then every two minutes.
func (s *Service) Knock(address string, now time.Time) error {
	if wait, ok := s.brakes.address.take(neighbours(address), now); !ok {
		return tooMany(wait)
	}
	return nil
}

func tooMany(wait time.Duration) error {
	return qms.Busy("submission.too_many", wait.Truncate(time.Second)+time.Second)
}

// neighbours is the address as one line is known by: all of a network of version 6 that a provider
// hands to one customer count as one.
func neighbours(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || !ip.Is6() || ip.Is4In6() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
