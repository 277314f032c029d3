package rendition

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

// sample is a cover as the room would hand it in.
func sample(t testing.TB, language string) Cover {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	c := Cover{
		Language: "fr", Platform: "Plateforme d’imagerie cellulaire", Logo: logo(t), Code: "PR-ACH-003",
		Title: "Achat, réception et vérification des réactifs critiques", Kind: "Procédure", Process: "Achats et fournisseurs",
		Version: "2.1", EffectiveFrom: qms.MustDate("2026-04-03"), ReviewOn: qms.MustDate("2028-04-03"),
		Parts: []Part{
			{"Rédacteur", "Agent 02", "A rédigé cette version", time.Date(2026, 3, 12, 8, 15, 0, 0, time.UTC), "Europe/Paris"},
			{"Vérificateur", "Agent 03", "A vérifié l’exactitude et l’applicabilité", time.Date(2026, 3, 20, 13, 2, 0, 0, time.UTC), "Europe/Paris"},
			{"Approbateur", "Agent 01", "Approuve pour application", time.Date(2026, 4, 1, 15, 40, 0, 0, time.UTC), "Europe/Paris"},
		},
		Revisions: []Revision{
			{"2.1", qms.MustDate("2026-04-03"), "Contrôle à réception étendu aux anticorps ; le seuil d’alerte est précisé", "Agent 02"},
			{"2.0", qms.MustDate("2025-01-15"), "Refonte après l’audit interne de 2024", "Agent 02"},
			{"1.0", qms.MustDate("2023-03-01"), "Première version", "Agent 04"},
		},
		Original: Original{"PR-ACH-003_v2.1 Achat et réception.docx", 148_300, strings.Repeat("0123456789abcdef", 4)},
		Status:   "https://smq.example/s/4f7c2a9e1b6d", MadeAt: time.Date(2026, 4, 1, 15, 41, 7, 0, time.UTC), Zone: paris,
	}
	if language == "en" {
		c.Language, c.Title, c.Kind, c.Process = "en", "Purchase, reception and verification of critical reagents", "Procedure", "Purchasing"
		c.Parts[0].Part, c.Parts[1].Part, c.Parts[2].Part = "Author", "Verifier", "Approver"
		c.Parts[0].Meaning, c.Parts[1].Meaning, c.Parts[2].Meaning = "Wrote this version", "Verified that it is right and applicable", "Approves it for use"
		c.Exemption = "The platform holds an exemption of 12 January 2026 (small team): author and verifier may be the same person."
	}
	return c
}

func logo(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 240, 80))
	for y := range 80 {
		for x := range 240 {
			if dx, dy := x-40, y-40; dx*dx+dy*dy < 38*38 || x > 90 && y > 20 && y < 60 && x%20 < 12 {
				m.Set(x, y, color.NRGBA{0x0b, 0x5a, 0x82, 0xff})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
