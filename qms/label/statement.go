package label

import (
	"context"
	"errors"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// statement is stating within one act, for what is read from the database to be judged.
type statement struct {
	stating
	ctx   context.Context // lives as long as the act it serves
	tx    *store.Tx
	s     *Service
	err   error // an internal one
	quiet bool  // those invited are not written to
	again bool  // they all are, whatever they know
}

// outcome is the refusal of what is wrong, or nothing.
func (in *statement) outcome() error {
	if in.err != nil {
		return in.err
	}
	return in.stating.outcome()
}

// line reads a short text; empty is allowed.
func (in *statement) line(field, s string) string { return in.words(field, s, statedText) }

// text reads a long text; empty is allowed.
func (in *statement) text(field, s string) string { return in.words(field, s, statedLong) }

// need asks for an answer.
func (in *statement) need(field, s string) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return s
}

// day reads a day that may be missing. It is returned as stated, for the rules that compare it.
func (in *statement) day(field string, d qms.Date) qms.Date {
	in.on(field, d)
	return d
}

// past reads a required day that has come.
func (in *statement) past(field string, d qms.Date) qms.Date {
	in.stating.past(field, d, in.tx.Today())
	return d
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
