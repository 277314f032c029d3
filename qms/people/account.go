package people

import (
	"time"
	"unicode/utf8"

	"maillon/qms"
)

// Account lets a person sign in with an address and a password.
type Account struct {
	qms.Row      `trail:"site"`
	Person       qms.ID
	Email        string // what is typed to sign in; lower case, unique
	PasswordHash string `trail:"digest"` // argon2id in its standard text form
	ChangedAt    time.Time
	ClosedAt     time.Time `bun:",nullzero"` // from then on it opens nothing
}

// Session is one sign-in, from when it is opened until it is ended or expires.
type Session struct {
	qms.Row   `trail:"site"`
	Person    qms.ID
	TokenHash []byte `trail:"digest"` // SHA-256 of the token that the browser holds
	OpenedAt  time.Time
	ExpiresAt time.Time
	EndedAt   time.Time `bun:",nullzero"`
}

// minPassword is the least length of a password, in characters (NIST SP 800-63B, section 3.1.1.2, asks
// 8 at least and advises 15). maxPassword bounds the work that a stranger may ask for.
const (
	minPassword = 12
	maxPassword = 256
)

func checkPassword(field, password string) []qms.Field {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return []qms.Field{qms.Wrong(field, "account.password_short", minPassword)}
	case n > maxPassword:
		return []qms.Field{qms.Wrong(field, "input.too_long", maxPassword)}
	}
	return nil
}
