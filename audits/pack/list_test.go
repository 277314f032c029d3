package pack

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/qmstest"
)

func masterList(n int, language string) *List {
	l := &List{
		Language: language, Platform: "Plateforme d’imagerie", Title: "Liste maîtresse", Facts: []string{"Au 30 juin 2026", "12 documents"},
		AsOf: qms.MustDate("2026-06-30"), MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC), Checkpoint: "Journal : feuille 42",
		Columns: []ListColumn{{"Code", 30, false}, {"Titre", 90, false}, {"État", 26, false}, {"Version", 14, true}}, Empty: "Rien",
	}
	for i := range n {
		l.Lines = append(l.Lines, ListLine{Group: fmt.Sprintf("P%02d", i/40), Cells: []ListCell{
			{Text: fmt.Sprintf("PR-%04d", i), Strong: true}, {Text: strings.Repeat("Réception des matériels ", 1+i%9)}, {Text: "en vigueur", State: "effective"}, {Text: "1.0"},
		}})
	}
	return l
}

// pages is the text of each page, by a reader of another making.
func pages(t *testing.T, pdf []byte) []string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		qmstest.Without(t, qmstest.PDFTools, "pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "list.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func TestPrintList_RepeatsHeadsAndLeavesNoGroupWithoutALine(t *testing.T) {
	var out bytes.Buffer
	if err := PrintList(&out, masterList(900, "fr")); err != nil {
		t.Fatal(err)
	}
	all := pages(t, out.Bytes())
	if len(all) < 15 {
		t.Fatalf("%d pages", len(all))
	}
	lines := 0
	for i, page := range all {
		for _, want := range []string{"Plateforme d’imagerie", "Code", "Titre", fmt.Sprintf("page %d/%d", i+1, len(all)), "feuille 42", "30/06/2026"} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
		lines += strings.Count(page, "PR-")
		first, last := strings.Index(page, "PR-"), strings.LastIndex(page, "PR-")
		if group := strings.Index(page, "P"+fmt.Sprintf("%02d", 0)); i == 0 && (group < 0 || group > first) {
			t.Errorf("the first group has no name")
		}
		if !strings.Contains(page[:first], "(suite)") && !strings.Contains(page[:first], "(40)") && !strings.Contains(page[:first], "(20)") {
			t.Errorf("page %d begins without the name of its group:\n%s", i+1, page[:first])
		}
		if strings.Contains(page[last:], "(40)") {
			t.Errorf("page %d ends with a group that has no line on it", i+1)
		}
	}
	if lines != 900 {
		t.Errorf("%d lines", lines)
	}
}

func TestPrintList_GivesTheSameBytesForTheSameList(t *testing.T) {
	var one, two bytes.Buffer
	for _, out := range []*bytes.Buffer{&one, &two} {
		if err := PrintList(out, masterList(50, "en")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same list gave other bytes")
	}
}

func TestPrintList_SetsWhateverStandsInIt(t *testing.T) {
	l := masterList(1, "fr")
	l.Lines = append(l.Lines, ListLine{Group: "\x00\u202e😀" + strings.Repeat("x", 500), Cells: []ListCell{{Text: strings.Repeat("mot ", 20_000)}, {Text: "\x00<b>😀"}, {Text: "?", State: "no such state"}}})
	l.Lines = append(l.Lines, ListLine{}, ListLine{Cells: make([]ListCell, 9)})
	var out bytes.Buffer
	if err := PrintList(&out, l); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := PrintList(&out, masterList(0, "fr")); err != nil {
		t.Fatal(err)
	}
	if all := pages(t, out.Bytes()); len(all) != 1 || !strings.Contains(all[0], "Rien") {
		t.Errorf("an empty list says %q", all)
	}
}
