package rendition

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"maillon/qms/qmstest"
)

// tool runs a program that knows PDF and is not ours.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		qmstest.Without(t, qmstest.PDFTools, "%s is not installed", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// keptFile writes the PDF to a file and has qpdf check it. MAILLON_TEST_SHOTS names a folder where it
// is left to be looked at.
func keptFile(t testing.TB, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if shots := os.Getenv("MAILLON_TEST_SHOTS"); shots != "" {
		name := strings.NewReplacer("/", "_", " ", "_").Replace(t.Name())
		for i := 1; ; i++ {
			if to, err := os.OpenFile(filepath.Join(shots, fmt.Sprintf("%s-%d.pdf", name, i)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
				_, _ = to.Write(pdf)
				_ = to.Close()
			} else if os.IsExist(err) {
				continue
			}
			break
		}
	}
	if out := tool(t, "qpdf", "--check", path); strings.Contains(out, "WARNING") {
		t.Fatalf("qpdf warns:\n%s", out)
	}
	return path
}

// stamped stamps and has the result checked.
func stamped(t testing.TB, pdf []byte, c Cover, m Mark) (path string, made Made) {
	t.Helper()
	var out bytes.Buffer
	made, err := Stamp(t.Context(), &out, bytes.NewReader(pdf), c, m)
	if err != nil {
		t.Fatal(err)
	}
	if made.Size != int64(out.Len()) {
		t.Errorf("made %d bytes, wrote %d", made.Size, out.Len())
	}
	return keptFile(t, out.Bytes()), made
}

// pageText is what one page says, spaces of any kind and number being one.
func pageText(t testing.TB, path string, page int) string {
	t.Helper()
	n := strconv.Itoa(page)
	return squeeze(tool(t, "pdftotext", "-layout", "-f", n, "-l", n, path, "-"))
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// word is a word with its place on the page as it is seen, in points from the top left.
type word struct {
	text                   string
	left, top, right, base float64
}

var wordTag = regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)</word>`)

func words(t testing.TB, path string, page int) (all []word) {
	t.Helper()
	n := strconv.Itoa(page)
	f := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v }
	for _, m := range wordTag.FindAllStringSubmatch(tool(t, "pdftotext", "-cropbox", "-bbox", "-f", n, "-l", n, path, "-"), -1) {
		all = append(all, word{m[5], f(m[1]), f(m[2]), f(m[3]), f(m[4])})
	}
	return all
}

// rawPDF is a file of these objects, numbered from 1, the first being the catalog.
func rawPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// streamOf is a stream object.
func streamOf(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

// pagesOf is a file with a page for each list of entries; every page says "Body" and its number.
func pagesOf(entries ...string) []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
	kids := ""
	for i, entry := range entries {
		kids += fmt.Sprintf(" %d 0 R", len(objects)+1)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R%s/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", entry, len(objects)+2),
			streamOf("", fmt.Sprintf("BT /F1 12 Tf 150 150 Td (Body%d) Tj ET", i+1)))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, len(entries))
	return rawPDF(objects...)
}

const a4 = "/MediaBox[0 0 595 842]"

// refused has the file refused with that key, in the time of the test.
func refused(t *testing.T, pdf io.ReadSeeker, key string) error {
	t.Helper()
	made, err := Stamp(context.Background(), io.Discard, pdf, sample(t, "fr"), Mark{})
	if !isKey(err, key) {
		t.Fatalf("got %+v, %v; want %s", made, err, key)
	}
	return err
}
