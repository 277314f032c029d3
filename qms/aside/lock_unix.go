//go:build unix

package aside

import (
	"errors"
	"os"
	"syscall"
)

// claim locks the file for as long as it is open; errTaken when somebody else holds it. The lock is that of
// the opened file: it tells two rooms of one process apart too, and no program that is started inherits it.
func claim(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errTaken
		}
		return err
	}
}

// abandoned reports whether nobody holds the file any more; it is then held by this one.
func abandoned(file *os.File) (bool, error) {
	err := claim(file)
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}
