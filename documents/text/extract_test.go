package text_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"maillon/documents/text"
)

func extract(ctx context.Context, name string, content []byte) (text.Text, error) {
	return text.Extract(ctx, name, bytes.NewReader(content), int64(len(content)))
}

func TestExtract_SaysWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about, name string
		content     []byte
		want        text.Text
	}{
		{"headings by the name of their style, runs, cells", "p.docx",
			docx(t, para("Corps", "Avant")+para("Titre1", "Procédure d&apos;achat")+para("Titre1", "Objet")+
				`<w:p><w:r><w:t>voir PR-</w:t></w:r><w:r><w:t>ACH</w:t><w:noBreakHyphen/><w:t>0</w:t></w:r><w:r><w:t>03</w:t></w:r></w:p>`+
				`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Code</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Titre</w:t></w:r></w:p></w:tc></w:tr>`+
				`<w:tr><w:tc><w:p><w:r><w:t>FO-ACH-001</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`, nil),
			text.Text{Format: text.DOCX, Title: "Procédure d'achat",
				Body: "Avant\nProcédure d'achat\nObjet\nvoir PR-ACH-003\nCode\tTitre\nFO-ACH-001"}},
		{"headers first, no deleted text, no fallback", "p.docm",
			docx(t, para("Boucle", "Corps")+`<w:del><w:r><w:t>effacé</w:t></w:r></w:del>`+
				`<mc:AlternateContent xmlns:mc="m"><mc:Choice>`+para("", "boîte")+`</mc:Choice><mc:Fallback>`+para("", "boîte")+`</mc:Fallback></mc:AlternateContent>`,
				parts{"word/header1.xml": `<w:hdr` + wordNS + `>` + para("Maison", "PR-ACH-003") + `</w:hdr>`,
					"word/footer1.xml":    `<w:ftr` + wordNS + `>` + para("", "pied") + `</w:ftr>`,
					"docProps/core.xml":   `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Agent 01</dc:creator><dc:title> Achats </dc:title></cp:coreProperties>`,
					"word/vbaProject.bin": "never run"}),
			text.Text{Format: text.DOCX, Title: "Achats", Body: "PR-ACH-003\nCorps\nboîte\npied"}},
		{"a style made from Heading 1", "p.docx", docx(t, para("Maison", "Étalonnage"), nil),
			text.Text{Format: text.DOCX, Title: "Étalonnage", Body: "Étalonnage"}},
		{"parts are no titles", "p.docx", docx(t, para("Titre1", "1. Objet")+para("Titre1", "2. Rôles"), nil),
			text.Text{Format: text.DOCX, Body: "1. Objet\n2. Rôles"}},
		{"headings, lists, spaces, notes, tables of a text", "p.odt",
			odf(t, "text", `<office:body><office:text><text:tracked-changes><text:p>effacé</text:p></text:tracked-changes>`+
				`<text:h text:outline-level="1">Étalon<text:span>nage</text:span></text:h><text:list><text:list-item><text:p>un<text:s text:c="3"/>deux</text:p></text:list-item>`+
				`<text:list-item><text:p>trois<text:line-break/>quatre</text:p></text:list-item></text:list><table:table table:name="T1"><table:table-row>`+
				`<table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table></office:text></office:body>`, nil),
			text.Text{Format: text.ODT, Title: "Étalonnage", Body: "Étalonnage\nun deux\ntrois\nquatre\na\nb\tc"}},
		{"a style made from Title", "p.odt",
			odf(t, "text", `<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/></office:automatic-styles><text:p text:style-name="P1">Manuel</text:p>`,
				parts{"styles.xml": `<office:document-styles` + odfNS + `><text:p>no</text:p><office:master-styles><text:p>MQ-001</text:p></office:master-styles></office:document-styles>`}),
			text.Text{Format: text.ODT, Title: "Manuel", Body: "MQ-001\nManuel"}},
		{"sheets by name", "p.ods",
			odf(t, "spreadsheet", `<table:table table:name="Équipements"><table:table-row><table:table-cell><text:p>EQ-01</text:p></table:table-cell><table:table-cell/><table:table-cell><text:p>MEB</text:p></table:table-cell></table:table-row></table:table>`,
				parts{"meta.xml": `<m xmlns:dc="d"><dc:title>Registre</dc:title></m>`}),
			text.Text{Format: text.ODS, Title: "Registre", Body: "Équipements\nEQ-01\tMEB"}},
		{"slides in order", "p.pptx",
			pptx(t, shape("ctrTitle", "Accueil"), shape("title", "Plan"), "", "", "", "", "", "", "", shape("body", "fin")),
			text.Text{Format: text.PPTX, Title: "Accueil", Body: "Accueil\nPlan\nfin", Pages: 10}},
		{"cells as they are seen", "p.xlsx", xlsx(t, []any{"Code", "Titre"}, []any{"PR-ACH-003", "Achats"}, []any{}, []any{1.5, true}),
			text.Text{Format: text.XLSX, Body: "Sheet1\nCode\tTitre\nPR-ACH-003\tAchats\n1.5\tTRUE"}},
		{"what a browser shows", "p.html",
			[]byte(`<!DOCTYPE html><meta charset="utf-8"><title>Métadonnée</title><style>p{}</style><script>alert("</p>")</script>` +
				`<h1>Accueil &amp; <em>visite</em></h1><p>Voir&nbsp;<a href=x>PR-<b>ACH</b>-003</a><ul><li>un<li>deux</ul><table><tr><th>a<td>b</table>`),
			text.Text{Format: text.HTML, Title: "Accueil & visite", Body: "Accueil & visite\nVoir PR-ACH-003\nun\ndeux\na\tb"}},
		{"a page without heading", "p.htm", []byte(`<html><title>Règlement</title><p>texte`),
			text.Text{Format: text.HTML, Title: "Règlement", Body: "texte"}},
		{"wrapped lines, marks, escapes, tables", "p.md",
			[]byte("> Note: see SOP\n> *Post-Market* Surveillance\n\n# Plan \\<Date\\> #\n\n- un\n  suite\n- [deux](http://x.example)\n\n| a \\| b | **c** |\n|---|---|\n| d | `e` |\n\n```\n# code\n```\n"),
			text.Text{Format: text.Markdown, Title: "Plan <Date>",
				Body: "Note: see SOP Post-Market Surveillance\nPlan <Date>\nun suite\ndeux\na | b\tc\nd\te\n# code"}},
		{"front matter and an underlined heading", "p.markdown", []byte("---\ntitle: \"Du YAML\"\n---\nManuel qualité\n===\ntexte"),
			text.Text{Format: text.Markdown, Title: "Manuel qualité", Body: "Manuel qualité\ntexte"}},
		{"a line that is no front matter", "p.md", []byte("---\nBonjour à tous\n"), text.Text{Format: text.Markdown, Body: "Bonjour à tous"}},
		{"UTF-8 with its mark", "p.txt", []byte("\ufeffprocédé\r\n\r\n\tcellule\u00a0: l\u00adong PR\u2011ACH"),
			text.Text{Format: text.Plain, Body: "procédé\ncellule : long PR-ACH"}},
		{"UTF-16", "p.txt", encoded(t, "procédé œuvré"), text.Text{Format: text.Plain, Body: "procédé œuvré"}},
		{"Windows-1252", "p.csv", windows(t, "procédé;l’œuvre;12 €"), text.Text{Format: text.CSV, Body: "procédé;l’œuvre;12 €"}},
		{"lines, cells, kerning, forms, a title in two lines", "p.pdf",
			pdfOf("/Info << /Title (Meta) >>", []string{
				"BT /F1 20 Tf 50 780 Td (Proc\\351dure) Tj 0 -22 Td (d'achat) Tj ET BT /F1 10 Tf 1 0 0 1 50 700 Tm [(Voir) -300 (PR-A) 20 (CH-003)] TJ " +
					"0 -12 Td (a) Tj 100 0 Td (b) Tj -100 -12 Td (long mot de la proc-) Tj T* 0 -12 Td (edure qui continue ici) Tj ET q 1 0 0 1 50 500 cm /X10 Do Q",
				"BT /F1 20 Tf (Page deux) Tj ET"},
				stream("/Type /XObject /Subtype /Form", "BT /F1 10 Tf (forme) Tj ET")),
			text.Text{Format: text.PDF, Title: "Procédure d'achat", Pages: 2,
				Body: "Procédure\nd'achat\nVoir PR-ACH-003\na\tb\nlong mot de la proc-edure qui continue ici\nforme\nPage deux"}},
		{"glyphs of two bytes, in one range", "p.pdf",
			pdfOf("", []string{"/X10 Do"},
				stream("/Subtype /Form /Resources << /Font << /F2 11 0 R >> >>", "BT /F2 9 Tf <004C20190153007500760072006500660069> Tj ET"),
				"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [12 0 R] /ToUnicode 13 0 R >>",
				"<< /Type /Font /Subtype /CIDFontType2 /DW 600 /W [1 [500 400] 76 90 550] >>",
				stream("", "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n"+
					"1 beginbfrange <0000> <FFFF> <0000> endbfrange 2 beginbfchar <0066> <FB01> <0069> <0021> endbfchar endcmap end end")),
			text.Text{Format: text.PDF, Body: "L’œuvrefi!", Pages: 1}},
		{"glyphs without a map are no words", "p.pdf",
			pdfOf("", []string{"/X10 Do"},
				stream("/Subtype /Form /Resources << /Font << /F2 11 0 R >> >>", "BT /F2 9 Tf <004C2019> Tj ET"),
				"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>"),
			text.Text{Format: text.PDF, Pages: 1}},
		{"an empty first cell, paragraphs in cells", "p.docx",
			docx(t, para("", "avant")+`<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>`+para("", "a")+para("", "b")+`</w:tc><w:tc>`+para("", "c")+`</w:tc></w:tr></w:tbl>`+para("", "après"), nil),
			text.Text{Format: text.DOCX, Body: "avant\na\nb\tc\naprès"}},
	}
	for _, test := range tests {
		t.Run(string(test.want.Format)+": "+test.about, func(t *testing.T) {
			t.Parallel()
			got, err := extract(t.Context(), test.name, test.content)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestExtract_CutsALongBodyAndSaysSo(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("œuvre ", text.MaxBody/6))
	got, err := extract(t.Context(), "long.txt", long)
	if err != nil || !got.Truncated || len(got.Body) > text.MaxBody || len(got.Body) < text.MaxBody-10 {
		t.Errorf("%d bytes, truncated: %v, %v", len(got.Body), got.Truncated, err)
	}
}

func TestExtract_StopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, content := range map[string][]byte{
		"p.docx": docx(t, para("", "texte"), nil), "p.txt": []byte("texte"), "p.xlsx": xlsx(t, []any{1}), "p.html": []byte("<p>texte"),
		"p.pdf": pdfOf("", []string{"BT /F1 9 Tf (texte) Tj ET"}),
	} {
		if _, err := extract(ctx, name, content); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func encoded(t *testing.T, s string) []byte {
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func windows(t *testing.T, s string) []byte {
	out, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}
