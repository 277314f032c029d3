package pack

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func cover(language string, files int) *ReportCover {
	c := &ReportCover{Language: language, Platform: "Plateforme d’imagerie", Number: "RAP-2026-0001", Date: qms.MustDate("2026-03-20"), Request: "DEM-2026-0001",
		RequestedOn: qms.MustDate("2026-03-01"), Subject: "Imagerie de coupes", Client: "Laboratoire A", ClientStatus: "Académique", Quotes: []string{"DEV-2026-0001"},
		AnalysedOn: qms.MustDate("2026-03-15"), Operator: "Agent 02", Trained: true, Equipment: "EQ-1, Microscope", Calibrates: true, Calibration: "du 01/02/2026",
		Instruction: "MO-ANA-001", Version: "2.0", InForce: true, DataPlace: "//stockage/DEM-2026-0001", ReleasedBy: "Agent 01",
		ReleasedOn: qms.MustDate("2026-03-21"), MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC), Checkpoint: "Journal : feuille 42"}
	for i := range files {
		c.Files = append(c.Files, CoverFile{Of: c.Number, Name: fmt.Sprintf("image-%03d.tif", i), Size: 1 << 20, SHA256: strings.Repeat("0a", 32)})
	}
	return c
}

func TestReportCover_StatesTheReportAndItsFilesOnNumberedPages(t *testing.T) {
	var out bytes.Buffer
	if err := PrintReportCover(&out, cover("fr", 120)); err != nil {
		t.Fatal(err)
	}
	all := pages(t, out.Bytes())
	if len(all) < 3 {
		t.Fatalf("%d pages", len(all))
	}
	whole := strings.Join(all, "\n")
	for _, want := range []string{"RAP-2026-0001", "DEM-2026-0001", "DEV-2026-0001", "Laboratoire A", "Agent 02, habilité", "EQ-1, Microscope", "non valide ce jour-là, du 01/02/2026",
		"MO-ANA-001 version 2.0, en vigueur", "Agent 01, 21 mars 2026", "image-119.tif", strings.Repeat("0a", 32), fmt.Sprintf("page %d/%d", len(all), len(all)), "feuille 42"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the cover does not say %q", want)
		}
	}
}

func TestReportCover_SaysWhatIsMissing(t *testing.T) {
	c := cover("en", 0)
	c.ReleasedBy, c.Trained, c.InForce, c.Calibrates = "", false, false, false
	var out bytes.Buffer
	if err := PrintReportCover(&out, c); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(pages(t, out.Bytes()), "\n")
	for _, want := range []string{"Analysis report", "not released yet", "without a valid authorisation", "not in force that day", "not under calibration", "No file is attached", "page 1/1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the cover does not say %q", want)
		}
	}
}
