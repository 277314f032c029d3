package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// processEnv makes the binary of the tests the command that it is built from: main, in a process of its own.
const processEnv = "MAILLON_TEST_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(processEnv) != "" {
		if folder := os.Getenv(diskEnv); folder != "" {
			shrink(folder)
		}
		main()
	}
	os.Exit(m.Run())
}

// diskEnv names a folder that the process is to have on a small disk of its own.
const diskEnv = "MAILLON_TEST_DISK"

const (
	diskSize     = 1 << 20 // bytes of the small disk
	cannotShrink = 77      // the status of a process that may not make one
)

// process is maillon serve, in a process of its own.
type process struct {
	*testing.T
	cmd   *exec.Cmd
	log   *shared
	base  string
	token string
}

// shared is what a process says.
type shared struct {
	mu     sync.Mutex
	buffer bytes.Buffer // not embedded: its ReadFrom would be taken, which asks for no lock
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer.String()
}

var servedAt = regexp.MustCompile(`^Maillon is at (http://127\.0\.0\.1:\d+)`)

// serving starts a server with those settings and waits until it answers.
func serving(t *testing.T, settings ...string) *process {
	t.Helper()
	return begun(t, command(t, settings...))
}

// command is the command line of a server.
func command(t *testing.T, settings ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0", "--office", "none"}, settings...)...)
	cmd.Env = append(os.Environ(), processEnv+"=1")
	return cmd
}

// begun starts the process of a server and waits until it answers.
func begun(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{T: t, cmd: cmd, log: new(shared)}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at := servedAt.FindStringSubmatch(lines.Text()); at != nil {
			p.base = at[1]
			go io.Copy(io.Discard, out)
			return p
		}
	}
	err = p.cmd.Wait()
	if p.cmd.ProcessState.ExitCode() == cannotShrink {
		t.Skipf("no small disk on this machine: %s", p.log)
	}
	t.Fatalf("the server does not start: %v\n%s", err, p.log)
	return nil
}

// kill ends the process as the system does when memory is short: it is told nothing.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends the process as an operator does.
func (p *process) stop() {
	p.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.Errorf("the server ends with %v\n%s", err, p.log)
	}
}

const callPatience = 30 * time.Second

// call asks the API and gives what it answers; an error is the network's.
func (p *process) call(method, path, body string, headers ...string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(p.Context(), callPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, text, err
}

// must is call that expects an answer, and reads it into to unless that is nil.
func (p *process) must(status int, method, path, body string, to any, headers ...string) []byte {
	p.Helper()
	got, text, err := p.call(method, path, body, headers...)
	if err == nil && got != status {
		err = fmt.Errorf("it answers %d", got)
	}
	if err == nil && to != nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		p.Fatalf("%s %s: %v: %.600s\n%s", method, path, err, text, p.log)
	}
	return text
}
