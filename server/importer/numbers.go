package importer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"maillon/qms"
)

var currency = regexp.MustCompile(`(?i)€|\beuros?\b|\beur\b|\bh\.?t\.?\b`)

// readMoney reads an amount of euros: 1 250,50 €, 1.250,50, 1250.5, 1 250. A mark followed by three
// digits and no other mark ("1.250") may mean two things and is refused.
func readMoney(s string) (qms.Money, string) {
	s = clean(hyphens.Replace(currency.ReplaceAllString(s, "")))
	sign := qms.Money(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, clean(rest)
	}
	whole, cents, key := decimalParts(s)
	if key != "" {
		return 0, key
	}
	if len(cents) > 8 { // a spreadsheet's binary fraction: 2364.6500000000001
		return floatMoney(whole, cents, sign)
	}
	cents = strings.TrimRight(cents, "0")
	if len(cents) > 2 {
		return 0, "import.money.too_fine"
	}
	m, err := qms.ParseMoney(whole + "." + cents)
	if err != nil {
		return 0, "import.money.unreadable"
	}
	return sign * m, ""
}

func floatMoney(whole, fraction string, sign qms.Money) (qms.Money, string) {
	euros, err := strconv.ParseFloat(whole+"."+fraction, 64)
	if err != nil || euros >= 1e13 {
		return 0, "import.money.unreadable"
	}
	cents := math.Round(euros * 100)
	if math.Abs(euros*100-cents) > 1e-4 {
		return 0, "import.money.too_fine"
	}
	return sign * qms.Money(cents), ""
}

// decimalParts cuts a number without sign at its decimal mark and takes its thousands together.
func decimalParts(s string) (whole, fraction, key string) {
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r == '.' || r == ',' || unicode.IsSpace(r) || r == '\'' || r == '’') {
			return "", "", "import.money.unreadable"
		}
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	mark := ""
	switch {
	case dots > 0 && commas > 0: // the last is the decimal mark
		mark = "."
		if strings.LastIndex(s, ",") > strings.LastIndex(s, ".") {
			mark = ","
		}
	case commas == 1:
		mark = ","
	case dots == 1:
		mark = "."
	}
	whole = s
	if mark != "" {
		i := strings.LastIndex(s, mark)
		whole, fraction = s[:i], s[i+1:]
		if len(fraction) == 3 && dots+commas == 1 && len(whole) <= 3 && whole != "0" {
			return "", "", "import.money.ambiguous"
		}
	}
	if whole, key = ungroup(whole); key != "" || strings.Trim(fraction, "0123456789") != "" || whole+fraction == "" || len(whole) > 13 {
		return "", "", "import.money.unreadable"
	}
	return whole, fraction, ""
}

// ungroup joins groups of three digits; anything else between digits is not an amount.
func ungroup(s string) (string, string) {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return "", "import.money.unreadable"
		}
	}
	return strings.Join(groups, ""), ""
}

var clockForm = regexp.MustCompile(`^(\d{1,4})\s*(?:h|:|heures?|hours?)\s*(\d{1,2})?(?:\s*(?:mn|min))?(?::00)?$`)

// readHours reads a duration in units of unit: 3,5 or 3.5 (hours, say), or 3h30, 3:30. Seconds are
// not kept.
func readHours(s string, unit time.Duration) (time.Duration, string) {
	s = strings.ToLower(clean(s))
	if m := clockForm.FindStringSubmatch(s); m != nil {
		hours, _ := strconv.Atoi(m[1])
		minutes, _ := strconv.Atoi("0" + m[2])
		if minutes < 60 {
			return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, ""
		}
		return 0, "import.hours.unreadable"
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "min"), "mn"))
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || strings.Trim(s, "0123456789.,") != "" || n > 100_000 {
		return 0, "import.hours.unreadable"
	}
	return time.Duration(math.Round(n*float64(unit)/float64(time.Minute))) * time.Minute, ""
}

// forEver are the ways to say that a validity has no end.
var forEver = map[string]bool{
	"illimite": true, "illimitee": true, "sans limite": true, "permanent": true, "permanente": true, "a vie": true,
	"unlimited": true, "for ever": true, "forever": true, "no limit": true, "-": true, "sans": true, "none": true,
}

// readMonths reads a validity: 12, 12 mois, 2 ans, illimitée; unit is how many months a bare number
// counts. Zero months, without a key, is a validity without end.
func readMonths(s string, unit int) (qms.Months, string) {
	s = fold(s)
	if s == "" || forEver[s] {
		return 0, ""
	}
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz .")
	switch strings.Trim(s[len(digits):], " .") {
	case "":
		digits = s
	case "mois", "m", "month", "months":
		unit = 1
	case "an", "ans", "annee", "annees", "a", "year", "years", "y":
		unit = 12
	default:
		return 0, "import.months.unreadable"
	}
	n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(digits), ",", ".", 1), 64)
	if err != nil || strings.Trim(digits, "0123456789., ") != "" {
		return 0, "import.months.unreadable"
	}
	n *= float64(unit)
	if n != math.Trunc(n) || n < 1 || n > 1200 {
		return 0, "import.months.unreadable"
	}
	return qms.Months(n), ""
}

var versionForm = regexp.MustCompile(`^(?:VERSION|VERS|V|REVISION|REV|R|INDICE|IND)?[ .:]*(\d{1,4})(?:[.,](\d+))?$`)

// readVersion is a version number major.minor: 1, 1.0, 1,0 and v1 are 1.0. Anything else comes back
// as it is written, in capitals, with the key of what is wrong.
func readVersion(s string) (string, string) {
	s = strings.ToUpper(clean(s))
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return s, "import.version.unreadable"
	}
	major, minor := m[1], m[2]
	if len(minor) > 8 { // a spreadsheet's binary fraction: 2.1000000000000001
		f, err := strconv.ParseFloat("0."+minor, 64)
		if err != nil {
			return s, "import.version.unreadable"
		}
		minor = strings.TrimPrefix(strconv.FormatFloat(math.Round(f*1e6)/1e6, 'f', -1, 64), "0.")
	}
	if len(minor) > 4 {
		return s, "import.version.unreadable"
	}
	return withoutZeros(major) + "." + withoutZeros(minor), ""
}

func withoutZeros(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); digits != "" {
		return digits
	}
	return "0"
}

var yes = map[string]bool{"oui": true, "o": true, "yes": true, "y": true, "vrai": true, "true": true, "1": true, "x": true}
var no = map[string]bool{"": true, "non": true, "n": true, "no": true, "faux": true, "false": true, "0": true, "-": true}

// readYesNo reads oui, non, yes, no, vrai, faux, x; an empty cell is no.
func readYesNo(s string) (bool, string) {
	s = fold(s)
	if !yes[s] && !no[s] {
		return false, "import.yesno.unreadable"
	}
	return yes[s], ""
}

var conforming = map[string]bool{
	"conforme": true, "c": true, "ok": true, "valide": true, "bon": true, "satisfaisant": true, "accepte": true,
	"pass": true, "passed": true, "conforming": true, "compliant": true, "conform": true, "within tolerance": true,
}
var failing = map[string]bool{
	"non conforme": true, "non-conforme": true, "nc": true, "ko": true, "hors tolerance": true, "hors tolerances": true,
	"refuse": true, "echec": true, "fail": true, "failed": true, "non conforming": true, "nonconforming": true,
	"non-conforming": true, "not conform": true, "non compliant": true, "non-compliant": true, "out of tolerance": true,
}

// readOutcome reads the conclusion of a calibration: conforme, non conforme and their like.
func readOutcome(s string) (bool, string) {
	s = fold(s)
	if b, key := readYesNo(s); key == "" && s != "" {
		return b, ""
	}
	if !conforming[s] && !failing[s] {
		return false, "import.outcome.unreadable"
	}
	return conforming[s], ""
}
