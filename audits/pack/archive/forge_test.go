package archive

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trail"
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

func TestVerify_RefusesAPackPutTogetherOtherwise(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		forge func(s []source) []source
		key   string
	}{
		"as it was":              {func(s []source) []source { return s }, ""},
		"an extra file":          {func(s []source) []source { return append(s, part("files/more.txt", "more")) }, "pack.file_extra"},
		"a file less":            {func(s []source) []source { return s[:len(s)-1] }, "pack.file_missing"},
		"a file less in between": {func(s []source) []source { return slices.Delete(s, 7, 8) }, "pack.file_missing"},
		"no PDF":                 {func(s []source) []source { return slices.Delete(s, 5, 6) }, "pack.file_missing"},
		"a file twice":           {func(s []source) []source { return append(s, s[7]) }, "pack.file_doubled"},
		"a file twice in capitals": {func(s []source) []source {
			return append(s, part(folder+strings.ToUpper(s[7].name[len(folder):]), "x"))
		}, "pack.file_doubled"},
		"the manifest twice":     {func(s []source) []source { return append(s, s[0]) }, "pack.file_doubled"},
		"two files exchanged":    {func(s []source) []source { s[7], s[8] = s[8], s[7]; return s }, "pack.file_missing"},
		"a way out":              {func(s []source) []source { return append(s, part("files/../../etc/passwd", "x")) }, "pack.name_refused"},
		"an absolute name":       {func(s []source) []source { return append(s, part("/etc/passwd", "x")) }, "pack.name_refused"},
		"a way out for Windows":  {func(s []source) []source { return append(s, part(`files\..\x`, "x")) }, "pack.name_refused"},
		"a name of another text": {func(s []source) []source { return append(s, part("files/e\u0301.txt", "x")) }, "pack.name_refused"},
		"a folder":               {func(s []source) []source { return append(s, part("files/sub/", "")) }, "pack.name_refused"},
		"another content":        {func(s []source) []source { s[7] = part(s[7].name, "other"); return s }, "pack.file_altered"},
		"nothing":                {func([]source) []source { return nil }, "pack.not_a_pack"},
		"another key": {func(s []source) []source {
			k, _, _ := trail.GenerateKey(rand.NewChaCha8([32]byte{9}), "maillon.example")
			s[3] = part(keyName, k.Verifier()+"\n")
			return s
		}, "pack.signature_refused"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := verify(together(t, c.forge(parts(t, smallPack()))))
			if c.key == "" {
				if err != nil {
					t.Errorf("refused a pack put together as it was: %v", err)
				}
				return
			}
			if !errors.Is(err, qms.Invalid(c.key)) {
				t.Errorf("want %s, got %v", c.key, err)
			}
		})
	}
}

func TestVerify_RefusesAPackPackedAgain(t *testing.T) {
	t.Parallel()
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, s := range parts(t, smallPack()) {
			w, err := z.CreateHeader(&zip.FileHeader{Name: s.name, Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.copyTo(t.Context(), w); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := verify(out.Bytes()); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("method %d: %v", method, err)
		}
	}
}

func TestVerify_RefusesABombInBoundedMemory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range fixedNames() {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, 50<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	used := allocated(func() {
		if _, err := verify(out.Bytes()); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("accepted a bomb: %v", err)
		}
	})
	if used > 8<<20 {
		t.Errorf("a bomb of %d bytes took %d bytes of memory", out.Len(), used)
	}
}

func TestVerify_RefusesFactsThatProveNothing(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		alter func(*draft)
		key   string
	}{
		"a fact of another log":  {func(c *draft) { c.Checkpoint.Origin = trail.Origin("maillon.example", "other"); c.Earlier = nil }, "pack.fact_refused"},
		"another root":           {func(c *draft) { c.Checkpoint.Root[0] ^= 1; c.Earlier = nil }, "pack.fact_refused"},
		"a past of another root": {func(c *draft) { c.Earlier[0].Checkpoint.Root[0] ^= 1 }, "pack.past_rewritten"},
		"a past without proof":   {func(c *draft) { c.Earlier[0].Proof = nil }, "pack.past_rewritten"},
		"a past of another log":  {func(c *draft) { c.Earlier[0].Checkpoint.Origin = "maillon.example/other" }, "pack.past_rewritten"},
		"a past of more acts":    {func(c *draft) { c.Earlier[0].Checkpoint.Size = c.Checkpoint.Size + 1 }, "pack.past_rewritten"},
		"a file of no fact":      {func(c *draft) { c.attach("PR-ACH-009", "1.0", "x.txt", []byte("never recorded")) }, "pack.file_unproved"},
		"no facts at all":        {func(c *draft) { c.facts = nil }, "pack.file_unproved"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			contents := sample(t)
			c.alter(contents)
			if _, err := verify(made(t, contents)); !errors.Is(err, qms.Invalid(c.key)) {
				t.Errorf("want %s, got %v", c.key, err)
			}
		})
	}
}

func TestVerify_HoldsAManifestToItsCheckpoint(t *testing.T) {
	t.Parallel()
	// The holder of the key signs a manifest that states another number of facts than there are.
	s := parts(t, smallPack())
	var m manifest
	data, err := io.ReadAll(open(t, s[0]))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	m.Facts++
	forged, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := testKey(t, 1).SignText(statement(forged, trail.Checkpoint{Origin: m.Checkpoint.Origin, Size: m.Checkpoint.Size, Root: m.Checkpoint.Root}))
	if err != nil {
		t.Fatal(err)
	}
	s[0], s[1] = part(manifestName, string(forged)), part(signatureName, string(signed))
	if _, err := verify(together(t, s)); !errors.Is(err, qms.Invalid("pack.facts_missing")) {
		t.Errorf("got %v", err)
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
