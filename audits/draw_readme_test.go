package audits

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms/qmstest"
)

// readme is the blocks of shell in the section of the README about the draw, in their order.
func readme(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "## An exercise, drawn again by hand\n")
	if !found {
		t.Fatal("the README has no section about the draw")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	inside := false
	for line := range strings.Lines(section) {
		code, indented := strings.CutPrefix(line, "    ")
		if indented && !inside {
			blocks = append(blocks, "")
		}
		if inside = indented; indented {
			blocks[len(blocks)-1] += code
		}
	}
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of shell", len(blocks))
	}
	return blocks
}

// typed runs lines in a folder as somebody would type them.
func typed(t *testing.T, folder, lines string) string {
	t.Helper()
	if _, err := exec.LookPath("sha256sum"); err != nil {
		qmstest.Without(t, qmstest.CoreUtils, "%v", err)
	}
	shell := exec.Command("sh", "-eu")
	shell.Dir, shell.Stdin = folder, strings.NewReader(lines)
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func write(t *testing.T, folder, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadme_DrawsWhatMaillonDraws(t *testing.T) {
	t.Parallel()
	var p Population
	for n := range 300 {
		p.Numbers = append(p.Numbers, fmt.Sprintf("FAC-%d-%04d", 2020+n%6, n))
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(p.Numbers), func(i, j int) { p.Numbers[i], p.Numbers[j] = p.Numbers[j], p.Numbers[i] })
	folder := t.TempDir()
	write(t, folder, "population.txt", strings.Join(p.Numbers, "\n")+"\n")
	want := p.Digest() + "  -\n"
	for _, d := range p.Draw("2026-06-30-PLT-7Q4X", Services, 8) {
		want += d.Digest + " " + d.Number + "\n"
	}
	if diff := cmp.Diff(want, typed(t, folder, readme(t)[0])); diff != "" {
		t.Errorf("the README and Draw differ (-draw +readme):\n%s", diff)
	}
}

func TestReadme_SplitsAsMaillonSplits(t *testing.T) {
	t.Parallel()
	lines := readme(t)[1]
	for _, sizes := range [][]int{{8}, {4, 4}, {100, 3, 1}, {5, 5, 5, 5, 5}, {1, 1, 1, 1, 1, 1, 1, 1}, {9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, {17, 4000, 250, 3}} {
		folder, list, want := t.TempDir(), "", ""
		for _, n := range sizes {
			list += fmt.Sprintln(n)
		}
		for _, n := range Allocate(8, sizes) {
			want += fmt.Sprintln(n)
		}
		write(t, folder, "sizes.txt", list)
		if diff := cmp.Diff(want, typed(t, folder, lines)); diff != "" {
			t.Errorf("%v (-maillon +readme):\n%s", sizes, diff)
		}
	}
}

func TestShell_OfAnExerciseDrawsItsItemsWhateverTheSeed(t *testing.T) {
	t.Parallel()
	for _, seed := range []string{"graine", `d'hier "$(id)" ` + "`id`", `\n%s|é`} {
		strata := []stratum{{name: "2025", population: Population{[]string{"A-1", "A-2", "A-3", "A-4"}}}, {name: "2026", population: Population{[]string{"B-1", "B-2"}}}}
		draw(strata, seed, Access, 4)
		sheet := Sheet{Exercise: Exercise{Number: "EXE-2026-001", Scope: SampleScope, Kind: Access, Seed: seed, Strata: ByYear, SampleSize: 4}}
		folder, want := t.TempDir(), ""
		for i, s := range strata {
			sheet.Strata = append(sheet.Strata, ExerciseStratum{Position: int64(i + 1), Name: s.name, Drawn: int64(len(s.drawn))})
			write(t, folder, sheet.Exercise.PopulationFile(i+1), strings.Join(s.population.Numbers, "\n")+"\n")
			for _, d := range s.drawn {
				want += d.Digest + " " + d.Number + "\n"
			}
		}
		if diff := cmp.Diff(want, typed(t, folder, sheet.Shell())); diff != "" {
			t.Errorf("%q (-draw +shell):\n%s", seed, diff)
		}
	}
}

func TestAllocate_GivesEveryStratumItsShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 8).Draw(t, "sizes")
		n := rapid.IntRange(-1, 200).Draw(t, "n")
		given := Allocate(n, sizes)
		total, filled, sum := 0, 0, 0
		for _, size := range sizes {
			total += size
			if size > 0 {
				filled++
			}
		}
		for i, g := range given {
			sum += g
			if g < 0 || g > sizes[i] {
				t.Fatalf("%d of %d", g, sizes[i])
			}
			if n >= filled && sizes[i] > 0 && g == 0 {
				t.Fatalf("stratum %d of %v got nothing of %d", i, sizes, n)
			}
			for k := range given { // a larger stratum never gets less
				if sizes[i] > sizes[k] && g < given[k] {
					t.Fatalf("%v get %v of %d", sizes, given, n)
				}
			}
		}
		if sum != max(0, min(n, total)) {
			t.Fatalf("%v get %v: %d of %d", sizes, given, sum, n)
		}
	})
}

func TestDraw_OfStrataIsEachTheSameDrawWhateverTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "n")
		seed := rapid.StringN(1, 10, -1).Draw(t, "seed")
		var strata []stratum
		for i := range rapid.IntRange(1, 4).Draw(t, "strata") {
			numbers := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z]{2}-[0-9]{3}`), 1, 15, rapid.ID).Draw(t, "numbers")
			strata = append(strata, stratum{name: fmt.Sprint(i), population: Population{numbers}})
		}
		draw(strata, seed, Services, n)
		for _, s := range strata {
			alone := s.population.sorted().Draw(seed, Services, len(s.drawn))
			if !slices.Equal(alone, s.drawn) {
				t.Fatalf("stratum %s: %v, alone %v", s.name, s.drawn, alone)
			}
		}
	})
}

func TestDraw_OfAHundredThousandKeepsOnlyWhatIsDrawn(t *testing.T) {
	p := Population{Numbers: make([]string, 100_000)}
	for i := range p.Numbers {
		p.Numbers[i] = fmt.Sprintf("UTI-%06d", i)
	}
	once := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if got := p.Draw("graine", Access, 200); len(got) != 200 || !slices.IsSortedFunc(got, func(a, b Drawn) int { return strings.Compare(a.Digest, b.Digest) }) {
				b.Fatal("not the draw")
			}
		}
	})
	t.Logf("%s, %s", once, once.MemString())
	if bytes := once.AllocedBytesPerOp(); bytes > 1<<20 {
		t.Errorf("a draw of 200 took %d bytes", bytes)
	}
}
