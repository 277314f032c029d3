package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// shrink mounts a small disk over the folder, in the process that may.
func shrink(folder string) {
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", diskSize)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(cannotShrink)
	}
}

// A pack that does not fit on the disk of temporary files fails with the sentence for that, and leaves
// nothing there: a smaller one has room.
func TestServe_OnAFullDiskMakesNoPackAndKeepsNothingOfIt(t *testing.T) {
	s := openMortal(t)
	s.stop()
	folder := filepath.Join(s.data, "tmp")
	cmd := command(t, s.settings...)
	cmd.Env = append(cmd.Env, diskEnv+"="+folder)
	// The disk is in a mount namespace of the process: the machine keeps none of it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	token := s.token
	s.process = begun(t, cmd)
	s.token = token
	contents := s.contents(t)
	p := s.ask(t, "too large")
	if p.State != "failed" || p.Failure != "vault.full" || p.SHA256 != "" {
		t.Errorf("%+v", p)
	}
	small := packSeen{}
	s.must(http.StatusCreated, "POST", packsPath, `{"as_of":"`+s.day+`","sections":["documents"],"without_files":true}`, &small)
	if small = s.ended(t, small.Number); small.State != "made" {
		t.Errorf("what has room: %+v\n%s", small, s.log)
	}
	if left := s.waitingIn(t, fmt.Sprintf("/proc/%d/root%s", s.cmd.Process.Pid, folder)); len(left) > 0 {
		t.Errorf("left aside: %v", left)
	}
	if now := s.contents(t); now != contents+1 {
		t.Errorf("%d contents are kept, %d before: want the small pack", now, contents)
	}
}
