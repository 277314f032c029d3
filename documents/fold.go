package documents

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldRune is r as comparisons see it: lower-case ASCII where it has such a form, without accents;
// "" for what comparisons do not see, a combining accent for example.
func foldRune(r rune) string {
	switch {
	case r < unicode.MaxASCII:
		return string(unicode.ToLower(r))
	case r == 'œ' || r == 'Œ':
		return "oe"
	case r == 'æ' || r == 'Æ':
		return "ae"
	case r == 'ß' || r == 'ẞ':
		return "ss"
	case unicode.Is(unicode.Mn, r):
		return ""
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
	return b.String()
}

// fold is s for searching and sorting: lower case without accents, one space between words.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		b.WriteString(foldRune(plainDash(r)))
	}
	return b.String()
}

// isDash reports whether r is one of the dashes that people and word processors write.
func isDash(r rune) bool {
	return r == '-' || r == '\u2212' || r == '\u00AD' || r >= '\u2010' && r <= '\u2015' || r == '\uFE58' || r == '\uFE63' || r == '\uFF0D'
}

// plainDash is the ASCII dash for any dash, and r otherwise.
func plainDash(r rune) rune {
	if isDash(r) {
		return '-'
	}
	return r
}

// printable drops what PostgreSQL cannot keep in a text: zero bytes and broken UTF-8.
func printable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// tidy is what a person typed, without spaces around and without what cannot be kept.
func tidy(s string) string { return strings.TrimSpace(printable(s)) }
