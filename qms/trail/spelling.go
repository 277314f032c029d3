package trail

import (
	"bytes"
	"unicode/utf8"
)

// deepest is how many objects and arrays inside each other spelled follows.
const deepest = 8

// isCanonical reports whether raw is beyond doubt canonical JSON, so that it can be copied instead of
// being read and written again. What the store keeps is; where it would take more than one pass to know
// (names that are not ASCII, fractions, \u escapes), it says no.
func isCanonical(raw []byte) bool {
	rest, ok := spelled(raw, deepest)
	return ok && len(rest) == 0
}

// spelled returns what follows the value that b begins with.
func spelled(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) == 0 || depth == 0 {
		return nil, false
	}
	switch b[0] {
	case '"':
		_, rest, ok = spelledText(b)
		return rest, ok
	case '{':
		return spelledObject(b[1:], depth)
	case '[':
		return spelledArray(b[1:], depth)
	case 't':
		return bytes.CutPrefix(b, []byte("true"))
	case 'f':
		return bytes.CutPrefix(b, []byte("false"))
	case 'n':
		return bytes.CutPrefix(b, []byte("null"))
	}
	return spelledWhole(b)
}

// spelledText returns the text as it stands between its quotes.
func spelledText(b []byte) (text, rest []byte, ok bool) {
	ascii := true
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			text = b[1:i]
			return text, b[i+1:], ascii || utf8.Valid(text)
		case c < ' ':
			return nil, nil, false
		case c >= utf8.RuneSelf:
			ascii = false
		case c == '\\':
			i++
			if i == len(b) || bytes.IndexByte([]byte(`"\bfnrt`), b[i]) < 0 {
				return nil, nil, false
			}
		}
	}
	return nil, nil, false
}

// spelledWhole accepts whole numbers of at most fifteen digits, which a double holds.
func spelledWhole(b []byte) (rest []byte, ok bool) {
	n := 0
	if b[0] == '-' {
		n = 1
	}
	first := n
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	digits := n - first
	switch {
	case digits == 0 || digits > 15:
		return nil, false
	case b[first] == '0' && (digits > 1 || first > 0):
		return nil, false
	case n < len(b) && (b[n] == '.' || b[n] == 'e' || b[n] == 'E'):
		return nil, false
	}
	return b[n:], true
}

func spelledArray(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) > 0 && b[0] == ']' {
		return b[1:], true
	}
	for {
		if b, ok = spelled(b, depth-1); !ok || len(b) == 0 {
			return nil, false
		}
		switch b[0] {
		case ']':
			return b[1:], true
		case ',':
			b = b[1:]
		default:
			return nil, false
		}
	}
}

func spelledObject(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) > 0 && b[0] == '}' {
		return b[1:], true
	}
	var last []byte
	for first := true; ; first = false {
		if len(b) == 0 || b[0] != '"' {
			return nil, false
		}
		var name []byte
		if name, b, ok = spelledText(b); !ok || !isPlain(name) || !first && bytes.Compare(last, name) >= 0 {
			return nil, false
		}
		last = name
		if len(b) == 0 || b[0] != ':' {
			return nil, false
		}
		if b, ok = spelled(b[1:], depth-1); !ok || len(b) == 0 {
			return nil, false
		}
		switch b[0] {
		case '}':
			return b[1:], true
		case ',':
			b = b[1:]
		default:
			return nil, false
		}
	}
}

// isPlain reports whether the order of the bytes of a name is that of its UTF-16 code units.
func isPlain(name []byte) bool {
	for _, c := range name {
		if c >= utf8.RuneSelf || c == '\\' {
			return false
		}
	}
	return true
}
