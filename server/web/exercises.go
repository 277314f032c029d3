package web

import (
	"crypto/rand"
	"encoding/base32"
	"strconv"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// exercisePages are the traceability exercises of a platform.
func (s *Site) exercisePages() {
	if s.Audits == nil {
		return
	}
	const one = Prefix + "/exercises/:number"
	s.page(Prefix+"/exercises", qms.ReadExercises, s.listExercises)
	s.page(Prefix+"/exercises/new", qms.RunExercises, s.newExercise)
	s.act(Prefix+"/exercises/new", qms.RunExercises, s.drawExercise)
	s.page(one, qms.ReadExercises, s.showExercise)
	s.act(one, qms.RunExercises, s.answerExercise)
	s.page(one+"/conclude", qms.RunExercises, s.askConclusion)
	s.act(one+"/conclude", qms.RunExercises, s.concludeExercise)
}

func (s *Site) listExercises(p *Page) error {
	page, err := s.Audits.Exercises(p.Context(), p.Platform.ID, audits.ExerciseFilter{}, p.Cursor())
	if err != nil {
		return err
	}
	p.Title, p.Wide = p.T("page.exercises.title"), true
	return p.Render("exercises_list", page)
}

// exerciseForm is the page that asks for an exercise.
type exerciseForm struct {
	Form       *Form
	Scopes     []Option
	Kinds      []Option
	Directions []Option
}

func (p *Page) exerciseForm(f *Form) exerciseForm {
	return exerciseForm{
		Form:       f,
		Scopes:     p.options("page.exercises.scope_", audits.FullScope, audits.SampleScope),
		Kinds:      p.options("page.exercises.kind_", audits.Services, audits.Access),
		Directions: p.options("page.exercises.way_", audits.Upstream, audits.Downstream),
	}
}

// options are choices whose words stand in the locale under prefix and value.
func (p *Page) options(prefix string, values ...any) []Option {
	options := make([]Option, 0, len(values))
	for _, v := range values {
		options = append(options, Option{Value: text(v), Label: p.T(prefix + text(v))})
	}
	return options
}

func (s *Site) newExercise(p *Page) error {
	f := p.Form().Set("scope", audits.FullScope).Set("kind", audits.Services).Set("direction", audits.Upstream).
		Set("as_of", p.Today).Set("sample_size", 10).Set("seed", p.seed())
	return p.askExercise(f, nil)
}

// seed proposes one that nobody chose: the day, the platform, and what no one could foresee.
func (p *Page) seed() string {
	b := make([]byte, 5)
	rand.Read(b) // never fails: crypto/rand ends the process instead
	return p.Today.String() + "-" + p.Platform.Code + "-" + base32.StdEncoding.EncodeToString(b)
}

func (p *Page) askExercise(f *Form, failure error) error {
	p.Title = p.T("page.exercises.new")
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
	if failure != nil {
		return p.Again("exercises_new", f, failure, p.exerciseForm(f))
	}
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
			}
		}
	}
	return page
}

func (s *Site) concludeExercise(p *Page) error {
	f := p.Form()
	f.Need("verdict")
	cmd := audits.Conclude{Platform: p.Platform.ID, Exercise: p.Param("number"), Verdict: audits.Verdict(f.Text("verdict")),
		Remark: f.Text("remark"), Revision: int64(f.Int("revision"))}
	err := f.Err()
	if err == nil {
		_, err = s.Audits.Conclude(p.Context(), cmd)
	}
	if err == nil {
		return p.Done(p.To("exercises", cmd.Exercise), "page.exercises.concluded", cmd.Exercise)
	}
	sheet, lost := s.Audits.Sheet(p.Context(), p.Platform.ID, cmd.Exercise)
	if lost != nil {
		return lost
	}
	return p.Again("exercises_conclude", f, err, p.conclusionPage(sheet, f))
}
