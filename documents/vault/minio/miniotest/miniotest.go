// Package miniotest gives tests a real MinIO on loopback, and another S3 service that keeps less of what S3
// promises (see Gateway): one server for each test binary, which has it
// to itself, 150 MB, started within a second and gone with the process that started it. The server is
// compiled from the module of documents/vault/minio/testserver, once per version, and kept in the user's
// cache; that takes minutes, so only the vault's own tests begin it. A machine that cannot have the
// server skips the tests, unless it is required (see qms/qmstest).
package miniotest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/qms/qmstest"
)

// Server is a running service.
type Server struct {
	Host   string // and port
	Key    string
	Secret string

	dir  string
	keep *os.File // while this end of the pipe is open, the server stays
}

// Address is that of a bucket of the server.
func (s *Server) Address(bucket string) string {
	return fmt.Sprintf("s3://%s:%s@%s/%s?secure=false&region=us-east-1", s.Key, s.Secret, s.Host, bucket)
}

// Bucket is the name of a bucket that nobody else uses; it is made when it is opened as a vault.
func (s *Server) Bucket() string { return "vault-" + strings.ToLower(rand.Text()[:12]) }

// Start is the server of this process, compiled first where nobody has yet.
func Start(t *testing.T) *Server {
	t.Helper()
	return running(t, true)
}

// Built is the server of this process where it was compiled before, or is required.
func Built(t *testing.T) *Server {
	t.Helper()
	return running(t, qmstest.Required(qmstest.MinIO))
}

// Gateway is a VersityGW over a folder, compiled first where nobody has yet. What a MinIO proves of its lock the
// vault's client cannot read from it, so that a test of a vault must find it lacking.
func Gateway(t *testing.T) *Server {
	t.Helper()
	return theGateway.running(t, true)
}

func running(t *testing.T, compiles bool) *Server {
	t.Helper()
	return theMinIO.running(t, compiles)
}

// attendant starts one server a process; what failed once is not tried again.
type attendant struct {
	program
	script string   // see attended
	ready  string   // the path that answers when it is
	env    []string // but for the credentials
	names  [2]string

	one     sync.Mutex
	started *Server
	failed  error
}

var (
	theMinIO = &attendant{program: minio, script: attended, ready: "/minio/health/ready",
		env: []string{"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CI_CD=on"}, names: [2]string{"MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"}}
	theGateway = &attendant{program: gateway, script: attendedGateway, ready: "/health",
		env: []string{"VGW_HEALTH=/health"}, names: [2]string{"ROOT_ACCESS_KEY", "ROOT_SECRET_KEY"}}
)

func (a *attendant) running(t *testing.T, compiles bool) *Server {
	t.Helper()
	if testing.Short() {
		t.Skipf("no %s in short tests", a.name)
	}
	deadline, _ := t.Deadline()
	s, err := a.start(compiles, deadline)
	if err != nil {
		qmstest.Without(t, a.name, "%v", err)
	}
	return s
}

func (a *attendant) start(compiles bool, deadline time.Time) (*Server, error) {
	a.one.Lock()
	defer a.one.Unlock()
	if a.started != nil || a.failed != nil {
		return a.started, a.failed
	}
	var binary string
	if binary, a.failed = a.binary(compiles, deadline); a.failed == nil {
		a.started, a.failed = a.run(binary)
	}
	return a.started, a.failed
}

// attended runs the server and waits for the end of its input, which comes when the process that started
// it ends in whatever way; then the server goes and its folder with it.
const attended = `
trap '' INT
"$1" server --quiet --address "$3" --console-address "$4" "$2/data" </dev/null >"$2/log" 2>&1 &
` + attending

const attendedGateway = `
trap '' INT
mkdir "$2/data" "$2/older" "$2/facts"
"$1" --quiet --port "$3" posix --versioning-dir "$2/older" --sidecar "$2/facts" "$2/data" </dev/null >"$2/log" 2>&1 &
` + attending

const attending = `
pid=$!
read -r _ || true
kill -KILL $pid
wait $pid || true
rm -rf "$2"
`

func (a *attendant) run(binary string) (*Server, error) {
	s := &Server{Host: FreeAddress(), Key: "maillon", Secret: rand.Text()}
	var err error
	if s.dir, err = os.MkdirTemp("", "maillon-"+a.name+"-"); err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	s.keep = write
	process := exec.Command("/bin/sh", "-c", a.script, "sh", binary, s.dir, s.Host, FreeAddress())
	process.Env = append(append(os.Environ(), a.env...), a.names[0]+"="+s.Key, a.names[1]+"="+s.Secret, "HOME="+s.dir)
	process.Stdin = read
	if err := process.Start(); err != nil {
		return nil, err
	}
	go process.Wait() //nolint:errcheck // awaitHealth sees whether it came up
	if err := s.awaitHealth(a.ready, 30*time.Second); err != nil {
		said, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		write.Close() // and it ends
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	return s, nil
}

func (s *Server) awaitHealth(path string, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Host+path, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.New("it did not become ready")
		}
	}
}

// FreeAddress is a loopback port that was free a moment ago.
func FreeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer listener.Close()
	return listener.Addr().String()
}
