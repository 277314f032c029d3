package qms

import "time"

// Clock tells the present. It is handed in, so that six years can be replayed in a second.
type Clock func() time.Time

// SystemClock is the machine's clock in UTC, to the microsecond that both databases keep.
func SystemClock() time.Time { return Instant(time.Now()) }

// Instant is t as Maillon notes instants: UTC, whole microseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// FixedClock always tells t.
func FixedClock(t time.Time) Clock {
	t = Instant(t)
	return func() time.Time { return t }
}
