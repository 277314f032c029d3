package label

import (
	"strconv"
	"strings"
	"unicode"
)

// The bounds of what is stated of a referential and of answers to it.
const (
	maxCriterionCode = 20
	maxReferential   = 300 // criteria of one version
	maxClauses       = 20
	maxClause        = 80
	maxTitle         = 200
	maxCriterionText = 2000
	maxLinks         = 30
)

// cleaning is stating for texts that are printed and compared: none of their signs is invisible.
type cleaning struct{ stating }

// text is s without spaces around and without signs that nobody sees; lines are kept.
func (in *cleaning) text(field, s string, limit int) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.ContainsFunc(strings.TrimSpace(s), unreadable) {
		in.fail(field, "text.unreadable")
		return ""
	}
	return in.words(field, s, limit)
}

func (in *cleaning) required(field, s string, limit int) string {
	s = in.text(field, s, limit)
	if s == "" && (len(in.wrong) == 0 || in.wrong[len(in.wrong)-1].Name != in.prefix+field) {
		in.fail(field, "input.required")
	}
	return s
}

// unreadable are controls, but for the ends of lines, and signs that turn the direction of a text.
func unreadable(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// NormalCode is the code of a criterion as it is kept: in capitals, without spaces.
func NormalCode(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

func (in *cleaning) code(field, s string) string {
	s = NormalCode(in.required(field, s, maxCriterionCode))
	if strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._", r))
	}) {
		in.fail(field, "criterion.code_malformed", s)
	}
	return s
}

// criterion cleans one criterion. Both languages are asked for: people read the referential in either.
func (in *cleaning) criterion(t CriterionText) CriterionText {
	t.Code = in.code("code", t.Code)
	if !t.Theme.Known() {
		in.fail("theme", "criterion.theme_unknown", shortened(string(t.Theme)))
	}
	t.French, t.English = in.required("fr", t.French, maxCriterionText), in.required("en", t.English, maxCriterionText)
	t.EvidenceFrench = in.required("evidence_fr", t.EvidenceFrench, maxCriterionText)
	t.EvidenceEnglish = in.required("evidence_en", t.EvidenceEnglish, maxCriterionText)
	clauses := make([]string, 0, len(t.Clauses))
	for _, c := range t.Clauses {
		if c = strings.Join(strings.Fields(in.text("clauses", c, maxClause)), " "); c != "" {
			clauses = append(clauses, c)
		}
	}
	if len(clauses) > maxClauses {
		in.fail("clauses", "criterion.too_many_clauses", maxClauses)
		clauses = nil
	}
	t.Clauses = clauses
	return t
}

// criteria cleans a whole list: codes are unique in it. Fields are named criteria.1.code and so on.
func (in *cleaning) criteria(all []CriterionText) []CriterionText {
	if len(all) > maxReferential {
		in.fail("criteria", "referential.too_many", len(all), maxReferential)
		return nil
	}
	first, out := map[string]int{}, make([]CriterionText, 0, len(all))
	for i, t := range all {
		in.prefix = "criteria." + strconv.Itoa(i+1) + "."
		t = in.criterion(t)
		if n, twice := first[t.Code]; twice && t.Code != "" {
			in.fail("code", "criterion.doubled", t.Code, n)
		} else {
			first[t.Code] = i + 1
		}
		out = append(out, t)
	}
	in.prefix = ""
	return out
}

// shortened is a text as a sentence can cite it.
func shortened(s string) string {
	s = strings.Map(func(r rune) rune {
		if unreadable(r) || r == '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if letters := []rune(s); len(letters) > 60 {
		return string(letters[:60]) + "…"
	}
	return s
}
