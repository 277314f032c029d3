package integrity

import (
	"context"
	"maps"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// SignatureBroken is the kind of a signature whose record is not what was signed any more (21 CFR 11.70).
const SignatureBroken store.Kind = "signature-broken"

// StageSignatures is the look at signatures.
const StageSignatures Stage = "signatures"

// Signed is one signature, as whoever knows the records judges it. One that neither holds nor is broken was
// replaced, taken back, or given before signatures named what they cover.
type Signed struct {
	Table         string // that holds it
	Row           qms.ID
	Kind          string // of what is signed: signed.KIND says it in qms/locale
	Label         string // of what is signed, as people call it
	Meaning       string // meaning.MEANING says it in qms/locale
	Signatory     string // their name, as it was
	At            time.Time
	Parts         []string // of the address of what is signed; none where it has no page
	Holds, Broken bool
}

// Signatures goes through the signatures of a platform as they stand now.
type Signatures func(ctx context.Context, r store.Reader, platform qms.ID, each func(Signed)) error

// signatures holds the signatures of each platform against the records that they are under.
func (l *look) signatures(ctx context.Context) error {
	if l.s.o.Signatures == nil {
		return nil
	}
	platforms := slices.Sorted(maps.Keys(l.codes))
	if l.q.Platform != "" {
		platforms = []qms.ID{l.q.Platform}
	}
	for i, platform := range platforms {
		err := l.s.view(ctx, func(r store.Reader) error {
			return l.s.o.Signatures(ctx, r, platform, func(s Signed) { l.signature(platform, s) })
		})
		if err != nil {
			return err
		}
		l.tell(StageSignatures, int64(i+1), int64(len(platforms)))
	}
	return nil
}

func (l *look) signature(platform qms.ID, s Signed) {
	l.Signatures++
	if s.Holds {
		l.SignaturesHold++
	}
	if s.Broken {
		l.SignaturesBroken++
		l.note(Defect{Kind: SignatureBroken, Platform: platform, Code: l.codes[platform], Seq: -1, Table: s.Table, Row: s.Row, Words: s.Label, Parts: s.Parts,
			Signed: s.Kind, Meaning: s.Meaning, Signatory: s.Signatory, SignedAt: s.At})
	}
}

// saySigned names what is signed in the reader's words: an exemption by what it allows, a candidacy by its day.
func (d Defect) saySigned(p *locale.Printer) string {
	called := d.Words
	if key := "page.exemptions.allows_" + d.Words; d.Signed == "exemption" && p.Has(key) {
		called = p.T(key)
	}
	if day, err := qms.ParseDate(d.Words); err == nil {
		called = p.Date(day)
	}
	return p.T("scrub.signed", p.T("signed."+d.Signed), called)
}
