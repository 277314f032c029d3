package audits

import (
	"context"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/qms/trace"
)

// lifeShown bounds the lines of one life sheet; how many more there are is said.
const lifeShown = 60

// lives reads the life of every piece of equipment, once for all sections that tell of it.
func (g *gathering) lives(ctx context.Context) ([]trace.PieceLife, error) {
	if g.again("lives") {
		return g.pieces, nil
	}
	var err error
	g.pieces, err = g.s.trace.LivesIn(ctx, g.r, g.platform, g.asOf)
	return g.pieces, err
}

// equipment lists the equipment of the day, and tells the life of each piece with its calibrations
// (ISO 9001, 7.1.5).
func (g *gathering) equipment(ctx context.Context) error {
	lives, err := g.lives(ctx)
	if err != nil {
		return err
	}
	if err := g.equipmentFiles(ctx, lives); err != nil {
		return err
	}
	if _, err := g.touching(ctx); err != nil {
		return err
	}
	list := pack.Panel{Text: []string{g.say.T("pack.equipment_text", len(lives), g.say.LongDate(g.asOf))}, Empty: g.say.T("pack.equipment_none"),
		Columns: g.columns(head{"pack.col.equipment", 50}, head{"page.equipment.status", 34}, head{"page.equipment.calibration", 40}, head{"page.equipment.next_maintenance", 24}, head{"page.equipment.trained", 20}, head{"pack.col.life", 16})}
	list.Columns[4].Right = true
	if len(lives) == 0 {
		list.Text = nil
	}
	for i := range lives {
		list.Rows = append(list.Rows, g.pieceRow(&lives[i]))
	}
	g.tell("equipment", list)
	for i := range lives {
		if len(lives[i].Entries) > 0 { // of the others the list says all
			g.tell("equipment", g.life(&lives[i]))
		}
	}
	return nil
}

// statusShape is the state whose shape stands before a status.
var statusShape = map[trace.Status]string{trace.InService: "valid", trace.OutOfCalibration: "expired", trace.UnderMaintenance: "running",
	trace.BrokenDown: "broken", trace.NotCommissioned: "draft", trace.OutOfService: "withdrawn"}

func (g *gathering) pieceRow(l *trace.PieceLife) []pack.Told {
	e := &l.Equipment
	next := ""
	if len(l.Maintenance) > 0 {
		next = g.say.Date(l.Maintenance[0].On)
	}
	g.shown(e.ID)
	var sheet pack.Told
	if len(l.Entries) > 0 {
		sheet.Refs = []pack.Ref{{Mark: pack.EquipmentMark(e.Code)}}
	}
	sheet.Refs = append(sheet.Refs, g.causes[e.ID]...) // a fault
	return []pack.Told{{Text: e.Code, Strong: true, Below: e.Name, Mark: pack.EquipmentMark(e.Code), Refs: g.filesOf(e.ID)}, g.state(statusShape[l.Status], g.say.T("status."+string(l.Status))),
		g.calibrationCell(l), plain(next), plain(g.say.Number(int64(l.Trained))), sheet}
}

func (g *gathering) calibrationCell(l *trace.PieceLife) pack.Told {
	switch standing := string(l.Calibration.Standing); {
	case !l.Calibrated:
		return plain(g.say.T("page.equipment.not_calibrated"))
	case l.Calibration.Until == 0:
		return g.state(standing, "")
	case l.Calibration.Standing == trace.Expired:
		return g.state(standing, and(g.say.T("state.expired"), g.say.T("page.equipment.since", l.Calibration.Until)))
	default:
		return g.state(standing, and(g.say.T("state."+standing), g.say.T("page.equipment.through", l.Calibration.Until.AddDays(-1))))
	}
}

// life is the life sheet of one piece: what is known of it, and what happened in the period. The last
// calibration is always told.
func (g *gathering) life(l *trace.PieceLife) pack.Panel {
	e := &l.Equipment
	g.shown(e.ID)
	panel := pack.Panel{Title: e.Code + " " + e.Name, Minor: true, Mark: pack.EquipmentMark(e.Code), Facts: g.pieceFacts(l), Compact: true, Empty: g.say.T("page.life.empty"),
		Columns: g.columns(head{"pack.col.date", 24}, head{"page.life.kind", 44}, head{"page.life.description", 52}, head{"page.life.details", 50})}
	entries := g.toldOf(l)
	for _, entry := range entries {
		line := g.lifeLine(entry, l.Data)
		if entry.Milestone == "" {
			g.shown(entry.ID())
		}
		panel.Rows = append(panel.Rows, []pack.Told{plain(line.on), {Text: line.kind, State: line.state}, plain(line.text), {Text: line.facts, Refs: slices.Concat(g.refs[entry.ID()], g.causes[entry.ID()])}})
	}
	if left := len(l.Entries) - len(entries); left > 0 {
		panel.Empty = g.say.T("pack.life_none_period")
		panel.Note = g.say.T("pack.life_left", left)
	}
	return panel
}

// toldOf is what the life sheet tells: the latest of the period, and the last calibration in any case.
func (g *gathering) toldOf(l *trace.PieceLife) (told []trace.Entry) {
	calibrated := false
	for _, e := range l.Entries {
		last := e.Calibration != nil && !calibrated
		calibrated = calibrated || e.Calibration != nil
		if last || e.Date >= g.from && len(told) < lifeShown {
			told = append(told, e)
		}
	}
	return told
}

func (g *gathering) pieceFacts(l *trace.PieceLife) [][2]string {
	e, say := &l.Equipment, g.say
	facts := [][2]string{{say.T("page.equipment.status"), say.T("status." + string(l.Status))},
		{say.T("page.equipment.category"), e.Category}, {say.T("page.equipment.place"), e.Place},
		{say.T("page.equipment.responsible"), g.named(e.Responsible)}, {say.T("page.equipment.make"), and(e.Make, e.Model)},
		{say.T("page.equipment.serial"), and(e.Serial, e.Inventory)}, {say.T("page.equipment.commissioned"), say.LongDate(e.Commissioned)},
		{say.T("page.equipment.retired"), and(say.LongDate(e.Retired), e.RetiredWhy)}, {say.T("page.equipment.calibration"), g.calibrationCell(l).Text}}
	for _, m := range l.Maintenance {
		facts = append(facts, [2]string{say.T("page.equipment.next_maintenance"), and(m.Program, say.LongDate(m.On))})
	}
	return known(facts...)
}

// lifeWords is one line of a life sheet in words.
type lifeWords struct{ on, kind, state, text, facts string }

func (g *gathering) lifeLine(e trace.Entry, data []trace.DataLine) (w lifeWords) {
	w.on = g.say.Date(e.Date)
	switch {
	case e.Event != nil:
		g.eventWords(&w, e.Event)
	case e.Calibration != nil:
		g.calibrationWords(&w, e.Calibration)
	case e.Test != nil:
		w.kind, w.state, w.text = g.say.T("page.life.restore_test"), "passed", e.Test.Remark
		if !e.Test.Restored {
			w.state = "failed"
		}
		for _, l := range data {
			if l.Set.ID == e.Test.DataSet {
				w.facts = l.Set.Name
			}
		}
	default:
		w.kind, w.state = g.say.T("page.life.milestone_"+string(e.Milestone)), "todo"
	}
	return w
}

// eventShape is the state whose shape stands before an event.
var eventShape = map[trace.EventKind]string{trace.Breakdown: "broken", trace.Withdrawal: "withdrawn", trace.Repair: "done", trace.Preventive: "done", trace.Corrective: "done"}

func (g *gathering) eventWords(w *lifeWords, e *trace.EquipmentEvent) {
	ended := e.Ended
	if ended > g.asOf {
		ended = 0
	}
	w.kind, w.text, w.state = and(g.say.T("page.life.kind_"+string(e.Kind)), e.Program), e.Description, "todo"
	if shape := eventShape[e.Kind]; shape != "" {
		w.state = shape
	}
	switch {
	case ended != 0 && ended != e.Date:
		w.on = g.say.T("page.life.from_to", e.Date, ended)
	case ended == 0 && e.Kind.Lasts():
		w.text = and(g.say.T("page.life.open"), w.text)
	}
	if e.Kind == trace.Breakdown && ended != 0 {
		w.state = "todo"
	}
	var moved, next string
	if e.Kind == trace.Move {
		moved = g.say.T("page.life.moved", orDash(e.PlaceBefore), e.Place)
	}
	if on := e.Due(); on != 0 {
		next = g.say.T("page.life.next", on)
	}
	w.facts = and(moved, e.Outcome, g.named(e.Person), e.Company, next)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (g *gathering) calibrationWords(w *lifeWords, c *trace.Calibration) {
	w.kind, w.state, w.text = g.say.T("page.life.calibration_calibration"), "passed", g.say.T("outcome."+string(c.Outcome))
	if c.Kind == trace.Verified {
		w.kind = g.say.T("page.life.calibration_verification")
	}
	if c.Outcome == trace.Nonconforming {
		w.state = "failed"
	}
	var months, certificate string
	if c.Months > 0 {
		months = g.say.T("page.equipment.months", int(c.Months))
	}
	if c.Certificate != "" {
		certificate = g.say.T("page.life.certificate", c.Certificate)
	}
	w.facts = and(measured(c.Measure), c.Explanation, months, c.Provider, certificate)
}

// measured is what a calibration measured, as it was stated.
func measured(m trace.Measure) string {
	if !m.Stated() {
		return ""
	}
	of := func(sign, number string) string {
		if number == "" {
			return ""
		}
		return strings.TrimSpace(sign + number + " " + m.Unit)
	}
	return and(of("", m.Nominal), of("Δ ", m.Deviation), of("± ", m.Tolerance))
}

// data is the data map of the day: what each piece of equipment produces, where it lies, how it is
// copied, and when it was last brought back.
func (g *gathering) data(ctx context.Context) error {
	lives, err := g.lives(ctx)
	if err != nil {
		return err
	}
	panel := pack.Panel{Empty: g.say.T("pack.data_none"), Columns: g.columns(head{"pack.col.equipment", 40}, head{"page.data.name", 46}, head{"page.data.stored", 46},
		head{"page.data.backup", 46}, head{"page.data.retention", 40}, head{"page.data.last_test", 49})}
	wanting := 0
	for i := range lives {
		for _, l := range lives[i].Data {
			g.shown(l.Set.ID)
			if l.Last != nil {
				g.shown(l.Last.ID)
			}
			if len(l.Gaps) > 0 {
				wanting++
			}
			panel.Rows = append(panel.Rows, g.dataRow(&l))
		}
	}
	if n := len(panel.Rows); n > 0 {
		panel.Text = []string{g.say.T("pack.data_text", n, wanting)}
	}
	g.tell("data", panel)
	return nil
}

func (g *gathering) dataRow(l *trace.DataLine) []pack.Told {
	test := g.state("valid", "")
	test.Text = g.say.T("page.data.never")
	if l.Last != nil {
		test.Text = and(g.say.Date(l.Last.Date), l.Last.Remark)
	}
	for _, gap := range l.Gaps {
		test.Lines = append(test.Lines, g.say.T("page.data.gap_"+string(gap)))
	}
	switch {
	case l.Grave():
		test.State = "missing"
	case len(l.Gaps) > 0:
		test.State = "incoherent"
	}
	name := strong(l.Set.Name)
	name.Below = and(l.Set.Format, l.Set.Typical, g.volume(l.Set.YearlyMB))
	return []pack.Told{{Text: l.Equipment.Code, Below: l.Equipment.Name}, name, plain(orDash(l.Set.Stored)),
		{Text: orDash(l.Set.Backup), Below: l.Set.Frequency}, {Text: orDash(l.Set.Retention), Below: and(l.Set.Owner, l.Set.Opened)}, test}
}

// volume is how much is produced in a year.
func (g *gathering) volume(megabytes int64) string {
	if megabytes == 0 {
		return ""
	}
	return g.say.T("pack.data_yearly", g.say.Size(megabytes*1_000_000))
}
