package web

import (
	"maillon/documents"
	"maillon/qms"
)

// platformKitPages are the kit as a platform sees it.
func (s *Site) platformKitPages() {
	const all, one = Prefix + "/label/kit", Prefix + "/label/kit/:code"
	s.page(all, qms.ReadLabel, s.platformKit)
	s.page(all+"/copy", qms.WriteDocuments, s.askToCopyKit)
	s.act(all+"/copy", qms.WriteDocuments, s.copyKit)
	s.page(one, qms.ReadLabel, s.platformTemplate)
	s.page(one+"/file", qms.ReadLabel, s.downloadTemplate)
	s.page(one+"/compare", qms.ReadLabel, s.compareTemplates)
	s.page(one+"/decline", qms.WriteDocuments, s.askToDecline)
	s.act(one+"/decline", qms.WriteDocuments, s.declineTemplate)
}

// PlatformKitView is the kit and what the platform made of it.
type PlatformKitView struct {
	Themes  []KitTheme
	Count   int
	Tally   map[documents.Adopted]int
	Behind  []documents.KitCopied
	Only    documents.Adopted
	Any     bool // the kit has templates, whatever the filter lets through
	Chips   []Chip
	Choices []Option
	Form    *Form
}

func (s *Site) platformKit(p *Page) error {
	p.Title, p.Wide = p.T("page.kit.title"), true
	p.Crumb(p.T("page.nav.label"), p.To("label"))
	kit, err := s.Documents.Kit(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	data := PlatformKitView{Tally: map[documents.Adopted]int{}, Only: documents.Adopted(p.Query("state")), Form: p.filterForm("state"),
		Choices: []Option{{"", p.T("page.kit.any_state")}}}
	for _, state := range documents.AdoptedStates() {
		data.Choices = append(data.Choices, Option{string(state), p.T("page.kit.state_" + string(state))})
	}
	var shown []*documents.KitSheet
	for _, t := range kit {
		if !t.HeldOn(p.Today) && len(t.Ours) == 0 {
			continue // withdrawn, and nothing to the platform
		}
		data.Any = true
		data.Tally[t.State]++
		for _, c := range t.Ours {
			if c.Behind {
				data.Behind = append(data.Behind, c)
			}
		}
		if data.Only == "" || data.Only == t.State {
			shown = append(shown, t)
		}
	}
	if p.Exported() {
		return p.Export(platformKitExport(p, shown))
	}
	data.Chips = p.Chips(func(_, value string) string { return p.T("page.kit.state_" + value) }, known(data.Choices, "state", p.Query("state"))...)
	themes, gone := byTheme(shown, p.Today)
	if len(gone) > 0 {
		themes = append(themes, KitTheme{Name: p.T("page.kit.withdrawn"), Templates: gone})
	}
	data.Themes, data.Count = themes, len(shown)
	return p.Render("kit_platform", data)
}

// known is the filter's name when its value is one of the choices.
func known(choices []Option, name, value string) []string {
	for _, c := range choices {
		if c.Value == value && value != "" {
			return []string{name}
		}
	}
	return nil
}

func platformKitExport(p *Page, kit []*documents.KitSheet) export {
	return export{
		name:  p.Platform.Code + "-kit",
		heads: []string{"page.kit.code", "page.kit.doc_title", "page.kit.theme", "page.kit.newest", "page.kit.state", "page.kit.document", "page.kit.from"},
		fixed: 1,
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, t := range kit {
				line := []string{t.Code, t.Title(p.Lang()), t.Theme, "", p.T("page.kit.state_" + string(t.State)), "", ""}
				if t.Newest != nil {
					line[3] = t.Newest.Number().String()
				}
				for i, c := range t.Ours {
					if i > 0 {
						line[5], line[6] = line[5]+", ", line[6]+", "
					}
					line[5] += c.Code
					if c.From != nil {
						line[6] += c.From.Number().String()
					}
				}
				lines = append(lines, line)
			}
			return lines, "", nil
		},
	}
}

// PlatformTemplateView is one template and what the platform made of it.
type PlatformTemplateView struct {
	*documents.KitSheet
	Form *Form
}

func (s *Site) platformTemplateSheet(p *Page) (*documents.KitSheet, error) {
	sheet, err := s.Documents.TemplateByCode(p.Context(), p.Platform.ID, p.codeParam())
	if err != nil {
		return nil, err
	}
	p.Title = sheet.Code
	p.Crumb(p.T("page.nav.label"), p.To("label"))
	p.Crumb(p.T("page.kit.title"), p.To("label", "kit"))
	return sheet, nil
}

func (s *Site) platformTemplate(p *Page) error {
	sheet, err := s.platformTemplateSheet(p)
	if err != nil {
		return err
	}
	return p.Render("kit_template", PlatformTemplateView{KitSheet: sheet})
}

func (s *Site) askToDecline(p *Page) error {
	sheet, err := s.platformTemplateSheet(p)
	if err != nil {
		return err
	}
	p.Crumb(sheet.Code, p.To("label", "kit", sheet.Code))
	return p.Render("kit_decline", PlatformTemplateView{sheet, p.Form()})
}

// declineTemplate says that the platform has no use for a template, or that it has after all.
func (s *Site) declineTemplate(p *Page) error {
	sheet, err := s.platformTemplateSheet(p)
	if err != nil {
		return err
	}
	p.Crumb(sheet.Code, p.To("label", "kit", sheet.Code))
	f, do, said := p.Form(), s.Documents.DeclineKit, "page.kit.declined_done"
	if sheet.No != nil {
		do, said = s.Documents.ResumeKit, "page.kit.resumed_done"
	}
	if err := do(p.Context(), p.Platform.ID, sheet.Code, f.Text("reason")); err != nil {
		return p.Again("kit_decline", f, err, PlatformTemplateView{sheet, f})
	}
	return p.Done(p.To("label", "kit", sheet.Code), said, sheet.Code)
}

// CountOf is how many templates are in the state.
func (v PlatformKitView) CountOf(state string) int { return v.Tally[documents.Adopted(state)] }
