package importer

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"maillon/qms/locale"
)

// wrongFile is a file and the key of what is wrong with it.
type wrongFile struct {
	file File
	want string
}

func wrongFiles(t *testing.T) []wrongFile {
	t.Helper()
	good := book(t, "Devis", [][]any{{"N° devis", "N° demande", "Date", "Accepté le", "Montant"}, {"D-1", "R-1", "03/04/2023", "", 1}})
	whole, err := bytesOf(good)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[sheetAt(t, whole)+20] ^= 0xff
	return []wrongFile{
		{file("vide.xlsx", nil), "file.empty"},
		{file("vide.csv", nil), "file.empty"},
		{file("coupe.xlsx", whole[:len(whole)/2]), "file.damaged"},
		{file("abime.xlsx", flipped), "file.damaged"},
		{file("faux.csv", whole), "import.file_mislabelled"},
		{file("faux.ods", whole), "import.file_mislabelled"},
		{file("faux.xlsx", []byte("N° devis;N° demande")), "import.file_mislabelled"},
		{file("faux.csv", []byte("%PDF-1.7 ...")), "import.file_mislabelled"},
		{file("octets.csv", []byte("a;b\x00c")), "import.file_mislabelled"},
		{file("note.docx", zipOf(t, "word/document.xml", "<a/>")), "import.file_kind"},
		{file("photo.png", []byte("\x89PNG")), "import.file_kind"},
		{file("ancien.xls", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)), "import.file_old_excel"},
		{file("cle.xlsx", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")...)), "file.encrypted"},
		{withPart(t, whole, "xl/worksheets/sheet", "<worksheet><sheetData><row r=\"1\"><c"), "file.damaged"},
		{withPart(t, whole, "xl/worksheets/sheet", "<worksheet><sheetData>"), "file.damaged"},
		{withPart(t, whole, "xl/worksheets/sheet", lol), "file.bomb"},
		{withPart(t, whole, "xl/worksheets/sheet", "<worksheet><sheetData>"+strings.Repeat("\n", 8<<20)+"</sheetData></worksheet>"), "file.bomb"},
		{file("bombe.xlsx", manyParts(t)), "file.bomb"},
		{withPart(t, whole, "xl/workbook.xml", "<workbook"), "file.damaged"},
		{file("autre.xlsx", notARegister(t)), "import.nothing_recognised"},
	}
}

func TestReadRegisters_RefusesBadFiles(t *testing.T) {
	t.Parallel()
	pr := locale.For(locale.French)
	for _, c := range wrongFiles(t) {
		r := read(t, c.file)
		if len(r.Problems) == 0 || r.Problems[0].Key != c.want {
			t.Errorf("%s (%d bytes): %v, want %s", c.file.Name, c.file.Size, told(r), c.want)
			continue
		}
		if sentence := r.Problems[0].Sentence(pr); sentence == c.want || strings.Contains(sentence, "{") {
			t.Errorf("%s: %q is no sentence", c.file.Name, sentence)
		}
	}
}

// sheetAt is where the first sheet begins in the file.
func sheetAt(t *testing.T, whole []byte) int64 {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range z.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			at, err := part.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
	}
	t.Fatal("no sheet")
	return 0
}

// lol is the entity bomb of ten lines.
const lol = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&lol2;</t></is></c></row></sheetData></worksheet>`

func bytesOf(f File) ([]byte, error) {
	b := make([]byte, f.Size)
	_, err := f.Content.ReadAt(b, 0)
	return b, err
}

func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withPart is the workbook with the parts of that name, or beginning with it, exchanged.
func withPart(t *testing.T, whole []byte, name, content string) File {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range old.File {
		if strings.HasPrefix(part.Name, name) {
			w, err := z.Create(part.Name)
			if err == nil {
				_, err = w.Write([]byte(content))
			}
			if err != nil {
				t.Fatal(err)
			}
		} else if err := z.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file("piece.xlsx", b.Bytes())
}

func manyParts(t *testing.T) []byte {
	parts := []string{"xl/workbook.xml", "<workbook/>"}
	for i := range maxParts {
		parts = append(parts, fmt.Sprintf("a/%d", i), "")
	}
	return zipOf(t, parts...)
}

func notARegister(t *testing.T) []byte {
	f := book(t, "Courses", [][]any{{"Légume", "Prix"}, {"carottes", 2}})
	b, err := bytesOf(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadRegisters_RefusesASheetOfAMillionFarCells(t *testing.T) {
	t.Parallel()
	whole, err := bytesOf(book(t, "Devis", [][]any{{"a", "b"}}))
	if err != nil {
		t.Fatal(err)
	}
	var sheet strings.Builder
	sheet.WriteString("<worksheet><sheetData>")
	for i := range 20_000 {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="XFD%d"><v>%d</v></c></row>`, i+1, i+1, i*7919)
	}
	sheet.WriteString("</sheetData></worksheet>")
	if r := read(t, withPart(t, whole, "xl/worksheets/sheet", sheet.String())); len(r.Problems) != 1 || r.Problems[0].Key != "file.bomb" {
		t.Error(told(r))
	}
}
