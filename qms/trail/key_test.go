package trail

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseKey_ReadsASecretWithAPlusSign(t *testing.T) {
	t.Parallel()
	withPlus := 0
	for i := range 64 {
		seed := bytes.Repeat([]byte{byte(251 + i), byte(i * 7), 190}, 16)
		key, line, err := GenerateKey(bytes.NewReader(seed), "site")
		if err != nil {
			t.Fatalf("seed %x: %v", seed, err)
		}
		if again, err := ParseKey(line); err != nil || again.Verifier() != key.Verifier() {
			t.Errorf("seed %x: %v", seed, err)
		}
		if strings.Count(string(line), "+") > 4 {
			withPlus++
		}
	}
	if withPlus == 0 {
		t.Error("no secret has a plus sign: the test shows nothing")
	}
}
