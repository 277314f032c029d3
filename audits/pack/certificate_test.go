package pack

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func someCertificate(language string) *Certificate {
	return &Certificate{Language: language, Number: "LAB-2026-001", Platform: "Plateforme d’exemple", Perimeter: "Microscopie électronique", Body: "Comité de labellisation",
		AwardedOn: qms.MustDate("2026-06-30"), Through: qms.MustDate("2032-06-29"), DecidedOn: qms.MustDate("2026-06-30"), Signatory: "Agent 10",
		Conditions: []CertificateCondition{{"Éprouver la restauration", qms.MustDate("2026-12-31"), 0}, {"Publier les tarifs", qms.MustDate("2026-12-31"), qms.MustDate("2026-09-01")}},
		Address:    "https://qualite.example/label/LAB-2026-001", MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC)}
}

func TestPrintCertificate_SaysWhatWasAwardedOnOnePage(t *testing.T) {
	t.Parallel()
	for language, words := range map[string][]string{
		"fr": {"LAB-2026-001", "Plateforme d’exemple", "30 juin 2026", "29 juin 2032", "Éprouver la restauration", "1er septembre 2026", "Agent 10", "qualite.example/label/LAB-2026-001"},
		"en": {"LAB-2026-001", "30 June 2026", "29 June 2032", "Awarded under conditions"},
	} {
		var out, again bytes.Buffer
		if err := PrintCertificate(&out, someCertificate(language)); err != nil {
			t.Fatal(err)
		}
		if err := PrintCertificate(&again, someCertificate(language)); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("the same certificate gives other bytes: %v", err)
		}
		if n := len(pages(t, out.Bytes())); n != 1 {
			t.Errorf("%d pages", n)
		}
		text := strings.Join(strings.Fields(strings.Join(pages(t, out.Bytes()), " ")), " ")
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not said", language, w)
			}
		}
	}
}

func TestPrintCertificate_SetsWhateverStandsOnIt(t *testing.T) {
	t.Parallel()
	c := someCertificate("fr")
	c.Platform, c.Perimeter, c.Body, c.Standing = strings.Repeat("W", 300), strings.Repeat("périmètre 😀 ", 400), strings.Repeat("b ", 200), "Suspendu"
	c.Address, c.Logo = strings.Repeat("a", 5000), []byte("no picture")
	for range 40 {
		c.Conditions = append(c.Conditions, CertificateCondition{Words: strings.Repeat("mot ", 200), DueOn: qms.MustDate("2027-01-01")})
	}
	var out bytes.Buffer
	if err := PrintCertificate(&out, c); err != nil {
		t.Fatal(err)
	}
	if n := len(pages(t, out.Bytes())); n != 1 {
		t.Errorf("%d pages", n)
	}
	if text := textOf(t, out.Bytes()); !strings.Contains(text, "Suspendu") {
		t.Error("it does not say that the label is suspended")
	}
}

func TestPrintCertificate_SaysThatALabelWasTakenOver(t *testing.T) {
	t.Parallel()
	c := someCertificate("fr")
	c.TakenOver = qms.MustDate("2026-07-14")
	var out bytes.Buffer
	if err := PrintCertificate(&out, c); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.Join(pages(t, out.Bytes()), " ")), " ")
	if !strings.Contains(text, "Label antérieur, repris") || !strings.Contains(text, "14 juillet 2026, par Agent 10") || strings.Contains(text, "Signé électroniquement") {
		t.Errorf("it says %s", text)
	}
}
