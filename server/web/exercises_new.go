package web

import (
	"crypto/rand"
	"encoding/base32"

	"maillon/audits"
	"maillon/qms"
)

// chosenScope is the choice of the form for items that the evaluator names.
const chosenScope = "chosen"

// exerciseForm is the page that asks for an exercise.
type exerciseForm struct {
	Form       *Form
	Scopes     []Option
	Kinds      []Option
	Directions []Option
	Strata     []Option
	Others     []Option // who may be named as evaluators besides the reader
	Practises  bool     // the reader can only practise
}

func (s *Site) exerciseForm(p *Page, f *Form) (exerciseForm, error) {
	view := exerciseForm{
		Form:       f,
		Scopes:     p.options("page.exercises.scope_", audits.FullScope, audits.SampleScope, chosenScope),
		Kinds:      p.options("page.exercises.kind_", audits.Services, audits.Access),
		Directions: p.options("page.exercises.way_", audits.Upstream, audits.Downstream),
		Practises:  !p.Can(qms.EvaluatePlatform),
	}
	for _, way := range audits.StrataWays() {
		view.Strata = append(view.Strata, Option{string(way), p.T("page.exercises.strata_" + strataWord(way))})
	}
	able, err := s.Audits.Evaluators(p.Context(), p.Platform.ID, view.Practises)
	for _, n := range able {
		if n.Person != p.Actor.ID {
			view.Others = append(view.Others, Option{string(n.Person), n.Name})
		}
	}
	return view, err
}

// strataWord ends the key of a way to part a population.
func strataWord(way audits.StrataBy) string {
	switch way {
	case audits.ByYear:
		return "year"
	case audits.ByStatus:
		return "status"
	case audits.ByYearAndClients:
		return "both"
	}
	return "none"
}

func (s *Site) newExercise(p *Page) error {
	f := p.Form().Set("scope", audits.SampleScope).Set("kind", audits.Services).Set("direction", audits.Upstream).
		Set("as_of", p.Today).Set("sample_size", 10).Set("strata", audits.NoStrata).Set("seed", p.seed())
	return s.askExercise(p, f, nil)
}

// seed proposes one that nobody chose: the day, the platform, and what no one could foresee.
func (p *Page) seed() string {
	b := make([]byte, 5)
	rand.Read(b) // never fails: crypto/rand ends the process instead
	return p.Today.String() + "-" + p.Platform.Code + "-" + base32.StdEncoding.EncodeToString(b)
}

func (s *Site) askExercise(p *Page, f *Form, failure error) error {
	p.Title = p.T("page.exercises.new")
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
	view, err := s.exerciseForm(p, f)
	if err != nil {
		return err
	}
	if failure != nil {
		return p.Again("exercises_new", f, failure, view)
	}
	return p.Render("exercises_new", view)
}

func (s *Site) drawExercise(p *Page) error {
	f := p.Form()
	f.Need("scope", "as_of")
	draw := audits.Draw{
		Platform: p.Platform.ID, Practice: f.Checked("practice") || !p.Can(qms.EvaluatePlatform),
		Kind: audits.Kind(f.Text("kind")), Direction: audits.Direction(f.Text("direction")),
		PeriodFrom: f.Date("period_from"), PeriodTo: f.Date("period_to"), AsOf: f.Date("as_of"),
	}
	for _, id := range f.Texts("evaluators") {
		draw.Evaluators = append(draw.Evaluators, qms.ID(id))
	}
	scope := f.Text("scope")
	if scope == chosenScope {
		f.Need("chosen")
		draw.Chosen = []string{f.Raw("chosen")}
	} else if scope == audits.SampleScope {
		draw.Strata, draw.Seed, draw.Size = audits.StrataBy(f.Text("strata")), f.Text("seed"), f.Int("sample_size")
	}
	if err := f.Err(); err != nil {
		return s.askExercise(p, f, err)
	}
	if scope == audits.FullScope {
		e, err := s.Audits.RunFull(p.Context(), p.Platform.ID, draw.AsOf)
		if err != nil {
			return s.askExercise(p, f, err)
		}
		return p.Done(p.To("exercises", e.Number), "page.exercises.full_done", e.Number)
	}
	sheet, err := s.Audits.Draw(p.Context(), draw)
	if err != nil {
		return s.askExercise(p, f, err)
	}
	return p.Done(p.To("exercises", sheet.Exercise.Number), "page.exercises.drawn", len(sheet.Items), sheet.Exercise.Number)
}
