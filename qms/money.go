package qms

import (
	"strconv"
	"strings"
)

// Money is an amount in whole cents of euro; never a float.
type Money int64

// ParseMoney reads a plain decimal amount such as "1250.5" or "-3,20": at most two decimals, a dot
// or a comma, no thousands separators (registers with spaces are the importer's business).
func ParseMoney(s string) (Money, error) {
	sign, rest := Money(1), s
	if t, ok := strings.CutPrefix(rest, "-"); ok {
		sign, rest = -1, t
	}
	whole, cents, _ := strings.Cut(strings.Replace(rest, ",", ".", 1), ".")
	if len(cents) > 2 || whole == "" && cents == "" || !digits(whole) || !digits(cents) || len(whole) > 15 {
		return 0, Invalid("money.malformed", s)
	}
	n, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	if err != nil {
		return 0, Invalid("money.malformed", s)
	}
	return sign * Money(n), nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// String is the amount in euros with two decimals and a dot, as ParseMoney reads it.
func (m Money) String() string {
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatUint(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + strconv.FormatUint(n/100, 10) + "." + cents
}
