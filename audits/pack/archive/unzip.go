package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"maillon/qms"
)

// maxDirectory is the largest directory that is read: room for some 300,000 files.
const maxDirectory = 64 << 20

// opened is a pack whose headers were found to be in their one spelling.
type opened struct {
	r       io.ReaderAt
	entries []entry
	stamp   stamp
}

// openPack reads the directory, writes all headers again from it and compares them with the file:
// what is left are the contents alone, without gap or overlap. Where they differ, the entries that the
// directory names are returned with the error.
func openPack(r io.ReaderAt, size int64) (*opened, error) {
	at, err := findDirectory(r, size)
	if err != nil {
		return nil, err
	}
	tail := make([]byte, size-at)
	if err := readAt(r, tail, at); err != nil {
		return nil, err
	}
	entries, s, err := readDirectory(tail, at, size)
	if err != nil {
		return nil, err
	}
	pack := &opened{r: r, entries: entries, stamp: s}
	if place(entries, s) != at {
		return pack, qms.Invalid("pack.layout_altered", at)
	}
	if n := differs(directory(entries, at, s), tail); n >= 0 {
		return pack, qms.Invalid("pack.layout_altered", at+int64(n))
	}
	for _, e := range entries {
		want := e.local(s)
		got := make([]byte, len(want))
		if err := readAt(r, got, e.offset); err != nil {
			return pack, err
		}
		if n := differs(want, got); n >= 0 {
			return pack, qms.Invalid("pack.layout_altered", e.offset+int64(n))
		}
	}
	return pack, nil
}

func readAt(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return qms.Invalid("pack.truncated")
	}
	return err
}

// differs is where two texts begin to differ, -1 when they do not.
func differs(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// findDirectory reads where the directory begins from the end of the file.
func findDirectory(r io.ReaderAt, size int64) (int64, error) {
	var first [4]byte
	if size < localSize+endSize {
		return 0, qms.Invalid("pack.not_a_pack")
	}
	if err := readAt(r, first[:], 0); err != nil {
		return 0, err
	}
	if binary.LittleEndian.Uint32(first[:]) != localMark {
		return 0, qms.Invalid("pack.not_a_pack")
	}
	var end [endSize]byte
	if err := readAt(r, end[:], size-endSize); err != nil {
		return 0, err
	}
	if binary.LittleEndian.Uint32(end[:]) != endMark {
		return 0, noEnd(r, size)
	}
	at := int64(binary.LittleEndian.Uint32(end[16:]))
	if size >= endSize+locatorSize+end64Size {
		var end64 [end64Size + locatorSize]byte
		if err := readAt(r, end64[:], size-endSize-int64(len(end64))); err != nil {
			return 0, err
		}
		if binary.LittleEndian.Uint32(end64[end64Size:]) == locatorMark {
			at = int64(binary.LittleEndian.Uint64(end64[48:]))
		}
	}
	if at < 0 || at > size-endSize || size-at > maxDirectory {
		return 0, qms.Invalid("pack.layout_altered", size-endSize+16)
	}
	return at, nil
}

// noEnd says whether something follows the end of the archive, or the end is missing.
func noEnd(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, endSize+many)) // as far as a comment may push it back
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return err
	}
	at := bytes.LastIndex(tail, binary.LittleEndian.AppendUint32(nil, endMark))
	if at < 0 || at+endSize > len(tail) {
		return qms.Invalid("pack.truncated")
	}
	return qms.Invalid("pack.layout_altered", size-int64(len(tail)-at)+endSize)
}

// readDirectory reads the entries that tail, the end of the file from at on, begins with. What it
// does not look at is compared afterwards.
func readDirectory(tail []byte, at, size int64) ([]entry, stamp, error) {
	var entries []entry
	var s stamp
	rest := tail
	for len(rest) >= centralSize && binary.LittleEndian.Uint32(rest) == centralMark {
		wrong := qms.Invalid("pack.layout_altered", at+int64(len(tail)-len(rest)))
		name, extra := int(binary.LittleEndian.Uint16(rest[28:])), int(binary.LittleEndian.Uint16(rest[30:]))
		length := centralSize + name + extra
		if length > len(rest) {
			return nil, s, wrong
		}
		e := entry{name: string(rest[centralSize : centralSize+name]), crc: binary.LittleEndian.Uint32(rest[16:]),
			size: int64(binary.LittleEndian.Uint32(rest[24:]))}
		if e.size == large && extra >= 12 {
			e.size = int64(binary.LittleEndian.Uint64(rest[centralSize+name+4:]))
		}
		if e.size < 0 || e.size > size {
			return nil, s, wrong
		}
		if len(entries) == 0 {
			s = stamp{clock: binary.LittleEndian.Uint16(rest[12:]), date: binary.LittleEndian.Uint16(rest[14:])}
		}
		entries = append(entries, e)
		rest = rest[length:]
	}
	return entries, s, nil
}

// content finds an entry that checkNames has seen.
func (a *opened) content(name string) (entry, io.Reader) {
	for _, e := range a.entries {
		if e.name == name {
			return e, a.section(e)
		}
	}
	return entry{}, bytes.NewReader(nil)
}

func (a *opened) section(e entry) io.Reader {
	return io.NewSectionReader(a.r, e.offset+int64(len(e.local(a.stamp))), e.size)
}
