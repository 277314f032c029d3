package web

import (
	"io"
	"strings"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/server/request"
)

// packVerdict is the page that checks a pack: the form, and what was found of the pack that was sent.
type packVerdict struct {
	Form   *Form
	Get    verifiersView
	Name   string
	Report *archive.Report
	Signer audits.Signer
	Wrong  []verdictLine // of the pack, and of the one that it was held to
	Parts  []verdictLine // envelope, key, signatures, checkpoint, earlier packs, facts
	Files  []verdictLine
	More   int // lines that are not shown
}

// verdictLine is one line of a report with its state in the words of the stylesheet.
type verdictLine struct {
	Look, Word       string
	Kind, Name, Says string
}

// State is that of the pack as a whole.
func (v packVerdict) State() string {
	if v.Report.Sound() {
		return "valid"
	}
	return "failed"
}

func (s *Site) askPackToVerify(p *Page) error { return s.renderVerdict(p, packVerdict{Form: p.Form()}) }

func (s *Site) renderVerdict(p *Page, v packVerdict) error {
	p.Title, v.Get = p.T("page.packs.verify"), s.verifiersView()
	p.Crumb(p.T("page.packs.title"), p.To("packs"))
	return p.Render("packs_verify", v)
}

// verifyPack checks a pack that is sent, held to the key and to the earlier pack that are sent with it.
func (s *Site) verifyPack(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	verdict := packVerdict{Form: parts.Form}
	next := func() (string, io.Reader, error) {
		file, err := parts.File()
		if err != nil || file == nil {
			return "", nil, err
		}
		if file.Field == audits.SentPack {
			verdict.Name = file.Name
		}
		return file.Field, file, nil
	}
	found, err := s.Audits.ExaminePack(p.Context(), p.Platform.ID, next, func() string { return parts.Form.Text("key") })
	if qms.CodeOf(err) == qms.CodeInvalid {
		p.Title = p.T("page.packs.verify")
		return p.Again("packs_verify", parts.Form, err, verdict)
	}
	if err != nil {
		return err
	}
	verdict.Report, verdict.Signer = &found.Report, found.Signer
	verdict.lay(p)
	return s.renderVerdict(p, verdict)
}

// shownLines is how many lines of one kind a page shows; the command line shows them all.
const shownLines = 500

// lay sorts the lines into what a reader looks for: what is wrong first.
func (v *packVerdict) lay(p *Page) {
	for _, l := range v.Report.Lines {
		line := verdictLine{Look: verdictLooks[l.Verdict], Word: p.T("verify.verdict." + string(l.Verdict)),
			Kind: p.T("verify.kind." + string(l.Kind)), Name: l.Subject(p.Printer), Says: l.Says(p.Printer)}
		to := &v.Parts
		switch {
		case l.Verdict == archive.Wrong:
			to = &v.Wrong
		case l.Kind == archive.KindFile:
			to = &v.Files
		}
		if len(*to) == shownLines {
			v.More++
			continue
		}
		*to = append(*to, line)
	}
	v.More += v.Report.Omitted
	v.layOlder(p)
}

// layOlder adds what is wrong with the earlier pack, under its own number.
func (v *packVerdict) layOlder(p *Page) {
	if v.Report.Older == nil {
		return
	}
	for _, l := range v.Report.Older.Lines {
		if l.Verdict == archive.Wrong && len(v.Wrong) < shownLines {
			name := strings.TrimSpace(v.Report.Older.Number + " " + l.Subject(p.Printer))
			v.Wrong = append(v.Wrong, verdictLine{verdictLooks[l.Verdict], p.T("verify.verdict." + string(l.Verdict)), p.T("verify.kind.since"), name, l.Says(p.Printer)})
		}
	}
}

var verdictLooks = map[archive.Verdict]string{archive.Sound: "valid", archive.Wrong: "failed", archive.Unchecked: "due"}
