package trail

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// ChangesRoot is the root of the Merkle tree over the encoded changes of one act.
func ChangesRoot(encoded [][]byte) Hash {
	var f Frontier
	for _, data := range encoded {
		f.Append(tlog.RecordHash(data))
	}
	return f.Root()
}

// ProveChange proves that encoded[n] is in the tree of ChangesRoot(encoded).
func ProveChange(encoded [][]byte, n int64) (tlog.RecordProof, error) {
	var f Frontier
	var hashes []Hash
	for _, data := range encoded {
		hashes = append(hashes, f.Append(tlog.RecordHash(data))...)
	}
	return tlog.ProveRecord(f.Size, n, storedHashes(hashes))
}

// storedHashes are the hashes of a small tree in tlog's order, which is the order of Append.
type storedHashes []Hash

func (s storedHashes) ReadHashes(indexes []int64) ([]Hash, error) {
	found := make([]Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(s)) {
			return nil, fmt.Errorf("read stored hash %d of %d", at, len(s))
		}
		found[i] = s[at]
	}
	return found, nil
}

// Frontier is all of a tree that an append needs: the roots of its complete subtrees, the largest
// first, of which there are as many as Size has bits set. The zero Frontier is the empty tree.
type Frontier struct {
	Size  int64
	Peaks []Hash
}

// Append adds a leaf and returns the stored hashes that it completes, in tlog's order: level 0 (the
// leaf itself) first. Kept with the leaf of sequence number Size-1, they are what Reader reads.
func (f *Frontier) Append(leaf Hash) (stored []Hash) {
	stored = append(stored, leaf)
	for n := f.Size; n&1 == 1; n >>= 1 {
		last := len(f.Peaks) - 1
		leaf = tlog.NodeHash(f.Peaks[last], leaf)
		f.Peaks = f.Peaks[:last]
		stored = append(stored, leaf)
	}
	f.Peaks = append(f.Peaks[:len(f.Peaks):len(f.Peaks)], leaf) // a copy of the Frontier stays as it was
	f.Size++
	return stored
}

// Root is the root of the tree (RFC 6962, section 2.1).
func (f *Frontier) Root() Hash {
	if len(f.Peaks) == 0 {
		return sha256.Sum256(nil)
	}
	root := f.Peaks[len(f.Peaks)-1]
	for i := len(f.Peaks) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.Peaks[i], root)
	}
	return root
}

// Leaves reads the kept hashes of leaves: for each sequence number, what Append returned for it,
// concatenated. It is asked once for all that a proof needs, each number once, in rising order.
type Leaves func(seqs []int64) (map[int64][]byte, error)

// Reader reads a log's stored hashes for tlog from the rows of its leaves.
func Reader(leaves Leaves) tlog.HashReader { return leafReader(leaves) }

type leafReader Leaves

// ReadHashes finds a complete subtree's root with the last leaf of the subtree, which completed it.
func (r leafReader) ReadHashes(indexes []int64) ([]Hash, error) {
	seqs := make([]int64, 0, len(indexes))
	for _, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		seqs = append(seqs, (n+1)<<level-1)
	}
	asked := slices.Clone(seqs)
	slices.Sort(asked)
	rows, err := r(slices.Compact(asked))
	if err != nil {
		return nil, err
	}
	hashes := make([]Hash, len(indexes))
	for i, index := range indexes {
		level, _ := tlog.SplitStoredHashIndex(index)
		row := rows[seqs[i]]
		if len(row) < (level+1)*tlog.HashSize {
			return nil, fmt.Errorf("read hash %d of leaf %d: the leaf keeps %d bytes", level, seqs[i], len(row))
		}
		copy(hashes[i][:], row[level*tlog.HashSize:])
	}
	return hashes, nil
}

// Join concatenates the hashes that Append returned, as a leaf's row keeps them.
func Join(stored []Hash) []byte {
	row := make([]byte, 0, len(stored)*tlog.HashSize)
	for _, h := range stored {
		row = append(row, h[:]...)
	}
	return row
}

// Split reads what Join wrote; it refuses a length that is no whole number of hashes.
func Split(row []byte) ([]Hash, error) {
	if len(row)%tlog.HashSize != 0 {
		return nil, fmt.Errorf("split hashes: %d bytes", len(row))
	}
	hashes := make([]Hash, len(row)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], row[i*tlog.HashSize:])
	}
	return hashes, nil
}
