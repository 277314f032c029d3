//go:build !unix

package aside

import (
	"os"
	"time"
)

// silence is how old a room must be to be taken for a dead process's where there are no such locks: far
// longer than anything waits in one.
const silence = 30 * 24 * time.Hour

func claim(*os.File) error { return nil }

// abandoned judges by the age of the room. Where a file that is open cannot be removed, that spares the
// room of a living process too.
func abandoned(file *os.File) (bool, error) {
	stat, err := file.Stat()
	return err == nil && time.Since(stat.ModTime()) > silence, err //nolint:forbidigo // a file of this machine
}
