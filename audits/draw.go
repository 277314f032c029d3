package audits

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
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

// Digest is the SHA-256, in lower-case hexadecimal, of the numbers in byte order, each followed by a
// line feed: what `LC_ALL=C sort | sha256sum` prints of the list. Two draws are comparable only
// when their populations have the same digest.
func (p Population) Digest() string {
	numbers := slices.Clone(p.Numbers)
	slices.Sort(numbers)
	h := sha256.New()
	for _, n := range numbers {
		io.WriteString(h, n)
		io.WriteString(h, "\n")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Draw ranks the population by SHA-256 of "seed|kind|number" and takes the first n, fewer when the
// population is smaller. It needs no other randomness than the seed, so that anybody who holds the
// list can do it again by hand:
//
//	while IFS= read -r number; do
//	  printf '%s %s\n' "$(printf '%s|%s|%s' "$seed" "$kind" "$number" | sha256sum | cut -c1-64)" "$number"
//	done < population.txt | LC_ALL=C sort | head -n "$n"
func (p Population) Draw(seed string, kind Kind, n int) []Drawn {
	ranked := make([]Drawn, 0, len(p.Numbers))
	for _, number := range p.Numbers {
		digest := sha256.Sum256([]byte(seed + "|" + string(kind) + "|" + number))
		ranked = append(ranked, Drawn{Number: number, Digest: hex.EncodeToString(digest[:])})
	}
	slices.SortFunc(ranked, func(a, b Drawn) int {
		return cmp.Or(cmp.Compare(a.Digest, b.Digest), cmp.Compare(a.Number, b.Number))
	})
	return ranked[:max(0, min(n, len(ranked)))]
}
