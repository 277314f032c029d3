package web

import (
	"io"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// LabelsView is the choice of labels to print.
type LabelsView struct {
	Form   *Form
	Lines  []Option // equipment on hand
	More   bool     // there is more equipment than is shown to choose from
	Papers []Option
	Note   string
}

// maxLabels is how many labels are chosen from, and printed, at once.
const maxLabels = 240

// labels shows what to print labels of, and prints them: a label says what a thing is and leads, by its
// QR code, to its page, which wants a reader who is signed in.
func (s *Site) labels(p *Page) error {
	p.Title = p.T("page.labels.title")
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	lines, more, err := s.labelled(p)
	if err != nil {
		return err
	}
	chosen := p.Queries("code")
	if p.Printed() {
		return s.printLabels(p, lines, chosen)
	}
	f := p.Form().Set("paper", "sheet").Set("first", 1)
	for _, code := range chosen {
		f.Set("code", trace.Normal(code))
	}
	v := LabelsView{Form: f, More: more, Papers: []Option{{"sheet", p.T("page.labels.sheet")}, {"single", p.T("page.labels.single")}}}
	for _, l := range lines {
		v.Lines = append(v.Lines, Option{l.Equipment.Code, labelOf(l.Equipment.Code, l.Equipment.Name)})
	}
	return p.Render("equipment_labels", v)
}

// Queries are the values of an address that names one several times.
func (p *Page) Queries(name string) []string {
	var values []string
	for _, v := range p.c.Request().URI().QueryArgs().PeekMulti(name) {
		values = append(values, readable(string(v)))
	}
	return values
}

// labelled reads the equipment on hand that the address narrows to.
func (s *Site) labelled(p *Page) (lines []trace.EquipmentLine, more bool, err error) {
	for c := (qms.Cursor{Size: qms.MaxPageSize}); len(lines) < maxLabels; {
		page, _, err := s.Trace.EquipmentList(p.Context(), p.Platform.ID, trace.EquipmentFilter{Category: p.Query("category")}, c)
		if err != nil {
			return nil, false, err
		}
		lines = append(lines, page.Items...)
		if c.After = page.Next; c.After == "" {
			return lines, false, nil
		}
	}
	return lines[:maxLabels], true, nil
}

func (s *Site) printLabels(p *Page, lines []trace.EquipmentLine, chosen []string) error {
	codes := map[string]bool{}
	for _, code := range chosen {
		codes[trace.Normal(code)] = true
	}
	if len(chosen) > 0 {
		lines = slices.DeleteFunc(lines, func(l trace.EquipmentLine) bool { return !codes[l.Equipment.Code] })
	}
	if len(lines) < len(codes) && len(codes) <= maxLabels { // those that are out of service, or beyond what is chosen from
		for code := range codes {
			if slices.ContainsFunc(lines, func(l trace.EquipmentLine) bool { return l.Equipment.Code == code }) {
				continue
			}
			piece, err := s.Trace.Piece(p.Context(), p.Platform.ID, code, 0)
			if err != nil {
				return err
			}
			lines = append(lines, trace.EquipmentLine{Equipment: piece.Equipment, Calibrated: piece.Calibrated, Calibration: piece.Calibration})
		}
		slices.SortFunc(lines, func(a, b trace.EquipmentLine) int { return strings.Compare(a.Equipment.Code, b.Equipment.Code) })
	}
	f := p.filterForm("first", "paper")
	l := &pack.Labels{Language: p.Lang(), Title: p.T("page.labels.title"), Platform: p.Platform.Name, MadeAt: s.Clock(), Sheet: f.Text("paper") != "single", First: f.Int("first")}
	for _, line := range lines {
		l.Labels = append(l.Labels, p.labelFor(line))
	}
	if len(l.Labels) == 0 {
		return qms.Invalid("page.labels.none")
	}
	return p.printed("etiquettes-"+fileCode(p.Platform.Code), func(w io.Writer) error { return pack.PrintLabels(w, l) })
}

func (p *Page) labelFor(line trace.EquipmentLine) pack.Label {
	e := line.Equipment
	label := pack.Label{Code: e.Code, Name: e.Name, Address: p.reached("equipment", e.Code)}
	c := line.Calibration
	switch {
	case !line.Calibrated:
	case c.Standing == trace.Expired:
		label.State, label.Until = "expired", p.T("page.labels.uncalibrated")
	case c.Until == 0:
		label.State, label.Until = "valid", p.T("page.labels.calibrated")
	default:
		label.State, label.Until = "valid", p.T("page.labels.calibrated_until", c.Until.AddDays(-1))
	}
	return label
}
