// Package demo makes a small site with a year of life.
package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// paragraph is one line of a text: a heading when its level is 1 or 2.
type paragraph struct {
	level int
	text  string
}

// paragraphs reads the little Markdown that the texts are written in.
func paragraphs(text string) []paragraph {
	var all []paragraph
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		switch head, rest, _ := strings.Cut(line, " "); head {
		case "":
		case "#":
			all = append(all, paragraph{1, rest})
		case "##":
			all = append(all, paragraph{2, rest})
		default:
			all = append(all, paragraph{0, line})
		}
	}
	return all
}

// write makes the file of a text in the format of the extension.
func write(extension, text string) ([]byte, error) {
	switch extension {
	case "docx":
		return docx(paragraphs(text))
	case "pdf":
		return pdf(paragraphs(text))
	}
	return []byte(strings.TrimSpace(text) + "\n"), nil
}

const (
	docxTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	docxRels  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxParts = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	docxStyle = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style></w:styles>`
	docxBegin = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	docxEnd   = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`
)

// docx is the text as Word keeps it (ECMA-376, the least that Word and LibreOffice open).
func docx(text []paragraph) ([]byte, error) {
	var body bytes.Buffer
	body.WriteString(docxBegin)
	for _, p := range text {
		body.WriteString("<w:p>")
		if p.level > 0 {
			fmt.Fprintf(&body, `<w:pPr><w:pStyle w:val="Heading%d"/></w:pPr>`, p.level)
		}
		body.WriteString(`<w:r><w:t xml:space="preserve">`)
		if err := xml.EscapeText(&body, []byte(p.text)); err != nil {
			return nil, err
		}
		body.WriteString("</w:t></w:r></w:p>")
	}
	body.WriteString(docxEnd)
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, part := range [][2]string{{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRels},
		{"word/_rels/document.xml.rels", docxParts}, {"word/styles.xml", docxStyle}, {"word/document.xml", body.String()}} {
		w, err := archive.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return file.Bytes(), err
}

const (
	lineChars = 88 // that fit an A4 page in Helvetica 11
	pageLines = 38
)

// pdf is the text in Helvetica on A4 (ISO 32000-1), in the Windows-1252 characters that French needs.
func pdf(text []paragraph) ([]byte, error) {
	var pages [][]string
	var page []string
	for _, p := range text {
		for i, line := range wrap(p.text, lineChars) {
			font, size, gap := 1, 11, 15
			switch {
			case p.level > 0:
				font, size, gap = 2, 18-2*p.level, 34
			case i == 0:
				gap = 22
			}
			latin, err := charmap.Windows1252.NewEncoder().String(line)
			if err != nil {
				return nil, fmt.Errorf("%q in a PDF of the demo: %w", line, err)
			}
			escaped := strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).Replace(latin)
			page = append(page, fmt.Sprintf("/F%d %d Tf 0 -%d Td (%s) Tj", font, size, gap, escaped))
			if len(page) == pageLines {
				pages, page = append(pages, page), nil
			}
		}
	}
	return pdfFile(append(pages, page)), nil
}

func pdfFile(pages [][]string) []byte {
	var file bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(offsets)}, args...)...)
	}
	file.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 5+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [ %s] /Count %d >>", kids, len(pages))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
	for i, lines := range pages {
		content := "BT 60 790 Td\n" + strings.Join(lines, "\n") + "\nET"
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents %d 0 R >>", 6+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
	}
	start := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return file.Bytes()
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
