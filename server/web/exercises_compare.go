package web

import (
	"strconv"

	"maillon/audits"
)

// yearsPage is the exercises of a platform by year.
type yearsPage struct {
	Form     *Form
	Years    []yearGroup // the latest first
	Curve    *Chart
	Practice bool // those for practice are shown too
	Choices  []Option
}

// yearGroup is the exercises as of one year.
type yearGroup struct {
	Year  int
	Items []audits.Exercise
}

func (s *Site) exerciseYears(p *Page) error {
	p.Title, p.Wide = p.T("page.exercises.years"), true
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
	view := yearsPage{Practice: p.Query("practice") != "", Form: p.Form()}
	all, err := s.Audits.Series(p.Context(), p.Platform.ID, view.Practice)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		e := all[i]
		if n := len(view.Years); n == 0 || view.Years[n-1].Year != e.AsOf.Year() {
			view.Years = append(view.Years, yearGroup{Year: e.AsOf.Year()})
		}
		g := &view.Years[len(view.Years)-1]
		g.Items = append(g.Items, e)
		view.Choices = append(view.Choices, Option{e.Number, e.Number + ", " + p.ExerciseKind(e)})
	}
	if len(all) > 1 {
		view.Curve = p.scores(p.T("page.exercises.chart_scores"), all)
	}
	if a, b := lastTwo(all); a != "" {
		view.Form.Set("a", a).Set("b", b)
	}
	return p.Render("exercises_years", view)
}

// lastTwo are the numbers of the latest exercise that has one of its kind before it, and of that one.
func lastTwo(all []audits.Exercise) (a, b string) {
	for i := len(all) - 1; i > 0; i-- {
		for k := i - 1; k >= 0; k-- {
			if exerciseKind(all[k]) == exerciseKind(all[i]) {
				return all[k].Number, all[i].Number
			}
		}
	}
	return "", ""
}

// Score is the score of an exercise in percent.
func (p *Page) Score(e audits.Exercise) string { return p.Percent(int(e.Found), int(e.Expected)) }

// comparePage is two exercises side by side.
type comparePage struct {
	*audits.Comparison
	Checks []comparedCheck
	Lists  []comparedList
}

// comparedCheck is how often a check fired in both.
type comparedCheck struct {
	Check  string
	A, B   int
	Change string
}

// comparedList is the defects that are new, repaired or lasting.
type comparedList struct {
	Key     string
	Defects []audits.Defect
	More    int
}

// comparedLines is how many defects of each list the page shows.
const comparedLines = 200

func (s *Site) compareExercises(p *Page) error {
	p.Title, p.Wide = p.T("page.exercises.compare"), true
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
	p.Crumb(p.T("page.exercises.years"), p.To("exercises", "years"))
	if p.Query("a") == "" || p.Query("b") == "" {
		return p.Redirect(p.To("exercises", "years"))
	}
	c, err := s.Audits.Compare(p.Context(), p.Platform.ID, p.Query("a"), p.Query("b"))
	if err != nil {
		return err
	}
	view := &comparePage{Comparison: c}
	if c.TallyA != nil {
		services, uses := allChecks()
		for _, check := range append(services, uses...) {
			a, b := c.TallyA.Total[check], c.TallyB.Total[check]
			if a+b > 0 {
				view.Checks = append(view.Checks, comparedCheck{check, a, b, change(b - a)})
			}
		}
	}
	for _, l := range []comparedList{{Key: "new", Defects: c.New}, {Key: "repaired", Defects: c.Repaired}, {Key: "lasting", Defects: c.Lasting}} {
		if n := len(l.Defects); n > comparedLines {
			l.Defects, l.More = l.Defects[:comparedLines], n-comparedLines
		}
		view.Lists = append(view.Lists, l)
	}
	return p.Render("exercises_compare", view)
}

// change is a difference with its sign.
func change(n int) string {
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "="
}

// Change is how a count moved since the exercise before.
func (d defect) Moved() string { return change(d.Change) }

// DefectHref is the record in which a defect was found.
func (p *Page) DefectHref(d audits.Defect) string {
	if d.Check[0] == 'U' {
		return p.To("uses", d.Number)
	}
	return p.To("services", d.Number)
}
