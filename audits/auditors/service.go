package auditors

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Welcome is what somebody who is let in is written.
type Welcome struct {
	Person   qms.ID
	Name     string
	Address  string
	Language string
	Subject  string
	Heading  string
	Intro    string
	Facts    [][2]string // what, and how it is
	Chooses  bool        // it carries the link that chooses a password
	Over     time.Time   // it is not sent any more from then on
	Platform string      // code of the first platform, which who signs in already is led to
}

// Post writes to who is let in. server/app joins it with the outbox of the scheduler.
type Post interface {
	// Welcome queues the letter within the act and names it; leaves says whether mails go out at all.
	Welcome(ctx context.Context, tx *store.Tx, w Welcome) (letter qms.ID, leaves bool, err error)
}

// Accounts makes the hashes of passwords, which is slow on purpose, outside of any act.
type Accounts interface {
	HashGuest(ctx context.Context) (string, error)
	HashChosen(ctx context.Context, field, password string) (string, error)
}

// LinkKey is the secret that the links of letters are made with. It follows from the key of the site.
type LinkKey []byte

// Token is the secret part of the link of a letter: who holds it holds the letter.
func (k LinkKey) Token(letter qms.ID) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte("maillon auditor letter\n" + string(letter)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// opens reports whether the token is that of the letter, in a time that tells nothing.
func (k LinkKey) opens(letter qms.ID, token string) bool {
	return len(k) > 0 && hmac.Equal([]byte(k.Token(letter)), []byte(token))
}

// Options are what a Service takes besides its database.
type Options struct {
	Accounts Accounts
	Post     Post // nil: nobody is written to
	Key      LinkKey
	Keys     Keys         // nil: the key never changes
	Log      *slog.Logger // discards when nil
}

// Service does the acts of the room. Its methods are safe for concurrent use.
type Service struct {
	db   *store.DB
	o    Options
	seen *sights
}

// New makes the service on db.
func New(db *store.DB, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{db: db, o: o, seen: newSights()}
}

// LinkKey is what the links of letters are made with, for who puts letters into words.
func (s *Service) LinkKey() LinkKey { return s.o.Key }
