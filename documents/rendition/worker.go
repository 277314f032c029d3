package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"maillon/qms"
)

// weighEvery is how often what the worker has written is weighed.
const weighEvery = 200 * time.Millisecond

// Reasons to end a worker.
var (
	errOverdue = errors.New("the conversion took too long")
	errSwollen = errors.New("the conversion wrote too much")
)

// run runs the worker to its end. LibreOffice says success whatever happens: what it left tells.
func (o *Office) run(ctx context.Context, r *room, command []string) error {
	bounded, stop := context.WithTimeoutCause(ctx, o.options.Timeout, errOverdue)
	defer stop()
	bounded, end := context.WithCancelCause(bounded)
	defer end(nil)
	go weigh(bounded, end, r.root, o.options.OutputBytes+o.options.InputBytes+64<<20)

	said := &tail{}
	err := o.work(bounded, r, command, said)
	switch cause := context.Cause(bounded); {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(cause, errOverdue):
		return fmt.Errorf("%w: %w", qms.Invalid("rendition.overdue", o.options.Timeout), cause)
	case errors.Is(cause, errSwollen):
		return fmt.Errorf("%w: %w", qms.Invalid("rendition.swollen"), cause)
	case err != nil:
		return fmt.Errorf("%w: %w: %q", qms.Invalid("rendition.worker_died"), err, said.bytes())
	}
	return nil
}

// weigh ends the worker when it has written more than the bound into its folders.
func weigh(ctx context.Context, end context.CancelCauseFunc, root string, bound int64) {
	tick := time.NewTicker(weighEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		total, files := int64(0), 0
		_ = filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil // what is gone again weighs nothing
			}
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
			if files++; files > 100_000 || total > bound {
				return fs.SkipAll
			}
			return nil
		})
		if total > bound || files > 100_000 {
			end(errSwollen)
			return
		}
	}
}

// tail keeps the last of what the worker says, for the log.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	const most = 4 << 10
	t.kept = append(t.kept, p[max(0, len(p)-most):]...)
	t.kept = t.kept[max(0, len(t.kept)-most):]
	return len(p), nil
}

func (t *tail) bytes() []byte { return bytes.TrimSpace(t.kept) }

// workerMark is what every process of a worker has in its environment, before the folder of the conversion.
const workerMark = "MAILLON_WORKER="

// environment is all that the worker knows of the machine: none of the server's secrets.
func (r *room) environment() []string {
	env := []string{
		"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + r.home, "TMPDIR=" + r.home, "XDG_CACHE_HOME=" + r.home,
		"XDG_CONFIG_HOME=" + r.home, "XDG_RUNTIME_DIR=" + r.home, "SAL_USE_VCLPLUGIN=svp", "SAL_DISABLE_OPENCL=1",
		workerMark + r.root,
	}
	for _, name := range []string{"http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		env = append(env, name+"=http://127.0.0.1:9")
	}
	return env
}
