package archive

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"maillon/qms/locale"
)

// maxKey is more than any line of a key takes, in bytes.
const maxKey = 4 << 10

// Asked names the files that an auditor has: a pack, and what it is held to where there is any.
type Asked struct {
	Pack  string
	Since string // an earlier pack of the platform that was kept; empty: none
	Key   string // the key that must have signed, a line as in key.txt; empty: any
}

// Examine examines the files. The error is that of reading them, see Unread; what is wrong is on the report.
func (a Asked) Examine() (Report, error) {
	var key []byte
	if a.Key != "" {
		var err error
		if key, err = readKey(a.Key); err != nil {
			return Report{}, err
		}
	}
	report, err := examineFile(a.Pack)
	if err != nil {
		return report, err
	}
	var older *Report
	if a.Since != "" {
		kept, err := examineFile(a.Since)
		if err != nil {
			return Report{}, err
		}
		older = &kept
	}
	report.Hold(key, older)
	return report, nil
}

// What a path may lead to instead of a file.
var (
	errFolder  = errors.New("it is a folder")
	errNoPlace = errors.New("it has no places to read from")
)

func examineFile(name string) (Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return Report{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return Report{}, err
	case info.IsDir():
		return Report{}, &fs.PathError{Op: "examine", Path: name, Err: errFolder}
	case !info.Mode().IsRegular(): // a ZIP is read from its end
		return Report{}, &fs.PathError{Op: "examine", Path: name, Err: errNoPlace}
	}
	report, err := Examine(file, info.Size())
	report.File = Printable(name)
	return report, err
}

// readKey reads no more than a key takes: somebody may name a pack instead.
func readKey(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "examine", Path: name, Err: errFolder}
	}
	line, err := io.ReadAll(io.LimitReader(file, maxKey))
	if line == nil {
		line = []byte{} // an empty file is a key that does not read
	}
	return line, err
}

// Unread is the sentence for an error of Asked.Examine: which file could not be read, and why.
func Unread(say *locale.Printer, err error) string {
	name, key := "", "verify.unread"
	var of *fs.PathError
	if errors.As(err, &of) {
		name = Printable(of.Path)
	}
	switch {
	case errors.Is(err, errFolder):
		key = "verify.unread_folder"
	case errors.Is(err, errNoPlace):
		key = "verify.unread_pipe"
	case errors.Is(err, fs.ErrNotExist):
		key = "verify.unread_missing"
	case errors.Is(err, fs.ErrPermission):
		key = "verify.unread_forbidden"
	}
	return say.T(key, name)
}
