package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// propose offers what may be stated of the analysis that the form tells of: who was trained that day,
// which versions were in force that day.
func (s *Site) propose(p *Page, f *Form, view *ServiceForm) error {
	day, err := ParseDate(f.Text("analysed_on"))
	if err != nil || day > p.Today {
		day = p.Today
	}
	equipment, err := qms.ParseID(f.Text("equipment"))
	if err != nil {
		equipment = ""
	}
	offered, err := s.Trace.Proposals(p.Context(), p.Platform.ID, equipment, day)
	if err != nil {
		return err
	}
	view.Proposed = day
	choose := Option{"", p.T("page.services.choose")}
	view.Operators, view.Instructions = []Option{choose}, []Option{choose}
	for _, o := range offered.Operators {
		view.Operators = append(view.Operators, Option{string(o.ID), p.operatorLabel(o, equipment)})
	}
	for _, in := range offered.Instructions {
		key := "page.services.instruction_option"
		if !in.InForce {
			key = "page.services.instruction_other"
		}
		view.Instructions = append(view.Instructions, Option{in.Code + " " + in.Version, p.T(key, in.Code, in.Version, in.Period.From)})
	}
	if d := offered.Default; d != nil && f.Text("instruction") == "" && p.lastPart() == "report" {
		f.values.Set("instruction", d.Code+" "+d.Version)
	}
	return nil
}

func (p *Page) operatorLabel(o trace.ProposedOperator, equipment qms.ID) string {
	name := labelOf(o.Code, o.Name)
	switch {
	case equipment == "":
		return name
	case o.Trained:
		return p.T("page.services.operator_trained", name)
	}
	return p.T("page.services.operator_untrained", name)
}
