package pack

import (
	"strings"

	"maillon/documents/rendition/typeface"
	"maillon/qms/trail"
)

// Proofs is what the pages show of the signatures: the signed checkpoint as it stands in the archive, to be
// compared with one that was kept elsewhere or mailed, and the keys of the site.
type Proofs struct {
	Note string           // checkpoint.txt; nothing is shown without it
	Key  trail.Verifier   // that signed it
	Keys trail.Succession // every key of the site, the first one first; may be empty
}

const codeSide = 46.0 // of the QR code, millimetres: a phone reads a signed note at that size from paper

// commands prints what verifies the pack: by itself, and held to the pack before it.
func (p *paper) commands(c *Contents) {
	lines := []string{"./verify " + c.Number + ".zip --key key.txt"}
	if len(c.Earlier) > 0 {
		lines = append(lines, "./verify "+c.Number+".zip --since "+c.Earlier[0].Number+".zip --key key.txt")
	}
	const lead = 5.0
	height := float64(len(lines))*lead + 5
	p.Fill(p.left(), p.y, p.width(), height, sunken)
	for i, line := range lines {
		p.At(p.left()+4, p.y+6.4+float64(i)*lead, line, typeface.Of("mono", 9, black))
	}
	p.y += height + 4
}

// attested prints the signed checkpoint as text and as a QR code, and the keys.
func (p *paper) attested(c *Contents) {
	if c.Proofs.Note == "" {
		return
	}
	p.subtitle(p.say.T("pack.proofs.title"), codeSide+14)
	p.paragraph(p.say.T("pack.proofs.text"), body)
	p.signedNote(c)
	p.keys(c.Proofs)
}

// signedNote sets the note beside its code. The code holds the very bytes of checkpoint.txt; where they do
// not fit, the three lines and the fingerprint.
func (p *paper) signedNote(c *Contents) {
	mono := typeface.Of("mono", 7.6, black)
	const gap = 6.0
	width := p.width() - codeSide - gap
	var lines []string
	for line := range strings.SplitSeq(strings.TrimRight(c.Proofs.Note, "\n"), "\n") {
		wrapped := p.Wrap(line, width-4, mono)
		if len(wrapped) == 0 {
			wrapped = []string{""}
		}
		lines = append(lines, wrapped...)
	}
	height := max(codeSide, float64(len(lines))*mono.Lead()+6)
	p.need(height + 4)
	p.Fill(p.left(), p.y, width, height, sunken)
	y := p.y + 3
	for _, line := range lines {
		p.At(p.left()+2, y+mono.Lead()*0.76, line, mono)
		y += mono.Lead()
	}
	if x := p.right() - codeSide; !p.Code(c.Proofs.Note, x, p.y, codeSide) {
		p.Code(c.Checkpoint.Text()+c.Checkpoint.Fingerprint()+"\n", x, p.y, codeSide)
	}
	p.y += height + 3
}

// keys prints the key that signed, and how it came to sign: what the key before said of it.
func (p *paper) keys(v Proofs) {
	p.fingerprint(p.say.T("pack.proofs.key"), v.Key.Fingerprint())
	if len(v.Keys) == 0 {
		return
	}
	if len(v.Keys) == 1 {
		p.paragraph(p.say.T("pack.proofs.first_key", p.say.FullInstant(v.Keys[0].At)), body)
		return
	}
	p.paragraph(p.say.T("pack.proofs.keys", len(v.Keys)), body)
	columns := []column{{title: p.say.T("pack.proofs.from"), width: 20}, {title: p.say.T("pack.proofs.fingerprint"), width: 50},
		{title: p.say.T("pack.proofs.how"), width: 30}}
	var rows [][]cell
	for i := len(v.Keys) - 1; i >= 0; i-- {
		s := v.Keys[i]
		how := cell{text: p.say.T("pack.proofs.handed"), state: "valid"}
		switch {
		case s.Before.IsZero():
			how = text(p.say.T("pack.proofs.first"))
		case !s.Handed:
			how = cell{text: p.say.T("pack.proofs.begun"), state: "broken"}
		}
		rows = append(rows, []cell{text(p.say.FullInstant(s.At)), text(s.Key.Fingerprint()), how})
	}
	p.table(columns, rows)
}
