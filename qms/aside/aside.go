// Package aside is where files wait while something is made of them: uploads, exports, packs, conversions.
//
// Every process has a room of its own, a folder that it alone uses, and holds a lock on it for as long as it
// lives. The system lets go of the lock when the process ends, however it ends; so whoever enters a room
// later finds out which others belong to nobody any more, and removes what is in them. What a living process
// keeps aside, a server or a command, is never touched.
//
// It promises that what a killed process left is gone when the next one enters under the same folder. It
// refuses to judge by age or by process number where the system has locks: a number is given again, and a
// pack may take an hour.
package aside

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Room is the folder of this process.
type Room struct {
	Name string   // tells it from every other room, of whichever time
	Path string   // of the folder
	Gone []string // names of the rooms that were cleared on entering: their processes are dead
	Left error    // what of them could not be removed, which hinders nobody; nil: nothing
	lock *os.File
}

const (
	folderMode = 0o700 // what waits may be anybody's file
	lockMode   = 0o600
	lockSuffix = ".lock"
	attempts   = 10
)

// Enter makes a room under the folder, which is made when missing, and clears those of dead processes.
func Enter(folder string) (*Room, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("keep files aside: %w", err)
	}
	gone, left := Clear(folder)
	for range attempts {
		if err := os.MkdirAll(folder, folderMode); err != nil {
			return nil, fmt.Errorf("keep files aside: %w", err)
		}
		name := fmt.Sprintf("%d-%s", os.Getpid(), strings.ToLower(rand.Text()[:10]))
		lock, err := take(filepath.Join(folder, name+lockSuffix))
		if errors.Is(err, errTaken) || errors.Is(err, fs.ErrNotExist) {
			continue // somebody clears, and took the new lock for that of a dead process; or has removed the folder
		}
		if err != nil {
			return nil, fmt.Errorf("keep files aside: %w", err)
		}
		r := &Room{Name: name, Path: filepath.Join(folder, name), Gone: gone, Left: left, lock: lock}
		if err := os.Mkdir(r.Path, folderMode); err != nil {
			return nil, errors.Join(fmt.Errorf("keep files aside: %w", err), r.Leave())
		}
		return r, nil
	}
	return nil, fmt.Errorf("keep files aside: no room under %s could be locked", folder)
}

// take makes and locks the file, and makes sure that nobody has removed it before it was locked.
func take(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, lockMode)
	if err != nil {
		return nil, err
	}
	if err := claim(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	held, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if there, err := os.Stat(path); err != nil || !os.SameFile(held, there) {
		return nil, errors.Join(errTaken, file.Close())
	}
	return file, nil
}

// Leave removes the room with all that is in it.
func (r *Room) Leave() error {
	return errors.Join(os.RemoveAll(r.Path), os.Remove(r.lock.Name()), r.lock.Close())
}

// Inhabit has the process, its libraries and the programs that it starts put their temporary files into the
// room. It changes the environment: main alone calls it, before anything else runs.
func (r *Room) Inhabit() error {
	var all error
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		all = errors.Join(all, os.Setenv(name, r.Path))
	}
	return all
}

// File makes a temporary file in the room, named after what it is for.
func (r *Room) File(what string) (*os.File, error) { return os.CreateTemp(r.Path, what+"-*") }

// Clear removes the rooms under the folder that belong to no living process, and tells their names. It is
// no error when there is no such folder.
func Clear(folder string) (gone []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("clear what was kept aside: %w", err)
	}
	var failed error
	for _, entry := range entries {
		name, ours := strings.CutSuffix(entry.Name(), lockSuffix)
		if !ours || entry.IsDir() {
			continue
		}
		dead, err := clearDead(filepath.Join(folder, name))
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("clear what was kept aside: %w", err))
		}
		if dead {
			gone = append(gone, name)
		}
	}
	return gone, failed
}

// clearDead removes one room unless its process lives. The lock goes last, so that a clearing that is
// itself cut short is done again.
func clearDead(room string) (dead bool, err error) {
	file, err := os.OpenFile(room+lockSuffix, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // left, or cleared by somebody else
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if dead, err = abandoned(file); err != nil || !dead {
		return false, err
	}
	if err := os.RemoveAll(room); err != nil {
		return true, err
	}
	if err := os.Remove(file.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return true, err
	}
	return true, nil
}

// errTaken says that another process holds the lock.
var errTaken = errors.New("the room is another process's")

// File makes a temporary file, named after what it is for, where this process keeps them: its room, once it
// inhabits one.
func File(what string) (*os.File, error) { return os.CreateTemp("", "maillon-"+what+"-*") }

// Folder makes a temporary folder under the one named; under none, it is where File makes files.
func Folder(under, what string) (string, error) { return os.MkdirTemp(under, "maillon-"+what+"-*") }
