package importer

import "strings"

// A cell of text that a spreadsheet would take for a formula, or for the error of one, is written with
// an apostrophe before it, and read without. One that begins with apostrophes and goes on like that
// gets one more, so that what is read is always what was written.

// formulaMarks are what a spreadsheet takes for the beginning of a formula, and of its errors.
const formulaMarks = "=+-@#\t\r\uff1d\uff0b\uff0d\uff20"

// dangerous reports whether the cell is apostrophes, or none, and then a mark.
func dangerous(cell string, marks string) bool {
	rest := strings.TrimLeft(cell, "'")
	for _, first := range rest {
		return strings.ContainsRune(marks, first)
	}
	return false
}

// armed is the text as a cell of a CSV file.
func armed(text string) string {
	if dangerous(text, formulaMarks) {
		return "'" + text
	}
	return text
}

// quoted is the text as a cell of a workbook, which is a string whatever it begins with: only what
// disarmed would take away is added.
func quoted(text string) string {
	if strings.HasPrefix(text, "'") && dangerous(text, formulaMarks) || strings.HasPrefix(text, "#") && failedFormula[text] {
		return "'" + text
	}
	return text
}

// disarmed is the text of a cell.
func disarmed(cell string) string {
	if strings.HasPrefix(cell, "'") && dangerous(cell, formulaMarks) {
		return cell[1:]
	}
	return cell
}

// voided reports whether the line says that its record is void. It is not read: it would neither
// revive the record nor make it again.
func (l *line) voided() bool {
	column, ok := l.sheet.columns["void"]
	if !ok || column >= len(l.cells) || l.cells[column] == "" {
		return false
	}
	return !no[fold(l.cells[column])]
}
