package web

import (
	"mime"
	"slices"

	"github.com/gofiber/fiber/v2"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// kitPages are the quality kit: as the site keeps it, and as a platform copies from it. A template is
// addressed by its code.
func (s *Site) kitPages() {
	const all, one = "/kit", "/kit/:code"
	const keep = qms.AccompanyPlatform
	s.page(all, keep, s.kit)
	s.page(all+"/adoption", keep, s.kitAdoption)
	s.page(all+"/new", keep, s.newTemplate)
	s.upload(all+"/new", keep, s.addTemplate)
	s.page(one, keep, s.template)
	s.page(one+"/edit", keep, s.editTemplate)
	s.act(one+"/edit", keep, s.reviseTemplate)
	s.page(one+"/compare", keep, s.compareTemplates)
	s.page(one+"/withdraw", keep, s.askToWithdrawTemplate)
	s.act(one+"/withdraw", keep, s.withdrawTemplate)
	s.page(one+"/versions/new", keep, s.newTemplateVersion)
	s.upload(one+"/versions/new", keep, s.addTemplateVersion)
	s.page(one+"/versions/:number/file", keep, s.downloadTemplate)
	s.page(one+"/versions/:number/withdraw", keep, s.askToWithdrawTemplate)
	s.act(one+"/versions/:number/withdraw", keep, s.withdrawTemplate)
	s.platformKitPages()
	s.documentKitPages()
}

// KitView is the kit as the site keeps it.
type KitView struct {
	Themes    []KitTheme
	Withdrawn []*documents.KitSheet
	Count     int
}

// KitTheme is the templates that stand under one theme.
type KitTheme struct {
	Name      string
	Templates []*documents.KitSheet
}

// byTheme puts the templates that stand under their themes, in the order in which the kit names them.
func byTheme(kit []*documents.KitSheet, today qms.Date) (themes []KitTheme, withdrawn []*documents.KitSheet) {
	for _, t := range kit {
		if !t.HeldOn(today) {
			withdrawn = append(withdrawn, t)
			continue
		}
		i := slices.IndexFunc(themes, func(th KitTheme) bool { return th.Name == t.Theme })
		if i < 0 {
			i, themes = len(themes), append(themes, KitTheme{Name: t.Theme})
		}
		themes[i].Templates = append(themes[i].Templates, t)
	}
	return themes, withdrawn
}

func (s *Site) kit(p *Page) error {
	p.Title, p.Wide = p.T("page.kit.title"), true
	kit, err := s.Documents.Kit(p.Context(), "")
	if err != nil {
		return err
	}
	if p.Exported() {
		return p.Export(kitExport(p, kit))
	}
	data := KitView{}
	data.Themes, data.Withdrawn = byTheme(kit, p.Today)
	data.Count = len(kit) - len(data.Withdrawn)
	return p.Render("kit_list", data)
}

// kitExport is the list of the templates as a file.
func kitExport(p *Page, kit []*documents.KitSheet) export {
	return export{
		name:  "kit",
		heads: []string{"page.kit.code", "page.kit.doc_title", "page.kit.theme", "page.kit.kind", "page.kit.process", "page.kit.language", "page.kit.newest", "page.kit.published", "page.kit.platforms", "page.kit.behind"},
		kinds: map[int]cell{7: dayCell, 8: countCell, 9: countCell}, fixed: 1,
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, t := range kit {
				line := []string{t.Code, t.Title(p.Lang()), t.Theme, t.Kind, t.Process, t.Language, p.T("page.kit.is_withdrawn"), "", text(t.Platforms), text(t.Behind)}
				if t.Newest != nil && t.HeldOn(p.Today) {
					line[6], line[7] = t.Newest.Number().String(), t.Newest.PublishedOn.String()
				}
				lines = append(lines, line)
			}
			return lines, "", nil
		},
	}
}

// TemplateView is one template as the site keeps it.
type TemplateView struct {
	*documents.KitSheet
	Form  *Form
	Users []TemplateUser
	Entry *documents.KitVersion // that is to be withdrawn; nil for the template as a whole
}

// TemplateUser is a platform that has something to do with the template.
type TemplateUser struct {
	people.Platform
	documents.AdoptionCell
}

// templateSheet reads the template of the path.
func (s *Site) templateSheet(p *Page) (*documents.KitSheet, error) {
	sheet, err := s.Documents.TemplateByCode(p.Context(), "", p.codeParam())
	if err != nil {
		return nil, err
	}
	p.Title = sheet.Code
	p.Crumb(p.T("page.kit.title"), "/kit")
	return sheet, nil
}

func (s *Site) template(p *Page) error {
	sheet, err := s.templateSheet(p)
	if err != nil {
		return err
	}
	data := TemplateView{KitSheet: sheet}
	all, err := s.Documents.Adoption(p.Context(), platformIDs(p.Platforms))
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all.Templates, func(t *documents.KitSheet) bool { return t.ID == sheet.ID }); i >= 0 {
		for _, pf := range p.Platforms {
			if cell := all.Cells[pf.ID][i]; cell.State != documents.NotAdopted {
				data.Users = append(data.Users, TemplateUser{pf, cell})
			}
		}
	}
	return p.Render("kit_show", data)
}

func platformIDs(platforms []people.Platform) []qms.ID {
	ids := make([]qms.ID, len(platforms))
	for i, pf := range platforms {
		ids[i] = pf.ID
	}
	return ids
}

func (s *Site) downloadTemplate(p *Page) error {
	number := p.Param("number")
	if number == "" {
		number = p.Query("version")
	}
	var platform qms.ID
	if p.Platform != nil {
		platform = p.Platform.ID
	}
	o, err := s.Documents.OpenTemplate(p.Context(), platform, p.codeParam(), number)
	if err != nil {
		return err
	}
	body, err := settled(o, o.Version.Size)
	if err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, orOctets(o.Version.MediaType))
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": o.SaveAs()}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderETag, `"`+o.Version.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(o.Version.Size))
	return nil
}

// withdrawal reads what the path asks to withdraw.
func (s *Site) withdrawal(p *Page, f *Form) (TemplateView, error) {
	sheet, err := s.templateSheet(p)
	if err != nil {
		return TemplateView{}, err
	}
	p.Crumb(sheet.Code, p.To("kit", sheet.Code))
	data := TemplateView{KitSheet: sheet, Form: f}
	if number := p.Param("number"); number != "" {
		i := slices.IndexFunc(sheet.Versions, func(v *documents.KitVersion) bool { return v.Number().String() == number })
		if i < 0 {
			return data, qms.NotFound("version.not_found")
		}
		data.Entry = sheet.Versions[i]
	}
	return data, nil
}

func (s *Site) askToWithdrawTemplate(p *Page) error {
	data, err := s.withdrawal(p, p.Form())
	if err != nil {
		return err
	}
	data.Form.Set("revision", data.Revision)
	return p.Render("kit_withdraw", data)
}

func (s *Site) withdrawTemplate(p *Page) error {
	f := p.Form()
	data, err := s.withdrawal(p, f)
	if err != nil {
		return err
	}
	cmd := documents.WithdrawTemplate{Code: data.Code, Number: p.Param("number"), Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		err = s.Documents.WithdrawTemplate(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("kit_withdraw", f, err, data)
	}
	return p.Done(p.To("kit", data.Code), "page.kit.withdrawn_done", data.Code)
}

// receiveTemplate takes the file of a form in, as receive does.
func (s *Site) receiveTemplate(p *Page, parts *Parts) (*documents.File, error) {
	upload, err := parts.File()
	if err != nil {
		return nil, fileError(err)
	}
	if err := parts.Form.Err(); err != nil || upload == nil {
		return nil, err
	}
	file, err := s.Documents.ReceiveTemplate(p.Context(), upload.Name, upload)
	if err != nil {
		return nil, fileError(err)
	}
	return &file, nil
}
