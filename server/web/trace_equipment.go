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
	s.planPages()
	s.dataPages(one)
	s.page(one, qms.ReadDocuments, s.piece)
	s.both(one+"/correct", qms.ManageEquipment, s.newEquipmentCorrection, s.correctEquipment)
	s.both(one+"/calibration", qms.ManageEquipment, s.newCalibration, s.addCalibration)
	s.both(one+"/calibrations/:id/correct", qms.ManageEquipment, s.newCalibrationCorrection, s.correctCalibration)
	s.both(one+"/calibrations/:id/void", qms.ManageEquipment, s.newCalibrationVoid, s.voidCalibration)
	s.lifePages(one)
}

// EquipmentView is the list of equipment.
type EquipmentView struct {
	Lines      []trace.EquipmentLine
	Next       string
	Form       *Form
	Categories []Option
	Standings  []Option
	Statuses   []Option
	Chips      []Chip
	AsOf       qms.Date
	Past       qms.Date
}

var equipmentFilters = []string{"category", "stands", "standing", "q", "retired", "as_of"}

func (s *Site) equipment(p *Page) error {
	f := p.filterForm(equipmentFilters...)
	p.SortBy("code")
	p.Title, p.Wide = p.T("page.equipment.title"), true
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	filter := trace.EquipmentFilter{AsOf: asOf, Category: f.Text("category"), Calibration: trace.Standing(f.Text("standing")), Text: f.Text("q"),
		Status: trace.Status(f.Text("stands")), Retired: f.Checked("retired"), Sort: p.Query("sort")}
	if p.Exported() || p.Printed() {
		return s.exportEquipment(p, filter)
	}
	page, categories, err := s.Trace.EquipmentList(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := EquipmentView{Lines: page.Items, Next: page.Next, Form: f, Chips: p.Chips(p.listChip, equipmentFilters...),
		Categories: p.categoryOptions(categories), AsOf: p.dayOr(asOf), Past: p.asOfNote(p.dayOr(asOf)),
		Statuses: []Option{{"", p.T("page.equipment.any_status")}},
		Standings: append([]Option{{"", p.T("page.equipment.all_standings")}},
			p.options("state.", trace.Valid, trace.Expiring, trace.Expired)...)}
	for _, status := range trace.Statuses() {
		view.Statuses = append(view.Statuses, Option{string(status), p.T("status." + string(status))})
	}
	return p.Render("equipment_list", view)
}

// listChip is a filter of the list of equipment in words.
func (p *Page) listChip(name, value string) string {
	switch name {
	case "stands":
		return p.T("status." + value)
	case "q":
		return value
	case "retired":
		return p.T("page.services.chip_retired")
	}
	return p.equipmentChip(name, value)
}

func (s *Site) exportEquipment(p *Page, filter trace.EquipmentFilter) error {
	shapes := map[string]string{}
	for status, shape := range statusShape {
		shapes[p.T("status."+string(status))] = shape
	}
	day := p.dayOr(filter.AsOf)
	return p.Export(export{
		name: "equipment-" + day.String(),
		heads: []string{"page.equipment.code", "page.equipment.name", "page.equipment.status", "page.equipment.category", "page.equipment.place", "page.equipment.serial",
			"page.equipment.commissioned", "page.equipment.retired", "page.equipment.until", "page.equipment.next_maintenance"},
		kinds: map[int]cell{6: dayCell, 7: dayCell, 8: dayCell, 9: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.equipment.title"), asOf: day, empty: p.T("page.equipment.empty"), shapes: shapes,
			right: map[int]bool{6: true, 7: true, 8: true, 9: true}, widths: []float64{22, 50, 34, 34, 30, 24, 20, 0, 20, 22}},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, _, err := s.Trace.EquipmentList(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				e := l.Equipment
				lines = append(lines, []string{e.Code, e.Name, p.T("status." + string(l.Status)), e.Category, e.Place, e.Serial, p.InputDate(e.Commissioned),
					p.InputDate(e.Retired), p.InputDate(l.Calibration.Until.AddDays(-1)), p.InputDate(l.Maintenance.On)})
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
	Lines  []LifeLine             // the beginning of its life sheet
	Files  map[qms.ID][]trace.Evidence
	Shown  []trace.Calibration // the latest that count, and what is void among them
	Works  int                 // people trained
	Worth  trace.Renewal       // when it is to be renewed

	Teachers []trace.TrainerLine // on the day
}

// calibrationsShown is how many calibrations the page shows before it folds.
const calibrationsShown = 8

func (s *Site) pieceOf(p *Page) (*trace.Piece, error) {
	asOf, err := p.AsOf()
	if err != nil {
		return nil, err
	}
	return s.Trace.Piece(p.Context(), p.Platform.ID, p.number("code"), asOf)
}

// piece is also what labels on the equipment, mails and calendars lead to: people with training only find
// their own there.
func (s *Site) piece(p *Page) error {
	if !p.Can(qms.ReadTrace) {
		return p.Redirect("/trainings")
	}
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
	view := PieceView{Piece: piece, Past: p.asOfNote(piece.AsOf), Filled: filled, Works: p.trainedOn(piece), Shown: piece.Calibrations,
		Worth: trace.RenewalOf(&piece.Equipment, piece.AsOf)}
	view.Shown = view.Shown[:min(len(view.Shown), calibrationsShown)]
	view.Lines = p.lifeLines(piece.Equipment.Code, piece.Life.Entries.Items, piece.People, setNames(piece.Life.Data), p.Can(qms.ManageEquipment) && view.Past == 0)
	ids := []qms.ID{piece.Equipment.ID}
	for _, c := range view.Shown {
		ids = append(ids, c.ID)
	}
	if view.Files, err = s.prove(p, view.Lines, ids...); err != nil {
		return err
	}
	view.Teachers, err = s.Trace.Trainers(p.Context(), p.Platform.ID, trace.TrainerFilter{AsOf: piece.AsOf, Equipment: piece.Equipment.ID})
	if err != nil {
		return err
	}
	return p.Render("equipment_show", view)
}

// EquipmentForm is a form about a piece of equipment; Code is empty for a new one.
type EquipmentForm struct {
	Form     *Form
	Code     string
	Name     string
	Outcomes []Option
	Since    qms.Date // of the calibration it is about
	Kinds    []Option // of calibration
	Corrects bool
	People   []Option
}

func (p *Page) equipmentForm(f *Form, title string, e *trace.Equipment) EquipmentForm {
	p.Title = p.T(title)
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	view := EquipmentForm{Form: f, Outcomes: p.options("outcome.", trace.Conforming, trace.Nonconforming),
		Kinds: p.options("page.life.calibration_", trace.Calibrated, trace.Verified)}
	if e != nil {
		view.Code, view.Name = e.Code, e.Name
		p.Crumb(e.Code, p.To("equipment", e.Code))
	}
	return view
}

func equipmentCommand(p *Page, f *Form) trace.AddEquipment {
	return trace.AddEquipment{Platform: p.Platform.ID, Code: f.Text("code"), Name: f.Text("name"), Category: f.Text("category"),
		Make: f.Text("make"), Model: f.Text("model"), Serial: f.Text("serial"), Place: f.Text("place"),
		Commissioned: f.Date("commissioned"), Retired: f.Date("retired"), Holding: holdingCommand(f)}
}

// registerForm is equipmentForm with the people who may answer for the equipment.
func (s *Site) registerForm(p *Page, f *Form, title string, e *trace.Equipment) (view EquipmentForm, err error) {
	view = p.equipmentForm(f, title, e)
	view.People, err = s.responsibleOptions(p, e)
	return view, err
}

func (s *Site) newEquipment(p *Page) error {
	view, err := s.registerForm(p, p.Form(), "page.equipment.new", nil)
	if err != nil {
		return err
	}
	return p.Render("equipment_form", view)
}

func (s *Site) addEquipment(p *Page) error {
	f := p.Form()
	cmd := equipmentCommand(p, f)
	err := f.Err()
	if err == nil {
		_, err = s.Trace.AddEquipment(p.Context(), cmd)
	}
	if err != nil {
		view, failed := s.registerForm(p, f, "page.equipment.new", nil)
		if failed != nil {
			return failed
		}
		return p.Again("equipment_form", f, err, view)
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
	setHolding(f, e)
	view, err := s.registerForm(p, f, "page.equipment.correct", e)
	if err != nil {
		return err
	}
	return p.Render("equipment_form", view)
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
		view, failed := s.registerForm(p, f, "page.equipment.correct", e)
		if failed != nil {
			return failed
		}
		return p.Again("equipment_form", f, err, view)
	}
	return p.Done(p.To("equipment", e.Code), "page.equipment.corrected", e.Code)
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
