package documents

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Difference is what changed from one text to another, line against line and word against word.
type Difference struct {
	Rows    []DiffRow // all of both texts, in their order
	Added   int       // lines
	Removed int       // lines
	Changed int       // lines that stand on both sides with other words
	Same    int       // lines
	Cut     bool      // a text was longer than MaxCompared: what is beyond was not compared
	Coarse  bool      // some lines were too different or too many to be compared one by one, or word by word

	left int // of maxSteps
}

// DiffRow is one line of a comparison, both sides of it.
type DiffRow struct {
	Kind       RowKind
	Old, New   []Piece
	OldN, NewN int // number of the line, from 1; 0 when the side has none
}

// RowKind is what became of a line.
type RowKind string

// The kinds of rows.
const (
	RowSame    RowKind = "same"
	RowChanged RowKind = "changed"
	RowAdded   RowKind = "added"
	RowRemoved RowKind = "removed"
)

// Piece is a run of a line: words that both sides have, or that only this one has.
type Piece struct {
	Text string
	Own  bool // deleted on the old side, inserted on the new one
}

// The bounds of a comparison, whatever the texts: they keep it within a second or two.
const (
	MaxCompared = 1 << 20 // bytes of each text
	maxLines    = 20_000  // of each text
	maxLine     = 4000    // bytes; a longer paragraph is taken in parts
	maxSteps    = 1 << 26 // lines, and words of lines, of one side times those of the other, in all
	maxPaired   = 1 << 12 // lines of one side times those of the other, to be paired by likeness
	likeness    = 0.4     // words in common, for two lines to be the same line changed
)

// Differ compares two texts. Lines that occur once in each, in the same order, are found first and
// hold the rest in place (patience); between them, the fewest lines change. It is pure, and the same
// for the same texts.
func Differ(before, after string) *Difference {
	d := &Difference{left: maxSteps}
	old, cutOld := paragraphs(before)
	now, cutNew := paragraphs(after)
	d.Cut = cutOld || cutNew
	d.lines(old, now, facing{0, len(old), 0, len(now)})
	return d
}

// paragraphs are the lines of a text, spaces at their ends aside.
func paragraphs(text string) (lines []string, cut bool) {
	if cut = len(text) > MaxCompared; cut {
		text = text[:MaxCompared]
		if at := strings.LastIndexAny(text, "\n "); at > 0 {
			text = text[:at]
		}
	}
	for line := range strings.Lines(strings.ToValidUTF8(text, "\uFFFD")) {
		if len(lines) >= maxLines {
			return lines, true
		}
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		for len(line) > maxLine {
			at := breakAt(line)
			lines, line = append(lines, line[:at]), line[at:]
		}
		lines = append(lines, line)
	}
	return lines, cut
}

// breakAt is where a very long paragraph is taken apart: after a sentence, so that a word more at its
// beginning does not move every part; else after a word, else anywhere between two characters.
func breakAt(line string) int {
	head := line[:maxLine]
	for _, end := range []string{". ", " "} {
		if at := strings.LastIndex(head, end); at > 0 {
			return at + len(end)
		}
	}
	return len(strings.ToValidUTF8(head, ""))
}

// facing is a stretch of the old lines and the new lines that it is to be compared with.
type facing struct{ oldFrom, oldTo, newFrom, newTo int }

// lines compares a span, anchor by anchor.
func (d *Difference) lines(old, now []string, s facing) {
	for s.oldFrom < s.oldTo && s.newFrom < s.newTo && old[s.oldFrom] == now[s.newFrom] {
		d.same(old, s.oldFrom, s.newFrom)
		s.oldFrom, s.newFrom = s.oldFrom+1, s.newFrom+1
	}
	end := s
	for s.oldFrom < end.oldTo && s.newFrom < end.newTo && old[end.oldTo-1] == now[end.newTo-1] {
		end.oldTo, end.newTo = end.oldTo-1, end.newTo-1
	}
	at := end
	for _, a := range anchors(old, now, end) {
		d.between(old, now, facing{at.oldFrom, a[0], at.newFrom, a[1]})
		d.same(old, a[0], a[1])
		at.oldFrom, at.newFrom = a[0]+1, a[1]+1
	}
	d.between(old, now, at)
	for i := range s.oldTo - end.oldTo {
		d.same(old, end.oldTo+i, end.newTo+i)
	}
}

func (d *Difference) same(old []string, i, j int) {
	d.Same++
	piece := []Piece{{Text: old[i]}}
	d.Rows = append(d.Rows, DiffRow{Kind: RowSame, Old: piece, New: piece, OldN: i + 1, NewN: j + 1})
}

// anchors are the lines that each side has once, as pairs that go up on both sides: the longest such
// row of them.
func anchors(old, now []string, s facing) [][2]int {
	at := map[string]*[3]int{} // how often on both sides together, and where
	for i := s.oldFrom; i < s.oldTo; i++ {
		if a := at[old[i]]; a != nil {
			a[0] = 3
		} else if old[i] != "" {
			at[old[i]] = &[3]int{1, i, -1}
		}
	}
	var pairs [][2]int
	for j := s.newFrom; j < s.newTo; j++ {
		if a := at[now[j]]; a != nil && a[2] < 0 {
			a[2] = j
		} else if a != nil {
			a[0] = 3
		}
	}
	for _, a := range at {
		if a[0] == 1 && a[2] >= 0 {
			pairs = append(pairs, [2]int{a[1], a[2]})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return a[0] - b[0] })
	return rising(pairs)
}

// rising is the longest row of pairs whose second numbers go up (patience sorting).
func rising(pairs [][2]int) [][2]int {
	var tops []int // of each pile, the pair on top
	before := make([]int, len(pairs))
	for i, p := range pairs {
		pile, _ := slices.BinarySearchFunc(tops, p[1], func(top, second int) int { return pairs[top][1] - second })
		if before[i] = -1; pile > 0 {
			before[i] = tops[pile-1]
		}
		if pile == len(tops) {
			tops = append(tops, i)
		} else {
			tops[pile] = i
		}
	}
	row := make([][2]int, len(tops))
	for n, i := len(tops)-1, 0; n >= 0; n-- {
		if n == len(tops)-1 {
			i = tops[n]
		} else {
			i = before[i]
		}
		row[n] = pairs[i]
	}
	return row
}

// between compares what stands between two anchors: the fewest lines change.
func (d *Difference) between(old, now []string, s facing) {
	if s.oldFrom == s.oldTo || s.newFrom == s.newTo || !d.afford(s.oldTo-s.oldFrom, s.newTo-s.newFrom) {
		d.replaced(old, now, s)
		return
	}
	at := facing{oldFrom: s.oldFrom, newFrom: s.newFrom, oldTo: s.oldFrom, newTo: s.newFrom}
	for _, e := range shortest(old[s.oldFrom:s.oldTo], now[s.newFrom:s.newTo]) {
		switch e.side {
		case diffmatchpatch.DiffDelete:
			at.oldTo += e.n
		case diffmatchpatch.DiffInsert:
			at.newTo += e.n
		default:
			d.replaced(old, now, at)
			for i := range e.n {
				d.same(old, at.oldTo+i, at.newTo+i)
			}
			at = facing{at.oldTo + e.n, at.oldTo + e.n, at.newTo + e.n, at.newTo + e.n}
		}
	}
	d.replaced(old, now, at)
}

// afford reports whether so many tokens can still be compared with so many others, and takes them off.
func (d *Difference) afford(old, now int) bool {
	if old*now > d.left {
		d.Coarse = true
		return false
	}
	d.left -= old * now
	return true
}

// replaced notes old lines that gave way to new ones: those that are alike side by side, the others
// as removed and added.
func (d *Difference) replaced(old, now []string, s facing) {
	i, j := s.oldFrom, s.newFrom
	until := func(oldTo, newTo int) {
		for ; i < oldTo; i++ {
			d.Removed++
			d.Rows = append(d.Rows, DiffRow{Kind: RowRemoved, Old: own(old[i]), OldN: i + 1})
		}
		for ; j < newTo; j++ {
			d.Added++
			d.Rows = append(d.Rows, DiffRow{Kind: RowAdded, New: own(now[j]), NewN: j + 1})
		}
	}
	for _, p := range pairUp(old[s.oldFrom:s.oldTo], now[s.newFrom:s.newTo]) {
		until(s.oldFrom+p[0], s.newFrom+p[1])
		row := DiffRow{Kind: RowChanged, OldN: i + 1, NewN: j + 1}
		row.Old, row.New = d.words(old[i], now[j])
		d.Changed++
		d.Rows = append(d.Rows, row)
		i, j = i+1, j+1
	}
	until(s.oldTo, s.newTo)
}

func own(line string) []Piece { return []Piece{{line, true}} }

// edit is a run of n tokens that both sides have, or one of them.
type edit struct {
	side diffmatchpatch.Operation
	n    int
}

// shortest turns one row of tokens into the other with the fewest of them changed (Myers). The library
// compares characters: each token is given one of its own. Without a limit of time its answer is
// always the same; callers bound what they hand over.
func shortest(old, now []string) []edit {
	known := map[string]rune{}
	next := rune(1)
	spell := func(tokens []string) []rune {
		word := make([]rune, len(tokens))
		for i, t := range tokens {
			r, ok := known[t]
			if !ok {
				r = next
				known[t] = r
				if next++; next == 0xD800 { // characters that no text can hold
					next = 0xE000
				}
			}
			word[i] = r
		}
		return word
	}
	library := &diffmatchpatch.DiffMatchPatch{}
	var edits []edit
	for _, e := range library.DiffMainRunes(spell(old), spell(now), false) {
		edits = append(edits, edit{e.Type, len([]rune(e.Text))})
	}
	return edits
}
