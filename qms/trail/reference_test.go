package trail_test

import (
	"crypto/sha256"

	"maillon/qms/trail"
)

// The reference is written from the definitions of RFC 6962, section 2.1, word by word and without
// tlog, so that both would have to be wrong alike.

func refLeaf(d []byte) trail.Hash {
	return sha256.Sum256(append([]byte{0}, d...))
}

func refNode(left, right trail.Hash) trail.Hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// refSplit is k: the largest power of two smaller than n.
func refSplit(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// refRoot is MTH(D[n]).
func refRoot(d [][]byte) trail.Hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return refLeaf(d[0])
	}
	k := refSplit(len(d))
	return refNode(refRoot(d[:k]), refRoot(d[k:]))
}

// refPath is PATH(m, D[n]), the audit path (section 2.1.1).
func refPath(m int, d [][]byte) []trail.Hash {
	if len(d) == 1 {
		return nil
	}
	k := refSplit(len(d))
	if m < k {
		return append(refPath(m, d[:k]), refRoot(d[k:]))
	}
	return append(refPath(m-k, d[k:]), refRoot(d[:k]))
}

// refProof is SUBPROOF(m, D[n], complete), the consistency proof (section 2.1.2).
func refProof(m int, d [][]byte, complete bool) []trail.Hash {
	if m == len(d) {
		if complete {
			return nil
		}
		return []trail.Hash{refRoot(d)}
	}
	k := refSplit(len(d))
	if m <= k {
		return append(refProof(m, d[:k], complete), refRoot(d[k:]))
	}
	return append(refProof(m-k, d[k:], false), refRoot(d[:k]))
}
