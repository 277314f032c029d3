package text

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What distances mean, in parts of the size of the letters.
const (
	sameLine  = 0.35 // baselines that differ by less are one line
	wordGap   = 0.15 // a wider gap is a space
	cellGap   = 1.5  // and an even wider one the border of a cell
	headline  = 1.15 // a title is larger than the text by that much
	titleWrap = 1.8  // the second line of a title follows within
)

// textLine is a line of a page and the size of its largest letters.
type textLine struct {
	y, size float64
	pieces  []piece
	words   string
}

// say writes the lines of the page; on the first page, a large line near the top is the title.
func (p *page) say(first bool) {
	lines := p.lines()
	from, to := -1, -1
	if first {
		from, to = headlines(lines)
	}
	for i, line := range lines {
		if i == from {
			p.beginHeading()
		}
		p.sayLine(line)
		if i == to {
			p.endHeading()
		}
		if !endsInHyphen(line.words) || i+1 == len(lines) {
			p.after(paragraphEnd)
		}
	}
	p.after(paragraphEnd)
	p.pieces = nil
}

func (p *page) sayLine(line textLine) {
	for i, cell := range strings.Split(line.words, "\t") {
		if i > 0 {
			p.after(tab)
		}
		p.write(cell)
	}
}

// endsInHyphen: the word, or the code, goes on in the next line.
func endsInHyphen(s string) bool {
	head, hyphen := strings.CutSuffix(s, "-")
	last, _ := utf8.DecodeLastRuneInString(head)
	return hyphen && unicode.IsLetter(last)
}

// lines puts pieces on one baseline together, in the order in which the page was written: in that
// order columns stay columns.
func (p *page) lines() []textLine {
	var lines []textLine
	for _, next := range p.pieces {
		last := len(lines) - 1
		if last >= 0 && math.Abs(lines[last].y-next.y) <= sameLine*max(lines[last].size, next.size) {
			lines[last].pieces = append(lines[last].pieces, next)
			lines[last].size = max(lines[last].size, next.size)
			continue
		}
		lines = append(lines, textLine{y: next.y, size: next.size, pieces: []piece{next}})
	}
	said := lines[:0]
	for _, line := range lines {
		if line.words = join(line.pieces); strings.TrimSpace(line.words) != "" {
			said = append(said, line)
		}
	}
	return said
}

// join puts a space where pieces are apart, and a tab where they are far apart.
func join(pieces []piece) string {
	slices.SortStableFunc(pieces, func(a, b piece) int {
		switch {
		case a.x < b.x:
			return -1
		case a.x > b.x:
			return 1
		}
		return 0
	})
	var words strings.Builder
	for i, piece := range pieces {
		if i > 0 {
			switch gap := (piece.x - pieces[i-1].end) / max(piece.size, 1); {
			case gap > cellGap:
				words.WriteByte('\t')
			case gap > wordGap:
				words.WriteByte(' ')
			}
		}
		words.WriteString(piece.s)
	}
	return words.String()
}

// headlines are the first and last line of the title: the largest lines of the page, when they are
// larger than the text and come before it; -1 when there are none.
func headlines(lines []textLine) (from, to int) {
	usual, largest := usualSize(lines), 0.0
	for _, line := range lines {
		largest = max(largest, line.size)
	}
	from, to = -1, -1
	for i, line := range lines {
		switch {
		case line.size < largest*0.99 || largest < usual*headline:
			if from >= 0 {
				return from, to
			}
		case from < 0:
			from, to = i, i
		case lines[to].y-line.y <= titleWrap*line.size:
			to = i
		default:
			return from, to
		}
	}
	return from, to
}

// usualSize is the size that most letters have.
func usualSize(lines []textLine) float64 {
	letters := map[float64]int{}
	usual := 0.0
	for _, line := range lines {
		size := math.Round(line.size*2) / 2
		if letters[size] += len(line.words); letters[size] > letters[usual] {
			usual = size
		}
	}
	return usual
}
