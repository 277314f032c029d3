package vault

import (
	"slices"
	"time"
)

// Trial is one thing that a vault is tried for.
type Trial string

// The trials, in the order in which they are tried. The last six are what a lock is made of.
const (
	RoundTrip  Trial = "round-trip" // what is put is read back, byte for byte
	Checksum   Trial = "checksum"   // the service refuses bytes that are not those of the stated SHA-256
	Listing    Trial = "listing"    // what was put is listed, once, and nothing else
	Versioning Trial = "versioning" // a second content under a key leaves the first one there
	Overwrite  Trial = "overwrite"  // and does not change it
	LockOn     Trial = "lock"       // the bucket has object lock
	Retention  Trial = "retention"  // a retention that was set is read back, in COMPLIANCE mode
	Deletion   Trial = "deletion"   // a version under retention cannot be deleted
	Shortening Trial = "shortening" // nor its retention shortened
)

// lock is what must hold before a lock is relied on.
var lock = []Trial{RoundTrip, Versioning, Overwrite, LockOn, Retention, Deletion, Shortening}

// Outcome is what came of a trial.
type Outcome string

// The outcomes.
const (
	Proved  Outcome = "proved"
	Lacking Outcome = "lacking"
	Untried Outcome = "untried" // what it depends on is lacking
	Foreign Outcome = "foreign" // a vault of this kind has nothing of the sort
)

// Finding is one trial with its outcome: vault.trial_TRIAL and vault.outcome_OUTCOME in qms/locale.
type Finding struct {
	Trial   Trial
	Outcome Outcome
	Said    string // by the service, for who operates it; may be empty
}

// Leftover is what a proof could not take away again, because the vault holds it, and until when.
type Leftover struct {
	Name  string
	Until time.Time
}

// Proof is what a vault was found to keep of its promises.
type Proof struct {
	Findings []Finding
	Left     []Leftover
}

// InOrder puts the findings into the order of the trials, whatever order they were made in.
func (p *Proof) InOrder() {
	order := []Trial{RoundTrip, Checksum, Listing, Versioning, Overwrite, LockOn, Retention, Deletion, Shortening}
	slices.SortStableFunc(p.Findings, func(a, b Finding) int { return slices.Index(order, a.Trial) - slices.Index(order, b.Trial) })
}

// Locks reports whether the lock of the vault may be relied on.
func (p Proof) Locks() bool {
	return !slices.ContainsFunc(lock, func(c Trial) bool { return p.outcome(c) != Proved })
}

// Sound reports whether nothing is lacking that a vault of this kind could have.
func (p Proof) Sound() bool {
	return !slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Outcome == Lacking || f.Outcome == Untried })
}

// Lacks lists the trials that were not proved and could be.
func (p Proof) Lacks() (all []Trial) {
	for _, f := range p.Findings {
		if f.Outcome == Lacking || f.Outcome == Untried {
			all = append(all, f.Trial)
		}
	}
	return all
}

func (p Proof) outcome(c Trial) Outcome {
	for _, f := range p.Findings {
		if f.Trial == c {
			return f.Outcome
		}
	}
	return Untried
}

// Add notes an outcome: Lacking with what was said where err is something.
func (p *Proof) Add(c Trial, err error) bool {
	if err != nil {
		p.Findings = append(p.Findings, Finding{c, Lacking, err.Error()})
		return false
	}
	p.Findings = append(p.Findings, Finding{Trial: c, Outcome: Proved})
	return true
}

// Leave notes that trials were not made, or are foreign to the vault.
func (p *Proof) Leave(o Outcome, trials ...Trial) {
	for _, c := range trials {
		p.Findings = append(p.Findings, Finding{Trial: c, Outcome: o})
	}
}
