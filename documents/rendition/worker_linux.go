package rendition

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// limited runs a command within limits, which only a process can set for itself: kibibytes of
// address space, 512-byte blocks of one file, seconds of the processor. Beside it a guard waits for the
// end of what this process holds open, and then ends the group: so that happens however this process ends.
const limited = `(read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec 3<&-; ` +
	`ulimit -v "$1"; ulimit -f "$2"; ulimit -t "$3"; ulimit -c 0; shift 3; exec "$@"`

// work runs the command in a process group of its own, without a network where that is allowed, and
// leaves none of its processes behind, even when this process is killed meanwhile: the kernel then ends the
// command, and with it all that run in a space of processes of their own, and the guard ends the group.
// What has left the group without being in such a space is ended by the next process, see EndLeft.
func (o *Office) work(ctx context.Context, r *room, command []string, said io.Writer) error {
	limits := []string{
		strconv.FormatInt(o.options.MemoryBytes>>10, 10), strconv.FormatInt(max(o.options.OutputBytes, 64<<20)>>9+1, 10),
		strconv.FormatInt(int64(o.options.Timeout/time.Second)+2, 10),
	}
	args := append(append([]string{"-c", limited, "sh"}, limits...), command...)
	worker := exec.CommandContext(ctx, "/bin/sh", args...)
	worker.Dir, worker.Env, worker.Stdout, worker.Stderr = r.home, r.environment(), said, said
	guarded, alive, err := os.Pipe()
	if err != nil {
		return err
	}
	defer alive.Close()
	worker.ExtraFiles = []*os.File{guarded}
	runtime.LockOSThread() // the kernel takes the end of the thread that starts a process for that of its parent
	defer runtime.UnlockOSThread()
	worker.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if o.isolated {
		isolate(worker.SysProcAttr)
	}
	worker.Cancel = func() error { return syscall.Kill(-worker.Process.Pid, syscall.SIGKILL) }
	worker.WaitDelay = 2 * time.Second // a child that left the group may hold the pipes
	err = worker.Start()
	guarded.Close()
	if err != nil {
		return err
	}
	err = worker.Wait()
	_ = syscall.Kill(-worker.Process.Pid, syscall.SIGKILL)
	endStrays(workerMark + r.root + "\x00")
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

// EndLeft ends what a process left running that was killed while it converted files in a folder under this
// one. Nobody else may be converting files there.
func EndLeft(folder string) { endStrays(workerMark + filepath.Clean(folder) + "/") }

// endStrays ends what left the process group: every process with the mark of a room in its environment, which
// children inherit and cannot take out of what the kernel shows.
func endStrays(mark string) {
	for range 20 {
		if endMarked([]byte(mark)) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// endMarked ends every process that has the mark in its environment, and counts them.
func endMarked(mark []byte) (found int) {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ") // the pattern is right
	for _, path := range environments {
		environment, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(append(environment, 0), mark) {
			continue // of somebody else, or gone
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && pid > 1 && pid != os.Getpid() {
			found++
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return found
}
