package web

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// formPages are what anybody may open: the form by which a platform receives requests, and the receipt.
func (s *Site) formPages() {
	const form = "/demande/:code"
	s.page(form, qms.Public, s.publicForm)
	s.upload(form, qms.Public, s.sendForm)
	s.page(form+"/:reference", qms.Public, s.formReceipt)
}

// PublicFormView is the form that a platform shows to the public.
type PublicFormView struct {
	Form     *Form
	Platform string // its name
	Code     string
	Intro    string
	Consent  string
	Statuses []Option
	Files    int // how many may be sent
	Megas    int // megabytes of each
}

// formOf is the open form in the path. A platform that does not exist and one that receives nothing
// are told alike.
func (s *Site) formOf(p *Page) (*people.Platform, *trace.RequestForm, error) {
	p.Ctx().Set("X-Robots-Tag", "noindex")
	platform, err := s.People.PlatformByCode(qms.WithActor(p.Context(), qms.System("public form")), p.Param("code"))
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, nil, qms.NotFound("submission.no_form")
	}
	if err != nil {
		return nil, nil, err
	}
	form, err := s.Trace.OpenForm(p.Context(), platform.ID)
	return platform, form, err
}

func (s *Site) publicView(p *Page, f *Form, platform *people.Platform, form *trace.RequestForm) PublicFormView {
	p.Title = p.T("page.form.public.title")
	return PublicFormView{Form: f, Platform: platform.Name, Code: platform.Code, Intro: form.Intro(p.Lang()), Consent: form.Consent(p.Lang()),
		Statuses: p.statusesOf(qms.WithActor(p.Context(), qms.System("public form")), platform.ID, "page.services.choose"), Files: trace.MaxFiles, Megas: trace.MaxFileBytes >> 20}
}

func (s *Site) publicForm(p *Page) error {
	platform, form, err := s.formOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	if err := s.freshToken(f, platform.ID); err != nil {
		return err
	}
	return p.Render("public_form", s.publicView(p, f, platform, form))
}

func (s *Site) freshToken(f *Form, platform qms.ID) error {
	token, err := s.Trace.FormKey().Token(platform, s.Clock(), rand.Reader)
	f.values.Set("token", token)
	return err
}

// sendForm takes a form of the public. The brake comes first, the files last: what is refused for
// another reason never reaches the vault.
func (s *Site) sendForm(p *Page) error {
	if err := s.Trace.Knock(s.Guard.Address(p.Ctx()), s.Clock()); err != nil {
		return s.later(p, err)
	}
	platform, form, err := s.formOf(p)
	if err != nil {
		return err
	}
	parts, err := p.Parts(trace.MaxFormBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	cmd := submitCommand(p, f, platform.ID)
	var sub *trace.Submission
	if err = f.Err(); err == nil {
		err = s.Trace.Screen(p.Context(), cmd)
	}
	if err == nil {
		cmd.Files, err = s.publicFiles(p, parts)
	}
	if err == nil {
		sub, err = s.Trace.Submit(p.Context(), cmd)
	}
	if err != nil {
		return s.formAgain(p, f, err, s.publicView(p, f, platform, form), platform.ID)
	}
	return p.Redirect("/demande/" + platform.Code + "/" + sub.Reference)
}

func submitCommand(p *Page, f *Form, platform qms.ID) trace.Submit {
	return trace.Submit{Platform: platform, Token: f.Text("token"), Trap: f.Text("website"), Consent: f.Checked("consent"), Language: p.Lang(),
		Name: f.Text("name"), Email: f.Text("email"), Client: f.Text("client"), ClientStatus: f.Text("client_status"), Subject: f.Text("subject"),
		Description: f.Text("description"), Samples: f.Text("samples"), WishedOn: f.Date("wished_on")}
}

// publicFiles takes the files of the form in, so many at most.
func (s *Site) publicFiles(p *Page, parts *Parts) (files []*trace.EvidenceFile, err error) {
	for {
		file, err := parts.File()
		if err != nil || file == nil {
			return files, err
		}
		var first [1]byte
		n, err := io.ReadFull(file, first[:])
		switch {
		case file.Name == "" || n == 0 && errors.Is(err, io.EOF):
			continue // no file was chosen
		case err != nil:
			return nil, err
		case len(files) == trace.MaxFiles:
			return nil, qms.InvalidFields(qms.Wrong("files", "submission.too_many_files", trace.MaxFiles))
		}
		kept, err := s.Trace.ReceiveSubmitted(p.Context(), file.Name, io.MultiReader(bytes.NewReader(first[:]), file))
		if err != nil {
			return nil, err
		}
		files = append(files, kept)
	}
}

// formAgain shows the form with what is wrong. A token that is no longer good is replaced, so that the
// next sending has a chance.
func (s *Site) formAgain(p *Page, f *Form, err error, view PublicFormView, platform qms.ID) error {
	if _, invalid := s.Trace.FormKey().Open(platform, f.Text("token"), s.Clock()); invalid != nil {
		var e *qms.Error
		if !errors.As(invalid, &e) || e.Key != "submission.too_fast" {
			if err := s.freshToken(f, platform); err != nil {
				return err
			}
		}
	}
	f.values.Del("consent")
	s.retryAfter(p, err)
	return p.Again("public_form", f, err, view)
}

// later tells a sender who is braked when to come back.
func (s *Site) later(p *Page, err error) error {
	s.retryAfter(p, err)
	return err
}

func (s *Site) retryAfter(p *Page, err error) {
	var e *qms.Error
	if !errors.As(err, &e) || e.Code != qms.CodeBusy {
		return
	}
	wait := time.Hour
	if len(e.Args) > 0 {
		if stated, ok := e.Args[0].(time.Duration); ok {
			wait = stated
		}
	}
	p.Ctx().Set(fiber.HeaderRetryAfter, strconv.Itoa(int(wait/time.Second)))
}

// FormReceiptView tells a sender that the form came.
type FormReceiptView struct {
	Platform  string
	Code      string
	Reference string
	On        qms.Date
}

func (s *Site) formReceipt(p *Page) error {
	platform, _, err := s.formOf(p)
	if err != nil {
		return err
	}
	on, err := s.Trace.Received(p.Context(), platform.ID, p.Param("reference"))
	if err != nil {
		return err
	}
	p.Title = p.T("page.form.public.received")
	return p.Render("public_receipt", FormReceiptView{platform.Name, platform.Code, trace.Normal(p.Param("reference")), on})
}
