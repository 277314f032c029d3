package web

import (
	"strings"
	"testing"
)

func TestBreakable_BreaksOnlyVeryLongWordsAndEscapesAll(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 45)
	for in, want := range map[string]string{
		"":                              "",
		"Imagerie <b>de</b> coupes":     "Imagerie &lt;b&gt;de&lt;/b&gt; coupes",
		"anticonstitutionnellement un ": "anticonstitutionnellement un ",
		"a " + long + " b":              "a " + long[:24] + "<wbr>" + long[:24] + "<wbr>" + long[:42] + " b",
		strings.Repeat("<", 40):         strings.Repeat("&lt;", 12) + "<wbr>" + strings.Repeat("&lt;", 28),
	} {
		if got := string(breakable(in)); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
