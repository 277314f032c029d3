package archive

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/trail"
)

var digestText = regexp.MustCompile(`"[0-9a-f]{64}"`)

// facts checks every proof, and marks the digests that proven facts name.
func (e *examination) facts() error {
	if e.head == nil {
		e.unchecked(KindFact, factsName, "verify.facts_without_checkpoint")
		return nil
	}
	_, r := e.pack.content(factsName)
	lines := bufio.NewReaderSize(r, 1<<16)
	proved := provedFacts{tables: map[string]int64{}, seen: map[[2]int64]bool{}}
	count := int64(0)
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err := e.refused(KindFact, factsName, err); !errors.Is(err, errEnough) {
				return err
			}
			break
		}
		count++
		if key := proved.add(line, *e.head, e.named); key != "" {
			e.wrong(KindFact, factsName+":"+strconv.FormatInt(count, 10), qms.Invalid(key, count))
		}
	}
	if e.stated != nil && count != e.stated.Facts {
		e.wrong(KindFact, factsName, qms.Invalid("pack.facts_missing", e.stated.Facts, count))
	}
	for _, table := range slices.Sorted(maps.Keys(proved.tables)) {
		e.sound(KindFact, table, "verify.facts_sound", proved.tables[table])
		e.Facts += proved.tables[table]
	}
	return nil
}

// provedFacts are the facts found in the trail so far: how many of each table, and where.
type provedFacts struct {
	tables map[string]int64
	seen   map[[2]int64]bool // entry and change
}

// add checks one fact and marks the digests that it names. It returns why it refuses one.
func (f provedFacts) add(line []byte, head trail.Checkpoint, named map[string]bool) string {
	var p trail.FactProof
	if p.UnmarshalJSON(line) != nil {
		return "pack.fact_refused"
	}
	entry, change, err := p.Verify(head)
	if err != nil {
		return "pack.fact_refused"
	}
	place := [2]int64{entry.Seq, p.Index}
	if f.seen[place] {
		return "pack.fact_doubled"
	}
	f.seen[place] = true
	f.tables[change.Table]++
	for _, quoted := range digestText.FindAll(p.Change, -1) {
		if _, wanted := named[string(quoted[1:65])]; wanted {
			named[string(quoted[1:65])] = true
		}
	}
	return ""
}

// readLine reads one line of at most maxFact bytes; a line without its end is refused.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, qms.Invalid("pack.file_altered", factsName)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > maxFact:
			return nil, qms.Invalid("pack.file_too_large", factsName)
		}
	}
}
