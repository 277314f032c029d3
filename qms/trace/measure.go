package trace

import (
	"math/big"
	"strings"
)

// Measure is what a calibration measured, as decimal numbers with a point, in Unit: the nominal value,
// the deviation from it that was found, and the largest one that is tolerated. Any of them may be
// missing.
type Measure struct {
	Nominal   string
	Tolerance string
	Deviation string
	Unit      string
}

// Conformity is the outcome that the numbers give: conforming when the deviation, whatever its sign,
// is not beyond the tolerance. judged is false when either is missing.
func (m Measure) Conformity() (o Outcome, judged bool) {
	tolerance, deviation := rational(m.Tolerance), rational(m.Deviation)
	if tolerance == nil || deviation == nil {
		return "", false
	}
	if deviation.Abs(deviation).Cmp(tolerance) > 0 {
		return Nonconforming, true
	}
	return Conforming, true
}

// Stated reports whether anything was measured.
func (m Measure) Stated() bool { return m.Nominal+m.Tolerance+m.Deviation != "" }

// maxDigits bounds a decimal number.
const maxDigits = 30

// decimal is a decimal number in its normal form ("-0.05"); ok is false for what is none.
func decimal(s string) (normal string, ok bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".", "\u2212", "-").Replace(s)
	s = strings.TrimPrefix(s, "+")
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(s) > maxDigits || !figures(whole) || point && !figures(fraction) {
		return "", false
	}
	return s, true
}

// figures reports whether s is one digit or more.
func figures(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// rational is the value of a decimal in its normal form; nil when there is none.
func rational(s string) *big.Rat {
	if s == "" {
		return nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// decimal reads a decimal number that may be missing.
func (in *input) decimal(field, s string) string {
	s = in.text(field, s)
	if s == "" {
		return ""
	}
	normal, ok := decimal(s)
	if !ok {
		in.fail(field, "number.malformed", s)
	}
	return normal
}

// read takes a measure as stated.
func (m Measure) read(in *input) Measure {
	out := Measure{Nominal: in.decimal("nominal", m.Nominal), Tolerance: in.decimal("tolerance", m.Tolerance),
		Deviation: in.decimal("deviation", m.Deviation), Unit: in.short("unit", m.Unit)}
	if strings.HasPrefix(out.Tolerance, "-") {
		in.fail("tolerance", "calibration.tolerance_negative")
	}
	return out
}

// short reads a short text that keeps its case.
func (in *input) short(field, s string) string { return in.bounded(field, s, maxCode) }
