package label

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// The bounds of what people state, in letters.
const (
	longestLine = 500
	longestText = 4000
)

// The days that are plausible in the programme: a typing error of a century would otherwise pass.
var (
	firstDay = qms.NewDate(1990, 1, 1)
	lastDay  = qms.NewDate(2150, 1, 1)
)

// statement reads what a person states within one act, and collects what is wrong with it.
type statement struct {
	ctx   context.Context // lives as long as the act it serves
	tx    *store.Tx
	s     *Service
	wrong []qms.Field
	err   error // an internal one
}

// fail notes what is wrong with a field.
func (in *statement) fail(field, key string, args ...any) {
	in.wrong = append(in.wrong, qms.Wrong(field, key, args...))
}

// outcome is the refusal of what is wrong, or nothing.
func (in *statement) outcome() error {
	if in.err != nil {
		return in.err
	}
	return qms.InvalidFields(in.wrong...)
}

func (in *statement) bounded(field, s string, limit int) string {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		in.fail(field, "text.unreadable")
		return ""
	case utf8.RuneCountInString(s) > limit:
		in.fail(field, "input.too_long", limit)
		return ""
	}
	return s
}

// line reads a short text; empty is allowed.
func (in *statement) line(field, s string) string { return in.bounded(field, s, longestLine) }

// text reads a long text; empty is allowed.
func (in *statement) text(field, s string) string { return in.bounded(field, s, longestText) }

// need asks for an answer.
func (in *statement) need(field, s string) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return s
}

// day reads a day that may be missing.
func (in *statement) day(field string, d qms.Date) qms.Date {
	if d != 0 && (d < firstDay || d >= lastDay) {
		in.fail(field, "date.implausible", d)
	}
	return d
}

// past reads a required day that has come.
func (in *statement) past(field string, d qms.Date) qms.Date {
	switch {
	case d == 0:
		in.fail(field, "input.required")
	case d > in.tx.Today():
		in.fail(field, "date.future", d)
	}
	return in.day(field, d)
}

// Target is the record that an act changes, as its actor saw it.
type Target struct {
	Platform qms.ID // none for a record of the site
	ID       qms.ID
	Revision int64  // the one that the actor saw
	Reason   string // why; required to correct and to void
}

// reasoned asks for the reason of a target.
func (in *statement) reasoned(t Target) string { return in.text("reason", in.need("reason", t.Reason)) }

// missing reports whether a record is not there.
func missing(err error) bool { return errors.Is(err, qms.NotFound("record.not_found")) }
