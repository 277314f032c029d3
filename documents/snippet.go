package documents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"maillon/documents/words"
)

// Fragment is a piece of a text, its marked words apart.
type Fragment []Part

// Part is a run of a fragment.
type Part struct {
	Text   string
	Marked bool // it is a word that was asked for
}

// String is the fragment without its marks.
func (f Fragment) String() string {
	var b strings.Builder
	for _, p := range f {
		b.WriteString(p.Text)
	}
	return b.String()
}

const (
	maxFragments = 3
	leading      = 60  // bytes shown before a word found
	trailing     = 120 // bytes shown from it on
	maxSpots     = 400 // words found that a text is looked through for
)

// spot is where a word asked for stands.
type spot struct{ start, end, term int }

// marked is a short text as a whole.
func marked(a *words.Analyser, q words.Question, text string) Fragment {
	return fragment(text, 0, len(text), spots(a, q, text))
}

// snippets are the pieces of a text that show the words asked for: first the one with most of them,
// then those with words not shown yet. The first three at most.
func snippets(a *words.Analyser, q words.Question, text string) []Fragment {
	found := spots(a, q, text)
	shown := make([]bool, len(q.Asked()))
	type piece struct{ from, until int }
	var pieces []piece
	for len(pieces) < maxFragments {
		best, most := -1, 0
		for i := range found {
			if n := fresh(found[i:], shown); n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		from, until := windowOf(text, found[best])
		for _, s := range found[best:] {
			if s.end <= until {
				shown[s.term] = true
			}
		}
		pieces = append(pieces, piece{from, until})
	}
	all := make([]Fragment, len(pieces))
	for i, p := range pieces {
		all[i] = fragment(text, p.from, p.until, found)
		if p.from > 0 {
			all[i] = append(Fragment{{Text: "… "}}, all[i]...)
		}
		if p.until < len(text) {
			all[i] = append(all[i], Part{Text: " …"})
		}
	}
	return all
}

// fresh counts the words near the first spot that are not shown yet.
func fresh(found []spot, shown []bool) (n int) {
	var here uint64
	for _, s := range found {
		if s.end > found[0].start+trailing {
			break
		}
		if bit := uint64(1) << (s.term % 64); !shown[s.term] && here&bit == 0 {
			here |= bit
			n++
		}
	}
	return n
}

// spots are where words asked for stand, until all of them were met and enough were found.
func spots(a *words.Analyser, q words.Question, text string) (found []spot) {
	asked := q.Asked()
	met := make(map[int]bool, len(asked))
	which := map[*words.Lemma]int{}
	a.Each(text, func(w words.Word) bool {
		term, known := which[w.Lemma]
		if !known {
			term = meeting(asked, w.Lemma)
			which[w.Lemma] = term
		}
		if term >= 0 && (len(found) < maxSpots || !met[term]) {
			met[term] = true
			found = append(found, spot{w.Start, w.End, term})
		}
		return len(found) < maxSpots || len(met) < len(asked)
	})
	return found
}

// meeting is the term that the word meets, -1 when there is none.
func meeting(asked []words.Term, l *words.Lemma) int {
	for i, t := range asked {
		if t.Meets(l) {
			return i
		}
	}
	return -1
}

// windowOf is the piece of the text around a spot, between two words.
func windowOf(text string, s spot) (from, until int) {
	from, until = max(0, s.start-leading), min(len(text), max(s.end, s.start+trailing))
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	if from > 0 {
		if i := strings.IndexFunc(text[from:s.start], unicode.IsSpace); i >= 0 {
			from += i
		}
	}
	for until < len(text) && !utf8.RuneStart(text[until]) {
		until++
	}
	if until < len(text) {
		if i := strings.LastIndexFunc(text[s.end:until], unicode.IsSpace); i >= 0 {
			until = s.end + i
		}
	}
	return from, until
}

// fragment cuts a piece out of the text, on one line, its words marked.
func fragment(text string, from, until int, found []spot) (f Fragment) {
	add := func(piece string, mark bool) {
		if piece != "" {
			f = append(f, Part{piece, mark})
		}
	}
	at := from
	for _, s := range found {
		if s.start < at || s.end > until {
			continue
		}
		add(inOneLine(text[at:s.start]), false)
		add(text[s.start:s.end], true)
		at = s.end
	}
	add(inOneLine(text[at:until]), false)
	if len(f) > 0 {
		f[0].Text = strings.TrimLeft(f[0].Text, " ")
		f[len(f)-1].Text = strings.TrimRight(f[len(f)-1].Text, " ")
	}
	return f
}

// inOneLine has one space for each run of them, and nothing that cannot be shown.
func inOneLine(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F':
			space = true
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}
