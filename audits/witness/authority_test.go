package witness_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maillon/audits/witness"
	"maillon/qms/qmstest"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// authorityFolder is a time-stamp authority made with openssl: a root, a certificate for time-stamps that
// it signed, and another root that did not. It is made once, since keys take their time.
var authorityFolder = sync.OnceValues(makeAuthority)

const authoritySettings = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = placeholder
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ordinary]
basicConstraints = critical, CA:false
extendedKeyUsage = serverAuth
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_cert = stamper.pem
certs = root.pem
signer_key = stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

func makeAuthority() (string, error) {
	dir, err := os.MkdirTemp("", "maillon-tsa-")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.cnf"), []byte(authoritySettings), 0o600); err != nil {
		return "", err
	}
	for _, root := range []string{"root", "stranger"} {
		if err := openssl(dir, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", root+".key", "-out", root+".pem", "-days", "3650",
			"-subj", "/O=Test/CN="+root, "-config", "settings.cnf", "-extensions", "root"); err != nil {
			return "", err
		}
	}
	if err := openssl(dir, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "stamper.key", "-out", "stamper.csr", "-subj", "/O=Test/CN=Time-stamps", "-config", "settings.cnf"); err != nil {
		return "", err
	}
	return dir, openssl(dir, "x509", "-req", "-in", "stamper.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "3650",
		"-extfile", "settings.cnf", "-extensions", "stamper", "-out", "stamper.pem")
}

func openssl(dir string, args ...string) error {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(err, errors.New(string(out)))
	}
	return nil
}

// standIn is an authority on the loopback.
type standIn struct {
	t      *testing.T
	dir    string
	asked  atomic.Int64
	answer func(question []byte) ([]byte, int) // instead of openssl's
	mu     sync.Mutex
}

func newStandIn(t *testing.T) (*standIn, *httptest.Server) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		qmstest.Without(t, qmstest.OpenSSL, "%v", err)
	}
	dir, err := authorityFolder()
	if err != nil {
		t.Fatal(err)
	}
	s := &standIn{t: t, dir: dir}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	question, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "no question", http.StatusBadRequest)
		return
	}
	answer := s.answer
	if answer == nil {
		answer = s.stamp
	}
	body, status := answer(question)
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the test sees what is missing
}

// stamp has openssl answer.
func (s *standIn) stamp(question []byte) ([]byte, int) {
	s.mu.Lock() // of the serial number
	defer s.mu.Unlock()
	dir, err := os.MkdirTemp(s.dir, "q-")
	if err != nil {
		return nil, http.StatusInternalServerError
	}
	defer os.RemoveAll(dir)
	query, reply := filepath.Join(dir, "q.tsq"), filepath.Join(dir, "r.tsr")
	if err := os.WriteFile(query, question, 0o600); err != nil {
		return nil, http.StatusInternalServerError
	}
	if err := openssl(s.dir, "ts", "-reply", "-config", "settings.cnf", "-section", "one", "-queryfile", query, "-out", reply); err != nil {
		s.t.Log(err)
		return nil, http.StatusInternalServerError
	}
	body, err := os.ReadFile(reply)
	if err != nil {
		return nil, http.StatusInternalServerError
	}
	return body, http.StatusOK
}

func (s *standIn) roots(name string) string { return filepath.Join(s.dir, name+".pem") }

func authorityAt(t *testing.T, url, roots string) *witness.Authority {
	t.Helper()
	a, err := witness.NewAuthority(url, roots)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestStamp_IsVerifiedByUsAndByOpenssl(t *testing.T) {
	t.Parallel()
	s, server := newStandIn(t)
	text := []byte("maillon.example/site\n3\nAAAA\n")
	a := authorityAt(t, server.URL, s.roots("root"))
	stamped, err := a.Stamp(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stamped.By, "Time-stamps") || time.Since(stamped.At) > time.Hour {
		t.Errorf("%+v", stamped)
	}
	if _, err := a.Verify(stamped.Token, append(text, '!')); err == nil {
		t.Error("it verifies for another text")
	}
	if _, err := authorityAt(t, server.URL, s.roots("stranger")).Verify(stamped.Token, text); err == nil {
		t.Error("it verifies by the root of a stranger")
	}
	for _, i := range []int{0, len(stamped.Token) / 3, len(stamped.Token) / 2, len(stamped.Token) - 1} {
		altered := bytes.Clone(stamped.Token)
		altered[i] ^= 1
		if got, err := a.Verify(altered, text); err == nil && !got.At.Equal(stamped.At) {
			t.Errorf("byte %d altered, and it verifies", i)
		}
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"text": text, "token": stamped.Token} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := openssl(dir, "ts", "-verify", "-data", "text", "-in", "token", "-token_in", "-CAfile", s.roots("root")); err != nil {
		t.Errorf("openssl: %v", err)
	}
}

func TestStamp_RefusesAnyOtherAnswer(t *testing.T) {
	t.Parallel()
	s, server := newStandIn(t)
	text := []byte("text\n")
	a := authorityAt(t, server.URL, s.roots("root"))
	var first []byte
	s.answer = func(q []byte) ([]byte, int) {
		body, status := s.stamp(q)
		first = body
		return body, status
	}
	if _, err := a.Stamp(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]func([]byte) ([]byte, int){
		"that of another question": func([]byte) ([]byte, int) { return first, http.StatusOK },
		"nothing":                  func([]byte) ([]byte, int) { return nil, http.StatusOK },
		"no time-stamp":            func([]byte) ([]byte, int) { return []byte("<html>"), http.StatusOK },
		"its beginning":            func([]byte) ([]byte, int) { return first[:len(first)/2], http.StatusOK },
		"a failure":                func(q []byte) ([]byte, int) { body, _ := s.stamp(q); return body, http.StatusServiceUnavailable },
		"too much":                 func([]byte) ([]byte, int) { return bytes.Repeat([]byte{0x30}, 1<<17), http.StatusOK },
		"nested without an end":    func([]byte) ([]byte, int) { return bytes.Repeat([]byte{0x30, 0x80}, 1<<14), http.StatusOK },
	} {
		s.answer = answer
		if got, err := a.Stamp(t.Context(), text); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.answer = nil
	if _, err := authorityAt(t, server.URL, s.roots("stranger")).Stamp(t.Context(), text); err == nil {
		t.Error("an authority that does not lead to the root stamps")
	}
}

func TestNewAuthority_NeedsAnAddressAndRoots(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"", empty}, {"ftp://tsa.example", empty}, {"https://", empty}, {"https://tsa.example", ""}, {"https://tsa.example", "/nowhere"}, {"https://tsa.example", empty}} {
		if _, err := witness.NewAuthority(c[0], c[1]); err == nil {
			t.Errorf("%q with %q is an authority", c[0], c[1])
		}
	}
}

// The site works without its authority, and makes up for what it missed.
func TestTick_StampsWhatWasKeptOnceTheAuthorityAnswers(t *testing.T) {
	t.Parallel()
	s, server := newStandIn(t)
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			a := authorityAt(t, server.URL, s.roots("root"))
			w := newWatch(t, db, witness.Options{Authority: a, Log: slog.New(slog.DiscardHandler)})
			w.grow()
			w.keep()
			s.answer = func([]byte) ([]byte, int) { return nil, http.StatusServiceUnavailable }
			w.tick()
			if c := w.kept()[0]; c.Token != "" {
				t.Fatalf("stamped by an authority that does not answer: %+v", c)
			}
			s.answer = nil
			w.tick()
			c := w.kept()[0]
			stamped, err := a.Verify(c.TokenBytes(), []byte(c.Note))
			if err != nil || !stamped.At.Equal(c.StampedAt) || stamped.By != c.Authority {
				t.Fatalf("%+v, %v", c, err)
			}
			before := s.asked.Load()
			w.tick()
			if s.asked.Load() != before {
				t.Error("it is asked again about what is stamped")
			}
			if again := w.keep(); again.ID != c.ID {
				t.Error("a time-stamp asks for a new checkpoint")
			}
			verify(t, db)
		})
	}
}

// verify recomputes the trail, as the end of a test does elsewhere.
func verify(t *testing.T, db *store.DB) {
	t.Helper()
	found, err := storetest.Unrecorded(t.Context(), db)
	if err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}
