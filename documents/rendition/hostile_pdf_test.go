package rendition

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"maillon/qms/locale"
)

// objectStreams is a file with that many object streams, each of one object that inflates to size bytes.
func objectStreams(count, size int) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	fmt.Fprintf(z, "%-10s", "9 0")
	io.WriteString(z, "("+strings.Repeat("A", size)+")")
	z.Close()
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := map[int]int{}
	put := func(n int, object string) {
		offsets[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, object)
	}
	put(1, "<</Type/Catalog/Pages 2 0 R>>")
	put(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	put(3, "<</Type/Page/Parent 2 0 R"+a4+">>")
	for i := range count {
		put(4+2*i, fmt.Sprintf("<</Type/ObjStm/N 1/First 10/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", packed.Len(), packed.String()))
	}
	var table bytes.Buffer
	total := 4 + 2*count
	for n := range total + 1 {
		switch at := offsets[n]; {
		case n > 3 && n%2 == 1 && n < total:
			table.Write([]byte{2, 0, byte((n - 1) >> 16), byte((n - 1) >> 8), byte(n - 1), 0})
		case n == total:
			at = b.Len()
			fallthrough
		case at > 0:
			table.Write([]byte{1, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), 0})
		default:
			table.Write([]byte{0, 0, 0, 0, 0, 0})
		}
	}
	start := b.Len()
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/XRef/Root 1 0 R/Size %d/W[1 4 1]/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", total, total+1, table.Len(), table.String(), start)
	return b.Bytes()
}

func TestStamp_RefusesHostileFilesWithASentence(t *testing.T) {
	t.Parallel()
	good := pagesOf(a4, a4)
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	tree := []string{"<</Type/Catalog/Pages 2 0 R>>"}
	for i := range 2000 {
		tree = append(tree, fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/Count 1>>", i+3))
	}
	kids := strings.Repeat("3 0 R ", 50_000)
	fan := []string{"<</Type/Catalog/Pages 2 0 R>>"}
	for i := range 40 {
		fan = append(fan, fmt.Sprintf("<</Type/Pages/Count 9/Kids[<</Type/Pages/Kids[%[1]d 0 R]>> <</Type/Pages/Kids[%[1]d 0 R]>>]>>", i+3))
	}
	for name, c := range map[string]struct {
		pdf []byte
		key string
	}{
		"empty":         {nil, "rendition.damaged"},
		"another file":  {[]byte("PK\x03\x04" + strings.Repeat("\x00", 5000)), "rendition.damaged"},
		"garbage":       {bytes.Repeat([]byte("%PDF-1.7 obj endobj stream "), 20_000), "rendition.damaged"},
		"no catalog":    {rawPDF("<</Type/Nothing>>"), "rendition.damaged"},
		"no pages":      {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), "rendition.damaged"},
		"missing page":  {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[9 0 R]/Count 1>>"), "rendition.damaged"},
		"lost content":  {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R"+a4+"/Contents[8 0 R]>>"), "rendition.damaged"},
		"circle":        {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"), "rendition.damaged"},
		"own parent":    {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1>>"), "rendition.damaged"},
		"self":          {rawPDF("1 0 R"), "rendition.damaged"},
		"fan":           {rawPDF(append(fan, "<</Type/Page"+a4+">>")...), "rendition.bomb"},
		"deep tree":     {rawPDF(append(tree, "<</Type/Page"+a4+">>")...), "rendition.bomb"},
		"same page":     {rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids["+kids+"]/Count 1>>", "<</Type/Page"+a4+">>"), "rendition.too_many_pages"},
		"deep lists":    {rawPDF("<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page"+a4+">>", deep), "rendition."},
		"dynamic form":  {rawPDF("<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</XFA 3 0 R>>>>", "<</Type/Pages/Kids[]/Count 0>>", streamOf("", "<xdp/>")), "rendition.dynamic_form"},
		"prefix only":   {good[:60], "rendition.damaged"},
		"half":          {good[:len(good)/3], "rendition.damaged"},
		"wide streams":  {objectStreams(1, 70<<20), "rendition.bomb"},
		"endless index": {bytes.Replace(objectStreams(1, 10), []byte("/Size"), []byte("/Index[0 2000000000]/Size"), 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := Stamp(t.Context(), io.Discard, bytes.NewReader(c.pdf), sample(t, "fr"), Mark{})
			if err == nil && c.key == "" {
				return // it could be mended
			}
			if err == nil || !isKey(err, c.key) && (c.key != "rendition." || !isKey(err, "rendition.bomb") && !isKey(err, "rendition.damaged")) {
				t.Errorf("got %v, want %s", err, c.key)
			}
			if sentence := locale.For("fr").Error(err); strings.Contains(sentence, "rendition") || len(sentence) < 20 {
				t.Errorf("it is told as %q", sentence)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestStamp_RefusesWhatIsEncrypted(t *testing.T) {
	t.Parallel()
	plain := keptFile(t, pagesOf(a4))
	for _, passwords := range [][]string{{"user", "owner"}, {"", "owner"}} {
		locked := filepath.Join(t.TempDir(), "locked.pdf")
		tool(t, "qpdf", "--encrypt", passwords[0], passwords[1], "256", "--", plain, locked)
		pdf, err := os.ReadFile(locked)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, bytes.NewReader(pdf), "rendition.encrypted")
	}
}

// TestStamp_LosesNoPageOfATruncatedFile: wherever the file was cut, either it is refused, or every
// page that was promised is there.
func TestStamp_LosesNoPageOfATruncatedFile(t *testing.T) {
	t.Parallel()
	pdf := pagesOf(a4, a4, a4)
	for cut := 0; cut < len(pdf); cut += 97 {
		made, err := Stamp(t.Context(), io.Discard, bytes.NewReader(pdf[:cut]), sample(t, "fr"), Mark{})
		if err == nil && made.Pages != 4 {
			t.Errorf("cut at %d of %d: %+v", cut, len(pdf), made)
		}
		if err != nil && !isKey(err, "rendition.damaged") {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

func TestStamp_EndsOnAnyAlteredFile(t *testing.T) {
	t.Parallel()
	pdf := pagesOf(a4, a4+"/Rotate 90")
	for at := 9; at < len(pdf); at += 37 {
		altered := bytes.Clone(pdf)
		altered[at] ^= 0x15
		_, err := Stamp(t.Context(), io.Discard, bytes.NewReader(altered), sample(t, "fr"), Mark{})
		if err != nil && !isKey(err, "rendition.damaged") && !isKey(err, "rendition.bomb") {
			t.Errorf("altered at %d: %v", at, err)
		}
	}
}

// huge is a file of that many bytes that counts how many of them are read.
type huge struct {
	size, at, read int64
}

func (h *huge) Read(p []byte) (int, error) {
	n := min(int64(len(p)), h.size-h.at)
	if n <= 0 {
		return 0, io.EOF
	}
	h.at, h.read = h.at+n, h.read+n
	return int(n), nil
}

func (h *huge) Seek(offset int64, whence int) (int64, error) {
	h.at = map[int]int64{io.SeekStart: 0, io.SeekCurrent: h.at, io.SeekEnd: h.size}[whence] + offset
	return h.at, nil
}

func TestStamp_RefusesAHugeFileWithoutReadingIt(t *testing.T) {
	t.Parallel()
	file := &huge{size: 1 << 30}
	if err := refused(t, file, "rendition.too_large"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v is not ErrTooLarge", err)
	}
	if file.read > 0 {
		t.Errorf("%d bytes of it were read", file.read)
	}
}

func TestStamp_KeepsItsMemoryWithinBounds(t *testing.T) {
	bomb := objectStreams(400, 40<<20) // 16 GB, if they were all let in
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapAlloc)
			}
		}
	}()
	refused(t, bytes.NewReader(bomb), "rendition.bomb")
	close(done)
	<-over
	if grown := int64(peak) - int64(before.HeapAlloc); grown > 2*maxMemory {
		t.Errorf("the heap grew by %d MB", grown>>20)
	} else {
		t.Logf("a bomb of %d KB: the heap grew by %d MB", len(bomb)>>10, grown>>20)
	}
}

func TestStamp_EnclosesNothingLessThanWhatItWasPromised(t *testing.T) {
	t.Parallel()
	file := &huge{size: 300_000_000}
	counted := &counting{}
	made, err := Enclose(t.Context(), counted, file, sample(t, "fr"), Mark{})
	if err != nil || made.Size != counted.n || counted.n < file.size {
		t.Errorf("got %+v, %v, %d bytes", made, err, counted.n)
	}
	if _, err := Enclose(t.Context(), io.Discard, &huge{size: MaxEnclosed + 1}, sample(t, "fr"), Mark{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if _, err := Enclose(t.Context(), io.Discard, shorter{&huge{size: 1000}}, sample(t, "fr"), Mark{}); err == nil {
		t.Error("a file that ended early was enclosed")
	}
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

// shorter has fewer bytes than it says.
type shorter struct{ *huge }

func (s shorter) Seek(offset int64, whence int) (int64, error) {
	n, err := s.huge.Seek(offset, whence)
	if whence == io.SeekEnd {
		n += 100
	}
	return n, err
}

func TestStamp_StopsWhenItsCallerDoes(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Stamp(ctx, io.Discard, bytes.NewReader(pagesOf(a4)), sample(t, "fr"), Mark{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := Stamp(t.Context(), full{}, bytes.NewReader(pagesOf(a4)), sample(t, "fr"), Mark{}); !errors.Is(err, io.ErrShortWrite) || isKey(err, "rendition.damaged") {
		t.Errorf("a full disk is told as %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
