package rendition

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const real = "../../../shared/real/documents"

// realFile is a document as platforms have it; without them the test is skipped.
func realFile(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(real, name))
	if err != nil {
		t.Skipf("the real documents are not here: %v", err)
	}
	return content
}

func TestStamp_KeepsEveryWordOfRealFiles(t *testing.T) {
	t.Parallel()
	found, _ := filepath.Glob(real + "/*/*.pdf")
	for _, path := range found {
		pdf := realFile(t, strings.TrimPrefix(path, real))
		stampedPath, made := stamped(t, pdf, sample(t, "fr"), Mark{})
		for page, end := 1, min(made.Pages-made.Covers, 12); page <= end; page++ {
			was, is := pageText(t, path, page), pageText(t, stampedPath, page+made.Covers)
			for _, word := range strings.Fields(was) {
				if !strings.Contains(is, word) {
					t.Errorf("%s: page %d lost %q", path, page, word)
				}
			}
		}
	}
	if len(found) == 0 {
		t.Skip("the real documents are not here")
	}
}

func TestOffice_ConvertsRealFilesThatAreThenStamped(t *testing.T) {
	o := office(t)
	for name, says := range map[string]string{
		"general/mdr-declaration-of-conformity.docx": "Declaration of Conformity", "general/intended-use.odt": "Intended Use", "general/instructions-for-use.md": "Instructions for Use",
	} {
		original := realFile(t, name)
		to := converted(t, o, name, original)
		pdf, err := os.ReadFile(to.Name())
		if err != nil {
			t.Fatal(err)
		}
		c := sample(t, "en")
		c.Original = Original{filepath.Base(name), int64(len(original)), strings.Repeat("ab", 32)}
		path, made := stamped(t, pdf, c, Mark{})
		if text := squeeze(tool(t, "pdftotext", path, "-")); !strings.Contains(strings.ToLower(text), strings.ToLower(says)) {
			t.Errorf("%s: %+v, and it does not say %q", name, made, says)
		}
	}
}

func TestOffice_ConvertsSheetsAndSlides(t *testing.T) {
	o := office(t)
	sheet := archiveOf(t, map[string]string{
		"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml":   `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Étalonnage</t></is></c></row></sheetData></worksheet>`,
	})
	const names = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"`
	open := func(kind, body string) []byte {
		return archiveOf(t, map[string]string{
			"mimetype":    "application/vnd.oasis.opendocument." + kind,
			"content.xml": `<?xml version="1.0"?><office:document-content ` + names + `><office:body>` + body + `</office:body></office:document-content>`,
			"META-INF/manifest.xml": `<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.` + kind +
				`"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
		})
	}
	for name, content := range map[string][]byte{
		"a.xlsx": sheet,
		"a.ods":  open("spreadsheet", `<office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Étalonnage</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>`),
		"a.odp":  open("presentation", `<office:presentation><draw:page draw:name="P"><draw:frame svg:width="20cm" svg:height="3cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>Étalonnage</text:p></draw:text-box></draw:frame></draw:page></office:presentation>`),
	} {
		if !o.Takes(name) {
			t.Logf("%s is not taken on this machine", name)
			continue
		}
		to := converted(t, o, name, content)
		pdf, err := os.ReadFile(to.Name())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := Stamp(t.Context(), &out, bytes.NewReader(pdf), sample(t, "fr"), Mark{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if says := pageText(t, keptFile(t, out.Bytes()), 2); !strings.Contains(says, "Étalonnage") {
			t.Errorf("%s says %q", name, says)
		}
	}
}
