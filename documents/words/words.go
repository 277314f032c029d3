package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version names what this analyser makes of a text. An index made by another one is made anew.
const Version = "2"

// maxForm is how much of a word counts, in bytes.
const maxForm = 48

// maxKnown is how many words an analyser remembers from text to text; of one text it knows as many more,
// which is more than a set holds.
const maxKnown = 100_000

// Word is one word of a text.
type Word struct {
	Start, End int // bytes of the text
	*Lemma
}

// Lemma is what a word is for a search.
type Lemma struct {
	Form    string   // lower-case, without accents; never empty
	french  []string // its stems, with and without regard to accents; none for what is no word, a number
	english string
	little  language // in which it is a little word: the, de
}

// Little reports whether the word is one of those that every text has: de, the, et.
func (l *Lemma) Little() bool { return l.little != 0 }

// Meets reports whether the two are forms of one word, in French or in English.
func (l *Lemma) Meets(other *Lemma) bool {
	if l.Form == other.Form || l.english != "" && l.english == other.english {
		return true
	}
	for _, a := range l.french {
		for _, b := range other.french {
			if a == b {
				return true
			}
		}
	}
	return false
}

// Analyser reads texts, and remembers the words it met. It serves one goroutine.
type Analyser struct {
	known   map[string]*Lemma
	stemmer stemmer
}

// New makes an analyser.
func New() *Analyser { return &Analyser{known: map[string]*Lemma{}, stemmer: newStemmer()} }

// Each hands over the words of a text from its beginning, until f has enough.
func (a *Analyser) Each(text string, f func(Word) bool) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			i += size
			continue
		}
		start := i
		for i < len(text) {
			r, size = utf8.DecodeRuneInString(text[i:])
			if !inWord(r) && (r < utf8.RuneSelf || !unicode.Is(unicode.Mn, r)) {
				break
			}
			i += size
		}
		if l := a.Lemma(text[start:i]); l != nil && !f(Word{start, i, l}) {
			return
		}
	}
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Lemma is what a written word is for a search; nil when nothing of it counts.
func (a *Analyser) Lemma(written string) *Lemma {
	written = cut(written)
	if l, known := a.known[written]; known {
		return l
	}
	l := a.lemma(written)
	if len(a.known) < 2*maxKnown {
		a.known[strings.Clone(written)] = l
	}
	return l
}

// forget makes room between two texts: within one a word keeps its lemma.
func (a *Analyser) forget() {
	if len(a.known) > maxKnown {
		clear(a.known)
	}
}

func (a *Analyser) lemma(written string) *Lemma {
	accented := strings.ToLower(norm.NFC.String(ligatures.Replace(written)))
	l := &Lemma{Form: Fold(accented)}
	if l.Form == "" {
		return nil
	}
	l.little = littleWords[l.Form]
	if strings.ContainsFunc(l.Form, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return l
	}
	l.french = []string{Fold(a.stemmer.french(accented))}
	if plain := a.stemmer.french(l.Form); plain != l.french[0] {
		l.french = append(l.french, plain)
	}
	l.english = a.stemmer.english(l.Form)
	return l
}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ẞ", "SS")

// cut is the part of a word that counts.
func cut(word string) string {
	if len(word) <= maxForm {
		return word
	}
	end := maxForm
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

// Fold is s in lower case without accents, and without anything but letters and digits.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); !inWord(r) {
			return -1
		}
		return r
	}, ligatures.Replace(norm.NFKD.String(strings.ToLower(s))))
}
