package qmstest_test

import (
	"fmt"
	"runtime"
	"testing"

	"maillon/qms/qmstest"
)

// noted is a test that is told how it ends.
type noted struct {
	testing.TB
	said string
}

func (n *noted) Helper() {}

func (n *noted) Fatalf(format string, args ...any) { n.end("failed: "+format, args) }
func (n *noted) Skipf(format string, args ...any)  { n.end("skipped: "+format, args) }

func (n *noted) end(format string, args []any) {
	n.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestWithout_SkipsUnlessTheProgramIsRequired(t *testing.T) {
	for required, want := range map[string]string{
		"":                        "skipped: no minio: not built, 100%",
		"postgres,chromium":       "skipped: no minio: not built, 100%",
		"minio-like":              "skipped: no minio: not built, 100%",
		"minio":                   "failed: minio is required: not built, 100%",
		"postgres,minio,chromium": "failed: minio is required: not built, 100%",
	} {
		t.Setenv("MAILLON_TEST_REQUIRE", required)
		n, ended := &noted{TB: t}, make(chan bool)
		go func() {
			defer close(ended)
			qmstest.Without(n, qmstest.MinIO, "not built, %d%%", 100)
			n.said = "went on"
		}()
		<-ended
		if n.said != want {
			t.Errorf("MAILLON_TEST_REQUIRE=%s: %s, want %s", required, n.said, want)
		}
	}
}
