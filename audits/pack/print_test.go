package pack

import (
	"bytes"
	"testing"
)

func TestPrint_SameContentsSameBytes(t *testing.T) {
	t.Parallel()
	first, err := Print(sample(t, "fr", 40))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Print(sample(t, "fr", 40))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("two prints of one pack differ")
	}
}
