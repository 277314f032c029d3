package trace

import (
	"strings"
	"unicode/utf8"

	"maillon/qms"
)

// The bounds of what people state.
const (
	maxCode  = 64
	maxText  = 500
	maxLong  = 4000
	maxTerm  = qms.Months(1200)
	maxMoney = qms.Money(1e13)
)

// earliest and latest bound the dates that are plausible in a register: a typing error of a century
// would otherwise pass every check.
var (
	earliest = qms.NewDate(1950, 1, 1) // of equipment
	oldest   = qms.NewDate(1990, 1, 1) // of records: no register goes back further
	latest   = qms.NewDate(2150, 1, 1)
)

// input cleans what a person or a register states, and collects what is wrong with it.
type input struct {
	wrong []qms.Field
}

func (in *input) fail(field, key string, args ...any) {
	in.wrong = append(in.wrong, qms.Field{Name: field, Key: key, Args: args})
}

func (in *input) bounded(field, s string, limit int) string {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		in.fail(field, "text.unreadable")
		return ""
	}
	if utf8.RuneCountInString(s) > limit {
		in.fail(field, "input.too_long", limit)
		return ""
	}
	return s
}

func (in *input) text(field, s string) string { return in.bounded(field, s, maxText) }

func (in *input) long(field, s string) string { return in.bounded(field, s, maxLong) }

func (in *input) required(field, s string) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return in.text(field, s)
}

// code reads a code or number in its normal form; empty is allowed.
func (in *input) code(field, s string) string { return Normal(in.bounded(field, s, maxCode)) }

func (in *input) requiredCode(field, s string) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return in.code(field, s)
}

// date reads a date that may be missing.
func (in *input) date(field string, d qms.Date) qms.Date {
	if d != 0 && (d < earliest || d >= latest) {
		in.fail(field, "date.implausible", d)
	}
	return d
}

func (in *input) requiredDate(field string, d qms.Date) qms.Date {
	if d == 0 {
		in.fail(field, "input.required")
	}
	if d >= earliest && d < oldest {
		in.fail(field, "date.implausible", d)
	}
	return in.date(field, d)
}

func (in *input) months(field string, n qms.Months) qms.Months {
	if n < 0 || n > maxTerm {
		in.fail(field, "months.implausible", int(n))
	}
	return n
}

func (in *input) money(field string, m qms.Money) qms.Money {
	if m > maxMoney || m < -maxMoney {
		in.fail(field, "money.implausible", m)
	}
	return m
}

func (in *input) minutes(field string, n int64) int64 {
	if n < 0 || n > 366*24*60 {
		in.fail(field, "duration.implausible", n)
	}
	return n
}
