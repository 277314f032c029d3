package rendition

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// limited runs a command within limits, which only a process can set for itself: kibibytes of
// address space, 512-byte blocks of one file, seconds of the processor.
const limited = `ulimit -v "$1"; ulimit -f "$2"; ulimit -t "$3"; ulimit -c 0; shift 3; exec "$@"`

// work runs the command in a process group of its own, without a network where that is allowed, and
// leaves none of its processes behind.
func (o *Office) work(ctx context.Context, r *room, command []string, said io.Writer) error {
	limits := []string{
		strconv.FormatInt(o.options.MemoryBytes>>10, 10), strconv.FormatInt(max(o.options.OutputBytes, 64<<20)>>9+1, 10),
		strconv.FormatInt(int64(o.options.Timeout/time.Second)+2, 10),
	}
	args := append(append([]string{"-c", limited, "sh"}, limits...), command...)
	worker := exec.CommandContext(ctx, "/bin/sh", args...)
	worker.Dir, worker.Env, worker.Stdout, worker.Stderr = r.home, r.environment(), said, said
	worker.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if o.isolated {
		isolate(worker.SysProcAttr)
	}
	worker.Cancel = func() error { return syscall.Kill(-worker.Process.Pid, syscall.SIGKILL) }
	worker.WaitDelay = 2 * time.Second // a child that left the group may hold the pipes
	if err := worker.Start(); err != nil {
		return err
	}
	err := worker.Wait()
	_ = syscall.Kill(-worker.Process.Pid, syscall.SIGKILL)
	endStrays(r.root)
	return err
}

// isolate gives the worker a network without interfaces and processes of its own, which the kernel
// ends with it.
func isolate(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
}

// canIsolate tries it: containers and hardened kernels do not allow it.
func canIsolate() bool {
	try := exec.Command("/bin/sh", "-c", "exit 0")
	try.SysProcAttr = &syscall.SysProcAttr{}
	isolate(try.SysProcAttr)
	return try.Run() == nil
}

// endStrays ends what left the process group: every process that has the room in its environment,
// which children inherit and cannot take out of what the kernel shows.
func endStrays(root string) {
	mark := []byte("MAILLON_WORKER=" + root + "\x00")
	for range 20 {
		found := false
		environments, _ := filepath.Glob("/proc/[0-9]*/environ") // the pattern is right
		for _, path := range environments {
			environment, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(append(environment, 0), mark) {
				continue // of somebody else, or gone
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && pid > 1 && pid != os.Getpid() {
				found = true
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if !found {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
