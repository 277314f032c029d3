package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillon/qms"
)

// The bounds of a list that is read whole: prices, criteria.
const (
	maxListFile = 8 << 20
	maxCells    = 64
)

// table is one sheet of a list as it stands.
type table struct {
	name string
	rows []tableRow // with something in them
}

type tableRow struct {
	number int
	cells  []string
}

// tableColumn is where a field stands, and the heading over it.
type tableColumn struct {
	at      int
	heading string
}

// lists reads the sheets of a list: so many rows at most, blank ones included, and each cell cleaned.
type lists struct {
	rows  int
	clean func(cell string) string
}

// read reads the whole file and hands it to tables. What is wrong with the file itself is said of it.
func (l lists) read(name string, r io.Reader, tables func(data []byte) ([]table, error)) ([]table, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxListFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxListFile {
		return nil, fileError(qms.Invalid("body.too_large", maxListFile>>20))
	}
	all, err := tables(data)
	var bad badFile
	if errors.As(err, &bad) {
		return nil, fileError(qms.Invalid(string(bad), name))
	}
	return all, err
}

// fileError says that the file is at fault.
func fileError(e *qms.Error) error { return qms.InvalidFields(qms.Wrong("file", e.Key, e.Args...)) }

// isWorkbook says whether the data may be a workbook of today, and what is wrong with it where it is
// empty or one of old.
func isWorkbook(data []byte) (bool, error) {
	switch {
	case len(data) == 0:
		return false, badFile("file.empty")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return false, badFile("import.file_old_excel")
	}
	return bytes.HasPrefix(data, []byte("PK\x03\x04")), nil
}

// workbook reads every sheet of a workbook.
func (l lists) workbook(ctx context.Context, data []byte) (tables []table, err error) {
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
		t := table{name: name}
		if err := l.sheet(ctx, book, &t); err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, ctx.Err()
}

func (l lists) sheet(ctx context.Context, book *excelize.File, t *table) error {
	rows, err := book.Rows(t.name)
	if err != nil {
		return nil // a sheet of charts has no rows
	}
	defer rows.Close()
	for number := 1; rows.Next() && ctx.Err() == nil; number++ {
		cells, err := rows.Columns()
		if err != nil {
			return badFile("file.damaged")
		}
		if err := l.add(t, number, cells); err != nil {
			return err
		}
	}
	return nil
}

func (l lists) csv(name string, data []byte) ([]table, error) {
	f := File{Name: filepath.Base(name), Content: bytes.NewReader(data), Size: int64(len(data))}
	head, t := data[:min(512, len(data))], table{name: f.Name}
	separator, err := separatorOf(f, head, func([]string) match { return match{} })
	if err != nil {
		return nil, err
	}
	text, err := decoded(f, head)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(text)
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = separator, -1, true
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return []table{t}, nil
		}
		if err != nil {
			return nil, badFile("file.damaged")
		}
		number, _ := rows.FieldPos(0)
		if err := l.add(&t, number, cells); err != nil {
			return nil, err
		}
	}
}

func (l lists) add(t *table, number int, cells []string) error {
	if number > l.rows {
		return badFile("import.too_many_rows")
	}
	cells = slices.Clone(cells[:min(maxCells, len(cells))])
	for i := range cells {
		cells[i] = l.clean(cells[i])
	}
	if slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
		t.rows = append(t.rows, tableRow{number, cells})
	}
	return nil
}

// placed is what is known of where a list stands, and what is wrong with it there.
type placed struct {
	Problems []Problem

	sheet string
	rows  []int // of what was read, as the spreadsheet numbers them
	words map[string]tableColumn
}

// head finds among the first rows the one whose headings name the two fields, and leaves in t what is
// below.
func (p *placed) head(t *table, field func(heading string) string, one, other string) bool {
	for i, row := range t.rows[:min(headingRows, len(t.rows))] {
		columns := map[string]tableColumn{}
		for at, heading := range row.cells {
			if named := field(heading); named != "" {
				if _, twice := columns[named]; !twice {
					columns[named] = tableColumn{at, heading}
				}
			}
		}
		_, first := columns[one]
		if _, second := columns[other]; first && second {
			p.words, t.rows = columns, t.rows[i+1:]
			return true
		}
	}
	return false
}

// cell is what a row says of a field.
func (p *placed) cell(row tableRow, field string) string {
	if c, there := p.words[field]; there && c.at < len(row.cells) {
		return row.cells[c.at]
	}
	return ""
}

func (p *placed) problem(row int, field, key string, args ...any) {
	if len(p.Problems) >= maxProblems {
		return
	}
	problem := Problem{Sheet: p.sheet, Row: row, Key: key, Args: args}
	if c, there := p.words[field]; there {
		problem.Column, problem.Heading = letter(c.at), c.heading
	}
	p.Problems = append(p.Problems, problem)
}

// place adds what the room found wrong with the list, whose fields it names after the list and the
// number in it, at the rows and columns that they stand in. The sentence of a wrong is what say makes
// of it.
func (p *placed) place(err error, list string, say func(wrong qms.Field) (key string, args []any)) {
	var e *qms.Error
	if !errors.As(err, &e) {
		return
	}
	for _, wrong := range e.Fields {
		parts := strings.SplitN(wrong.Name, ".", 3)
		if len(parts) < 3 || parts[0] != list {
			continue
		}
		n, err := strconv.Atoi(parts[1])
		if err != nil || n < 1 || n > len(p.rows) {
			continue
		}
		key, args := say(wrong)
		p.problem(p.rows[n-1], parts[2], key, args...)
	}
}

// rowOf is the row of what a wrong names by its number in the list.
func (p *placed) rowOf(arg any) (int, bool) {
	if n, ok := arg.(int); ok && n >= 1 && n <= len(p.rows) {
		return p.rows[n-1], true
	}
	return 0, false
}
