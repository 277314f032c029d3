package qms

import "testing"

func TestAlike_PassesOverWhatNobodySees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a b", "a\u00a0b", true}, {" a\nb ", "a b", true}, {"DEM - 1", "DEM\u20111", true}, {"a\u200bb", "ab", true},
		{"a", "", false}, {"", "", true}, {"a", "A", false}, {"007", "7", false},
	} {
		if got := Alike(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
