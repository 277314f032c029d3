package web

import (
	"maillon/documents"
	"maillon/qms"
)

// disposalPages are what has passed its retention, the decision about it, and the decisions taken.
func (s *Site) disposalPages() {
	const all = Prefix + "/documents/disposal"
	s.page(all, qms.ReadLibrary, s.disposal)
	s.act(all, qms.ControlDocuments, s.dispose)
	s.page(all+"/decisions", qms.ReadLibrary, s.decisions)
}

// DisposalView is the list of what has passed its retention, with the form of a decision.
type DisposalView struct {
	Lines   []documents.Passed
	Next    string
	Form    *Form // of the decision
	Filter  *Form
	Kinds   []Option
	Options []Option
	Chips   []Chip
	On      qms.Date
	Chosen  map[string]bool
	Decides bool // the reader may decide, and the day has come
}

// PassedHref is where a content of the list stands.
func (p *Page) PassedHref(l documents.Passed) string {
	if l.Kind == documents.ItemRecord {
		return p.To("records", l.Label)
	}
	return p.To("documents", l.Code)
}

func (s *Site) disposalView(p *Page, f *Form) (DisposalView, documents.PassedFilter, error) {
	p.Title = p.T("page.disposal.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	filters := p.filterForm("on", "kind", "q")
	filter := documents.PassedFilter{On: filters.Date("on"), Kind: documents.Item(filters.Text("kind")), Query: filters.Text("q")}
	view := DisposalView{Form: f, Filter: filters, On: filter.On, Chosen: map[string]bool{},
		Kinds:   []Option{{"", p.T("page.disposal.kind_")}, {"version", p.T("page.disposal.kind_version")}, {"record", p.T("page.disposal.kind_record")}},
		Options: p.options("page.disposal.decision_", documents.Keep, documents.Archive, documents.Eliminate),
		Chips: p.Chips(func(name, value string) string {
			switch value {
			case "version", "record":
				return p.T("page.disposal.kind_" + value)
			}
			return value
		}, "on", "kind", "q")}
	if view.On == 0 {
		view.On = p.Today
	}
	view.Decides = p.Can(qms.ControlDocuments) && view.On <= p.Today
	for _, id := range f.Texts("item") {
		view.Chosen[id] = true
	}
	return view, filter, filters.Err()
}

func (s *Site) disposal(p *Page) error {
	view, filter, err := s.disposalView(p, p.Form().Set("decision", documents.Keep))
	if err != nil {
		return p.Again("documents_disposal", view.Filter, err, view)
	}
	if p.Exported() {
		return s.exportPassed(p, filter)
	}
	if err := s.fillPassed(p, &view, filter); err != nil {
		return err
	}
	return p.Render("documents_disposal", view)
}

func (s *Site) fillPassed(p *Page, view *DisposalView, filter documents.PassedFilter) error {
	page, err := s.Documents.Passed(p.Context(), p.Platform.ID, filter, p.Cursor())
	view.Lines, view.Next = page.Items, page.Next
	return err
}

func (s *Site) exportPassed(p *Page, filter documents.PassedFilter) error {
	return p.Export(export{
		name: "disposal-" + p.Today.String(),
		heads: []string{"page.disposal.kind", "page.disposal.label", "page.disposal.item_title", "page.disposal.from", "page.disposal.retention",
			"page.disposal.end", "page.disposal.file", "page.disposal.sha"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Documents.Passed(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				lines = append(lines, []string{p.T("page.disposal.kind_" + string(l.Kind)), l.Label, l.Title, p.InputDate(l.From),
					p.T("page.disposal.months", int(l.Months)), p.InputDate(l.End), l.FileName, l.Content.String()})
			}
			return lines, page.Next, err
		},
	})
}

func (s *Site) dispose(p *Page) error {
	f := p.Form()
	view, filter, err := s.disposalView(p, f)
	if err != nil {
		return err
	}
	if err := s.fillPassed(p, &view, filter); err != nil {
		return err
	}
	cmd := documents.Dispose{Platform: p.Platform.ID, Decision: documents.Decision(f.Text("decision")), KeepUntil: f.Date("keep_until"),
		Place: f.Text("place"), Reason: f.Text("reason")}
	for _, item := range f.Texts("item") {
		cmd.Items = append(cmd.Items, qms.ID(item))
	}
	var made []documents.Disposal
	if err = f.Err(); err == nil {
		err = s.People.Confirm(p.Context(), f.Raw("password"))
	}
	if err == nil {
		made, err = s.Documents.Dispose(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_disposal", f, err, view)
	}
	return p.Done(p.To("documents", "disposal", "decisions"), "page.disposal.done", len(made), made[0].Number)
}

// DecisionsView is the history of decisions.
type DecisionsView struct {
	Lines   []documents.Disposal
	Next    string
	Form    *Form
	Options []Option
	Chips   []Chip
}

func (s *Site) decisions(p *Page) error {
	p.Title = p.T("page.disposal.history")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.disposal.title"), p.To("documents", "disposal"))
	f := p.filterForm("decision", "q")
	filter := documents.DisposalFilter{Decision: documents.Decision(f.Text("decision")), Query: f.Text("q")}
	if p.Exported() {
		return s.exportDecisions(p, filter)
	}
	page, err := s.Documents.Disposals(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := DecisionsView{Lines: page.Items, Next: page.Next, Form: f,
		Options: append([]Option{{"", p.T("page.disposal.any")}}, p.options("page.disposal.done_", documents.Keep, documents.Archive, documents.Eliminate)...)}
	view.Chips = p.Chips(func(_, value string) string {
		for _, o := range view.Options {
			if o.Value == value {
				return o.Label
			}
		}
		return value
	}, "decision", "q")
	return p.Render("documents_decisions", view)
}

func (s *Site) exportDecisions(p *Page, filter documents.DisposalFilter) error {
	return p.Export(export{
		name: "disposal-decisions-" + p.Today.String(),
		heads: []string{"page.disposal.number", "page.disposal.kind", "page.disposal.label", "page.disposal.item_title", "page.disposal.what",
			"page.disposal.keep_until", "page.disposal.place", "page.disposal.reason", "page.disposal.who", "page.disposal.decided_on", "page.disposal.end", "page.disposal.sha"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Documents.Disposals(p.Context(), p.Platform.ID, filter, c)
			for _, d := range page.Items {
				lines = append(lines, []string{d.Number, p.T("page.disposal.kind_" + string(d.Kind)), d.Label, d.Title, p.T("page.disposal.done_" + string(d.Decision)),
					p.InputDate(d.KeepUntil), d.Place, d.Reason, d.Name, p.InputDate(d.DecidedOn), p.InputDate(d.DueOn), d.Content.String()})
			}
			return lines, page.Next, err
		},
	})
}
