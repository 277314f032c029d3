package integrity

import "testing"

// SetNamingsAtOnce makes the look go in smaller steps for one test.
func SetNamingsAtOnce(t *testing.T, n int64) {
	before := namingsAtOnce
	namingsAtOnce = n
	t.Cleanup(func() { namingsAtOnce = before })
}
