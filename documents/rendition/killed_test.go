package rendition

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// converterEnv makes the binary of the tests a process that converts a text with the program that it names;
// isolatedEnv says that this may have a space of processes of its own.
const (
	converterEnv = "MAILLON_TEST_CONVERTER"
	isolatedEnv  = "MAILLON_TEST_ISOLATED"
)

func TestMain(m *testing.M) {
	binary := os.Getenv(converterEnv)
	if binary == "" {
		os.Exit(m.Run())
	}
	o, err := NewOffice(Options{Binary: binary, Timeout: 5 * time.Minute})
	if err == nil {
		o.isolated = o.isolated && os.Getenv(isolatedEnv) != ""
		err = o.Convert(context.Background(), "note.txt", strings.NewReader("text"), nil)
	}
	fmt.Fprintln(os.Stderr, "it was to be killed, and ended:", err)
	os.Exit(1)
}

// killedAt starts a process that converts, and kills it once the script of its LibreOffice has made the file
// "ready" in its home, or what that has started has. What still runs is told of by strays.
func killedAt(t *testing.T, script string, isolated bool) *Office {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere nothing ends the programs of a process that is killed")
	}
	o := fake(t, script, Options{})
	if isolated && !o.isolated {
		t.Skip("this machine gives no space of processes of its own")
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Stderr = os.Stderr
	child.Env = append(os.Environ(), converterEnv+"="+o.options.Binary, "TMPDIR="+o.options.TempDir)
	if isolated {
		child.Env = append(child.Env, isolatedEnv+"=1")
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { EndLeft(o.options.TempDir) })
	await(t, "the converter does not begin", func() bool {
		ready, _ := filepath.Glob(filepath.Join(o.options.TempDir, "*", "home", "ready"))
		return len(ready) > 0
	})
	if strays(t, o) == "" {
		t.Fatal("nothing runs: this test saw nothing")
	}
	child.Process.Kill()
	child.Wait()
	return o
}

// await waits until it is so.
func await(t *testing.T, otherwise string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}

func TestOffice_EndsWithAProcessThatIsKilled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script   string
		isolated bool
	}{
		"the program itself":              {"touch $HOME/ready; exec sleep 300", false},
		"what the program started":        {"(touch $HOME/ready; exec sleep 300) & wait", false},
		"what goes on without it":         {"(sh -c 'touch $HOME/ready; sleep 300; sleep 300') & exec sleep 300", false},
		"what ignores signals":            {"trap '' TERM INT HUP; touch $HOME/ready; while :; do sleep 1; done", false},
		"isolated: the program itself":    {"touch $HOME/ready; exec sleep 300", true},
		"isolated: what left its group":   {"setsid sh -c 'touch $HOME/ready; exec sleep 300' & wait", true},
		"isolated: what it started first": {"(touch $HOME/ready; exec sleep 300) & wait", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := killedAt(t, c.script, c.isolated)
			await(t, "what the killed process started runs on", func() bool { return strays(t, o) == "" })
		})
	}
}

func TestEndLeft_EndsWhatLeftTheGroupOfAKilledProcess(t *testing.T) {
	t.Parallel()
	o := killedAt(t, "setsid sh -c 'touch $HOME/ready; exec sleep 300' & wait", false)
	EndLeft(filepath.Join(o.options.TempDir, "another"))
	EndLeft(o.options.TempDir[:len(o.options.TempDir)-1])
	if strays(t, o) == "" {
		t.Fatal("nothing was left, or it was ended for another folder: this test saw nothing")
	}
	EndLeft(o.options.TempDir)
	await(t, "it runs on", func() bool { return strays(t, o) == "" })
}
