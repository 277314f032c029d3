package web

import (
	"bytes"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// printed answers with a PDF, to be kept under the name.
func (p *Page) printed(name string, print func(w io.Writer) error) error {
	var out bytes.Buffer
	if err := print(&out); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(name + ".pdf")
	p.c.Set(fiber.HeaderContentType, "application/pdf")
	return p.c.Send(out.Bytes())
}

// reached is where the reader's page of those parts is reached, from a phone too.
func (p *Page) reached(parts ...any) string {
	base := ""
	if p.site.Documents != nil {
		base = p.site.Documents.ReachedUnder()
	}
	if base == "" {
		base = p.c.BaseURL()
	}
	return base + p.To(parts...)
}

// wholeLife reads every line of a life sheet.
func (s *Site) wholeLife(p *Page, code string, asOf qms.Date) (piece *trace.Piece, lines []LifeLine, err error) {
	for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
		sheet, err := s.Trace.LifeSheet(p.Context(), p.Platform.ID, code, asOf, c)
		if err != nil {
			return nil, nil, err
		}
		piece = sheet.Piece
		lines = append(lines, p.lifeLines(piece.Equipment.Code, sheet.Entries.Items, piece.People, setNames(piece.Life.Data), false)...)
		if c.After = sheet.Entries.Next; c.After == "" {
			return piece, lines, nil
		}
		if len(lines) > printedLines {
			return nil, nil, qms.Invalid("list.too_long_to_print", printedLines)
		}
	}
}

func (s *Site) exportLife(p *Page, code string, asOf qms.Date) error {
	return p.Export(export{
		name:  "fiche-de-vie-" + fileCode(code),
		heads: []string{"page.equipment.date", "page.life.ended", "page.life.kind", "page.life.description", "page.life.details", "page.life.voided"},
		kinds: map[int]cell{0: dayCell, 1: dayCell},
		next: func(c qms.Cursor) (rows [][]string, after string, err error) {
			sheet, err := s.Trace.LifeSheet(p.Context(), p.Platform.ID, code, asOf, c)
			if err != nil {
				return nil, "", err
			}
			piece := sheet.Piece
			for _, l := range p.lifeLines(piece.Equipment.Code, sheet.Entries.Items, piece.People, setNames(piece.Life.Data), false) {
				rows = append(rows, []string{p.InputDate(l.Date), p.InputDate(l.Ended), l.Kind, l.Text, strings.Join(l.Facts, " ; "), l.Void})
			}
			return rows, sheet.Entries.Next, nil
		},
	})
}

// fileCode is a code as a name of a file may have it.
func fileCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || strings.ContainsRune(`:;<>?|\/"`, r) {
			return '-'
		}
		return r
	}, code)
}

func (s *Site) printLife(p *Page, code string, asOf qms.Date) error {
	piece, lines, err := s.wholeLife(p, code, asOf)
	if err != nil {
		return err
	}
	e := &piece.Equipment
	sheet := &pack.LifeSheet{Language: p.Lang(), Platform: p.Platform.Name, Code: e.Code, Name: e.Name, AsOf: piece.AsOf, MadeAt: s.Clock(),
		Address: p.reached("equipment", e.Code), State: statusShape[piece.Life.Status], Status: p.T("status." + string(piece.Life.Status)),
		Facts: p.EquipmentFacts(piece), Sections: []pack.LifeSection{p.lifeSection(lines), p.calibrationSection(piece), p.dataSection(piece)}}
	if c := p.Checkpoint(); c != nil {
		sheet.Checkpoint = c.Words
	}
	return p.printed("fiche-de-vie-"+fileCode(e.Code), func(w io.Writer) error { return pack.PrintLifeSheet(w, sheet) })
}

// EquipmentFacts is what is known of a piece of equipment, by name; what is not stated is left out.
func (p *Page) EquipmentFacts(piece *trace.Piece) [][2]string {
	e, life := &piece.Equipment, piece.Life
	var facts [][2]string
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{p.T(key), value})
		}
	}
	add("page.equipment.category", e.Category)
	add("page.equipment.place", life.Place)
	add("page.equipment.responsible", life.Responsible.Name)
	add("page.equipment.make", joined(e.Make, e.Model))
	add("page.equipment.serial", e.Serial)
	add("page.equipment.inventory", e.Inventory)
	add("page.equipment.supplier", e.Supplier)
	add("page.equipment.acquired", p.LongDate(e.Acquired))
	if e.Cost != 0 {
		add("page.equipment.cost", p.Money(e.Cost))
	}
	add("page.equipment.funding", e.Funding)
	add("page.equipment.commissioned", p.LongDate(e.Commissioned))
	add("page.equipment.retired", joined(p.LongDate(e.Retired), e.RetiredWhy))
	add("page.equipment.calibration", p.calibrationWords(piece))
	for _, m := range life.Maintenance {
		add("page.equipment.next_maintenance", joined(m.Program, p.LongDate(m.On)))
	}
	add("page.equipment.trained", p.Number(int64(p.trainedOn(piece))))
	add("page.equipment.notes", e.Notes)
	return facts
}

// calibrationWords is how the calibration of the equipment stands.
func (p *Page) calibrationWords(piece *trace.Piece) string {
	switch {
	case !piece.Calibrated:
		return p.T("page.equipment.not_calibrated")
	case failedOn(piece) != 0:
		return p.T("outcome.nonconforming") + ", " + p.T("page.equipment.since", failedOn(piece))
	case piece.Calibration.Until == 0:
		return p.T("state." + string(piece.Calibration.Standing))
	case piece.Calibration.Standing == trace.Expired:
		return p.T("state.expired") + ", " + p.T("page.equipment.since", piece.Calibration.Until)
	}
	return p.T("state."+string(piece.Calibration.Standing)) + ", " + p.T("page.equipment.through", piece.Calibration.Until.AddDays(-1))
}

// trainedOn counts the people validly trained on the equipment.
func (p *Page) trainedOn(piece *trace.Piece) int {
	people := map[qms.ID]bool{}
	for _, t := range piece.Trainings {
		if t.Standing == trace.Valid || t.Standing == trace.Expiring {
			people[t.Person.ID] = true
		}
	}
	return len(people)
}

func (p *Page) lifeSection(lines []LifeLine) pack.LifeSection {
	section := pack.LifeSection{Title: p.T("page.life.title"), Empty: p.T("page.life.empty"), Columns: []pack.ListColumn{
		{Title: p.T("page.equipment.date"), Width: 22}, {Title: p.T("page.life.kind"), Width: 40},
		{Title: p.T("page.life.description"), Width: 58}, {Title: p.T("page.life.details"), Width: 50}}}
	for _, l := range lines {
		date, words := p.Date(l.Date), l.Text
		if l.Ended != 0 && l.Ended != l.Date {
			date = p.T("page.life.from_to", l.Date, l.Ended)
		}
		if l.Open {
			words = joined(p.T("page.life.open"), words)
		}
		if l.Void != "" {
			words = p.T("page.life.void_because", l.Void) + " " + words
		}
		section.Lines = append(section.Lines, []pack.ListCell{{Text: date}, {Text: l.Kind, State: l.State}, {Text: words}, {Text: strings.Join(l.Facts, ", ")}})
	}
	return section
}

func (p *Page) calibrationSection(piece *trace.Piece) pack.LifeSection {
	section := pack.LifeSection{Title: p.T("page.equipment.calibrations"), Empty: p.T("page.equipment.no_calibration"), Columns: []pack.ListColumn{
		{Title: p.T("page.equipment.date"), Width: 22}, {Title: p.T("page.equipment.outcome"), Width: 32}, {Title: p.T("page.equipment.validity"), Width: 18},
		{Title: p.T("page.life.measured"), Width: 54}, {Title: p.T("page.equipment.certificate"), Width: 44}}}
	for _, c := range piece.Calibrations {
		if c.Void != "" {
			continue
		}
		state, months := "passed", ""
		if c.Outcome == trace.Nonconforming {
			state = "failed"
		}
		if c.Months > 0 {
			months = p.T("page.equipment.months", int(c.Months))
		}
		section.Lines = append(section.Lines, []pack.ListCell{{Text: p.Date(c.Date)}, {Text: p.T("outcome." + string(c.Outcome)), State: state}, {Text: months},
			{Text: joined(p.Measured(c), c.Explanation)}, {Text: joined(c.Certificate, c.Provider)}})
	}
	return section
}

func (p *Page) dataSection(piece *trace.Piece) pack.LifeSection {
	section := pack.LifeSection{Title: p.T("page.data.title"), Empty: p.T("page.data.none_here"), Columns: []pack.ListColumn{
		{Title: p.T("page.data.name"), Width: 40}, {Title: p.T("page.data.stored"), Width: 42}, {Title: p.T("page.data.backup"), Width: 44},
		{Title: p.T("page.data.last_test"), Width: 44}}}
	for _, l := range piece.Life.Data {
		section.Lines = append(section.Lines, []pack.ListCell{{Text: joined(l.Set.Name, l.Set.Format, p.Volume(l.Set.YearlyMB)), Strong: true},
			{Text: joined(l.Set.Stored, l.Set.Retention)}, {Text: joined(l.Set.Backup, l.Set.Frequency)}, {Text: p.dataWords(l), State: dataShape(l)}})
	}
	return section
}
