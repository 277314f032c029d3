package text

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook. What is larger than inMemory is unpacked to a temporary file.
const (
	maxWorkbook = 512 << 20
	inMemory    = 1 << 20
	maxPacked   = 64 << 20 // of the compressed cells
	maxOther    = 16 << 20 // of a part without cells, which the library holds in memory
)

// readXLSX says the cells as the reader of the workbook sees them: dates as dates, not as numbers.
func readXLSX(f *file) (err error) {
	a, err := f.openArchive()
	if err != nil {
		return err
	}
	if err := a.markup("docProps/core.xml", &metadata{file: f}); err != nil {
		return err
	}
	cells, err := a.cellsOnly()
	if err != nil {
		return err
	}
	book, err := excelize.OpenReader(cells, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	for _, sheet := range book.GetSheetList() {
		f.write(sheet)
		f.after(paragraphEnd)
		if err := f.readSheet(book, sheet); err != nil {
			return err
		}
	}
	return nil
}

// cellsOnly is the workbook without its pictures, drawings and macros, which the library would hold
// in memory.
func (a *archive) cellsOnly() (io.Reader, error) {
	var cells bytes.Buffer
	z := zip.NewWriter(&cells)
	for _, name := range slices.Sorted(maps.Keys(a.parts)) {
		folder, _, deeper := strings.Cut(strings.TrimPrefix(name, "xl/"), "/")
		if deeper && strings.HasPrefix(name, "xl/") && folder != "worksheets" && folder != "_rels" || strings.HasSuffix(name, ".bin") {
			continue
		}
		if folder != "worksheets" && folder != "sharedStrings.xml" && a.parts[name].UncompressedSize64 > maxOther {
			return nil, errBomb
		}
		if err := z.Copy(a.parts[name]); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
		if cells.Len() > maxPacked {
			return nil, errStop
		}
	}
	return &cells, z.Close()
}

func (f *file) readSheet(book *excelize.File, sheet string) (err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil // a sheet of charts has no rows
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f.goOn(); err != nil {
			return err
		}
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		for _, cell := range cells {
			f.write(cell)
			f.after(cellEnd)
		}
		f.after(rowEnd)
	}
	return nil
}
