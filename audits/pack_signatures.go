package audits

import (
	"context"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
)

// signatures lists every signature given by the day but those of readers, each held against its record as
// it is when the pack is made: one that broke is told first.
func (g *gathering) signatures(ctx context.Context) error {
	all, err := SignaturesIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	columns := g.columns(head{"pack.col.signed", 42}, head{"pack.col.signatory", 36}, head{"pack.col.meaning", 34}, head{"pack.col.at", 36}, head{"pack.col.stands", 30})
	broken := pack.Panel{Title: g.say.T("pack.signatures_broken"), Empty: g.say.T("pack.signatures_none_broken"), Columns: columns}
	rest := pack.Panel{Title: g.say.T("pack.signatures_all"), Empty: g.say.T("pack.signatures_none"), Columns: columns, Note: g.say.T("pack.signatures_note")}
	for i := range all {
		s := &all[i]
		g.shown(s.ID)
		if s.State == SignatureBroken {
			broken.Rows = append(broken.Rows, g.signature(s))
			continue
		}
		rest.Rows = append(rest.Rows, g.signature(s))
	}
	g.tell("signatures", broken, rest)
	return nil
}

// signature is the row of one signature.
func (g *gathering) signature(s *Signature) []pack.Told {
	covers := s.Covers
	if len(covers) > shortDigest {
		covers = covers[:shortDigest] + "…"
	}
	called := s.Label
	switch s.Kind {
	case "exemption":
		called = g.say.T("page.exemptions.allows_" + s.Label)
	case label.SignedCandidacy:
		if day, err := qms.ParseDate(s.Label); err == nil {
			called = g.say.T("page.candidacy.of", day)
		}
	}
	signed := pack.Told{Text: called, Below: and(g.say.T("signed."+s.Kind), s.Title), Strong: true}
	if s.Kind == "version" && len(s.Parts) > 1 {
		signed.Refs = []pack.Ref{{Text: s.Label, Mark: pack.DocumentMark(s.Parts[1].(string))}}
		signed.Text = ""
	}
	return []pack.Told{signed, {Text: s.Name}, {Text: g.say.T("meaning." + s.Meaning)}, {Text: g.say.SignedAt(s.At, s.Zone), Below: covers},
		g.state(SignatureShape(s.State), g.say.T("signature."+string(s.State)))}
}

// shortDigest is how much of a digest a table shows; the facts of the pack hold all of it.
const shortDigest = 16

// SignatureShape is the look of a state of a signature, in the words of the stylesheet.
func SignatureShape(s SignatureState) string {
	switch s {
	case SignatureHolds:
		return "valid"
	case SignatureBroken:
		return "broken"
	case SignatureReplaced, SignatureAmended:
		return "superseded"
	case SignatureLapsed:
		return "withdrawn"
	}
	return "open"
}
