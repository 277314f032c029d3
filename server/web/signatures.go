package web

import (
	"slices"

	"maillon/audits"
	"maillon/qms"
)

// signaturePages are the signatures of a platform, each held against its record as it is now.
func (s *Site) signaturePages() {
	if s.Audits != nil {
		s.page(Prefix+"/signatures", qms.ReadTrail, s.signatures)
	}
}

// SignaturesView is a list of signatures.
type SignaturesView struct {
	Form   *Form
	Items  []audits.Signature
	Next   string
	Counts []SignatureCount
	Kinds  []Option
	States []Option
	Chips  []Chip
}

// SignatureCount is how many signatures are in a state.
type SignatureCount struct {
	State audits.SignatureState
	Count int
}

// Shape is the look of a state.
func (SignaturesView) Shape(s audits.SignatureState) string { return audits.SignatureShape(s) }

// SignedCalled is what is signed as people call it, for the part on the page of a record.
func (p *Page) SignedCalled(s audits.Signature) string { return p.signed(s) }

// Called is what is signed in words: an exemption by what it allows.
func (SignaturesView) Called(p *Page, s audits.Signature) string { return p.signed(s) }

func (p *Page) signed(s audits.Signature) string {
	if key := "page.exemptions.allows_" + s.Label; s.Kind == "exemption" && p.Has(key) {
		return p.T(key)
	}
	if day, err := qms.ParseDate(s.Label); s.Kind == "candidacy-decision" && err == nil {
		return p.T("page.candidacy.of", day)
	}
	return s.Label
}

// Place is the page of what is signed, or what the trail has of it where that page is not for the reader.
func (SignaturesView) Place(p *Page, s audits.Signature) string {
	if len(s.Parts) > 0 && p.opens(s.Parts[0].(string), p.Platform.ID) && (!s.Draft || p.Can(qms.ReadDrafts)) {
		return p.To(s.Parts...)
	}
	return p.To("trail", "rows", s.Subject)
}

// SignatureShape is the look of a state of a signature, for the part on the page of a record.
func (p *Page) SignatureShape(s audits.SignatureState) string { return audits.SignatureShape(s) }

// signaturesOn are the signatures on records with whether each still holds, given what they would cover
// now; none where the page has no way to ask.
func (s *Site) signaturesOn(p *Page, now map[string]map[qms.ID]string) ([]audits.Signature, error) {
	if s.Audits == nil || len(now) == 0 || !p.Can(qms.ReadPlatform) {
		return nil, nil
	}
	return s.Audits.SignaturesOn(p.Context(), p.Platform.ID, now)
}

// signatureKinds are what is signed.
var signatureKinds = []string{"version", "exemption", "exercise", "mission-report", "mission-decision", "label-change", "label-taken-over",
	"candidacy-decision", "condition-lifted", "report-release", "disposal"}

var signatureFilters = []string{"kind", "state", "readings", "as_of"}

func (s *Site) signatures(p *Page) error {
	p.Title, p.Section, p.Wide = p.T("page.signatures.title"), "trail", true
	f, err := signatureFilter(p)
	if err != nil {
		return err
	}
	if p.Exported() {
		return s.exportSignatures(p, f)
	}
	page, counts, err := s.Audits.Signatures(p.Context(), p.Platform.ID, f, p.Cursor())
	if err != nil {
		return err
	}
	v := SignaturesView{Form: p.Form(), Items: page.Items, Next: page.Next, Kinds: []Option{{"", p.T("page.trail.any_table")}}, States: []Option{{"", p.T("page.signatures.any_state")}}}
	for _, kind := range signatureKinds {
		v.Kinds = append(v.Kinds, Option{kind, p.T("signed." + kind)})
	}
	for _, state := range audits.SignatureStates() {
		v.States = append(v.States, Option{string(state), p.T("signature." + string(state))})
		if n := counts[state]; n > 0 {
			v.Counts = append(v.Counts, SignatureCount{state, n})
		}
	}
	for _, name := range signatureFilters {
		v.Form.Set(name, p.Query(name))
	}
	v.Chips = p.Chips(func(name, value string) string {
		switch name {
		case "kind":
			return p.T("signed." + value)
		case "state":
			return p.T("signature." + value)
		case "readings":
			return p.T("page.signatures.readings")
		}
		return p.T("page.trail.chip_until", value)
	}, signatureFilters...)
	return p.Render("signatures", v)
}

// signatureFilter is what the query asks for; a word that is none of a choice narrows nothing.
func signatureFilter(p *Page) (f audits.SignatureFilter, err error) {
	if f.Day, err = p.AsOf(); err != nil {
		return f, err
	}
	if kind := p.Query("kind"); slices.Contains(signatureKinds, kind) {
		f.Kind = kind
	}
	if state := audits.SignatureState(p.Query("state")); slices.Contains(audits.SignatureStates(), state) {
		f.State = state
	}
	f.Readings = p.Query("readings") != ""
	return f, nil
}

func (s *Site) exportSignatures(p *Page, f audits.SignatureFilter) error {
	return p.Export(export{name: "signatures-" + p.Today.String(), fixed: 1,
		heads: []string{"page.signatures.signed", "page.signatures.what", "page.signatures.who", "page.signatures.meaning", "page.signatures.at", "page.signatures.zone", "page.signatures.covers", "page.signatures.state"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, _, err := s.Audits.Signatures(p.Context(), p.Platform.ID, f, c)
			for _, one := range page.Items {
				lines = append(lines, []string{p.signed(one), p.T("signed." + one.Kind), one.Name, p.T("meaning." + one.Meaning), p.SignedAt(one.At, one.Zone), one.Zone, one.Covers, p.T("signature." + string(one.State))})
			}
			return lines, page.Next, err
		}})
}
