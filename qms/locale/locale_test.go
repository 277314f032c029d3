package locale

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"maillon/qms"
)

func TestT_FillsPlaceholdersAndChoosesThePlural(t *testing.T) {
	t.Parallel()
	fr, en := For(French), For(English)
	for _, c := range []struct{ got, want string }{
		{fr.T("input.invalid", 0), "0 réponse est à revoir"},
		{en.T("input.invalid", 0), "0 answers need another look"},
		{fr.T("input.invalid", 1), "1 réponse est à revoir"},
		{en.T("input.invalid", 1), "1 answer needs another look"},
		{fr.T("input.invalid", 1250), "1\u202f250 réponses sont à revoir"},
		{en.T("input.invalid", int64(1250)), "1,250 answers need another look"},
		{en.T("right.missing", "read-trail"), "Your role does not allow this: read the journal"},
		{fr.T("right.missing", qms.ReadTrail), "Votre rôle ne permet pas ceci\u202f: lire le journal"},
		{fr.T("date.impossible", "{0}"), "Le {0} n’existe pas"},
		{fr.T("date.impossible"), "Le {0} n’existe pas"},
		{fr.T("no.such.key", 1), "no.such.key"},
		{For("de").T("state.draft"), "Brouillon"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestError_SaysNothingOfAnInternalError(t *testing.T) {
	t.Parallel()
	p := For(English)
	secret := errors.New("pq: password of role maillon")
	if got, want := p.Error(fmt.Errorf("wrapped: %w", secret)), p.T("error.internal"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	wrapped := fmt.Errorf("wrapped: %w", qms.Conflict("record.changed"))
	if got, want := p.Error(wrapped), p.T("record.changed"); got != want || got == "record.changed" {
		t.Errorf("got %q, want %q", got, want)
	}
	field := qms.Wrong("name", "input.too_long", 200)
	if got, want := p.FieldError(field), "At most 200 characters"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFormats_FollowTheLanguage(t *testing.T) {
	t.Parallel()
	fr, en := For(French), For(English)
	day, first := qms.MustDate("2023-04-03"), qms.MustDate("2023-04-01")
	summer := time.Date(2026, 6, 30, 22, 5, 9, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{fr.Date(day), "03/04/2023"},
		{en.Date(day), "3 Apr 2023"},
		{fr.Date(0) + fr.LongDate(0) + fr.Month(0) + fr.InputDate(0) + fr.Instant(time.Time{}), ""},
		{en.InputDate(day), "03/04/2023"},
		{fr.LongDate(day), "3\u00a0avril\u00a02023"},
		{fr.LongDate(first), "1er\u00a0avril\u00a02023"},
		{en.LongDate(first), "1\u00a0April\u00a02023"},
		{fr.Month(first), "avril\u00a02023"},
		{fr.Weekday(day), "lundi"},
		{en.Weekday(day), "Monday"},
		{fr.Instant(summer), "01/07/2026 00:05"},
		{fr.FullInstant(summer), "01/07/2026 00:05:09 CEST"},
		{en.Instant(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)), "1 Dec 2026 13:00"},
		{fr.Money(125050), "1\u202f250,50\u00a0€"},
		{en.Money(125050), "€1,250.50"},
		{fr.Money(-5), "\u22120,05\u00a0€"},
		{fr.Number(1234567), "1\u202f234\u202f567"},
		{fr.Number(-999), "\u2212999"},
		{fr.Size(0), "0\u00a0o"},
		{fr.Size(148_300), "148\u00a0ko"},
		{fr.Size(999_500), "1,0\u00a0Mo"},
		{en.Size(38_600_000), "38.6\u00a0MB"},
		{fr.Size(1_200_000_000), "1,2\u00a0Go"},
		{fr.Duration(40 * time.Second), "40\u00a0s"},
		{fr.Duration(21 * time.Minute), "21\u00a0min"},
		{fr.Duration(65 * time.Minute), "1\u00a0h\u00a005"},
		{fr.Percent(41, 47), "87\u00a0%"},
		{en.Percent(999, 1000), "99%"},
		{fr.Percent(0, 0), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMatch_ServesTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": French, "fr-CA,fr;q=0.9,en;q=0.8": French, "en-US,en;q=0.9": English,
		"de,en;q=0.5": English, "ja": English, ";;;": French, "fr;q=0.2, en-GB": English,
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
}
