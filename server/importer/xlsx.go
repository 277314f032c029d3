package importer

import (
	"archive/zip"
	"errors"
	"io"

	"github.com/xuri/excelize/v2"
)

// memoryPerPart is how much of a workbook's sheet or text table is kept in memory; what is bigger
// goes through a temporary file.
const memoryPerPart = 16 << 20

// xlsx reads the sheets of a workbook row by row: by their tags where they are written as spreadsheets
// write them, else with excelize.
func (r *reading) xlsx(f File, z *zip.Reader) (err error) {
	r.odd = false
	if err := r.inspectSheets(z); err != nil {
		return err
	}
	if plain := openPlain(z); plain != nil && !r.odd {
		return plain.read(r)
	}
	return r.excelize(f)
}

// excelize reads any workbook.
func (r *reading) excelize(f File) (err error) {
	defer func() {
		if recover() != nil { // excelize trusts parts that a hostile file can leave out
			err = badFile("file.damaged")
		}
	}()
	book, err := excelize.OpenReader(io.NewSectionReader(f.Content, 0, f.Size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnfolded, UnzipXMLSizeLimit: memoryPerPart,
	})
	switch {
	case errors.Is(err, excelize.ErrWorkbookFileFormat), err != nil:
		return badFile("file.damaged")
	}
	defer book.Close()
	kind := serial1900
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		kind = serial1904
	}
	for _, name := range book.GetSheetList() {
		if err := r.xlsxSheet(book, name, kind); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) xlsxSheet(book *excelize.File, name string, kind serial) error {
	rows, err := book.Rows(name)
	if err != nil {
		return nil // a sheet of charts or macros has no rows
	}
	defer rows.Close()
	s := r.sheet(name, kind)
	for number := 1; rows.Next(); number++ {
		if err := r.row(); err != nil {
			return err
		}
		cells, err := rows.Columns()
		if err != nil {
			return badFile("file.damaged")
		}
		if len(cells) > 0 {
			s.push(number, cells)
		}
	}
	if rows.Error() != nil {
		return badFile("file.damaged")
	}
	s.end()
	return nil
}
