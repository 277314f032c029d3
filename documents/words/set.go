package words

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
)

// The bounds of a set: a text of thousands of pages stays under them, and PostgreSQL keeps no more
// than a megabyte of words.
const (
	maxLemmas = 60_000
	maxBytes  = 700_000
)

// Where a word stands, the first letter of its tokens.
const (
	anywhere  = ""
	prominent = "h"
	inTitle   = "t"
	inCode    = "c"
	platform  = "p"
)

// Prominent are at most this many words of a text, each standing in it at least so often.
const (
	maxProminent   = 24
	minOccurrences = 3
)

// Record is what of a record is searched.
type Record struct {
	Platform string // tells platforms apart
	Code     string
	Title    string
	Text     string
}

// tagOf stands before the words of a platform's records, so that an index lists them apart: what one
// platform asks costs the same however many others there are. Two platforms may share a tag; the token
// that names the platform tells them apart.
func tagOf(platform string) string {
	sum := sha256.Sum256([]byte(platform))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5])[:4])
}

// Set is the set of tokens of a record, each once, in an order that follows from the record.
func (a *Analyser) Set(r Record) []string {
	a.forget()
	s := set{tag: tagOf(r.Platform), seen: make(map[string]bool, 512), lemmas: make(map[*Lemma]*standing, 256)}
	s.add(platform + Fold(r.Platform))
	a.Each(r.Code, func(w Word) bool {
		s.all(inCode, w.Lemma, inBoth)
		s.all(inTitle, w.Lemma, inBoth)
		s.all(prominent, w.Lemma, inBoth)
		s.all(anywhere, w.Lemma, inBoth)
		return true
	})
	a.Each(r.Title, func(w Word) bool {
		s.all(inTitle, w.Lemma, inBoth)
		s.all(prominent, w.Lemma, inBoth)
		s.all(anywhere, w.Lemma, inBoth)
		return true
	})
	s.text(a, r.Text)
	return s.tokens
}

// set is a set in the making.
type set struct {
	tag    string // of the platform, before every word
	tokens []string
	bytes  int
	seen   map[string]bool
	lemmas map[*Lemma]*standing
	order  []*Lemma
}

// standing is how often a word stands in a text, and in which language; unsure when a line of its own
// does not tell.
type standing struct {
	times  int
	in     language
	unsure bool
}

func (s *set) add(token string) {
	if s.seen[token] || s.bytes+len(token) > maxBytes {
		return
	}
	s.seen[token] = true
	s.bytes += len(token)
	s.tokens = append(s.tokens, token)
}

// all adds every token of a word that stands at the place, in the languages.
func (s *set) all(place string, l *Lemma, in language) {
	place = s.tag + place
	s.add(place + "w" + l.Form)
	if in&inFrench != 0 {
		for _, stem := range l.french {
			s.add(place + "f" + stem)
		}
	}
	if in&inEnglish != 0 && l.english != "" {
		s.add(place + "e" + l.english)
	}
}

// text adds the words of a text, those of each line in the line's language.
func (s *set) text(a *Analyser, text string) {
	var whole balance
	var line []*standing
	for len(text) > 0 {
		now, rest, _ := strings.Cut(text, "\n")
		text = rest
		var here balance
		line = line[:0]
		a.Each(now, func(w Word) bool {
			here.count(w.Lemma)
			whole.count(w.Lemma)
			if st := s.standing(w.Lemma); st != nil {
				line = append(line, st)
			}
			return true
		})
		in := here.language(0)
		for _, st := range line {
			st.in |= in
			st.unsure = st.unsure || in == 0
		}
	}
	s.settle(whole.language(inBoth))
}

func (s *set) standing(l *Lemma) *standing {
	st := s.lemmas[l]
	if st == nil {
		if len(s.lemmas) >= maxLemmas {
			return nil
		}
		st = &standing{}
		s.lemmas[l] = st
		s.order = append(s.order, l)
	}
	st.times++
	return st
}

// settle adds the tokens of the words met, those of unsure lines in the language of the whole.
func (s *set) settle(whole language) {
	for _, l := range s.order {
		st := s.lemmas[l]
		if st.unsure {
			st.in |= whole
		}
		s.all(anywhere, l, st.in)
	}
	for _, l := range s.prominent(whole) {
		s.all(prominent, l, s.lemmas[l].in)
	}
}

// prominent are the words that stand most often, little ones aside; forms of one word count together.
func (s *set) prominent(whole language) (lemmas []*Lemma) {
	times := map[string]int{}
	for _, l := range s.order {
		if !l.Little() && len(l.Form) > 2 {
			times[l.stem(whole)] += s.lemmas[l].times
		}
	}
	var stems []string
	for stem, n := range times {
		if n >= minOccurrences {
			stems = append(stems, stem)
		}
	}
	slices.SortFunc(stems, func(a, b string) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
	stems = stems[:min(len(stems), maxProminent)]
	for _, l := range s.order {
		if !l.Little() && slices.Contains(stems, l.stem(whole)) {
			lemmas = append(lemmas, l)
		}
	}
	return lemmas
}

// stem is the one stem by which forms of a word are counted together.
func (l *Lemma) stem(in language) string {
	switch {
	case l.english == "":
		return l.Form
	case in == inEnglish:
		return l.english
	}
	return l.french[0]
}
