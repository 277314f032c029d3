package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// trainerPages are who may train others on what.
func (s *Site) trainerPages() {
	const all, one = Prefix + "/people/trainers", Prefix + "/people/trainers/:id"
	s.page(all, qms.ReadTrace, s.trainers)
	s.both(all+"/new", qms.ManageEquipment, s.newTrainer, s.nameTrainer)
	s.both(one+"/end", qms.ManageEquipment, s.newTrainerEnd, s.endTrainer)
	s.both(one+"/void", qms.ManageEquipment, s.newTrainerVoid, s.voidTrainer)
}

// TrainersView is who may train on what.
type TrainersView struct {
	Lines []trace.TrainerLine
	Past  qms.Date
	All   bool // those of other days too
}

func (s *Site) trainers(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.trainers.title"), true
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	all := p.Query("all") != ""
	lines, err := s.Trace.Trainers(p.Context(), p.Platform.ID, trace.TrainerFilter{AsOf: asOf, Past: all})
	if err != nil {
		return err
	}
	if p.Exported() {
		return p.exportTrainers(lines, asOf)
	}
	return p.Render("trainers_list", TrainersView{lines, p.asOfNote(asOf), all})
}

func (p *Page) exportTrainers(lines []trace.TrainerLine, asOf qms.Date) error {
	return p.Export(export{
		name: "formateurs-" + asOf.String(), fixed: 1, kinds: map[int]cell{3: dayCell, 4: dayCell},
		heads: []string{"page.trainings.equipment", "page.equipment.name", "page.trainings.trainer", "page.trainers.from", "page.trainers.last_day"},
		next: func(qms.Cursor) (rows [][]string, after string, err error) {
			for _, l := range lines {
				rows = append(rows, []string{l.Equipment.Code, l.Equipment.Name, l.Person.Name, p.InputDate(l.Trainer.ValidFrom), p.InputDate(l.Trainer.ValidUntil.AddDays(-1))})
			}
			return rows, "", nil
		},
	})
}

// TrainerForm is a form about a trainer.
type TrainerForm struct {
	Form      *Form
	People    []Option
	Equipment []Option
	Line      *trace.TrainerLine // whom it ends or voids
}

func (s *Site) trainerForm(p *Page, f *Form) (TrainerForm, error) {
	c, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	p.Title = p.T("page.trainers.new")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	p.Crumb(p.T("page.trainers.title"), p.To("people", "trainers"))
	return TrainerForm{Form: f, People: p.peopleOptions("page.services.choose", c.People, p.Today), Equipment: p.equipmentOptions("page.services.choose", c.Equipment)}, err
}

func (s *Site) newTrainer(p *Page) error {
	view, err := s.trainerForm(p, p.Form().Set("from", p.Today).Set("person", p.Query("person")).Set("equipment", p.Query("equipment")))
	if err != nil {
		return err
	}
	return p.Render("trainers_form", view)
}

func (s *Site) nameTrainer(p *Page) error {
	f := p.Form()
	view, err := s.trainerForm(p, f)
	if err != nil {
		return err
	}
	cmd := trace.NameTrainer{Platform: p.Platform.ID, Person: f.ID("person"), Equipment: f.ID("equipment"), From: f.Date("from")}
	if last := f.Date("last_day"); last != 0 {
		cmd.Until = last.AddDays(1)
	}
	if err = f.Err(); err == nil {
		_, err = s.Trace.NameTrainer(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("trainers_form", f, err, view)
	}
	return p.Done(p.To("people", "trainers"), "page.trainers.named")
}

// trainerOf is the trainer in the path, who counts.
func (s *Site) trainerOf(p *Page, f *Form, title string) (TrainerForm, error) {
	id, err := p.ID("id")
	if err != nil {
		return TrainerForm{}, err
	}
	l, err := s.Trace.TrainerSheet(p.Context(), p.Platform.ID, id)
	if err != nil {
		return TrainerForm{}, err
	}
	if l.Trainer.Void != "" {
		return TrainerForm{}, qms.NotFound("record.not_found")
	}
	if p.c.Method() == "GET" {
		f.Set("revision", l.Trainer.Revision)
	}
	p.Title = p.T(title)
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	p.Crumb(p.T("page.trainers.title"), p.To("people", "trainers"))
	return TrainerForm{Form: f, Line: l}, nil
}

func (s *Site) newTrainerEnd(p *Page) error {
	view, err := s.trainerOf(p, p.Form().Set("last_day", p.Today), "page.trainers.end")
	if err != nil {
		return err
	}
	return p.Render("trainers_end", view)
}

func (s *Site) endTrainer(p *Page) error {
	f := p.Form()
	view, err := s.trainerOf(p, f, "page.trainers.end")
	if err != nil {
		return err
	}
	target, until := p.target(f, view.Line.Trainer.ID), qms.Date(0)
	if last := f.Need("last_day").Date("last_day"); last != 0 {
		until = last.AddDays(1)
	}
	if err = f.Err(); err == nil {
		_, err = s.Trace.EndTrainer(p.Context(), target, until)
	}
	if err != nil {
		return p.Again("trainers_end", f, err, view)
	}
	return p.Done(p.To("people", "trainers"), "page.trainers.ended")
}

func (s *Site) newTrainerVoid(p *Page) error {
	view, err := s.trainerOf(p, p.Form(), "page.trainers.void")
	if err != nil {
		return err
	}
	return p.Render("trainers_void", view)
}

func (s *Site) voidTrainer(p *Page) error {
	f := p.Form()
	view, err := s.trainerOf(p, f, "page.trainers.void")
	if err != nil {
		return err
	}
	target := p.target(f, view.Line.Trainer.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidTrainer(p.Context(), target)
	}
	if err != nil {
		return p.Again("trainers_void", f, err, view)
	}
	return p.Done(p.To("people", "trainers"), "page.trainers.voided")
}
