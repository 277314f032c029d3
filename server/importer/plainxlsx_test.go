package importer

import (
	"bytes"
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestPlainBook_ReadsWhatExcelizeReads holds the two readers of workbooks to each other; only what is
// true or false is told from a number by the plain one.
func TestPlainBook_ReadsWhatExcelizeReads(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	for i, row := range [][]any{{"N° demande", "Date", "Client", "Objet"}, {"R-1", 45019, "a & b <c> \"d\"", "_x0041_ l1\nl2"}, {}, {"R-2", 45019.5, nil, " espaces  "}, {"R-3", "03/04/2023", "é 漢 👩‍🔬", "=1+1"}} {
		if err := x.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SetCellRichText("Sheet1", "D2", []excelize.RichTextRun{{Text: "gras ", Font: &excelize.Font{Bold: true}}, {Text: "et maigre"}}); err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellFormula("Sheet1", "C4", "1+2"); err != nil {
		t.Fatal(err)
	}
	hand, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"by hand": hand.Bytes(), "streamed": yearsOfRegisters(t, 500)} {
		f := file("r.xlsx", content)
		plain := read(t, f)
		r := &reading{ctx: context.Background(), into: newRegisters(), options: ReadOptions{Earliest: oldest, Latest: 1 << 20}}
		if err := r.excelize(File{Name: f.Name, Content: bytes.NewReader(content), Size: f.Size}); err != nil {
			t.Fatal(err)
		}
		if len(plain.Sheets) == 0 || plain.Lines() == 0 {
			t.Errorf("%s: nothing was read", name)
		}
		for i, s := range plain.Sheets {
			if diff := cmp.Diff(r.into.Sheets[i].Top, s.Top); diff != "" {
				t.Errorf("%s, %s: %s", name, s.Name, diff)
			}
		}
		if diff := cmp.Diff(r.into.Trace, plain.Trace); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
