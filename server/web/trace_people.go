package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

func (s *Site) trainingPages() {
	s.page(Prefix+"/people", qms.ReadTrace, s.matrix)
	s.page(Prefix+"/people/trainings", qms.ReadTrace, s.trainings)
	s.both(Prefix+"/people/trainings/new", qms.ManageEquipment, s.newTraining, s.addTraining)
	s.both(Prefix+"/people/trainings/:id/void", qms.ManageEquipment, s.newTrainingVoid, s.voidTraining)
}

// MatrixView is who is trained on what.
type MatrixView struct {
	*trace.Matrix
	Form       *Form
	Categories []Option
	Past       qms.Date
	Days       int64 // within which a validity is expiring
}

func (s *Site) matrix(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	m, err := s.Trace.Matrix(p.Context(), p.Platform.ID, asOf, p.Query("category"))
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.trainings.title"), true
	view := MatrixView{Matrix: m, Form: p.filterForm("category", "as_of"), Past: p.asOfNote(asOf), Days: m.ExpiringDays,
		Categories: []Option{{"", p.T("page.equipment.all_categories")}}}
	for _, c := range m.Categories {
		view.Categories = append(view.Categories, Option{c, c})
	}
	return p.Render("trainings_matrix", view)
}

// Renewals is how many trainings expire soon.
func (v MatrixView) Renewals() int { return v.Counts[trace.Expiring] }

// Cell is how a person stands on a piece of equipment.
func (v MatrixView) Cell(person, equipment qms.ID) trace.Cover {
	return v.Covers[trace.Pair{Person: person, Equipment: equipment}]
}

// LastDay is the last day of a cover; none when it has no end.
func (v MatrixView) LastDay(c trace.Cover) qms.Date { return c.Until.AddDays(-1) }

// TrainingsView is the list of trainings.
type TrainingsView struct {
	Lines     []trace.TrainingLine
	Next      string
	Form      *Form
	Standings []Option
	People    []Option
	Equipment []Option
	Chips     []Chip
	Past      qms.Date
}

// LastDay is the last day of a training; none when it has no end.
func (v TrainingsView) LastDay(t trace.Training) qms.Date { return t.Validity().Until.AddDays(-1) }

func (s *Site) trainings(p *Page) error {
	f := p.filterForm("standing", "person", "equipment", "as_of")
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.SortBy("-date")
	p.Title, p.Wide = p.T("page.trainings.list"), true
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	filter := trace.TrainingFilter{AsOf: asOf, Person: f.ID("person"), Equipment: f.ID("equipment"), Standing: trace.Standing(f.Text("standing")), Sort: p.Query("sort")}
	if err := f.Err(); err != nil {
		return qms.NotFound("record.not_found")
	}
	page, err := s.Trace.Trainings(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := TrainingsView{Lines: page.Items, Next: page.Next, Form: f, Past: p.asOfNote(asOf), Chips: p.filterChips("standing", "person", "equipment", "as_of"),
		Standings: append([]Option{{"", p.T("page.services.all_states")}}, p.options("state.", trace.Valid, trace.Expiring, trace.Expired, trace.Superseded)...)}
	return p.Render("trainings_list", view)
}

// TrainingForm is a form about a training.
type TrainingForm struct {
	Form      *Form
	People    []Option
	Trainers  []Option
	Equipment []Option
	Kinds     []Option
	Line      *trace.TrainingLine // of the training it voids
}

func (s *Site) trainingForm(p *Page, f *Form) (TrainingForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	p.Title = p.T("page.trainings.new")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	var trainers []trace.Person
	for _, m := range c.People {
		if m.Trainer {
			trainers = append(trainers, m)
		}
	}
	return TrainingForm{Form: f, People: p.peopleOptions("page.services.choose", c.People, p.Today),
		Trainers:  p.peopleOptions("page.services.choose", trainers, p.Today),
		Equipment: p.equipmentOptions("page.services.choose", c.Equipment),
		Kinds:     p.options("page.trainings.kind_", trace.InitialTraining, trace.RenewedTraining)}, err
}

func (s *Site) newTraining(p *Page) error {
	f := p.Form().Set("date", p.Today).Set("months", 24).Set("kind", trace.InitialTraining).
		Set("person", p.Query("person")).Set("equipment", p.Query("equipment"))
	view, err := s.trainingForm(p, f)
	if err != nil {
		return err
	}
	return p.Render("trainings_form", view)
}

func (s *Site) addTraining(p *Page) error {
	f := p.Form()
	view, err := s.trainingForm(p, f)
	if err != nil {
		return err
	}
	cmd := trace.RecordTraining{Platform: p.Platform.ID, Person: f.ID("person"), Equipment: f.ID("equipment"), Trainer: f.ID("trainer"),
		Date: f.Date("date"), Months: qms.Months(f.Int("months")), Through: f.Date("through"), Kind: trace.TrainingKind(f.Text("kind")),
		Procedure: f.Text("procedure"), ProcedureVersion: f.Text("procedure_version")}
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordTraining(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("trainings_form", f, err, view)
	}
	return p.Done(p.To("people"), "page.trainings.added")
}

// trainingOf is the training in the path.
func (s *Site) trainingOf(p *Page) (*trace.TrainingLine, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, err
	}
	return s.Trace.Training(p.Context(), p.Platform.ID, id)
}

func (p *Page) trainingVoid(f *Form, l *trace.TrainingLine) TrainingForm {
	p.Title = p.T("page.trainings.void")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	return TrainingForm{Form: f, Line: l}
}

func (s *Site) newTrainingVoid(p *Page) error {
	l, err := s.trainingOf(p)
	if err != nil {
		return err
	}
	return p.Render("trainings_void", p.trainingVoid(p.Form().Set("revision", l.Training.Revision), l))
}

func (s *Site) voidTraining(p *Page) error {
	l, err := s.trainingOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	target := p.target(f, l.Training.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidTraining(p.Context(), target)
	}
	if err != nil {
		return p.Again("trainings_void", f, err, p.trainingVoid(f, l))
	}
	return p.Done(p.To("people", "trainings"), "page.trainings.voided")
}
