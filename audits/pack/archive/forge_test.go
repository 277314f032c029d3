package archive

import (
	"bytes"
	"hash/crc32"
	"io"
	"testing"

	"maillon/qms"
)

// parts takes a pack apart, so that a forger can put it together again.
func parts(t *testing.T, data []byte) []source {
	t.Helper()
	a, err := openPack(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out []source
	for _, e := range a.entries {
		content, err := io.ReadAll(a.section(e))
		if err != nil {
			t.Fatal(err)
		}
		s := inMemory(e.name, content)
		s.size, s.crc = e.size, e.crc
		out = append(out, s)
	}
	return out
}

func together(t *testing.T, sources []source) []byte {
	t.Helper()
	c := sample(t)
	var out bytes.Buffer
	if err := writeZip(t.Context(), &out, sources, stampOf(c.GeneratedAt), func(Step, int, int) {}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func part(name, content string) source {
	s := inMemory(name, []byte(content))
	s.size, s.crc = int64(len(content)), crc32.ChecksumIEEE([]byte(content))
	return s
}

func TestVerify_RefusesABombInBoundedMemory(t *testing.T) {
	t.Parallel()
	data := bomb(t)
	used := allocated(func() {
		if _, err := verify(data); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("accepted a bomb: %v", err)
		}
	})
	if used > 8<<20 {
		t.Errorf("a bomb of %d bytes took %d bytes of memory", len(data), used)
	}
}

func open(t *testing.T, s source) io.Reader {
	t.Helper()
	r, err := s.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}
