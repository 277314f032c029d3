package web

import (
	"crypto/rand"
	"io"
	"mime"

	"github.com/gofiber/fiber/v2"

	"maillon/audits"
	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/locale"
)

// packPages are the audit packs of a platform.
func (s *Site) packPages() {
	if s.Audits == nil {
		return
	}
	const all, one = Prefix + "/packs", Prefix + "/packs/:number"
	s.page(all, qms.MakePacks, s.listPacks)
	s.page(all+"/new", qms.MakePacks, s.newPack)
	s.act(all+"/new", qms.MakePacks, s.startPack)
	s.page(all+"/verify", qms.MakePacks, s.askPackToVerify)
	s.upload(all+"/verify", qms.MakePacks, s.verifyPack)
	s.page(one, qms.MakePacks, s.showPack)
	s.act(one, qms.MakePacks, s.cancelPack)
	s.page(one+"/archive", qms.MakePacks, s.downloadPack)
	s.page(one+"/pdf", qms.MakePacks, s.downloadPackPDF)
}

// packLine is one pack in the list, with its state in the words of the stylesheet.
type packLine struct {
	audits.Pack
	Look string
}

type packList struct {
	Items []packLine
	Next  string
}

func (s *Site) look(p audits.Pack) string {
	switch p.State {
	case audits.PackMade:
		return "valid"
	case audits.PackFailed:
		return "failed"
	}
	return "running"
}

func (s *Site) listPacks(p *Page) error {
	page, err := s.Audits.Packs(p.Context(), p.Platform.ID, p.Cursor())
	if err != nil {
		return err
	}
	list := packList{Next: page.Next}
	for _, one := range page.Items {
		list.Items = append(list.Items, packLine{one, s.look(one)})
	}
	p.Title, p.Wide = p.T("page.packs.title"), true
	return p.Render("packs_list", list)
}

type packForm struct {
	Form      *Form
	Sections  []Option
	Languages []Option
}

func (s *Site) newPack(p *Page) error {
	f := p.Form().Set("as_of", p.Today).Set("language", p.Lang()).Set("files", true).Set("once", rand.Text())
	for _, key := range pack.Sections() {
		f.Set("sections", key)
	}
	return s.askPack(p, f, nil)
}

func (s *Site) askPack(p *Page, f *Form, failure error) error {
	p.Title = p.T("page.packs.new")
	p.Crumb(p.T("page.packs.title"), p.To("packs"))
	data := packForm{Form: f}
	for _, key := range pack.Sections() {
		data.Sections = append(data.Sections, Option{Value: key, Label: p.T("pack.section." + key)})
	}
	for _, l := range locale.Languages() {
		data.Languages = append(data.Languages, Option{Value: l, Label: p.T("app.lang." + l)})
	}
	if failure != nil {
		return p.Again("packs_new", f, failure, data)
	}
	return p.Render("packs_new", data)
}

func (s *Site) startPack(p *Page) error {
	f := p.Form()
	f.Need("as_of", "sections", "language")
	cmd := audits.PreparePack{Platform: p.Platform.ID, From: f.Date("from"), AsOf: f.Date("as_of"), Sections: f.Texts("sections"),
		WithoutFiles: !f.Checked("files"), Once: f.Text("once"), Language: f.Text("language")}
	err := f.Err()
	if err != nil {
		return s.askPack(p, f, err)
	}
	made, err := s.Audits.StartPack(p.Context(), cmd)
	if err != nil {
		return s.askPack(p, f, err)
	}
	return p.Redirect(p.To("packs", made.Number))
}

// packStep is one step of the making of a pack.
type packStep struct {
	Step  string
	State string // done, running or todo
}

// packPage is one pack: how far it is, or what came of it.
type packPage struct {
	Pack        *audits.Pack
	Look        string
	Progress    audits.Progress
	Steps       []packStep
	Fingerprint string // of the checkpoint
	Key         string // fingerprint of the key
	Why         string // it failed
	CSRF        string
}

func (s *Site) showPack(p *Page) error {
	one, err := s.Audits.PackByNumber(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	data := packPage{Pack: one, Look: s.look(*one), CSRF: p.CSRF()}
	switch data.Look {
	case "running":
		p.Refresh = 2
		if data.Progress, err = s.Audits.PackProgress(p.Context(), one); err != nil {
			return err
		}
		data.Steps = packSteps(data.Progress)
	case "failed":
		data.Why = p.Error(one.Why())
	case "valid":
		data.Fingerprint = one.Checkpoint().Fingerprint()
		if data.Key, err = s.Audits.KeyFingerprint(); err != nil {
			return err
		}
	}
	if p.IsFragment() {
		if data.Look != "running" { // the rest of the page changes too
			p.Ctx().Set("HX-Refresh", "true")
		}
		return p.Fragment("packs_one", "pack-progress", data)
	}
	p.Title = one.Number
	p.Crumb(p.T("page.packs.title"), p.To("packs"))
	return p.Render("packs_one", data)
}

// packSteps says of each step whether it is behind, under way or to come.
func packSteps(at audits.Progress) []packStep {
	steps := []packStep{}
	state := "done"
	if at.Step == audits.StepWait || at.Step == "" {
		state = "todo"
	}
	for _, step := range audits.PackSteps() {
		one := packStep{Step: string(step), State: state}
		if step == at.Step {
			one.State, state = "running", "todo"
		}
		steps = append(steps, one)
	}
	return steps
}

func (s *Site) cancelPack(p *Page) error {
	number := p.Param("number")
	one, err := s.Audits.CancelPack(p.Context(), p.Platform.ID, number)
	if qms.CodeOf(err) == qms.CodeConflict && one != nil { // it ended meanwhile: its page says how
		return p.Redirect(p.To("packs", one.Number))
	}
	if err != nil {
		return err
	}
	return p.Done(p.To("packs", one.Number), "page.packs.cancelling", one.Number)
}

func (s *Site) downloadPack(p *Page) error {
	one, kept, err := s.Audits.OpenPack(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	return p.download(one.FileName(), "application/zip", kept, one.Size)
}

func (s *Site) downloadPackPDF(p *Page) error {
	one, pdf, size, err := s.Audits.OpenPackPDF(p.Context(), p.Platform.ID, p.Param("number"))
	if err != nil {
		return err
	}
	return p.download(one.Number+".pdf", "application/pdf", pdf, size)
}

// download streams a file that the browser keeps; it closes r.
func (p *Page) download(name, kind string, r io.ReadCloser, size int64) error {
	p.c.Set(fiber.HeaderContentType, kind)
	p.c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	p.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	p.c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	p.c.Context().SetBodyStream(r, int(size))
	return nil
}
