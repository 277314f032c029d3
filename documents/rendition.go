package documents

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
)

// Rendition is the PDF of a version that people read and print: one row for each time one is made.
// It is asked for in the act that approves, or when somebody first wants it, and made afterwards: a
// rendition that cannot be made holds nothing up. The original stays untouched beside it.
type Rendition struct {
	qms.Row
	Document      qms.ID
	Version       qms.ID
	Edition       int64  // counts the renditions of the version, from 1
	Token         string // in the address of the page that says whether this print is in force
	Source        vault.Digest
	EffectiveFrom qms.Date // as printed
	Mark          State    // Superseded or Withdrawn, across every page; empty without
	MarkedOn      qms.Date // since when, as printed; zero without a mark
	State         RenditionState
	How           How       // while pending: how it is to be made, the best way there is when empty
	Attempts      int64     // since it was asked for, or asked for again
	AskedAt       time.Time // UTC, like all that follow
	BegunAt       time.Time `bun:",nullzero"` // while somebody is at it
	NextAt        time.Time `bun:",nullzero"` // while pending: not tried before
	Failure       string    // key of the sentence that says why the last attempt failed, or the original had to be attached
	FailureArgs   []string
	Base          vault.Digest // the PDF before its cover and marks, when it was converted
	Content       vault.Digest // zero until it is made
	Size          int64        // bytes
	Pages         int64
	MadeAt        time.Time `bun:",nullzero"`
}

// RenditionState says how far a rendition is.
type RenditionState string

// The states of a rendition.
const (
	RenditionPending RenditionState = "pending"
	RenditionDone    RenditionState = "done"
	RenditionFailed  RenditionState = "failed" // nobody tries again until somebody asks
)

// How says how a rendition was made.
type How string

// The ways to make a rendition.
const (
	Stamped   How = "stamped"   // the original is a PDF
	Converted How = "converted" // a converter made a PDF of it
	Enclosed  How = "enclosed"  // a cover page, with the original attached to it
)

// retryAfter is how long a rendition rests after each failed attempt. After the last it has failed.
var retryAfter = []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour}

// imprint is all that a rendition must say to be right on a day: where one says something else,
// another is wanted.
type imprint struct {
	source        vault.Digest
	effectiveFrom qms.Date
	mark          State
	markedOn      qms.Date
}

// imprintOn is what a rendition of the version must say on the day. There is none of what was never
// approved, nor of what has no content.
func (v *Version) imprintOn(day qms.Date) (imprint, bool) {
	state, exists := v.StateOn(day)
	if !exists || !v.HasContent() || v.EffectiveFrom == 0 || state == Draft || state == InReview {
		return imprint{}, false
	}
	im := imprint{source: v.Content, effectiveFrom: v.EffectiveFrom}
	switch state {
	case Superseded:
		im.mark, im.markedOn = Superseded, v.EffectiveUntil
	case Withdrawn:
		im.mark, im.markedOn = Withdrawn, v.WithdrawnOn
	}
	return im, true
}

func (r *Rendition) imprint() imprint {
	return imprint{r.Source, r.EffectiveFrom, r.Mark, r.MarkedOn}
}

// say sets what is to be printed.
func (r *Rendition) say(im imprint) {
	if r.Source != im.source {
		r.Base = vault.Digest{}
	}
	r.Source, r.EffectiveFrom, r.Mark, r.MarkedOn = im.source, im.effectiveFrom, im.mark, im.markedOn
}

// latest is the newest of the renditions that say im, and the newest of these that is made. Both are
// nil when there is none; renditions come newest first.
func latest(all []*Rendition, im imprint) (newest, made *Rendition) {
	for _, r := range all {
		if r.imprint() != im {
			continue
		}
		if newest == nil {
			newest = r
		}
		if r.State == RenditionDone {
			return newest, r
		}
	}
	return newest, nil
}

// baseOf is the PDF that a converter made of the content for an earlier rendition, zero when none
// did: a mark comes onto the very pages that were read before.
func baseOf(all []*Rendition, source vault.Digest) vault.Digest {
	i := slices.IndexFunc(all, func(r *Rendition) bool { return r.Source == source && !r.Base.IsZero() })
	if i < 0 {
		return vault.Digest{}
	}
	return all[i].Base
}

// Due reports whether the rendition waits for somebody to make it now.
func (r *Rendition) Due(now time.Time) bool {
	return r.State == RenditionPending && !r.NextAt.After(now)
}

// UnderWay reports whether somebody is making the rendition now.
func (r *Rendition) UnderWay(now time.Time) bool {
	return r.State == RenditionPending && !r.BegunAt.IsZero() && r.NextAt.After(now)
}

// begin notes an attempt before it is made, so that one that takes the whole house down counts too.
// Until the lease ends nobody else tries.
func (r *Rendition) begin(now time.Time, lease time.Duration) {
	r.Attempts++
	r.BegunAt, r.NextAt = now, now.Add(lease)
}

// finish notes what was made.
func (r *Rendition) finish(now time.Time, m printed) {
	r.State, r.How, r.Base = RenditionDone, m.how, m.base
	r.Content, r.Size, r.Pages = m.content.Digest, m.content.Size, int64(m.pages)
	r.MadeAt, r.BegunAt, r.NextAt = now, time.Time{}, time.Time{}
	r.Failure, r.FailureArgs = "", nil
	if m.why != nil {
		r.Failure, r.FailureArgs = failureOf(m.why)
	}
}

// fail notes why an attempt failed, and when the next one is due, if there is one.
func (r *Rendition) fail(now time.Time, err error) {
	r.BegunAt = time.Time{}
	r.Failure, r.FailureArgs = failureOf(err)
	if int(r.Attempts) > len(retryAfter) {
		r.State, r.NextAt = RenditionFailed, time.Time{}
		return
	}
	r.NextAt = now.Add(retryAfter[max(r.Attempts-1, 0)])
}

// leave gives an attempt back that was broken off without a fault of its own.
func (r *Rendition) leave(now time.Time) {
	r.Attempts = max(r.Attempts-1, 0)
	r.BegunAt, r.NextAt = time.Time{}, now
}

// again asks anew for a rendition that failed or rests.
func (r *Rendition) again(now time.Time, how How) {
	r.State, r.How, r.Attempts = RenditionPending, how, 0
	r.BegunAt, r.NextAt = time.Time{}, now
}

// errTimeout is the failure of an attempt that took too long.
func errTimeout(limit time.Duration) error {
	return qms.Busy("print.timeout", int(limit/time.Second))
}

// failureOf is the key of the sentence that says what went wrong, and what fills it. The text of an
// internal error does not leave the house.
func failureOf(err error) (key string, args []string) {
	var e *qms.Error
	if !errors.As(err, &e) {
		return "print.broken", nil
	}
	for _, a := range e.Args {
		args = append(args, fmt.Sprint(a))
	}
	return e.Key, args
}

// Fault is the error that says why the last attempt failed, nil when none did.
func (r *Rendition) Fault() error {
	if r.Failure == "" {
		return nil
	}
	args := make([]any, len(r.FailureArgs))
	for i, a := range r.FailureArgs {
		args[i] = argument(a)
	}
	return qms.Conflict(r.Failure, args...)
}

// argument is what filled a sentence, as it was before failureOf wrote it down: numbers and durations
// are written in the language of the reader.
func argument(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if d, err := time.ParseDuration(text); err == nil {
		return d
	}
	return text
}
