package web

import (
	"maillon/documents"
	"maillon/qms"
)

// externalPages are the documents of external origin and the looks for their new editions.
func (s *Site) externalPages() {
	s.page(Prefix+"/documents/external", qms.ReadLibrary, s.externals)
	s.both(Prefix+"/documents/:code/watch", qms.WriteDocuments, s.newLook, s.addLook)
}

// ExternalsView is the list of documents of external origin.
type ExternalsView struct {
	Lines []documents.External
	Next  string
	Form  *Form
	Chips []Chip
}

func (s *Site) externals(p *Page) error {
	p.Title = p.T("page.external.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.SortBy("code")
	f := p.filterForm("q", "late", "new")
	filter := documents.ExternalFilter{Late: f.Checked("late"), New: f.Checked("new"), Query: f.Text("q"), Sort: p.Query("sort")}
	view := ExternalsView{Form: f, Chips: p.Chips(func(name, value string) string {
		switch name {
		case "late":
			return p.T("page.external.only_late")
		case "new":
			return p.T("page.external.only_new")
		}
		return value
	}, "q", "late", "new")}
	if p.Exported() {
		return s.exportExternals(p, filter)
	}
	page, err := s.Documents.Externals(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view.Lines, view.Next = page.Items, page.Next
	return p.Render("documents_external", view)
}

func (s *Site) exportExternals(p *Page, filter documents.ExternalFilter) error {
	return p.Export(export{
		name: "external-documents-" + p.Today.String(),
		heads: []string{"page.external.code", "page.external.doc_title", "page.external.publisher", "page.external.edition", "page.external.watched",
			"page.external.next", "page.external.new_edition", "page.external.where"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Documents.Externals(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				lines = append(lines, []string{l.Code, l.Title, l.Publisher, l.Edition, p.InputDate(l.WatchedOn), p.InputDate(l.WatchOn), l.NewEdition, l.Watch})
			}
			return lines, page.Next, err
		},
	})
}

// LookView is the form of a look for a new edition.
type LookView struct {
	Form     *Form
	Sheet    *documents.Sheet
	Outcomes []Option
	Watches  []documents.Watch
}

func (s *Site) lookForm(p *Page, f *Form) (LookView, error) {
	sheet, err := s.sheet(p, p.Today)
	if err != nil {
		return LookView{}, err
	}
	p.Crumb(sheet.Code, p.To("documents", sheet.Code))
	p.Title = p.T("page.external.look_title", sheet.Code)
	same := p.T("page.external.outcome_same_none")
	if sheet.Edition != "" {
		same = p.T("page.external.outcome_same", sheet.Edition)
	}
	view := LookView{Form: f, Sheet: sheet, Outcomes: []Option{{string(documents.WatchedSame), same}, {string(documents.WatchedNew), p.T("page.external.outcome_new")}}}
	view.Watches, err = s.Documents.Watches(p.Context(), p.Platform.ID, sheet.ID)
	return view, err
}

func (s *Site) newLook(p *Page) error {
	f := p.Form().Set("date", p.Today)
	view, err := s.lookForm(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Sheet.Revision)
	return p.Render("documents_look", view)
}

func (s *Site) addLook(p *Page) error {
	f := p.Form()
	view, err := s.lookForm(p, f)
	if err != nil {
		return err
	}
	cmd := documents.Look{Platform: p.Platform.ID, Document: view.Sheet.ID, Revision: int64(f.Int("revision")), Date: f.Date("date"),
		Outcome: documents.WatchOutcome(f.Text("outcome")), Edition: f.Text("edition"), Remark: f.Text("remark")}
	if err = f.Err(); err == nil {
		_, err = s.Documents.Look(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("documents_look", f, err, view)
	}
	if cmd.Outcome == documents.WatchedNew {
		return p.Done(p.To("documents", view.Sheet.Code, "versions", "new"), "page.external.looked_new", view.Sheet.Code)
	}
	return p.Done(p.To("documents", view.Sheet.Code), "page.external.looked", view.Sheet.Code)
}

// Filing is what the sheet of a document shows of the records filled on it and of its watch.
type Filing struct {
	Filled  int64
	Watches []documents.Watch
}

func (s *Site) filing(p *Page, sheet *documents.Sheet) (f Filing, err error) {
	if f.Filled, err = s.Documents.RecordCount(p.Context(), p.Platform.ID, sheet.ID); err != nil || !sheet.KindOf.External {
		return f, err
	}
	f.Watches, err = s.Documents.Watches(p.Context(), p.Platform.ID, sheet.ID)
	return f, err
}
