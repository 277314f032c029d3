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
		States:    p.anyOf("state.", "page.exercises.any_state", audits.Running, audits.Passed, audits.Remarks, audits.Failed)}
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

func (s *Site) exportExercises(p *Page, filter audits.ExerciseFilter) error {
	shapes := map[string]string{}
	for _, state := range []string{"passed", "remarks", "failed", "running", "paused"} {
		shapes[p.T("state."+state)] = state
	}
<<<<<<< HEAD
	return p.Render("exercises_new", p.exerciseForm(f))
}

func (s *Site) drawExercise(p *Page) error {
	f := p.Form()
	f.Need("scope", "as_of")
	draw := audits.Draw{
		Platform: p.Platform.ID, Kind: audits.Kind(f.Text("kind")), Direction: audits.Direction(f.Text("direction")),
		PeriodFrom: f.Date("period_from"), AsOf: f.Date("as_of"), Seed: f.Text("seed"), Size: f.Int("sample_size"),
	}
	if err := f.Err(); err != nil {
		return p.askExercise(f, err)
	}
	if f.Text("scope") == audits.FullScope {
		e, err := s.Audits.RunFull(p.Context(), p.Platform.ID, draw.AsOf)
		if err != nil {
			return p.askExercise(f, err)
		}
		return p.Done(p.To("exercises", e.Number), "page.exercises.full_done", e.Number)
	}
	sheet, err := s.Audits.Draw(p.Context(), draw)
	if err != nil {
		return p.askExercise(f, err)
	}
	return p.Done(p.To("exercises", sheet.Exercise.Number), "page.exercises.drawn", len(sheet.Items), sheet.Exercise.Number)
}

// defect is one line of the table of a full exercise.
type defect struct {
	Check trace.Check
	Count int
}

// fullPage is a full exercise and what it found.
type fullPage struct {
	Exercise audits.Exercise
	Findings *trace.Findings
	Defects  []defect
	Uses     []defect
	Most     int // the largest count, which the bars are measured by
}

func fullPageOf(e audits.Exercise) (*fullPage, error) {
	f, err := audits.FindingsOf(e)
	if err != nil {
		return nil, err
	}
	page := &fullPage{Exercise: e, Findings: f, Most: 1}
	made := func(checks []trace.Check) (defects []defect) {
		for _, c := range checks {
			if f.Makes(c) {
				defects = append(defects, defect{c, f.Times(c)})
				page.Most = max(page.Most, f.Times(c))
			}
		}
		return defects
	}
	page.Defects, page.Uses = made(trace.ServiceChecks()), made(trace.UseChecks())
	return page, nil
}

// sheetPage is a sampled exercise with one of its items in hand.
type sheetPage struct {
	*audits.Sheet
	Item    *audits.SheetItem // nil when nothing could be drawn
	Done    int               // items whose links are all answered
	Form    *Form
	Answers []Option
}

func (s *Site) showExercise(p *Page) error {
	sheet, err := s.Audits.Sheet(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	p.openExercise(sheet.Exercise)
	if sheet.Exercise.Scope == audits.FullScope {
		page, err := fullPageOf(sheet.Exercise)
		if err != nil {
			return err
		}
		return p.Render("exercises_full", page)
	}
	return p.Render("exercises_sheet", p.sheetPage(sheet, p.Form()))
}

func (p *Page) openExercise(e audits.Exercise) {
	p.Title, p.Wide = e.Number, true
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
}

// sheetPage takes the item that the query names, else the first that is not answered.
func (p *Page) sheetPage(sheet *audits.Sheet, f *Form) *sheetPage {
	page := &sheetPage{Sheet: sheet, Form: f, Answers: p.options("state.", audits.Found, audits.Missing, audits.Incoherent, audits.NotApplicable)}
	asked, _ := strconv.Atoi(p.Query("item"))
	for i := range sheet.Items {
		item := &sheet.Items[i]
		if item.Answered() {
			page.Done++
		} else if page.Item == nil && asked == 0 {
			page.Item = item
		}
		if item.Position == int64(asked) {
			page.Item = item
		}
	}
	if page.Item == nil && len(sheet.Items) > 0 {
		page.Item = &sheet.Items[0]
	}
	return page
}

// answerExercise keeps the answers on one item; the act "accept" takes every proposal as it is.
func (s *Site) answerExercise(p *Page) error {
	sheet, err := s.Audits.Sheet(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	f := p.Form()
	page := p.sheetPage(sheet, f)
	if page.Item == nil {
		return qms.NotFound("exercise.item_not_found")
	}
	cmd := audits.Decide{Platform: p.Platform.ID, Exercise: sheet.Exercise.Number, Item: page.Item.ID, Revision: int64(f.Int("revision"))}
	for _, l := range page.Item.Links {
		answer := audits.Answer(f.Text("answer-" + l.ID.String()))
		if f.Text("act") == "accept" {
			answer = l.Proposal
		}
		if answer != "" {
			cmd.Decisions = append(cmd.Decisions, audits.Decision{Link: l.ID, Answer: answer, Note: f.Text("note-" + l.ID.String())})
		}
	}
	if err = f.Err(); err == nil {
		_, err = s.Audits.Decide(p.Context(), cmd)
	}
	if err != nil {
		p.openExercise(sheet.Exercise)
		return p.Again("exercises_sheet", f, err, page)
	}
	return p.Done(p.To("exercises", sheet.Exercise.Number), "page.exercises.answered", page.Item.Number)
}

// conclusionPage asks for the verdict.
type conclusionPage struct {
	*audits.Sheet
	Form     *Form
	Open     int64 // links without an answer
	Verdicts []Option
}

func (s *Site) askConclusion(p *Page) error {
	sheet, err := s.Audits.Sheet(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	f := p.Form().Set("verdict", sheet.Score().Verdict()).Set("revision", sheet.Exercise.Revision)
	return p.Render("exercises_conclude", p.conclusionPage(sheet, f))
}

func (p *Page) conclusionPage(sheet *audits.Sheet, f *Form) *conclusionPage {
	p.openExercise(sheet.Exercise)
	p.Wide = false
	p.Crumb(sheet.Exercise.Number, p.To("exercises", sheet.Exercise.Number))
	page := &conclusionPage{Sheet: sheet, Form: f, Verdicts: p.options("state.", audits.Passed, audits.Remarks, audits.Failed)}
	for _, i := range sheet.Items {
		for _, l := range i.Links {
			if l.Answer == "" {
				page.Open++
=======
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
>>>>>>> abaf1ee (web: exercises with clocks, evaluators, charts and years)
			}
			return lines, page.Next, err
		},
	})
}

func (p *Page) exerciseLine(e audits.Exercise) []string {
	state, practice := string(e.State), ""
	if e.Verdict != "" {
		state = string(e.Verdict)
	}
	if e.Practice {
		practice = p.T("page.exercises.is_practice")
	}
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	line := []string{e.Number, p.ExerciseKind(e), practice, p.T("state." + state), p.InputDate(e.AsOf), count(e.SampleSize), count(e.PopulationSize), "", "", e.SignedName}
	if e.State == audits.Concluded {
		line[7], line[8] = count(e.Found), count(e.Expected)
	}
	if e.Scope == audits.FullScope {
		line[5] = line[6]
	}
	return line
}
