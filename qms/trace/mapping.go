package trace

import (
	"time"

	"maillon/qms"
)

// RegisterMapping is how a platform heads the columns of one of its registers, as a person said it:
// an import that meets the same headings again needs not ask.
type RegisterMapping struct {
	qms.Row
	Signature    string         // of the headings and the sheet's name; unique among those that are not void
	Sheet        string         // name of the sheet, or of the file, when it was said
	Register     string         // what its lines are; LeftOut for a sheet that is no register
	Headings     []string       // as the sheet wrote them
	Columns      map[string]int // field to column, from 0
	Dates        string         // MonthFirst, or empty for the day first
	RememberedBy string         // name of who said it last
	RememberedAt time.Time
	Void         string // why it was forgotten; empty while it is used
}

// LeftOut is the register of a sheet that is not to be read.
const LeftOut = "aside"

// MonthFirst is the order of dates like 04/03/2023 in a register that puts the month before the day.
const MonthFirst = "mdy"

func (m *RegisterMapping) void() string          { return m.Void }
func (m *RegisterMapping) setVoid(reason string) { m.Void = reason }

// The bounds of a mapping.
const (
	maxColumns = 1 << 14 // a spreadsheet has no more
	maxFields  = 60
)

// check reads what is stated of a mapping.
func (m *RegisterMapping) check(in *input) {
	m.Signature, m.Sheet, m.Register = in.required("signature", m.Signature), in.text("sheet", m.Sheet), in.required("register", m.Register)
	if m.Dates != "" && m.Dates != MonthFirst {
		in.fail("dates", "mapping.dates_unknown", m.Dates)
	}
	if len(m.Headings) > maxColumns || len(m.Columns) > maxFields {
		in.fail("columns", "input.too_long", maxFields)
	}
	for field, column := range m.Columns {
		if column < 0 || column >= maxColumns {
			in.fail(field, "mapping.column_unknown", column)
		}
	}
	for i, h := range m.Headings {
		m.Headings[i] = in.text("headings", h)
	}
}
