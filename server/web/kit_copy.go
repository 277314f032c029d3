package web

import (
	"strconv"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// CopyKitView is the form to copy templates into the platform, with the codes they would be given.
type CopyKitView struct {
	Form      *Form
	Lines     []CopyKitLine
	Kinds     []Option
	Processes []documents.Process
	Staff     []Option
	Pattern   string
	Wrong     int // lines that cannot be copied as they stand
}

// CopyKitLine is one template of the form.
type CopyKitLine struct {
	documents.CopyShown
	At string // how its fields begin: lines.1
}

// copyLines is how many templates a form can carry; the room refuses fewer.
const copyLines = 120

func (s *Site) askToCopyKit(p *Page) error {
	f := p.Form().Set("owner", p.Actor.ID).Set("reason", p.T("page.kit.copy_reason"))
	for i, raw := range p.Ctx().Context().QueryArgs().PeekMulti("template") {
		if i == copyLines {
			break
		}
		f.Set("lines."+strconv.Itoa(i+1)+".template", strings.TrimSpace(readable(string(raw))))
	}
	if f.Text("lines.1.template") == "" {
		return p.Done(p.To("label", "kit"), "page.kit.choose_first")
	}
	data, err := s.copyForm(p, f, true)
	if err != nil {
		return err
	}
	return p.Render("kit_copy", data)
}

// copyCommand reads the form.
func copyCommand(p *Page, f *Form) documents.CopyKit {
	cmd := documents.CopyKit{Platform: p.Platform.ID, Owner: f.ID("owner"), Reason: f.Text("reason")}
	for i := 1; i <= copyLines; i++ {
		at := "lines." + strconv.Itoa(i) + "."
		code := f.Text(at + "template")
		if code == "" {
			break
		}
		cmd.Lines = append(cmd.Lines, documents.CopyLine{Template: code, Kind: f.Text(at + "kind"), Process: f.Text(at + "process"), Code: f.Text(at + "code"),
			Title: f.Text(at + "title"), Again: f.Checked(at + "again")})
	}
	return cmd
}

// copyForm shows the lines as they would be copied; with fill, their fields too.
func (s *Site) copyForm(p *Page, f *Form, fill bool) (CopyKitView, error) {
	p.Title, p.Wide = p.T("page.kit.copy_title"), true
	p.Crumb(p.T("page.nav.label"), p.To("label"))
	p.Crumb(p.T("page.kit.title"), p.To("label", "kit"))
	data := CopyKitView{Form: f, Kinds: []Option{{"", p.T("page.documents.choose")}}}
	shown, err := s.Documents.PreviewKit(p.Context(), copyCommand(p, f))
	if err != nil {
		return data, err
	}
	for i, l := range shown {
		if l.Template.ID == "" {
			return data, qms.NotFound("template.not_found")
		}
		line := CopyKitLine{l, "lines." + strconv.Itoa(i+1)}
		if fill {
			f.Set(line.At+".kind", l.Kind).Set(line.At+".process", l.Process).Set(line.At+".title", l.Title)
		}
		if len(l.Wrong) > 0 {
			data.Wrong++
		}
		data.Lines = append(data.Lines, line)
	}
	offer, err := s.Documents.Form(p.Context(), p.Platform.ID)
	if err != nil {
		return data, err
	}
	for _, k := range offer.Kinds {
		data.Kinds = append(data.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	data.Processes, data.Pattern, data.Staff = offer.Processes, offer.Pattern.String(), personOptions(p, offer.Staff)
	return data, nil
}

func (s *Site) copyKit(p *Page) error {
	f := p.Form()
	data, err := s.copyForm(p, f, false)
	if err != nil {
		return err
	}
	if f.Checked("show") {
		return p.Render("kit_copy", data)
	}
	cmd := copyCommand(p, f)
	var made []*documents.Document
	if err = f.Err(); err == nil {
		made, err = s.Documents.CopyKit(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("kit_copy", f, err, data)
	}
	if len(made) == 1 {
		return p.Done(p.To("documents", made[0].Code), "page.kit.copied_one", made[0].Code)
	}
	codes := make([]string, len(made))
	for i, d := range made {
		codes[i] = d.Code
	}
	return p.Done(p.To("label", "kit"), "page.kit.copied", len(made), strings.Join(codes, ", "))
}
