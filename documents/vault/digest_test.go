package vault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"maillon/documents/vault"
	"maillon/qms"
)

func TestDigest_ComesBackFromTextJSONPathAndDatabase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := vault.DigestOf(rapid.SliceOf(rapid.Byte()).Draw(t, "content"))
		if got, err := vault.ParseDigest(strings.ToUpper(d.String())); got != d || err != nil {
			t.Fatalf("text: %v, %v", got, err)
		}
		if got, ok := vault.ParsePath(d.Path()); got != d || !ok {
			t.Fatalf("path: %v", got)
		}
		var fromJSON, fromRow vault.Digest
		text, _ := json.Marshal(d)
		if err := json.Unmarshal(text, &fromJSON); fromJSON != d || err != nil {
			t.Fatalf("JSON: %v, %v", fromJSON, err)
		}
		value, _ := d.Value()
		if err := fromRow.Scan(value); fromRow != d || err != nil {
			t.Fatalf("row: %v, %v", fromRow, err)
		}
	})
}

func TestDigest_ZeroIsNone(t *testing.T) {
	var none vault.Digest
	if value, err := none.Value(); value != nil || err != nil {
		t.Errorf("value = %v, %v", value, err)
	}
	d := vault.DigestOf(nil)
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("scan of NULL = %v, %v", d, err)
	}
	if text, _ := json.Marshal(none); string(text) != `""` {
		t.Errorf("JSON = %s", text)
	}
	d = vault.DigestOf(nil)
	if err := json.Unmarshal([]byte(`""`), &d); err != nil || !d.IsZero() {
		t.Errorf("JSON of none = %v, %v", d, err)
	}
}

func TestDigest_RefusesWhatIsNone(t *testing.T) {
	good := vault.DigestOf(nil).String()
	for _, s := range []string{"", "ab", good[1:], good + "0", "g" + good[1:]} {
		if _, err := vault.ParseDigest(s); !errors.Is(err, qms.Invalid("digest.malformed")) {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, path := range []string{good, "tmp/put-1", strings.ToUpper(good[:2]) + "/" + good[2:], good[:3] + "/" + good[3:]} {
		if _, ok := vault.ParsePath(path); ok {
			t.Errorf("%q counts as a content", path)
		}
	}
	var d vault.Digest
	if d.Scan([]byte("short")) == nil || d.Scan(7) == nil {
		t.Error("a foreign column counts as a digest")
	}
}

func TestVerified_EndsWithErrAlteredWhateverTheReads(t *testing.T) {
	content := []byte("procédure PR-ACH-003")
	readers := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "data with EOF": iotest.DataErrReader,
	}
	for name, how := range readers {
		whole := vault.Verified(io.NopCloser(how(bytes.NewReader(content))), vault.DigestOf(content))
		if got, err := io.ReadAll(whole); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		cut := vault.Verified(io.NopCloser(how(bytes.NewReader(content[1:]))), vault.DigestOf(content))
		for range 2 { // and it stays so
			if _, err := io.ReadAll(cut); !errors.Is(err, vault.ErrAltered) {
				t.Errorf("%s, cut: %v", name, err)
			}
		}
	}
}
