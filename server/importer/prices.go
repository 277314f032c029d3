package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
	"maillon/qms/trace"
)

// PriceBook is the lines of a price list as a workbook or a CSV file states them, and where they stand.
type PriceBook struct {
	Lines    []trace.PriceLine
	Problems []Problem

	sheet string
	rows  []int // of the lines, as the spreadsheet numbers them
	words map[string]tableColumn
}

// tableColumn is where a field stands, and the heading over it.
type tableColumn struct {
	at      int
	heading string
}

const (
	maxPricesFile = 8 << 20
	maxPriceRows  = 5000 // blank ones included
	maxCells      = 64
)

// priceHeadings are the words of headings, reduced as words does it, and the fields they head.
var priceHeadings = map[string]string{
	"code": "code", "no": "code", "code article": "code", "code prestation": "code", "article": "code",
	"designation": "label", "libelle": "label", "label": "label", "intitule": "label", "prestation": "label", "service": "label",
	"categorie": "category", "category": "category", "famille": "category", "rubrique": "category",
	"unite": "unit", "unit": "unit",
	"tva": "vat", "vat": "vat", "taux tva": "vat", "vat rate": "vat",
}

// ReadPrices reads the first sheet with headings that it knows: code, label, unit, VAT and one column
// of prices for each status of client. What cannot be read is in the Problems; the error is that of a
// file which is none, or of a disk.
func ReadPrices(ctx context.Context, name string, r io.Reader, statuses []trace.ClientStatus) (*PriceBook, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPricesFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxPricesFile {
		return nil, fileError(qms.Invalid("body.too_large", maxPricesFile>>20))
	}
	tables, fractions, err := tablesOf(ctx, name, data)
	var bad badFile
	if errors.As(err, &bad) {
		return nil, fileError(qms.Invalid(string(bad), name))
	}
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if p := (&PriceBook{sheet: t.name}); p.head(&t, statuses) {
			p.read(t, statuses, fractions)
			return p, nil
		}
	}
	p := &PriceBook{sheet: name}
	p.problem(0, "", "prices.no_headings")
	return p, nil
}

// fileError says that the file is at fault.
func fileError(e *qms.Error) error { return qms.InvalidFields(qms.Wrong("file", e.Key, e.Args...)) }

// table is one sheet as it stands.
type table struct {
	name string
	rows []tableRow // with something in them
}

type tableRow struct {
	number int
	cells  []string
}

// tablesOf reads every sheet. In a workbook, percentages are fractions.
func tablesOf(ctx context.Context, name string, data []byte) (tables []table, fractions bool, err error) {
	f := File{Name: filepath.Base(name), Content: bytes.NewReader(data), Size: int64(len(data))}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case len(data) == 0:
		return nil, false, badFile("file.empty")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		tables, err = bookTables(ctx, data)
		return tables, true, err
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, false, badFile("import.file_old_excel")
	case ext != ".csv" && ext != ".txt" && ext != ".tsv":
		return nil, false, badFile("import.file_kind")
	}
	t, err := csvTable(f, data[:min(512, len(data))])
	return []table{t}, false, err
}

func bookTables(ctx context.Context, data []byte) (tables []table, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, badFile("file.damaged")
	}
	if bad := guardZip(z); bad != "" {
		return nil, bad
	}
	defer func() {
		if recover() != nil { // excelize trusts parts that a hostile file can leave out
			err = badFile("file.damaged")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnfolded, UnzipXMLSizeLimit: memoryPerPart})
	if err != nil {
		return nil, badFile("file.damaged")
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		rows, err := book.Rows(name)
		if err != nil {
			continue // a sheet of charts has no rows
		}
		t := table{name: name}
		for number := 1; rows.Next() && ctx.Err() == nil; number++ {
			cells, err := rows.Columns()
			if err != nil {
				rows.Close()
				return nil, badFile("file.damaged")
			}
			if err := t.add(number, cells); err != nil {
				rows.Close()
				return nil, err
			}
		}
		rows.Close()
		tables = append(tables, t)
	}
	return tables, ctx.Err()
}

func csvTable(f File, head []byte) (table, error) {
	t := table{name: f.Name}
	separator, err := separatorOf(f, head, func([]string) match { return match{} })
	if err != nil {
		return t, err
	}
	text, err := decoded(f, head)
	if err != nil {
		return t, err
	}
	rows := csv.NewReader(text)
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = separator, -1, true
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, badFile("file.damaged")
		}
		number, _ := rows.FieldPos(0)
		if err := t.add(number, cells); err != nil {
			return t, err
		}
	}
}

func (t *table) add(number int, cells []string) error {
	if number > maxPriceRows {
		return badFile("import.too_many_rows")
	}
	cells = slices.Clone(cells[:min(maxCells, len(cells))])
	blank := true
	for i := range cells {
		cells[i] = clean(cells[i])
		if rest, marked := strings.CutPrefix(cells[i], "'"); marked && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
			cells[i] = rest // an export marks so what looks like a formula
		}
		blank = blank && cells[i] == ""
	}
	if !blank {
		t.rows = append(t.rows, tableRow{number, cells})
	}
	return nil
}

// head finds the row of headings among the first ones, and leaves in t what is below.
func (p *PriceBook) head(t *table, statuses []trace.ClientStatus) bool {
	for i, row := range t.rows[:min(headingRows, len(t.rows))] {
		columns := map[string]tableColumn{}
		for at, heading := range row.cells {
			if field := priceField(heading, statuses); field != "" {
				if _, twice := columns[field]; !twice {
					columns[field] = tableColumn{at, heading}
				}
			}
		}
		_, code := columns["code"]
		if _, label := columns["label"]; code && label {
			p.words, t.rows = columns, t.rows[i+1:]
			return true
		}
	}
	return false
}

// priceField is the field that a heading names; "prices.STATUS" for the prices of a status.
func priceField(heading string, statuses []trace.ClientStatus) string {
	if folded := fold(heading); strings.Contains(folded, "anglais") || strings.Contains(folded, "english") {
		return "english" // also in brackets, which words leaves out
	}
	reduced := words(heading)
	if field := priceHeadings[reduced]; field != "" {
		return field
	}
	for _, prefix := range []string{"prix ht ", "tarif ht ", "prix ", "tarif ", "price "} {
		reduced = strings.TrimPrefix(reduced, prefix)
	}
	reduced = strings.TrimSuffix(reduced, " ht")
	for _, s := range statuses {
		if reduced != "" && (reduced == words(s.Code) || reduced == words(s.French) || reduced == words(s.English)) {
			return "prices." + s.Code
		}
	}
	return ""
}

func (p *PriceBook) read(t table, statuses []trace.ClientStatus, fractions bool) {
	for _, needed := range []string{"unit", "vat"} {
		if _, there := p.words[needed]; !there {
			p.problem(0, "", "prices.no_"+needed)
		}
	}
	if !slices.ContainsFunc(statuses, func(s trace.ClientStatus) bool { _, there := p.words["prices."+s.Code]; return there }) {
		p.problem(0, "", "prices.no_prices")
	}
	if len(p.Problems) > 0 {
		return
	}
	for _, row := range t.rows {
		p.line(row, statuses, fractions)
	}
	if len(t.rows) == 0 {
		p.problem(0, "", "price_list.empty")
	}
}

func (p *PriceBook) line(row tableRow, statuses []trace.ClientStatus, fractions bool) {
	cell := func(field string) string {
		if c, there := p.words[field]; there && c.at < len(row.cells) {
			return row.cells[c.at]
		}
		return ""
	}
	l := trace.PriceLine{Code: cell("code"), Label: cell("label"), English: cell("english"), Category: cell("category"), Unit: cell("unit"), Prices: map[string]qms.Money{}}
	vat, err := readVAT(cell("vat"), fractions)
	if l.VAT = vat; err != nil {
		p.problem(row.number, "vat", "vat.malformed", shown(cell("vat")))
	}
	for _, s := range statuses {
		field := "prices." + s.Code
		text := cell(field)
		if text == "" {
			continue
		}
		price, key := readMoney(text)
		if key != "" {
			p.problem(row.number, field, key)
			continue
		}
		l.Prices[s.Code] = price
	}
	p.Lines, p.rows = append(p.Lines, l), append(p.rows, row.number)
}

// readVAT reads a rate; a workbook keeps 5,5 % as 0.055.
func readVAT(text string, fractions bool) (trace.VAT, error) {
	if f, err := strconv.ParseFloat(text, 64); err == nil && fractions && f > 0 && f < 1 {
		return trace.VAT(math.Round(f * 10_000)), nil
	}
	return trace.ParseVAT(text)
}

func (p *PriceBook) problem(row int, field, key string, args ...any) {
	if len(p.Problems) >= maxProblems {
		return
	}
	problem := Problem{Sheet: p.sheet, Row: row, Key: key, Args: args}
	if c, there := p.words[field]; there {
		problem.Column, problem.Heading = letter(c.at), c.heading
	}
	p.Problems = append(p.Problems, problem)
}

// Place adds what the room found wrong with the lines, at the rows and columns that they stand in.
func (p *PriceBook) Place(err error) {
	var e *qms.Error
	if !errors.As(err, &e) {
		return
	}
	for _, wrong := range e.Fields {
		parts := strings.SplitN(wrong.Name, ".", 3)
		if len(parts) < 3 || parts[0] != "lines" {
			continue
		}
		n, err := strconv.Atoi(parts[1])
		if err == nil && n >= 1 && n <= len(p.rows) {
			args := wrong.Args
			if wrong.Key == "price_line.doubled" { // names the other line by its number in the list
				args = slices.Clone(args)
				if first, ok := args[1].(int); ok && first >= 1 && first <= len(p.rows) {
					args[1] = p.rows[first-1]
				}
			}
			p.problem(p.rows[n-1], parts[2], wrong.Key, args...)
		}
	}
}
