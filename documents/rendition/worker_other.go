//go:build !linux

package rendition

import (
	"context"
	"io"
	"os/exec"
	"time"
)

// work runs the command. Here its time and what it writes are bounded; its memory is not, and a
// child that it leaves behind is not found. When this process is killed the command goes on to its own end,
// in a folder that the next process removes.
func (o *Office) work(ctx context.Context, r *room, command []string, said io.Writer) error {
	worker := exec.CommandContext(ctx, command[0], command[1:]...)
	worker.Dir, worker.Env, worker.Stdout, worker.Stderr = r.home, r.environment(), said, said
	worker.WaitDelay = 2 * time.Second
	return worker.Run()
}

func canIsolate() bool { return false }

// EndLeft cannot tell here which processes a killed one left, and ends none.
func EndLeft(string) {}
