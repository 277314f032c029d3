package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRun_DrawsAnExerciseByStrataItemsAndPeriod wants of the command line what the page can ask for.
func TestRun_DrawsAnExerciseByStrataItemsAndPeriod(t *testing.T) {
	t.Parallel()
	home, register := t.TempDir(), filepath.Join(t.TempDir(), "Demandes.csv")
	lines := "N° demande;Date;Client;Statut client;Objet\n"
	for i := range 12 {
		lines += fmt.Sprintf("D-%02d;%02d/06/%d;Client;académique;Analyse\n", i, i+1, 2023+i/6)
	}
	if err := os.WriteFile(register, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(want int, line string) string {
		t.Helper()
		status, out, fault := typed(t, "C", append([]string{"--data", home}, strings.Fields(line)...)...)
		if status != want {
			t.Fatalf("%s ends with %d: %s%s", line, status, out, fault)
		}
		return out
	}
	do(done, "platform add PLT --name Plateforme")
	do(done, "import registers "+register+" --platform PLT")
	draw := func(rest string) (s sample) {
		t.Helper()
		out := do(done, "exercise --platform PLT --as-of 2026-06-30 --kind prestation --direction downstream --json "+rest)
		if err := json.Unmarshal([]byte(out), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := draw("--sample 4 --seed a --strata year")
	strata := map[string]int64{}
	for _, p := range s.Strata {
		strata[p.Name] = p.Drawn
	}
	if diff := cmp.Diff(map[string]int64{"2023": 2, "2024": 2}, strata); diff != "" || len(s.Items) != 4 || s.Items[0].Stratum != "2023" || s.Population.Size != 12 {
		t.Errorf("by year: %+v\n%s", s, diff)
	}
	if s = draw("--item D-03 --item D-10"); !s.Chosen || len(s.Items) != 2 || s.Items[0].Number != "D-03" || s.Items[1].Number != "D-10" {
		t.Errorf("chosen: %+v", s)
	}
	if s = draw("--sample 9 --seed a --from 2023-06-02 --to 2023-06-04"); s.Population.Size != 3 || s.PeriodTo.String() != "2023-06-04" {
		t.Errorf("of three days: %+v", s)
	}
	if s = draw("--sample 1 --seed a --practice"); !s.Practice || !strings.HasPrefix(s.Number, "ENT-") {
		t.Errorf("practice: %+v", s)
	}
	if out := do(done, "exercise --platform PLT --as-of 2026-06-30 --kind prestation --direction downstream --item D-03"); !strings.Contains(out, "1 chosen") {
		t.Error(out)
	}
	do(refused, "exercise --platform PLT --as-of 2026-06-30 --kind prestation --direction downstream --item NONE")
	for _, rest := range []string{"--item D-03 --sample 1 --seed a", "--item D-03 --strata year", "--sample 1 --seed a --strata month", "--sample 1 --seed a --from 2023-13-01"} {
		do(misuse, "exercise --platform PLT --as-of 2026-06-30 --kind prestation --direction downstream "+rest)
	}
	do(misuse, "exercise --platform PLT --as-of 2026-06-30 --full --practice")
}
