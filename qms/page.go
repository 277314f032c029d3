package qms

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
