package importer

import (
	"strconv"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// line is one row below the headings. Its methods read one field each and report what they cannot
// read; a line with a problem is not handed over.
type line struct {
	sheet *sheetReader
	row   int
	cells []string
	bad   bool
}

// cell is the text of the field, empty when the sheet has no such column.
func (l *line) cell(field string) string {
	if c, ok := l.sheet.columns[field]; ok && c < len(l.cells) {
		return l.cells[c]
	}
	return ""
}

// wrong reports the cell of the field.
func (l *line) wrong(field, key, expected string, args ...any) {
	l.bad = true
	column, ok := l.sheet.columns[field]
	p := Problem{Row: l.row, Found: shown(l.cell(field)), Key: key, Expected: expected, Args: args}
	if ok {
		p.Column, p.Heading = letter(column), l.sheet.heading(column)
	}
	l.sheet.problem(p)
}

// text is the cell without the spaces around it; what a formula failed to compute is reported.
func (l *line) text(field string) string {
	s := clean(l.cell(field))
	if failedFormula[s] {
		l.wrong(field, "import.cell.formula", "")
		return ""
	}
	return disarmed(s)
}

var failedFormula = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#VALEUR!": true, "#DIV/0!": true, "#NAME?": true, "#NOM?": true,
	"#NULL!": true, "#NUL!": true, "#NUM!": true, "#NOMBRE!": true,
}

// needed is text that must be there.
func (l *line) needed(field, expected string) string {
	before := l.bad
	l.bad = false
	s := l.text(field)
	if s == "" && !l.bad {
		l.wrong(field, "import.cell.empty", expected)
	}
	l.bad = l.bad || before
	return s
}

// code is a code or a number in its one form; neededCode must be there.
func (l *line) code(field string) string { return readCode(l.text(field)) }

func (l *line) neededCode(field string) string {
	return readCode(l.needed(field, "import.expected.code"))
}

// longest is how long a text of a register may be, in bytes.
const longest = 4000

// words is a text of bounded length.
func (l *line) words(field string) string {
	s := l.text(field)
	if len(s) > longest {
		l.wrong(field, "import.cell.too_long", "", longest)
		return ""
	}
	return s
}

func (l *line) date(field string) qms.Date { return l.dateIn(field, l.text(field)) }

func (l *line) neededDate(field string) qms.Date {
	return l.dateIn(field, l.needed(field, "import.expected.date"))
}

// aheadDays is how far ahead the day of a record may be: what is announced for next month is taken, with
// a warning; what is years ahead is a typing error.
const aheadDays = 366

// doneOn is the day of something done, which must be there and should have come.
func (l *line) doneOn(field string) qms.Date {
	d, today := l.neededDate(field), l.sheet.today
	switch {
	case d == 0 || today == 0 || d <= today:
	case d > today.AddDays(aheadDays):
		l.wrong(field, "import.date.too_far", "import.expected.date_past", today)
	default:
		p := Problem{Sheet: l.sheet.Name, Row: l.row, Found: shown(l.cell(field)), Key: "import.date.to_come", Args: []any{today}}
		if column, ok := l.sheet.columns[field]; ok {
			p.Column, p.Heading = letter(column), l.sheet.heading(column)
		}
		l.sheet.into.warn(&l.sheet.Sheet, p)
	}
	return d
}

func (l *line) dateIn(field, s string) qms.Date {
	if s == "" {
		return 0
	}
	d, key := readDate(s, l.sheet.rules)
	switch key {
	case "":
		return d
	case "import.date.out_of_range":
		l.wrong(field, key, "import.expected.date", strconv.Itoa(l.sheet.rules.Min.Year()), strconv.Itoa(l.sheet.rules.Max.Year()))
	default:
		l.wrong(field, key, "import.expected.date")
	}
	return 0
}

func (l *line) money(field string) qms.Money {
	s := l.needed(field, "import.expected.money")
	if s == "" {
		return 0
	}
	m, key := readMoney(s)
	if key != "" {
		l.wrong(field, key, "import.expected.money")
	}
	return m
}

// cost is an amount that may be missing.
func (l *line) cost(field string) qms.Money {
	if l.text(field) == "" {
		return 0
	}
	return l.money(field)
}

// count is a whole number that may be missing.
func (l *line) count(field string) int64 {
	s := l.text(field)
	if s == "" {
		return 0
	}
	whole, _, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".0")
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(fold(whole), "ans"), "years")), 10, 32)
	if err != nil {
		l.wrong(field, "import.count.unreadable", "import.expected.count")
	}
	return n
}

// trainingKind tells a first training from its renewal; a register need not.
func (l *line) trainingKind(field string) trace.TrainingKind {
	switch s := fold(l.text(field)); s {
	case "", "-":
		return ""
	case "initiale", "initial", "premiere":
		return trace.InitialTraining
	case "renouvellement", "renewal", "recyclage", "maintien":
		return trace.RenewedTraining
	}
	l.wrong(field, "import.kind.unreadable", "import.expected.training_kind")
	return ""
}

// calibrationKind tells a calibration from a verification; a register need not.
func (l *line) calibrationKind(field string) trace.CalibrationKind {
	switch s := fold(l.text(field)); s {
	case "", "-":
		return ""
	case "etalonnage", "calibration":
		return trace.Calibrated
	case "verification", "controle", "check":
		return trace.Verified
	}
	l.wrong(field, "import.kind.unreadable", "import.expected.calibration_kind")
	return ""
}

// oldest is the first day that equipment may have been bought or put into service.
var oldest = qms.MustDate("1950-01-01")

// dateSince is a date that may be older than records are.
func (l *line) dateSince(field string, first qms.Date) qms.Date {
	rules := l.sheet.rules
	l.sheet.rules.Min = min(first, rules.Min)
	d := l.date(field)
	l.sheet.rules = rules
	return d
}

// months is a validity; none stated is none.
func (l *line) months(field string) qms.Months {
	s := l.text(field)
	n, key := readMonths(s, monthsUnit(l.headingOf(field)))
	if key != "" {
		l.wrong(field, key, "import.expected.months")
	}
	return n
}

// minutes is a duration in whole minutes; none stated is none.
func (l *line) minutes(field string) int64 {
	s := l.text(field)
	if s == "" {
		return 0
	}
	d, key := readHours(s, unitOf(l.headingOf(field)))
	if key != "" {
		l.wrong(field, key, "import.expected.hours")
	}
	return int64(d / time.Minute)
}

func (l *line) yesNo(field string) bool {
	b, key := readYesNo(l.text(field))
	if key != "" {
		l.wrong(field, key, "import.expected.yesno")
	}
	return b
}

func (l *line) headingOf(field string) string {
	if c, ok := l.sheet.columns[field]; ok {
		return l.sheet.heading(c)
	}
	return ""
}
