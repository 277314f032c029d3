package vault

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"

	"maillon/qms"
)

// Digest is the SHA-256 of a content: its name in the vault, in rows and in proofs. The zero Digest
// means "none": NULL in the database, the empty string in text and JSON.
type Digest [sha256.Size]byte

// DigestOf is the digest of bytes at hand.
func DigestOf(content []byte) Digest { return sha256.Sum256(content) }

// ParseDigest reads 64 hexadecimal digits of either case; anything else is refused.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != hex.EncodedLen(len(d)) {
		return Digest{}, qms.Invalid("digest.malformed", s)
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return Digest{}, qms.Invalid("digest.malformed", s)
	}
	return d, nil
}

// IsZero reports whether there is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

// String is 64 lower-case hexadecimal digits, or "" for none.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return hex.EncodeToString(d[:])
}

// Path is where both vaults keep the content, "ab/cdef…": so contents can be copied from one vault
// to another with any tool.
func (d Digest) Path() string {
	h := hex.EncodeToString(d[:])
	return h[:2] + "/" + h[2:]
}

// ParsePath reads what Path wrote, and nothing else: a foreign file in a vault is no content.
func ParsePath(path string) (Digest, bool) {
	head, tail, found := strings.Cut(path, "/")
	if !found || len(head) != 2 || path != strings.ToLower(path) {
		return Digest{}, false
	}
	d, err := ParseDigest(head + tail)
	return d, err == nil
}

// MarshalText is String, for JSON and forms.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Digest{}
		return nil
	}
	parsed, err := ParseDigest(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// Value hands the 32 bytes to the database, NULL for none.
func (d Digest) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d[:], nil
}

// Scan reads the digest from the database.
func (d *Digest) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Digest{}
		return nil
	case []byte:
		if len(v) == len(d) {
			copy(d[:], v)
			return nil
		}
		return fmt.Errorf("scan digest from %d bytes", len(v))
	}
	return fmt.Errorf("scan digest from %T", src)
}
