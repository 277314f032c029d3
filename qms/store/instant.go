package store

import (
	"database/sql"
	"fmt"
	"time"
)

// Instant scans a column of an instant from rows of Reader.Query: SQLite hands over a text,
// PostgreSQL a time. NULL is the zero time.
func Instant(t *time.Time) sql.Scanner { return (*instant)(t) }

type instant time.Time

// Scan reads either form.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = instant{}
	case time.Time:
		*i = instant(v.UTC())
	case string:
		t, err := time.Parse("2006-01-02 15:04:05.999999-07:00", v)
		if err != nil {
			return fmt.Errorf("scan instant: %w", err)
		}
		*i = instant(t.UTC())
	default:
		return fmt.Errorf("scan instant from %T", src)
	}
	return nil
}
