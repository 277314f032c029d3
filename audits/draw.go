package audits

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"sort"
)

// Drawn is one item of a draw: its number, and the digest that gave it its rank.
type Drawn struct {
	Number string `json:"number"`
	Digest string `json:"digest"` // SHA-256 of "seed|kind|number", lower-case hexadecimal
}

// Population is the numbers a draw chooses from.
type Population struct {
	Numbers []string
}

// Size is how many items can be drawn.
func (p Population) Size() int { return len(p.Numbers) }

// sorted is the population in byte order, each number once.
func (p Population) sorted() Population {
	numbers := slices.Clone(p.Numbers)
	slices.Sort(numbers)
	return Population{slices.Compact(numbers)}
}

// Digest is the SHA-256, in lower-case hexadecimal, of the numbers in byte order, each followed by a
// line feed: what `LC_ALL=C sort | sha256sum` prints of the list. Two draws are comparable only
// when their populations have the same digest.
func (p Population) Digest() string {
	sum := sha256.Sum256(p.list())
	return hex.EncodeToString(sum[:])
}

// List is the numbers in byte order, one a line: the bytes whose SHA-256 is the Digest.
func (p Population) List() io.Reader { return bytes.NewReader(p.list()) }

func (p Population) list() []byte {
	numbers := p.Numbers
	if !slices.IsSorted(numbers) {
		numbers = slices.Clone(numbers)
		slices.Sort(numbers)
	}
	var list bytes.Buffer
	for _, n := range numbers {
		list.WriteString(n)
		list.WriteByte('\n')
	}
	return list.Bytes()
}

// rank is the place of one number in the draw.
type rank struct {
	digest [sha256.Size]byte
	number string
}

func (r rank) before(other rank) bool {
	if c := bytes.Compare(r.digest[:], other.digest[:]); c != 0 {
		return c < 0
	}
	return r.number < other.number
}

// Draw ranks the population by SHA-256 of "seed|kind|number" and takes the first n, fewer when the
// population is smaller. It needs no other randomness than the seed, so that anybody who holds the
// list can do it again by hand; the README has the lines of shell. Of the ranks only the first n are
// kept, however large the population is.
func (p Population) Draw(seed string, kind Kind, n int) []Drawn {
	n = max(0, min(n, len(p.Numbers)))
	first := make([]rank, 0, n+1)
	line := append(make([]byte, 0, 512), seed+"|"+string(kind)+"|"...)
	head := len(line)
	for _, number := range p.Numbers {
		line = append(line[:head], number...)
		r := rank{sha256.Sum256(line), number}
		if len(first) == n && (n == 0 || !r.before(first[n-1])) {
			continue
		}
		at := sort.Search(len(first), func(i int) bool { return r.before(first[i]) })
		first = slices.Insert(first, at, r)
		first = first[:min(n, len(first))]
	}
	drawn := make([]Drawn, len(first))
	for i, r := range first {
		drawn[i] = Drawn{r.number, hex.EncodeToString(r.digest[:])}
	}
	return drawn
}
