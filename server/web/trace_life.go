package web

import (
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// lifePages are the life sheets of equipment, and the acts that write them.
func (s *Site) lifePages(one string) {
	s.page(one+"/life", qms.ReadTrace, s.lifeSheet)
	s.both(one+"/breakdown", qms.WriteTrace, s.newBreakdown, s.addBreakdown)
	s.both(one+"/events/new", qms.ManageEquipment, s.newEvent, s.addEvent)
	s.both(one+"/events/:id/correct", qms.ManageEquipment, s.newEventCorrection, s.correctEvent)
	s.both(one+"/events/:id/end", qms.ManageEquipment, s.newEventEnd, s.endEvent)
	s.both(one+"/events/:id/void", qms.ManageEquipment, s.newEventVoid, s.voidEvent)
	s.both(one+"/retire", qms.ManageEquipment, s.newRetirement, s.retireEquipment)
	s.both(one+"/return", qms.ManageEquipment, s.newReturn, s.returnEquipment)
	s.both(one+"/commission", qms.ManageEquipment, s.newCommission, s.commissionEquipment)
	s.both(one+"/void", qms.ManageEquipment, s.newEquipmentVoid, s.voidEquipment)
}

// LifeLine is one line of a life sheet in the reader's words.
type LifeLine struct {
	Date   qms.Date
	Ended  qms.Date
	State  string // whose shape and colour it has
	Kind   string
	Text   string
	Facts  []string // who, outcome, cost, what comes next
	Void   string
	Open   bool
	ID     qms.ID
	Proved string // the kind of evidence it may have; empty for none
	Files  []trace.Evidence
	Acts   []LifeAct
}

// LifeAct is a link to what may be done with a line.
type LifeAct struct{ Label, Href string }

// statusShape is the state whose shape and colour a status has.
var statusShape = map[trace.Status]string{
	trace.InService: "valid", trace.UnderMaintenance: "open", trace.BrokenDown: "broken", trace.OutOfCalibration: "expired",
	trace.NotCommissioned: "draft", trace.OutOfService: "withdrawn",
}

// StatusShape is statusShape, for templates.
func (p *Page) StatusShape(s trace.Status) string { return statusShape[s] }

// eventShape is the state whose shape a kind of event has on the life sheet.
var eventShape = map[trace.EventKind]string{
	trace.Breakdown: "broken", trace.Repair: "done", trace.Preventive: "done", trace.Corrective: "done",
	trace.Withdrawal: "withdrawn",
}

// namedIn is how a life sheet calls people.
func namedIn(people []trace.Person) map[qms.ID]string {
	names := make(map[qms.ID]string, len(people))
	for _, m := range people {
		names[m.ID] = m.Name
	}
	return names
}

// lifeLines are the entries in words. Sets names the data sets of restore tests.
func (p *Page) lifeLines(code string, entries []trace.Entry, people []trace.Person, sets map[qms.ID]string, writes bool) []LifeLine {
	names := namedIn(people)
	lines := make([]LifeLine, 0, len(entries))
	for _, e := range entries {
		l := LifeLine{Date: e.Date, Void: e.Void(), ID: e.ID()}
		switch {
		case e.Event != nil:
			p.eventLine(&l, e.Event, names)
		case e.Calibration != nil:
			p.calibrationLine(&l, e.Calibration)
		case e.Test != nil:
			p.testLine(&l, e.Test, names, sets)
		default:
			l.State, l.Kind = "todo", p.T("page.life.milestone_"+string(e.Milestone))
		}
		if l.Void != "" {
			l.State, l.Open = "withdrawn", false
		}
		if writes && l.Void == "" {
			l.Acts = p.lifeActs(code, e, l.Open)
		}
		lines = append(lines, l)
	}
	return lines
}

// fact keeps what is not empty.
func (l *LifeLine) fact(words string) {
	if words != "" {
		l.Facts = append(l.Facts, words)
	}
}

func (p *Page) eventLine(l *LifeLine, e *trace.EquipmentEvent, names map[qms.ID]string) {
	l.Kind, l.Text, l.Ended, l.Open, l.Proved = p.T("page.life.kind_"+string(e.Kind)), e.Description, e.Ended, e.Open(), "event"
	if l.State = eventShape[e.Kind]; l.State == "" {
		l.State = "todo"
	}
	if e.Program != "" {
		l.Kind += ", " + e.Program
	}
	if e.Kind == trace.Breakdown && e.Ended != 0 {
		l.State = "todo"
	}
	if e.Kind == trace.Move {
		l.fact(p.T("page.life.moved", orDash(e.PlaceBefore), e.Place))
	}
	l.fact(e.Outcome)
	l.fact(joined(names[e.Person], e.Company))
	if e.Cost != 0 {
		l.fact(p.Money(e.Cost))
	}
	if e.Usable {
		l.fact(p.T("page.life.usable"))
	}
	if on := e.Due(); on != 0 {
		l.fact(p.T("page.life.next", on))
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// joined are the texts that are not empty.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), ", ")
}

func (p *Page) calibrationLine(l *LifeLine, c *trace.Calibration) {
	l.Kind, l.State, l.Proved = p.calibrationKind(c.Kind), "passed", "calibration"
	if c.Outcome == trace.Nonconforming {
		l.State = "failed"
	}
	l.Text = p.T("outcome." + string(c.Outcome))
	l.fact(p.Measured(*c))
	l.fact(c.Explanation)
	if c.Months > 0 {
		l.fact(p.T("page.equipment.months", int(c.Months)))
	}
	l.fact(c.Provider)
	if c.Certificate != "" {
		l.fact(p.T("page.life.certificate", c.Certificate))
	}
}

func (p *Page) calibrationKind(k trace.CalibrationKind) string {
	if k == "" {
		k = trace.Calibrated
	}
	return p.T("page.life.calibration_" + string(k))
}

// CalibrationKind is calibrationKind, for templates.
func (p *Page) CalibrationKind(k trace.CalibrationKind) string { return p.calibrationKind(k) }

// Measured is what a calibration measured, in words; empty when nothing was.
func (p *Page) Measured(c trace.Calibration) string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, p.T(key, p.figure(value)+unit(c.Unit)))
		}
	}
	add("page.life.nominal_is", c.Nominal)
	add("page.life.deviation_is", c.Deviation)
	add("page.life.tolerance_is", c.Tolerance)
	return strings.Join(parts, ", ")
}

func unit(u string) string {
	if u == "" {
		return ""
	}
	return "\u00a0" + u
}

// figure is a decimal number as the reader writes it.
func (p *Page) figure(decimal string) string {
	if p.Lang() == locale.French {
		decimal = strings.Replace(decimal, ".", ",", 1)
	}
	return strings.Replace(decimal, "-", "\u2212", 1)
}

func (p *Page) testLine(l *LifeLine, t *trace.RestoreTest, names, sets map[qms.ID]string) {
	l.Kind, l.State, l.Text = p.T("page.life.restore_test"), "passed", p.T("page.data.restored")
	if !t.Restored {
		l.State, l.Text = "failed", p.T("page.data.not_restored")
	}
	l.fact(sets[t.DataSet])
	l.fact(t.Remark)
	l.fact(names[t.Person])
}

// lifeActs are the acts on an entry, whose page is known by what it is.
func (p *Page) lifeActs(code string, e trace.Entry, open bool) []LifeAct {
	var acts []LifeAct
	add := func(key string, parts ...any) {
		acts = append(acts, LifeAct{p.T(key), p.To(append([]any{"equipment", code}, parts...)...)})
	}
	switch {
	case e.Event != nil:
		if open {
			add("page.life.end", "events", e.Event.ID, "end")
		}
		if e.Event.Kind != trace.Withdrawal {
			add("page.dossier.correct", "events", e.Event.ID, "correct")
		}
		add("page.dossier.void", "events", e.Event.ID, "void")
	case e.Calibration != nil:
		add("page.dossier.correct", "calibrations", e.Calibration.ID, "correct")
		add("page.dossier.void", "calibrations", e.Calibration.ID, "void")
	case e.Test != nil:
		add("page.dossier.void", "data", e.Test.DataSet, "tests", e.Test.ID, "void")
	}
	return acts
}

// prove gives the lines their files, in one statement.
func (s *Site) prove(p *Page, lines []LifeLine, more ...qms.ID) (map[qms.ID][]trace.Evidence, error) {
	ids := more
	for _, l := range lines {
		if l.Proved != "" {
			ids = append(ids, l.ID)
		}
	}
	files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, ids...)
	for i := range lines {
		lines[i].Files = files[lines[i].ID]
	}
	return files, err
}

// LifeView is a page of the life sheet of a piece of equipment.
type LifeView struct {
	*trace.Piece
	Past  qms.Date
	Lines []LifeLine
	Next  string
}

func (s *Site) lifeSheet(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	code := p.number("code")
	if p.Printed() {
		return s.printLife(p, code, asOf)
	}
	if p.Exported() {
		return s.exportLife(p, code, asOf)
	}
	sheet, err := s.Trace.LifeSheet(p.Context(), p.Platform.ID, code, asOf, p.Cursor())
	if err != nil {
		return err
	}
	e := sheet.Piece.Equipment
	view := LifeView{Piece: sheet.Piece, Past: p.asOfNote(sheet.Piece.AsOf), Next: sheet.Entries.Next}
	view.Lines = p.lifeLines(e.Code, sheet.Entries.Items, sheet.Piece.People, setNames(sheet.Piece.Life.Data), p.Can(qms.ManageEquipment))
	if _, err = s.prove(p, view.Lines); err != nil {
		return err
	}
	p.Title = p.T("page.life.of", e.Code)
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	p.Crumb(e.Code, p.To("equipment", e.Code))
	return p.Render("equipment_life", view)
}

func setNames(lines []trace.DataLine) map[qms.ID]string {
	names := make(map[qms.ID]string, len(lines))
	for _, l := range lines {
		names[l.Set.ID] = l.Set.Name
	}
	return names
}
