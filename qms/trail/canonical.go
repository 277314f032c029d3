package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/cyberphone/json-canonicalization/go/src/webpki.org/jsoncanonicalizer"
)

// maxExact is the largest integer up to which a double holds every one (RFC 7493, section 2.2).
const maxExact = 1 << 53

var (
	errNotUTF8   = errors.New("canonical JSON: text is not UTF-8")
	errNotExact  = errors.New("canonical JSON: number that a double cannot hold")
	errMalformed = errors.New("canonical JSON: malformed")
	errDoubled   = errors.New("canonical JSON: a name stands twice in one object")
)

func exact(numbers ...int64) error {
	for _, n := range numbers {
		if n > maxExact || n < -maxExact {
			return errNotExact
		}
	}
	return nil
}

// writer writes canonical JSON and keeps the first error.
type writer struct {
	buf []byte
	err error
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

// member writes an optional text member of an object that already has one.
func (w *writer) member(name, value string) {
	if value == "" {
		return
	}
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":`)
	w.text(value)
}

const hexDigits = "0123456789abcdef"

// shortEscapes are the control characters with a two-letter escape (RFC 8785, section 3.2.2.2).
var shortEscapes = [' ']byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}

func (w *writer) text(s string) { writeText(w, s) }

func writeText[T string | []byte](w *writer, s T) {
	if !utf8.ValidString(string(s)) {
		w.fail(errNotUTF8)
		return
	}
	w.buf = append(w.buf, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		w.buf = append(w.buf, s[from:i]...)
		from = i + 1
		switch {
		case c >= ' ':
			w.buf = append(w.buf, '\\', c)
		case shortEscapes[c] != 0:
			w.buf = append(w.buf, '\\', shortEscapes[c])
		default:
			w.buf = append(w.buf, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	w.buf = append(w.buf, s[from:]...)
	w.buf = append(w.buf, '"')
}

// json writes raw JSON in its canonical form, null when there is none.
func (w *writer) json(raw json.RawMessage) {
	if len(raw) == 0 {
		w.raw("null")
		return
	}
	if isCanonical(raw) {
		w.buf = append(w.buf, raw...)
		return
	}
	if !json.Valid(raw) {
		w.fail(errMalformed)
		return
	}
	rest := w.value(raw)
	if w.err == nil && len(skipSpace(rest)) != 0 {
		w.fail(errMalformed)
	}
}

// value writes the first value of b, which json.Valid has accepted, and returns what follows it.
func (w *writer) value(b []byte) []byte {
	b = skipSpace(b)
	switch b[0] {
	case '{':
		return w.object(b[1:])
	case '[':
		return w.array(b[1:])
	case '"':
		text, rest, err := unquote(b)
		if err != nil {
			w.fail(err)
			return rest
		}
		writeText(w, text)
		return rest
	case 't', 'n':
		w.buf = append(w.buf, b[:4]...)
		return b[4:]
	case 'f':
		w.buf = append(w.buf, b[:5]...)
		return b[5:]
	}
	n := 0
	for n < len(b) && bytes.IndexByte([]byte("+-.0123456789Ee"), b[n]) >= 0 {
		n++
	}
	w.number(string(b[:n]))
	return b[n:]
}

func (w *writer) array(b []byte) []byte {
	w.buf = append(w.buf, '[')
	b = skipSpace(b)
	for i := 0; b[0] != ']'; i++ {
		if i > 0 {
			w.buf = append(w.buf, ',')
			b = b[1:]
		}
		b = skipSpace(w.value(b))
	}
	w.buf = append(w.buf, ']')
	return b[1:]
}

type member struct{ name, value []byte }

// object sorts the members by the UTF-16 code units of their names (RFC 8785, section 3.2.3).
func (w *writer) object(b []byte) []byte {
	members := make([]member, 0, 16)
	b = skipSpace(b)
	for b[0] != '}' {
		if b[0] == ',' {
			b = skipSpace(b[1:])
		}
		name, rest, err := unquote(b)
		if err != nil {
			w.fail(err)
		}
		rest = skipSpace(skipSpace(rest)[1:])
		after := skipValue(rest)
		members = append(members, member{name, rest[:len(rest)-len(after)]})
		b = skipSpace(after)
	}
	slices.SortFunc(members, func(x, y member) int { return compareNames(x.name, y.name) })
	w.buf = append(w.buf, '{')
	for i, m := range members {
		if i > 0 {
			if bytes.Equal(m.name, members[i-1].name) {
				w.fail(errDoubled)
			}
			w.buf = append(w.buf, ',')
		}
		writeText(w, m.name)
		w.buf = append(w.buf, ':')
		w.value(m.value)
	}
	w.buf = append(w.buf, '}')
	return b[1:]
}

func compareNames(x, y []byte) int {
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] >= utf8.RuneSelf || y[i] >= utf8.RuneSelf {
			return slices.Compare(utf16.Encode([]rune(string(x))), utf16.Encode([]rune(string(y))))
		}
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

// number writes a JSON number as ECMAScript does. An integer that a double cannot hold is refused,
// because its canonical form would be another number.
func (w *writer) number(s string) {
	digits := s
	if digits[0] == '-' {
		digits = digits[1:]
	}
	whole := true
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			whole = false
			break
		}
	}
	if whole {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || exact(n) != nil {
			w.fail(errNotExact)
			return
		}
		w.buf = strconv.AppendInt(w.buf, n, 10)
		return
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		w.fail(errNotExact)
		return
	}
	text, err := jsoncanonicalizer.NumberToJSON(f)
	if err != nil {
		w.fail(errNotExact)
		return
	}
	w.raw(text)
}

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// skipString returns what follows the string that b begins with.
func skipString(b []byte) []byte {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return b[i+1:]
		}
	}
	return nil
}

// skipValue returns what follows the value that b begins with.
func skipValue(b []byte) []byte {
	depth := 0
	for len(b) > 0 {
		switch b[0] {
		case '"':
			b = skipString(b)
			if depth == 0 {
				return b
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return b
			}
			if depth--; depth == 0 {
				return b[1:]
			}
		case ',':
			if depth == 0 {
				return b
			}
		}
		b = b[1:]
	}
	return b
}

// unquote reads the string that b begins with and returns what follows it. Text that is not UTF-8
// and half surrogate pairs are refused, where encoding/json would put U+FFFD in their place.
func unquote(b []byte) (text, rest []byte, err error) {
	rest = skipString(b)
	quoted := b[:len(b)-len(rest)]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1], rest, nil // writeText checks it
	}
	if !utf8.Valid(quoted) || halfSurrogate(quoted) {
		return nil, rest, errNotUTF8
	}
	var s string
	err = json.Unmarshal(quoted, &s)
	return []byte(s), rest, err
}

func halfSurrogate(quoted []byte) bool {
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' {
			continue
		}
		i++
		if quoted[i] != 'u' {
			continue
		}
		r := escaped(quoted, i-1)
		i += 4
		if !utf16.IsSurrogate(r) {
			continue
		}
		if utf16.DecodeRune(r, escaped(quoted, i+1)) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}

// escaped is the code unit of the \uXXXX at b[i], -1 when there is none.
func escaped(b []byte, i int) rune {
	if i+6 > len(b) || b[i] != '\\' || b[i+1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
