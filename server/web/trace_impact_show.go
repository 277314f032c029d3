package web

import (
	"net/url"

	"maillon/qms"
	"maillon/qms/trace"
)

// ImpactView is one dossier.
type ImpactView struct {
	*trace.ImpactSheet
	Form      *Form
	Decisions []Option
	Files     []trace.Evidence
	Chips     []Chip
	words     impactWords
}

// Cause is what the dossier is about; Window, Basis, State and StateWord are of it too.
func (v ImpactView) Cause() string { return v.words.cause(&v.Impact, v.Equipment) }

// Window is the days of the window as frozen.
func (v ImpactView) Window() string { return v.words.window(v.Impact.Periods) }

// Basis is the reason of the window.
func (v ImpactView) Basis() string {
	return v.words.basis(v.Impact.Basis, v.Impact.BasisOn, v.Impact.BasisWords)
}

// State is the shape of how the dossier stands.
func (v ImpactView) State() string { return v.words.state(&v.Impact) }

// StateWord is how the dossier stands.
func (v ImpactView) StateWord() string { return v.words.stateWord(&v.Impact) }

// Decided is what was decided for a line, Shape its colour.
func (v ImpactView) Decided(i trace.ImpactItem) string { return v.words.decision(&i) }

// Shape is the colour of a decision.
func (v ImpactView) Shape(i trace.ImpactItem) string { return v.words.shape(i.Decision) }

// Days are the day of a line, or the days of a lot.
func (v ImpactView) Days(i trace.ImpactItem) string { return v.words.days(&i) }

// Subject is the number of a line, or how many records a lot has.
func (v ImpactView) Subject(i trace.ImpactItem) string { return v.words.subject(&i) }

// Who is the name of a person.
func (v ImpactView) Who(id qms.ID) string { return v.People[id].Name }

// Chosen reports whether a line is ticked in the form that came back.
func (v ImpactView) Chosen(id qms.ID) bool {
	for _, chosen := range v.Form.Texts("item") {
		if chosen == string(id) {
			return true
		}
	}
	return false
}

// Has reports whether the dossier has lines of the kind.
func (v ImpactView) Has(kind string) bool {
	return len(v.ImpactSheet.Decisions[trace.TouchedKind(kind)]) > 0
}

// Of are the lines of one kind on this page.
func (v ImpactView) Of(kind string) (lines []trace.ImpactItem) {
	for _, i := range v.Page.Items {
		if string(i.Kind) == kind {
			lines = append(lines, i)
		}
	}
	return lines
}

// Again is the address that opens another dossier of the same cause.
func (v ImpactView) Again() string {
	i := &v.Impact
	q := url.Values{"cause": {string(i.Kind)}, "follows": {i.Number}}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	switch i.Kind {
	case trace.ByCalibration:
		set("calibration", string(i.Subject))
	case trace.ByTraining:
		set("training", string(i.Subject))
	case trace.ByFault:
		set("equipment", v.Equipment.Code)
	}
	set("instruction", i.Instruction)
	set("version", i.InstructionVersion)
	set("from", i.StatedFrom.String())
	set("through", i.StatedThrough.String())
	if i.Taught && i.Kind == trace.ByTraining {
		set("taught", "on")
	}
	return v.words.To("impact", "new") + "?" + q.Encode()
}

// Tally is one row of the count of decisions.
type Tally struct {
	Kind  trace.TouchedKind
	Word  string
	Shape string
	Count int64
}

// Tallies are the counts of decisions, by kind.
func (v ImpactView) Tallies() (all []Tally) {
	for _, kind := range []trace.TouchedKind{trace.TouchedReport, trace.TouchedUse, trace.TouchedTraining} {
		for _, d := range append([]trace.ItemDecision{trace.Undecided}, trace.ItemDecisions()...) {
			if n := v.ImpactSheet.Decisions[kind][d]; n > 0 {
				word := v.words.T("page.impact.undecided")
				if d != trace.Undecided {
					word = v.words.T("page.impact.decision_" + string(d))
				}
				all = append(all, Tally{kind, word, v.words.shape(d), n})
			}
		}
	}
	return all
}

// impactSheet reads the dossier in the path with the filters of the address.
func (s *Site) impactSheet(p *Page) (*trace.ImpactSheet, error) {
	return s.Trace.Impact(p.Context(), p.Platform.ID, p.number("number"), p.itemFilter(), p.Cursor())
}

func (p *Page) itemFilter() trace.ItemFilter {
	return trace.ItemFilter{Kind: trace.TouchedKind(p.Query("kind")), Decision: trace.ItemDecision(p.Query("decision")), Undecided: p.Query("undecided") != ""}
}

// impactView is the page of the dossier.
func (s *Site) impactView(p *Page, f *Form) (view ImpactView, err error) {
	v, err := s.impactSheet(p)
	if err != nil {
		return view, err
	}
	files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, v.Impact.ID)
	if err != nil {
		return view, err
	}
	p.Title, p.Wide = v.Impact.Number, true
	p.Crumb(p.T("page.impact.title"), p.To("impact"))
	view = ImpactView{ImpactSheet: v, Form: f, Files: files[v.Impact.ID], words: impactWords{p},
		Decisions: p.options("page.impact.decide_", anys(trace.ItemDecisions())...)}
	view.Chips = p.Chips(func(name, value string) string {
		switch name {
		case "undecided":
			return p.T("page.impact.undecided")
		case "kind":
			return p.T("page.impact.kinds_" + value)
		}
		return p.T("page.impact.decision_" + value)
	}, "undecided", "kind", "decision")
	return view, nil
}

func (s *Site) impact(p *Page) error {
	if p.Printed() {
		return s.printImpact(p)
	}
	if p.Exported() {
		return s.exportImpact(p)
	}
	view, err := s.impactView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("impact_show", view)
}

func (s *Site) exportImpact(p *Page) error {
	say := impactWords{p}
	v, err := s.Trace.Impact(p.Context(), p.Platform.ID, p.number("number"), trace.ItemFilter{}, qms.Cursor{Size: 1})
	if err != nil {
		return err
	}
	return p.Export(export{
		name: v.Impact.Number + "-" + p.Today.String(),
		heads: []string{"page.impact.position", "page.impact.touched", "page.impact.record", "page.impact.chain", "page.impact.date", "page.impact.who",
			"page.impact.project", "page.impact.decision", "page.impact.note", "page.impact.decided_by", "page.impact.decided_on"},
		kinds: map[int]cell{0: countCell, 4: dayCell, 10: dayCell}, fixed: 3,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Trace.ImpactItems(p.Context(), p.Platform.ID, v.Impact.Number, p.itemFilter(), c)
			for _, i := range page.Items {
				day := p.InputDate(i.Date)
				if i.Record == "" {
					day = say.days(&i)
				}
				lines = append(lines, []string{count(i.Position), p.T("page.impact.kind_of_" + string(i.Kind)), say.subject(&i), i.Request, day,
					i.Who, i.Project, say.decision(&i), i.Note, v.People[i.DecidedBy].Name, p.InputDate(i.DecidedOn)})
			}
			return lines, page.Next, err
		},
	})
}

// decideImpact takes one decision for the lines that are ticked, or for all that wait.
func (s *Site) decideImpact(p *Page) error {
	f := p.Form()
	view, err := s.impactView(p, f)
	if err != nil {
		return err
	}
	cmd := trace.DecideImpact{Target: p.target(f, view.Impact.ID), Rest: f.Text("lines") == "rest", Kind: trace.TouchedKind(f.Text("kind")),
		Decision: trace.ItemDecision(f.Text("decision")), Note: f.Text("note"), InformedOn: f.Date("informed_on"), Amended: f.Text("amended")}
	for _, id := range f.Texts("item") {
		cmd.Items = append(cmd.Items, qms.ID(id))
	}
	if err = f.Err(); err == nil {
		before := view.Impact.Decided
		var i *trace.Impact
		if i, err = s.Trace.DecideImpact(p.Context(), cmd); err == nil {
			if i.Undecided() == 0 && before < i.Decided {
				return p.Done(p.To("impact", i.Number), "page.impact.all_decided")
			}
			return p.Done(p.Here, "page.impact.decided_flash", i.Undecided())
		}
	}
	return p.Again("impact_show", f, err, view)
}

func (s *Site) extendImpact(p *Page) error {
	f := p.Form()
	v, err := s.impactSheet(p)
	if err != nil {
		return err
	}
	target := p.target(f, v.Impact.ID)
	if err := f.Err(); err != nil {
		return err
	}
	i, err := s.Trace.ExtendImpact(p.Context(), target)
	if err != nil {
		return err
	}
	return p.Done(p.To("impact", i.Number), "page.impact.extended", i.Items-v.Impact.Items)
}

// impactEnding is the form that concludes a dossier or declares it a mistake.
func (s *Site) impactEnding(p *Page, f *Form, title string) (view ImpactView, err error) {
	if view, err = s.impactView(p, f); err != nil {
		return view, err
	}
	p.Wide, p.Title = false, p.T(title)
	p.Crumb(view.Impact.Number, p.To("impact", view.Impact.Number))
	return view, nil
}

func (s *Site) newConclusion(p *Page) error {
	view, err := s.impactEnding(p, p.Form(), "page.impact.conclude")
	if err != nil {
		return err
	}
	view.Form.Set("revision", view.Impact.Revision).Set("on", p.Today)
	return p.Render("impact_conclude", view)
}

func (s *Site) concludeImpact(p *Page) error {
	f := p.Form()
	view, err := s.impactEnding(p, f, "page.impact.conclude")
	if err != nil {
		return err
	}
	cmd := trace.ConcludeImpact{Target: p.target(f, view.Impact.ID), Words: f.Text("words"), On: f.Date("on")}
	if err = f.Err(); err == nil {
		_, err = s.Trace.ConcludeImpact(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("impact_conclude", f, err, view)
	}
	return p.Done(p.To("impact", view.Impact.Number), "page.impact.concluded_flash", view.Impact.Number)
}

func (s *Site) newImpactVoid(p *Page) error {
	view, err := s.impactEnding(p, p.Form(), "page.impact.void")
	if err != nil {
		return err
	}
	view.Form.Set("revision", view.Impact.Revision)
	return p.Render("impact_void", view)
}

func (s *Site) voidImpact(p *Page) error {
	f := p.Form()
	view, err := s.impactEnding(p, f, "page.impact.void")
	if err != nil {
		return err
	}
	target := p.target(f, view.Impact.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidImpact(p.Context(), target)
	}
	if err != nil {
		return p.Again("impact_void", f, err, view)
	}
	return p.Done(p.To("impact", view.Impact.Number), "page.impact.voided", view.Impact.Number)
}

// MentionsView is where dossiers name a record.
type MentionsView struct {
	Kind     string
	Code     string
	Mentions []trace.ImpactMention
	words    impactWords
}

// Decided is what was decided for the line.
func (v MentionsView) Decided(m trace.ImpactMention) string {
	if m.Decision == trace.Undecided {
		return v.words.T("page.impact.undecided")
	}
	return v.words.T("page.impact.decision_" + string(m.Decision))
}

// Shape is the colour of the decision.
func (v MentionsView) Shape(m trace.ImpactMention) string { return v.words.shape(m.Decision) }

// impactsOf is a part that pages fetch by themselves, so that none waits for it; asked for as a page it
// is one.
func (s *Site) impactsOf(p *Page) error {
	kind, code := p.Param("kind"), p.number("code")
	mentions, err := s.Trace.ImpactsOf(p.Context(), p.Platform.ID, kind, code)
	if err != nil {
		return err
	}
	p.Title = p.T("page.impact.of_title", code)
	if _, err := qms.ParseID(code); err == nil { // a training or a calibration, which has no number to be called by
		p.Title = p.T("page.impact.of_link")
	}
	view := MentionsView{kind, code, mentions, impactWords{p}}
	if p.IsFragment() {
		return p.Fragment("impact_of", "impact-mentions", view)
	}
	p.Crumb(p.T("page.impact.title"), p.To("impact"))
	return p.Render("impact_of", view)
}
