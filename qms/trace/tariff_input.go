package trace

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"maillon/qms"
)

// The bounds of what a price list and a quote hold.
const (
	MaxPriceLines = 1000
	MaxQuoteLines = 200
	maxStatuses   = 12
	maxLabel      = 200
	maxUnit       = 40
	maxPrice      = qms.Money(1e10) // a hundred million euros
	maxVAT        = VAT(10000)
)

// Units are the units of the usual lines, as the code names them; a list may use other words.
func Units() []string {
	return []string{"hour", "half-day", "day", "sample", "analysis", "slide", "run", "session", "flat"}
}

// unitWords are the words that lists state for the usual units.
var unitWords = map[string]string{
	"h": "hour", "heure": "hour", "heures": "hour", "hours": "hour", "hr": "hour",
	"demi-journée": "half-day", "demi-journee": "half-day", "demi journée": "half-day", "half day": "half-day",
	"jour": "day", "jours": "day", "journée": "day", "journee": "day", "days": "day", "j": "day",
	"échantillon": "sample", "echantillon": "sample", "échantillons": "sample", "samples": "sample",
	"analyse": "analysis", "analyses": "analysis",
	"lame": "slide", "lames": "slide", "slides": "slide",
	"passage": "run", "runs": "run", "séance": "session", "seance": "session", "sessions": "session",
	"forfait": "flat", "forfaitaire": "flat", "flat rate": "flat", "flat fee": "flat",
}

// NormalUnit is a unit in the words of the code where it is one of the usual ones, else as stated.
func NormalUnit(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	lower := strings.ToLower(s)
	if unit, usual := unitWords[lower]; usual {
		return unit
	}
	if slices.Contains(Units(), lower) {
		return lower
	}
	return s
}

// line reads a text of one line: spaces are single, and nothing in it is invisible.
func (in *input) line(field, s string, limit int) string {
	s = strings.Join(strings.Fields(in.bounded(field, s, limit)), " ")
	if strings.ContainsFunc(s, unicode.IsControl) {
		in.fail(field, "text.unreadable")
		return ""
	}
	return s
}

func (in *input) requiredLine(field, s string, limit int) string {
	if strings.TrimSpace(s) == "" {
		in.fail(field, "input.required")
	}
	return in.line(field, s, limit)
}

// price reads an amount that somebody is asked to pay.
func (in *input) price(field string, m qms.Money) qms.Money {
	switch {
	case m < 0:
		in.fail(field, "price.negative", m)
	case m > maxPrice:
		in.fail(field, "price.too_high", m, maxPrice)
	}
	return m
}

func (in *input) vat(field string, v VAT) VAT {
	if v != NotSubject && (v < 0 || v > maxVAT) {
		in.fail(field, "vat.implausible")
	}
	return v
}

// priceLine reads one line of a list with prices for the statuses; fields are named after prefix.
func (in *input) priceLine(prefix string, l PriceLine, statuses []ClientStatus) PriceLine {
	out := PriceLine{
		Code:  Normal(in.requiredLine(prefix+"code", l.Code, maxCode)),
		Label: in.requiredLine(prefix+"label", l.Label, maxLabel), English: in.line(prefix+"english", l.English, maxLabel),
		Category: in.line(prefix+"category", l.Category, maxLabel),
		Unit:     NormalUnit(in.requiredLine(prefix+"unit", l.Unit, maxUnit)),
		VAT:      in.vat(prefix+"vat", l.VAT), Prices: map[string]qms.Money{},
	}
	for _, code := range slices.Sorted(maps.Keys(l.Prices)) {
		if !slices.ContainsFunc(statuses, func(s ClientStatus) bool { return s.Code == code }) {
			in.fail(prefix+"prices", "price.unknown_status", in.line(prefix+"prices", code, maxCode))
			continue
		}
		out.Prices[code] = in.price(prefix+"prices."+code, l.Prices[code])
	}
	if len(l.Prices) == 0 {
		in.fail(prefix+"prices", "price.none")
	}
	return out
}

// priceLines reads the lines of a list; line n, counted from 1, has fields such as lines.n.code.
func (in *input) priceLines(lines []PriceLine, statuses []ClientStatus) []PriceLine {
	if len(lines) > MaxPriceLines {
		in.fail("lines", "price_list.too_long", MaxPriceLines)
		return nil
	}
	out, first := make([]PriceLine, 0, len(lines)), map[string]int{}
	for i, l := range lines {
		prefix := "lines." + strconv.Itoa(i+1) + "."
		l = in.priceLine(prefix, l, statuses)
		if n := first[l.Code]; n > 0 && l.Code != "" {
			in.fail(prefix+"code", "price_line.doubled", l.Code, n)
		} else {
			first[l.Code] = i + 1
		}
		out = append(out, l)
	}
	return out
}

var statusCode = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$`)

// statuses reads the statuses of clients of a platform; an empty list is the usual three.
func (in *input) statuses(stated []ClientStatus) []ClientStatus {
	if len(stated) == 0 {
		return DefaultStatuses()
	}
	if len(stated) > maxStatuses {
		in.fail("statuses", "price_status.too_many", maxStatuses)
		return nil
	}
	var out []ClientStatus
	for i, s := range stated {
		prefix := "statuses." + strconv.Itoa(i+1) + "."
		s = ClientStatus{Code: strings.ToLower(in.requiredLine(prefix+"code", s.Code, maxCode)),
			French: in.requiredLine(prefix+"french", s.French, maxUnit), English: in.line(prefix+"english", s.English, maxUnit)}
		switch {
		case s.Code != "" && !statusCode.MatchString(s.Code):
			in.fail(prefix+"code", "price_status.malformed")
		case slices.ContainsFunc(out, func(o ClientStatus) bool { return o.Code == s.Code || strings.EqualFold(o.French, s.French) }):
			in.fail(prefix+"code", "price_status.doubled")
		}
		out = append(out, s)
	}
	return out
}

// ParseVAT reads a rate as lists state it: "20", "5,5 %", "non soumis", "exempt".
func ParseVAT(s string) (VAT, error) {
	word := strings.ToLower(strings.Join(strings.Fields(s), " "))
	switch word {
	case "non soumis", "non soumise", "non applicable", "exonéré", "exonérée", "exonere", "exempt", "not subject", "none", "sans":
		return NotSubject, nil
	}
	n, err := ParsePercent(word)
	if err != nil || n < 0 || VAT(n) > maxVAT {
		return 0, qms.Invalid("vat.malformed", strings.TrimSpace(s))
	}
	return VAT(n), nil
}
