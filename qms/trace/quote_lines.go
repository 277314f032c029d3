package trace

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
)

// QuoteLine is one line of a quote: an item of the price list as it was on the day of the quote, or a
// free line, which has no code.
type QuoteLine struct {
	Code     string    `json:"code,omitempty"` // of the item; empty for a free line
	Label    string    `json:"label"`
	English  string    `json:"english,omitempty"`
	Unit     string    `json:"unit"`
	Quantity Quantity  `json:"quantity"`
	Price    qms.Money `json:"price"`              // of one unit, before tax
	Discount int64     `json:"discount,omitempty"` // hundredths of percent: 1000 is 10 %
	Reason   string    `json:"reason,omitempty"`   // of the discount
	VAT      VAT       `json:"vat"`
}

// In is the label in a language: the French one where there is no other.
func (l QuoteLine) In(language string) string { return inLanguage(language, l.Label, l.English) }

// Free reports whether the line is of no price list.
func (l QuoteLine) Free() bool { return l.Code == "" }

// WholeDiscount is a discount of all, in hundredths of percent.
const WholeDiscount = 10_000

// Total is price × quantity less the discount, in whole cents. It is rounded once, at the end: half a
// cent goes up.
func (l QuoteLine) Total() qms.Money {
	return product(int64(l.Price), int64(l.Quantity), WholeDiscount-l.Discount, 1000*WholeDiscount)
}

// product is a × b × c / d for amounts of 0 and more, half a cent going up.
func product(a, b, c, d int64) qms.Money {
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	n.Mul(n, big.NewInt(2*c)).Add(n, big.NewInt(d))
	n.Quo(n, big.NewInt(2*d))
	if !n.IsInt64() || n.Int64() > int64(maxMoney) {
		return maxMoney + 1 // more than any amount that is taken
	}
	return qms.Money(n.Int64())
}

// Quantity is a number of units in thousandths: 1500 is one and a half.
type Quantity int64

const maxQuantity = Quantity(1e9) // a million units

// ParseQuantity reads "2", "2,5" or "0.125": at most three decimals, more than nothing.
func ParseQuantity(s string) (Quantity, error) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(s)
	whole, decimals, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	switch {
	case whole == "" && decimals == "" || !digitsOnly(whole) || !digitsOnly(decimals) || len(whole) > 9:
		return 0, qms.Invalid("quantity.malformed", s)
	case len(strings.TrimRight(decimals, "0")) > 3:
		return 0, qms.Invalid("quantity.too_fine", s)
	}
	n, err := strconv.ParseInt(whole+(decimals + "000")[:3], 10, 64)
	if err != nil {
		return 0, qms.Invalid("quantity.malformed", s)
	}
	return Quantity(n), nil
}

func digitsOnly(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// String is the quantity with a dot and no more decimals than it needs, as ParseQuantity reads it.
func (q Quantity) String() string {
	sign, n := "", uint64(q)
	if q < 0 {
		sign, n = "-", -n
	}
	decimals := strings.TrimRight(strconv.FormatUint(1000+n%1000, 10)[1:], "0")
	if decimals != "" {
		decimals = "." + decimals
	}
	return sign + strconv.FormatUint(n/1000, 10) + decimals
}

// ParsePercent reads "10" or "12,5" into hundredths of percent: at most two decimals.
func ParsePercent(s string) (int64, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	m, err := qms.ParseMoney(s)
	if err != nil {
		return 0, qms.Invalid("percent.malformed", s)
	}
	return int64(m), nil
}

// Percent is hundredths of percent with a dot and no more decimals than they need, as ParsePercent
// reads them.
func Percent(n int64) string { return Quantity(n * 10).String() }

// Sum is what the lines of a quote come to.
type Sum struct {
	Net   qms.Money // the sum of the lines as rounded, before tax
	Taxes []Tax     // of each rate, highest first
	Gross qms.Money // with tax
}

// Tax is the VAT of all lines of one rate, rounded once: half a cent goes up.
type Tax struct {
	Rate VAT
	Base qms.Money
	Tax  qms.Money // none when the lines are not subject
}

// SumOf adds up lines.
func SumOf(lines []QuoteLine) Sum {
	var s Sum
	for _, l := range lines {
		total := l.Total()
		s.Net += total
		i := slices.IndexFunc(s.Taxes, func(t Tax) bool { return t.Rate == l.VAT })
		if i < 0 {
			i = len(s.Taxes)
			s.Taxes = append(s.Taxes, Tax{Rate: l.VAT})
		}
		s.Taxes[i].Base += total
	}
	s.Gross = s.Net
	for i := range s.Taxes {
		if t := &s.Taxes[i]; t.Rate > 0 {
			t.Tax = product(int64(t.Base), int64(t.Rate), 1, WholeDiscount)
			s.Gross += t.Tax
		}
	}
	slices.SortFunc(s.Taxes, func(a, b Tax) int { return int(b.Rate - a.Rate) })
	return s
}

// Items are the lines of the quote; none for a quote of a total alone.
func (q Quote) Items() []QuoteLine { return readJSON[QuoteLine](q.Lines) }

// Sum is what the lines of the quote come to.
func (q Quote) Sum() Sum { return SumOf(q.Items()) }
