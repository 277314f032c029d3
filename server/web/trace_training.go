package web

import (
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/trace"
)

// TrainingView is one training with its evidence.
type TrainingView struct {
	*trace.TrainingSheet
	Files  map[qms.ID][]trace.Evidence
	Filled []documents.RecordLine // records about it
}

func (s *Site) training(p *Page) error {
	id, err := p.ID("id")
	if err != nil {
		return err
	}
	sheet, err := s.Trace.TrainingSheet(p.Context(), p.Platform.ID, id)
	if err != nil {
		return err
	}
	of := []qms.ID{id}
	if sheet.Session != nil {
		of = append(of, sheet.Session.ID)
	}
	files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, of...)
	if err != nil {
		return err
	}
	p.Title = sheet.Person.Name + ", " + sheet.Equipment.Code
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	p.Crumb(p.T("page.trainings.list"), p.To("people", "trainings"))
	return p.Render("trainings_show", TrainingView{TrainingSheet: sheet, Files: files})
}

// ValidityWords say how long a training holds: for months, through a day, or without end.
func (p *Page) ValidityWords(t trace.Training) string {
	return p.validityWords(t.Months, t.Validity())
}

func (p *Page) validityWords(months qms.Months, v qms.Period) string {
	switch {
	case months > 0:
		return p.T("page.trainings.valid_months", int(months), p.LongDate(v.Until.AddDays(-1)))
	case v.Until != 0:
		return p.T("page.trainings.valid_through", p.LongDate(v.Until.AddDays(-1)))
	}
	return p.T("page.trainings.valid_for_ever")
}

// SessionValidity says the same of the trainings of a session.
func (p *Page) SessionValidity(g trace.GroupSession) string {
	return p.validityWords(g.Months, g.Validity())
}

// Taught is the address of the version of the procedure that was taught; none without a version.
func (p *Page) Taught(procedure, version string) string {
	if procedure == "" {
		return ""
	}
	if version == "" {
		return p.To("documents", procedure)
	}
	return p.To("documents", procedure, "versions", version)
}
