package web

import (
	"maillon/audits"
	"maillon/qms"
	"maillon/server/request"
)

func (s *Site) pauseExercise(p *Page) error {
	sheet, err := s.Audits.Pause(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return err
	}
	return p.Done(p.To("exercises", sheet.Exercise.Number), "page.exercises.paused", sheet.Exercise.Number)
}

func (s *Site) resumeExercise(p *Page) error {
	sheet, err := s.Audits.Resume(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return err
	}
	return p.Done(p.To("exercises", sheet.Exercise.Number), "page.exercises.resumed", sheet.Exercise.Number)
}

// itemPage is a form about one item.
type itemPage struct {
	*audits.Sheet
	Form  *Form
	Item  *audits.SheetItem
	Link  *audits.ExerciseLink // of a file; nil for the item itself
	Links []Option
}

// itemOf reads the exercise of the path and the item that the query or the form names.
func (s *Site) itemOf(p *Page, f *Form, id qms.ID) (*itemPage, error) {
	sheet, err := s.sheetOf(p)
	if err != nil {
		return nil, err
	}
	for i := range sheet.Items {
		if sheet.Items[i].ID == id {
			return &itemPage{Sheet: sheet, Form: f, Item: &sheet.Items[i]}, nil
		}
	}
	return nil, qms.NotFound("exercise.item_not_found")
}

func (v *itemPage) back(p *Page) string {
	return p.To("exercises", v.Exercise.Number) + "?" + Query("item", text(v.Item.Position))
}

func (s *Site) askTime(p *Page) error {
	f := p.Form().Set("item", p.Query("item"))
	page, err := s.itemOf(p, f, qms.ID(p.Query("item")))
	if err != nil {
		return err
	}
	took := page.Item.SecondsAt(s.Clock())
	f.Set("revision", page.Item.Revision).Set("minutes", took/60).Set("seconds", took%60)
	p.under(page.Exercise, p.T("page.exercises.time_title", page.Item.Number))
	return p.Render("exercises_time", page)
}

func (s *Site) correctTime(p *Page) error {
	f := p.Form()
	page, err := s.itemOf(p, f, qms.ID(f.Raw("item")))
	if err != nil {
		return err
	}
	cmd := audits.CorrectClock{Clock: audits.Clock{Platform: p.Platform.ID, Exercise: page.Exercise.Number, Item: page.Item.ID},
		Seconds: int64(f.Int("minutes"))*60 + int64(f.Int("seconds")), Note: f.Text("note"), Revision: int64(f.Int("revision"))}
	if err = f.Err(); err == nil {
		_, err = s.Audits.CorrectClock(p.Context(), cmd)
	}
	if err != nil {
		p.under(page.Exercise, p.T("page.exercises.time_title", page.Item.Number))
		return p.Again("exercises_time", f, err, page)
	}
	return p.Done(page.back(p), "page.exercises.time_corrected", page.Item.Number)
}

// evaluatorsPage names evaluators, takes them off, and gives them items.
type evaluatorsPage struct {
	*audits.Sheet
	Form   *Form
	Able   []Option // who could be named
	Judges []Option // evaluators, for items
	Joins  bool     // the reader could be named, and is not
}

// NameFor is the evaluator that an item is given to.
func (v evaluatorsPage) NameFor(i audits.SheetItem) string { return v.NameOf(i.Assigned) }

func (s *Site) evaluatorsPage(p *Page, f *Form) (*evaluatorsPage, error) {
	sheet, err := s.sheetOf(p)
	if err != nil {
		return nil, err
	}
	p.under(sheet.Exercise, p.T("page.exercises.people"))
	view := &evaluatorsPage{Sheet: sheet, Form: f, Judges: []Option{{"", p.T("page.exercises.nobody")}}}
	for _, e := range sheet.Judging() {
		view.Judges = append(view.Judges, Option{string(e.Person), e.Name})
	}
	able, err := s.Audits.Evaluators(p.Context(), p.Platform.ID, sheet.Exercise.Practice)
	for _, n := range able {
		if sheet.Judges(n.Person) {
			continue
		}
		view.Able = append(view.Able, Option{string(n.Person), n.Name})
		view.Joins = view.Joins || n.Person == p.Actor.ID
	}
	return view, err
}

func (s *Site) evaluators(p *Page) error {
	view, err := s.evaluatorsPage(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("exercises_people", view)
}

func (s *Site) changeEvaluators(p *Page) error {
	f := p.Form()
	number, done := p.number("number"), "page.exercises.named"
	var err error
	switch f.Text("act") {
	case "assign":
		done = "page.exercises.assigned"
		cmd := audits.AssignItems{Platform: p.Platform.ID, Exercise: number, Person: f.ID("person")}
		for _, id := range f.Texts("items") {
			cmd.Items = append(cmd.Items, qms.ID(id))
		}
		if err = f.Err(); err == nil {
			_, err = s.Audits.AssignItems(p.Context(), cmd)
		}
	case "dismiss":
		done = "page.exercises.dismissed"
		_, err = s.Audits.NameEvaluator(p.Context(), audits.NameEvaluator{Platform: p.Platform.ID, Exercise: number,
			Person: qms.ID(f.Raw("evaluator")), Dismiss: true, Reason: f.Text("reason")})
	default:
		_, err = s.Audits.NameEvaluator(p.Context(), audits.NameEvaluator{Platform: p.Platform.ID, Exercise: number, Person: qms.ID(f.Raw("person"))})
	}
	if err != nil {
		view, lost := s.evaluatorsPage(p, f)
		if lost != nil {
			return lost
		}
		return p.Again("exercises_people", f, err, view)
	}
	return p.Done(p.To("exercises", number, "people"), done)
}

// askFile asks for a file beside an item or one of its links.
func (s *Site) askFile(p *Page) error {
	f := p.Form().Set("item", p.Query("item")).Set("subject", p.Query("subject"))
	page, err := s.itemOf(p, f, qms.ID(p.Query("item")))
	if err != nil {
		return err
	}
	page.offer(p)
	return p.Render("exercises_file", page)
}

// offer lists what a file can stand beside.
func (v *itemPage) offer(p *Page) {
	p.under(v.Exercise, p.T("page.exercises.file_title", v.Item.Number))
	v.Links = []Option{{string(v.Item.ID), v.Item.Number}}
	for _, l := range v.Item.Links {
		v.Links = append(v.Links, Option{string(l.ID), p.T("link." + l.Link)})
	}
}

func (s *Site) addFile(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	page, err := s.itemOf(p, f, qms.ID(f.Raw("item")))
	if err != nil {
		return err
	}
	files, err := s.evidenceFiles(p, parts)
	for _, file := range files {
		if err == nil {
			_, err = s.Audits.AttachFile(p.Context(), audits.AttachFile{Platform: p.Platform.ID, Exercise: page.Exercise.Number,
				Subject: f.ID("subject"), File: file, Remark: f.Text("remark")})
		}
	}
	if err != nil {
		page.offer(p)
		return p.Again("exercises_file", f, err, page)
	}
	return p.Done(page.back(p), "page.exercises.file_added", len(files))
}
