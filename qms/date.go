package qms

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a civil date, as a person states it: no hour, no zone. It counts days, 1 being
// 0001-01-01, so that the zero Date is "no date" (NULL in the database) and dates compare with <.
type Date int32

const (
	secondsPerDay = 24 * 60 * 60
	unixEpoch     = 719163 // the Date of 1970-01-01

	firstDate Date = 1       // 0001-01-01
	lastDate  Date = 3652059 // 9999-12-31
)

// NewDate is the date of that year (1 to 9999), month and day; the zero Date when there is none.
func NewDate(year int, month time.Month, dayOfMonth int) Date {
	t := time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != dayOfMonth || year < 1 || year > 9999 {
		return 0
	}
	return fromUTC(t)
}

// DateOf is the date that a calendar in loc shows at instant t.
func DateOf(t time.Time, loc *time.Location) Date {
	return NewDate(t.In(loc).Date())
}

// ParseDate reads the form 2006-01-02 (ISO 8601) of a date that exists.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0, Invalid("date.malformed", s)
	}
	return fromUTC(t), nil
}

// MustDate is ParseDate for literals of the code; it panics on a malformed one.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// fromUTC counts from midnight UTC, which is a whole number of days from 1970-01-01 on either side.
func fromUTC(t time.Time) Date { return Date(t.Unix()/secondsPerDay) + unixEpoch }

// Time is midnight UTC at the beginning of the date; the zero time for no date.
func (d Date) Time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(int64(d-unixEpoch)*secondsPerDay, 0).UTC()
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

// String is the form 2006-01-02; empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// Year, Month and Day are the parts of the date; zero for no date.
func (d Date) Year() int {
	if d == 0 {
		return 0
	}
	return d.Time().Year()
}

// Month is the month of the date; zero for no date.
func (d Date) Month() time.Month {
	if d == 0 {
		return 0
	}
	return d.Time().Month()
}

// Day is the day of the month; zero for no date.
func (d Date) Day() int {
	if d == 0 {
		return 0
	}
	return d.Time().Day()
}

// AddDays is the date n days later, or earlier when n is negative. It stays within the years 1 to
// 9999: what lies beyond is their first or last day.
func (d Date) AddDays(n int) Date {
	if d == 0 {
		return 0
	}
	return d + Date(max(int(firstDate-d), min(n, int(lastDate-d))))
}

// DaysUntil is the number of days from d to other, negative when other is earlier.
func (d Date) DaysUntil(other Date) int { return int(other - d) }

// Months is a number of calendar months, as a validity or a period is stated.
type Months int

// AddMonths is the same day of the month n months later, or the last day of a shorter month.
// Count always from the first date: 31 January + 1 month + 1 month is not 31 January + 2 months.
// Like AddDays it stays within the years 1 to 9999, whatever validity somebody states.
func (d Date) AddMonths(n Months) Date {
	if d == 0 {
		return 0
	}
	const all = 9999 * 12
	year, month, dayOfMonth := d.Time().Date()
	switch months := year*12 + int(month) + int(max(-all, min(n, all))); { // 13 is January of year 1
	case months < 13:
		return firstDate
	case months > all+12:
		return lastDate
	}
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return fromUTC(first.AddDate(0, 0, min(dayOfMonth, last)-1))
}

// Period is the days d with From <= d < Until. A zero From has no beginning, a zero Until no end.
type Period struct {
	From  Date
	Until Date
}

// PeriodOf is a validity of n months from the day from, that day included.
func PeriodOf(from Date, n Months) Period { return Period{From: from, Until: from.AddMonths(n)} }

// Contains reports whether the period holds on d. It never holds on "no date".
func (p Period) Contains(d Date) bool {
	return d != 0 && p.From <= d && (p.Until == 0 || d < p.Until)
}

// MarshalText is String: dates travel as ISO 8601.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value hands the date to the database as text, which both engines order and compare as dates.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column of either engine.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
		return nil
	case time.Time:
		*d = NewDate(v.Date())
		return nil
	case string:
		return d.scanText(v)
	case []byte:
		return d.scanText(string(v))
	}
	return fmt.Errorf("scan Date from %T", src)
}

func (d *Date) scanText(s string) error {
	if len(s) > len(time.DateOnly) { // a driver that shows a date as an instant
		s = s[:len(time.DateOnly)]
	}
	return d.UnmarshalText([]byte(s))
}
