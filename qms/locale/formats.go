package locale

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"maillon/qms"
)

const (
	space  = "\u00a0" // between a number and its unit
	narrow = "\u202f" // in French thousands
)

// whole is the value of any whole number but a date, an amount or a duration.
func whole(arg any) (int64, bool) {
	switch arg.(type) {
	case qms.Date, qms.Money, time.Duration, time.Month:
		return 0, false
	}
	switch v := reflect.ValueOf(arg); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint()), true
	}
	return 0, false
}

// Date is the short form for tables: 03/04/2023, 3 Apr 2023; empty for no date.
func (p *Printer) Date(d qms.Date) string {
	switch {
	case d.IsZero():
		return ""
	case p.lang == English:
		return d.Time().Format("2 Jan 2006")
	}
	return d.Time().Format("02/01/2006")
}

// InputDate is the form that a person types into a field, whatever the language: 03/04/2023.
func (p *Printer) InputDate(d qms.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("02/01/2006")
}

// LongDate is the form for sentences: 3 avril 2023, 1er avril 2023, 3 April 2023.
func (p *Printer) LongDate(d qms.Date) string {
	if d.IsZero() {
		return ""
	}
	day := strconv.Itoa(d.Day())
	if p.lang == French && d.Day() == 1 {
		day = "1er"
	}
	return day + space + p.MonthName(d.Month()) + space + strconv.Itoa(d.Year())
}

// Month is the month and year of the date: avril 2023, April 2023.
func (p *Printer) Month(d qms.Date) string {
	if d.IsZero() {
		return ""
	}
	return p.MonthName(d.Month()) + space + strconv.Itoa(d.Year())
}

var frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
	"août", "septembre", "octobre", "novembre", "décembre"}

// MonthName is the name of the month within a sentence.
func (p *Printer) MonthName(m time.Month) string {
	if p.lang == French && m >= time.January && m <= time.December {
		return frenchMonths[m-1]
	}
	return m.String()
}

// Weekday is the name of the day of the week within a sentence: mardi, Tuesday.
func (p *Printer) Weekday(d qms.Date) string {
	names := [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	if p.lang == French {
		return names[d.Time().Weekday()]
	}
	return d.Time().Weekday().String()
}

// Instant is the day and minute of t on a clock in Paris: 30/06/2026 14:05.
func (p *Printer) Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone)
	return p.Date(qms.DateOf(t, p.zone)) + " " + t.Format("15:04")
}

// FullInstant is t to the second with its zone: 30/06/2026 14:05:09 CEST.
func (p *Printer) FullInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone)
	return p.Date(qms.DateOf(t, p.zone)) + " " + t.Format("15:04:05 MST")
}

// Day is the civil date that a calendar in Paris shows at t.
func (p *Printer) Day(t time.Time) qms.Date { return qms.DateOf(t, p.zone) }

// Number writes n with its thousands apart: 1 250, 1,250.
func (p *Printer) Number(n int64) string {
	s, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		s, sign = s[1:], "\u2212" // minus sign
	}
	apart := narrow
	if p.lang == English {
		apart = ","
	}
	var groups []string
	for len(s) > 3 {
		groups = append([]string{s[len(s)-3:]}, groups...)
		s = s[:len(s)-3]
	}
	return sign + strings.Join(append([]string{s}, groups...), apart)
}

// Money writes an amount in euros: 1 250,50 €, €1,250.50.
func (p *Printer) Money(m qms.Money) string {
	sign := ""
	if m < 0 {
		sign, m = "\u2212", -m
	}
	cents := strconv.FormatInt(int64(m%100)+100, 10)[1:]
	if p.lang == English {
		return sign + "€" + p.Number(int64(m/100)) + "." + cents
	}
	return sign + p.Number(int64(m/100)) + "," + cents + space + "€"
}

// Decimal writes x with that many digits after the mark.
func (p *Printer) Decimal(x float64, digits int) string {
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if p.lang == French {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Percent writes part of total as a whole percentage, rounded down so that 100 % means all.
func (p *Printer) Percent(part, total int) string {
	if total == 0 {
		return ""
	}
	s := strconv.Itoa(part * 100 / total)
	if p.lang == English {
		return s + "%"
	}
	return s + space + "%"
}

// Size writes a number of bytes in decimal units: 148 ko, 38,6 Mo; 148 kB, 38.6 MB.
func (p *Printer) Size(bytes int64) string {
	unit := "B"
	if p.lang == French {
		unit = "o"
	}
	switch {
	case bytes < 1000:
		return p.Number(bytes) + space + unit
	case bytes < 999_500:
		return p.Number((bytes+500)/1000) + space + "k" + unit
	case bytes < 999_950_000:
		return p.Decimal(float64(bytes)/1e6, 1) + space + "M" + unit
	}
	return p.Decimal(float64(bytes)/1e9, 1) + space + "G" + unit
}

// Duration writes d to the second below a minute, then to the minute: 40 s, 21 min, 1 h 05.
func (p *Printer) Duration(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + space + "s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + space + "min"
	}
	minutes := strconv.Itoa(int(d%time.Hour/time.Minute) + 100)[1:]
	return p.Number(int64(d/time.Hour)) + space + "h" + space + minutes
}
