package web

import (
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/trace"
)

func (s *Site) equipmentPages() {
	const one = Prefix + "/equipment/:code"
	s.page(Prefix+"/equipment", qms.ReadTrace, s.equipment)
	s.both(Prefix+"/equipment/new", qms.ManageEquipment, s.newEquipment, s.addEquipment)
	s.page(one, qms.ReadTrace, s.piece)
	s.both(one+"/correct", qms.ManageEquipment, s.newEquipmentCorrection, s.correctEquipment)
	s.both(one+"/calibration", qms.ManageEquipment, s.newCalibration, s.addCalibration)
	s.both(one+"/calibrations/:id/void", qms.ManageEquipment, s.newCalibrationVoid, s.voidCalibration)
}

// EquipmentView is the list of equipment.
type EquipmentView struct {
	Lines      []trace.EquipmentLine
	Next       string
	Form       *Form
	Categories []Option
	Standings  []Option
	Chips      []Chip
}

func (s *Site) equipment(p *Page) error {
	f := p.filterForm("category", "standing", "q", "retired")
	p.SortBy("code")
	p.Title, p.Wide = p.T("page.equipment.title"), true
	filter := trace.EquipmentFilter{Category: f.Text("category"), Calibration: trace.Standing(f.Text("standing")), Text: f.Text("q"),
		Retired: f.Checked("retired"), Sort: p.Query("sort")}
	if p.Exported() {
		return s.exportEquipment(p, filter)
	}
	page, categories, err := s.Trace.EquipmentList(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := EquipmentView{Lines: page.Items, Next: page.Next, Form: f, Chips: p.filterChips("category", "standing", "q", "retired"),
		Categories: []Option{{"", p.T("page.equipment.all_categories")}},
		Standings: append([]Option{{"", p.T("page.equipment.all_standings")}},
			p.options("state.", trace.Valid, trace.Expiring, trace.Expired)...)}
	for _, c := range categories {
		view.Categories = append(view.Categories, Option{c, c})
	}
	return p.Render("equipment_list", view)
}

func (s *Site) exportEquipment(p *Page, filter trace.EquipmentFilter) error {
	return p.Export(export{
		name: "equipment-" + p.Today.String(),
		heads: []string{"page.equipment.code", "page.equipment.name", "page.equipment.category", "page.equipment.place", "page.equipment.serial",
			"page.equipment.commissioned", "page.equipment.retired"},
		kinds: map[int]cell{5: dayCell, 6: dayCell}, fixed: 1,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, _, err := s.Trace.EquipmentList(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				e := l.Equipment
				lines = append(lines, []string{e.Code, e.Name, e.Category, e.Place, e.Serial, p.InputDate(e.Commissioned), p.InputDate(e.Retired)})
			}
			return lines, page.Next, err
		},
	})
}

// PieceView is one piece of equipment.
type PieceView struct {
	*trace.Piece
	Past   qms.Date
	Filled []documents.RecordLine // records about it
}

func (s *Site) pieceOf(p *Page) (*trace.Piece, error) {
	asOf, err := p.AsOf()
	if err != nil {
		return nil, err
	}
	return s.Trace.Piece(p.Context(), p.Platform.ID, p.number("code"), asOf)
}

func (s *Site) piece(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	p.Title = piece.Equipment.Code
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	filled, err := s.filledAbout(p, documents.AboutEquipment, piece.Equipment.Code)
	if err != nil {
		return err
	}
	return p.Render("equipment_show", PieceView{piece, p.asOfNote(piece.AsOf), filled})
}

// EquipmentForm is a form about a piece of equipment; Code is empty for a new one.
type EquipmentForm struct {
	Form     *Form
	Code     string
	Name     string
	Outcomes []Option
	Since    qms.Date // of the calibration it is about
}

func (p *Page) equipmentForm(f *Form, title string, e *trace.Equipment) EquipmentForm {
	p.Title = p.T(title)
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	view := EquipmentForm{Form: f, Outcomes: p.options("outcome.", trace.Conforming, trace.Nonconforming)}
	if e != nil {
		view.Code, view.Name = e.Code, e.Name
		p.Crumb(e.Code, p.To("equipment", e.Code))
	}
	return view
}

func equipmentCommand(p *Page, f *Form) trace.AddEquipment {
	return trace.AddEquipment{Platform: p.Platform.ID, Code: f.Text("code"), Name: f.Text("name"), Category: f.Text("category"),
		Make: f.Text("make"), Model: f.Text("model"), Serial: f.Text("serial"), Place: f.Text("place"),
		Commissioned: f.Date("commissioned"), Retired: f.Date("retired")}
}

func (s *Site) newEquipment(p *Page) error {
	return p.Render("equipment_form", p.equipmentForm(p.Form(), "page.equipment.new", nil))
}

func (s *Site) addEquipment(p *Page) error {
	f := p.Form()
	cmd := equipmentCommand(p, f)
	err := f.Err()
	if err == nil {
		_, err = s.Trace.AddEquipment(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_form", f, err, p.equipmentForm(f, "page.equipment.new", nil))
	}
	return p.Done(p.To("equipment", trace.Normal(cmd.Code)), "page.equipment.added", trace.Normal(cmd.Code))
}

func (s *Site) newEquipmentCorrection(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	e := &piece.Equipment
	f := p.Form().Set("revision", e.Revision).Set("name", e.Name).Set("category", e.Category).Set("make", e.Make).Set("model", e.Model).
		Set("serial", e.Serial).Set("place", e.Place).Set("commissioned", e.Commissioned).Set("retired", e.Retired)
	return p.Render("equipment_form", p.equipmentForm(f, "page.equipment.correct", e))
}

func (s *Site) correctEquipment(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f, e := p.Form(), &piece.Equipment
	cmd := equipmentCommand(p, f)
	target := p.target(f, e.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectEquipment(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("equipment_form", f, err, p.equipmentForm(f, "page.equipment.correct", e))
	}
	return p.Done(p.To("equipment", e.Code), "page.equipment.corrected", e.Code)
}

func (s *Site) newCalibration(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("date", p.Today).Set("outcome", trace.Conforming)
	for _, c := range piece.Calibrations {
		if c.Months > 0 && f.Text("months") == "" {
			f.Set("months", int(c.Months))
		}
	}
	return p.Render("equipment_calibration", p.equipmentForm(f, "page.equipment.new_calibration", &piece.Equipment))
}

func (s *Site) addCalibration(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f, e := p.Form(), &piece.Equipment
	cmd := trace.RecordCalibration{Platform: p.Platform.ID, Equipment: e.ID, Date: f.Date("date"), Months: qms.Months(f.Int("months")),
		Outcome: trace.Outcome(f.Text("outcome")), Certificate: f.Text("certificate")}
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordCalibration(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_calibration", f, err, p.equipmentForm(f, "page.equipment.new_calibration", e))
	}
	return p.Done(p.To("equipment", e.Code), "page.equipment.calibration_added", e.Code)
}

// calibrationOf is the calibration in the path, among those of its equipment.
func (s *Site) calibrationOf(p *Page) (*trace.Piece, *trace.Calibration, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, nil, err
	}
	piece, err := s.pieceOf(p)
	if err != nil {
		return nil, nil, err
	}
	for i := range piece.Calibrations {
		if c := &piece.Calibrations[i]; c.ID == id && c.Void == "" {
			return piece, c, nil
		}
	}
	return nil, nil, qms.NotFound("record.not_found")
}

func (s *Site) newCalibrationVoid(p *Page) error {
	piece, c, err := s.calibrationOf(p)
	if err != nil {
		return err
	}
	view := p.equipmentForm(p.Form().Set("revision", c.Revision), "page.equipment.void_calibration", &piece.Equipment)
	view.Since = c.Date
	return p.Render("equipment_void", view)
}

func (s *Site) voidCalibration(p *Page) error {
	piece, c, err := s.calibrationOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	target := p.target(f, c.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidCalibration(p.Context(), target)
	}
	if err != nil {
		view := p.equipmentForm(f, "page.equipment.void_calibration", &piece.Equipment)
		view.Since = c.Date
		return p.Again("equipment_void", f, err, view)
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.equipment.calibration_voided")
}
