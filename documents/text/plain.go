package text

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// readPlain keeps the lines of the file, and its tabs.
func readPlain(f *file) error {
	return f.eachLine(func(line string) {
		for i, cell := range strings.Split(line, "\t") {
			if i > 0 {
				f.after(tab)
			}
			f.write(cell)
		}
		f.after(paragraphEnd)
	})
}

// eachLine decodes the file and hands out its lines.
func (f *file) eachLine(say func(line string)) error {
	decoded, err := f.decoded()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(decoded)
	lines.Buffer(nil, 2*maxLine)
	lines.Split(shortLines)
	for lines.Scan() {
		if err := f.goOn(); err != nil {
			return err
		}
		say(lines.Text())
	}
	return lines.Err()
}

const maxLine = 1 << 20 // bytes

// shortLines are lines, those beyond maxLine cut at a space.
func shortLines(data []byte, atEnd bool) (int, []byte, error) {
	advance, line, err := bufio.ScanLines(data, atEnd)
	if advance > 0 || len(data) < maxLine {
		return advance, line, err
	}
	cut := bytes.LastIndexByte(data, ' ') + 1
	if cut == 0 {
		cut = len(data)
	}
	return cut, data[:cut], nil
}

// decoded is the file in UTF-8: what its byte order mark says, else UTF-8 if it is, else the
// Windows-1252 of old French files.
func (f *file) decoded() (io.Reader, error) {
	head := make([]byte, min(f.size, 1<<20))
	if _, err := f.r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	fallback := unicode.UTF8.NewDecoder().Transformer
	if !isUTF8(head) {
		fallback = charmap.Windows1252.NewDecoder().Transformer
	}
	whole := io.NewSectionReader(f.r, 0, f.size)
	return transform.NewReader(whole, unicode.BOMOverride(fallback)), nil
}

// isUTF8 forgives a last character that the end of the block cut.
func isUTF8(block []byte) bool {
	for cut := range min(utf8.UTFMax, len(block)) {
		if utf8.Valid(block[:len(block)-cut]) {
			return true
		}
	}
	return len(bytes.TrimSpace(block)) == 0
}
