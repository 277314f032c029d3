package web

import (
	"maillon/documents"
)

// CompareView is two versions of a document, side by side.
type CompareView struct {
	*documents.Comparison
	Form     *Form
	Versions []Option
	Folds    []documents.Fold
	Missing  string // the version whose text is not known
	Whole    bool   // unchanged lines are shown as well
	More     int    // lines near a change that are not shown
}

// comparedShown is how many lines one page of a comparison shows.
const comparedShown = 1500

func (s *Site) compareVersions(p *Page) error {
	found, err := s.Documents.Compare(p.Context(), documents.Compare{Platform: p.Platform.ID, Code: p.codeParam(), From: p.Query("from"), To: p.Query("to")})
	if err != nil {
		return err
	}
	code := found.Document.Code
	p.Title = p.T("page.compare.title") + p.T("mark.colon") + code
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(code, p.To("documents", code))
	data := CompareView{Comparison: found, Form: p.Form(), Whole: p.Query("whole") != ""}
	for i := range found.Versions {
		e := &found.Versions[i]
		data.Versions = append(data.Versions, Option{e.Number().String(), e.Number().String() + ", " + p.T("state."+string(e.StateThen))})
	}
	if found.From != nil {
		data.Form.Set("from", found.From.Number().String())
	}
	if found.To != nil {
		data.Form.Set("to", found.To.Number().String())
	}
	if found.Missing != nil {
		data.Missing = found.Missing.Number().String()
	}
	if data.Whole {
		data.Folds, data.More = found.Unfolded(comparedShown)
	} else {
		data.Folds, data.More = found.Folded(comparedShown)
	}
	return p.Render("documents_compare", data)
}
