package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// separator is what stands between two words; of several asked for, the strongest is written.
type separator int

const (
	nothing separator = iota
	space
	tab          // that somebody typed
	paragraphEnd // or that of a line or a list item
	cellEnd      // stronger than the end of the paragraphs in it
	rowEnd
)

var written = [...]string{nothing: "", space: " ", tab: "\t", paragraphEnd: "\n", cellEnd: "\t", rowEnd: "\n"}

// body gathers words, and writes what separates them when the next word comes.
type body struct {
	strings.Builder
	pending separator
	full    bool

	heading    strings.Builder
	inHeading  bool
	hasHeading bool // the first one that says something is complete
}

// write adds text inside a paragraph.
func (b *body) write(s string) {
	for _, r := range s {
		if r = clean(r); r == -1 {
			continue
		}
		if r == ' ' {
			b.after(space)
			continue
		}
		if b.Len()+utf8.UTFMax+1 > MaxBody {
			b.full = true
			return
		}
		if b.Len() > 0 {
			b.WriteString(written[b.pending])
		}
		if b.inHeading && b.pending != nothing {
			b.heading.WriteByte(' ')
		}
		b.pending = nothing
		b.WriteRune(r)
		if b.inHeading && b.heading.Len() < maxTitle {
			b.heading.WriteRune(r)
		}
	}
}

// clean is the space for every kind of space, the hyphen for those that editors put in its place,
// and -1 for what is no text: controls (PostgreSQL refuses NUL), soft hyphens, marks without width.
func clean(r rune) rune {
	switch {
	case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
		return ' '
	case r == '\u2010', r == '\u2011':
		return '-'
	case r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff', unicode.IsControl(r):
		return -1
	}
	return r
}

// after closes a word, a line, a cell or a row.
func (b *body) after(with separator) { b.pending = max(b.pending, with) }

// beginHeading and endHeading enclose what may be the title. Only the first heading counts: when it
// is "1. General information" or "Summary", the document has parts and no title of its own.
func (b *body) beginHeading() {
	if !b.hasHeading {
		b.inHeading = true
		b.heading.Reset()
	}
}

func (b *body) endHeading() {
	if b.inHeading {
		b.inHeading = false
		b.hasHeading = strings.ContainsFunc(b.heading.String(), unicode.IsLetter)
	}
}

func (b *body) title() string {
	heading := oneLine(b.heading.String())
	if !b.hasHeading || numberedPart.MatchString(heading) || nameOfPart.MatchString(heading) {
		return ""
	}
	return heading
}

// What the parts of documents are called, in the two languages of the house.
var (
	numberedPart = regexp.MustCompile(`^(?:\d{1,2}(?:\.\d+)*[.)]|\d{1,2}(?:\.\d+)+|[01]|[IVX]{1,4}[.)]|A[.)])\s`)
	nameOfPart   = regexp.MustCompile(`(?i)^(?:summary|introduction|purpose|scope|contents|table of contents|` +
		`abstract|preface|foreword|définitions|definitions|objet|objet et domaine d['’]application|résumé|sommaire|` +
		`table des matières|préambule|avant-propos|domaine d['’]application|historique des révisions|revision history)\s*:?$`)
)

// oneLine is a title on one line, without what is no text, cut at maxTitle bytes.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(clean, strings.ToValidUTF8(s, ""))), " ")
	for len(s) > maxTitle {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s
}
