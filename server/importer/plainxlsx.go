package importer

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"path"
	"strconv"
	"strings"
)

// plainBook is a workbook as spreadsheets write it: its sheets are read by their tags alone, several
// times as fast as through a decoder that could read any XML. What is out of the ordinary in its parts
// makes openPlain give up, and excelize reads it.
type plainBook struct {
	sheets []plainSheet
	texts  []string // that cells share
	kind   serial
}

type plainSheet struct {
	name string
	part *zip.File
}

type workbookXML struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string `xml:"name,attr"`
		ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type relationsXML struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// openPlain opens a workbook; nil for one that it does not understand.
func openPlain(z *zip.Reader) *plainBook {
	parts := map[string]*zip.File{}
	for _, part := range z.File {
		parts[strings.ToLower(part.Name)] = part
	}
	var book workbookXML
	var relations relationsXML
	if !decodePart(parts["xl/workbook.xml"], &book) || !decodePart(parts["xl/_rels/workbook.xml.rels"], &relations) || len(book.Sheets) == 0 {
		return nil
	}
	b := &plainBook{kind: serial1900}
	if yes[strings.ToLower(book.Properties.Date1904)] {
		b.kind = serial1904
	}
	byID := map[string]*zip.File{}
	for _, one := range relations.All {
		part := parts[strings.ToLower(partName(one.Target))]
		switch {
		case strings.HasSuffix(one.Type, "/sharedStrings"):
			var ok bool
			if b.texts, ok = sharedTexts(part); !ok {
				return nil
			}
		case strings.HasSuffix(one.Type, "/worksheet"):
			if part == nil {
				return nil
			}
			byID[one.ID] = part
		}
	}
	for _, s := range book.Sheets {
		if part := byID[s.ID]; part != nil { // a sheet of charts has no rows
			b.sheets = append(b.sheets, plainSheet{s.Name, part})
		}
	}
	return b
}

// partName is the name of a part that the workbook relates to.
func partName(target string) string {
	if rooted, ok := strings.CutPrefix(target, "/"); ok {
		return rooted
	}
	return path.Join("xl", target)
}

func decodePart(part *zip.File, into any) bool {
	if part == nil || part.UncompressedSize64 > memoryPerPart {
		return false
	}
	content, err := part.Open()
	if err != nil {
		return false
	}
	defer content.Close()
	return xml.NewDecoder(content).Decode(into) == nil
}

// sharedTexts reads the table of texts that cells share; false when it is missing, odd or too big to be
// held.
func sharedTexts(part *zip.File) ([]string, bool) {
	if part == nil || part.UncompressedSize64 > memoryPerPart {
		return nil, false
	}
	content, err := part.Open()
	if err != nil {
		return nil, false
	}
	defer content.Close()
	t := newTags(content)
	var texts []string
	var text textOf
	for {
		tag, err := t.next()
		if errors.Is(err, io.EOF) {
			return texts, !t.odd
		}
		if err != nil || bytes.IndexByte(tag[:len(localName(tag))], ':') >= 0 {
			return nil, false
		}
		switch name := string(nameOf(tag)); name {
		case "si", "/si":
			if name == "/si" || tag[len(tag)-1] == '/' {
				texts = append(texts, text.end())
			}
		default:
			text.take(t, tag, name)
		}
	}
}

// nameOf is the name of a tag, with the stroke of one that ends.
func nameOf(tag []byte) []byte {
	if tag[0] == '/' {
		return tag
	}
	return localName(tag)
}

// textOf gathers the text of a cell or of a shared one: that of its t, of all runs, readings aside.
type textOf struct {
	all     strings.Builder
	reading bool
}

func (x *textOf) take(t *tags, tag []byte, name string) {
	switch name {
	case "rPh":
		x.reading = tag[len(tag)-1] != '/'
	case "/rPh":
		x.reading = false
	case "t":
		if t.text = t.text[:0]; tag[len(tag)-1] != '/' {
			t.keep = true
		}
	case "/t":
		if t.keep = false; !x.reading {
			x.all.WriteString(plainText(t.text))
		}
	}
}

func (x *textOf) end() string {
	s := x.all.String()
	x.all.Reset()
	return unescaped(s)
}

// plainText is the text of an element without the marks of XML.
func plainText(raw []byte) string {
	if bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	}
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	return html.UnescapeString(string(raw))
}

// unescaped reads the marks that a workbook writes as _x000D_.
func unescaped(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	for {
		i = strings.Index(s, "_x")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if n, err := strconv.ParseUint(s[min(i+2, len(s)):min(i+6, len(s))], 16, 16); err == nil && len(s) > i+6 && s[i+6] == '_' {
			b.WriteRune(rune(n))
			s = s[i+7:]
			continue
		}
		b.WriteString("_x")
		s = s[i+2:]
	}
}

func (b *plainBook) read(r *reading) error {
	for _, s := range b.sheets {
		if err := b.sheet(r, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *plainBook) sheet(r *reading, of plainSheet) error {
	content, err := of.part.Open()
	if err != nil {
		return badFile("file.damaged")
	}
	defer content.Close()
	p := &plainRows{tags: newTags(content), texts: b.texts}
	s := r.sheet(of.name, b.kind)
	for {
		more, err := p.next()
		switch {
		case err != nil:
			return badFile("file.damaged")
		case !more:
			s.end()
			return nil
		}
		if err := r.row(); err != nil {
			return err
		}
		if len(p.cells) > 0 {
			s.push(p.row, p.cells)
		}
	}
}

// plainRows reads the rows of a sheet.
type plainRows struct {
	*tags
	texts []string
	row   int // of cells, from 1
	cells []string

	column int // of the cell under way, from 1
	kind   string
	value  string
	inline textOf
}

// next reads one row; false after the last.
func (p *plainRows) next() (bool, error) {
	p.cells, p.column = p.cells[:0], 0
	for {
		tag, err := p.tags.next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		empty := tag[len(tag)-1] == '/'
		switch name := string(nameOf(tag)); name {
		case "row":
			p.row++
			if n, err := strconv.Atoi(attributeIn(tag, " r=\"")); err == nil && n > 0 {
				p.row = n
			}
			if empty {
				return true, nil
			}
		case "/row":
			return true, nil
		case "c":
			if n := columnIn(tag); n > 0 {
				p.column = n
			} else {
				p.column++
			}
			p.kind, p.value = attributeIn(tag, " t=\""), ""
		case "v":
			p.text, p.keep = p.text[:0], !empty
		case "/v":
			p.keep, p.value = false, plainText(p.text)
		case "/is":
			p.value = p.inline.end()
		case "/c":
			p.put()
		default:
			p.inline.take(p.tags, tag, name)
		}
	}
}

// put places the value of the cell under way.
func (p *plainRows) put() {
	value := p.value
	switch p.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(p.texts) {
			value = ""
			break
		}
		value = p.texts[i]
	case "b":
		if value = "FALSE"; strings.TrimSpace(p.value) == "1" {
			value = "TRUE"
		}
	case "str":
		value = unescaped(value)
	}
	if value == "" {
		return
	}
	for len(p.cells) < p.column-1 {
		p.cells = append(p.cells, "")
	}
	if len(p.cells) == p.column-1 {
		p.cells = append(p.cells, value)
	} else {
		p.cells[p.column-1] = value
	}
}

// attributeIn is the value of an attribute, which is named with its space and its mark.
func attributeIn(tag []byte, name string) string {
	_, rest, found := bytes.Cut(tag, []byte(name))
	if !found {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte("\""))
	return string(value)
}
