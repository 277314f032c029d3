package qms

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Meaning is what a signature on a record says (21 CFR 11.50 b).
type Meaning string

// The meanings of signatures on records. Documents and exercises have their own, in their own rows.
const (
	MeansReport   Meaning = "report"   // answers for the report of an evaluation
	MeansDecision Meaning = "decision" // entered what a committee decided
	MeansRelease  Meaning = "release"  // authorised that a report goes to the client
	MeansExempt   Meaning = "exempt"   // grants an exemption
	MeansTaken    Meaning = "taken"    // answers for what was taken over
	MeansVoid     Meaning = "void"     // declares it a mistake
	MeansLift     Meaning = "lift"     // attests that a condition is met
)

// Endorsement is one person's signature on a record, for which the door has asked for the password again.
// It names the SHA-256 of the canonical content that it covers, and is never changed: what the record
// says later is held against it, and it breaks visibly when that is something else (21 CFR 11.70).
type Endorsement struct {
	Row
	Kind     string // of what is signed: mission-report, mission-decision, report-release, ...
	Subject  ID     // the record
	Label    string // what people call it
	Person   ID
	Name     string // as it was
	Meaning  Meaning
	Digest   string // SHA-256 of the content, in hexadecimal; see Digest
	SignedAt time.Time
	SignedOn Date   // the civil day, where the site is
	Zone     string // where the site is: Europe/Paris
}

// Digest is the SHA-256, in hexadecimal, of what a signature covers, as JSON: members in the order of the
// struct, dates in ISO 8601. The struct that a kind is signed as never changes its members; a new
// shape is a new kind.
func Digest(content any) string {
	text, err := json.Marshal(content)
	if err != nil {
		return "" // holds nothing, and equals no digest on record
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Holds reports whether what is covered now is what was signed.
func (e *Endorsement) Holds(now string) bool { return e.Digest != "" && e.Digest == now }
