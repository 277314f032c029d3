package archive

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFileName_IsNeverAPath(t *testing.T) {
	t.Parallel()
	for original, want := range map[string]string{
		"procédure.docx":         "files/PR-1_v2.0_procédure.docx",
		"../../etc/passwd":       "files/PR-1_v2.0_passwd",
		`C:\Users\a\plan.pdf`:    "files/PR-1_v2.0_plan.pdf",
		"e\u0301tat.pdf":         "files/PR-1_v2.0_état.pdf",
		"a:b?c*.txt":             "files/PR-1_v2.0_a_b_c_.txt",
		"tab\there\u202Egnp.exe": "files/PR-1_v2.0_tab_here_gnp.exe",
		"":                       "files/PR-1_v2.0_",
		"bad\xffbytes":           "files/PR-1_v2.0_bad_bytes",
	} {
		if got := fileName(File{Code: "PR-1", Version: "2.0", Name: original}, map[string]bool{}); got != want {
			t.Errorf("%q becomes %q, want %q", original, got, want)
		}
	}
}

func TestFileName_IsAcceptableAndNeverTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		taken, seen := map[string]bool{}, map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "files") {
			f := File{Code: rapid.SampledFrom([]string{"PR-1", "../x", "é", ""}).Draw(t, "code"), Version: "1.0",
				Name: rapid.OneOf(rapid.String(), rapid.Just("a.txt"), rapid.Just("A.TXT"), rapid.Just(strings.Repeat("é", 300)), rapid.Just(strings.Repeat("x", 300)+".docx"), rapid.StringN(150, 400, -1),
					rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "name")}
			name := fileName(f, taken)
			if !acceptable(name) || !utf8.ValidString(name) || strings.Count(name, "/") != 1 || len(name) > maxName+len(folder) {
				t.Fatalf("%q becomes %q", f.Name, name)
			}
			if folded := fold(name); seen[folded] {
				t.Fatalf("%q twice", name)
			} else {
				seen[folded] = true
			}
		}
	})
}
