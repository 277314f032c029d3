package archive

import (
	"io"
	"os"

	"maillon/qms/trail"
)

// maxKey is more than any line of a key takes, in bytes.
const maxKey = 4 << 10

// Asked names the files that an auditor has: a pack, and what it is held to where there is any.
type Asked struct {
	Pack  string
	Since string // an earlier pack of the platform that was kept; empty: none
	Key   string // the key that must have signed, a line as in key.txt; empty: any
}

// Examine examines the files. The error is that of reading them; what is wrong is on the report.
func (a Asked) Examine() (Report, error) {
	var key []byte
	if a.Key != "" {
		var err error
		if key, err = readKey(a.Key); err != nil {
			return Report{}, err
		}
	}
	report, err := examineFile(a.Pack, key, nil)
	if err != nil || a.Since == "" {
		return report, err
	}
	older, err := examineFile(a.Since, key, report.Keys)
	if err != nil {
		return Report{}, err
	}
	report.HoldTo(older)
	return report, nil
}

func examineFile(name string, key []byte, since trail.Succession) (Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return Report{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Report{}, err
	}
	report, err := Examine(file, info.Size())
	if err == nil && key != nil {
		report.holdToKey(key, since)
	}
	return report, err
}

// readKey reads no more than a key takes: somebody may name a pack instead.
func readKey(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	line, err := io.ReadAll(io.LimitReader(file, maxKey))
	if line == nil {
		line = []byte{} // an empty file is a key that does not read
	}
	return line, err
}
