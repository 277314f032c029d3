package label

import (
	"strings"
	"unicode/utf8"

	"maillon/qms"
)

// The bounds of what people state, in letters.
const (
	statedShort = 200
	statedText  = 500
	statedLong  = 4000
	statedBook  = 40000 // a report
)

// No date of the programme lies before or after these: a typing error of a century would otherwise pass.
var (
	statedFirst = qms.NewDate(1990, 1, 1)
	statedLast  = qms.NewDate(2150, 1, 1)
)

// stating cleans what a person states, and collects what is wrong with it, each field under the prefix.
type stating struct {
	prefix string
	wrong  []qms.Field
}

func (in *stating) fail(field, key string, args ...any) {
	in.wrong = append(in.wrong, qms.Wrong(in.prefix+field, key, args...))
}

func (in *stating) outcome() error { return qms.InvalidFields(in.wrong...) }

// words reads a text of at most so many letters that may be missing.
func (in *stating) words(field, s string, limit int) string {
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

// needed reads a text that may not be missing.
func (in *stating) needed(field, s string, limit int) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return in.words(field, s, limit)
}

// on reads a date that may be missing.
func (in *stating) on(field string, d qms.Date) qms.Date {
	if d != 0 && (d < statedFirst || d >= statedLast) {
		in.fail(field, "date.implausible", d)
		return 0
	}
	return d
}

// neededOn reads a date that may not be missing.
func (in *stating) neededOn(field string, d qms.Date) qms.Date {
	if d == 0 {
		in.fail(field, "input.required")
	}
	return in.on(field, d)
}

// past reads a date that may not be missing and is not after today.
func (in *stating) past(field string, d, today qms.Date) qms.Date {
	if d > today && d < statedLast {
		in.fail(field, "date.future", d)
	}
	return in.neededOn(field, d)
}

// plain is a text that a database may be asked for, whatever came in an address.
func plain(s string) string {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return ""
	}
	return s
}
