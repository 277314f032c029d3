package web

import (
	"context"
	"math/big"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

// dataPages are the data map of the platform and the acts that keep it.
func (s *Site) dataPages(one string) {
	s.page(Prefix+"/equipment/data-map", qms.ReadTrace, s.dataMap)
	s.both(one+"/data/new", qms.ManageEquipment, s.newDataSet, s.addDataSet)
	s.both(one+"/data/:id/correct", qms.ManageEquipment, s.newDataCorrection, s.correctDataSet)
	s.both(one+"/data/:id/void", qms.ManageEquipment, s.newDataVoid, s.voidDataSet)
	s.both(one+"/data/:id/test", qms.ManageEquipment, s.newRestoreTest, s.addRestoreTest)
	s.both(one+"/data/:id/tests/:test/void", qms.ManageEquipment, s.newTestVoid, s.voidRestoreTest)
}

// DataMapView is the data map of a platform.
type DataMapView struct {
	*trace.DataMap
	Past       qms.Date
	Form       *Form
	Categories []Option
	Chips      []Chip
}

func (s *Site) dataMap(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.data.title"), true
	p.Crumb(p.T("page.equipment.title"), p.To("equipment"))
	filter := trace.DataFilter{AsOf: asOf, Category: p.Query("category"), Gaps: p.Query("gaps") != ""}
	if p.Exported() || p.Printed() {
		return s.exportDataMap(p, filter)
	}
	m, err := s.Trace.DataMap(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := DataMapView{DataMap: m, Past: p.asOfNote(m.AsOf), Form: p.filterForm("category", "gaps", "as_of"), Categories: p.categoryOptions(m.Categories)}
	view.Chips = p.Chips(p.equipmentChip, "category", "gaps", "as_of")
	return p.Render("equipment_data_map", view)
}

func (p *Page) categoryOptions(categories []string) []Option {
	options := []Option{{"", p.T("page.equipment.all_categories")}}
	for _, c := range categories {
		options = append(options, Option{c, c})
	}
	return options
}

// equipmentChip is a filter of the lists of equipment in words.
func (p *Page) equipmentChip(name, value string) string {
	switch name {
	case "category":
		return value
	case "as_of":
		d, err := ParseDate(value)
		if err != nil {
			return ""
		}
		return p.T("page.services.chip_as_of", d)
	case "kind":
		if value != trace.DueCalibration && value != trace.DueMaintenance {
			return ""
		}
		return p.T("due." + value)
	case "standing":
		return p.T("state." + value)
	}
	return p.T("page.data.chip_" + name)
}

// dataWords is the last restore test of a line and what is wanting, in words.
func (p *Page) dataWords(l trace.DataLine) string {
	var parts []string
	if l.Last != nil {
		parts = append(parts, p.Date(l.Last.Date))
	}
	for _, g := range l.Gaps {
		parts = append(parts, p.T("page.data.gap_"+string(g)))
	}
	return strings.Join(parts, ", ")
}

// dataShape is the state whose shape a line of the data map has.
func dataShape(l trace.DataLine) string {
	switch {
	case l.Grave():
		return "missing"
	case len(l.Gaps) > 0:
		return "incoherent"
	}
	return "valid"
}

// DataShape is dataShape, for templates.
func (p *Page) DataShape(l trace.DataLine) string { return dataShape(l) }

func (s *Site) exportDataMap(p *Page, filter trace.DataFilter) error {
	day := filter.AsOf
	if day == 0 {
		day = p.Today
	}
	return p.Export(export{
		name: "cartographie-donnees-" + day.String(),
		heads: []string{"page.equipment.code", "page.equipment.name", "page.data.name", "page.data.format", "page.data.yearly_mb", "page.data.typical", "page.data.stored",
			"page.data.backup", "page.data.frequency", "page.data.last_test", "page.data.test_outcome", "page.data.retention", "page.data.owner", "page.data.opened", "page.data.gaps"},
		kinds: map[int]cell{4: countCell, 9: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.data.title"), asOf: day, empty: p.T("page.data.empty"), right: map[int]bool{9: true},
			widths: []float64{16, 0, 30, 16, 0, 0, 30, 28, 25, 24, 0, 24, 24, 24, 34}},
		next: func(c qms.Cursor) (rows [][]string, after string, err error) {
			m, err := s.Trace.DataMap(p.Context(), p.Platform.ID, filter, c)
			if err != nil {
				return nil, "", err
			}
			for _, l := range m.Lines.Items {
				rows = append(rows, p.dataRow(l))
			}
			return rows, m.Lines.Next, nil
		},
	})
}

func (p *Page) dataRow(l trace.DataLine) []string {
	tested, outcome := "", ""
	if l.Last != nil {
		tested, outcome = p.InputDate(l.Last.Date), p.T("page.data.restored")
		if !l.Last.Restored {
			outcome = p.T("page.data.not_restored")
		}
	}
	var gaps []string
	for _, g := range l.Gaps {
		gaps = append(gaps, p.T("page.data.gap_"+string(g)))
	}
	d := l.Set
	return []string{l.Equipment.Code, l.Equipment.Name, d.Name, d.Format, strconv.FormatInt(d.YearlyMB, 10), d.Typical, d.Stored, d.Backup, d.Frequency,
		tested, outcome, d.Retention, d.Owner, d.Opened, strings.Join(gaps, ", ")}
}

// Volume is a number of megabytes in words; nothing for none.
func (p *Page) Volume(mb int64) string {
	switch {
	case mb == 0:
		return ""
	case mb >= 1_000_000:
		unit := "TB"
		if p.Lang() == locale.French {
			unit = "To"
		}
		return p.Decimal(float64(mb)/1e6, 1) + "\u202f" + unit
	}
	return p.Size(mb * 1_000_000)
}

// DataFacts is the format and the size of a data set, in words.
func (p *Page) DataFacts(d trace.DataSet) string {
	yearly := p.Volume(d.YearlyMB)
	if yearly != "" {
		yearly = p.T("page.data.a_year", yearly)
	}
	return joined(d.Format, yearly, d.Typical)
}

// volumes are the units that people write, in megabytes.
var volumes = map[string]int64{"mo": 1, "mb": 1, "go": 1_000, "gb": 1_000, "to": 1_000_000, "tb": 1_000_000, "po": 1_000_000_000, "pb": 1_000_000_000}

// volume reads what people write of a volume, "1,2 To", as megabytes; zero when the field is empty.
func (f *Form) volume(name string) int64 {
	text := f.Text(name)
	s := strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(text))
	if s == "" {
		return 0
	}
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	factor, known := volumes[s[len(digits):]]
	if value, ok := new(big.Rat).SetString(digits); ok && known && len(digits) < 16 && strings.Trim(digits, "0123456789.") == "" {
		mb, _ := value.Mul(value, new(big.Rat).SetInt64(factor)).Float64()
		if mb < 1e15 {
			return int64(mb + 0.5)
		}
	}
	f.note(name, qms.Invalid("data.size_malformed", text))
	return 0
}

// DataForm is the form of a data set, or of a restore test of one.
type DataForm struct {
	Form     *Form
	Code     string
	Name     string
	Set      *trace.DataSet // nil for a new one
	People   []Option
	Outcomes []Option
}

func (p *Page) dataForm(f *Form, title string, piece *trace.Piece, d *trace.DataSet) DataForm {
	p.equipmentForm(f, title, &piece.Equipment)
	return DataForm{Form: f, Code: piece.Equipment.Code, Name: piece.Equipment.Name, Set: d, People: p.peopleOptions("page.life.nobody", piece.People, p.Today),
		Outcomes: []Option{{"yes", p.T("page.data.restored")}, {"no", p.T("page.data.not_restored")}}}
}

func dataCommand(p *Page, f *Form, equipment qms.ID) trace.AddDataSet {
	return trace.AddDataSet{Platform: p.Platform.ID, Equipment: equipment, Name: f.Text("name"), Format: f.Text("format"), YearlyMB: f.volume("yearly"), Typical: f.Text("typical"),
		Stored: f.Text("stored"), Backup: f.Text("backup"), Frequency: f.Text("frequency"), Retention: f.Text("retention"), Owner: f.Text("owner"), Opened: f.Text("opened"),
		Remark: f.Text("remark"), Date: f.Date("date"), Through: f.Date("through")}
}

func (s *Site) newDataSet(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("date", p.Today)
	if piece.Equipment.Commissioned != 0 {
		f = p.Form().Set("date", piece.Equipment.Commissioned)
	}
	return p.Render("equipment_data", p.dataForm(f, "page.data.new", piece, nil))
}

func (s *Site) addDataSet(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd := dataCommand(p, f, piece.Equipment.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.AddDataSet(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_data", f, err, p.dataForm(f, "page.data.new", piece, nil))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.data.added", piece.Equipment.Code)
}

// dataOf is the data set in the path, of the equipment in the path; one that is void is not found.
func (s *Site) dataOf(p *Page) (*trace.Piece, *trace.DataSet, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, nil, err
	}
	piece, err := s.pieceOf(p)
	if err != nil {
		return nil, nil, err
	}
	d, err := s.Trace.DataSet(p.Context(), p.Platform.ID, id)
	if err == nil && (d.Equipment != piece.Equipment.ID || d.Void != "") {
		err = qms.NotFound("record.not_found")
	}
	return piece, d, err
}

func (s *Site) newDataCorrection(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", d.Revision).Set("name", d.Name).Set("format", d.Format).Set("typical", d.Typical).Set("stored", d.Stored).Set("backup", d.Backup).
		Set("frequency", d.Frequency).Set("retention", d.Retention).Set("owner", d.Owner).Set("opened", d.Opened).Set("remark", d.Remark).Set("date", d.Date).Set("through", d.Through)
	if d.YearlyMB > 0 {
		unit := map[bool]string{true: " Mo", false: " MB"}[p.Lang() == locale.French]
		f.Set("yearly", strconv.FormatInt(d.YearlyMB, 10)+unit)
	}
	return p.Render("equipment_data", p.dataForm(f, "page.data.correct", piece, d))
}

func (s *Site) correctDataSet(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd, target := dataCommand(p, f, d.Equipment), p.target(f, d.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectDataSet(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("equipment_data", f, err, p.dataForm(f, "page.data.correct", piece, d))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.data.corrected", d.Name)
}

func (s *Site) newRestoreTest(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	return p.Render("equipment_restore", p.dataForm(p.Form().Set("date", p.Today), "page.data.test", piece, d))
}

func (s *Site) addRestoreTest(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd := trace.RecordRestoreTest{Platform: p.Platform.ID, DataSet: d.ID, Date: f.Date("date"), Restored: f.Text("restored") == "yes", Person: f.ID("person"), Remark: f.Text("remark")}
	if err = f.Need("restored").Err(); err == nil {
		_, err = s.Trace.RecordRestoreTest(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_restore", f, err, p.dataForm(f, "page.data.test", piece, d))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.data.tested", d.Name)
}

func (s *Site) voidOfData(d *trace.DataSet) actOn {
	return actOn{EquipmentAct{Title: "page.data.void", About: d.Name, Reason: "page.services.void_reason", Consequence: "page.data.void_consequence", Danger: true}, "page.data.voided",
		func(ctx context.Context, t trace.Target, _ *Form) error {
			_, err := s.Trace.VoidDataSet(ctx, t)
			return err
		}}
}

func (s *Site) newDataVoid(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	return s.ask(p, piece, d.Row, s.voidOfData(d))
}

func (s *Site) voidDataSet(p *Page) error {
	piece, d, err := s.dataOf(p)
	if err != nil {
		return err
	}
	return s.take(p, piece, d.Row, s.voidOfData(d))
}

func (s *Site) testOf(p *Page) (*trace.Piece, *trace.RestoreTest, actOn, error) {
	a := actOn{EquipmentAct{Title: "page.data.void_test", Reason: "page.services.void_reason", Consequence: "page.data.void_test_consequence", Danger: true}, "page.data.test_voided",
		func(ctx context.Context, t trace.Target, _ *Form) error {
			_, err := s.Trace.VoidRestoreTest(ctx, t)
			return err
		}}
	id, err := p.ID("test")
	if err != nil {
		return nil, nil, a, err
	}
	piece, d, err := s.dataOf(p)
	if err != nil {
		return nil, nil, a, err
	}
	t, err := s.Trace.RestoreTest(p.Context(), p.Platform.ID, id)
	if err == nil && (t.DataSet != d.ID || t.Void != "") {
		err = qms.NotFound("record.not_found")
	}
	if err == nil {
		a.About = d.Name + ", " + p.Date(t.Date)
	}
	return piece, t, a, err
}

func (s *Site) newTestVoid(p *Page) error {
	piece, t, a, err := s.testOf(p)
	if err != nil {
		return err
	}
	return s.ask(p, piece, t.Row, a)
}

func (s *Site) voidRestoreTest(p *Page) error {
	piece, t, a, err := s.testOf(p)
	if err != nil {
		return err
	}
	return s.take(p, piece, t.Row, a)
}
