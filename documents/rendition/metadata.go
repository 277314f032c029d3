package rendition

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"maillon/documents/rendition/typeface"
	"maillon/qms/locale"
)

// producer is what made the file, as its properties say.
const producer = "Maillon"

// about is what the properties of a rendition say, in both of the places where a PDF says it.
type about struct {
	title, subject, keywords, author string
	made                             time.Time
}

func aboutOf(c Cover) about {
	say := locale.For(c.Language)
	a := about{title: c.Code + " – " + c.Title, author: c.Platform, made: c.MadeAt.UTC()}
	words := []string{c.Code, say.T("rendition.running", c.Version)}
	a.subject = say.T("rendition.subject", c.Code, c.Version)
	if !c.EffectiveFrom.IsZero() {
		a.subject = say.T("rendition.subject_dated", c.Code, c.Version, c.EffectiveFrom)
		words = append(words, c.EffectiveFrom.String())
	}
	for _, word := range []string{c.Kind, c.Process} {
		if word != "" {
			words = append(words, word)
		}
	}
	a.keywords = strings.Join(words, "; ")
	return a
}

// info is the document information dictionary (ISO 32000-1, 14.3.3).
func (a about) info() types.Dict {
	made := types.StringLiteral(a.made.Format("D:20060102150405Z"))
	return types.Dict{
		"Title": hexText(a.title), "Subject": hexText(a.subject), "Keywords": hexText(a.keywords), "Author": hexText(a.author),
		"Creator": hexText(producer), "Producer": hexText(producer), "CreationDate": made, "ModDate": made,
	}
}

// hexText is a text string of a PDF (ISO 32000-1, 7.9.2.2).
func hexText(s string) types.HexLiteral {
	coded := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(typeface.Plain(s))) {
		coded = append(coded, byte(unit>>8), byte(unit))
	}
	return types.HexLiteral(hex.EncodeToString(coded))
}

// xmp is the metadata stream (ISO 16684-1). It claims no standard that the file as it was may have kept.
func (a about) xmp(language string) types.StreamDict {
	if language == "" {
		language = locale.French
	}
	made := a.made.Format(time.RFC3339)
	var x bytes.Buffer
	x.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">`)
	for _, part := range [][3]string{
		{"<dc:format>", "application/pdf", "</dc:format>"},
		{`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`, a.title, "</rdf:li></rdf:Alt></dc:title>"},
		{`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`, a.subject, "</rdf:li></rdf:Alt></dc:description>"},
		{"<dc:creator><rdf:Seq><rdf:li>", a.author, "</rdf:li></rdf:Seq></dc:creator>"},
		{"<dc:language><rdf:Bag><rdf:li>", language, "</rdf:li></rdf:Bag></dc:language>"},
		{"<pdf:Keywords>", a.keywords, "</pdf:Keywords>"},
		{"<pdf:Producer>", producer, "</pdf:Producer>"},
		{"<xmp:CreatorTool>", producer, "</xmp:CreatorTool>"},
		{"<xmp:CreateDate>", made, "</xmp:CreateDate>"},
		{"<xmp:ModifyDate>", made, "</xmp:ModifyDate>"},
	} {
		x.WriteString(part[0])
		_ = xml.EscapeText(&x, []byte(typeface.Plain(part[1]))) // into memory: it cannot fail
		x.WriteString(part[2])
	}
	x.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	s := stream(x.Bytes())
	s.Dict = types.Dict{"Type": types.Name("Metadata"), "Subtype": types.Name("XML")}
	return s
}
