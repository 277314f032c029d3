package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// zeros is an endless content.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// allocated is how many bytes f asked of the heap in all, freed or not: an upper bound of its growth.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// It runs alone, since it measures the whole process.
func TestPack_MemoryDoesNotGrowWithTheFiles(t *testing.T) {
	const size = 200 << 20
	write := func(size int64) (string, uint64) {
		c := vast(t, size)
		path := filepath.Join(t.TempDir(), "pack.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return path, allocated(func() {
			if err := c.write(t.Context(), f, testKey(t, 1), nil); err != nil {
				t.Fatal(err)
			}
		})
	}
	check := func(path string) uint64 {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		return allocated(func() {
			if _, err := Verify(f, info.Size()); err != nil {
				t.Fatal(err)
			}
		})
	}
	littlePack, smallWrite := write(1 << 10)
	bigPack, bigWrite := write(size)
	smallCheck, bigCheck := check(littlePack), check(bigPack)
	t.Logf("write: %d kB for 1 kB of files, %d kB for 200 MB; verify: %d kB and %d kB", smallWrite>>10, bigWrite>>10, smallCheck>>10, bigCheck>>10)
	if bigWrite > smallWrite+8<<20 {
		t.Errorf("writing 200 MB took %d MB more", (bigWrite-smallWrite)>>20)
	}
	if bigCheck > smallCheck+8<<20 {
		t.Errorf("verifying 200 MB took %d MB more", (bigCheck-smallCheck)>>20)
	}
}

func digestOfZeros(t *testing.T, size int64) (sum [32]byte) {
	t.Helper()
	h := sha256.New()
	if _, err := io.CopyN(h, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	h.Sum(sum[:0])
	return sum
}

// vast is an archive of one file of that many bytes, which its one fact names.
func vast(t *testing.T, size int64) *draft {
	t.Helper()
	d, log := sample(t), &log{}
	d.Files = []File{{Code: "EN-MIC-001", Version: "1.0", Name: "images.raw", Size: size, SHA256: digestOfZeros(t, size),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(io.LimitReader(zeros{}, size)), nil }}}
	d.Earlier = nil
	log.seal(t, map[string]any{"sha256": hex.EncodeToString(d.Files[0].SHA256[:])})
	log.prove(t, d)
	return d
}

// sparse is an archive of more than 4 GiB of which only the headers are kept.
type sparse struct {
	size  int64
	parts map[int64][]byte
}

func (s sparse) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	for from, data := range s.parts {
		if from < at+int64(len(p)) && at < from+int64(len(data)) {
			copy(p[max(0, from-at):], data[max(0, at-from):])
		}
	}
	if at+int64(len(p)) > s.size {
		return int(max(0, s.size-at)), io.EOF
	}
	return len(p), nil
}

func TestZip_HoldsFilesBeyondFourGigabytes(t *testing.T) {
	t.Parallel()
	var entries []entry
	for _, name := range fixedNames() {
		entries = append(entries, entry{name: name, size: 10})
	}
	entries = append(entries, entry{name: "files/a", size: 5 << 30, crc: 1}, entry{name: "files/b", size: 7, crc: 2}, entry{name: "files/c", size: large, crc: 3})
	s := stamp{date: 0x5cde, clock: 0x5000}
	at := place(entries, s)
	tail := directory(entries, at, s)
	file := sparse{size: at + int64(len(tail)), parts: map[int64][]byte{at: tail}}
	for _, e := range entries {
		file.parts[e.offset] = e.local(s)
	}
	z, err := zip.NewReader(file, file.size)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		start, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		if e := entries[i]; int64(f.UncompressedSize64) != e.size || f.Name != e.name || start != e.offset+int64(len(e.local(s))) || f.CRC32 != e.crc {
			t.Errorf("%s: read as %d bytes at %d", e.name, f.UncompressedSize64, start)
		}
	}
	if a, err := openPack(file, file.size); err != nil || len(a.entries) != len(entries) || a.entries[7].size != 5<<30 {
		t.Errorf("not read back: %v", err)
	}
}

func TestZip_HoldsMoreFilesThanSixteenBitsCount(t *testing.T) {
	t.Parallel()
	var entries []entry
	for _, name := range fixedNames() {
		entries = append(entries, entry{name: name})
	}
	for i := range 70_000 {
		entries = append(entries, entry{name: folder + hex.EncodeToString([]byte{byte(i >> 16), byte(i >> 8), byte(i)})})
	}
	s := stamp{date: 0x5cde}
	at := place(entries, s)
	var out bytes.Buffer
	for _, e := range entries {
		out.Write(e.local(s))
	}
	out.Write(directory(entries, at, s))
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(z.File) != len(entries) {
		t.Fatalf("read by others: %v", err)
	}
	if _, err := openPack(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
		t.Fatalf("not read back: %v", err)
	}
}

func TestVerify_HandsOnTheErrorOfTheDisk(t *testing.T) {
	t.Parallel()
	data := smallPack()
	broken := errors.New("disk on fire")
	after := readerAt{bytes.NewReader(data), int64(len(data)) / 2, broken}
	if _, err := Verify(after, int64(len(data))); !errors.Is(err, broken) {
		t.Errorf("the error of the disk became %v", err)
	}
}

// readerAt fails where the contents of the middle are read.
type readerAt struct {
	r   io.ReaderAt
	at  int64
	err error
}

func (r readerAt) ReadAt(p []byte, at int64) (int, error) {
	if at <= r.at && r.at < at+int64(len(p)) {
		return 0, r.err
	}
	return r.r.ReadAt(p, at)
}
