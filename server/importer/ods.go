package importer

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// isSpreadsheet reports whether an OpenDocument archive says that it is a spreadsheet.
func isSpreadsheet(z *zip.Reader) bool {
	text, err := partText(z, "mimetype", 200)
	return err == nil && strings.HasPrefix(strings.TrimSpace(text), "application/vnd.oasis.opendocument.spreadsheet")
}

func partText(z *zip.Reader, name string, limit int64) (string, error) {
	part, err := z.Open(name)
	if err != nil {
		return "", err
	}
	defer part.Close()
	text, err := io.ReadAll(io.LimitReader(part, limit))
	return string(text), err
}

// ods reads the tables of an OpenDocument spreadsheet row by row.
func (r *reading) ods(_ File, z *zip.Reader) error {
	if manifest, err := partText(z, "META-INF/manifest.xml", 1<<20); err == nil && strings.Contains(manifest, "encryption-data") {
		return badFile("file.encrypted")
	}
	content, err := z.Open("content.xml")
	if err != nil {
		return badFile("file.damaged")
	}
	defer content.Close()
	o := &odsReader{reading: r, d: xml.NewDecoder(content)}
	for {
		token, err := o.d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return badFile("file.damaged")
		}
		if err := o.take(token); err != nil {
			return err
		}
	}
}

// odsReader follows the elements of content.xml: table, table-row, table-cell, p.
type odsReader struct {
	*reading
	d      *xml.Decoder
	sheet  *sheetReader
	row    int // the next one, from 1
	times  int // how often the current row stands there
	cells  []string
	gap    int // empty cells since the last with something in it
	cell   strings.Builder
	value  string
	repeat int // how often the current cell stands there
	deep   int // within notes, whose text is not the cell's
	slots  int64
}

func (o *odsReader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return badFile("file.bomb")
	case xml.CharData:
		if o.deep == 0 && o.repeat > 0 && o.cell.Len() < 1<<16 {
			o.cell.Write(t)
		}
	case xml.StartElement:
		o.start(t)
	case xml.EndElement:
		return o.finish(t)
	}
	return nil
}

func (o *odsReader) start(t xml.StartElement) {
	switch t.Name.Local {
	case "table":
		o.sheet, o.row = o.reading.sheet(attribute(t, "name"), noSerial), 1
	case "table-row":
		o.times, o.cells, o.gap = repeated(t, "number-rows-repeated"), o.cells[:0], 0
	case "table-cell", "covered-table-cell":
		o.repeat = repeated(t, "number-columns-repeated")
		o.value = odsValue(t)
		o.cell.Reset()
	case "annotation":
		o.deep++
	case "p":
		if o.repeat > 0 && o.cell.Len() > 0 {
			o.cell.WriteByte(' ')
		}
	case "s": // a run of spaces
		o.cell.WriteByte(' ')
	}
}

func (o *odsReader) finish(t xml.EndElement) error {
	switch t.Name.Local {
	case "annotation":
		o.deep--
	case "table":
		if o.sheet != nil {
			o.sheet.end()
		}
		o.sheet = nil
	case "table-cell", "covered-table-cell":
		return o.endCell()
	case "table-row":
		return o.endRow()
	}
	return nil
}

func (o *odsReader) endCell() error {
	value := o.value
	if value == "" {
		value = o.cell.String()
	}
	times := o.repeat
	o.repeat = 0
	if value == "" {
		o.gap += times
		return nil
	}
	if o.slots += int64(o.gap + times); o.slots > maxCellSlots || len(o.cells)+o.gap+times > 1<<14 {
		return badFile("file.bomb")
	}
	for ; o.gap > 0; o.gap-- {
		o.cells = append(o.cells, "")
	}
	for range times {
		o.cells = append(o.cells, value)
	}
	return nil
}

func (o *odsReader) endRow() error {
	if len(o.cells) == 0 || o.sheet == nil {
		o.row += o.times
		return nil
	}
	for range o.times {
		if err := o.reading.row(); err != nil {
			return err
		}
		o.sheet.push(o.row, o.cells)
		o.row++
	}
	return nil
}

// odsValue is the exact value of a number or a date; other cells are what they show.
func odsValue(t xml.StartElement) string {
	switch attribute(t, "value-type") {
	case "float", "currency":
		return attribute(t, "value")
	case "date":
		return attribute(t, "date-value")
	case "boolean":
		return attribute(t, "boolean-value")
	}
	return ""
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func repeated(t xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(t, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}
