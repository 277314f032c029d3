package pack

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"maillon/audits/pack/archive"
	"maillon/qms/trail"
)

func made(t testing.TB, c *Contents) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, c, testKey(t), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func testKey(t testing.TB) trail.Key {
	t.Helper()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{1}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestWrite_MakesAPackThatVerifies(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr", 40)
	data := made(t, c)
	r, err := archive.Verify(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if r.Number != c.Number || r.PlatformCode != "MIC" || r.PlatformName != c.Platform.Name || r.AsOf != c.AsOf || !r.GeneratedAt.Equal(c.GeneratedAt) ||
		r.Checkpoint != c.Checkpoint || r.Facts != 60 || r.Files != 3 {
		t.Errorf("report %+v", r)
	}
	if len(r.Earlier) != 1 || r.Earlier[0].Number != "PACK-2025-007" {
		t.Errorf("it does not say what it continues: %+v", r.Earlier)
	}
	pdf, _, err := archive.PDF(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(pdf)
	if err != nil {
		t.Fatal(err)
	}
	if bound, alone := textOf(t, got), textOf(t, printed(t, c)); bound != alone || len(alone) < 1000 {
		t.Errorf("not the PDF that is printed: %d letters instead of %d", len(bound), len(alone))
	}
}

func TestWrite_SameContentsSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(made(t, sample(t, "en", 4)), made(t, sample(t, "en", 4))) {
		t.Error("two packs of one contents differ")
	}
}
