package web

import (
	"errors"

	"maillon/documents"
	"maillon/qms"
)

// settingPages are how codes are made and which kinds of documents there are.
func (s *Site) settingPages() {
	const all, kinds = Prefix + "/documents/settings", Prefix + "/documents/settings/kinds"
	s.page(all, qms.ControlDocuments, s.documentSettings)
	s.act(all, qms.ControlDocuments, s.setPattern)
	s.page(all+"/preview", qms.ControlDocuments, s.previewPattern)
	s.page(kinds+"/new", qms.ControlDocuments, s.newKind)
	s.act(kinds+"/new", qms.ControlDocuments, s.addKind)
	s.page(kinds+"/:kind", qms.ControlDocuments, s.editKind)
	s.act(kinds+"/:kind", qms.ControlDocuments, s.reviseKind)
	s.page(kinds+"/:kind/retire", qms.ControlDocuments, s.askRetireKind)
	s.act(kinds+"/:kind/retire", qms.ControlDocuments, s.retireKind)
}

// SettingsView is the pattern with what it would give, and the kinds.
type SettingsView struct {
	Form    *Form
	Preview *documents.PatternPreview // nil when the pattern is wrong
	Wrong   []string                  // what is wrong with it, for the fragment
	Kinds   []documents.KindUse
}

// codesShown is how many codes of each sort the preview names; the rest is counted.
const codesShown = 20

// First are the first codes of a list.
func (v SettingsView) First(codes []string) []string { return codes[:min(len(codes), codesShown)] }

// More is how many are left out.
func (v SettingsView) More(codes []string) int { return max(0, len(codes)-codesShown) }

func (s *Site) settings(p *Page, f *Form) (SettingsView, error) {
	p.Title = p.T("page.settings.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	kinds, err := s.Documents.Kinds(p.Context(), p.Platform.ID)
	return SettingsView{Form: f, Kinds: kinds}, err
}

// try fills what the pattern would give; what is wrong with it is told beside its field.
func (s *Site) try(p *Page, v *SettingsView) error {
	preview, err := s.Documents.PreviewPattern(p.Context(), p.Platform.ID, v.Form.Text("pattern"), v.Form.Text("prefix"))
	var e *qms.Error
	if errors.As(err, &e) && e.Code == qms.CodeInvalid {
		for _, f := range e.Fields {
			v.Wrong = append(v.Wrong, p.FieldError(f))
		}
		v.Form.failure = e
		return nil
	}
	v.Preview = preview
	return err
}

func (s *Site) documentSettings(p *Page) error {
	row, err := s.Documents.CodePatternOf(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	if row.Prefix == "" {
		row.Prefix = p.Platform.Code
	}
	return s.showSettings(p, p.Form().Set("pattern", row.Pattern).Set("prefix", row.Prefix))
}

func (s *Site) showSettings(p *Page, f *Form) error {
	data, err := s.settings(p, f)
	if err != nil {
		return err
	}
	if err := s.try(p, &data); err != nil {
		return err
	}
	return p.Render("documents_settings", data)
}

func (s *Site) previewPattern(p *Page) error {
	f := p.Form().Set("pattern", p.Query("pattern")).Set("prefix", p.Query("prefix"))
	if !p.IsFragment() {
		return s.showSettings(p, f)
	}
	data := SettingsView{Form: f}
	if err := s.try(p, &data); err != nil {
		return err
	}
	return p.Fragment("documents_settings", "pattern-preview", data)
}

func (s *Site) setPattern(p *Page) error {
	f := p.Form()
	if f.Checked("preview") {
		return s.showSettings(p, f)
	}
	_, err := s.Documents.SetPattern(p.Context(), p.Platform.ID, f.Text("pattern"), f.Text("prefix"), f.Text("reason"))
	if err != nil {
		data, failed := s.settings(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("documents_settings", f, err, data)
	}
	return p.Done(p.To("documents", "settings"), "page.settings.pattern_set")
}

// KindFormView is the form of a kind.
type KindFormView struct {
	Form   *Form
	Kind   *documents.KindUse // nil for a new one
	Levels []Option
}

func (s *Site) kindForm(p *Page, f *Form, kind *documents.KindUse) KindFormView {
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.settings.title"), p.To("documents", "settings"))
	data := KindFormView{Form: f, Kind: kind}
	p.Title = p.T("page.settings.new_kind")
	if kind != nil {
		p.Title = p.T("page.settings.edit_kind") + p.T("mark.colon") + kind.Code
	}
	for _, l := range documents.Levels() {
		data.Levels = append(data.Levels, Option{string(l), p.T("page.map.level_" + string(l))})
	}
	return data
}

func (s *Site) newKind(p *Page) error {
	f := p.Form().Set("review_months", int(documents.DefaultReviewMonths)).Set("level", string(documents.NoLevel))
	return p.Render("documents_kind", s.kindForm(p, f, nil))
}

func (s *Site) addKind(p *Page) error {
	f := p.Form()
	kind := documents.Kind{Code: f.Text("code"), French: f.Text("french"), English: f.Text("english"), External: f.Checked("external"),
		Level: documents.Level(f.Text("level")), ReviewMonths: qms.Months(f.Int("review_months"))}
	err := f.Err()
	if err == nil {
		var made *documents.Kind
		if made, err = s.Documents.AddKind(p.Context(), p.Platform.ID, kind, f.Text("reason")); err == nil {
			return p.Done(p.To("documents", "settings"), "page.settings.kind_added", made.Code)
		}
	}
	return p.Again("documents_kind", f, err, s.kindForm(p, f, nil))
}

// kindOf is the kind of the path.
func (s *Site) kindOf(p *Page) (*documents.KindUse, error) {
	kinds, err := s.Documents.Kinds(p.Context(), p.Platform.ID)
	for i := range kinds {
		if kinds[i].Code == p.Param("kind") {
			return &kinds[i], err
		}
	}
	if err == nil {
		err = qms.NotFound("kind.not_found")
	}
	return nil, err
}

func (s *Site) editKind(p *Page) error {
	kind, err := s.kindOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", max(1, kind.Revision)).Set("french", kind.French).Set("english", kind.English).Set("external", kind.External).
		Set("level", string(kind.At())).Set("review_months", int(kind.ReviewMonths))
	return p.Render("documents_kind", s.kindForm(p, f, kind))
}

func (s *Site) reviseKind(p *Page) error {
	kind, err := s.kindOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	french, english, external, level, months := f.Text("french"), f.Text("english"), f.Checked("external"), documents.Level(f.Text("level")), qms.Months(f.Int("review_months"))
	if err = f.Err(); err == nil {
		_, err = s.Documents.ReviseKind(p.Context(), documents.ReviseKind{Platform: p.Platform.ID, Code: kind.Code, Revision: int64(f.Int("revision")),
			French: &french, English: &english, External: &external, Level: &level, ReviewMonths: &months, Reason: f.Text("reason")})
	}
	if err != nil {
		return p.Again("documents_kind", f, err, s.kindForm(p, f, kind))
	}
	return p.Done(p.To("documents", "settings"), "page.settings.kind_revised", kind.Code)
}

func (s *Site) retireKindView(p *Page, f *Form) (RetireView, *documents.KindUse, error) {
	kind, err := s.kindOf(p)
	if err != nil {
		return RetireView{}, nil, err
	}
	p.Crumb(p.T("page.settings.title"), p.To("documents", "settings"))
	v := RetireView{Form: f, Code: kind.Code, Name: kind.Name(p.Lang()), Retired: kind.RetiredOn != 0, Consequence: p.T("page.settings.will_retire", kind.Documents, kind.Code),
		Action: p.To("documents", "settings", "kinds", kind.Code, "retire"), Back: p.To("documents", "settings")}
	p.Title = p.T("page.settings.retire")
	if v.Retired {
		p.Title, v.Consequence = p.T("page.settings.reinstate"), p.T("page.settings.will_reinstate", kind.Code)
	}
	return v, kind, nil
}

func (s *Site) askRetireKind(p *Page) error {
	v, kind, err := s.retireKindView(p, p.Form())
	if err != nil {
		return err
	}
	v.Form.Set("revision", max(1, kind.Revision))
	return p.Render("documents_retire", v)
}

func (s *Site) retireKind(p *Page) error {
	f := p.Form()
	v, kind, err := s.retireKindView(p, f)
	if err != nil {
		return err
	}
	retired := !v.Retired
	_, err = s.Documents.ReviseKind(p.Context(), documents.ReviseKind{Platform: p.Platform.ID, Code: kind.Code, Revision: int64(f.Int("revision")),
		Retired: &retired, Reason: f.Text("reason")})
	if err != nil {
		return p.Again("documents_retire", f, err, v)
	}
	return p.Done(v.Back, map[bool]string{true: "page.settings.done_retire", false: "page.settings.done_reinstate"}[retired], v.Code)
}
