package importer

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/trace"
)

// maxMappingFile is how big a file of mappings may be, in bytes.
const maxMappingFile = 1 << 20

// mappingJSON is how a file writes a mapping.
type mappingJSON struct {
	Sheet    string            `json:"sheet"`
	Register string            `json:"register"`
	Row      int               `json:"row"`
	Columns  map[string]string `json:"columns"`
	Dates    string            `json:"dates"`
}

// ReadMappings reads how sheets are to be read, from JSON or CSV.
//
// JSON is a list of {"sheet", "register", "row", "columns": {field: heading or letter}, "dates"}. CSV
// has one line per field under the headings sheet, register, row, field, column, dates, or feuille,
// registre, ligne, champ, colonne, dates. Registers and fields are named by their keys (quotes,
// total), by the names that sheets may have (devis) or by any heading known for the field (montant
// HT). "aside" for the register leaves the sheet out, "-" for the column says that there is none.
//
// What cannot be read is qms.Invalid("import.mapping.unreadable") with the place.
func ReadMappings(f File) ([]Mapping, error) {
	if f.Size > maxMappingFile {
		return nil, qms.Invalid("import.file_too_big", f.Name)
	}
	text, err := io.ReadAll(io.NewSectionReader(f.Content, 0, f.Size))
	if err != nil {
		return nil, err
	}
	return ParseMappings(f.Name, text)
}

// ParseMappings is ReadMappings of a text; name is what people call it.
func ParseMappings(name string, text []byte) ([]Mapping, error) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	var said []mappingJSON
	var err error
	switch {
	case len(trimmed) == 0:
		return nil, qms.Invalid("import.mapping.unreadable", name, 1)
	case trimmed[0] == '[' || trimmed[0] == '{':
		said, err = mappingsFromJSON(name, trimmed)
	default:
		said, err = mappingsFromCSV(File{Name: name, Content: bytes.NewReader(text), Size: int64(len(text))}, text)
	}
	if err != nil {
		return nil, err
	}
	mappings := make([]Mapping, 0, len(said))
	for _, one := range said {
		m, err := one.mapping()
		if err != nil {
			return nil, err
		}
		mappings = append(mappings, m)
	}
	return mappings, nil
}

func mappingsFromJSON(name string, text []byte) (said []mappingJSON, err error) {
	if text[0] == '{' {
		text = slices.Concat([]byte("["), text, []byte("]"))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&said); err != nil {
		line := 1 + bytes.Count(text[:min(d.InputOffset(), int64(len(text)))], []byte("\n"))
		return nil, qms.Invalid("import.mapping.unreadable", name, line)
	}
	return said, nil
}

// mappingColumns are the headings of a mapping in CSV, in both languages.
var mappingColumns = [][2]string{{"sheet", "feuille"}, {"register", "registre"}, {"row", "ligne"}, {"field", "champ"}, {"column", "colonne"}, {"dates", "dates"}}

func mappingsFromCSV(f File, head []byte) (said []mappingJSON, err error) {
	text, err := decoded(f, head)
	if err != nil {
		return nil, qms.Invalid("import.mapping.unreadable", f.Name, 1)
	}
	rows := csv.NewReader(text)
	rows.FieldsPerRecord = -1
	rows.Comma = ','
	if first, _, _ := bytes.Cut(head, []byte("\n")); bytes.IndexByte(first, ';') >= 0 {
		rows.Comma = ';'
	}
	var at map[string]int
	for line := 1; ; line++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, qms.Invalid("import.mapping.unreadable", f.Name, line)
		}
		if at == nil {
			if at = mappingHeadings(cells); at == nil {
				return nil, qms.Invalid("import.mapping.csv_headings", f.Name)
			}
			continue
		}
		if said, err = addLine(said, cells, at); err != nil {
			return nil, qms.Invalid("import.mapping.unreadable", f.Name, line)
		}
	}
	return said, nil
}

// mappingHeadings is where the columns of a mapping stand; nil when sheet, register, field or column
// is not there.
func mappingHeadings(cells []string) map[string]int {
	at := map[string]int{}
	for i, c := range cells {
		for _, names := range mappingColumns {
			if c = fold(c); c == names[0] || c == names[1] {
				at[names[0]] = i
			}
		}
	}
	for _, needed := range []string{"sheet", "register", "field", "column"} {
		if _, ok := at[needed]; !ok {
			return nil
		}
	}
	return at
}

// addLine adds one line, which names one field of one sheet.
func addLine(said []mappingJSON, cells []string, at map[string]int) ([]mappingJSON, error) {
	cell := func(name string) string {
		if i, ok := at[name]; ok && i < len(cells) {
			return clean(cells[i])
		}
		return ""
	}
	sheet := cell("sheet")
	i := slices.IndexFunc(said, func(m mappingJSON) bool { return m.Sheet == sheet })
	if i < 0 {
		i, said = len(said), append(said, mappingJSON{Sheet: sheet, Columns: map[string]string{}})
	}
	m := &said[i]
	if register := cell("register"); register != "" {
		m.Register = register
	}
	if dates := cell("dates"); dates != "" {
		m.Dates = dates
	}
	if row := cell("row"); row != "" {
		n, err := strconv.Atoi(row)
		if err != nil {
			return nil, err
		}
		m.Row = n
	}
	if field := cell("field"); field != "" {
		m.Columns[field] = cell("column")
	}
	return said, nil
}

// mapping reads what a file says in its own words.
func (j mappingJSON) mapping() (Mapping, error) {
	m := Mapping{Sheet: j.Sheet, Row: j.Row, Columns: map[string]string{}}
	kind, ok := kindNamed(j.Register)
	if !ok {
		return m, qms.Invalid("import.mapping.no_register", j.Register, j.Sheet)
	}
	m.Kind = kind
	switch fold(j.Dates) {
	case "", "dmy", "jma":
	case trace.MonthFirst, "mja":
		m.Dates = trace.MonthFirst
	default:
		return m, qms.Invalid("mapping.dates_unknown", j.Dates)
	}
	for said, column := range j.Columns {
		field, ok := fieldNamed(kind, said)
		if !ok && kind != LeftOut {
			return m, qms.Invalid("import.mapping.no_field", said, j.Sheet)
		}
		m.Columns[field] = column
	}
	return m, nil
}

// kindNamed is the register of that key or that name.
func kindNamed(said string) (Kind, bool) {
	name := words(said)
	if k := Kind(fold(said)); k == LeftOut || name == "laisser cote" || slices.Contains(Kinds(), k) {
		if name == "laisser cote" {
			k = LeftOut
		}
		return k, true
	}
	for _, k := range Kinds() {
		if slices.Contains(forms()[k].Sheets, name) {
			return k, true
		}
	}
	return "", false
}

// fieldNamed is the field of that key, or with that heading.
func fieldNamed(kind Kind, said string) (string, bool) {
	for _, c := range forms()[kind].Columns {
		if c.Field == fold(said) {
			return c.Field, true
		}
	}
	for _, c := range forms()[kind].Columns {
		if name := words(said); slices.Contains(c.Headings, name) || slices.Contains(c.Weak, name) {
			return c.Field, true
		}
	}
	return "", false
}
