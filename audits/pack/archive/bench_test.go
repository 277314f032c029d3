package archive

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"

	"maillon/qms/trail"
)

// BenchmarkVerify_TenThousandProofs checks 10,000 proofs beside the bare hashing of the same bytes: once of the file as it
// stands, and once of every leaf and every node on the way to the roots, which no verifier can leave out.
func BenchmarkVerify_TenThousandProofs(b *testing.B) {
	const proofs = 10_000
	d := sampleOf(b, proofs)
	data := made(b, d)
	lines := bytes.NewBuffer(nil)
	hashes := 0
	for p, err := range d.facts {
		if err != nil {
			b.Fatal(err)
		}
		line, err := p.MarshalJSON()
		if err != nil {
			b.Fatal(err)
		}
		lines.Write(line)
		hashes += 2 + len(p.ChangeProof) + len(p.EntryProof)
	}
	var bare, tree, verified time.Duration
	for range b.N {
		begun := time.Now()
		sha256.Sum256(data)
		bare += time.Since(begun)

		begun = time.Now()
		for p := range d.facts {
			trail.LeafHash(p.Change)
			trail.LeafHash(p.Entry)
		}
		var node [65]byte
		for range hashes - 2*proofs {
			sum := sha256.Sum256(node[:])
			copy(node[1:], sum[:])
		}
		tree += time.Since(begun)

		begun = time.Now()
		if r, err := verify(data); err != nil || r.Facts != proofs {
			b.Fatalf("%d facts, %v", r.Facts, err)
		}
		verified += time.Since(begun)
	}
	b.ReportMetric(verified.Seconds()/bare.Seconds(), "times-the-file's-hash")
	b.ReportMetric(verified.Seconds()/tree.Seconds(), "times-the-tree's-hashes")
	b.ReportMetric(float64(verified.Microseconds())/float64(b.N*proofs), "µs/proof")
}
