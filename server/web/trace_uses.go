package web

import (
	"strconv"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/trace"
)

func (s *Site) usePages() {
	const one = Prefix + "/uses/:number"
	s.page(Prefix+"/uses", qms.ReadTrace, s.uses)
	s.page(Prefix+"/uses/status", qms.WriteTrace, s.useStatus)
	s.both(Prefix+"/uses/new", qms.WriteTrace, s.newUse, s.addUse)
	s.page(one, qms.ReadTrace, s.use)
	s.both(one+"/correct", qms.WriteTrace, s.newUseCorrection, s.correctUse)
	s.both(one+"/void", qms.WriteTrace, s.newUseVoid, s.voidUse)
}

// UsesView is the list of uses.
type UsesView struct {
	Lines  []trace.UseLine
	Next   string
	Form   *Form
	Covers []Option
	Chips  []Chip
	Past   qms.Date
}

func (s *Site) uses(p *Page) error {
	f := p.filterForm("cover", "person", "equipment", "from", "to", "as_of")
	asOf, err := p.AsOf()
	p.SortBy("-date")
	p.Title, p.Wide = p.T("page.uses.title"), true
	filter := trace.UseFilter{AsOf: asOf, Person: f.ID("person"), Equipment: f.ID("equipment"), From: f.Date("from"), To: f.Date("to"), Sort: p.Query("sort")}
	if cover := f.Text("cover"); cover == "uncovered" {
		filter.Uncovered = true
	} else {
		filter.Check = trace.Check(cover)
	}
	view := UsesView{Form: f, Past: p.asOfNote(asOf), Covers: p.coverOptions(), Chips: p.filterChips("cover", "person", "equipment", "from", "to", "as_of")}
	if err == nil {
		err = f.Err()
	}
	if err != nil {
		return p.Again("uses_list", f, err, view)
	}
	if p.Exported() {
		return s.exportUses(p, filter)
	}
	page, err := s.Trace.Uses(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view.Lines, view.Next = page.Items, page.Next
	return p.Render("uses_list", view)
}

func (s *Site) exportUses(p *Page, filter trace.UseFilter) error {
	return p.Export(export{
		name: "uses-" + filter.AsOf.String(),
		heads: []string{"page.uses.number", "page.uses.date", "page.uses.person", "page.uses.equipment", "page.uses.minutes", "page.uses.project",
			"page.uses.cover"},
		kinds: map[int]cell{1: dayCell, 4: countCell}, fixed: 1,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Trace.Uses(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				lines = append(lines, []string{l.Use.Number, p.InputDate(l.Use.Date), l.Person.Name, l.Equipment.Code,
					strconv.FormatInt(l.Use.Minutes, 10), l.Use.Project, string(l.Check)})
			}
			return lines, page.Next, err
		},
	})
}

func (p *Page) coverOptions() []Option {
	options := []Option{{"", p.T("page.uses.all")}, {"uncovered", p.T("page.uses.uncovered")}}
	for _, c := range trace.UseChecks() {
		options = append(options, Option{string(c), string(c) + ", " + p.T("check."+string(c)+".title")})
	}
	return options
}

// UseView is one use with what covers it.
type UseView struct {
	*trace.UseSheet
	Filled []documents.RecordLine // records about it
}

// LastDay is the last day of a training; none when it has no end.
func (v UseView) LastDay(t trace.Training) qms.Date { return t.Validity().Until.AddDays(-1) }

func (s *Site) useOf(p *Page) (*trace.UseSheet, error) {
	return s.Trace.UseSheet(p.Context(), p.Platform.ID, p.number("number"))
}

func (s *Site) use(p *Page) error {
	u, err := s.useOf(p)
	if err != nil {
		return err
	}
	p.Title = u.Use.Number
	p.Crumb(p.T("page.uses.title"), p.To("uses"))
	filled, err := s.filledAbout(p, documents.AboutUse, u.Use.Number)
	if err != nil {
		return err
	}
	return p.Render("uses_show", UseView{u, filled})
}

// UseForm is a form about a use; Number is empty for a new one.
type UseForm struct {
	Form      *Form
	Number    string
	Told      *trace.UseForecast // what covers it, when it can be said
	People    []Option
	Equipment []Option
}

func (s *Site) useForm(p *Page, f *Form, title string, u *trace.UseSheet) (UseForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	p.Title = p.T(title)
	p.Crumb(p.T("page.uses.title"), p.To("uses"))
	view := UseForm{Form: f, People: p.peopleOptions("page.services.choose", c.People, p.Today), Equipment: p.equipmentOptions("page.services.choose", c.Equipment)}
	if u != nil {
		view.Number = u.Use.Number
		view.People = with(view.People, string(u.Use.Person), u.Person.Name)
		view.Equipment = with(view.Equipment, string(u.Use.Equipment), u.Equipment.Code)
		p.Crumb(u.Use.Number, p.To("uses", u.Use.Number))
	}
	return view, err
}

func useCommand(p *Page, f *Form) trace.RecordUse {
	hours := f.Money("hours") // hours are typed with up to two decimals, as amounts are
	return trace.RecordUse{Platform: p.Platform.ID, Number: f.Text("number"), Person: f.ID("person"), Equipment: f.ID("equipment"),
		Date: f.Date("date"), Began: f.Text("began"), Minutes: int64(hours) * 60 / 100, Project: f.Text("project")}
}

func (s *Site) newUse(p *Page) error {
	f := p.Form().Set("date", p.Today).Set("equipment", p.Query("equipment"))
	view, err := s.useForm(p, f, "page.uses.new", nil)
	if err != nil {
		return err
	}
	return p.Render("uses_form", view)
}

func (s *Site) addUse(p *Page) error {
	f := p.Form()
	view, err := s.useForm(p, f, "page.uses.new", nil)
	if err != nil {
		return err
	}
	cmd := useCommand(p, f)
	if view.Told, err = s.forecast(p, cmd); err != nil {
		return err
	}
	if told := view.Told; told != nil && told.Check != "" && !told.Refused && !f.Checked("anyway") && f.Err() == nil {
		return p.Render("uses_form", view) // once more, with what covers it: the next time it is recorded
	}
	var noted *trace.JudgedUse
	if err = f.Err(); err == nil {
		noted, err = s.Trace.NoteUse(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("uses_form", f, err, view)
	}
	if noted.Check != "" {
		return p.Done(p.To("uses", noted.Number), "page.checks.use_added", noted.Number, noted.Check)
	}
	return p.Done(p.To("uses", noted.Number), "page.uses.added", noted.Number)
}

// forecast says what covers a use, nil while it is not known who, what and when.
func (s *Site) forecast(p *Page, cmd trace.RecordUse) (*trace.UseForecast, error) {
	if cmd.Person == "" || cmd.Equipment == "" || cmd.Date == 0 {
		return nil, nil
	}
	told, err := s.Trace.ForecastUse(p.Context(), cmd)
	return &told, err
}

// useStatus is the part of the form that says so while it is being filled in.
func (s *Site) useStatus(p *Page) (err error) {
	if !p.IsFragment() {
		return p.Redirect(p.To("uses", "new"))
	}
	f := p.Form()
	for _, name := range []string{"person", "equipment", "date", "began", "hours"} {
		f.Set(name, p.Query(name))
	}
	cmd := useCommand(p, f)
	view := UseForm{Form: f}
	if f.Err() == nil {
		if view.Told, err = s.forecast(p, cmd); err != nil {
			return err
		}
	}
	return p.Fragment("uses_form", "use-status", view)
}

func (s *Site) newUseCorrection(p *Page) error {
	u, err := s.useOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", u.Use.Revision).Set("person", u.Use.Person).Set("equipment", u.Use.Equipment).Set("date", u.Use.Date).
		Set("began", u.Use.Began).Set("hours", qms.Money(u.Use.Minutes*100/60)).Set("project", u.Use.Project)
	view, err := s.useForm(p, f, "page.uses.correct", u)
	if err != nil {
		return err
	}
	return p.Render("uses_form", view)
}

func (s *Site) correctUse(p *Page) error {
	u, err := s.useOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	view, err := s.useForm(p, f, "page.uses.correct", u)
	if err != nil {
		return err
	}
	cmd, target := useCommand(p, f), p.target(f, u.Use.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectUse(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("uses_form", f, err, view)
	}
	return p.Done(p.To("uses", u.Use.Number), "page.uses.corrected", u.Use.Number)
}

func (s *Site) newUseVoid(p *Page) error {
	u, err := s.useOf(p)
	if err != nil {
		return err
	}
	view, err := s.useForm(p, p.Form().Set("revision", u.Use.Revision), "page.uses.void", u)
	if err != nil {
		return err
	}
	return p.Render("uses_void", view)
}

func (s *Site) voidUse(p *Page) error {
	u, err := s.useOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	view, err := s.useForm(p, f, "page.uses.void", u)
	if err != nil {
		return err
	}
	target := p.target(f, u.Use.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidUse(p.Context(), target)
	}
	if err != nil {
		return p.Again("uses_void", f, err, view)
	}
	return p.Done(p.To("uses", u.Use.Number), "page.uses.voided", u.Use.Number)
}
