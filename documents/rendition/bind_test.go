package rendition

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// inMemory hands a PDF out as an input.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

func inputOf(title string, pages int, pdf []byte) Input {
	return Input{Title: title, Pages: pages, Level: 1, Open: func() (io.ReadSeekCloser, error) { return inMemory{bytes.NewReader(pdf)}, nil }}
}

func aboutPack() Bound {
	return Bound{Title: "Dossier d’audit PACK-2026-001", Subject: "État au 30 juin 2026", Author: "Plateforme d’imagerie", Language: "fr",
		MadeAt: time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC)}
}

// bound binds and has the result checked by qpdf and by the library.
func bound(t testing.TB, inputs ...Input) (path string, made Made) {
	t.Helper()
	var out bytes.Buffer
	made, err := Bind(t.Context(), &out, aboutPack(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	if made.Size != int64(out.Len()) {
		t.Errorf("made %d bytes, wrote %d", made.Size, out.Len())
	}
	api.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	if err := api.Validate(bytes.NewReader(out.Bytes()), conf); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
	return keptFile(t, out.Bytes()), made
}

// fronted is a generated document of two pages whose second links to pages of the whole.
func fronted(t testing.TB, to ...int) []byte {
	t.Helper()
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetFont("Helvetica", "", 10)
	pdf.AddPage()
	pdf.Bookmark("Cover", 0, 0)
	pdf.AddPage()
	pdf.Bookmark("Documents in force", 0, 0)
	for i, n := range to {
		pdf.LinkString(20, 20+10*float64(i), 100, 8, fmt.Sprintf("#page=%d", n))
	}
	pdf.LinkString(20, 200, 100, 8, "https://good.example/")
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBind_SetsPagesBookmarksAndLinksOfAllInputsIntoOneFile(t *testing.T) {
	t.Parallel()
	front := Input{Pages: 2, Links: true, Open: inputOf("", 2, fronted(t, 3, 6, 6000)).Open}
	path, made := bound(t, front, inputOf("MO-001 Réception", 3, rich()), inputOf("MO-002 Long", 250, generated(t, 250)))
	if made.Pages != 255 {
		t.Fatalf("made %+v", made)
	}
	for page, want := range map[int]string{3: "Body", 5: "Body", 6: "Page 1, line 1:", 255: "Page 250, line 1:"} {
		if says := pageText(t, path, page); !strings.Contains(says, want) {
			t.Errorf("page %d does not say %q: %.80s", page, want, says)
		}
	}
	whole, text := objectsOf(t, path)
	if len(whole.Outlines) != 2 || whole.Outlines[1].Title != "Documents in force" || whole.Outlines[1].Page != 2 {
		t.Errorf("at the top are %+v", whole.Outlines)
	}
	marks := tool(t, "qpdf", "--json=1", "--json-key=outlines", path)
	for _, want := range []string{`"MO-001 Réception"`, `"First"`, `"Last"`, `"Section 250"`} {
		if !strings.Contains(marks, want) {
			t.Errorf("no bookmark %s", want)
		}
	}
	if strings.Contains(text, "#page=3") || strings.Contains(text, "#page=6\"") || !strings.Contains(text, "#page=6000") {
		t.Error("a link to a page of the whole is not one, or one to nowhere is")
	}
	if !strings.Contains(text, "https://good.example/") || strings.Contains(text, "(here)") {
		t.Error("an address was lost, or a name of one file stands in the whole")
	}
	for _, runs := range []string{"JavaScript", "Launch", "cmd.exe", "XFA"} {
		if strings.Contains(text, runs) {
			t.Errorf("%s was taken over", runs)
		}
	}
	if info := tool(t, "pdfinfo", path); !strings.Contains(info, "Dossier d’audit PACK-2026-001") {
		t.Errorf("it says of itself %s", info)
	}
	if catalog := tool(t, "qpdf", "--show-object=trailer", path); !strings.Contains(catalog, "/Root") {
		t.Errorf("trailer %s", catalog)
	}
}

func TestBind_SameInputsSameBytes(t *testing.T) {
	t.Parallel()
	inputs := []Input{inputOf("A", 3, rich()), inputOf("B", 4, generated(t, 4))}
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if _, err := Bind(t.Context(), out, aboutPack(), inputs); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same inputs gave other bytes")
	}
}

func TestBind_NamesTheInputThatItCannotRead(t *testing.T) {
	t.Parallel()
	good := inputOf("good", 2, pagesOf(a4, a4))
	secret := keptFile(t, pagesOf(a4)) + ".secret"
	tool(t, "qpdf", "--encrypt", "user", "owner", "256", "--", strings.TrimSuffix(secret, ".secret"), secret)
	locked, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	for key, bad := range map[string]Input{
		"rendition.encrypted": inputOf("locked", 1, locked),
		"rendition.damaged":   inputOf("cut", 2, pagesOf(a4, a4)[:300]),
	} {
		_, err := Bind(t.Context(), io.Discard, aboutPack(), []Input{good, bad, good})
		var named *BadInput
		if !errors.As(err, &named) || named.Index != 1 || !isKey(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	for name, pages := range map[string]int{"fewer": 3, "more": 1} {
		var named *BadInput
		if _, err := Bind(t.Context(), io.Discard, aboutPack(), []Input{inputOf(name, pages, pagesOf(a4, a4))}); !errors.As(err, &named) {
			t.Errorf("%s pages than stated: %v", name, err)
		}
	}
	lost := errors.New("the vault lost it")
	gone := Input{Pages: 1, Open: func() (io.ReadSeekCloser, error) { return nil, lost }}
	var named *BadInput
	if _, err := Bind(t.Context(), io.Discard, aboutPack(), []Input{gone}); !errors.Is(err, lost) || errors.As(err, &named) {
		t.Errorf("a lost input is %v", err)
	}
}

func TestBind_HidesTheLayersThatAFileHides(t *testing.T) {
	t.Parallel()
	layered := rawPDF(
		"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R 6 0 R]/D<</OFF[6 0 R]>>>>>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R"+a4+"/Resources<</Properties<</L1 5 0 R/L2 6 0 R>>>>/Contents 4 0 R>>",
		streamOf("", "/OC /L1 BDC EMC /OC /L2 BDC EMC"),
		"<</Type/OCG/Name(Shown)>>", "<</Type/OCG/Name(Hidden)>>")
	path, _ := bound(t, inputOf("A", 1, layered), inputOf("B", 1, layered))
	root := tool(t, "qpdf", "--json=1", "--json-key=objects", path)
	if n := strings.Count(root, `"/OCG"`); n != 4 {
		t.Errorf("%d layers", n)
	}
	if at := strings.Index(root, `"/OFF"`); at < 0 || strings.Count(root[at:at+120], " 0 R") < 2 {
		t.Error("what each file hides is shown")
	}
}

// The most that is held is one input, however many there are.
func TestBind_MemoryDoesNotGrowWithTheNumberOfInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("weighs memory")
	}
	pdf := heavy(t, 2_000_000)
	path := filepath.Join(t.TempDir(), "input.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	bindAll := func(n int) uint64 {
		inputs := make([]Input, n)
		for i := range inputs {
			inputs[i] = Input{Pages: 1, Title: "one", Open: func() (io.ReadSeekCloser, error) { return os.Open(path) }}
		}
		return grown(func() {
			if _, err := Bind(t.Context(), io.Discard, aboutPack(), inputs); err != nil {
				t.Error(err)
			}
		})
	}
	few, many := bindAll(4), bindAll(60)
	if many > 2*few+8<<20 {
		t.Errorf("4 inputs took %d bytes, 60 took %d", few, many)
	}
}

// heavy is a PDF of one page whose picture has about that many bytes that nothing packs.
func heavy(t testing.TB, size int) []byte {
	t.Helper()
	noise := make([]byte, size)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	side := 0
	for (side+1)*(side+1) <= size {
		side++
	}
	return rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R"+a4+"/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
		streamOf("", "q 500 0 0 500 40 40 cm /I Do Q"),
		streamOf(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8", side, side), string(noise[:side*side])))
}
