// Package witness keeps what the trails can be held to: the checkpoints that were signed of each of them,
// and every key that signed any.
//
// It promises that a checkpoint is kept only when the trail continues the last one kept of it; where it
// does not, nothing is signed over it and an alarm stands until somebody settles it with a reason. Each log
// gets one checkpoint a day at most by itself, and none when nothing but checkpoints was added. Every key
// is on record with the statement by which the key before named it, or with the plain word that it began
// anew. A server whose key is not the latest signs nothing.
//
// It refuses to keep secrets: they are in the key file alone. It asks a time-stamp authority, where one is
// configured, outside of any transaction and after the checkpoint is on record.
package witness

import (
	"encoding/base64"
	"strconv"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// Cause is why a checkpoint was kept.
type Cause string

// The causes.
const (
	Daily  Cause = "daily"  // by itself
	Demand Cause = "demand" // somebody asked for it
	Packed Cause = "pack"   // an audit pack is proved by it
)

// Causes lists them, for filters.
func Causes() []Cause { return []Cause{Daily, Demand, Packed} }

// Checkpoint is a signed head of a log, as it was kept. Only the time-stamp comes later.
type Checkpoint struct {
	qms.Row
	Log        string
	Origin     string
	Size       int64  // leaves
	Root       string // base64
	Note       string // the signed note, as it is handed out
	Signer     string // fingerprint of the key
	Cause      Cause
	Day        qms.Date // of a daily one
	Pack       string   // number of the pack, if any
	MadeAt     time.Time
	MadeBy     qms.ID `bun:",nullzero"`
	MadeByName string

	Token     string    // the time-stamp token (RFC 3161), DER in base64; empty while there is none
	StampedAt time.Time `bun:",nullzero"` // the instant that the authority states
	Authority string    // who stamped it, as its certificate says
}

// Tree is the checkpoint as trails know it.
func (c *Checkpoint) Tree() trail.Checkpoint {
	head := trail.Checkpoint{Origin: c.Origin, Size: c.Size}
	_ = head.Root.UnmarshalJSON([]byte(strconv.Quote(c.Root))) // what kept wrote
	return head
}

// Fingerprint is what people compare.
func (c *Checkpoint) Fingerprint() string { return c.Tree().Fingerprint() }

// TokenBytes is the time-stamp token as a file; nil when there is none.
func (c *Checkpoint) TokenBytes() []byte {
	der, err := base64.StdEncoding.DecodeString(c.Token)
	if err != nil || len(der) == 0 {
		return nil
	}
	return der
}

// FileName is what the note is called when it is downloaded or mailed: code is the platform's, or the
// site's word.
func (c *Checkpoint) FileName(code string) string {
	return code + "-" + strconv.FormatInt(c.Size, 10) + ".checkpoint.txt"
}

// CheckpointAlarm is a log that did not continue the last checkpoint kept of it: it is shorter than it was, or
// something in it is not what it was.
type CheckpointAlarm struct {
	qms.Row     `trail:"site"`
	Log         string
	Checkpoint  qms.ID // that it does not continue
	KeptSize    int64
	KeptAt      time.Time
	FoundSize   int64
	FoundRoot   string
	FoundAt     time.Time
	Settled     string    // what was found and done; empty while it is open
	SettledAt   time.Time `bun:",nullzero"`
	SettledBy   qms.ID    `bun:",nullzero"`
	SettledName string
}

// ownActs are the acts that add to a log what only says something of it. A log that grew by these alone
// needs no new checkpoint: else keeping one would ask for the next.
var ownActs = []string{"checkpoint.keep", "checkpoint.stamp", "checkpoint.mail", "checkpoint.alarm"}
