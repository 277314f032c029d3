package dir_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
)

// diskEnv holds the folder in the process that meets the full disk.
const diskEnv = "MAILLON_DISK_CHILD"

const room = 1 << 20 // bytes of the small disk

func TestPut_OnAFullDiskIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	// A small disk of its own in a private mount namespace, so that the machine keeps none of it.
	out, err := diskChild(t, &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	})
	if err != nil && out == "" { // namespaces are not permitted here: the child could not start
		out, err = diskChild(t, nil)
	}
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	t.Log(out)
}

func diskChild(t *testing.T, how *syscall.SysProcAttr) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), diskEnv+"="+t.TempDir())
	child.SysProcAttr = how
	out, err := child.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// diskMain runs in the child: it makes the disk small and fills it.
func diskMain() {
	folder := os.Getenv(diskEnv)
	if folder == "" {
		return
	}
	disk, err := shrink(folder)
	if err == nil {
		err = fill(folder)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("refused on", disk)
	os.Exit(0)
}

// shrink mounts a small disk, or, where that is not permitted, forbids large files to the process.
func shrink(folder string) (string, error) {
	if syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", room)) == nil {
		return "a full tmpfs", nil
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: room, Max: room}
	return "a limited process", syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

func fill(folder string) error {
	v, err := dir.Open(folder)
	if err != nil {
		return err
	}
	before, err := v.Put(context.Background(), strings.NewReader("kept before"))
	if err != nil {
		return err
	}
	large := strings.NewReader(strings.Repeat("x", 2*room))
	if _, err := v.Put(context.Background(), large); !errors.Is(err, qms.Busy("vault.full")) {
		return fmt.Errorf("put on a full disk: %w, want vault.full", err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "tmp", "*")); err != nil || len(left) > 0 {
		return fmt.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := v.Put(context.Background(), strings.NewReader("there is room again")); err != nil {
		return fmt.Errorf("put after a full disk: %w", err)
	}
	return vault.Check(context.Background(), v, before.Digest)
}
