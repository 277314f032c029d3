package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"maillon/qms"
)

// hashing makes and compares password hashes, a few at a time: each takes memory and a core.
type hashing struct {
	params *argon2id.Params
	slots  chan struct{}
	dummy  func() (string, error) // what the password of an unknown account is compared with
}

const (
	hashSlots = 4
	hashWait  = 10 * time.Second
)

// owasp is the least that OWASP's password storage cheat sheet advises for argon2id.
var owasp = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func newHashing(params *argon2id.Params) *hashing {
	if params == nil {
		params = &owasp
	}
	h := &hashing{params: params, slots: make(chan struct{}, hashSlots)}
	h.dummy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(newPassword(), params) })
	return h
}

// enter waits for a slot and returns the way out of it.
func (h *hashing) enter(ctx context.Context) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, qms.Busy("signin.busy")
	}
}

func (h *hashing) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, h.params)
}

// matches compares a password with a hash; with none it does the same work and says no.
func (h *hashing) matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > 4*maxPassword {
		password, hash = "", "" // no work that grows with what a stranger sends
	}
	dummy, err := h.dummy()
	if err != nil {
		return false, err
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, dummy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// newPassword is one that nobody guesses (130 bits) and anybody can type.
func newPassword() string { return rand.Text() }

// newToken is 256 random bits for a browser to hold, and the hash that the database keeps.
func newToken() (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
