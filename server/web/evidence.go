package web

import (
	"mime"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/request"
)

// evidencePages are the files that prove records: added to one, downloaded, declared a mistake. The
// part "evidence" shows those of a record on its own page.
func (s *Site) evidencePages() {
	const one = Prefix + "/evidence/:id"
	s.page(Prefix+"/evidence/new", qms.WriteTrace, s.newEvidence)
	s.upload(Prefix+"/evidence/new", qms.WriteTrace, s.addEvidence)
	s.page(one+"/file", qms.ReadTrace, s.downloadEvidence)
	s.both(one+"/void", qms.WriteTrace, s.newEvidenceVoid, s.voidEvidence)
}

// EvidenceView is the form that adds files, or that voids one.
type EvidenceView struct {
	Form *Form
	Kind trace.EvidenceKind
	Back string // address of the record's page
	File *trace.Evidence
}

// back is the address on this platform that a form returns to: the one it was opened from, or the home
// page of the platform when that is anywhere else.
func (p *Page) back(from string) string {
	if strings.HasPrefix(from, p.To()+"/") && !strings.ContainsAny(from, "\\\r\n") && !strings.Contains(from, "..") {
		return from
	}
	return p.To()
}

func (s *Site) evidenceForm(p *Page, f *Form) EvidenceView {
	p.Section, p.Title = "services", p.T("page.evidence.add")
	return EvidenceView{Form: f, Kind: trace.EvidenceKind(f.Raw("kind")), Back: p.back(f.Raw("from"))}
}

func (s *Site) newEvidence(p *Page) error {
	f := p.Form()
	for _, name := range []string{"kind", "subject", "from", "label"} {
		f.Set(name, p.Query(name))
	}
	return p.Render("evidence_new", s.evidenceForm(p, f))
}

func (s *Site) addEvidence(p *Page) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	f := parts.Form
	cmd := trace.AddEvidence{Platform: p.Platform.ID, Kind: trace.EvidenceKind(f.Raw("kind")), Subject: f.ID("subject"), Remark: f.Text("remark")}
	files, err := s.evidenceFiles(p, parts)
	if err == nil {
		if err = f.Err(); err == nil {
			_, err = s.Trace.AddAllEvidence(p.Context(), cmd, files)
		}
	}
	if err != nil {
		return p.Again("evidence_new", f, err, s.evidenceForm(p, f))
	}
	return p.Done(p.back(f.Raw("from")), "page.evidence.added", len(files))
}

// maxFiles is how many files one form adds.
const maxFiles = 20

// evidenceFiles takes the files of a form into the vault; at least one is wanted.
func (s *Site) evidenceFiles(p *Page, parts *Parts) ([]*trace.EvidenceFile, error) {
	var files []*trace.EvidenceFile
	for {
		sent, err := parts.File()
		switch {
		case err != nil:
			return nil, err
		case sent == nil && len(files) == 0:
			return nil, qms.InvalidFields(qms.Wrong("file", "evidence.file_missing"))
		case sent == nil:
			return files, nil
		case len(files) == maxFiles:
			return nil, qms.InvalidFields(qms.Wrong("file", "evidence.too_many", maxFiles))
		}
		f, err := s.Trace.Receive(p.Context(), p.Platform.ID, sent.Name, sent)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
}

func (s *Site) downloadEvidence(p *Page) error {
	id, err := p.ID("id")
	if err != nil {
		return err
	}
	e, content, err := s.Trace.OpenEvidence(p.Context(), p.Platform.ID, id)
	if err != nil {
		return err
	}
	body, err := settled(content, e.Size)
	if err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, orOctets(e.MediaType))
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": e.Name}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderETag, `"`+e.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(e.Size))
	return nil
}

// evidenceIn is the file in the path, for the form that voids it.
func (s *Site) evidenceIn(p *Page, f *Form) (view EvidenceView, err error) {
	id, err := p.ID("id")
	if err != nil {
		return view, err
	}
	e, err := s.Trace.Evidence(p.Context(), p.Platform.ID, id)
	if err != nil {
		return view, err
	}
	p.Section, p.Title = "services", p.T("page.evidence.void")
	return EvidenceView{Form: f, Kind: e.Kind, Back: p.back(f.Raw("from")), File: e}, nil
}

func (s *Site) newEvidenceVoid(p *Page) error {
	f := p.Form().Set("from", p.Query("from"))
	view, err := s.evidenceIn(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.File.Revision)
	return p.Render("evidence_void", view)
}

func (s *Site) voidEvidence(p *Page) error {
	f := p.Form()
	view, err := s.evidenceIn(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, view.File.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidEvidence(p.Context(), target)
	}
	if err != nil {
		return p.Again("evidence_void", f, err, view)
	}
	return p.Done(view.Back, "page.evidence.voided", view.File.Name)
}
