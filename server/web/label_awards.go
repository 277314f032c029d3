package web

import (
	"io"

	"maillon/audits"
	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// AwardView is one label, or the form that changes it.
type AwardView struct {
	*label.Sheet
	Form  *Form
	Kinds []Option
	page  *Page

	Signed []audits.Signature
}

// Last is the last day of the label.
func (v AwardView) Last() qms.Date { return v.Label.EndsOn().AddDays(-1) }

// Who is the name of a person.
func (v AwardView) Who(id qms.ID) string { return v.Names[id] }

// Public is where anybody is told whether the label is valid.
func (v AwardView) Public() string { return "/label/" + v.Label.Number }

// Changes reports whether something may still happen to the label.
func (v AwardView) Changes() bool { return v.Now == label.LabelValid || v.Now == label.LabelSuspended }

func (s *Site) awardIn(p *Page) (*AwardView, error) {
	sheet, err := s.Label.LabelByNumber(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return nil, err
	}
	p.Section = "label"
	p.Crumb(p.T("page.course.title"), p.To("label"))
	v := &AwardView{Sheet: sheet, Form: p.Form(), page: p}
	kinds := []any{label.EventSuspended, label.EventWithdrawn}
	if sheet.Now == label.LabelSuspended {
		kinds = []any{label.EventLifted, label.EventWithdrawn}
	}
	v.Kinds = p.options("page.awards.event_", kinds...)
	return v, nil
}

func (s *Site) award(p *Page) error {
	v, err := s.awardIn(p)
	if err != nil {
		return err
	}
	p.Title = p.T("page.awards.title", v.Label.Number)
	if p.Printed() {
		return s.printCertificate(p, v)
	}
	if v.Signed, err = s.signaturesOn(p, v.Sheet.Covered()); err != nil {
		return err
	}
	return p.Render("awards_show", v)
}

func (s *Site) printCertificate(p *Page, v *AwardView) error {
	c := &pack.Certificate{Language: p.Lang(), Number: v.Label.Number, Platform: p.Platform.Name, Perimeter: v.Label.Perimeter, Body: v.Label.Body,
		AwardedOn: v.Label.AwardedOn, Through: v.Last(), Logo: s.logoFor(p), DecidedOn: v.DecidedOn, Signatory: v.Signatory, Address: p.publicAddress(v.Public()), MadeAt: s.Clock()}
	for _, condition := range v.Conditions {
		c.Conditions = append(c.Conditions, pack.CertificateCondition{Words: condition.Words, DueOn: condition.DueOn, LiftedOn: condition.LiftedOn})
	}
	if v.Label.TakenOver() {
		c.TakenOver = v.Label.TakenOn
	}
	if v.Now != label.LabelValid && v.Now != label.LabelComing {
		c.Standing = p.T("page.awards.now_"+string(v.Now), v.Since)
	}
	return p.printed("label-"+fileCode(v.Label.Number), func(w io.Writer) error { return pack.PrintCertificate(w, c) })
}

// publicAddress is where anybody reaches a page of the site, from a phone too.
func (p *Page) publicAddress(path string) string {
	base := ""
	if p.site.Documents != nil {
		base = p.site.Documents.ReachedUnder()
	}
	if base == "" {
		base = p.c.BaseURL()
	}
	return base + path
}

func (s *Site) newAwardChange(p *Page) error {
	v, err := s.awardIn(p)
	if err != nil {
		return err
	}
	p.Title = p.T("page.awards.change")
	v.Form.Set("kind", v.Kinds[0].Value).Set("date", p.Today)
	return p.Render("awards_change", v)
}

func (s *Site) changeAward(p *Page) error {
	v, err := s.awardIn(p)
	if err != nil {
		return err
	}
	p.Title = p.T("page.awards.change")
	f := v.Form
	cmd := label.ChangeLabel{At: label.At{Platform: p.Platform.ID, ID: v.Label.ID}, Kind: label.EventKind(f.Text("kind")), Date: f.Date("date"), Body: f.Text("body"), Why: f.Text("why")}
	if err := s.signed(p, f, func() error { _, err := s.Label.ChangeLabel(p.Context(), cmd); return err }); err != nil {
		return p.Again("awards_change", f, err, v)
	}
	return p.Done(p.To("label", "awards", v.Label.Number), "page.awards.changed", v.Label.Number)
}

// PublicLabelView is what anybody is told of a label.
type PublicLabelView struct {
	*label.PublicLabel
	Platform string
	Last     qms.Date
}

func (s *Site) publicLabel(p *Page) error {
	found, err := s.Label.PublicLabel(p.Context(), p.number("number"))
	if err != nil {
		return err
	}
	named, err := s.People.Directory(p.Context(), []qms.ID{found.Platform})
	if err != nil {
		return err
	}
	v := PublicLabelView{PublicLabel: found, Last: found.EndsOn.AddDays(-1)}
	for _, platform := range named {
		v.Platform = platform.Name
	}
	p.Title = p.T("page.awards.title", found.Number)
	return p.Render("awards_public", v)
}

// OthersView is the list of the labels of other bodies.
type OthersView struct {
	Items []label.OtherLabel
	page  *Page
}

// State is what one is today.
func (v OthersView) State(l label.OtherLabel) string { return otherState(l, v.page.Today) }

func otherState(l label.OtherLabel, day qms.Date) string {
	switch {
	case l.Void != "":
		return "withdrawn"
	case l.UntilDate != 0 && l.UntilDate <= day:
		return "expired"
	case l.FromDate > day:
		return "approved"
	case l.UntilDate != 0 && l.UntilDate <= day.AddMonths(6):
		return "expiring"
	}
	return "valid"
}

// Last is the last day of one; none where it has no end.
func (v OthersView) Last(l label.OtherLabel) qms.Date { return l.UntilDate.AddDays(-1) }

func (s *Site) otherLabels(p *Page) error {
	p.Title = p.T("page.others.title")
	all, err := s.Label.OtherLabels(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	v := OthersView{Items: all, page: p}
	if p.Exported() || p.Printed() {
		return s.exportOthers(p, v)
	}
	return p.Render("others_list", v)
}

func (s *Site) exportOthers(p *Page, v OthersView) error {
	return p.Export(export{
		name:  "autres-labels-" + p.Today.String(),
		heads: []string{"page.others.name", "page.others.body", "page.others.number", "page.others.from", "page.others.through", "page.others.state"},
		kinds: map[int]cell{3: dayCell, 4: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.others.title"), asOf: p.Today, widths: []float64{24, 20, 14, 12, 12, 12}, shapes: map[string]string{}, empty: p.T("page.others.empty")},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, l := range v.Items {
				lines = append(lines, []string{l.Called(), l.Body, l.Number, p.InputDate(l.FromDate), p.InputDate(v.Last(l)), p.T("state." + v.State(l))})
			}
			return lines, "", nil
		},
	})
}

// OtherView is one label of another body, or a form about it.
type OtherView struct {
	Item  *label.OtherLabel // nil for a new one
	Form  *Form
	Kinds []Option
	Act   string
	Files []trace.Evidence
	State string
	Last  qms.Date
}

func (s *Site) otherIn(p *Page, act string) (v OtherView, err error) {
	p.Crumb(p.T("page.others.title"), p.To("label", "others"))
	v = OtherView{Form: p.Form(), Act: act, Kinds: p.options("page.others.kind_", anys(label.OtherKinds())...)}
	p.Title = p.T("page.others.new")
	if act == "new" {
		return v, nil
	}
	id, err := p.ID("id")
	if err != nil {
		return v, err
	}
	if v.Item, err = s.Label.OtherLabelByID(p.Context(), p.Platform.ID, id); err != nil {
		return v, err
	}
	v.State, v.Last, p.Title = otherState(*v.Item, p.Today), v.Item.UntilDate.AddDays(-1), v.Item.Called()
	return v, nil
}

func (v OtherView) stated(p *Page) label.StateOtherLabel {
	f := v.Form
	return label.StateOtherLabel{Platform: p.Platform.ID, Kind: label.OtherKind(f.Text("kind")), Name: f.Text("name"), Body: f.Text("body"),
		Number: f.Text("number"), Perimeter: f.Text("perimeter"), From: f.Date("from"), Through: f.Date("through")}
}

func (v OtherView) at() label.At {
	return label.At{Platform: v.Item.Platform, ID: v.Item.ID, Revision: int64(v.Form.Int("revision")), Reason: v.Form.Text("reason")}
}

func (s *Site) newOtherLabel(p *Page) error {
	v, err := s.otherIn(p, "new")
	if err != nil {
		return err
	}
	v.Form.Set("kind", string(label.OtherIBiSA))
	return p.Render("others_form", v)
}

func (s *Site) addOtherLabel(p *Page) error {
	v, err := s.otherIn(p, "new")
	if err != nil {
		return err
	}
	cmd := v.stated(p)
	var l *label.OtherLabel
	if err = v.Form.Err(); err == nil {
		l, err = s.Label.AddOtherLabel(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("others_form", v.Form, err, v)
	}
	return p.Done(p.To("label", "others", l.ID), "page.others.added", l.Called())
}

func (s *Site) otherLabel(p *Page) error {
	v, err := s.otherIn(p, "show")
	if err != nil {
		return err
	}
	if p.Can(qms.ReadTrace) {
		files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, v.Item.ID)
		if err != nil {
			return err
		}
		v.Files = files[v.Item.ID]
	}
	return p.Render("others_show", v)
}

func (s *Site) newOtherCorrection(p *Page) error { return s.askOther(p, "correct") }
func (s *Site) newOtherClose(p *Page) error      { return s.askOther(p, "close") }
func (s *Site) newOtherVoid(p *Page) error       { return s.askOther(p, "void") }

func (s *Site) askOther(p *Page, act string) error {
	v, err := s.otherIn(p, act)
	if err != nil {
		return err
	}
	l := v.Item
	v.Form.Set("revision", l.Revision).Set("kind", string(l.Kind)).Set("name", l.Name).Set("body", l.Body).Set("number", l.Number).
		Set("perimeter", l.Perimeter).Set("from", l.FromDate).Set("through", v.Last)
	return p.Render("others_form", v)
}

func (s *Site) correctOtherLabel(p *Page) error {
	return s.takeOther(p, "correct", func(v OtherView) error {
		_, err := s.Label.CorrectOtherLabel(p.Context(), v.at(), v.stated(p))
		return err
	})
}

func (s *Site) closeOtherLabel(p *Page) error {
	return s.takeOther(p, "close", func(v OtherView) error { _, err := s.Label.CloseOtherLabel(p.Context(), v.at()); return err })
}

func (s *Site) voidOtherLabel(p *Page) error {
	return s.takeOther(p, "void", func(v OtherView) error { _, err := s.Label.VoidOtherLabel(p.Context(), v.at()); return err })
}

func (s *Site) takeOther(p *Page, act string, do func(OtherView) error) error {
	v, err := s.otherIn(p, act)
	if err != nil {
		return err
	}
	v.at()
	v.stated(p)
	if err = v.Form.Err(); err == nil {
		err = do(v)
	}
	if err != nil {
		return p.Again("others_form", v.Form, err, v)
	}
	return p.Done(p.To("label", "others", v.Item.ID), "page.others.done_"+act)
}
