package app

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What a killed process had LibreOffice do ends with its room, even where that has left its group.
func TestClearAside_EndsTheConversionsOfTheDeadAlone(t *testing.T) {
	t.Parallel()
	s := openAsides(t)
	converting := func(room string) *exec.Cmd {
		c := exec.CommandContext(t.Context(), "sleep", "300")
		c.Env = []string{"MAILLON_WORKER=" + filepath.Join(room, "maillon-office-1")}
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	of, others := converting(s.dead), converting(s.living.Path)
	if err := s.clearAside(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	if signal := others.Process.Signal(syscall.Signal(0)); signal != nil {
		t.Errorf("the conversion of a living process: %v", signal)
	}
	others.Process.Kill()
	others.Wait()
	late := time.AfterFunc(10*time.Second, func() { of.Process.Signal(syscall.SIGTERM) })
	of.Wait()
	late.Stop()
	if status, ok := of.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the conversion of the dead one ended by %v", of.ProcessState)
	}
}
