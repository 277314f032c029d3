package archive

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/qms/qmstest"
)

// patience bounds one run, which takes a second of a processor for some hundreds of facts.
const patience = 3 * time.Minute

// byShell asks the verifier in shell, which shares no code with this one.
func byShell(t *testing.T, data []byte) (said string, accepted bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return shell(t, file)
}

// shell asks it as a command line of files and flags does.
func shell(t *testing.T, files ...string) (said string, accepted bool) {
	t.Helper()
	for _, program := range []string{"bash", "unzip", "jq", "sha256sum", "openssl", "basenc"} {
		if _, err := exec.LookPath(program); err != nil {
			qmstest.Without(t, qmstest.CoreUtils, "%v", err)
		}
	}
	line := append([]string{filepath.Join("testdata", "verify.sh")}, files...)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "bash", line...).CombinedOutput()
	return string(out), err == nil
}

// heardOf wants the verifier in shell to come to the same.
func heardOf(t *testing.T, asked Asked, want string, sound bool) {
	t.Helper()
	files := []string{asked.Pack}
	if asked.Since != "" {
		files = append(files, asked.Since)
	}
	if asked.Key != "" {
		files = append(files, "--key", asked.Key)
	}
	if said, accepted := shell(t, files...); accepted != sound || !strings.Contains(said, want) {
		t.Errorf("in shell: %s, want %q", said, want)
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
