package importer

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"maillon/qms"
)

// dateRules say which dates a register may hold and how its numbers count days.
type dateRules struct {
	Min, Max qms.Date
	Serial   serial

	MonthFirst bool // 04/03/2023 is 3 April: the month stands first where the year does not
}

// serial is how a spreadsheet counts days in a number.
type serial int

const (
	noSerial   serial = iota // a text format: numbers are not dates
	serial1900               // 1 is 1 January 1900, and 60 the 29 February 1900 that never was
	serial1904               // 0 is 1 January 1904
)

// clean takes away what nobody sees: spaces of any kind around, doubled within, and marks of no width.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff' || r == '\u00ad':
			return -1
		case unicode.IsSpace(r) || r == '\u180e':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

var hyphens = strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "-", "\u2212", "-", "\u00ad", "")

// readCode is a code or a number as the platform's records write it: capitals, no space around it
// or around its hyphens, one kind of hyphen.
func readCode(s string) string {
	s = strings.ToUpper(clean(s))
	if strings.IndexFunc(s, func(r rune) bool { return r == ' ' || r > 0x7e }) < 0 {
		return s
	}
	s = hyphens.Replace(s)
	return strings.ReplaceAll(strings.ReplaceAll(s, " -", "-"), "- ", "-")
}

// readDate reads a date as French registers write it: 03/04/2023, 3.4.2023, 2023-04-03, 3 avril 2023,
// a spreadsheet's number of days; a time of day behind it is left aside. Where the rules put the month
// first, 04/03/2023 is the same day. The string is the key of what is wrong, empty when nothing is.
func readDate(s string, rules dateRules) (qms.Date, string) {
	s = clean(s)
	day, key := dateBySerial(s, rules.Serial)
	if day.IsZero() && key == "" {
		day, key = dateByParts(s, rules.MonthFirst)
	}
	switch {
	case key != "":
		return 0, key
	case rules.Min != 0 && day < rules.Min || rules.Max != 0 && day > rules.Max:
		return 0, "import.date.out_of_range"
	}
	return day, ""
}

// dateBySerial reads a bare number; zero and no key when s is none.
func dateBySerial(s string, kind serial) (qms.Date, string) {
	if kind == noSerial || s == "" || strings.Trim(s, "0123456789.") != "" || strings.Count(s, ".") > 1 {
		return 0, ""
	}
	number, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, "import.date.unreadable"
	}
	if len(s) == 8 && number >= 19000101 && number < 30000000 { // 20230403, as some exports write it
		return 0, ""
	}
	days := math.Floor(number)
	if days < 1 || days > 2958465 { // 9999-12-31
		return 0, "import.date.out_of_range"
	}
	switch {
	case kind == serial1904:
		return qms.MustDate("1904-01-01").AddDays(int(days)), ""
	case days == 60:
		return 0, "import.date.impossible"
	case days < 60:
		return qms.MustDate("1899-12-31").AddDays(int(days)), ""
	}
	return qms.MustDate("1899-12-30").AddDays(int(days)), ""
}

// dateByParts reads day, month and year, or year, month and day when the year stands first.
func dateByParts(s string, monthFirst bool) (qms.Date, string) {
	parts := dateParts(s)
	if len(parts) == 1 && len(parts[0]) == 8 {
		p := parts[0]
		parts = []string{p[:4], p[4:6], p[6:]}
	}
	if len(parts) != 3 {
		return 0, "import.date.unreadable"
	}
	switch {
	case len(parts[0]) == 4:
		parts[0], parts[2] = parts[2], parts[0]
	case monthFirst && digits(parts[1]), !digits(parts[0]): // April 3, 2023
		parts[0], parts[1] = parts[1], parts[0]
	}
	day, err1 := strconv.Atoi(parts[0])
	year, err2 := strconv.Atoi(parts[2])
	month, ok := monthOf(parts[1])
	if err1 != nil || err2 != nil || !ok || len(parts[0]) > 2 || len(parts[2]) != 4 && len(parts[2]) != 2 {
		return 0, "import.date.unreadable"
	}
	if len(parts[2]) == 2 {
		year += 2000
		if year >= 2090 {
			year -= 100
		}
	}
	if d := qms.NewDate(year, time.Month(month), day); !d.IsZero() {
		return d, ""
	}
	return 0, "import.date.impossible"
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// dateParts cuts a date at its marks and drops a weekday before it and a time behind it.
func dateParts(s string) []string {
	s = fold(s)
	if i := strings.IndexByte(s, ':'); i > 0 { // 03/04/2023 14:30, 2023-04-03t00:00:00
		s = strings.TrimRight(s[:i], "0123456789")
		s = strings.TrimRight(s, " t")
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' || r == ',' })
	if len(parts) == 4 && weekdays[parts[0]] {
		parts = parts[1:]
	}
	if len(parts) == 3 && parts[0] == "1er" {
		parts[0] = "1"
	}
	return parts
}

var weekdays = map[string]bool{
	"lundi": true, "mardi": true, "mercredi": true, "jeudi": true, "vendredi": true, "samedi": true, "dimanche": true,
	"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
}

var months = map[string]int{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1, "fevrier": 2, "fevr": 2, "fev": 2, "feb": 2, "february": 2,
	"mars": 3, "mar": 3, "march": 3, "avril": 4, "avr": 4, "apr": 4, "april": 4, "mai": 5, "may": 5,
	"juin": 6, "jun": 6, "june": 6, "juillet": 7, "juil": 7, "jul": 7, "july": 7, "aout": 8, "aou": 8, "aug": 8, "august": 8,
	"septembre": 9, "sept": 9, "sep": 9, "september": 9, "octobre": 10, "oct": 10, "october": 10,
	"novembre": 11, "nov": 11, "november": 11, "decembre": 12, "dec": 12, "december": 12,
}

func monthOf(s string) (int, bool) {
	if m, ok := months[s]; ok {
		return m, true
	}
	m, err := strconv.Atoi(s)
	return m, err == nil && len(s) <= 2
}
