package importer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes words comparable: small letters, no accents, single plain spaces.
func fold(s string) string {
	s = clean(s)
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < 0x80
	}
	if plain {
		return strings.ToLower(s)
	}
	s = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "’", "'", "°", "o").Replace(s)
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s)))
}

// small are words that headings may or may not have.
var small = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "a": true,
	"of": true, "the": true, "en": true, "ou": true,
}

// alike are the ways to write one word of a heading.
var alike = map[string]string{
	"numero": "no", "number": "no", "num": "no", "nr": "no", "n": "no", "nos": "no",
	"reference": "no", "ref": "no", "mail": "email", "courriel": "email", "mel": "email",
}

// spellings are ways to write one word that cutting at the marks would take apart.
var spellings = strings.NewReplacer("e-mail", "email", "h.t.", "ht", "h.t", "ht", "hors taxes", "ht", "hors taxe", "ht")

// words is a heading reduced to what tells it from others, without what stands in brackets.
func words(heading string) string {
	s, _ := withoutUnit(fold(heading))
	s = spellings.Replace(s)
	parts := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	kept := parts[:0]
	for _, p := range parts {
		if small[p] {
			continue
		}
		if other, ok := alike[p]; ok {
			p = other
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, " ")
}

// withoutUnit cuts the brackets off a folded heading: "duree (h)" is "duree" and "h".
func withoutUnit(heading string) (string, string) {
	open := strings.IndexAny(heading, "([")
	if open < 0 {
		return heading, ""
	}
	unit := heading[open+1:]
	rest := ""
	if end := strings.IndexAny(unit, ")]"); end >= 0 {
		unit, rest = unit[:end], unit[end+1:]
	}
	return heading[:open] + " " + rest, strings.TrimSpace(unit)
}

// likeness is how many of the words of the heading and of the nearest one that is known for the column
// are in both, between 0 and 1.
func (c column) likeness(heading string) float64 {
	best := 0.0
	for _, names := range [][]string{c.Headings, c.Weak} {
		for _, name := range names {
			best = max(best, sharedWords(heading, name))
		}
	}
	return best
}

func sharedWords(a, b string) float64 {
	these, those := strings.Fields(a), strings.Fields(b)
	if len(these) == 0 || len(those) == 0 {
		return 0
	}
	shared := 0
	for _, word := range these {
		if len(word) > 2 && slices.Contains(those, word) {
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(these)+len(those))
}
