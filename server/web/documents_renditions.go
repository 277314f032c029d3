package web

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"

	"github.com/gofiber/fiber/v2"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/request"
)

// renditionPages are the PDFs of versions, the list of those that are not made, how they look, and
// the page that says without signing in whether a print is in force.
func (s *Site) renditionPages() {
	const all, cover = Prefix + "/documents/renditions", Prefix + "/documents/settings/cover"
	s.page(all, qms.ReadDrafts, s.listRenditions)
	s.act(all, qms.ControlDocuments, s.reprintEnclosed)
	s.page(cover, qms.ControlDocuments, s.coverSettings)
	s.upload(cover, qms.ControlDocuments, s.setCover)
	s.page(cover+"/logo/:digest", qms.ControlDocuments, s.logo)
	s.page("/v/:print", qms.Public, s.printStatus)
}

// versionPrints are the pages of one version's PDF.
func (s *Site) versionPrints(version string) {
	s.page(version+"/rendition", qms.ReadDocuments, s.rendition)
	s.act(version+"/rendition", qms.ControlDocuments, s.reprint)
}

// pdfPolicy lets the browser show the PDF with its own reader, and the PDF reach nothing.
const pdfPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

// WaitView is the page of a PDF that is not there: it is being made, or could not be.
type WaitView struct {
	Sheet   *documents.Sheet
	Entry   *documents.Entry
	Failed  bool
	Looks   bool // the page asks again by itself
	Problem string
}

// rendition shows the PDF of a version, or keeps it when the query says so.
func (s *Site) rendition(p *Page) error {
	sheet, entry, err := s.entry(p)
	if err != nil {
		return err
	}
	o, err := s.Documents.OpenRendition(p.Context(), p.Platform.ID, entry.ID)
	failed := errors.Is(err, qms.Conflict("print.failed"))
	switch {
	case failed, errors.Is(err, qms.Busy("print.in_preparation")):
		return s.awaitRendition(p, WaitView{Sheet: sheet, Entry: entry, Failed: failed, Problem: p.Error(err)})
	case err != nil:
		return err
	}
	body, err := settled(o, o.Size)
	if err != nil {
		return err
	}
	disposition := "inline"
	if p.Query("keep") != "" {
		disposition = "attachment"
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType(disposition, map[string]string{"filename": o.SaveAs(p.T("state." + string(o.State)))}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, pdfPolicy)
	c.Set(fiber.HeaderETag, `"`+o.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(o.Size))
	return nil
}

// waitAgain is after how many seconds a browser asks again for a PDF that is being made.
const waitAgain = 4

func (s *Site) awaitRendition(p *Page, v WaitView) error {
	p.Title = p.T("page.renditions.of", v.Entry.Number()) + p.T("mark.colon") + v.Sheet.Code
	sheet, err := s.Documents.SheetOf(p.Context(), p.Platform.ID, v.Sheet.ID, 0) // an attempt may have ended since
	if err != nil {
		return err
	}
	for i := range sheet.Versions {
		if sheet.Versions[i].ID == v.Entry.ID {
			v.Entry = &sheet.Versions[i]
		}
	}
	p.status = fiber.StatusConflict
	if !v.Failed {
		p.status = fiber.StatusServiceUnavailable
		p.Ctx().Set(fiber.HeaderRetryAfter, text(waitAgain))
	}
	if now := v.Entry.Print; now != nil && now.Newest != nil && now.Newest.Failure == "" {
		v.Looks = true
		p.Ctx().Set("Refresh", text(waitAgain)) // with and without scripts: nothing on the page is typed into
	}
	return p.Render("documents_rendition", v)
}

// reprint asks for the PDF of a version once more.
func (s *Site) reprint(p *Page) error {
	sheet, entry, err := s.entry(p)
	if err != nil {
		return err
	}
	form := p.Form()
	cmd := documents.Reprint{Platform: p.Platform.ID, Version: entry.ID, Enclosed: form.Checked("enclosed")}
	if _, err := s.Documents.Reprint(p.Context(), cmd); err != nil {
		return err
	}
	to := p.To("documents", sheet.Code)
	if form.Checked("list") {
		to = p.To("documents", "renditions")
	}
	return p.Done(to, "page.renditions.asked", sheet.Code, entry.Number())
}

// RenditionsView lists PDFs.
type RenditionsView struct {
	Items []documents.RenditionLine
	Next  string
	Form  *Form
	Shows []Option
	Show  documents.RenditionFilter
	Again int // of those on this page, how many a converter could make now
}

func (s *Site) listRenditions(p *Page) error {
	p.Title = p.T("page.renditions.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	show := documents.RenditionFilter(p.Query("show"))
	page, err := s.Documents.Renditions(p.Context(), p.Platform.ID, show, p.Cursor())
	if err != nil {
		return err
	}
	data := RenditionsView{Items: page.Items, Next: page.Next, Show: show, Form: p.Form().Set("show", string(show))}
	for _, f := range []documents.RenditionFilter{documents.RenditionsOpen, documents.RenditionsFailed, documents.RenditionsEnclosed, documents.RenditionsMade} {
		data.Shows = append(data.Shows, Option{string(f), p.T("page.renditions.show_" + cmp.Or(string(f), "open"))})
	}
	for _, l := range page.Items {
		if l.How == documents.Enclosed && l.State == documents.RenditionDone && l.Printable {
			data.Again++
		}
	}
	return p.Render("documents_renditions", data)
}

func (s *Site) reprintEnclosed(p *Page) error {
	count, err := s.Documents.ReprintEnclosed(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	return p.Done(p.To("documents", "renditions"), "page.renditions.asked_all", count)
}

// CoverView is how the PDFs of the platform look.
type CoverView struct {
	Form      *Form
	Settings  *documents.DocumentSettings
	Languages []Option
}

func (s *Site) coverSettings(p *Page) error {
	settings, err := s.Documents.Settings(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	form := p.Form().Set("language", settings.Language).Set("revision", settings.Revision)
	return p.Render("documents_cover", s.coverView(p, form, settings))
}

func (s *Site) coverView(p *Page, form *Form, settings *documents.DocumentSettings) CoverView {
	p.Title = p.T("page.renditions.cover")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.renditions.title"), p.To("documents", "renditions"))
	view := CoverView{Form: form, Settings: settings}
	for _, l := range locale.Languages() {
		view.Languages = append(view.Languages, Option{Value: l, Label: p.T("app.lang." + l)})
	}
	return view
}

func (s *Site) setCover(p *Page) error {
	parts, err := p.Parts(request.FormBytes * 4)
	if err != nil {
		return err
	}
	form := parts.Form
	cmd := documents.SetSettings{Platform: p.Platform.ID, Revision: int64(form.Int("revision")), Language: form.Text("language"), NoLogo: form.Checked("no_logo")}
	file, err := parts.File()
	if err == nil && file != nil {
		cmd.Logo, err = s.Documents.ReceiveLogo(p.Context(), p.Platform.ID, file)
	}
	if err == nil {
		err = form.Err()
	}
	if err == nil {
		_, err = s.Documents.SetSettings(p.Context(), cmd)
	}
	if err != nil {
		settings, failed := s.Documents.Settings(p.Context(), p.Platform.ID)
		if failed != nil {
			return failed
		}
		return p.Again("documents_cover", form, err, s.coverView(p, form, settings))
	}
	return p.Done(p.To("documents", "settings", "cover"), "page.renditions.cover_set")
}

// logo shows the logo. Its address carries its digest, so that a browser never shows an old one.
func (s *Site) logo(p *Page) error {
	r, settings, err := s.Documents.OpenLogo(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	if settings.Logo.String() != p.Param("digest") {
		return errors.Join(qms.NotFound("logo.none"), r.Close())
	}
	return p.picture(settings.LogoType, r, settings.LogoSize)
}

func (p *Page) picture(kind string, r io.ReadCloser, size int64) error {
	p.c.Set(fiber.HeaderContentType, kind)
	p.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	p.c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	p.c.Context().SetBodyStream(r, int(size))
	return nil
}

// PrintStatusView says whether a print is in force: nil when the address is that of none.
type PrintStatusView struct {
	Status *documents.PrintStatus
	Href   string // of the document, for a reader who may read it
	Code   string
}

func (s *Site) printStatus(p *Page) error {
	p.Ctx().Set("X-Robots-Tag", "noindex, nofollow")
	p.Title = p.T("page.renditions.status")
	status, err := s.Documents.StatusOf(p.Context(), p.Param("print"))
	if qms.CodeOf(err) == qms.CodeNotFound {
		p.status = fiber.StatusNotFound
		return p.Render("print_status", PrintStatusView{})
	}
	if err != nil {
		return err
	}
	view := PrintStatusView{Status: status, Code: status.Code}
	for _, platform := range p.Platforms {
		if status.Code != "" && platform.ID == status.Platform {
			p.Platform = &platform
			view.Href = p.To("documents", status.Code)
			p.Platform = nil
		}
	}
	return p.Render("print_status", view)
}

// failedOnBoard is how many failed PDFs the home of a platform names.
const failedOnBoard = 10

// failedPrints are the PDFs that could not be made, for who may ask for them again.
func failedPrints(ctx context.Context, d *documents.Service, platform qms.ID) ([]BoardItem, error) {
	if !qms.ActorFrom(ctx).Can(qms.ControlDocuments.On(platform)) {
		return nil, nil
	}
	page, err := d.Renditions(ctx, platform, documents.RenditionsFailed, qms.Cursor{Size: failedOnBoard})
	var items []BoardItem
	for _, l := range page.Items {
		items = append(items, BoardItem{State: "broken", Title: Say("page.renditions.todo_failed", l.Code, l.Number.String()), Parts: []string{"documents", "renditions"}})
	}
	return items, err
}
