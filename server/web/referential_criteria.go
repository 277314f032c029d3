package web

import (
	"encoding/json"
	"errors"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/server/importer"
	"maillon/server/request"
)

// CriterionForm is the form of one criterion of a draft.
type CriterionForm struct {
	Form   *Form
	Sheet  *label.ReferentialSheet
	Code   string // of the criterion; empty for a new one
	Themes []Option
	Places []Option
}

func (s *Site) criterionForm(p *Page, f *Form) (view CriterionForm, c *label.Criterion, err error) {
	form, err := s.referentialForm(p, f, "page.referential.new_criterion")
	if err != nil {
		return view, nil, err
	}
	view = CriterionForm{Form: f, Sheet: form.Sheet, Code: p.Query("code"), Themes: p.themeOptions("")}
	if view.Code != "" {
		if c, err = form.Sheet.Criterion(view.Code); err != nil {
			return view, nil, err
		}
		view.Code, p.Title = c.Code, p.T("page.referential.edit_criterion", c.Code)
	}
	stays := p.T("page.referential.at_end")
	if c != nil {
		stays = p.T("page.referential.where_it_is")
	}
	view.Places = []Option{{"", stays}, {"-", p.T("page.referential.at_start")}}
	for i := range form.Sheet.Items {
		if o := &form.Sheet.Items[i]; o.Code != view.Code {
			view.Places = append(view.Places, Option{o.Code, p.T("page.referential.after", o.Code)})
		}
	}
	return view, c, nil
}

// themeOptions are the themes to choose from, after a line for none when it has words.
func (p *Page) themeOptions(none string) []Option {
	var options []Option
	if none != "" {
		options = append(options, Option{"", p.T(none)})
	}
	return append(options, p.options("theme.", anys(label.Themes())...)...)
}

func (s *Site) editCriterion(p *Page) error {
	f := p.Form()
	view, c, err := s.criterionForm(p, f)
	if err != nil {
		return err
	}
	if !view.Sheet.Open() {
		return qms.Conflict("referential.published", view.Sheet.Number)
	}
	if c != nil {
		f.Set("code", c.Code).Set("theme", c.Theme).Set("fr", c.French).Set("en", c.English).Set("evidence_fr", c.EvidenceFrench).
			Set("evidence_en", c.EvidenceEnglish).Set("clauses", strings.Join(c.Clauses, "\n"))
		if c.Required {
			f.Set("required", "yes")
		}
	}
	return p.Render("referential_criterion", view)
}

func (s *Site) setCriterion(p *Page) error {
	f := p.Form()
	view, _, err := s.criterionForm(p, f)
	if err != nil {
		return err
	}
	cmd := label.SetCriterion{OnReferential: onReferential(f, view.Sheet.Number), Code: view.Code, After: f.Text("after"),
		CriterionText: label.CriterionText{Code: f.Text("code"), Theme: label.Theme(f.Text("theme")), Required: f.Checked("required"),
			French: f.Text("fr"), English: f.Text("en"), EvidenceFrench: f.Text("evidence_fr"), EvidenceEnglish: f.Text("evidence_en"),
			Clauses: strings.FieldsFunc(f.Text("clauses"), func(r rune) bool { return r == '\n' || r == '\r' || r == ';' })}}
	if err = f.Err(); err == nil {
		_, err = s.Label.SetCriterion(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("referential_criterion", f, err, view)
	}
	return p.Done(p.To("referential", view.Sheet.Number)+"#"+label.NormalCode(cmd.CriterionText.Code), "page.referential.criterion_set", label.NormalCode(cmd.CriterionText.Code))
}

func (s *Site) askDrop(p *Page) error {
	view, c, err := s.criterionForm(p, p.Form())
	if err != nil {
		return err
	}
	if c == nil {
		return qms.NotFound("record.not_found")
	}
	p.Title = p.T("page.referential.drop", c.Code)
	return p.Render("referential_drop", view)
}

func (s *Site) dropCriterion(p *Page) error {
	f := p.Form()
	view, _, err := s.criterionForm(p, f)
	if err != nil {
		return err
	}
	p.Title = p.T("page.referential.drop", view.Code)
	on := onReferential(f, view.Sheet.Number)
	if err = f.Err(); err == nil {
		_, err = s.Label.DropCriterion(p.Context(), on, view.Code)
	}
	if err != nil {
		return p.Again("referential_drop", f, err, view)
	}
	return p.Done(p.To("referential", view.Sheet.Number), "page.referential.dropped", view.Code)
}

// ReferentialImportView is the form that reads a workbook, what is wrong with one, or what it would change.
type ReferentialImportView struct {
	Form     *Form
	Problems []ImportedProblem
	Plan     *label.ReferentialPlan // nil before a file was read
	Criteria string                 // the criteria that were read, for the form that takes them over
	Count    int
}

func (s *Site) referentialImport(p *Page, f *Form) ReferentialImportView {
	p.underReferential(0, p.T("page.referential.import"))
	return ReferentialImportView{Form: f}
}

func (s *Site) newReferentialImport(p *Page) error {
	return p.Render("referential_import", s.referentialImport(p, p.Form()))
}

// previewReferential reads the workbook and says what taking it over comes to; nothing is written yet.
func (s *Site) previewReferential(p *Page) error {
	parts, err := p.Parts(request.FormBytes * 8)
	if err != nil {
		return err
	}
	f := parts.Form
	view := s.referentialImport(p, f)
	file, err := parts.File()
	if err != nil {
		return err
	}
	if file == nil {
		return p.Again("referential_import", f, qms.InvalidFields(qms.Wrong("file", "input.required")), view)
	}
	book, err := importer.ReadReferential(p.Context(), file.Name, file)
	if err != nil {
		return p.Again("referential_import", f, err, view)
	}
	var refused error
	if len(book.Items) > 0 {
		view.Plan, refused = s.Label.PreviewReferential(p.Context(), book.Items)
		book.Place(refused)
	}
	for _, problem := range book.Problems {
		view.Problems = append(view.Problems, ImportedProblem{problem.Place(p.Printer), problem.Sentence(p.Printer)})
	}
	if len(view.Problems) > 0 {
		view.Plan = nil
		return p.Again("referential_import", f, qms.Invalid("referential.unread", len(view.Problems)), view)
	}
	if refused != nil {
		return p.Again("referential_import", f, refused, view)
	}
	said, err := json.Marshal(book.Items)
	if err != nil {
		return err
	}
	view.Criteria, view.Count = string(said), len(book.Items)
	name := strings.TrimSuffix(file.Name, ".xlsx")
	f.Set("criteria", view.Criteria).Set("name", name)
	return p.Render("referential_import", view)
}

// takeReferential takes over the criteria that the preview showed.
func (s *Site) takeReferential(p *Page) error {
	f := p.Form()
	view := s.referentialImport(p, f)
	var criteria []label.CriterionText
	if err := json.Unmarshal([]byte(f.Raw("criteria")), &criteria); err != nil {
		return p.Again("referential_import", f, qms.Invalid("referential.no_criteria"), view)
	}
	plan, v, err := s.Label.TakeReferential(p.Context(), label.TakeReferential{Name: f.Text("name"), Note: f.Text("note"), Criteria: criteria})
	if err != nil {
		var e *qms.Error
		if again, lost := s.Label.PreviewReferential(p.Context(), criteria); lost == nil && errors.As(err, &e) {
			view.Plan, view.Count = again, len(criteria)
		}
		return p.Again("referential_import", f, err, view)
	}
	if v == nil {
		return p.Done(p.To("referential", plan.Base.Number), "page.referential.import_same", plan.Base.Number)
	}
	return p.Done(p.To("referential", v.Number), "page.referential.imported", len(criteria), v.Number)
}
