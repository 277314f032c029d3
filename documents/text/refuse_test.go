package text_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"maillon/documents/text"
	"maillon/qms"
)

type hostile struct {
	about, name string
	content     []byte
	key         string // "" where the file is read all the same
}

// hostileFiles are small, whatever they make of themselves.
func hostileFiles(t testing.TB) []hostile {
	whole, page := docx(t, para("", "texte"), nil), pdfOf("", []string{"BT /F1 9 Tf (texte) Tj ET"})
	return []hostile{
		{"nothing", "a.docx", nil, "file.empty"},
		{"an unknown format", "a.exe", []byte("MZ"), "file.unsupported"},
		{"no extension", "README", []byte("texte"), "file.unsupported"},

		{"half of an archive", "a.docx", whole[:len(whole)/2], "file.damaged"},
		{"an archive without its directory", "a.docx", whole[:len(whole)-22], "file.damaged"},
		{"a byte altered in a part", "a.docx", altered(whole), "file.damaged"},
		{"markup that does not close", "a.docx", docx(t, "<w:p>", nil), "file.damaged"},
		{"noise", "a.xlsx", []byte{0, 1, 2, 3, 0xfe, 0xff}, "file.damaged"},
		{"a workbook of noise", "a.xlsx", zipOf(t, parts{"xl/workbook.xml": "<<<"}), "file.damaged"},
		{"a text without content", "a.odt", zipOf(t, parts{"mimetype": "application/vnd.oasis.opendocument.text"}), "file.damaged"},
		{"the beginning of a PDF", "a.pdf", page[:len(page)/3], "file.damaged"},
		{"a PDF without objects", "a.pdf", []byte("%PDF-1.7\n%%EOF"), "file.damaged"},
		{"a PDF without pages", "a.pdf", bytes.ReplaceAll(page, []byte("/Pages 2 0 R"), []byte("/Pages 9 0 R")), "file.damaged"},
		{"a PDF whose pages are noise", "a.pdf", pdfOf("", []string{"BT /F1 9 Tf [ [ [ ( Tj"}), ""},
		{"a PDF that goes in circles", "a.pdf", bytes.ReplaceAll(page, []byte("/Kids [10 0 R]"), []byte("/Kids [ 2 0 R]")), "file.bomb"},

		{"a text as PDF", "a.pdf", []byte("texte"), "file.mislabelled"},
		{"a PDF as text", "a.txt", page, "file.mislabelled"},
		{"a picture as Word", "a.docx", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "file.mislabelled"},
		{"Word as Excel", "a.xlsx", whole, "file.mislabelled"},
		{"an archive as Word", "a.docx", zipOf(t, parts{"a.txt": "texte"}), "file.mislabelled"},
		{"a sheet as text", "a.odt", odf(t, "spreadsheet", "", nil), "file.mislabelled"},
		{"old Word as new", "a.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word"), "file.mislabelled"},

		{"Word with a password", "a.docx", ole("EncryptedPackage"), "file.encrypted"},
		{"an archive with a password", "a.docx", encryptedZip(t), "file.encrypted"},
		{"a text with a password", "a.odt", odf(t, "text", "", parts{"META-INF/manifest.xml": `<m:manifest><m:encryption-data/></m:manifest>`}), "file.encrypted"},
		{"a PDF with a password", "a.pdf", encryptedPDF(t, page, "user", 256), "file.encrypted"},
		{"a PDF with a password, by an older cipher", "a.pdf", encryptedPDF(t, page, "user", 128), "file.encrypted"},
		{"a PDF with an unknown cipher", "a.pdf", pdfOf("/Encrypt << /Filter /Other >>", []string{""}), "file.encrypted"},

		{"too many parts", "a.docx", manyParts(t), "file.bomb"},
		{"a part that swells", "a.docx", docx(t, "", parts{"word/media/a.bmp": strings.Repeat("\x00", 17<<20)}), "file.bomb"},
		{"a part that hides how it swells", "a.docx", lyingZip(t), "file.damaged"},
		{"entities of entities", "a.docx", docx(t, "", parts{"word/header1.xml": laughs}), "file.bomb"},
		{"entities in a workbook", "a.xlsx", zipOf(t, parts{"xl/workbook.xml": laughs, "docProps/core.xml": laughs}), "file.bomb"},
		{"nesting", "a.odt", odf(t, "text", strings.Repeat("<text:p>", 5000)+strings.Repeat("</text:p>", 5000), nil), "file.bomb"},
		{"one endless attribute", "a.docx", docx(t, `<w:p w:a="`+noise(9<<20)+`"/>`, nil), "file.bomb"},
		{"nesting in a page", "a.html", []byte(strings.Repeat("<div><b>", 50_000) + "texte"), ""},
		{"a page that swells", "a.pdf", pdfOf("", []string{"/X10 Do"}, swelling(33<<20)), "file.bomb"},
		{"forms of forms", "a.pdf", pdfOf("", []string{"/X10 Do"}, stream("/Subtype /Form", "/X10 Do /X10 Do")), ""},
		{"a map that swells", "a.pdf", bytes.Replace(
			pdfOf("", []string{"BT /F1 9 Tf (a) Tj ET"}, swelling(5<<20)), []byte("/Encoding /WinAnsiEncoding"), []byte("/ToUnicode 10 0 R         "), 1), "file.bomb"},
		{"deep arrays in a page", "a.pdf", pdfOf("", []string{strings.Repeat("[", 1_000_000)}), ""},
		{"quotes of quotes", "a.md", []byte(strings.Repeat("> ", 100_000) + "texte"), ""},
	}
}

func TestExtract_RefusesHostileFilesInBoundedMemory(t *testing.T) {
	for _, file := range hostileFiles(t) {
		t.Run(file.about, func(t *testing.T) {
			var got text.Text
			var err error
			grown := allocated(func() { got, err = extract(t.Context(), file.name, file.content) })
			switch {
			case file.key == "" && err != nil:
				t.Errorf("%v, want it read", err)
			case file.key != "" && !errors.Is(err, qms.Invalid(file.key)):
				t.Errorf("%q, %v, want %s", got.Body, err, file.key)
			case grown > 256<<20:
				t.Errorf("it took %d MB", grown>>20)
			}
			t.Logf("%d kB made %d kB: %v %v", len(file.content)>>10, grown>>10, err, got.Truncated)
		})
	}
}

func TestExtract_SaysWhatItExpectedAndFound(t *testing.T) {
	t.Parallel()
	_, err := extract(t.Context(), "achats.pdf", []byte("texte"))
	var refusal *qms.Error
	if !errors.As(err, &refusal) || fmt.Sprint(refusal.Args) != "[achats.pdf pdf text/plain]" {
		t.Errorf("%v", err)
	}
}

func TestExtract_ReadsAPDFThatNeedsNoPassword(t *testing.T) {
	t.Parallel()
	restricted := encryptedPDF(t, pdfOf("", []string{"BT /F1 9 Tf (texte) Tj ET"}), "", 128)
	restricted = bytes.Replace(restricted, []byte("/AESV2/Length 128"), []byte("/AESV2/Length 16 "), 1) // bytes, as Acrobat has it
	got, err := extract(t.Context(), "norme.pdf", restricted)
	if err != nil || got.Body != "texte" {
		t.Errorf("%q, %v", got.Body, err)
	}
}

func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func altered(archive []byte) []byte {
	out := bytes.Clone(archive)
	at := bytes.Index(out, []byte("word/document.xml")) + len("word/document.xml") + 4
	out[at] ^= 0xff
	return out
}

func noise(n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = 'a' + byte(i*i>>3+i>>7)%26
	}
	return string(out)
}

const laughs = `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>`

// ole is enough of a compound file to be known as one.
func ole(stream string) []byte {
	out := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 1<<20))
	for _, r := range stream {
		out = append(out, byte(r), 0)
	}
	return out
}

func encryptedZip(t testing.TB) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Flags: 1}); err != nil {
		t.Fatal(err)
	}
	z.Close()
	return out.Bytes()
}

func encryptedPDF(t testing.TB, plain []byte, password string, bits int) []byte {
	var out bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(plain), &out, model.NewAESConfiguration(password, "owner", bits)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func manyParts(t testing.TB) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range 10_001 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("word/%d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	return out.Bytes()
}

// lyingZip says that its document is of 100 bytes; it is of 2 MB.
func lyingZip(t testing.TB) []byte {
	document := []byte(`<w:document` + wordNS + `>` + strings.Repeat(" ", 2<<20) + `</w:document>`)
	packed := zipOf(t, parts{"word/document.xml": string(document)})
	size := make([]byte, 4)
	binary.LittleEndian.PutUint32(size, uint32(len(document)))
	return bytes.ReplaceAll(packed, size, []byte{100, 0, 0, 0})
}

// swelling is a form of that many spaces.
func swelling(size int) string {
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	for range size >> 20 {
		z.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	z.Close()
	return stream("/Type /XObject /Subtype /Form /Filter /FlateDecode", packed.String())
}
