package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
)

// portfolioPages are all platforms of the programme at a glance, for quality officers.
func (s *Site) portfolioPages() {
	s.page("/portfolio", qms.AccompanyPlatform, s.portfolio)
	s.page("/portfolio/timeline", qms.AccompanyPlatform, s.portfolioTimeline)
	s.page("/portfolio/load", qms.AccompanyPlatform, s.portfolioLoad)
	s.page("/portfolio/compare", qms.AccompanyPlatform, s.portfolioCompare)
}

// Followed is one platform of the portfolio.
type Followed struct {
	label.PortfolioLine
	Code, Name string
	Officer    string // name of who looks after it; empty when nobody does
	Behind     string // short names of the institutions
	day        qms.Date
	page       *Page
}

// Stage is where the platform stands, State its shape.
func (f *Followed) Stage() string {
	return f.page.T("page.portfolio.stage_" + string(f.Standing.Stage))
}

// State is the shape of the stage.
func (f *Followed) State() string { return string(f.Standing.Stage) }

// IsLate reports whether something went by.
func (f *Followed) IsLate() bool { return f.LateDates() > 0 || f.Overdue > 0 }

// LateDates counts the dates that went by.
func (f *Followed) LateDates() int { return len(f.Late(f.day)) }

// NextOn is the date to look at first; none when there is none.
func (f *Followed) NextOn() qms.Date {
	d, _ := f.Next()
	return d.On
}

// NextLate reports whether that date went by.
func (f *Followed) NextLate() bool { return f.NextOn() != 0 && f.NextOn() < f.day }

// NextWords say what that date is, NextHref where it is done.
func (f *Followed) NextWords() string {
	d, ok := f.Next()
	if !ok {
		return ""
	}
	return f.page.DateWords(d)
}

// NextHref is where it is done.
func (f *Followed) NextHref() string {
	d, _ := f.Next()
	return f.Href(d)
}

// Href is where a date is done.
func (f *Followed) Href(d label.PortfolioDate) string {
	return "/p/" + f.Code + "/" + strings.Join(d.Parts, "/")
}

// DateWords say what a date of the portfolio is.
func (p *Page) DateWords(d label.PortfolioDate) string {
	words := p.T("page.portfolio.date_" + d.Kind)
	if d.Title != "" && d.Kind != "condition" {
		return words + ", " + d.Title
	}
	return words
}

// PortfolioView is what the pages of the portfolio share.
type PortfolioView struct {
	Day          qms.Date // as things stood at its end
	Past         bool     // it is before today
	Form         *Form
	Lines        []Followed // those that the filters let through
	All          int
	Stages       []StageCount // of the lines, whatever the stage asked for
	Chips        []Chip
	StageOptions []Option
	Officers     []Option
	Institutions []Option
	At           string // the page of the portfolio: list, timeline, load, compare
	wrong        error  // of the day asked for; the view is of today then
	every        []Followed
	page         *Page
	whole        *label.Portfolio
}

// StageCount is how many platforms stand at a stage.
type StageCount struct {
	Stage label.Stage
	Word  string
	Count int
	Href  string
	On    bool
}

// portfolioFilters are the names of the filters in the address, which the tabs keep.
var portfolioFilters = []string{"stage", "officer", "institution", "late", "as_of"}

// portfolioView reads the portfolio with the filters of the address.
func (s *Site) portfolioView(p *Page, at string) (*PortfolioView, error) {
	v := &PortfolioView{At: at, page: p, Form: p.filterForm(append([]string{"label"}, portfolioFilters...)...)}
	var day qms.Date
	if day, v.wrong = p.AsOf(); v.wrong != nil || day == p.Today {
		day = 0
	}
	var err error
	v.whole, err = s.Label.Portfolio(p.Context(), day)
	if qms.CodeOf(err) == qms.CodeInvalid {
		v.wrong = err
		v.whole, err = s.Label.Portfolio(p.Context(), 0)
	}
	if err != nil {
		return nil, err
	}
	p.Title, p.Wide = p.T("page.portfolio.title"), true
	v.Day, v.Past, v.All = v.whole.Day, v.whole.Day < p.Today, len(p.Platforms)
	known := map[qms.ID]label.PortfolioLine{}
	for _, l := range v.whole.Lines {
		known[l.Platform] = l
	}
	for _, platform := range p.Platforms {
		line, ok := known[platform.ID]
		if !ok {
			line = label.PortfolioLine{Platform: platform.ID, Standing: label.Standing{Stage: label.StageIdentified}}
		}
		v.every = append(v.every, Followed{PortfolioLine: line, Code: platform.Code, Name: platform.Name, Officer: v.whole.Names[line.Officer],
			Behind: shortNames(v.whole.Institutions, line.Institutions), day: v.Day, page: p})
	}
	v.sort(p)
	v.choices(p, p.portfolioFilter(), v.narrow(p.portfolioFilter()))
	return v, nil
}

// narrow keeps the lines that the filter lets through, and counts the stages of all that the rest of it does.
func (v *PortfolioView) narrow(filter label.PortfolioFilter) map[label.Stage]int {
	counts, stageless := map[label.Stage]int{}, filter
	stageless.Stage = ""
	for i := range v.every {
		line := &v.every[i].PortfolioLine
		if stageless.Keeps(line, v.Day) {
			counts[line.Standing.Stage]++
		}
		if filter.Keeps(line, v.Day) {
			v.Lines = append(v.Lines, v.every[i])
		}
	}
	return counts
}

// Kept are the filters in force, for a form that goes elsewhere.
func (v *PortfolioView) Kept() map[string]string {
	kept := map[string]string{}
	for _, name := range portfolioFilters {
		if value := v.page.Query(name); value != "" {
			kept[name] = value
		}
	}
	return kept
}

// Compared are the platforms that the address names for a comparison.
func (v *PortfolioView) Compared() []string {
	if v.At != "compare" {
		return nil
	}
	return v.page.queries("platform")
}

// Tab is the address of a page of the portfolio with the filters in force.
func (v *PortfolioView) Tab(path string) string {
	q := url.Values{}
	for name, value := range v.Kept() {
		q.Set(name, value)
	}
	return (&url.URL{Path: path, RawQuery: q.Encode()}).String()
}

// show answers with a page of the portfolio, or with it and what is wrong with the day asked for.
func (v *PortfolioView) show(page string, data any) error {
	if v.wrong != nil {
		return v.page.Again(page, v.Form, v.wrong, data)
	}
	return v.page.Render(page, data)
}

// asFile reports whether the reader asks for a file, which is of a day that there is.
func (v *PortfolioView) asFile() bool {
	return v.wrong == nil && (v.page.Exported() || v.page.Printed())
}

// facts are the sentences below the title of a printed page.
func (v *PortfolioView) facts(first string) []string {
	facts := []string{first}
	for _, c := range v.Chips {
		facts = append(facts, c.Label)
	}
	return facts
}

func shortNames(all []label.Institution, of []qms.ID) string {
	var names []string
	for _, i := range all {
		if slices.Contains(of, i.ID) {
			names = append(names, i.ShortName)
		}
	}
	return strings.Join(names, ", ")
}

func (p *Page) portfolioFilter() label.PortfolioFilter {
	f := label.PortfolioFilter{Stage: label.Stage(p.Query("stage")), Officer: qms.ID(p.Query("officer")), Institution: qms.ID(p.Query("institution")), Late: p.Query("late") != ""}
	if f.Officer == "nobody" {
		f.Officer, f.Nobody = "", true
	}
	return f
}

// sort orders the lines as the address asks for: by the date to look at first when it does not.
func (v *PortfolioView) sort(p *Page) {
	p.SortBy("next")
	column, down := strings.CutPrefix(p.Sort(), "-")
	stages := label.Stages()
	by := func(a, b *Followed) int {
		switch column {
		case "stage":
			return cmp.Compare(slices.Index(stages, a.Standing.Stage), slices.Index(stages, b.Standing.Stage))
		case "late":
			return cmp.Compare(a.Overdue, b.Overdue)
		case "officer":
			return strings.Compare(a.Officer, b.Officer)
		case "next":
			if none := cmp.Compare(b2i(a.NextOn() == 0), b2i(b.NextOn() == 0)); none != 0 {
				if down {
					return -none // those without a date stand last either way
				}
				return none
			}
			return cmp.Compare(a.NextOn(), b.NextOn())
		}
		return 0
	}
	slices.SortStableFunc(v.every, func(a, b Followed) int {
		order := by(&a, &b)
		if down {
			order = -order
		}
		name := strings.Compare(a.Name, b.Name)
		if column == "name" && down {
			name = -name
		}
		return cmp.Or(order, name, strings.Compare(a.Code, b.Code))
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// choices are the filters, what each may be, and those in force.
func (v *PortfolioView) choices(p *Page, f label.PortfolioFilter, counts map[label.Stage]int) {
	v.StageOptions = []Option{{"", p.T("page.portfolio.all_stages")}}
	for _, stage := range label.Stages() {
		word := p.T("page.portfolio.stage_" + string(stage))
		v.StageOptions = append(v.StageOptions, Option{string(stage), word})
		if counts[stage] > 0 || stage == f.Stage {
			href := p.With("stage", string(stage))
			if stage == f.Stage {
				href = p.With("stage", "")
			}
			v.Stages = append(v.Stages, StageCount{stage, word, counts[stage], href, stage == f.Stage})
		}
	}
	v.Officers = []Option{{"", p.T("page.portfolio.all_officers")}}
	for _, id := range sortedNames(v.whole.Names) {
		v.Officers = append(v.Officers, Option{string(id), v.whole.Names[id]})
	}
	v.Officers = append(v.Officers, Option{"nobody", p.T("page.candidacy.nobody")})
	v.Institutions = []Option{{"", p.T("page.portfolio.all_institutions")}}
	for _, i := range v.whole.Institutions {
		v.Institutions = append(v.Institutions, Option{string(i.ID), i.ShortName})
	}
	v.Chips = v.chips(p)
}

// chips are the filters in force.
func (v *PortfolioView) chips(p *Page) []Chip {
	named := func(options []Option, value string) string {
		for _, o := range options {
			if o.Value == value {
				return o.Label
			}
		}
		return value
	}
	return p.Chips(func(name, value string) string {
		switch name {
		case "stage":
			return named(v.StageOptions, value)
		case "officer":
			return p.T("page.portfolio.of_officer", named(v.Officers, value))
		case "institution":
			return named(v.Institutions, value)
		case "label":
			return named(v.OtherKinds(), value)
		case "as_of":
			return p.T("page.portfolio.on_day", v.Day)
		}
		return p.T("page.portfolio.only_late")
	}, "stage", "officer", "institution", "late", "label", "as_of")
}

func sortedNames(names map[qms.ID]string) []qms.ID {
	ids := make([]qms.ID, 0, len(names))
	for id := range names {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b qms.ID) int {
		return cmp.Or(strings.Compare(names[a], names[b]), cmp.Compare(a, b))
	})
	return ids
}

// Late counts the lines with something late.
func (v *PortfolioView) Late() (n int) {
	for i := range v.Lines {
		n += b2i(v.Lines[i].IsLate())
	}
	return n
}

func (s *Site) portfolio(p *Page) error {
	v, err := s.portfolioView(p, "list")
	if err != nil {
		return err
	}
	if v.asFile() {
		return p.exportPortfolio(v)
	}
	return v.show("portfolio_list", v)
}

// exportPortfolio writes the lines as a file: for a spreadsheet, or on paper.
func (p *Page) exportPortfolio(v *PortfolioView) error {
	shapes := map[string]string{}
	for _, stage := range label.Stages() {
		shapes[p.T("page.portfolio.stage_"+string(stage))] = string(stage)
	}
	return p.Export(export{
		name: "portefeuille-" + v.Day.String(), fixed: 2, kinds: map[int]cell{3: dayCell, 6: dayCell, 8: countCell, 9: countCell, 10: dayCell, 11: dayCell, 12: dayCell, 13: dayCell},
		heads: []string{"page.portfolio.code", "page.portfolio.platform", "page.portfolio.stage", "page.portfolio.since", "page.portfolio.officer", "page.portfolio.institutions",
			"page.portfolio.next", "page.portfolio.what", "page.portfolio.overdue", "page.portfolio.late_dates", "page.portfolio.accompanied_from", "page.portfolio.planned_end",
			"page.portfolio.awarded", "page.portfolio.ends"},
		print: &printing{title: p.Title, asOf: v.Day, empty: p.T("page.portfolio.empty"), right: map[int]bool{3: true, 6: true, 8: true, 13: true},
			facts:  v.facts(p.T("page.portfolio.facts", len(v.Lines), v.Late())),
			widths: []float64{.08, .2, .13, .08, .09, .09, .08, .16, .08, 0, 0, 0, 0, .08}, shapes: shapes},
		next: func(qms.Cursor) (rows [][]string, after string, err error) {
			for i := range v.Lines {
				l := &v.Lines[i]
				var awarded, ends qms.Date
				if l.Standing.Label != nil {
					awarded, ends = l.Standing.Label.AwardedOn, l.Standing.Until
				}
				rows = append(rows, []string{l.Code, l.Name, l.Stage(), p.InputDate(l.Standing.Since), l.Officer, l.Behind, p.InputDate(l.NextOn()), l.NextWords(),
					p.Number(int64(l.Overdue)), p.Number(int64(l.LateDates())), p.InputDate(l.Start), p.InputDate(l.PlannedEnd), p.InputDate(awarded), p.InputDate(ends)})
			}
			return rows, "", nil
		},
	})
}
