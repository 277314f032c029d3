package web

import (
	"fmt"

	"maillon/qms"
	"maillon/qms/label"
)

// CandidacyAct is the form of one act on a candidacy: sign, decide, end or void.
type CandidacyAct struct {
	*label.CandidacySheet
	Form    *Form
	Act     string
	Choices []Option // the signatories who have not signed, or the decisions
	Signs   bool     // the act is signed: the password is asked again
}

func (s *Site) candidacyAct(p *Page, f *Form) (view CandidacyAct, err error) {
	sheet, err := s.candidacyIn(p)
	if err != nil {
		return view, err
	}
	view = CandidacyAct{CandidacySheet: sheet, Form: f, Act: p.lastPart()}
	view.Signs = view.Act == "decide" || view.Act == "void" && sheet.Candidacy.Decided() && p.Can(qms.AccompanyPlatform)
	p.Title = p.T("page.candidacy.act_" + view.Act)
	p.Crumb(p.T("page.candidacy.title"), p.To("label", "candidacy"))
	switch view.Act {
	case "sign":
		for i, signatory := range sheet.Candidacy.Signatories {
			if signatory.SignedOn == 0 {
				view.Choices = append(view.Choices, Option{fmt.Sprint(i + 1), signatory.Name + ", " + signatory.Function})
			}
		}
	case "decide":
		view.Choices = p.options("page.candidacy.decide_", anys(label.Receivabilities())...)
	}
	return view, nil
}

// askCandidacyAct asks before an act, with what follows.
func (s *Site) askCandidacyAct(p *Page) error {
	f := p.Form().Set("on", p.Today)
	view, err := s.candidacyAct(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Candidacy.Revision)
	if len(view.Choices) == 1 {
		f.Set("signatory", view.Choices[0].Value)
	} else if n := p.Query("signatory"); n != "" {
		f.Set("signatory", n)
	}
	return p.Render("candidacy_act", view)
}

// onCandidacy does one act on the candidacy in the path.
func (s *Site) onCandidacy(p *Page, done string, do func(f *Form, t label.Target, signs bool) error) error {
	f := p.Form()
	view, err := s.candidacyAct(p, f)
	if err != nil {
		return err
	}
	target := p.labelTarget(f, view.Candidacy.ID)
	if err = do(f, target, view.Signs); err != nil {
		return p.Again("candidacy_act", f, err, view)
	}
	return p.Done(p.To("label", "candidacy"), done)
}

func (s *Site) signLetter(p *Page) error {
	return s.onCandidacy(p, "page.candidacy.signed", func(f *Form, t label.Target, _ bool) error {
		cmd := label.SignLetter{Target: t, Signatory: f.Int("signatory"), On: f.Need("on", "signatory").Date("on")}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.Label.SignLetter(p.Context(), cmd)
		return err
	})
}

func (s *Site) decideCandidacy(p *Page) error {
	return s.onCandidacy(p, "page.candidacy.decided", func(f *Form, t label.Target, _ bool) error {
		cmd := label.DecideCandidacy{Target: t, Decision: label.Receivability(f.Text("decision")), On: f.Need("on").Date("on")}
		return s.signed(p, f, func() error { _, err := s.Label.DecideCandidacy(p.Context(), cmd); return err })
	})
}

func (s *Site) endCandidacy(p *Page) error {
	return s.onCandidacy(p, "page.candidacy.ended", func(f *Form, t label.Target, _ bool) error {
		cmd := label.EndCandidacy{Target: t, On: f.Need("on").Date("on")}
		if err := f.Err(); err != nil {
			return err
		}
		_, err := s.Label.EndCandidacy(p.Context(), cmd)
		return err
	})
}

func (s *Site) voidCandidacy(p *Page) error {
	return s.onCandidacy(p, "page.candidacy.voided", func(f *Form, t label.Target, signs bool) error {
		return s.signedIf(signs, p, f, func() error { _, err := s.Label.VoidCandidacy(p.Context(), t); return err })
	})
}

// signedIf is signed where the act asks for a signature, and goes on when nothing is wrong yet where it does not.
func (s *Site) signedIf(signs bool, p *Page, f *Form, next func() error) error {
	if signs {
		return s.signed(p, f, next)
	}
	return second(f.Err(), next)
}
