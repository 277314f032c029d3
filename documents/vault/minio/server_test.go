package minio_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a real MinIO on loopback, one for all tests of this package: 150 MB, started in a second.
type server struct {
	host, key, secret string
}

// address is that of a bucket of the server.
func (s *server) address(bucket string) string {
	return fmt.Sprintf("s3://%s:%s@%s/%s?secure=false&region=us-east-1", s.key, s.secret, s.host, bucket)
}

var (
	running = sync.OnceValues(start)
	stop    func() // set once it runs
)

// realServer is the running server. A machine that cannot have one skips the test and says why,
// unless MAILLON_TEST_REQUIRE names minio.
func realServer(t *testing.T) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("no MinIO in short tests")
	}
	deadline, _ := t.Deadline()
	buildUntil.Do(func() { buildBefore = deadline })
	s, err := running()
	switch {
	case err == nil:
		return s
	case strings.Contains(os.Getenv("MAILLON_TEST_REQUIRE"), "minio"):
		t.Fatalf("MinIO is required: %v", err)
	}
	t.Skipf("no MinIO here: %v", err)
	return nil
}

var (
	buildUntil  sync.Once
	buildBefore time.Time // the test binary's own deadline
)

func start() (*server, error) {
	binary, err := build()
	if err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "maillon-minio-*")
	if err != nil {
		return nil, err
	}
	s := &server{host: freeAddress(), key: "maillon", secret: rand.Text()}
	var said bytes.Buffer
	process := exec.Command(binary, "server", "--quiet", "--address", s.host, "--console-address", freeAddress(), data)
	process.Env = append(os.Environ(), "MINIO_ROOT_USER="+s.key, "MINIO_ROOT_PASSWORD="+s.secret,
		"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CI_CD=on", "HOME="+data)
	process.Stdout, process.Stderr = &said, &said
	if err := process.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		process.Process.Kill()
		process.Wait()
		os.RemoveAll(data)
	}
	if err := s.awaitHealth(30 * time.Second); err != nil {
		stop()
		return nil, fmt.Errorf("%w: %s", err, said.String())
	}
	return s, nil
}

func (s *server) awaitHealth(patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.host+"/minio/health/ready", nil)
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

// freeAddress is a loopback port that was free a moment ago.
func freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer listener.Close()
	return listener.Addr().String()
}

// build makes the server of testserver/go.mod once per version and keeps it in the user's cache. It
// takes minutes the first time; what was compiled when time ran out is not compiled again.
func build() (string, error) {
	module, err := os.ReadFile(filepath.Join("testserver", "go.mod"))
	if err != nil {
		return "", err
	}
	version := regexp.MustCompile(`github\.com/minio/minio (v\S+)`).FindSubmatch(module)
	if version == nil {
		return "", errors.New("testserver/go.mod names no MinIO")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(cache, "maillon", "minio-"+string(version[1]), "minio")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	if err := os.MkdirAll(filepath.Dir(binary), 0o750); err != nil {
		return "", err
	}
	unfinished := fmt.Sprintf("%s.%d", binary, os.Getpid())
	defer os.Remove(unfinished)
	if err := compile(unfinished); err != nil {
		return "", err
	}
	return binary, os.Rename(unfinished, binary)
}

func compile(binary string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	if !buildBefore.IsZero() {
		ctx, cancel = context.WithDeadline(ctx, buildBefore.Add(-time.Minute))
		defer cancel()
	}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "github.com/minio/minio")
	if nice, err := exec.LookPath("nice"); err == nil {
		command.Path, command.Args = nice, append([]string{"nice", "-n", "15"}, command.Args...)
	}
	command.Dir = "testserver"
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly")
	command.WaitDelay = 10 * time.Second
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building it: %w: %s", err, lastLine(out))
	}
	return nil
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
