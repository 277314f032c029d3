package trail_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"maillon/qms/trail"
)

// log is a log in memory, kept as the store keeps it: a row of hashes for each leaf.
type log struct {
	trail.Frontier
	data  [][]byte
	rows  map[int64][]byte
	asked [][]int64
}

func (l *log) append(data []byte) {
	if l.rows == nil {
		l.rows = map[int64][]byte{}
	}
	seq := l.Size
	l.rows[seq] = trail.Join(l.Frontier.Append(trail.LeafHash(data)))
	l.data = append(l.data, data)
}

func (l *log) reader() tlog.HashReader {
	return trail.Reader(func(seqs []int64) (map[int64][]byte, error) {
		l.asked = append(l.asked, seqs)
		found := map[int64][]byte{}
		for _, seq := range seqs {
			found[seq] = l.rows[seq]
		}
		return found, nil
	})
}

func logOf(n int) *log {
	l := &log{}
	for i := range n {
		l.append(fmt.Appendf(nil, "leaf %d", i))
	}
	return l
}

func drawLog(t *rapid.T) *log {
	l := &log{}
	for _, data := range rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 1, 70).Draw(t, "leaves") {
		l.append(data)
	}
	return l
}

func TestFrontier_AgreesWithTheReferenceAtEverySize(t *testing.T) {
	t.Parallel()
	l := &log{}
	for i := range 300 {
		if got, want := l.Root(), refRoot(l.data); got != want {
			t.Fatalf("root of %d leaves is %v, the reference says %v", i, got, want)
		}
		l.append(fmt.Appendf(nil, "leaf %d", i))
	}
}

func TestFrontier_ACopyStaysAsItWas(t *testing.T) {
	t.Parallel()
	l := logOf(11)
	before, root := l.Frontier, l.Root()
	l.append([]byte("one way"))
	again := before
	again.Append(trail.LeafHash([]byte("another way")))
	again.Append(trail.LeafHash([]byte("and on")))
	if before.Root() != root || before.Size != 11 {
		t.Error("appending to a copy changed the frontier")
	}
	if l.Root() != refRoot(l.data) {
		t.Error("appending to a copy changed the other copy")
	}
}

func TestFrontier_StoresTheHashesThatTlogExpects(t *testing.T) {
	t.Parallel()
	l := logOf(200)
	root, err := tlog.TreeHash(l.Size, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	if root != l.Root() {
		t.Error("tlog computes another root from the stored hashes")
	}
}

func TestInclusion_IsTheReferencePath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLog(t)
		size := rapid.IntRange(1, len(l.data)).Draw(t, "size")
		seq := rapid.IntRange(0, size-1).Draw(t, "seq")
		proof, err := trail.Inclusion(int64(size), int64(seq), l.reader())
		if err != nil {
			t.Fatal(err)
		}
		want := refPath(seq, l.data[:size])
		if diff := cmp.Diff(want, []trail.Hash(proof), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("proof differs from the reference:\n%s", diff)
		}
		c := trail.Checkpoint{Size: int64(size), Root: refRoot(l.data[:size])}
		if err := trail.CheckInclusion(c, int64(seq), trail.LeafHash(l.data[seq]), proof); err != nil {
			t.Fatal(err)
		}
	})
}

func TestInclusion_AnyFlippedByteIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLog(t)
		size := l.Size
		seq := rapid.Int64Range(0, size-1).Draw(t, "seq")
		proof, err := trail.Inclusion(size, seq, l.reader())
		if err != nil {
			t.Fatal(err)
		}
		c := trail.Checkpoint{Size: size, Root: l.Root()}
		leaf := trail.LeafHash(l.data[seq])
		hashes := append([]trail.Hash{c.Root, leaf}, proof...)
		flip(t, hashes)
		c.Root, leaf, proof = hashes[0], hashes[1], hashes[2:]
		if trail.CheckInclusion(c, seq, leaf, proof) == nil {
			t.Fatal("accepted a proof with a flipped byte")
		}
	})
}

func TestInclusion_OfAnotherLeafIsRefused(t *testing.T) {
	t.Parallel()
	l := logOf(21)
	c := trail.Checkpoint{Size: l.Size, Root: l.Root()}
	for seq := range l.Size {
		proof, err := trail.Inclusion(l.Size, seq, l.reader())
		if err != nil {
			t.Fatal(err)
		}
		for other := range l.Size {
			if err := trail.CheckInclusion(c, other, trail.LeafHash(l.data[seq]), proof); (err == nil) != (other == seq) {
				t.Fatalf("proof of leaf %d taken for leaf %d: %v", seq, other, err)
			}
		}
	}
}

func TestConsistency_IsTheReferenceProof(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLog(t)
		newer := rapid.IntRange(1, len(l.data)).Draw(t, "newer")
		older := rapid.IntRange(1, newer).Draw(t, "older")
		proof, err := trail.Consistency(int64(newer), int64(older), l.reader())
		if err != nil {
			t.Fatal(err)
		}
		want := refProof(older, l.data[:newer], true)
		if diff := cmp.Diff(want, []trail.Hash(proof), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("proof differs from the reference:\n%s", diff)
		}
		a := trail.Checkpoint{Size: int64(newer), Root: refRoot(l.data[:newer])}
		b := trail.Checkpoint{Size: int64(older), Root: refRoot(l.data[:older])}
		if err := trail.CheckConsistency(a, b, proof); err != nil {
			t.Fatal(err)
		}
		hashes := append([]trail.Hash{a.Root, b.Root}, proof...)
		flip(t, hashes)
		a.Root, b.Root = hashes[0], hashes[1]
		if trail.CheckConsistency(a, b, hashes[2:]) == nil {
			t.Fatal("accepted a consistency proof with a flipped byte")
		}
	})
}

func TestConsistency_RefusesARewrittenPast(t *testing.T) {
	t.Parallel()
	l, rewritten := logOf(9), logOf(4)
	rewritten.append([]byte("another leaf"))
	for i := 5; i < 9; i++ {
		rewritten.append(l.data[i])
	}
	proof, err := trail.Consistency(9, 6, rewritten.reader())
	if err != nil {
		t.Fatal(err)
	}
	older := trail.Checkpoint{Size: 6, Root: refRoot(l.data[:6])}
	newer := trail.Checkpoint{Size: 9, Root: rewritten.Root()}
	if trail.CheckConsistency(newer, older, proof) == nil {
		t.Error("took a rewritten log for a continuation")
	}
}

func TestConsistency_WithTheEmptyLog(t *testing.T) {
	t.Parallel()
	l := logOf(3)
	proof, err := trail.Consistency(3, 0, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	newer := trail.Checkpoint{Size: 3, Root: l.Root()}
	if err := trail.CheckConsistency(newer, trail.Checkpoint{Root: refRoot(nil)}, proof); err != nil {
		t.Error(err)
	}
	if trail.CheckConsistency(newer, trail.Checkpoint{Root: l.Root()}, proof) == nil {
		t.Error("took a full root for the empty log's")
	}
	if trail.CheckConsistency(newer, trail.Checkpoint{Origin: "other", Root: refRoot(nil)}, proof) == nil {
		t.Error("compared the checkpoints of two logs")
	}
}

func TestReader_AsksOnceForEachLeafInOrder(t *testing.T) {
	t.Parallel()
	l := logOf(100)
	if _, err := trail.Inclusion(100, 37, l.reader()); err != nil {
		t.Fatal(err)
	}
	if len(l.asked) != 1 {
		t.Fatalf("asked %d times for one proof", len(l.asked))
	}
	if seqs := l.asked[0]; !slices.IsSorted(seqs) || len(slices.Compact(slices.Clone(seqs))) != len(seqs) {
		t.Errorf("asked for %v", seqs)
	}
}

func TestReader_RefusesLeavesThatAreMissingOrShort(t *testing.T) {
	t.Parallel()
	l := logOf(8)
	l.rows[3] = l.rows[3][:32]
	if _, err := trail.Inclusion(8, 5, l.reader()); err == nil {
		t.Error("proved from a leaf that lost its hashes")
	}
	broken := errors.New("disk on fire")
	r := trail.Reader(func([]int64) (map[int64][]byte, error) { return nil, broken })
	if _, err := trail.Inclusion(8, 5, r); !errors.Is(err, broken) {
		t.Errorf("the reader's error is lost: %v", err)
	}
}

func TestSplit_ReadsWhatJoinWrote(t *testing.T) {
	t.Parallel()
	l := logOf(8)
	hashes, err := trail.Split(l.rows[7])
	if err != nil || len(hashes) != 4 {
		t.Fatalf("%d hashes, %v", len(hashes), err)
	}
	if hashes[3] != l.Root() {
		t.Error("the last hash of the eighth leaf is not the root of eight leaves")
	}
	if _, err := trail.Split(l.rows[7][:33]); err == nil {
		t.Error("split 33 bytes into hashes")
	}
}

// flip changes one bit of one of the hashes.
func flip(t *rapid.T, hashes []trail.Hash) {
	which := rapid.IntRange(0, len(hashes)-1).Draw(t, "hash")
	at := rapid.IntRange(0, tlog.HashSize-1).Draw(t, "byte")
	hashes[which][at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
}
