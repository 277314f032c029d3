package store

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Every state that a change begins with is one that a change before it left, and every state that no later
// change takes up is the row as it is. To see that for all rows, without looking one of them up, each state
// is hashed with its row and revision: what changes left, less what changes began with, must be what the rows
// are, hash for hash, and then the sums of the hashes are equal. The other way round: the hashes are keyed
// anew for every verification, so nobody can have chosen states whose sums are equal and which are not. (An
// additive multiset hash: Clarke and others, Incremental Multiset Hash Functions, 2003, section 5.)
//
// The sums say that a table is as the trail says, or not, and no more: what is wrong, and where, a rowVerifier
// finds, which looks at the tables that are named to it.

// states are the sums of every table.
type states struct {
	block  cipher.Block
	seal   cipher.AEAD
	nonce  []byte
	tables map[string]*tableStates
	buf    []byte
}

// hash is of a state, or a sum of hashes: two numbers, each added modulo 2^64.
type hash [2]uint64

// tableStates is what was summed of a table.
type tableStates struct {
	shape    *tableShape // nil: there is no such table any more
	digest   []bool      // by column: the trail keeps a digest of it
	begins   [][]byte    // by column: what it holds in rows older than itself, as the trail would keep it
	left     hash        // what changes left, less what changes began with, less what the rows are
	doubtful bool        // something could not be summed
}

func newStates(tables map[string]*tableShape) (*states, error) {
	s := &states{tables: make(map[string]*tableStates, len(tables))}
	key := make([]byte, 32+12) // neither outlives the verification
	rand.Read(key)             //nolint:errcheck // never returns an error
	var err error
	if s.block, err = aes.NewCipher(key[:32]); err != nil {
		return nil, err
	}
	if s.seal, err = cipher.NewGCM(s.block); err != nil {
		return nil, err
	}
	s.nonce = key[32:]
	for name, shape := range tables {
		t := &tableStates{shape: shape, digest: make([]bool, len(shape.columns)), begins: make([][]byte, len(shape.columns))}
		for i, c := range shape.columns {
			t.begins[i] = c.beginning()
		}
		s.tables[name] = t
	}
	return s, nil
}

// change sums what a change left and what it began with.
func (s *states) change(c *storedChange) {
	t := s.tables[c.Table]
	if t == nil {
		t = &tableStates{doubtful: true}
		s.tables[c.Table] = t
	}
	if t.shape == nil {
		return
	}
	s.begin(c.Table, string(c.ID), c.revision)
	t.state(s, c.After)
	t.add(s.sum())
	if isNull(c.Before) {
		t.doubtful = t.doubtful || c.revision != 1
		return
	}
	s.begin(c.Table, string(c.ID), c.revision-1)
	t.state(s, c.Before)
	t.subtract(s.sum())
}

func isNull(state json.RawMessage) bool { return len(state) == 0 || string(state) == "null" }

// row sums a row as it is.
func (s *states) row(row *businessRow) {
	t := s.tables[row.shape.name]
	at, whole := row.values[row.shape.revision].(int64)
	s.begin(row.shape.name, string(row.id), at)
	for i, c := range row.shape.columns {
		s.buf = append(s.buf, c.member...)
		var err error
		if s.buf, err = appendValue(s.buf, row.values[i], t.digest[i]); err != nil || !whole {
			t.doubtful = true
			return
		}
		s.buf = append(s.buf, ',')
	}
	t.subtract(s.sum())
}

// begin begins what is hashed of a state.
func (s *states) begin(table, id string, revision int64) {
	s.buf = append(append(s.buf[:0], table...), 0)
	s.buf = append(append(s.buf, id...), 0)
	s.buf = binary.BigEndian.AppendUint64(s.buf, uint64(revision)) //nolint:gosec // its bits alone matter
}

// sum hashes the state: the tag of GCM is a universal hash of it, and a block cipher makes that one whose sums
// say nothing of each other (Carter and Wegman, 1981).
func (s *states) sum() hash {
	tag := s.seal.Seal(s.buf[len(s.buf):], s.nonce, nil, s.buf)
	s.block.Encrypt(tag, tag)
	return hash{binary.BigEndian.Uint64(tag), binary.BigEndian.Uint64(tag[8:])}
}

func (t *tableStates) add(h hash) {
	t.left[0] += h[0]
	t.left[1] += h[1]
}

func (t *tableStates) subtract(h hash) {
	t.left[0] -= h[0]
	t.left[1] -= h[1]
}

// state appends every column of a state that the trail keeps, each as row appends it: a column of which the
// state does not know was added by a later migration, and held what it begins with.
func (t *tableStates) state(s *states, state []byte) {
	rest, begun := bytes.CutPrefix(state, []byte("{"))
	for i := range t.shape.columns {
		c := &t.shape.columns[i]
		of, known := bytes.CutPrefix(rest, c.member)
		value := t.begins[i]
		if known {
			value = of[:valueEnd(of)]
			if rest = of[len(value):]; len(rest) > 1 && rest[0] == ',' {
				rest = rest[1:]
			}
			t.digest[i] = t.digest[i] || isDigest(value)
		}
		begun = begun && len(value) > 0
		s.buf = append(append(append(s.buf, c.member...), value...), ',')
	}
	if !begun || string(rest) != "}" {
		t.doubtful = true
	}
}

// valueEnd is where the first value of an object's rest ends, in canonical JSON as the trail keeps it: a
// literal, a number, a text, or the object that stands for a digest.
func valueEnd(rest []byte) int {
	if len(rest) == 0 {
		return 0
	}
	switch rest[0] {
	case '"':
		for from := 1; ; {
			quote := bytes.IndexByte(rest[from:], '"')
			if quote < 0 {
				return 0
			}
			end, escapes := from+quote, 0
			for rest[end-1-escapes] == '\\' {
				escapes++
			}
			if from = end + 1; escapes%2 == 0 {
				return from
			}
		}
	case '{':
		return bytes.IndexByte(rest, '}') + 1
	}
	return max(0, bytes.IndexAny(rest, ",}"))
}

// beginning is what the column holds in rows older than itself, as the trail would keep it; nil where its
// DEFAULT is no literal.
func (c columnShape) beginning() []byte {
	literal, _, _ := strings.Cut(c.initial, "::") // PostgreSQL says 'A'::text
	if literal == "" || strings.EqualFold(literal, "null") {
		return []byte("null")
	}
	if text, ok := strings.CutPrefix(literal, "'"); ok {
		written, err := appendText(nil, strings.ReplaceAll(strings.TrimSuffix(text, "'"), "''", "'"))
		if err != nil {
			return nil
		}
		return written
	}
	if strings.HasPrefix(c.kind, "BOOL") {
		on, err := strconv.ParseBool(strings.ToLower(literal))
		if err != nil {
			return nil
		}
		return strconv.AppendBool(nil, on)
	}
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		written, _ := appendValue(nil, n, false) //nolint:errcheck // of a whole number there is none
		return written
	}
	return nil
}

// hold sums the rows as they are, and names the tables that are not as the trail says, or may not be.
func (s *states) hold(ctx context.Context, r Reader, report *Report, tell func(read int)) (doubted []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		t, counted := s.tables[name], int64(0)
		if !t.doubtful {
			if counted, err = s.rows(ctx, r, t.shape, tell); err != nil {
				return nil, fmt.Errorf("verify rows of %s: %w", name, err)
			}
		}
		if t.doubtful || t.left != (hash{}) {
			doubted = append(doubted, name)
			continue
		}
		report.Rows += counted
	}
	return doubted, nil
}

// rows sums the rows of a table as they are, and counts them.
func (s *states) rows(ctx context.Context, r Reader, shape *tableShape, tell func(read int)) (counted int64, err error) {
	read := func(ctx context.Context, give func([]businessRow) error) error {
		some := make([]businessRow, 0, verifiedAtOnce)
		err := shape.each(ctx, r, func(row businessRow) error {
			if some = append(some, row); len(some) < verifiedAtOnce {
				return nil
			}
			err := give(some)
			some = make([]businessRow, 0, verifiedAtOnce)
			return err
		}, "")
		if err != nil {
			return err
		}
		return give(some)
	}
	err = alongside(ctx, read, func(some []businessRow) {
		for i := range some {
			s.row(&some[i])
		}
		counted += int64(len(some))
		tell(len(some))
	})
	return counted, err
}
