package web

import (
	"strconv"

	"maillon/audits"
	"maillon/qms"
)

// exercisePages are the traceability exercises of a platform.
func (s *Site) exercisePages() {
	if s.Audits == nil {
		return
	}
	const all, one = Prefix + "/exercises", Prefix + "/exercises/:number"
	s.page(all, qms.ReadExercises, s.listExercises)
	s.page(all+"/new", qms.RunExercises, s.newExercise)
	s.act(all+"/new", qms.RunExercises, s.drawExercise)
	s.page(all+"/years", qms.ReadExercises, s.exerciseYears)
	s.page(all+"/compare", qms.ReadExercises, s.compareExercises)
	s.page(one, qms.ReadExercises, s.showExercise)
	s.act(one, qms.RunExercises, s.answerExercise)
	s.page(one+"/sheet", qms.ReadExercises, s.wholeSheet)
	s.page(one+"/population", qms.ReadExercises, s.population)
	s.page(one+"/report", qms.ReadExercises, s.exerciseReport)
	s.act(one+"/pause", qms.RunExercises, s.pauseExercise)
	s.act(one+"/resume", qms.RunExercises, s.resumeExercise)
	s.page(one+"/time", qms.RunExercises, s.askTime)
	s.act(one+"/time", qms.RunExercises, s.correctTime)
	s.page(one+"/people", qms.RunExercises, s.evaluators)
	s.act(one+"/people", qms.RunExercises, s.changeEvaluators)
	s.page(one+"/file", qms.RunExercises, s.askFile)
	s.upload(one+"/file", qms.RunExercises, s.addFile)
	s.page(one+"/conclude", qms.RunExercises, s.askConclusion)
	s.act(one+"/conclude", qms.RunExercises, s.concludeExercise)
}

// exercisesPage is the list of exercises.
type exercisesPage struct {
	Items     []audits.Exercise
	Next      string
	Form      *Form
	Chips     []Chip
	Kinds     []Option
	Practices []Option
	States    []Option
}

// exerciseFilters are the names of the filters in the address.
var exerciseFilters = []string{"kind", "practice", "state", "year"}

func (s *Site) listExercises(p *Page) error {
	p.Title, p.Wide = p.T("page.exercises.title"), true
	f := p.filterForm(exerciseFilters...)
	view := exercisesPage{Form: f, Chips: p.Chips(p.exerciseChip, exerciseFilters...),
		Kinds:     p.anyOf("page.exercises.kind_", "page.exercises.any_kind", audits.FullScope, audits.Services, audits.Access),
		Practices: p.anyOf("page.exercises.practice_", "page.exercises.any_practice", "no", "only"),
		States: append([]Option{{"", p.T("page.exercises.any_state")}, {string(audits.Running), p.T("page.exercises.unfinished")}},
			p.options("state.", audits.Passed, audits.Remarks, audits.Failed)...)}
	filter := p.exerciseFilter(f)
	if err := f.Err(); err != nil {
		return p.Again("exercises_list", f, err, view)
	}
	if p.Exported() || p.Printed() {
		return s.exportExercises(p, filter)
	}
	page, err := s.Audits.Exercises(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view.Items, view.Next = page.Items, page.Next
	return p.Render("exercises_list", view)
}

func (p *Page) exerciseFilter(f *Form) audits.ExerciseFilter {
	filter := audits.ExerciseFilter{Kind: f.Text("kind"), Practice: f.Text("practice"), Year: f.Int("year")}
	switch state := f.Text("state"); state {
	case string(audits.Running):
		filter.State = audits.Running
	default:
		filter.Verdict = audits.Verdict(state)
	}
	return filter
}

func (p *Page) exerciseChip(name, value string) string {
	switch name {
	case "kind", "practice":
		return p.T("page.exercises." + name + "_" + value)
	case "state":
		if value == string(audits.Running) {
			return p.T("page.exercises.unfinished")
		}
		return p.T("state." + value)
	}
	return value
}

// anyOf are choices before which stands the one that narrows nothing.
func (p *Page) anyOf(prefix, all string, values ...any) []Option {
	return append([]Option{{"", p.T(all)}}, p.options(prefix, values...)...)
}

// options are choices whose words stand in the locale under prefix and value.
func (p *Page) options(prefix string, values ...any) []Option {
	options := make([]Option, 0, len(values))
	for _, v := range values {
		options = append(options, Option{Value: text(v), Label: p.T(prefix + text(v))})
	}
	return options
}

// ExerciseKind says in words what an exercise follows.
func (p *Page) ExerciseKind(e audits.Exercise) string {
	if e.Scope == audits.FullScope {
		return p.T("page.exercises.kind_full")
	}
	return p.T("page.exercises.kind_"+string(e.Kind)) + ", " + p.T("page.exercises.direction_"+string(e.Direction))
}

// exerciseState is how far an exercise is, or its verdict, in words.
func (p *Page) exerciseState(e audits.Exercise) string {
	switch {
	case e.Verdict != "":
		return p.T("state." + string(e.Verdict))
	case e.State == audits.Paused:
		return p.T("state.paused")
	}
	return p.T("page.exercises.running")
}

func (s *Site) exportExercises(p *Page, filter audits.ExerciseFilter) error {
	shapes := map[string]string{}
	for _, state := range []string{"passed", "remarks", "failed", "paused"} {
		shapes[p.T("state."+state)] = state
	}
	shapes[p.T("page.exercises.running")] = "running"
	return p.Export(export{
		name: "exercises-" + p.Today.String(),
		heads: []string{"page.exercises.number", "page.exercises.scope", "page.exercises.practice", "page.exercises.state", "page.exercises.as_of",
			"page.exercises.sampled", "page.exercises.population", "page.exercises.found", "page.exercises.expected", "page.exercises.signatory"},
		kinds: map[int]cell{4: dayCell, 5: countCell, 6: countCell, 7: countCell, 8: countCell}, fixed: 1,
		print: &printing{title: p.T("page.exercises.title"), asOf: p.Today, widths: []float64{26, 56, 24, 34, 20, 16, 20, 16, 16, 34},
			right: map[int]bool{4: true, 5: true, 6: true, 7: true, 8: true}, shapes: shapes, empty: p.T("page.exercises.empty")},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Audits.Exercises(p.Context(), p.Platform.ID, filter, c)
			for _, e := range page.Items {
				lines = append(lines, p.exerciseLine(e))
			}
			return lines, page.Next, err
		},
	})
}

func (p *Page) exerciseLine(e audits.Exercise) []string {
	practice := ""
	if e.Practice {
		practice = p.T("page.exercises.is_practice")
	}
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	line := []string{e.Number, p.ExerciseKind(e), practice, p.exerciseState(e), p.InputDate(e.AsOf), count(e.SampleSize), count(e.PopulationSize), "", "", e.SignedName}
	if e.State == audits.Concluded {
		line[7], line[8] = count(e.Found), count(e.Expected)
	}
	if e.Scope == audits.FullScope {
		line[5] = line[6]
	}
	return line
}
