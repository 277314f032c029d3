package trace

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// recordSet is a set of records by their identifiers, complete before it is asked. A million of them take
// some twenty megabytes: the form that identifiers have is kept as its sixteen bytes, in order, apart by
// the last of them, which is as good as chance.
type recordSet struct {
	short [256][][16]byte
	long  map[qms.ID]struct{} // identifiers of another form
}

func (s *recordSet) add(id string) {
	if short, ok := shortID(id); ok {
		s.short[short[15]] = append(s.short[short[15]], short)
		return
	}
	s.long[qms.ID(id)] = struct{}{}
}

// settle puts what was added into the order in which has finds it.
func (s *recordSet) settle() {
	for _, part := range s.short {
		slices.SortFunc(part, compareShort)
	}
}

func (s *recordSet) has(id qms.ID) bool {
	if short, ok := shortID(string(id)); ok {
		_, found := slices.BinarySearchFunc(s.short[short[15]], short, compareShort)
		return found
	}
	_, found := s.long[id]
	return found
}

func compareShort(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }

// shortID is the sixteen bytes of an identifier in its usual form, in lower case, which they name alone.
func shortID(id string) (short [16]byte, ok bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return short, false
	}
	var digits [32]byte
	n := 0
	for i := range 36 {
		switch c := id[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			continue
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
			digits[n] = c
			n++
		default:
			return short, false
		}
	}
	_, err := hex.Decode(short[:], digits[:])
	return short, err == nil
}

// filedOn reads which records of the platform have a file that counts as of the day.
func filedOn(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*recordSet, error) {
	rows, err := r.Query(ctx, "SELECT subject FROM evidences WHERE platform = ? AND void = '' AND added_on <= ?", platform, asOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	set := &recordSet{long: map[qms.ID]struct{}{}}
	scan := newScanner(rows, 1)
	for scan.next() {
		set.add(scan.text(0))
	}
	set.settle()
	return set, scan.done()
}
