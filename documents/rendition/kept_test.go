package rendition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jung-kurt/gofpdf"
)

// rich is a file of three pages with all that a rendition is to keep, and some that it is not.
func rich() []byte {
	page := func(n int, more string) string {
		return fmt.Sprintf("<</Type/Page/Parent 2 0 R"+a4+"/Resources<</Font<</F1 6 0 R>>/XObject<</MaillonFurniture 7 0 R>>>>/Contents 7 0 R%s>>", more)
	}
	return rawPDF(
		`<</Type/Catalog/Pages 2 0 R/Outlines 8 0 R/PageLabels<</Nums[0<</S/r>> 1<</S/D/St 5>>]>>/AcroForm<</Fields[11 0 R 12 0 R]/SigFlags 3/DR<</Font<</F1 6 0 R>>>>/DA(/F1 9 Tf)/XFA 7 0 R>>/Names<</Dests<</Names[(here)[4 0 R/Fit]]>>/JavaScript<</Names[(x) 13 0 R]>>>>/OpenAction 13 0 R/AA<</WC 13 0 R>>/Lang(de)/Metadata 14 0 R/Perms<</DocMDP 15 0 R>>/Collection<</View/T>>/PageMode/UseOutlines>>`,
		"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
		page(1, "/Annots[16 0 R 17 0 R 18 0 R 11 0 R 12 0 R]/AA<</O 13 0 R>>"), page(2, ""), page(3, ""),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		streamOf("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", "BT /F1 12 Tf 100 400 Td (Body) Tj ET"),
		"<</Type/Outlines/First 9 0 R/Last 10 0 R/Count 2>>",
		"<</Title(First)/Parent 8 0 R/Next 10 0 R/Dest[3 0 R/XYZ 0 842 0]>>",
		"<</Title(Last)/Parent 8 0 R/Prev 9 0 R/A<</S/GoTo/D[5 0 R/Fit]>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(field)/V(filled in)/Rect[100 100 300 120]/F 4/P 3 0 R>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(signed)/V 15 0 R/Rect[100 50 300 70]/F 4/P 3 0 R>>",
		"<</S/JavaScript/JS(app.alert\\(1\\))>>",
		streamOf("/Type/Metadata/Subtype/XML", "<pdfaid:part>1</pdfaid:part>"),
		"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>",
		"<</Type/Annot/Subtype/Link/Rect[0 0 10 10]/A<</S/URI/URI(https://good.example/)>>>>",
		"<</Type/Annot/Subtype/Link/Rect[0 0 10 10]/Dest(here)>>",
		"<</Type/Annot/Subtype/Link/Rect[0 0 10 10]/A<</S/Launch/F(cmd.exe)>>>>",
	)
}

// objectsOf is every object of the file as qpdf reads it.
func objectsOf(t *testing.T, path string) (whole struct {
	Outlines []struct {
		Title string
		Page  int `json:"destpageposfrom1"`
	}
	PageLabels []struct {
		Index int
		Label map[string]any
	}
	Acroform struct {
		Fields []struct {
			Fullname string
			Value    any
		}
	}
}, text string,
) {
	t.Helper()
	if err := json.Unmarshal([]byte(tool(t, "qpdf", "--json=1", "--json-key=outlines", "--json-key=pagelabels", "--json-key=acroform", path)), &whole); err != nil {
		t.Fatal(err)
	}
	return whole, tool(t, "qpdf", "--json=1", "--json-key=objects", path)
}

func TestStamp_KeepsBookmarksLinksAndForms(t *testing.T) {
	t.Parallel()
	path, made := stamped(t, rich(), sample(t, "fr"), Mark{})
	whole, all := objectsOf(t, path)
	if o := whole.Outlines; len(o) != 2 || o[0].Title != "First" || o[0].Page != 1+made.Covers || o[1].Title != "Last" || o[1].Page != 3+made.Covers {
		t.Errorf("the bookmarks are %+v", o)
	}
	if l := whole.PageLabels; len(l) != 3 || l[0].Index != 0 || l[1].Index != 1 || l[1].Label["/S"] != "/r" || l[2].Index != 2 || l[2].Label["/St"] != 5.0 {
		t.Errorf("the page labels are %+v", l)
	}
	if f := whole.Acroform.Fields; len(f) != 2 || f[0].Fullname != "field" || f[0].Value != "filled in" || f[1].Value != nil {
		t.Errorf("the fields are %+v", f)
	}
	for _, want := range []string{"https://good.example/", "\"here\"", "\"/Lang\": \"fr\""} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is lost", want)
		}
	}
	if says := pageText(t, path, 3); strings.Count(says, "Body") != 1 || strings.Count(says, "PR-ACH-003") != 1 {
		t.Errorf("page 3 says %q", says)
	}
}

func TestStamp_KeepsNothingThatRunsOrClaimsToBeSigned(t *testing.T) {
	t.Parallel()
	path, _ := stamped(t, rich(), sample(t, "fr"), Mark{})
	_, all := objectsOf(t, path)
	for _, bad := range []string{"JavaScript", "app.alert", "Launch", "cmd.exe", "OpenAction", "ByteRange", "DocMDP", "pdfaid", "Collection", "XFA", "/AA"} {
		if strings.Contains(all, bad) {
			t.Errorf("%s is still there", bad)
		}
	}
}

func TestStamp_CanBeStampedAgain(t *testing.T) {
	t.Parallel()
	path, _ := stamped(t, pagesOf(a4), sample(t, "fr"), Mark{})
	once, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := sample(t, "fr")
	c.Code = "PR-NEW-001"
	path, made := stamped(t, once, c, Mark{})
	if says := pageText(t, path, 3); made.Pages != 3 || !strings.Contains(says, "Body1") || !strings.Contains(says, "PR-NEW-001") {
		t.Errorf("%+v: page 3 says %q", made, says)
	}
}

func TestStamp_ReadsFilesOfEveryMake(t *testing.T) {
	t.Parallel()
	plain := keptFile(t, rich())
	for _, how := range [][]string{
		{"--object-streams=generate"}, {"--object-streams=disable", "--qdf"}, {"--linearize"}, {"--force-version=1.3", "--object-streams=disable"}, {"--force-version=2.0"},
	} {
		made := plain + ".other"
		tool(t, "qpdf", append(how, "--", plain, made)...)
		pdf, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		path, _ := stamped(t, pdf, sample(t, "fr"), Mark{})
		if whole, _ := objectsOf(t, path); len(whole.Outlines) != 2 || whole.Outlines[1].Page != 4 {
			t.Errorf("%v: the bookmarks are %+v", how, whole.Outlines)
		}
	}
}

func TestStamp_KeepsBookmarksOfManyPages(t *testing.T) {
	t.Parallel()
	path, made := stamped(t, generated(t, 250), sample(t, "en"), Mark{})
	if made.Pages != 251 {
		t.Fatalf("made %+v", made)
	}
	whole, _ := objectsOf(t, path)
	for i, o := range whole.Outlines {
		if o.Page != i+1+made.Covers {
			t.Fatalf("bookmark %d leads to page %d", i, o.Page)
		}
	}
	if len(whole.Outlines) != 250 {
		t.Errorf("%d bookmarks", len(whole.Outlines))
	}
}

// generated is a document of that many pages of text, each with a bookmark and a picture.
func generated(t testing.TB, pages int) []byte {
	t.Helper()
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetFont("Helvetica", "", 10)
	pdf.RegisterImageOptionsReader("logo", gofpdf.ImageOptions{ImageType: "png"}, bytes.NewReader(logo(t)))
	for page := range pages {
		pdf.AddPage()
		pdf.Bookmark(fmt.Sprintf("Section %d", page+1), 0, 0)
		pdf.ImageOptions("logo", 20, 250, 40, 0, false, gofpdf.ImageOptions{ImageType: "png"}, 0, "")
		for line := range 45 {
			pdf.Text(20, 25+5*float64(line), fmt.Sprintf("Page %d, line %d: the reagents are received, checked and stored at their temperature.", page+1, line+1))
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
