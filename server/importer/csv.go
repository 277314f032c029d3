package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// csv reads one CSV file as one sheet.
func (r *reading) csv(f File, head []byte) error {
	for _, mark := range []string{"%PDF", "<?xml", "<html", "<!DOCTYPE", "\x7fELF", "\x89PNG", "\xff\xd8\xff"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return badFile("import.file_mislabelled")
		}
	}
	text, err := decoded(f, head)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(f.Name), filepath.Ext(f.Name))
	s := r.sheet(name, noSerial)
	separator, err := separatorOf(f, head, s.headings)
	if err != nil {
		return err
	}
	rows := csv.NewReader(bufio.NewReaderSize(text, 1<<16))
	rows.Comma, rows.FieldsPerRecord, rows.ReuseRecord = separator, -1, true
	return r.csvRows(rows, s)
}

// csvRows numbers rows as a spreadsheet does: a line break within quotes is within one row, and the
// blank lines that encoding/csv passes over are rows.
func (r *reading) csvRows(rows *csv.Reader, s *sheetReader) error {
	number, end := 0, 0 // the last row, and the line it ended on
	for {
		if err := r.row(); err != nil {
			return err
		}
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			s.end()
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			number += broken.StartLine - end
			end = broken.Line
			s.problem(Problem{Row: number, Key: "import.csv.quotes"})
			continue
		}
		if err != nil {
			return err
		}
		line, _ := rows.FieldPos(0)
		number += line - end
		lastLine, _ := rows.FieldPos(len(cells) - 1)
		end = lastLine + strings.Count(cells[len(cells)-1], "\n")
		s.push(number, cells)
	}
}

// decoded is the text of the file: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252,
// which is what a French Excel writes.
func decoded(f File, head []byte) (io.Reader, error) {
	raw := io.NewSectionReader(f.Content, 0, f.Size)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return io.NewSectionReader(f.Content, 3, f.Size-3), nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(raw), nil
	}
	utf, err := isUTF8(raw)
	if err != nil {
		return nil, err
	}
	if _, err := raw.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if utf {
		return raw, nil
	}
	return charmap.Windows1252.NewDecoder().Reader(raw), nil
}

// isUTF8 reads all of r. A zero byte in it says that it is no text at all.
func isUTF8(r io.Reader) (bool, error) {
	buffer, kept := make([]byte, 1<<16), 0
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		chunk := buffer[:kept+n]
		if bytes.IndexByte(chunk, 0) >= 0 {
			return false, badFile("import.file_mislabelled")
		}
		last := err != nil
		if last && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return false, err
		}
		for len(chunk) > 0 {
			c, size := utf8.DecodeRune(chunk)
			if c == utf8.RuneError && size == 1 {
				if !last && !utf8.FullRune(chunk) {
					break
				}
				return false, drained(r)
			}
			chunk = chunk[size:]
		}
		if last {
			return len(chunk) == 0, nil
		}
		kept = copy(buffer, chunk)
	}
}

// drained reads the rest, only to see that it is text.
func drained(r io.Reader) error {
	buffer := make([]byte, 1<<16)
	for {
		n, err := r.Read(buffer)
		if bytes.IndexByte(buffer[:n], 0) >= 0 {
			return badFile("import.file_mislabelled")
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// separatorOf tries the separators there are on the first rows: the right one shows the headings of
// a register; failing that, the one that cuts most.
func separatorOf(f File, head []byte, headings func([]string) match) (rune, error) {
	best, most, matched := ';', 0, 0
	for _, separator := range []rune{';', ',', '\t'} {
		text, err := decoded(f, head)
		if err != nil {
			return 0, err
		}
		rows := csv.NewReader(io.LimitReader(text, 1<<16))
		rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = separator, -1, true
		fields, found := 0, 0
		for range headingRows {
			cells, err := rows.Read()
			if err != nil {
				break
			}
			fields += len(cells)
			if m := headings(cells); m.kind != "" {
				found = max(found, len(m.columns))
			}
		}
		if found > matched || found == matched && fields > most {
			best, most, matched = separator, fields, found
		}
	}
	return best, nil
}
