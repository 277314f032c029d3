package web

import (
	"cmp"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// TrainingForm is a form about a training, or about several that are renewed.
type TrainingForm struct {
	Form       *Form
	People     []Option
	Trainers   []Option
	Equipment  []Option
	Procedures []Option
	Kinds      []Option
	Line       *trace.TrainingLine  // of the training it corrects or voids
	Lines      []trace.TrainingLine // of those it renews
	Back       string
}

// trainingForm prepares the choices: who is a trainer for the equipment on the day comes first.
func (s *Site) trainingForm(p *Page, f *Form, title string, equipment ...qms.ID) (TrainingForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	if err != nil {
		return TrainingForm{}, err
	}
	p.Title = p.T(title)
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	trainers, err := s.trainerOptions(p, c, f, equipment)
	return TrainingForm{Form: f, People: p.peopleOptions("page.services.choose", c.People, p.Today), Trainers: trainers,
		Equipment: p.equipmentOptions("page.services.choose", c.Equipment), Procedures: p.procedureOptions(c, f),
		Kinds: p.options("page.trainings.kind_", trace.InitialTraining, trace.RenewedTraining), Back: p.To("people")}, err
}

// trainerOptions puts those first who may train on the equipment on the day; then come, marked, those
// whom the register says train, and everybody else.
func (s *Site) trainerOptions(p *Page, c trace.Choices, f *Form, equipment []qms.ID) ([]Option, error) {
	day := p.Today
	if typed, err := ParseDate(f.Text("date")); err == nil {
		day = typed
	}
	named, err := s.Trace.Trainers(p.Context(), p.Platform.ID, trace.TrainerFilter{AsOf: day})
	if err != nil {
		return nil, err
	}
	on := map[qms.ID][]string{}
	for _, l := range named {
		if len(equipment) == 0 || slices.Contains(equipment, l.Equipment.ID) {
			on[l.Person.ID] = append(on[l.Person.ID], l.Equipment.Code)
		}
	}
	return p.rankedTrainers(c.People, on, day), nil
}

// rankedTrainers are the people of the day by how sure it is that they train; on names the equipment that
// each may train on.
func (p *Page) rankedTrainers(all []trace.Person, on map[qms.ID][]string, day qms.Date) []Option {
	rank := func(m trace.Person) int {
		switch {
		case len(on[m.ID]) > 0:
			return 0
		case m.Trainer:
			return 1
		}
		return 2
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b trace.Person) int { return cmp.Compare(rank(a), rank(b)) })
	options := []Option{{"", p.T("page.services.choose")}}
	for _, m := range all {
		if !(qms.Period{From: m.From, Until: m.Until}).Contains(day) {
			continue
		}
		label := labelOf(m.Code, m.Name)
		switch rank(m) {
		case 0:
			label = p.T("page.trainers.option_named", label, strings.Join(on[m.ID], ", "))
		case 1:
			label = p.T("page.trainers.option_register", label)
		case 2:
			label = p.T("page.trainers.option_other", label)
		}
		options = append(options, Option{string(m.ID), label})
	}
	return options
}

// procedureOptions are the documents of which a version has been in force, with the one in force now.
func (p *Page) procedureOptions(c trace.Choices, f *Form) []Option {
	options := []Option{{"", p.T("page.trainings.no_procedure")}}
	for code, versions := range c.Instructions {
		if version := trace.InForce(versions, p.Today); version != "" {
			options = append(options, Option{code, p.T("page.trainings.procedure_option", code, version)})
		}
	}
	slices.SortFunc(options[1:], func(a, b Option) int { return strings.Compare(a.Value, b.Value) })
	return with(options, f.Text("procedure"), f.Text("procedure"))
}

func trainingCommand(p *Page, f *Form) trace.RecordTraining {
	return trace.RecordTraining{Platform: p.Platform.ID, Person: f.ID("person"), Equipment: f.ID("equipment"), Trainer: f.ID("trainer"),
		Date: f.Date("date"), Months: qms.Months(f.Int("months")), Through: f.Date("through"), Kind: trace.TrainingKind(f.Text("kind")),
		Procedure: f.Text("procedure"), ProcedureVersion: f.Text("procedure_version")}
}

func (s *Site) newTraining(p *Page) error {
	f := p.Form().Set("date", p.Today).Set("months", 24).Set("kind", trace.InitialTraining).
		Set("person", p.Query("person")).Set("equipment", p.Query("equipment"))
	view, err := s.trainingForm(p, f, "page.trainings.new", chosen(f)...)
	if err != nil {
		return err
	}
	return p.Render("trainings_form", view)
}

// chosen is the equipment that the form names, if any.
func chosen(f *Form) []qms.ID {
	if id, err := qms.ParseID(f.Text("equipment")); err == nil {
		return []qms.ID{id}
	}
	return nil
}

func (s *Site) addTraining(p *Page) error {
	f := p.Form()
	view, err := s.trainingForm(p, f, "page.trainings.new", chosen(f)...)
	if err != nil {
		return err
	}
	cmd := trainingCommand(p, f)
	var t *trace.Training
	if err = f.Err(); err == nil {
		t, err = s.Trace.RecordTraining(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("trainings_form", f, err, view)
	}
	return p.Done(p.To("people", "trainings", t.ID), "page.trainings.added")
}

// trainingOf is the training in the path, which counts.
func (s *Site) trainingOf(p *Page) (*trace.TrainingLine, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, err
	}
	return s.Trace.Training(p.Context(), p.Platform.ID, id)
}

// correctionForm is the form that corrects the training in the path.
func (s *Site) correctionForm(p *Page, f *Form) (TrainingForm, error) {
	l, err := s.trainingOf(p)
	if err != nil {
		return TrainingForm{}, err
	}
	t := l.Training
	if p.c.Method() == "GET" {
		f.Set("revision", t.Revision).Set("person", t.Person).Set("equipment", t.Equipment).Set("trainer", t.Trainer).Set("date", t.Date).
			Set("through", t.Through).Set("kind", t.Kind).Set("procedure", t.Procedure).Set("procedure_version", t.ProcedureVersion)
		if t.Months > 0 {
			f.Set("months", int(t.Months))
		}
	}
	view, err := s.trainingForm(p, f, "page.trainings.correct", t.Equipment)
	view.Line, view.Back = l, p.To("people", "trainings", t.ID)
	view.People = with(view.People, string(t.Person), labelOf(l.Person.Code, l.Person.Name))
	view.Trainers = with(view.Trainers, string(t.Trainer), labelOf(l.Trainer.Code, l.Trainer.Name))
	view.Equipment = with(view.Equipment, string(t.Equipment), labelOf(l.Equipment.Code, l.Equipment.Name))
	return view, err
}

func (s *Site) newTrainingCorrection(p *Page) error {
	view, err := s.correctionForm(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("trainings_form", view)
}

func (s *Site) correctTraining(p *Page) error {
	f := p.Form()
	view, err := s.correctionForm(p, f)
	if err != nil {
		return err
	}
	target, cmd := p.target(f, view.Line.Training.ID), trainingCommand(p, f)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectTraining(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("trainings_form", f, err, view)
	}
	return p.Done(view.Back, "page.trainings.corrected")
}

func (p *Page) trainingVoid(f *Form, l *trace.TrainingLine) TrainingForm {
	p.Title = p.T("page.trainings.void")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	return TrainingForm{Form: f, Line: l, Back: p.To("people", "trainings", l.Training.ID)}
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
	return p.Done(p.To("people", "trainings", l.Training.ID), "page.trainings.voided")
}

// maxRenewed is how many trainings one form renews.
const maxRenewed = 500

// renewalForm is the form that renews the trainings that f names.
func (s *Site) renewalForm(p *Page, f *Form) (TrainingForm, error) {
	var of []qms.ID
	for _, value := range f.Texts("of") {
		if id, err := qms.ParseID(value); err == nil && len(of) < maxRenewed {
			of = append(of, id)
		}
	}
	lines, err := s.Trace.Renewable(p.Context(), p.Platform.ID, of)
	if err != nil {
		return TrainingForm{}, err
	}
	var equipment []qms.ID
	for _, l := range lines {
		equipment = append(equipment, l.Equipment.ID)
	}
	view, err := s.trainingForm(p, f, "page.trainings.renew", equipment...)
	view.Lines, view.Back = lines, p.To("people", "trainings")+"?standing=expiring"
	return view, err
}

func (s *Site) newRenewals(p *Page) error {
	f := p.Form().Set("date", p.Today)
	for _, id := range p.c.Context().QueryArgs().PeekMulti("of") {
		f.Set("of", readable(string(id)))
	}
	view, err := s.renewalForm(p, f)
	if err != nil {
		return err
	}
	if len(view.Lines) > 0 { // as long as the first of them held
		if t := view.Lines[0].Training; t.Months > 0 {
			f.Set("months", int(t.Months))
		}
	}
	return p.Render("trainings_renew", view)
}

func (s *Site) addRenewals(p *Page) error {
	f := p.Form()
	view, err := s.renewalForm(p, f)
	if err != nil {
		return err
	}
	cmd := trace.RenewTrainings{Platform: p.Platform.ID, Date: f.Date("date"), Trainer: f.ID("trainer"), Months: qms.Months(f.Int("months")),
		Through: f.Date("through"), Procedure: f.Text("procedure"), ProcedureVersion: f.Text("procedure_version")}
	for _, l := range view.Lines {
		cmd.Of = append(cmd.Of, l.Training.ID)
	}
	var renewed []*trace.Training
	if err = f.Err(); err == nil {
		renewed, err = s.Trace.RenewTrainings(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("trainings_renew", f, err, view)
	}
	return p.Done(p.To("people", "trainings"), "page.trainings.renewed", len(renewed))
}
