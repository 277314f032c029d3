package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// body gathers words. A separator is written when the next word comes, and the last one asked for
// wins: the tab of a cell replaces the newline of the paragraph in it, the newline of a row the tab.
type body struct {
	strings.Builder
	pending rune // 0, ' ', '\t' or '\n'
	full    bool

	heading   strings.Builder
	inHeading bool
	hasTitle  bool
}

// write adds text inside a paragraph.
func (b *body) write(s string) {
	for _, r := range s {
		if r = clean(r); r == -1 {
			continue
		}
		if r == ' ' {
			b.space()
			continue
		}
		if b.Len()+utf8.UTFMax+1 > MaxBody {
			b.full = true
			return
		}
		if b.pending != 0 && b.Len() > 0 {
			b.WriteRune(b.pending)
		}
		if b.inHeading && b.pending != 0 {
			b.heading.WriteByte(' ')
		}
		b.pending = 0
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

func (b *body) space() {
	if b.pending == 0 {
		b.pending = ' '
	}
}

// tab ends a cell, newline a paragraph or a row.
func (b *body) tab()     { b.pending = '\t' }
func (b *body) newline() { b.pending = '\n' }

// beginHeading and endHeading enclose what may be the title. The first one that is no numbered
// section counts: "1. General information" is the name of a part.
func (b *body) beginHeading() {
	if !b.hasTitle {
		b.inHeading = true
		b.heading.Reset()
	}
}

func (b *body) endHeading() {
	if b.inHeading {
		b.inHeading = false
		b.hasTitle = isTitle(b.heading.String())
	}
}

func (b *body) title() string {
	if !b.hasTitle {
		return ""
	}
	return oneLine(b.heading.String())
}

var firstSection = regexp.MustCompile(`^(?:[01](?:\.\d+)*[.)]?|[IA][.)])\s`)

func isTitle(heading string) bool {
	heading = oneLine(heading)
	return strings.ContainsFunc(heading, unicode.IsLetter) && !firstSection.MatchString(heading)
}

// oneLine is a title on one line, without what is no text, cut at maxTitle bytes.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(clean, strings.ToValidUTF8(s, ""))), " ")
	for len(s) > maxTitle {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
	return s
}
