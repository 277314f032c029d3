package archive

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"maillon/qms/qmstest"
)

// byShell asks the verifier in shell, which shares no code with this one.
func byShell(t *testing.T, packs ...[]byte) (said string, accepted bool) {
	t.Helper()
	for _, program := range []string{"bash", "unzip", "jq", "sha256sum", "openssl", "basenc"} {
		if _, err := exec.LookPath(program); err != nil {
			qmstest.Without(t, qmstest.CoreUtils, "%v", err)
		}
	}
	line := []string{filepath.Join("testdata", "verify.sh")}
	dir := t.TempDir()
	for i, data := range packs {
		file := filepath.Join(dir, string(rune('a'+i))+".zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		line = append(line, file)
	}
	out, err := exec.CommandContext(t.Context(), "bash", line...).CombinedOutput()
	return string(out), err == nil
}

func TestVerify_AgreesWithAVerifierInShell(t *testing.T) {
	t.Parallel()
	alter := func(n int, change func(string) string) func([]source) []source {
		return func(s []source) []source {
			content := readSource(t, s[n])
			s[n] = part(s[n].name, change(content))
			return s
		}
	}
	for what, forge := range map[string]func([]source) []source{
		"as it was":                  func(s []source) []source { return s },
		"a byte of the manifest":     alter(0, func(text string) string { return strings.Replace(text, "2026", "2027", 1) }),
		"its signature":              alter(1, func(text string) string { return strings.Replace(text, "sha256 ", "sha256 0", 1) }),
		"the checkpoint":             alter(2, func(text string) string { return strings.Replace(text, "\n", "\n1", 1) }),
		"the key":                    alter(3, func(string) string { return testKey(t, 2).Verifier() + "\n" }),
		"the explanation":            alter(4, func(text string) string { return text + " " }),
		"the PDF":                    alter(5, func(text string) string { return text[:100] + "x" + text[101:] }),
		"a fact":                     alter(6, func(text string) string { return strings.Replace(text, "1", "2", 1) }),
		"a file":                     alter(7, func(text string) string { return text + "x" }),
		"a file more":                func(s []source) []source { return append(s, part("files/more.txt", "more")) },
		"a file less":                func(s []source) []source { return s[:len(s)-1] },
		"two files the wrong way up": func(s []source) []source { s[7], s[8] = s[8], s[7]; return s },
		"a name that leads out":      func(s []source) []source { return append(s, part("files/../../x", "x")) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			data := together(t, forge(parts(t, smallPack())))
			_, err := verify(data)
			said, accepted := byShell(t, data)
			if accepted != (err == nil) || accepted != (what == "as it was") {
				t.Errorf("here %v, in shell %s", err, said)
			}
		})
	}
}

// TestVerify_AgreesWithShellOnWhatTheKeyHolderForges signs anew what was forged, so that digests and
// signatures are right and the trail alone tells.
func TestVerify_AgreesWithShellOnWhatTheKeyHolderForges(t *testing.T) {
	t.Parallel()
	for what, alter := range map[string]func(*draft){
		"nothing":                func(*draft) {},
		"another root":           func(c *draft) { c.Checkpoint.Root[0] ^= 1; c.Earlier = nil },
		"a past of another root": func(c *draft) { c.Earlier[0].Checkpoint.Root[0] ^= 1 },
		"a past without proof":   func(c *draft) { c.Earlier[0].Proof = nil },
		"a past of more acts":    func(c *draft) { c.Earlier[0].Checkpoint.Size = c.Checkpoint.Size + 1 },
		"a file of no fact":      func(c *draft) { c.attach("PR-ACH-009", "1.0", "x.txt", []byte("never recorded")) },
		"no facts at all":        func(c *draft) { c.facts = nil },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := sample(t)
			alter(c)
			data := made(t, c)
			_, err := verify(data)
			said, accepted := byShell(t, data)
			if accepted != (err == nil) || accepted != (what == "nothing") {
				t.Errorf("here %v, in shell %s", err, said)
			}
		})
	}
}

func readSource(t *testing.T, s source) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(open(t, s)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
