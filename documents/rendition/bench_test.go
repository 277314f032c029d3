package rendition

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStamp stamps 200 pages. Beside its own time stand, from the same run, the time and the
// peak memory of qpdf copying the same file, and how far the heap grew at most.
func BenchmarkStamp(b *testing.B) {
	pdf := generated(b, 200)
	path := filepath.Join(b.TempDir(), "body.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		b.Fatal(err)
	}
	c := sample(b, "fr")
	in, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	stamp := func() {
		if _, err := Stamp(b.Context(), io.Discard, in, c, Mark{}); err != nil {
			b.Fatal(err)
		}
	}
	peak := grown(stamp)
	for b.Loop() {
		stamp()
	}
	per := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(peak)/1e6, "heap-MB")
	b.ReportMetric(float64(len(pdf))/1e6, "file-MB")
	if took, memory, ok := copied(b, path); ok {
		b.ReportMetric(took.Seconds()*1e3, "qpdf-ms")
		b.ReportMetric(float64(memory)/1e6, "qpdf-MB")
		b.ReportMetric(per.Seconds()/took.Seconds(), "times-qpdf")
	}
}

// grown is how many bytes the heap had at most above what it had before.
func grown(act func()) (most uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, done, over := m.HeapAlloc, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc-min(before, m.HeapAlloc))
			}
		}
	}()
	act()
	close(done)
	<-over
	return most
}

// copied is what the fastest of five copies by qpdf took; memory is the most that it held, in bytes.
func copied(b *testing.B, path string) (fastest time.Duration, memory int64, ok bool) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		b.Log("qpdf is not installed: nothing to compare with")
		return 0, 0, false
	}
	for range 5 {
		began := time.Now()
		run := exec.Command("qpdf", path, path+".copy")
		if out, err := run.CombinedOutput(); err != nil {
			b.Fatalf("qpdf: %v\n%s", err, bytes.TrimSpace(out))
		}
		if took := time.Since(began); fastest == 0 || took < fastest {
			fastest = took
		}
		memory = max(memory, run.ProcessState.SysUsage().(*syscall.Rusage).Maxrss<<10)
	}
	return fastest, memory, true
}
