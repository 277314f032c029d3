package label

import (
	"slices"
	"time"

	"maillon/qms"
)

// Holiday reports whether the day is a public holiday in France (Code du travail, L3133-1), those of one
// department alone aside.
func Holiday(d qms.Date) bool {
	switch {
	case d == 0:
		return false
	case slices.Contains([]string{"01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"}, d.String()[5:]):
		return true
	}
	easter := easterOf(d.Year())
	return d == easter.AddDays(1) || d == easter.AddDays(39) || d == easter.AddDays(50)
}

// easterOf is Easter Sunday of the year (the computation of Meeus, Jones and Butcher).
func easterOf(year int) qms.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return qms.NewDate(year, time.Month(month), (h+l-7*m+33*month+19)%32)
}

// workday reports whether people can be asked to come on the day.
func workday(d qms.Date) bool {
	w := d.Time().Weekday()
	return w != time.Saturday && w != time.Sunday && !Holiday(d)
}
