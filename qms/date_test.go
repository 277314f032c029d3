package qms_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/qms"
)

var first, last = qms.MustDate("0001-01-01"), qms.MustDate("9999-12-31")

func drawDate(t *rapid.T, label string) qms.Date {
	return qms.Date(rapid.Int32Range(int32(first), int32(last)).Draw(t, label))
}

func TestDate_CountsFromTheYearOne(t *testing.T) {
	t.Parallel()
	if first != 1 || last != 3652059 {
		t.Errorf("first %d, last %d", first, last)
	}
	if qms.MustDate("1970-01-01").Time() != time.Unix(0, 0).UTC() {
		t.Error("1970-01-01 is not the epoch")
	}
}

func TestDate_EveryFormReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t, "date")
		if parsed, err := qms.ParseDate(d.String()); err != nil || parsed != d {
			t.Fatalf("%s parses as %s, %v", d, parsed, err)
		}
		if qms.NewDate(d.Year(), d.Month(), d.Day()) != d {
			t.Fatalf("%s has parts %d %d %d", d, d.Year(), d.Month(), d.Day())
		}
		text, err := json.Marshal(d)
		var read qms.Date
		if err != nil || json.Unmarshal(text, &read) != nil || read != d {
			t.Fatalf("%s in JSON is %s, read as %s", d, text, read)
		}
		value, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []any{value, []byte(d.String()), d.Time(), d.String() + "T00:00:00Z"} {
			var scanned qms.Date
			if err := scanned.Scan(src); err != nil || scanned != d {
				t.Fatalf("%s scans from %v as %s, %v", d, src, scanned, err)
			}
		}
	})
}

func TestDate_NoneIsNullAndEmpty(t *testing.T) {
	t.Parallel()
	var none qms.Date
	value, err := none.Value()
	if value != nil || err != nil || none.String() != "" || !none.IsZero() || !none.Time().IsZero() || none.Year() != 0 {
		t.Errorf("no date has value %v, %v, text %q", value, err, none)
	}
	if none.AddDays(3) != 0 || none.AddMonths(3) != 0 {
		t.Error("no date became a date")
	}
	scanned := first
	if err := scanned.Scan(nil); err != nil || scanned != 0 {
		t.Errorf("NULL scans as %s, %v", scanned, err)
	}
}

func TestParseDate_RefusesWhatIsNoDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2023-02-29", "2023-13-01", "2023-00-10", "0000-01-01", "10000-01-01", "2023-4-3", "03/04/2023", "2023-04-03 "} {
		if d, err := qms.ParseDate(s); !errors.Is(err, qms.Invalid("date.malformed")) {
			t.Errorf("%q parses as %s, %v", s, d, err)
		}
	}
	for _, d := range []qms.Date{qms.NewDate(2023, 2, 29), qms.NewDate(0, 1, 1), qms.NewDate(10000, 1, 1), qms.NewDate(2023, 13, 1)} {
		if d != 0 {
			t.Errorf("an impossible date is %s", d)
		}
	}
}

func TestDate_OrdersAsTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDate(t, "a"), drawDate(t, "b")
		if (a < b) != a.Time().Before(b.Time()) || (a < b) != (a.String() < b.String()) {
			t.Fatalf("%s and %s", a, b)
		}
		if a.AddDays(a.DaysUntil(b)) != b {
			t.Fatalf("%s + (%s - %s)", a, b, a)
		}
	})
}

func TestDateOf_IsWhatTheCalendarThereShows(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2026-06-30T21:59:59Z": "2026-06-30", "2026-06-30T22:00:00Z": "2026-07-01", // summer
		"2026-12-31T22:59:59Z": "2026-12-31", "2026-12-31T23:00:00Z": "2027-01-01", // winter
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := qms.DateOf(instant, paris); got.String() != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
}

func TestAddMonths_KeepsTheDayOrTakesTheLast(t *testing.T) {
	t.Parallel()
	cases := []struct {
		from string
		n    qms.Months
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-01-31", 2, "2026-03-31"},
		{"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"}, {"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"}, {"2026-01-15", -1, "2025-12-15"}, {"2026-05-30", 0, "2026-05-30"},
		{"0001-01-31", -1, "0001-01-01"}, {"9999-12-01", 1, "9999-12-31"}, {"9999-11-30", 1, "9999-12-30"}, {"0001-02-28", -1, "0001-01-28"},
		{"2026-01-31", math.MaxInt, "9999-12-31"}, {"2026-01-31", math.MinInt, "0001-01-01"},
	}
	for _, c := range cases {
		if got := qms.MustDate(c.from).AddMonths(c.n); got.String() != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestAddMonths_IsTheReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := qms.Date(rapid.Int32Range(int32(qms.MustDate("1800-01-01")), int32(qms.MustDate("2400-12-31"))).Draw(t, "date"))
		n := rapid.IntRange(-1200, 1200).Draw(t, "months")
		got := d.AddMonths(qms.Months(n))
		months := d.Year()*12 + int(d.Month()) - 1 + n
		if got.Year() != months/12 || int(got.Month()) != months%12+1 {
			t.Fatalf("%s + %d months is in another month: %s", d, n, got)
		}
		// the same day, or the last of a shorter month: the next day is in another month then
		if got.Day() != d.Day() && (got.Day() > d.Day() || got.AddDays(1).Month() == got.Month()) {
			t.Fatalf("%s + %d months = %s", d, n, got)
		}
	})
}

func TestAddMonths_NeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t, "date")
		n := rapid.Int().Draw(t, "months")
		more := rapid.Int().Draw(t, "more")
		a, b := d.AddMonths(qms.Months(min(n, more))), d.AddMonths(qms.Months(max(n, more)))
		if a > b || a < first || b > last {
			t.Fatalf("%s + %d is %s, + %d is %s", d, min(n, more), a, max(n, more), b)
		}
		if e := d.AddDays(n); e < first || e > last || (n >= 0) != (e >= d) && e != d {
			t.Fatalf("%s + %d days is %s", d, n, e)
		}
	})
}

func TestPeriod_HoldsOnEveryDayOfTheValidity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := qms.Date(rapid.Int32Range(700_000, 800_000).Draw(t, "from"))
		p := qms.PeriodOf(from, qms.Months(rapid.IntRange(1, 120).Draw(t, "months")))
		for d, want := range map[qms.Date]bool{from - 1: false, from: true, p.Until - 1: true, p.Until: false, 0: false} {
			if p.Contains(d) != want {
				t.Fatalf("%v contains %s: %v", p, d, !want)
			}
		}
		open := qms.Period{From: from}
		if !open.Contains(last) || open.Contains(from-1) || !(qms.Period{}).Contains(from) {
			t.Fatal("an open period ended")
		}
	})
}
