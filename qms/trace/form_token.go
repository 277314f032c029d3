package trace

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"

	"maillon/qms"
)

// FormKey signs the tokens of the public form. Every replica of a site has the same: it comes from the
// key of the site.
type FormKey []byte

// A public form is sent no sooner than somebody can fill it in, and no later than a day after it was
// shown.
const (
	MinFilling = 4 * time.Second
	MaxFilling = 24 * time.Hour
)

const (
	tokenNonce = 15 // bytes: 24 letters in base 32
	tokenHead  = tokenNonce + 8
)

// Token is what a form of the platform carries that is shown at now: a nonce, which becomes the
// reference of what is sent with it, and the instant, signed.
func (k FormKey) Token(platform qms.ID, now time.Time, random io.Reader) (string, error) {
	head := make([]byte, tokenHead, tokenHead+sha256.Size)
	if _, err := io.ReadFull(random, head[:tokenNonce]); err != nil {
		return "", err
	}
	binary.BigEndian.PutUint64(head[tokenNonce:], uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(head, k.sign(platform, head)...)), nil
}

func (k FormKey) sign(platform qms.ID, head []byte) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(platform))
	mac.Write([]byte{0})
	mac.Write(head)
	return mac.Sum(nil)
}

// Open is the reference that a token stands for. A token of another platform or key, one that comes
// too soon, and one that is too old are refused, each with its own sentence.
func (k FormKey) Open(platform qms.ID, token string, now time.Time) (reference string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(k) == 0 || len(raw) != tokenHead+sha256.Size || !hmac.Equal(raw[tokenHead:], k.sign(platform, raw[:tokenHead])) {
		return "", qms.Invalid("submission.form_unknown")
	}
	shown := time.Unix(int64(binary.BigEndian.Uint64(raw[tokenNonce:])), 0)
	switch open := now.Sub(shown); {
	case open < MinFilling:
		return "", qms.Invalid("submission.too_fast")
	case open > MaxFilling:
		return "", qms.Invalid("submission.form_expired")
	}
	return referenceOf(raw[:tokenNonce]), nil
}

// letters are those of Crockford's base 32: none is taken for another.
var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// referenceOf is three groups of four letters: 60 bits, so that two never meet and nobody guesses one.
func referenceOf(nonce []byte) string {
	s := letters.EncodeToString(nonce)
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}
