package journal

import (
	"time"

	"maillon/qms"
)

// unit is how a number is written.
type unit func(t teller, n int64) string

func amount(t teller, n int64) string   { return t.Money(qms.Money(n)) }
func months(t teller, n int64) string   { return t.T("page.trail.months", n) }
func days(t teller, n int64) string     { return t.T("page.trail.days", n) }
func years(t teller, n int64) string    { return t.T("page.trail.years", n) }
func size(t teller, n int64) string     { return t.Size(n) }
func minutes(t teller, n int64) string  { return t.Duration(time.Duration(n) * time.Minute) }
func seconds(t teller, n int64) string  { return t.Duration(time.Duration(n) * time.Second) }
func percents(t teller, n int64) string { return t.Hundredths(n) }
func bare(_ teller, n int64) string     { return itoa(n) }

// vat is a rate; below zero what it is on is not subject to it.
func vat(t teller, n int64) string {
	if n < 0 {
		return t.T("page.prices.not_subject")
	}
	return t.Hundredths(n)
}

// clock is a time of the day in minutes after midnight.
func clock(_ teller, n int64) string {
	return time.Date(2000, 1, 1, 0, int(n), 0, 0, time.UTC).Format("15:04")
}

// weekday counts from 1, Monday; 0 is none.
func weekday(t teller, n int64) string {
	if n < 1 || n > 7 {
		return ""
	}
	return t.Weekday(qms.NewDate(2024, time.January, int(n))) // that month begins on a Monday
}

// ahead is how many days before its date something was told; below zero, how many days late it was.
func ahead(t teller, n int64) string {
	switch {
	case n < 0:
		return t.T("page.trail.days_late", -n)
	case n == 0:
		return t.T("page.trail.same_day")
	}
	return t.T("page.trail.days_ahead", n)
}

// none is a number that is not stated when it is 0.
func none(u unit) unit {
	return func(t teller, n int64) string {
		if n == 0 {
			return ""
		}
		return u(t, n)
	}
}

// units are the numbers that are more than a count, by column; under no table those of every table.
var units = map[column]unit{
	{"", "months"}: none(months), {"", "review_months"}: none(months), {"", "retention_months"}: none(months), {"", "watch_months"}: none(months),
	{"accompaniments", "months"}: months, {"", "invoice_days"}: days, {"", "expiring_days"}: days, {"", "late_days"}: days, {"", "valid_days"}: days,
	{"", "life_years"}: none(years), {"", "renewal_year"}: none(bare), {"", "minutes"}: none(minutes), {"", "seconds"}: seconds,
	{"", "total"}: amount, {"pack_jobs", "total"}: nil, {"", "cost"}: none(amount), {"", "renewal_cost"}: none(amount),
	{"versions", "size"}: none(size), {"records", "size"}: size, {"evidences", "size"}: size, {"kit_versions", "size"}: size, {"exercise_reports", "size"}: size,
	{"renditions", "size"}: none(size), {"packs", "size"}: none(size), {"document_settings", "logo_size"}: none(size), {"scrubs", "bytes"}: size,
	{"scrubs", "orphan_bytes"}: size, {"data_sets", "yearly_mb"}: none(func(t teller, n int64) string { return t.Size(n * 1_000_000) }),
	{"meetings", "start"}: clock, {"reminder_preferences", "weekday"}: weekday, {"reminders", "step"}: ahead, {"reminder_rules", "offsets"}: ahead,
	{"quotes", "lines.price"}: amount, {"quotes", "lines.vat"}: vat, {"quotes", "lines.discount"}: percents,
	{"quotes", "lines.quantity"}: func(t teller, n int64) string { return t.Scaled(n, 3) },
	{"price_lists", "lines.vat"}: vat, {"price_lists", "lines.prices.*"}: amount, {"scrub_defects", "entry"}: entry,
}

// entry is the number of an act; below zero it is about no act.
func entry(t teller, n int64) string {
	if n < 0 {
		return ""
	}
	return t.Number(n)
}

// number is a number with its unit.
func (t teller) number(c column, n int64) string {
	for _, at := range []column{c, c.within(), {"", c.name}} {
		if u, named := units[at]; named {
			if u == nil {
				break
			}
			return u(t, n)
		}
	}
	return t.Number(n)
}
