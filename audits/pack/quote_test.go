package pack

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func sampleQuote(language string, n int) *Quote {
	q := &Quote{
		Language: language, Platform: "Plateforme d’imagerie", Seller: []string{"Plateforme d’imagerie (exemple)", "Unité de recherche 0000", "1 rue de l’Exemple, 75000 Paris"},
		Number: "DEV-2026-0042", Request: "DEM-2026-0040", Subject: "Imagerie de coupes marquées <b>&", Client: "Laboratoire A (exemple)", Status: "Académique",
		Date: qms.MustDate("2026-06-30"), ValidUntil: qms.MustDate("2026-08-29"), List: "TAR-2026-0001",
		Net: 1_234_56, Taxes: []QuoteTax{{"TVA 20 % sur 1 000,00 €", "200,00 €"}, {"Non soumis à la TVA, sur 234,56 €", "–"}}, Gross: 1_434_56,
		Mention: "TVA non applicable, article 293 B du CGI", Conditions: "Paiement à 30 jours. Les échantillons sont rendus après l’analyse.",
		MadeAt: time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC),
	}
	for i := range n {
		l := QuoteLine{Code: fmt.Sprintf("MIC-%03d", i+1), Label: strings.Repeat("Microscope confocal ", 1+i%4), Quantity: "2,5", Unit: "heure", Price: "35,50 €", VAT: "20 %", Total: "88,75 €"}
		if i%7 == 3 {
			l.Discount, l.Note = "10 %", "Remise : projet commun"
		}
		if i%11 == 10 {
			l.Code = ""
		}
		q.Lines = append(q.Lines, l)
	}
	return q
}

func TestPrintQuote_HasAllThatAClientSigns(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 60} {
		q := sampleQuote("fr", n)
		var out, again bytes.Buffer
		if err := PrintQuote(&out, q); err != nil {
			t.Fatal(err)
		}
		if err := PrintQuote(&again, q); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("%d lines: not the same bytes twice (%v)", n, err)
		}
		all := pages(t, out.Bytes())
		whole := strings.Join(strings.Fields(strings.Join(all, " ")), " ")
		for _, want := range []string{"Devis", q.Number, q.Request, q.Client, "<b>&", "30 juin 2026", "29 août 2026", "Total hors taxes", "Bon pour accord", "Paiement à 30 jours", "TAR-2026-0001"} {
			if !strings.Contains(whole, want) {
				t.Errorf("%d lines: %q is not printed", n, want)
			}
		}
		if strings.Contains(whole, "TTC") != (n > 0) {
			t.Errorf("%d lines: the total with tax is printed: %t", n, n == 0)
		}
		for i := range q.Lines {
			if code := q.Lines[i].Code; code != "" && strings.Count(whole, code) != 1 {
				t.Errorf("%d lines: %s stands %d times", n, code, strings.Count(whole, code))
			}
		}
		for i, page := range all {
			if !strings.Contains(page, fmt.Sprintf("page %d/%d", i+1, len(all))) || !strings.Contains(page, q.Platform) {
				t.Errorf("%d lines: page %d of %d is not numbered", n, i+1, len(all))
			}
			if strings.Contains(page, "MIC-") && !strings.Contains(page, "Désignation") {
				t.Errorf("%d lines: page %d has lines without their head", n, i+1)
			}
		}
		if last := all[len(all)-1]; !strings.Contains(last, "Bon pour accord") || !strings.Contains(last, "signature du client") {
			t.Errorf("%d lines: the place to sign is not on the last page", n)
		}
	}
}

func TestPrintQuote_SaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(q *Quote){
		"Accepted on 3 July 2026": func(q *Quote) { q.AcceptedOn = qms.MustDate("2026-07-03") },
		"Refused on 3 July 2026":  func(q *Quote) { q.RefusedOn = qms.MustDate("2026-07-03") },
		"Void: wrong client":      func(q *Quote) { q.Void, q.AcceptedOn = "wrong client", qms.MustDate("2026-07-03") },
	} {
		q := sampleQuote("en", 2)
		change(q)
		var out bytes.Buffer
		if err := PrintQuote(&out, q); err != nil {
			t.Fatal(err)
		}
		if whole := strings.ReplaceAll(strings.Join(pages(t, out.Bytes()), " "), "\u00a0", " "); !strings.Contains(whole, want) {
			t.Errorf("%q is not printed", want)
		}
	}
}
