package qms

import (
	"strings"
	"unicode"
)

// Alike reports whether two texts are the same but for spaces and marks that nobody sees, which
// spreadsheets do not keep: a register that was written out and read back states nothing new.
func Alike(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	return a == b || seen(a) == seen(b)
}

// seen is what is seen of a text: its marks without spaces, with one kind of hyphen.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u180e', r == unicode.ReplacementChar:
			return -1
		case unicode.Is(unicode.Pd, r), r == '\u2212':
			return '-'
		}
		return r
	}, s)
}
