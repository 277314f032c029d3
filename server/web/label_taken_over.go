package web

import (
	"maillon/qms"
	"maillon/qms/label"
)

// takenOverPages record the labels that were awarded before the platform's evaluations were kept here.
func (s *Site) takenOverPages() {
	const all, one = Prefix + "/label/awards", Prefix + "/label/awards/:number"
	s.both(all+"/new", qms.AccompanyPlatform, s.newTakeOver, s.takeOver)
	s.both(one+"/correct", qms.AccompanyPlatform, s.newTakenOverCorrection, s.correctTakenOver)
	s.both(one+"/void", qms.AccompanyPlatform, s.newTakenOverVoid, s.voidTakenOver)
}

// TakeOverView is the form about a label of the past.
type TakeOverView struct {
	Form   *Form
	Act    string // new, correct, void
	Number string // of the label; empty for a new one
	Back   string
	at     label.At
}

func (v *TakeOverView) stated(p *Page) label.TakeOverLabel {
	f := v.Form
	return label.TakeOverLabel{Platform: p.Platform.ID, Number: f.Text("number"), Body: f.Text("body"), Perimeter: f.Text("perimeter"), AwardedOn: f.Date("awarded_on"),
		FollowedFirst: f.Date("followed_first"), FollowedSecond: f.Date("followed_second"), Source: f.Text("source")}
}

// takeOverIn is the form of an act on a label of the past.
func (s *Site) takeOverIn(p *Page, act string) (*TakeOverView, *label.Label, error) {
	p.Section = "label"
	p.Crumb(p.T("page.course.title"), p.To("label"))
	v := &TakeOverView{Form: p.Form(), Act: act, Back: p.To("label")}
	p.Title = p.T("page.taken_over.act_" + act)
	if act == "new" {
		return v, nil, nil
	}
	sheet, err := s.Label.LabelByNumber(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return nil, nil, err
	}
	l := &sheet.Label
	if !l.TakenOver() {
		return nil, nil, qms.Conflict("label.awarded_here", l.Number)
	}
	v.Number, v.Back = l.Number, p.To("label", "awards", l.Number)
	p.Crumb(p.T("page.awards.title", l.Number), v.Back)
	v.at = label.At{Platform: p.Platform.ID, ID: l.ID, Revision: int64(v.Form.Int("revision")), Reason: v.Form.Text("reason")}
	return v, l, nil
}

func (s *Site) newTakeOver(p *Page) error {
	v, _, err := s.takeOverIn(p, "new")
	if err != nil {
		return err
	}
	return p.Render("taken_over_form", v)
}

func (s *Site) takeOver(p *Page) error {
	v, _, err := s.takeOverIn(p, "new")
	if err != nil {
		return err
	}
	cmd := v.stated(p)
	var l *label.Label
	err = s.signed(p, v.Form, func() (err error) { l, err = s.Label.TakeOverLabel(p.Context(), cmd); return err })
	if err != nil {
		return p.Again("taken_over_form", v.Form, err, v)
	}
	return p.Done(p.To("label", "awards", l.Number), "page.taken_over.done_new", l.Number)
}

func (s *Site) newTakenOverCorrection(p *Page) error { return s.askTakenOver(p, "correct") }
func (s *Site) newTakenOverVoid(p *Page) error       { return s.askTakenOver(p, "void") }

func (s *Site) askTakenOver(p *Page, act string) error {
	v, l, err := s.takeOverIn(p, act)
	if err != nil {
		return err
	}
	v.Form.Set("revision", l.Revision).Set("number", l.Number).Set("body", l.Body).Set("perimeter", l.Perimeter).Set("awarded_on", l.AwardedOn).
		Set("followed_first", l.FollowedFirst).Set("followed_second", l.FollowedSecond).Set("source", l.Source)
	return p.Render("taken_over_form", v)
}

func (s *Site) correctTakenOver(p *Page) error {
	return s.takeTakenOver(p, "correct", func(v *TakeOverView) (*label.Label, error) {
		return s.Label.CorrectTakenOver(p.Context(), v.at, v.stated(p))
	})
}

func (s *Site) voidTakenOver(p *Page) error {
	return s.takeTakenOver(p, "void", func(v *TakeOverView) (*label.Label, error) { return s.Label.VoidTakenOver(p.Context(), v.at) })
}

func (s *Site) takeTakenOver(p *Page, act string, do func(*TakeOverView) (*label.Label, error)) error {
	v, _, err := s.takeOverIn(p, act)
	if err != nil {
		return err
	}
	v.stated(p) // what cannot be read is said before anything is asked of the room
	var l *label.Label
	if err := s.signed(p, v.Form, func() (err error) { l, err = do(v); return err }); err != nil {
		return p.Again("taken_over_form", v.Form, err, v)
	}
	return p.Done(p.To("label", "awards", l.Number), "page.taken_over.done_"+act, l.Number)
}
