package text_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The makers of small files: each writes what an editor would, and no more.

const (
	wordNS = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	drawNS = ` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
	odfNS  = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"` +
		` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
		` xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"`
	styles = `<w:styles` + wordNS + `><w:style w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>` +
		`<w:style w:styleId="Maison"><w:name w:val="Maison"/><w:basedOn w:val="Titre1"/></w:style>` +
		`<w:style w:styleId="Boucle"><w:name w:val="Boucle"/><w:basedOn w:val="Boucle"/></w:style></w:styles>`
)

// parts are the files of an archive.
type parts map[string]string

func zipOf(t testing.TB, p parts) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	names := slices.Sorted(maps.Keys(p))
	if at := slices.Index(names, "mimetype"); at > 0 { // comes first, and stored
		names = append([]string{"mimetype"}, slices.Delete(names, at, at+1)...)
	}
	for _, name := range names {
		method := zip.Deflate
		if name == "mimetype" {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(p[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// docx is a text with the paragraphs given as markup, and more parts.
func docx(t testing.TB, body string, more parts) []byte {
	p := parts{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"word/document.xml":   `<w:document` + wordNS + `><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":     styles,
	}
	maps.Copy(p, more)
	return zipOf(t, p)
}

func para(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

// odf is a text, spreadsheet or presentation with the content given as markup.
func odf(t testing.TB, kind, content string, more parts) []byte {
	p := parts{
		"mimetype":              "application/vnd.oasis.opendocument." + kind,
		"META-INF/manifest.xml": `<manifest/>`,
		"content.xml":           `<office:document-content` + odfNS + `>` + content + `</office:document-content>`,
	}
	maps.Copy(p, more)
	return zipOf(t, p)
}

func pptx(t testing.TB, slides ...string) []byte {
	p := parts{"[Content_Types].xml": `<Types/>`, "ppt/presentation.xml": `<p:presentation` + drawNS + `/>`}
	for i, slide := range slides {
		p[fmt.Sprintf("ppt/slides/slide%d.xml", i+1)] = `<p:sld` + drawNS + `>` + slide + `</p:sld>`
	}
	return zipOf(t, p)
}

func shape(kind, text string) string {
	return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="` + kind + `"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp>`
}

func xlsx(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pdfOf has one page per content stream, in Helvetica (F1), and the objects given from number 10 on.
func pdfOf(trailer string, pages []string, objects ...string) []byte {
	all := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	kids := make([]string, len(pages))
	for i, content := range pages {
		at := 10 + len(objects) + 2*i
		kids[i] = fmt.Sprintf("%d 0 R", at)
		all[at] = fmt.Sprintf("<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>", at+1)
		all[at+1] = stream("", content)
	}
	forms := ""
	if len(objects) > 0 {
		forms = "/XObject << /X10 10 0 R >>"
	}
	all[2] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> %s >> >>",
		len(pages), strings.Join(kids, " "), forms)
	for i, object := range objects {
		all[10+i] = object
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	table := "xref\n0 1\n0000000000 65535 f \n"
	for _, n := range slices.Sorted(maps.Keys(all)) {
		table += fmt.Sprintf("%d 1\n%010d 00000 n \n", n, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", n, all[n])
	}
	at := out.Len()
	fmt.Fprintf(&out, "%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", table, 10+len(objects)+2*len(pages), trailer, at)
	return out.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}
