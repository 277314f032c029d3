package trail

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs checkpoints (Ed25519). Its name is the origin of everything that it signs: the site's.
type Key struct {
	signer   note.Signer
	verifier string
}

// GenerateKey makes a key from random and the one text line, its end included, that keeps it: a
// secret. The name may hold neither spaces nor a plus sign.
func GenerateKey(random io.Reader, name string) (Key, []byte, error) {
	secret, _, err := note.GenerateKey(random, name)
	if err != nil {
		return Key{}, nil, fmt.Errorf("generate key: %w", err)
	}
	line := []byte(secret + "\n")
	key, err := ParseKey(line)
	return key, line, err
}

// ParseKey reads the line that GenerateKey returned. Its errors do not repeat the secret.
func ParseKey(line []byte) (Key, error) {
	text := strings.TrimSuffix(string(line), "\n")
	signer, err := note.NewSigner(text)
	if err != nil {
		return Key{}, errors.New("parse key: malformed")
	}
	parts := strings.SplitN(text, "+", 5) // PRIVATE, KEY, name, hash, and base64, which may hold a plus sign
	encoded, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(encoded) != 1+ed25519.SeedSize {
		return Key{}, errors.New("parse key: malformed")
	}
	public := ed25519.NewKeyFromSeed(encoded[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return Key{}, errors.New("parse key: malformed")
	}
	return Key{signer: signer, verifier: verifier}, nil
}

// Name is the origin of what the key signs.
func (k Key) Name() string { return k.signer.Name() }

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.signer == nil }

// Verifier is the public key as one text line without its end: "name+hash+base64".
func (k Key) Verifier() string { return k.verifier }

// SignText signs text, which must end with a newline, as a note.
func (k Key) SignText(text string) ([]byte, error) {
	msg, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return nil, fmt.Errorf("sign note: %w", err)
	}
	return msg, nil
}

// Verifier is a public key that signed notes are opened with.
type Verifier struct {
	verifier note.Verifier
	line     string
}

// ParseVerifier reads the line of Key.Verifier, with or without its end, and no other spelling.
func ParseVerifier(line string) (Verifier, error) {
	line = strings.TrimSuffix(line, "\n")
	v, err := note.NewVerifier(line)
	if err != nil {
		return Verifier{}, fmt.Errorf("parse verifier: %w", err)
	}
	parts := strings.SplitN(line, "+", 3)
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || parts[1] != fmt.Sprintf("%08x", v.KeyHash()) || base64.StdEncoding.EncodeToString(public) != parts[2] {
		return Verifier{}, errors.New("parse verifier: not its canonical form")
	}
	return Verifier{verifier: v, line: line}, nil
}

// IsZero reports whether there is no key.
func (v Verifier) IsZero() bool { return v.verifier == nil }

// Name is the origin of what the key signs.
func (v Verifier) Name() string { return v.verifier.Name() }

// Fingerprint is the SHA-256 of the key's line, for people to compare.
func (v Verifier) Fingerprint() string { return grouped(v.line) }

// Line is the key as ParseVerifier reads it, without its end.
func (v Verifier) Line() string { return v.line }

// OpenText returns the text of a note that carries exactly one signature, a valid one of v. Any byte
// of the note that is changed makes it refused.
func (v Verifier) OpenText(msg []byte) (string, error) {
	n, err := note.Open(msg, note.VerifierList(v.verifier))
	if err != nil {
		return "", fmt.Errorf("open note: %w", err)
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return "", errors.New("open note: more than one signature")
	}
	// A decoder ignores the spare bits of base64, and note a signature that stands twice: one
	// signature has one spelling here.
	raw, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return "", fmt.Errorf("open note: %w", err)
	}
	only := n.Text + "\n\u2014 " + n.Sigs[0].Name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"
	if string(msg) != only {
		return "", errors.New("open note: not its canonical form")
	}
	return n.Text, nil
}

// grouped is the SHA-256 of text in hexadecimal, in sixteen groups of four.
func grouped(text string) string {
	sum := sha256.Sum256([]byte(text))
	digits := hex.EncodeToString(sum[:])
	groups := make([]string, 0, 16)
	for ; digits != ""; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(groups, " ")
}
