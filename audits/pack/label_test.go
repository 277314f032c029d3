package pack

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func someLabels(n int) *Labels {
	l := &Labels{Language: "fr", Title: "Étiquettes", Platform: "Plateforme d’exemple", MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC), Sheet: true}
	for i := range n {
		l.Labels = append(l.Labels, Label{Code: fmt.Sprintf("EQ-%03d", i), Name: "Microscope à balayage", Address: "https://qualite.example/p/MIC/equipment/EQ-1",
			State: "valid", Until: "Étalonné jusqu’au 01/01/2027"})
	}
	return l
}

func TestPrintLabels_UsesUpABegunSheet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ labels, first, pages int }{{24, 1, 1}, {25, 1, 2}, {24, 24, 2}, {26, 24, 3}, {1, 99, 1}} {
		l := someLabels(c.labels)
		l.First = c.first
		var out, again bytes.Buffer
		if err := PrintLabels(&out, l); err != nil {
			t.Fatal(err)
		}
		if err := PrintLabels(&again, l); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("the same labels give other bytes: %v", err)
		}
		if got := pages(t, out.Bytes()); len(got) != c.pages {
			t.Errorf("%d labels from place %d take %d sheets, want %d", c.labels, c.first, len(got), c.pages)
		}
		if text := textOf(t, out.Bytes()); strings.Count(text, "EQ-") != c.labels {
			t.Errorf("%d labels from place %d: %d codes", c.labels, c.first, strings.Count(text, "EQ-"))
		}
	}
}

func TestPrintLabels_SetsWhateverStandsOnThem(t *testing.T) {
	t.Parallel()
	l := someLabels(1)
	l.Sheet = false
	l.Labels[0] = Label{Code: strings.Repeat("W", 200), Name: strings.Repeat("x😀\x00 ", 300), Address: strings.Repeat("a", 5000), Until: strings.Repeat("w ", 300), State: "?"}
	var out bytes.Buffer
	if err := PrintLabels(&out, l); err != nil {
		t.Fatal(err)
	}
	if got := pages(t, out.Bytes()); len(got) != 1 {
		t.Errorf("one label takes %d pages", len(got))
	}
}

func TestPrintLifeSheet_KeepsEveryLine(t *testing.T) {
	t.Parallel()
	sheet := &LifeSheet{Language: "en", Platform: "Platform", Code: "EQ-1", Name: "Microscope", AsOf: qms.MustDate("2026-06-30"), MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC),
		Address: "https://qualite.example/p/MIC/equipment/EQ-1", State: "valid", Status: "In service", Facts: [][2]string{{"Place", "Room 1"}},
		Sections: []LifeSection{{Title: "Life sheet", Columns: []ListColumn{{Title: "Date", Width: 20}, {Title: "What", Width: 60}}}, {Title: "Data map", Empty: "Nothing is mapped"}}}
	for i := range 300 {
		sheet.Sections[0].Lines = append(sheet.Sections[0].Lines, []ListCell{{Text: "2026-01-01"}, {Text: fmt.Sprintf("event-%03d.", i), State: "done"}})
	}
	var out bytes.Buffer
	if err := PrintLifeSheet(&out, sheet); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, out.Bytes())
	if n := strings.Count(text, "event-"); n != 300 {
		t.Errorf("%d of 300 lines are printed", n)
	}
	last := pages(t, out.Bytes())
	if want := squeeze(fmt.Sprintf("page %d/%d", len(last), len(last))); !strings.Contains(text, want) || !strings.Contains(text, squeeze("Nothing is mapped")) {
		t.Errorf("%q is not printed", want)
	}
}
