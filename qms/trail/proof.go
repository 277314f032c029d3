package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// FactProof proves that one change is in a log: the change, its place and proof in the tree of its
// act, the entry of the act, and the entry's proof in the log of a checkpoint. Its JSON keeps the
// change and the entry as texts, so that their bytes are what was hashed.
type FactProof struct {
	Change      []byte           // canonical JSON, see Change.Encode
	Index       int64            // of the change among the changes of the act
	ChangeProof tlog.RecordProof // of the change in the tree of the act
	Entry       []byte           // canonical JSON, see Entry.Encode
	EntryProof  tlog.RecordProof // of the entry in the log
}

// Verify checks every step from the change to the checkpoint, and returns what was proved. The
// checkpoint's own signature is checked by Open.
func (p FactProof) Verify(c Checkpoint) (Entry, Change, error) {
	change, err := DecodeChange(p.Change)
	if err != nil {
		return Entry{}, Change{}, err
	}
	entry, err := DecodeEntry(p.Entry)
	if err != nil {
		return Entry{}, Change{}, err
	}
	if entry.Log != c.Log() {
		return Entry{}, Change{}, fmt.Errorf("prove fact: entry of log %q, checkpoint of log %q", entry.Log, c.Log())
	}
	if err := tlog.CheckRecord(p.ChangeProof, entry.Changes, entry.Root, p.Index, tlog.RecordHash(p.Change)); err != nil {
		return Entry{}, Change{}, fmt.Errorf("prove change %d of entry %d: %w", p.Index, entry.Seq, err)
	}
	if err := CheckInclusion(c, entry.Seq, tlog.RecordHash(p.Entry), p.EntryProof); err != nil {
		return Entry{}, Change{}, err
	}
	return entry, change, nil
}

type factProof struct {
	Change      string           `json:"change"`
	Index       int64            `json:"index"`
	ChangeProof tlog.RecordProof `json:"change_proof"`
	Entry       string           `json:"entry"`
	EntryProof  tlog.RecordProof `json:"entry_proof"`
}

// MarshalJSON writes the proof as one JSON object.
func (p FactProof) MarshalJSON() ([]byte, error) {
	return json.Marshal(factProof{string(p.Change), p.Index, p.ChangeProof, string(p.Entry), p.EntryProof})
}

// UnmarshalJSON reads what MarshalJSON wrote; another spelling, white space aside, is refused.
func (p *FactProof) UnmarshalJSON(data []byte) error {
	var f factProof
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	read := FactProof{[]byte(f.Change), f.Index, f.ChangeProof, []byte(f.Entry), f.EntryProof}
	again, err := read.MarshalJSON()
	if err != nil {
		return err
	}
	if bytes.Equal(again, data) { // as it is written
		*p = read
		return nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return err
	}
	if !bytes.Equal(again, compact.Bytes()) {
		return errors.New("read fact proof: not its canonical form")
	}
	*p = read
	return nil
}

// Inclusion proves that leaf seq is in the log of the given size.
func Inclusion(size, seq int64, r tlog.HashReader) (tlog.RecordProof, error) {
	return tlog.ProveRecord(size, seq, r)
}

// CheckInclusion checks that the leaf of that number and hash is in the checkpoint's log.
func CheckInclusion(c Checkpoint, seq int64, leaf Hash, proof tlog.RecordProof) error {
	if err := tlog.CheckRecord(proof, c.Size, c.Root, seq, leaf); err != nil {
		return fmt.Errorf("prove leaf %d of %d: %w", seq, c.Size, err)
	}
	return nil
}

// Consistency proves that the log of size older is the beginning of the log of size newer.
func Consistency(newer, older int64, r tlog.HashReader) (tlog.TreeProof, error) {
	if older == 0 {
		return nil, nil // every log begins with the empty one
	}
	return tlog.ProveTree(newer, older, r)
}

// CheckConsistency checks that nothing of the older checkpoint's log was rewritten in the newer's.
func CheckConsistency(newer, older Checkpoint, proof tlog.TreeProof) error {
	if newer.Origin != older.Origin {
		return errors.New("compare checkpoints: of two logs")
	}
	if older.Size == 0 {
		if len(proof) != 0 || older.Root != new(Frontier).Root() {
			return errors.New("compare checkpoints: not the empty log")
		}
		return nil
	}
	if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("compare checkpoints %d and %d: %w", older.Size, newer.Size, err)
	}
	return nil
}
