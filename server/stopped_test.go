package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// isSpared stops every server that begins to make the pack, as when servers are renewed one after the other:
// that uses up none of its tries. The last one is kept from ending by a request that never comes to its end,
// and has given the pack back long before.
func (s *mortal) isSpared(t *testing.T) {
	t.Helper()
	var p packSeen
	s.must(http.StatusCreated, "POST", packsPath, s.wish(), &p, "Idempotency-Key", "spared")
	given := 0
	for range 4 {
		s.stop()
		given += strings.Count(s.log.String(), "gave a pack back")
		s.start(t)
	}
	if p = s.ended(t, p.Number); p.State != "made" {
		t.Errorf("after stops in order: %+v", p)
	}
	if given < 2 {
		t.Errorf("only %d servers were stopped while they made it: this test saw nothing", given)
	}
	s.isSound(t, p)
	s.isHeldUp(t)
}

const stopPatience = 5 * time.Second // much less than a server grants requests under way

func (s *mortal) isHeldUp(t *testing.T) {
	t.Helper()
	slow := s.halfAsked(t)
	defer slow.Close()
	var p packSeen
	s.must(http.StatusCreated, "POST", packsPath, s.wish(), &p, "Idempotency-Key", "held up")
	s.cmd.Process.Signal(syscall.SIGTERM)
	deadline := time.Now().Add(stopPatience)
	for !strings.Contains(s.log.String(), "gave a pack back") {
		if time.Now().After(deadline) {
			t.Fatalf("told to stop, it keeps the pack while a request is under way:\n%s", s.log)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := s.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("it has ended, though a request is under way: this test saw nothing: %v", err)
	}
	s.kill() // by whoever had no patience
	s.start(t)
	if p = s.ended(t, p.Number); p.State != "made" {
		t.Errorf("given back, then killed: %+v", p)
	}
}

// halfAsked is a request whose body does not come to its end.
func (s *mortal) halfAsked(t *testing.T) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(s.base, "http://")
	line, err := new(net.Dialer).DialContext(t.Context(), "tcp", host)
	if err == nil {
		_, err = fmt.Fprintf(line, "POST /api/v1/sessions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", host)
	}
	if err != nil {
		t.Fatal(err)
	}
	return line
}
