package documents

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is one word of a text: a run of letters and digits. Its key is its folded letters, and gap
// what stands in front of it as comparisons see it: spaces, dashes, quotes and emphasis are nothing,
// other punctuation is itself, so that a title is not put together out of two sentences.
type span struct {
	start, end int // bytes of the text
	key        string
	gap        string
	between    separation
}

// separation is how a word is set off from the one before, as codes see it.
type separation byte

const (
	apart   separation = iota // a line end, punctuation, several spaces, or nothing before
	spaced                    // one space
	dashed                    // one dash, underscore or dot, a line end after it allowed
	slashed                   // anything else without a space
)

// wordsOf cuts a text into its words.
func wordsOf(text string) []span {
	words := make([]span, 0, len(text)/6)
	keys := make([]byte, 0, len(text))
	ends := make([]int, 0, len(text)/6)
	last := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) {
			i += size
			continue
		}
		start := i
		for i < len(text) {
			r, size = utf8.DecodeRuneInString(text[i:])
			if !isWord(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			keys = appendFolded(keys, r)
			i += size
		}
		gap := text[last:start]
		words = append(words, span{start: start, end: i, gap: hard(gap), between: separate(gap, last == 0)})
		ends = append(ends, len(keys))
		last = i
	}
	all, from := string(keys), 0 // one string for all keys
	for i, end := range ends {
		words[i].key, from = all[from:end], end
	}
	return words
}

func appendFolded(keys []byte, r rune) []byte {
	switch {
	case r >= 'A' && r <= 'Z':
		return append(keys, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return append(keys, byte(r))
	}
	return append(keys, foldRune(r)...)
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// hard is what of a gap a comparison of titles sees.
func hard(gap string) string {
	if gap == " " || gap == "-" || gap == "" {
		return ""
	}
	if strings.Count(gap, "\n") > 1 {
		return "\n"
	}
	var b strings.Builder
	for _, r := range gap {
		if r == '\t' || !unicode.IsSpace(r) && !isDash(r) && !strings.ContainsRune("'’‘ʼ\"“”„«»*_`~\\", r) && unicode.IsGraphic(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func separate(gap string, first bool) separation {
	if first && gap == "" {
		return apart
	}
	r, size := utf8.DecodeRuneInString(gap)
	rest := gap[size:]
	switch {
	case gap == " " || gap == "\u00A0" || gap == "\u202F":
		return spaced
	case (isDash(r) || r == '_' || r == '.') && strings.TrimLeft(rest, " \r\n") == "" && strings.Count(rest, "\n") < 2 && (rest == "" || strings.Contains(rest, "\n") && isDash(r)):
		return dashed
	case strings.ContainsFunc(gap, unicode.IsSpace):
		return apart
	}
	return slashed
}

// titleWords are the words of a title, quotes and punctuation at its ends aside.
func titleWords(title string) []span { return wordsOf(strings.Join(strings.Fields(title), " ")) }

// withoutColons is a title as people quote it who leave out its colons: "Checklist: Supplier" as
// "Checklist Supplier". A colon of the text that the title does not have still parts two sentences.
func withoutColons(title []span) (quoted []span, differs bool) {
	quoted = slices.Clone(title)
	for i := range quoted {
		if quoted[i].gap == ":" {
			quoted[i].gap, differs = "", true
		}
	}
	return quoted, differs
}

// withoutBrackets is a title as people quote it who leave out the abbreviation or the remark in
// brackets at its end, "" for a title without one or of which a single word would remain.
func withoutBrackets(title string) string {
	title = strings.TrimSpace(title)
	open := strings.LastIndexByte(title, '(')
	if open < 0 || !strings.HasSuffix(title, ")") {
		return ""
	}
	short := strings.TrimSpace(title[:open])
	if len(titleWords(short)) < 2 {
		return ""
	}
	return short
}

// keyOf is the path of words in the trie: what is compared, in one string.
func keyOf(words []span) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(w.gap)
		}
		b.WriteString(w.key)
	}
	return b.String()
}
