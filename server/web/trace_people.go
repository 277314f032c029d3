package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

func (s *Site) trainingPages() {
	const people, one = Prefix + "/people", Prefix + "/people/trainings/:id"
	s.page("/trainings", qms.SignedIn, s.ownTrainings)
	s.page(people, qms.ReadTrace, s.matrix)
	s.page(people+"/trainings", qms.ReadTrace, s.trainings)
	s.both(people+"/trainings/new", qms.ManageEquipment, s.newTraining, s.addTraining)
	s.both(people+"/trainings/renew", qms.ManageEquipment, s.newRenewals, s.addRenewals)
	s.page(one, qms.ReadTrace, s.training)
	s.both(one+"/correct", qms.ManageEquipment, s.newTrainingCorrection, s.correctTraining)
	s.both(one+"/void", qms.ManageEquipment, s.newTrainingVoid, s.voidTraining)
	s.sessionPages()
	s.trainerPages()
	s.requalificationPages()
	s.page(people+"/:person", qms.ReadTrace, s.person)
}

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
	Tab       string // which of the tabs it is
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
	if p.Exported() || p.Printed() {
		return s.exportTrainings(p, filter)
	}
	page, err := s.Trace.Trainings(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := TrainingsView{Lines: page.Items, Next: page.Next, Form: f, Past: p.asOfNote(asOf), Chips: p.filterChips("standing", "person", "equipment", "as_of"), Tab: "trainings",
		Standings: append([]Option{{"", p.T("page.services.all_states")}}, p.options("state.", trace.Valid, trace.Expiring, trace.Expired, trace.Superseded)...)}
	if filter.Standing == trace.Expiring {
		view.Tab = "renew"
	}
	return p.Render("trainings_list", view)
}

// exportTrainings is a line for each training that the filters let through.
func (s *Site) exportTrainings(p *Page, filter trace.TrainingFilter) error {
	return p.Export(export{
		name: "formations-" + filter.AsOf.String(), fixed: 1, kinds: map[int]cell{5: dayCell, 6: dayCell},
		heads: []string{"page.trainings.person", "page.skills.code", "page.trainings.equipment", "page.equipment.name", "page.trainings.standing", "page.trainings.date",
			"page.trainings.through", "page.trainings.trainer", "page.trainings.kind", "page.trainings.procedure", "page.trainings.procedure_version"},
		print: &printing{title: p.T("page.trainings.list"), facts: []string{p.T("page.services.as_at", p.LongDate(filter.AsOf))}, asOf: filter.AsOf,
			widths: []float64{36, 15, 22, 40, 26, 22, 22, 32, 0, 26, 16}, right: map[int]bool{5: true, 6: true}, empty: p.T("page.trainings.none_found"),
			shapes: map[string]string{p.T("state.valid"): "valid", p.T("state.expiring"): "expiring", p.T("state.expired"): "expired", p.T("state.superseded"): "superseded"}},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Trace.Trainings(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				kind, t := "", l.Training
				if t.Kind != "" {
					kind = p.T("page.trainings.kind_" + string(t.Kind))
				}
				lines = append(lines, []string{l.Person.Name, l.Person.Code, l.Equipment.Code, l.Equipment.Name, p.T("state." + string(l.Standing)), p.InputDate(t.Date),
					p.InputDate(t.Validity().Until.AddDays(-1)), l.Trainer.Name, kind, t.Procedure, t.ProcedureVersion})
			}
			return lines, page.Next, err
		},
	})
}
