package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"maillon/qms/aside"
)

// besideFolder is where a file waits until it is whole, beside the place that it is to have: a file system
// moves at once what it holds itself.
const besideFolder = ".maillon"

// writeWhole has a file written beside its place and put there once it is whole. What a killed command left
// beside it goes with the next one.
func writeWhole(path string, mode fs.FileMode, put func(from, to string) error, write func(io.Writer) error) (err error) {
	folder := filepath.Join(filepath.Dir(path), besideFolder)
	room, err := aside.Enter(folder)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, room.Leave())
		_ = os.Remove(folder) // refused while another command writes
	}()
	file, err := room.File("whole")
	if err != nil {
		return err
	}
	if err := errors.Join(write(file), file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return err
	}
	return put(file.Name(), path)
}

// writeNew writes a file that is not there yet; none appears unless it is whole.
func writeNew(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("write %s: %w", path, fs.ErrExist)
	}
	return writeWhole(path, 0o600, putNew, write)
}

// putNew gives the file its name unless that is taken. Where the file system knows no links the last look
// was the one before.
func putNew(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(from, to)
}
