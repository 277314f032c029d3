package documents

import (
	"strings"
	"time"
	"unicode/utf8"

	"maillon/documents/vault"
	"maillon/qms"
)

// Item is the kind of content that a decision of disposal is about.
type Item string

// The kinds.
const (
	ItemVersion Item = "version"
	ItemRecord  Item = "record"
)

// Disposal is what was decided about one content at the end of its retention: the signature of who
// decided, under the SHA-256 of the content. It is never changed; a later decision is another row.
type Disposal struct {
	qms.Row
	Number    string // SORT-2026-001: one for all that was decided together
	Kind      Item
	Item      qms.ID // of the version or the record
	Label     string // as people call it: PR-ACH-003 v1.0, ENR-2026-00001
	Title     string
	Decision  Decision
	DueOn     qms.Date // the day its retention had passed
	KeepUntil qms.Date // of Keep
	Place     string   // of Archive: who holds it now
	Reason    string
	Content   vault.Digest // what was signed; zero for a version without a content
	Person    qms.ID
	Name      string // as it was
	DecidedOn qms.Date
	DecidedAt time.Time

	Zone         string `bun:",nullzero"` // where the site is; none on decisions older than its being noted
	SignedDigest string `bun:",nullzero"` // SHA-256 of the whole decision; those older than it name the content alone
}

// Passed is one content whose retention has passed.
type Passed struct {
	Kind      Item
	ID        qms.ID
	Revision  int64
	Code      string // of the document, or of the record's form
	Label     string
	Title     string
	From      qms.Date // its retention counts from
	End       qms.Date // and had passed on
	Retention string   // as the platform says it
	Months    qms.Months
	FileName  string
	Size      int64 // bytes
	Content   vault.Digest
	Number    Number // of the version
}

// Dispose is a decision about several contents.
type Dispose struct {
	Platform  qms.ID
	Items     []qms.ID
	Decision  Decision
	KeepUntil qms.Date
	Place     string
	Reason    string
}

// check tidies the decision and says what is wrong with it.
func (d *Dispose) check(today qms.Date) (wrong []qms.Field) {
	d.Place, d.Reason = strings.Join(strings.Fields(printable(d.Place)), " "), tidy(d.Reason)
	switch d.Decision {
	case Keep:
		if d.KeepUntil <= today {
			wrong = append(wrong, qms.Wrong("keep_until", "disposal.keep_until"))
		}
		d.Place = ""
	case Archive:
		if d.Place == "" || utf8.RuneCountInString(d.Place) > maxTitle {
			wrong = append(wrong, qms.Wrong("place", "disposal.place_missing"))
		}
		d.KeepUntil = 0
	case Eliminate:
		d.Place, d.KeepUntil = "", 0
	default:
		wrong = append(wrong, qms.Wrong("decision", "disposal.decision_missing"))
	}
	switch {
	case d.Reason == "":
		wrong = append(wrong, qms.Wrong("reason", "act.reason_missing"))
	case utf8.RuneCountInString(d.Reason) > maxReason:
		wrong = append(wrong, qms.Wrong("reason", "act.reason_long", maxReason))
	}
	return wrong
}

// decide writes the decision on what is kept. What was handed over or eliminated is decided.
func (k *Keeping) decide(d Dispose, today qms.Date) {
	if d.Decision == Keep {
		k.KeepUntil = d.KeepUntil
		return
	}
	k.Disposal, k.DisposedOn = d.Decision, today
}
