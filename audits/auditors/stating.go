package auditors

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"maillon/qms"
)

// stating cleans what a person states and collects what is wrong with it.
type stating struct{ wrong []qms.Field }

func (in *stating) fail(field, key string, args ...any) {
	in.wrong = append(in.wrong, qms.Wrong(field, key, args...))
}

func (in *stating) outcome() error { return qms.InvalidFields(in.wrong...) }

// needed reads a text of at most so many letters that may not be missing.
func (in *stating) needed(field, s string, limit int) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		in.fail(field, "input.required")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable):
		in.fail(field, "text.unreadable")
	case utf8.RuneCountInString(s) > limit:
		in.fail(field, "input.too_long", limit)
	default:
		return s
	}
	return ""
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// cut is the beginning of a text that a machine states, as a database keeps it.
func cut(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if letters := []rune(s); len(letters) > limit {
		return string(letters[:limit])
	}
	return s
}
