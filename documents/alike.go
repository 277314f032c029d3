package documents

import (
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// words compares two lines word by word. Words that are the same on both sides but stand alone between
// changes, such as one space, count as changed with them: a reader follows phrases, not letters.
func (d *Difference) words(before, after string) (old, now []Piece) {
	a, b := tokens(before), tokens(after)
	if !d.afford(len(a), len(b)) {
		return own(before), own(after)
	}
	edits := shortest(a, b)
	i, j := 0, 0
	for n, e := range edits {
		switch e.side {
		case diffmatchpatch.DiffDelete:
			old = join(old, strings.Join(a[i:i+e.n], ""), true)
			i += e.n
		case diffmatchpatch.DiffInsert:
			now = join(now, strings.Join(b[j:j+e.n], ""), true)
			j += e.n
		default:
			text := strings.Join(a[i:i+e.n], "")
			inside := n > 0 && n < len(edits)-1 && strings.TrimFunc(text, isGap) == ""
			old, now = join(old, text, inside && endsOwn(old)), join(now, text, inside && endsOwn(now))
			i, j = i+e.n, j+e.n
		}
	}
	return old, now
}

func isGap(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

func endsOwn(pieces []Piece) bool { return len(pieces) > 0 && pieces[len(pieces)-1].Own }

func join(pieces []Piece, text string, own bool) []Piece {
	if n := len(pieces); n > 0 && pieces[n-1].Own == own {
		pieces[n-1].Text += text
		return pieces
	}
	return append(pieces, Piece{text, own})
}

// tokens are the words of a line, the spaces between them, and each other character.
func tokens(line string) []string {
	var all []string
	from, kind := 0, 0
	for i, r := range line {
		k := 3
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r):
			k = 1
		case unicode.IsSpace(r):
			k = 2
		}
		if i > from && (k != kind || k == 3) {
			all, from = append(all, line[from:i]), i
		}
		kind = k
	}
	if from < len(line) {
		all = append(all, line[from:])
	}
	return all
}

// pairUp finds which of the old lines stand against which of the new ones: in order, as much alike as
// can be over all of them. Too many lines are paired one by one in their order, alike or not.
func pairUp(old, now []string) (pairs [][2]int) {
	rows, columns := len(old), len(now)
	if rows*columns > maxPaired {
		for i := range min(rows, columns) {
			if alike(bag(old[i]), bag(now[i])) >= likeness {
				pairs = append(pairs, [2]int{i, i})
			}
		}
		return pairs
	}
	best := likenesses(old, now)
	for i, j := 0, 0; i < rows && j < columns; {
		switch here := best[i][j]; {
		case here == best[i+1][j]:
			i++
		case here == best[i][j+1]:
			j++
		default:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		}
	}
	return pairs
}

// likenesses is, for every end of both rows of lines, how much alike they can be paired.
func likenesses(old, now []string) [][]float64 {
	best := make([][]float64, len(old)+1)
	for i := range best {
		best[i] = make([]float64, len(now)+1)
	}
	bags := make([]map[string]int, len(now))
	for j, line := range now {
		bags[j] = bag(line)
	}
	for i := len(old) - 1; i >= 0; i-- {
		here := bag(old[i])
		for j := len(now) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if a := alike(here, bags[j]); a >= likeness {
				best[i][j] = max(best[i][j], a+best[i+1][j+1])
			}
		}
	}
	return best
}

// bag counts the words of a line, case and accents aside; a line without words by its characters.
func bag(line string) map[string]int {
	all := map[string]int{}
	words := strings.FieldsFunc(fold(line), isGap)
	if len(words) == 0 {
		words = strings.Split(line, "")
	}
	for _, w := range words {
		all[w]++
	}
	return all
}

// alike is the share of words that two lines have in common, from 0 to 1 (Dice).
func alike(a, b map[string]int) float64 {
	common, total := 0, 0
	for w, n := range a {
		common += min(n, b[w])
		total += n
	}
	for _, n := range b {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(common) / float64(total)
}
