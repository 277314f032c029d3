package documents

import (
	"strconv"
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
)

// State is where a version stands on a day.
type State string

// The states. Rows hold the first three and Withdrawn; Effective and Superseded follow from dates.
const (
	Draft      State = "draft"
	InReview   State = "in-review"
	Approved   State = "approved" // signed, its day of effect still to come
	Effective  State = "effective"
	Superseded State = "superseded"
	Withdrawn  State = "withdrawn"
)

// States lists the states in the order of a version's life.
func States() []State {
	return []State{Draft, InReview, Approved, Effective, Superseded, Withdrawn}
}

// Number is the number of a version: major.minor.
type Number struct{ Major, Minor int64 }

// ParseNumber reads "2.1", "2", "V2,1" or "v 2.1"; a whole number is the .0 of it.
func ParseNumber(s string) (Number, error) {
	t := strings.TrimSpace(strings.TrimLeft(strings.ToLower(strings.TrimSpace(s)), "v"))
	major, minor, dotted := strings.Cut(strings.Replace(t, ",", ".", 1), ".")
	if !dotted {
		minor = "0"
	}
	a, errA := strconv.ParseUint(major, 10, 31)
	b, errB := strconv.ParseUint(minor, 10, 31)
	if errA != nil || errB != nil {
		return Number{}, qms.Invalid("version.number_malformed", s)
	}
	return Number{int64(a), int64(b)}, nil
}

// String is the form 2.1.
func (n Number) String() string {
	return strconv.FormatInt(n.Major, 10) + "." + strconv.FormatInt(n.Minor, 10)
}

// Compare is negative when n comes before other, positive when after.
func (n Number) Compare(other Number) int {
	if n.Major != other.Major {
		return int(n.Major - other.Major)
	}
	return int(n.Minor - other.Minor)
}

// Next is the number of the version after n.
func (n Number) Next(minor bool) Number {
	if minor {
		return Number{n.Major, n.Minor + 1}
	}
	return Number{n.Major + 1, 0}
}

// Version is one version of a document. The civil days of its steps stand beside the instants, so
// that what it was on a past day needs no time zone.
type Version struct {
	qms.Row
	Document  qms.ID
	Major     int64
	Minor     int64
	State     State  // draft, in-review, approved or withdrawn; StateOn says the rest
	TakenOver bool   // approved before Maillon: came with an import, without a round
	FileName  string // empty when there is no content yet
	MediaType string
	Size      int64        // bytes
	Content   vault.Digest // zero when there is no content yet
	Reason    string       // for the change
	Author    qms.ID
	Verifier  qms.ID
	Approver  qms.ID

	SubmittedAt time.Time `bun:",nullzero"`
	VerifiedAt  time.Time `bun:",nullzero"`
	ApprovedAt  time.Time `bun:",nullzero"`
	WithdrawnAt time.Time `bun:",nullzero"`
	Remark      string    // why it was last rejected, recalled or withdrawn

	CreatedOn      qms.Date
	SubmittedOn    qms.Date
	ApprovedOn     qms.Date
	WithdrawnOn    qms.Date
	PlannedFrom    qms.Date // the day of effect the author proposes
	EffectiveFrom  qms.Date // first day in force; zero until approved
	EffectiveUntil qms.Date // first day no longer in force; zero while nothing ends it
	ReviewOn       qms.Date // next periodic review
	ReviewedOn     qms.Date // the last periodic review that ended without a change
	Rereads        bool     // a minor version that everybody is asked to read all the same
	Supersedes     qms.ID   // the version whose period this one ended or will end
	Exemption      qms.ID   // from the rule of three people, that it was put in review under
	Keeping
}

// Number is the version's number.
func (v *Version) Number() Number { return Number{v.Major, v.Minor} }

// Period is the days on which the version is in force. It is empty (no day) until approved.
func (v *Version) Period() (qms.Period, bool) {
	if v.EffectiveFrom == 0 || v.EffectiveUntil != 0 && v.EffectiveUntil <= v.EffectiveFrom {
		return qms.Period{}, false
	}
	return qms.Period{From: v.EffectiveFrom, Until: v.EffectiveUntil}, true
}

// InForceOn reports whether the version is in force on the day.
func (v *Version) InForceOn(day qms.Date) bool {
	p, ok := v.Period()
	return ok && p.Contains(day)
}

// StateOn is the state of the version on the day, and whether it existed by then. What a rejected
// or recalled round was before is in the trail; here it was a draft all along.
func (v *Version) StateOn(day qms.Date) (State, bool) {
	switch {
	case !v.TakenOver && day < v.CreatedOn:
		return "", false
	case v.WithdrawnOn != 0 && day >= v.WithdrawnOn:
		return Withdrawn, true
	case v.EffectiveFrom != 0 && (v.TakenOver || day >= v.ApprovedOn):
		switch {
		case v.EffectiveUntil != 0 && day >= v.EffectiveUntil && day >= v.EffectiveFrom:
			return Superseded, true
		case day >= v.EffectiveFrom:
			return Effective, true
		}
		return Approved, !v.TakenOver || day >= v.CreatedOn
	case v.SubmittedOn != 0 && day >= v.SubmittedOn:
		return InReview, true
	}
	return Draft, true
}

// HasContent reports whether a file is attached.
func (v *Version) HasContent() bool { return !v.Content.IsZero() }

// Meaning is what a signature says.
type Meaning string

// The meanings of signatures.
const (
	Authored   Meaning = "authored"
	Verified   Meaning = "verified"
	ApprovedBy Meaning = "approved"
	Rejected   Meaning = "rejected"
	Reviewed   Meaning = "reviewed" // periodic review, no change
	ReadBy     Meaning = "read"     // taken note of, by somebody to whom the version in force is addressed
)

// Signature is one person's signature under one content. It is never changed: when a round is
// rejected, the signatures given stay on record and count no more.
type Signature struct {
	qms.Row
	Version  qms.ID
	Person   qms.ID
	Name     string // as it was
	Meaning  Meaning
	Content  vault.Digest // what was signed
	SignedAt time.Time
	SignedOn qms.Date // the civil day of it; none on rows older than it
	Zone     string   `bun:",nullzero"` // where the site is; none on rows older than it
}
