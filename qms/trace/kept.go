package trace

import (
	"slices"
	"sync"

	"maillon/qms"
)

// keptLines bounds the findings in memory by what they list: a line takes some hundred bytes.
const keptLines = 200_000

type examinedKey struct {
	platform qms.ID
	asOf     qms.Date
}

// kept holds the latest findings, each with the length of the platform's trail that it was made at.
type kept struct {
	mu    sync.Mutex
	all   []keptFindings // the latest last
	lines int
}

type keptFindings struct {
	key      examinedKey
	head     int64
	findings *Findings
}

// get is what was kept of that key at that head; nil when there is none.
func (k *kept) get(key examinedKey, head int64) *Findings {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range k.all {
		if f.key == key && f.head == head {
			return f.findings
		}
	}
	return nil
}

// put keeps findings in the place of those of the same platform, and drops the oldest beyond the bound.
func (k *kept) put(key examinedKey, head int64, f *Findings) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(func(old keptFindings) bool { return old.key.platform == key.platform })
	if f.lines() > keptLines {
		return
	}
	k.all, k.lines = append(k.all, keptFindings{key, head, f}), k.lines+f.lines()
	for k.lines > keptLines {
		oldest := k.all[0].key
		k.drop(func(old keptFindings) bool { return old.key == oldest })
	}
}

func (k *kept) drop(is func(keptFindings) bool) {
	k.all = slices.DeleteFunc(k.all, func(f keptFindings) bool {
		if is(f) {
			k.lines -= f.findings.lines()
			return true
		}
		return false
	})
}

// lines is what the findings list, and one for themselves.
func (f *Findings) lines() int {
	return 1 + len(f.Dangling) + len(f.Broken) + len(f.Open) + len(f.Uncovered)
}
