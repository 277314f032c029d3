package web

import (
	"maillon/qms"
	"maillon/qms/label"
)

// courseSheets are where a platform stands on its way to the label, and the labels it holds.
func (s *Site) courseSheets() {
	const award, other = Prefix + "/label/awards/:number", Prefix + "/label/others/:id"
	s.page(Prefix+"/label", qms.ReadLabel, s.course)
	s.takenOverPages()
	s.page(award, qms.ReadLabel, s.award)
	s.both(award+"/change", qms.AccompanyPlatform, s.newAwardChange, s.changeAward)
	s.page(Prefix+"/label/others", qms.ReadLabel, s.otherLabels)
	s.both(Prefix+"/label/others/new", qms.WriteLabel, s.newOtherLabel, s.addOtherLabel)
	s.page(other, qms.ReadLabel, s.otherLabel)
	s.both(other+"/correct", qms.WriteLabel, s.newOtherCorrection, s.correctOtherLabel)
	s.both(other+"/close", qms.WriteLabel, s.newOtherClose, s.closeOtherLabel)
	s.both(other+"/void", qms.WriteLabel, s.newOtherVoid, s.voidOtherLabel)
	s.page("/label/:number", qms.Public, s.publicLabel)
}

// CourseView is where the platform stands.
type CourseView struct {
	*label.Course
	Steps []CourseStep
	Today int // where today is in the drawing
	Past  bool
	Form  *Form
	page  *Page
}

// CourseStep is one step of the way, in the drawing and in its table.
type CourseStep struct {
	X     int
	Word  string
	On    qms.Date
	State string // done, late, todo
	Href  string
}

// Anchor is the side of its place that the word of a step keeps to.
func (c CourseStep) Anchor() string {
	switch {
	case c.X <= courseLeft:
		return "start"
	case c.X >= courseRight:
		return "end"
	}
	return "middle"
}

// The drawing of the way: its first and its last step.
const (
	courseLeft  = 20
	courseRight = 940
)

func (s *Site) course(p *Page) error {
	p.Title = p.T("page.course.title")
	day, err := p.AsOf()
	f := p.filterForm("as_of")
	if err != nil {
		day = p.Today
	}
	c, errRead := s.Label.Course(p.Context(), p.Platform.ID, day)
	if errRead != nil {
		return errRead
	}
	v := CourseView{Course: c, Past: day != p.Today, Form: f, page: p}
	v.draw()
	if err != nil {
		return p.Again("label_overview", f, err, v)
	}
	return p.Render("label_overview", v)
}

// draw puts the steps of the way beside each other, today between those it lies between.
func (v *CourseView) draw() {
	v.Steps = v.steps()
	last := len(v.Steps) - 1
	for i := range v.Steps {
		v.Steps[i].X = courseLeft + (courseRight-courseLeft)*i/max(last, 1)
	}
	v.Today = courseLeft
	for i, step := range v.Steps {
		if step.On == 0 || step.On > v.Day {
			continue
		}
		v.Today = step.X
		if i < last && v.Steps[i+1].On > step.On {
			whole, gone := step.On.DaysUntil(v.Steps[i+1].On), step.On.DaysUntil(v.Day)
			v.Today += (v.Steps[i+1].X - step.X) * min(gone, whole) / whole
		} else if i < last {
			v.Today += (v.Steps[i+1].X - step.X) / 2
		}
	}
}

// steps are what the platform went through and what it has ahead.
func (v *CourseView) steps() (steps []CourseStep) {
	p, s := v.page, v.Standing
	add := func(key string, on qms.Date, done bool, href string) {
		state := "todo"
		switch {
		case done:
			state = "done"
		case on != 0 && on < v.Day:
			state = "late"
		}
		steps = append(steps, CourseStep{Word: p.T(key), On: on, State: state, Href: href})
	}
	if c := label.CurrentIn(v.Facts.Candidacies, v.Day); c != nil {
		on, complete := c.LetterOn()
		add("page.course.letter", on, complete && on <= v.Day, p.To("label", "candidacy"))
	} else if s.Label == nil {
		add("page.course.letter", 0, false, p.To("label", "candidacy"))
	}
	for _, a := range v.Facts.Accompanied {
		if a.From <= v.Day {
			add("page.course.accompaniment", a.From, true, p.To("label", "sessions"))
		}
	}
	if len(s.Milestones) == 0 {
		if s.Mission != nil {
			add("page.course.evaluation", s.Mission.OpenedOn, true, p.To("label", "missions", s.Mission.Number))
		} else {
			add("page.course.evaluation", 0, false, p.To("label", "missions"))
		}
		add("page.course.award", 0, false, "")
		return steps
	}
	add("page.course.award", s.Label.AwardedOn, true, p.To("label", "awards", s.Label.Number))
	for _, m := range s.Milestones {
		add("page.course.milestone_"+string(m.Kind), m.On, m.Done != 0, "")
	}
	return steps
}

// Holds reports whether there is a label that holds or is suspended.
func (v CourseView) Holds() bool { return len(v.Standing.Milestones) > 0 }

// Number is the number of a mission.
func (v CourseView) Number(id qms.ID) string { return v.Missions[id] }

// Late reports whether a day is past.
func (v CourseView) Late(on qms.Date) bool { return on < v.Day }

// Awarded are the labels of the platform, the latest first.
func (v CourseView) Awarded() (all []AwardLine) {
	for i := len(v.Facts.Labels) - 1; i >= 0; i-- {
		l := v.Facts.Labels[i]
		now, since := v.Facts.LabelOn(&l, v.Day)
		all = append(all, AwardLine{Label: l, Now: now, Since: since})
	}
	return all
}

// AwardLine is one label of a list.
type AwardLine struct {
	label.Label
	Now   label.StandingNow
	Since qms.Date
}

// Last is the last day of the label.
func (l AwardLine) Last() qms.Date { return l.EndsOn().AddDays(-1) }
