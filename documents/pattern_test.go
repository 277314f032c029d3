package documents

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillon/qms"
)

var drawWord = rapid.StringMatching(`[A-Z0-9]{1,12}`)

func drawPattern(t *rapid.T) string {
	tokens := rapid.Permutation([]string{"{platform}", "{kind}", "{process}", "{year}"}).Draw(t, "order")
	tokens = tokens[:rapid.IntRange(0, 4).Draw(t, "tokens")]
	at := rapid.IntRange(0, len(tokens)).Draw(t, "seq at")
	seq := rapid.SampledFrom([]string{"{seq}", "{seq:1}", "{seq:3}", "{seq:9}"}).Draw(t, "seq")
	tokens = append(tokens[:at:at], append([]string{seq}, tokens[at:]...)...)
	var b strings.Builder
	for i, token := range tokens {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{"-", "_", ".", " ", "-A1-", "X."}).Draw(t, "separator"))
		}
		if rapid.Bool().Draw(t, "prefixed") && !strings.HasPrefix(token, "{seq") {
			b.WriteString("Q")
		}
		b.WriteString(token)
	}
	return b.String()
}

func TestPattern_ReadsBackEveryCodeItPrints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawPattern(t)
		p, err := ParsePattern(text)
		if err != nil {
			t.Fatalf("ParsePattern(%q): %v", text, err)
		}
		parts := Parts{Seq: rapid.Int64Range(1, 2_000_000_000).Draw(t, "seq")}
		for _, part := range []struct {
			name  string
			value *string
		}{{"platform", &parts.Platform}, {"kind", &parts.Kind}, {"process", &parts.Process}} {
			if p.Uses(part.name) {
				*part.value = drawWord.Draw(t, part.name)
			}
		}
		if p.Uses("year") {
			parts.Year = rapid.IntRange(1000, 9999).Draw(t, "year")
		}
		code, err := p.Print(parts)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := p.Match(code)
		if !ok || got != parts {
			t.Fatalf("%q prints %q, which reads as %+v, %v; want %+v", text, code, got, ok, parts)
		}
		again, err := p.Print(got)
		if err != nil || again != code {
			t.Fatalf("%q prints again as %q, %v", code, again, err)
		}
	})
}

func TestPattern_PrintsOneCodeForEachNumberOfASeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := MustPattern(drawPattern(t))
		parts := Parts{Platform: "MIC", Kind: "PR", Process: "ACH", Year: 2026, Seq: rapid.Int64Range(1, 5000).Draw(t, "a")}
		other := parts
		other.Seq = rapid.Int64Range(1, 5000).Draw(t, "b")
		a, _ := p.Print(parts)
		b, _ := p.Print(other)
		if (a == b) != (parts.Seq == other.Seq) {
			t.Fatalf("%d and %d print %q and %q", parts.Seq, other.Seq, a, b)
		}
	})
}

func TestParsePattern_RefusesWhatCannotBeReadBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "PR", "{kind}", "{kind}{seq:3}", "{seq:3}{year}", "{seq:3}-{seq:3}", "{kind}-{seq:0}", "{kind}-{seq:10}",
		"{kind}-{seq:x}", "{kind:3}-{seq}", "{nature}-{seq}", "{kind-{seq}", "-{seq}", "{seq}-", "{kind}--{seq}",
		"{kind}/{seq}", "{kind}-{seq}é", "pr-{seq}", "{kind}-{seq}1", strings.Repeat("A", 90) + "{seq}",
	} {
		if p, err := ParsePattern(text); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("ParsePattern(%q) = %v, %v", text, p, err)
		}
	}
}

func TestPattern_RefusesAPartThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := MustPattern(DefaultPattern).Print(Parts{Kind: "PR", Seq: 1})
	var e *qms.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "process" {
		t.Fatalf("got %v", err)
	}
}

func TestPattern_GrowsBeyondItsWidthWithoutAmbiguity(t *testing.T) {
	t.Parallel()
	p := MustPattern(DefaultPattern)
	for code, want := range map[string]bool{
		"PR-ACH-003": true, "PR-ACH-1000": true, "PR-ACH-0003": false, "PR-ACH-03": false, "PR-ACH-": false,
		"PR-ACH-003-1": false, "pr-ach-003": false, "PR-ACH-99999999999999999999": false, "PR_ACH_003": false,
	} {
		if _, got := p.Match(code); got != want {
			t.Errorf("Match(%q) = %v", code, got)
		}
	}
}

func TestTidyCode_WritesOneForm(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		" pr-ach-003 ": "PR-ACH-003", "PR\u2011ACH\u2013003": "PR-ACH-003", "Proc  12": "PROC 12", "a": "A",
	} {
		if got, err := TidyCode(given); err != nil || got != want {
			t.Errorf("TidyCode(%q) = %q, %v", given, got, err)
		}
	}
	for _, given := range []string{"", " ", "-", "PR/1", "PR-", "é", "PR\x00", strings.Repeat("A", 41)} {
		if got, err := TidyCode(given); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("TidyCode(%q) = %q, %v", given, got, err)
		}
	}
}

func TestParseNumber_ReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"2.1": "2.1", " 2 ": "2.0", "V2": "2.0", "v 3,1": "3.1", "1.10": "1.10", "2015": "2015.0"} {
		if got, err := ParseNumber(given); err != nil || got.String() != want {
			t.Errorf("ParseNumber(%q) = %v, %v", given, got, err)
		}
	}
	for _, given := range []string{"", "v", "1.", ".1", "1.2.3", "-1", "1.-2", "a", "99999999999", "1.0 bis"} {
		if got, err := ParseNumber(given); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("ParseNumber(%q) = %v, %v", given, got, err)
		}
	}
}
