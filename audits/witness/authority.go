package witness

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// Authority is a time-stamp authority (RFC 3161) whose answers are trusted when they lead to its roots.
type Authority struct {
	address string
	roots   *x509.CertPool
	client  *http.Client
}

const (
	authorityPatience = 20 * time.Second
	maxToken          = 64 << 10 // bytes of an answer
)

// NewAuthority names an authority by its address, http:// or https://, and the file with the certificates
// (PEM) that its own must lead to. Without these anybody could have signed the time: both are needed.
func NewAuthority(address, rootsFile string) (*Authority, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the time-stamp authority %q is no http:// or https:// address", address)
	}
	if rootsFile == "" {
		return nil, errors.New("a time-stamp authority is stated and the file of its root certificates is not: --tsa-roots")
	}
	pem, err := os.ReadFile(rootsFile)
	if err != nil {
		return nil, fmt.Errorf("read the roots of the time-stamp authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the file %s holds no certificate (PEM)", rootsFile)
	}
	return &Authority{address: address, roots: roots, client: &http.Client{Timeout: authorityPatience}}, nil
}

// Host is where the authority is, for logs and pages.
func (a *Authority) Host() string {
	u, err := url.Parse(a.address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Stamped is what an authority said of a text.
type Stamped struct {
	Token []byte // DER
	At    time.Time
	By    string // the subject of its certificate
}

// Stamp asks the authority when it saw the text, and checks the answer as anybody would.
func (a *Authority) Stamp(ctx context.Context, text []byte) (*Stamped, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	question, err := timestamp.CreateRequest(bytes.NewReader(text), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, fmt.Errorf("ask for a time-stamp: %w", err)
	}
	answer, err := a.ask(ctx, question)
	if err != nil {
		return nil, err
	}
	stamp, err := read(func() (*timestamp.Timestamp, error) { return timestamp.ParseResponse(answer) })
	if err != nil {
		return nil, err
	}
	if stamp.Nonce == nil || stamp.Nonce.Cmp(nonce) != 0 {
		return nil, errors.New("the time-stamp answers another question")
	}
	return a.Verify(stamp.RawToken, text)
}

func (a *Authority) ask(ctx context.Context, question []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.address, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/timestamp-query")
	response, err := a.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the time-stamp authority: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the time-stamp authority answers %s", response.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxToken+1))
	if err != nil {
		return nil, fmt.Errorf("read the time-stamp: %w", err)
	}
	if len(answer) > maxToken {
		return nil, errors.New("the time-stamp is too large")
	}
	return answer, nil
}

// Verify checks that the token is of this text, signed by a certificate for time-stamps that leads to the
// roots of the authority and was valid at the instant that the token states.
func (a *Authority) Verify(token, text []byte) (*Stamped, error) {
	stamp, err := read(func() (*timestamp.Timestamp, error) { return timestamp.Parse(token) })
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	if stamp.HashAlgorithm != crypto.SHA256 || !bytes.Equal(stamp.HashedMessage, digest[:]) {
		return nil, errors.New("the time-stamp is of another text")
	}
	signed, err := pkcs7.Parse(token)
	if err != nil {
		return nil, fmt.Errorf("read the time-stamp: %w", err)
	}
	signer := signed.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("the time-stamp is not signed by one authority")
	}
	between := x509.NewCertPool()
	for _, c := range signed.Certificates {
		between.AddCert(c)
	}
	err = signed.VerifyWithOpts(x509.VerifyOptions{Roots: a.roots, Intermediates: between, CurrentTime: stamp.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return nil, fmt.Errorf("the time-stamp is not of the authority: %w", err)
	}
	return &Stamped{Token: token, At: stamp.Time.UTC(), By: signer.Subject.String()}, nil
}

// read parses what came from outside: a fault of the parser is an error of the answer.
func read(parse func() (*timestamp.Timestamp, error)) (stamp *timestamp.Timestamp, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			stamp, err = nil, fmt.Errorf("read the time-stamp: %v", fault)
		}
	}()
	if stamp, err = parse(); err != nil {
		return nil, fmt.Errorf("read the time-stamp: %w", err)
	}
	return stamp, nil
}
