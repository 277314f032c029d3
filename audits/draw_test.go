package audits

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// byHand is the recipe of the documentation, run by a shell.
const byHand = `while IFS= read -r number; do
  printf '%s %s\n' "$(printf '%s|%s|%s' "$1" "$2" "$number" | sha256sum | cut -c1-64)" "$number"
done | LC_ALL=C sort | head -n "$3"`

func TestDraw_IsWhatTheShellDraws(t *testing.T) {
	t.Parallel()
	var numbers []string
	for n := range 60 {
		numbers = append(numbers, "FAC-2025-"+strconv.Itoa(1000+n))
	}
	p := Population{Numbers: numbers}
	shell := exec.Command("sh", "-c", byHand, "sh", "graine é", string(Services), "7")
	shell.Stdin = strings.NewReader(strings.Join(numbers, "\n") + "\n")
	out, err := shell.Output()
	if err != nil {
		t.Skipf("no shell with sha256sum: %v", err)
	}
	var drawn strings.Builder
	for _, d := range p.Draw("graine é", Services, 7) {
		drawn.WriteString(d.Digest + " " + d.Number + "\n")
	}
	if diff := cmp.Diff(string(out), drawn.String()); diff != "" {
		t.Errorf("the shell and Draw differ (-shell +draw):\n%s", diff)
	}
}

func TestPopulationDigest_IsWhatTheShellPrints(t *testing.T) {
	t.Parallel()
	shell := exec.Command("sh", "-c", "LC_ALL=C sort | sha256sum | cut -c1-64")
	shell.Stdin = strings.NewReader("UTI-00002\nUTI-00001\n")
	out, err := shell.Output()
	if err != nil {
		t.Skipf("no shell with sha256sum: %v", err)
	}
	got := Population{Numbers: []string{"UTI-00002", "UTI-00001"}}.Digest()
	if got != strings.TrimSpace(string(out)) {
		t.Errorf("digest %s, the shell says %s", got, out)
	}
}

func TestDraw_DoesNotDependOnTheOrderOfThePopulation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z]{3}-[0-9]{4}`), 0, 30, rapid.ID).Draw(t, "numbers")
		shuffled := rapid.Permutation(numbers).Draw(t, "shuffled")
		n := rapid.IntRange(-1, 40).Draw(t, "n")
		seed := rapid.String().Draw(t, "seed")
		a, b := Population{Numbers: numbers}, Population{Numbers: shuffled}
		if diff := cmp.Diff(a.Draw(seed, Access, n), b.Draw(seed, Access, n)); diff != "" {
			t.Fatal(diff)
		}
		if a.Digest() != b.Digest() {
			t.Fatal("the digest depends on the order")
		}
		if got, want := len(a.Draw(seed, Access, n)), max(0, min(n, len(numbers))); got != want {
			t.Fatalf("drew %d, want %d", got, want)
		}
	})
}

func TestDraw_OfMoreExtendsTheDrawOfFewer(t *testing.T) {
	t.Parallel()
	p := Population{Numbers: strings.Fields("A B C D E F G H")}
	if diff := cmp.Diff(p.Draw("s", Services, 3), p.Draw("s", Services, 6)[:3]); diff != "" {
		t.Error(diff)
	}
}
