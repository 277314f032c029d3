package qms

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"time"
)

// ID names one record for ever: a UUIDv7 (RFC 9562, section 5.7) in its lower-case text form.
// The empty ID means "none" and is NULL in the database.
type ID string

// NewID makes an ID that sorts by at, the instant of its making.
func NewID(at time.Time) ID {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return formatID(b)
}

// ParseID reads the text form of a UUID of any version; anything else is refused.
func ParseID(s string) (ID, error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return "", Invalid("id.malformed", s)
	}
	var b [16]byte
	if _, err := hex.Decode(b[:], []byte(s[:8]+s[9:13]+s[14:18]+s[19:23]+s[24:])); err != nil {
		return "", Invalid("id.malformed", s)
	}
	return formatID(b), nil
}

func formatID(b [16]byte) ID {
	h := hex.EncodeToString(b[:])
	return ID(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:])
}

// String is the text form.
func (id ID) String() string { return string(id) }

// Value hands the ID to the database, NULL when it is empty.
func (id ID) Value() (driver.Value, error) {
	if id == "" {
		return nil, nil
	}
	return string(id), nil
}

// Scan reads the ID from the database.
func (id *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ""
	case string:
		*id = ID(v)
	case []byte:
		*id = ID(v)
	default:
		return fmt.Errorf("scan ID from %T", src)
	}
	return nil
}
