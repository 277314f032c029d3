package importer

import (
	"strconv"

	"maillon/qms/locale"
)

// Problem is one thing that cannot be read, and where it stands.
type Problem struct {
	Sheet    string // name of the sheet, or of the file
	Row      int    // as the spreadsheet numbers it, from 1; 0 for the sheet as a whole
	Column   string // letter; empty for the line as a whole
	Heading  string // as the sheet writes it
	Found    string // as the cell shows it
	Expected string // key of what was expected; may be empty
	Key      string // what is wrong
	Args     []any
}

// maxProblems is how many problems are kept of one sheet; all are counted.
const maxProblems = 500

// maxFound is how much of a cell a problem quotes, in characters.
const maxFound = 80

// Sentence says what is wrong.
func (p Problem) Sentence(pr *locale.Printer) string { return pr.T(p.Key, p.Args...) }

// Wanted says what was expected; empty when Sentence says all.
func (p Problem) Wanted(pr *locale.Printer) string {
	if p.Expected == "" {
		return ""
	}
	return pr.T(p.Expected)
}

// Place says where it stands: "Devis, ligne 7, colonne C (Date du devis)".
func (p Problem) Place(pr *locale.Printer) string {
	switch {
	case p.Sheet == "":
		return ""
	case p.Row == 0:
		return pr.T("import.place.sheet", p.Sheet)
	case p.Column == "":
		return pr.T("import.place.row", p.Sheet, strconv.Itoa(p.Row))
	}
	return pr.T("import.place.cell", p.Sheet, strconv.Itoa(p.Row), p.Column, p.Heading)
}

// letter is the spreadsheet's name of a column counted from 0: A, Z, AA.
func letter(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// shown is a cell as a problem quotes it.
func shown(cell string) string {
	s := []rune(clean(cell))
	if len(s) > maxFound {
		return string(s[:maxFound]) + "…"
	}
	return string(s)
}
