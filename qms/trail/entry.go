package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
)

// Hash is a SHA-256 of the tree; its JSON form is standard base64.
type Hash = tlog.Hash

// SiteLog names the log of what belongs to no platform. A platform's log is named by its ID.
const SiteLog = "site"

// LogOf names the log that the changes of a platform go to, the site's when it is empty.
func LogOf(platform qms.ID) string {
	if platform == "" {
		return SiteLog
	}
	return string(platform)
}

// Entry is one act, and one leaf of a log.
type Entry struct {
	Log       string    `json:"log"`
	Seq       int64     `json:"seq"` // from 0, without gaps
	At        time.Time `json:"at"`  // UTC
	Actor     qms.ID    `json:"actor,omitempty"`
	ActorName string    `json:"actor_name,omitempty"` // as it was at the time of the act
	Behalf    qms.ID    `json:"behalf,omitempty"`
	Act       string    `json:"act"` // noun.verb
	Subject   qms.ID    `json:"subject,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Request   string    `json:"request,omitempty"` // ties the entry to the logs of the server
	Changes   int64     `json:"changes"`           // how many changes the act made
	Root      Hash      `json:"root"`              // of the Merkle tree over them, see ChangesRoot
}

// Encode is the canonical JSON of the entry: the data of its leaf. It refuses text that is not UTF-8
// and numbers beyond 2^53. Every write pays for it, so the fields are written in their sorted order
// directly; a test compares the result with the generic canonicaliser.
func (e Entry) Encode() ([]byte, error) {
	if err := exact(e.Seq, e.Changes); err != nil {
		return nil, err
	}
	w := writer{buf: make([]byte, 0, 512+len(e.Reason))}
	w.raw(`{"act":`)
	w.text(e.Act)
	w.member("actor", string(e.Actor))
	w.member("actor_name", e.ActorName)
	w.raw(`,"at":"`)
	w.buf = e.At.UTC().AppendFormat(w.buf, time.RFC3339Nano)
	w.raw(`"`)
	w.member("behalf", string(e.Behalf))
	w.raw(`,"changes":`)
	w.buf = strconv.AppendInt(w.buf, e.Changes, 10)
	w.raw(`,"log":`)
	w.text(e.Log)
	w.member("reason", e.Reason)
	w.member("request", e.Request)
	w.raw(`,"root":"`)
	w.raw(e.Root.String())
	w.raw(`","seq":`)
	w.buf = strconv.AppendInt(w.buf, e.Seq, 10)
	w.member("subject", string(e.Subject))
	w.raw(`}`)
	return w.buf, w.err
}

// DecodeEntry reads what Encode wrote, and refuses any other spelling of it.
func DecodeEntry(data []byte) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil {
		return Entry{}, fmt.Errorf("decode entry: %w", err)
	}
	again, err := e.Encode()
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(again, data) {
		return Entry{}, errors.New("decode entry: not its canonical form")
	}
	return e, nil
}

// LeafHash is the hash of the leaf that holds data.
func LeafHash(data []byte) Hash { return tlog.RecordHash(data) }

// Change is what one act did to one row. Before is nil on insert; both are JSON objects whose
// spelling Encode makes canonical.
type Change struct {
	Table  string          `json:"table"`
	ID     qms.ID          `json:"id"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// Encode is the canonical JSON of the change: a leaf of the tree of its act.
func (c Change) Encode() ([]byte, error) {
	w := writer{buf: make([]byte, 0, 64+len(c.Before)+len(c.After)+len(c.ID)+len(c.Table))}
	w.raw(`{"after":`)
	w.json(c.After)
	w.raw(`,"before":`)
	w.json(c.Before)
	w.raw(`,"id":`)
	w.text(string(c.ID))
	w.raw(`,"table":`)
	w.text(c.Table)
	w.raw(`}`)
	return w.buf, w.err
}

// DecodeChange reads what Encode wrote, and refuses any other spelling of it.
func DecodeChange(data []byte) (Change, error) {
	var c Change
	if err := json.Unmarshal(data, &c); err != nil {
		return Change{}, fmt.Errorf("decode change: %w", err)
	}
	again, err := c.Encode()
	if err != nil {
		return Change{}, err
	}
	if !bytes.Equal(again, data) {
		return Change{}, errors.New("decode change: not its canonical form")
	}
	return c, nil
}
