package words

import (
	"strings"
	"unicode/utf8"
)

// The bounds of a question; what is beyond them is not asked.
const (
	maxTyped = 500 // bytes
	maxAsked = 16  // words
)

// minPrefix is how many letters the last word needs to be taken as the beginning of one.
const minPrefix = 2

// Question is what somebody typed, read: words that must all be there, phrases whose words must
// follow each other, and words that must not be there. Nothing that can be typed is refused.
type Question struct {
	asked   []Term   // all of them, those of phrases too
	phrases [][]Term // whose words follow each other
	without []Term
}

// Term is one word asked for.
type Term struct {
	*Lemma
	Prefix bool // the beginning of a word does as well: it is still being typed
}

// Meets reports whether the word of a text is one asked for.
func (t Term) Meets(l *Lemma) bool {
	return t.Lemma.Meets(l) || t.Prefix && strings.HasPrefix(l.Form, t.Form)
}

// Ask reads what was typed. Words between quotes are a phrase, and so are the parts of a code; a minus
// before a word means without it. The last word may be a beginning, unless something follows it.
// Little words are only asked for in phrases, or where there is nothing else.
func (a *Analyser) Ask(typed string) Question {
	if len(typed) > maxTyped {
		typed = strings.ToValidUTF8(typed[:maxTyped], "")
	}
	var q Question
	var little []Term
	for _, p := range parts(typed) {
		terms := a.terms(p.text)
		switch {
		case p.minus:
			q.without = append(q.without, terms...)
		case len(terms) > 1 && (p.quoted || strings.ContainsAny(p.text, "0123456789")):
			q.phrases = append(q.phrases, terms)
			q.asked = append(q.asked, terms...)
		default:
			for _, t := range terms {
				if t.Little() && !p.quoted {
					little = append(little, t)
					continue
				}
				q.asked = append(q.asked, t)
			}
		}
	}
	if len(q.asked) == 0 {
		q.asked = little
	}
	q.asked, q.without = q.asked[:min(len(q.asked), maxAsked)], q.without[:min(len(q.without), maxAsked)]
	q.begin(typed)
	return q
}

// begin takes the last word typed as a beginning, when nothing follows it.
func (q *Question) begin(typed string) {
	last, size := utf8.DecodeLastRuneInString(typed)
	if size == 0 || !inWord(last) || len(q.asked) == 0 {
		return
	}
	t := &q.asked[len(q.asked)-1]
	written := typed[strings.LastIndexFunc(typed, func(r rune) bool { return !inWord(r) })+1:]
	if Fold(written) != t.Form || utf8.RuneCountInString(t.Form) < minPrefix {
		return
	}
	t.Prefix = true
	if n := len(q.phrases); n > 0 {
		if p := q.phrases[n-1]; p[len(p)-1].Form == t.Form {
			p[len(p)-1].Prefix = true
		}
	}
}

func (a *Analyser) terms(text string) (terms []Term) {
	a.Each(text, func(w Word) bool {
		terms = append(terms, Term{Lemma: w.Lemma})
		return len(terms) < maxAsked
	})
	return terms
}

// part is a run of what was typed: between quotes, or without a space.
type part struct {
	text          string
	quoted, minus bool
}

const quotes = "\"“”„«»"

func parts(typed string) (all []part) {
	for typed != "" {
		typed = strings.TrimLeft(typed, " \t\r\n\u00A0\u202F")
		minus := strings.HasPrefix(typed, "-")
		typed = strings.TrimLeft(typed, "-")
		first, size := utf8.DecodeRuneInString(typed)
		if size > 0 && strings.ContainsRune(quotes, first) {
			text, rest := typed[size:], ""
			if end := strings.IndexAny(text, quotes); end >= 0 {
				_, size = utf8.DecodeRuneInString(text[end:])
				text, rest = text[:end], text[end+size:]
			}
			all, typed = append(all, part{text, true, minus}), rest
			continue
		}
		end := strings.IndexAny(typed, " \t\r\n\u00A0\u202F"+quotes)
		if end < 0 {
			end = len(typed)
		}
		if end > 0 {
			all = append(all, part{typed[:end], false, minus})
		}
		typed = typed[end:]
	}
	return all
}

// Empty reports whether nothing is asked for.
func (q Question) Empty() bool { return len(q.asked) == 0 }

// Asked are the words asked for, to be marked where they stand.
func (q Question) Asked() []Term { return q.asked }

// HasPhrases reports whether the order of words matters, which sets of them do not tell.
func (q Question) HasPhrases() bool { return len(q.phrases) > 0 }

// Clause is what a set must hold: of each of All at least one token; a token that ends in * stands for
// all that begin so. What holds all of But is left out, when there is any, and so is what holds any of
// None.
type Clause struct {
	All, But [][]string
	None     []string
}

// Clauses are what sets must hold, best first; no set fits two of them. A word may stand in the code,
// or else in the title, or else be prominent in the text, or else stand anywhere: all words at least
// there.
func (q Question) Clauses(platformID string) []Clause {
	tag := tagOf(platformID)
	none := make([]string, 0, 3*len(q.without))
	for _, t := range q.without {
		none = append(none, t.tokens(tag+anywhere)...)
	}
	var all []Clause
	var before [][]string
	for _, place := range []string{inCode, inTitle, prominent, anywhere} {
		c := Clause{But: before, None: none, All: [][]string{{platform + Fold(platformID)}}}
		before = nil
		for _, t := range q.asked {
			before = append(before, t.tokens(tag+place))
		}
		c.All = append(c.All, before...)
		all = append(all, c)
	}
	return all
}

// tokens are those any of which a set holds that has the word at the place.
func (t Term) tokens(place string) []string {
	form := place + "w" + t.Form
	if t.Prefix {
		form += "*"
	}
	tokens := make([]string, 0, 4)
	if t.Prefix || t.english == "" {
		tokens = append(tokens, form)
	}
	for _, stem := range t.french {
		tokens = append(tokens, place+"f"+stem)
	}
	if t.english != "" {
		tokens = append(tokens, place+"e"+t.english)
	}
	return tokens
}

// Holds reports whether the text has every phrase asked for.
func (q Question) Holds(a *Analyser, texts ...string) bool {
	for _, phrase := range q.phrases {
		found := false
		for _, text := range texts {
			found = found || a.follow(text, phrase)
		}
		if !found {
			return false
		}
	}
	return true
}

// follow reports whether the words of the phrase follow each other in the text.
func (a *Analyser) follow(text string, phrase []Term) (found bool) {
	met := make([]bool, len(phrase)) // met[i]: the words up to here end with those up to phrase[i]
	a.Each(text, func(w Word) bool {
		for i := len(phrase) - 1; i >= 0; i-- {
			met[i] = (i == 0 || met[i-1]) && phrase[i].Meets(w.Lemma)
		}
		found = met[len(phrase)-1]
		return !found
	})
	return found
}
