package qms

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// DefaultPageSize is how many rows a list shows; MaxPageSize how many a door may ask for.
const (
	DefaultPageSize = 50
	MaxPageSize     = 200
)

// Cursor asks for a page: at most Size rows that come after the row whose sort key After names.
// After is opaque to doors; the room that made it reads it.
type Cursor struct {
	After string
	Size  int
}

// Limit is Size within its bounds, DefaultPageSize when it is not set.
func (c Cursor) Limit() int {
	switch {
	case c.Size <= 0:
		return DefaultPageSize
	case c.Size > MaxPageSize:
		return MaxPageSize
	}
	return c.Size
}

// Page is some rows of a list and where the next ones begin; Next is empty on the last page.
type Page[T any] struct {
	Items []T
	Next  string
}

// PageOf cuts rows, which a query read with LIMIT limit+1, and asks key for the cursor of the last
// row kept when there are more.
func PageOf[T any](rows []T, limit int, key func(T) string) Page[T] {
	if len(rows) <= limit {
		return Page[T]{Items: rows}
	}
	rows = rows[:limit]
	return Page[T]{Items: rows, Next: key(rows[limit-1])}
}

// EncodeAfter makes the opaque cursor of a row out of the values it is sorted by.
func EncodeAfter(values ...string) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "" // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// DecodeAfter reads what EncodeAfter made of n values; an empty cursor is none. What a database would
// not take in them is replaced; Invalid("cursor.malformed") when it is no such cursor.
func DecodeAfter(s string, n int) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, Invalid("cursor.malformed")
	}
	var values []string
	if err := json.Unmarshal(text, &values); err != nil || len(values) != n {
		return nil, Invalid("cursor.malformed")
	}
	for i, v := range values {
		values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
	}
	return values, nil
}
