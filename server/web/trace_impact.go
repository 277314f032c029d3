package web

import (
	"net/url"
	"strconv"

	"maillon/qms"
	"maillon/qms/trace"
)

// impactPages are what a cause touches: the list before anything is recorded, the dossiers, and where a
// record is named in them.
func (s *Site) impactPages() {
	const one = Prefix + "/impact/:number"
	s.page(Prefix+"/impact", qms.ReadTrace, s.impacts)
	s.page(Prefix+"/impact/new", qms.ReadTrace, s.newImpact)
	s.act(Prefix+"/impact/new", qms.ManageEquipment, s.openImpact)
	s.page(Prefix+"/impact/of/:kind/:code", qms.ReadTrace, s.impactsOf)
	s.page(one, qms.ReadTrace, s.impact)
	s.act(one, qms.ManageEquipment, s.decideImpact)
	s.act(one+"/extend", qms.ManageEquipment, s.extendImpact)
	s.both(one+"/conclude", qms.ManageEquipment, s.newConclusion, s.concludeImpact)
	s.both(one+"/void", qms.ManageEquipment, s.newImpactVoid, s.voidImpact)
}

// ImpactsView is the list of dossiers.
type ImpactsView struct {
	Items  []trace.Impact
	Pieces map[qms.ID]trace.Equipment
	Next   string
	Form   *Form
	Kinds  []Option
	Chips  []Chip
	words  impactWords
}

// State is the shape of how a dossier stands; StateWord says it.
func (v ImpactsView) State(i trace.Impact) string { return v.words.state(&i) }

// StateWord is how a dossier stands.
func (v ImpactsView) StateWord(i trace.Impact) string { return v.words.stateWord(&i) }

// Cause is what the dossier is about, in the reader's words.
func (v ImpactsView) Cause(i trace.Impact) string { return v.words.cause(&i, v.Pieces[i.Equipment]) }

func (s *Site) impacts(p *Page) error {
	p.Title, p.Wide = p.T("page.impact.title"), true
	f := p.filterForm("kind", "open")
	filter := trace.ImpactFilter{Kind: trace.CauseKind(f.Text("kind")), Open: f.Checked("open")}
	if p.Exported() {
		return s.exportImpacts(p, filter)
	}
	page, pieces, err := s.Trace.Impacts(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := ImpactsView{Items: page.Items, Pieces: pieces, Next: page.Next, Form: f, words: impactWords{p},
		Kinds: append([]Option{{"", p.T("page.impact.all_causes")}}, p.options("page.impact.kind_", anys(trace.CauseKinds())...)...)}
	view.Chips = p.Chips(func(name, value string) string {
		if name == "open" {
			return p.T("page.impact.open_only")
		}
		return p.T("page.impact.kind_" + value)
	}, "kind", "open")
	return p.Render("impact_list", view)
}

// anys are values for who takes them of any kind.
func anys[T any](values []T) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

func (s *Site) exportImpacts(p *Page, filter trace.ImpactFilter) error {
	say := impactWords{p}
	return p.Export(export{
		name: "impacts-" + p.Today.String(),
		heads: []string{"page.impact.number", "page.impact.cause", "page.impact.words", "page.impact.opened", "page.impact.reports", "page.impact.uses",
			"page.impact.lines", "page.impact.decided", "page.impact.concluded", "page.impact.state"},
		kinds: map[int]cell{3: dayCell, 4: countCell, 5: countCell, 6: countCell, 7: countCell, 8: dayCell}, fixed: 1,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, pieces, err := s.Trace.Impacts(p.Context(), p.Platform.ID, filter, c)
			for _, i := range page.Items {
				lines = append(lines, []string{i.Number, say.cause(&i, pieces[i.Equipment]), i.Words, p.InputDate(i.OpenedOn), count(i.Reports),
					count(i.Uses), count(i.Items), count(i.Decided), p.InputDate(i.ConcludedOn), say.stateWord(&i)})
			}
			return lines, page.Next, err
		},
	})
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

// causeQuery are the parts of the address that name a cause.
var causeQuery = []string{"cause", "calibration", "training", "instruction", "version", "equipment", "from", "through", "taught", "follows"}

// causeOf reads the cause of the form, which the address or the body filled.
func causeOf(f *Form) trace.Cause {
	c := trace.Cause{Kind: trace.CauseKind(f.Text("cause")), Instruction: f.Text("instruction"), InstructionVersion: f.Text("version"),
		From: f.Date("from"), Through: f.Date("through"), Taught: f.Checked("taught")}
	switch c.Kind {
	case trace.ByCalibration:
		c.Subject = f.Text("calibration")
	case trace.ByTraining:
		c.Subject = f.Text("training")
	case trace.ByFault:
		c.Subject = f.Text("equipment")
	}
	return c
}

// PreviewView is what a cause touches, and the form that opens its dossier.
type PreviewView struct {
	*trace.ImpactPreview
	Form    *Form
	Pieces  []Option // to choose from, before there is a cause
	Follows []Option // concluded dossiers of the same cause
	Widens  bool     // the window follows from a rule and may be widened
	words   impactWords
}

// Chosen reports whether there is a list to show.
func (v PreviewView) Chosen() bool { return v.ImpactPreview != nil }

// State is the shape of how a dossier stands; StateWord says it.
func (v PreviewView) State(i trace.Impact) string { return v.words.state(&i) }

// StateWord is how a dossier stands.
func (v PreviewView) StateWord(i trace.Impact) string { return v.words.stateWord(&i) }

// Heading is what the list is about.
func (v PreviewView) Heading() string { return v.words.heading(v.ImpactPreview) }

// Window is the days of the window; Basis says why it begins when it begins.
func (v PreviewView) Window() string { return v.words.window(v.ImpactPreview.Window.Periods) }

// Basis is the reason of the window.
func (v PreviewView) Basis() string {
	w := v.ImpactPreview.Window
	return v.words.basis(w.Basis, w.On, w.Words)
}

// Of are the lines of one kind.
func (v PreviewView) Of(kind trace.TouchedKind) (lines []trace.Touched) {
	for _, l := range v.Page.Items {
		if l.Kind == kind {
			lines = append(lines, l)
		}
	}
	return lines
}

// Who is the name of a person; Piece a piece of equipment.
func (v PreviewView) Who(id qms.ID) string { return v.ImpactPreview.People[id].Name }

// Piece is a piece of equipment that a line names.
func (v PreviewView) Piece(id qms.ID) trace.Equipment { return v.ImpactPreview.Pieces[id] }

// Address is this page with the cause of the form, for lists as files.
func (v PreviewView) Address() string {
	q := url.Values{}
	for _, name := range causeQuery {
		if value := v.Form.Text(name); value != "" {
			q.Set(name, value)
		}
	}
	return v.words.To("impact", "new") + "?" + q.Encode()
}

func (s *Site) newImpact(p *Page) error {
	f := p.filterForm(causeQuery...)
	view := PreviewView{Form: f, words: impactWords{p}}
	cause := causeOf(f)
	if err := f.Err(); err != nil {
		return s.chooseCause(p, view, err)
	}
	if cause.Kind == "" {
		return s.chooseCause(p, view, nil)
	}
	if p.Exported() || p.Printed() {
		return s.exportPreview(p, cause)
	}
	err := s.preview(p, &view, cause)
	if err == nil {
		return p.Render("impact_new", view)
	}
	if cause.Kind == trace.ByCalibration || cause.Kind == trace.ByTraining { // a window that cannot be widened so
		cause.From, cause.Through = 0, 0
		if s.preview(p, &view, cause) == nil {
			return p.Again("impact_new", f, err, view)
		}
	}
	return s.chooseCause(p, view, err)
}

// preview reads the list of the cause into the page.
func (s *Site) preview(p *Page, view *PreviewView, cause trace.Cause) (err error) {
	if view.ImpactPreview, err = s.Trace.PreviewImpact(p.Context(), p.Platform.ID, cause, 0, p.Cursor()); err != nil {
		return err
	}
	view.Widens = cause.Kind == trace.ByCalibration || cause.Kind == trace.ByTraining
	for _, i := range view.Dossiers {
		if i.ConcludedOn != 0 && i.Void == "" {
			view.Follows = append(view.Follows, Option{i.Number, i.Number})
		}
	}
	if len(view.Follows) > 0 {
		view.Follows = append([]Option{{"", p.T("page.impact.follows_none")}}, view.Follows...)
	}
	p.Title, p.Wide = view.Heading(), true
	p.Crumb(p.T("page.impact.title"), p.To("impact"))
	return nil
}

// chooseCause asks for the cause: there is none yet, or what was stated of it is wrong.
func (s *Site) chooseCause(p *Page, view PreviewView, wrong error) error {
	view.ImpactPreview = nil
	if qms.CodeOf(wrong) == qms.CodeNotFound {
		return wrong
	}
	choices, err := s.Trace.Choices(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	for _, e := range choices.Equipment {
		view.Pieces = append(view.Pieces, Option{e.Code, labelOf(e.Code, e.Name)})
	}
	p.Title = p.T("page.impact.new")
	p.Crumb(p.T("page.impact.title"), p.To("impact"))
	if wrong != nil {
		return p.Again("impact_new", view.Form, wrong, view)
	}
	return p.Render("impact_new", view)
}

func (s *Site) openImpact(p *Page) error {
	f := p.Form()
	cause := causeOf(f)
	err := f.Err()
	if err == nil {
		var i *trace.Impact
		cmd := trace.OpenImpact{Platform: p.Platform.ID, Cause: cause, Words: f.Text("words"), Follows: f.Text("follows")}
		if i, err = s.Trace.OpenImpact(p.Context(), cmd); err == nil {
			return p.Done(p.To("impact", i.Number), "page.impact.opened_flash", i.Number, i.Items)
		}
	}
	view := PreviewView{Form: f, words: impactWords{p}}
	if again := s.preview(p, &view, cause); again != nil {
		return s.chooseCause(p, view, err)
	}
	return p.Again("impact_new", f, err, view)
}

func (s *Site) exportPreview(p *Page, cause trace.Cause) error {
	say := impactWords{p}
	first, err := s.Trace.PreviewImpact(p.Context(), p.Platform.ID, cause, 0, qms.Cursor{Size: 1})
	if err != nil {
		return err
	}
	facts := []string{p.T("page.impact.window_fact", say.window(first.Window.Periods)), say.basis(first.Window.Basis, first.Window.On, first.Window.Words),
		p.T("page.impact.counts", first.Counts.Chains, first.Counts.Reports, first.Counts.Uses, first.Counts.Trainings)}
	return p.Export(export{
		name: "impact-" + p.Today.String(),
		heads: []string{"page.impact.touched", "page.impact.record", "page.impact.chain", "page.impact.date", "page.impact.who", "page.impact.operator",
			"page.impact.equipment", "page.impact.project", "page.impact.invoice"},
		kinds: map[int]cell{3: dayCell}, fixed: 2,
		print: &printing{title: say.heading(first), facts: facts, asOf: first.AsOf, widths: []float64{9, 14, 14, 10, 18, 14, 10, 14, 14},
			right: map[int]bool{3: true}, shapes: map[string]string{}, empty: p.T("page.impact.nothing_touched")},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			v, err := s.Trace.PreviewImpact(p.Context(), p.Platform.ID, cause, 0, c)
			if err != nil {
				return nil, "", err
			}
			for _, l := range v.Page.Items {
				lines = append(lines, []string{p.T("page.impact.kind_of_" + string(l.Kind)), l.Number, l.Request, p.InputDate(l.Date), l.Client,
					v.People[l.Person].Name, v.Pieces[l.Equipment].Code, l.Project, l.Invoice})
			}
			return lines, v.Page.Next, nil
		},
	})
}
