package web

import (
	"io"

	"maillon/qms"
	"maillon/server/importer"
	"maillon/server/request"
)

// importPages take registers and folders of documents over: files are chosen, checked, shown as they
// would be, and written once somebody confirms.
func (s *Site) importPages() {
	const all, one = Prefix + "/imports", Prefix + "/imports/:job"
	s.page(all, qms.ImportRegisters, s.listImports)
	s.page(all+"/registers", qms.ImportRegisters, s.newRegistersImport)
	s.upload(all+"/registers", qms.ImportRegisters, s.checkRegisters)
	s.page(all+"/documents", qms.ImportRegisters, s.newDocumentsImport)
	s.upload(all+"/documents", qms.ImportRegisters, s.checkDocuments)
	s.importMappingPages()
	s.registerPages()
	s.page(one, qms.ImportRegisters, s.showImport)
	s.act(one, qms.ImportRegisters, s.answerImport)
}

// importLine is one import in the list, with its state in the words of the stylesheet.
type importLine struct {
	importer.Job
	Look string
}

func lineOf(j importer.Job) importLine { return importLine{j, lookOfImport(j)} }

// lookOfImport is how the stylesheet calls the state of an import.
func lookOfImport(j importer.Job) string {
	switch j.State {
	case importer.Ready:
		return "due"
	case importer.Refused, importer.Failed:
		return "failed"
	case importer.Done:
		return "done"
	case importer.Cancelled:
		return "withdrawn"
	}
	return "running"
}

func (s *Site) listImports(p *Page) error {
	jobs, err := s.Importer.Jobs(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	lines := make([]importLine, 0, len(jobs))
	for _, j := range jobs {
		lines = append(lines, lineOf(j))
	}
	p.Title = p.T("page.imports.title")
	return p.Render("imports_list", lines)
}

// importForm asks for the files of an import.
type importForm struct {
	Form *Form
	Kind importer.JobKind
}

func (s *Site) newRegistersImport(p *Page) error {
	return p.askImport(p.Form(), importer.OfRegisters, nil)
}

func (s *Site) newDocumentsImport(p *Page) error {
	return p.askImport(p.Form(), importer.OfDocuments, nil)
}

func (p *Page) askImport(f *Form, kind importer.JobKind, failure error) error {
	p.Title = p.T("page.imports.new_" + string(kind))
	p.Crumb(p.T("page.imports.title"), p.To("imports"))
	data := importForm{Form: f, Kind: kind}
	if failure != nil {
		return p.Again("imports_new", f, failure, data)
	}
	return p.Render("imports_new", data)
}

func (s *Site) checkRegisters(p *Page) error { return s.checkImport(p, importer.OfRegisters) }

func (s *Site) checkDocuments(p *Page) error { return s.checkImport(p, importer.OfDocuments) }

// checkImport keeps the files and begins to check them; the page of the job shows how far it is.
func (s *Site) checkImport(p *Page, kind importer.JobKind) error {
	parts, err := p.Parts(request.UploadBytes)
	if err != nil {
		return err
	}
	staging, err := importer.NewStaging()
	if err != nil {
		return err
	}
	if err := p.stage(parts, staging); err != nil {
		staging.Close() //nolint:errcheck // the first error is the one to tell
		return p.askImport(parts.Form, kind, err)
	}
	job, err := s.Importer.Begin(p.Context(), p.Platform.ID, kind, staging)
	if err != nil {
		return p.askImport(parts.Form, kind, err)
	}
	return p.Redirect(p.To("imports", job.ID))
}

// stage keeps the files of the form aside.
func (p *Page) stage(parts *Parts, staging *importer.Staging) error {
	for {
		file, err := parts.File()
		switch {
		case err != nil:
			return err
		case file == nil:
			return nil
		case file.Field == "mapping":
			err = staging.AddMapping(p.Context(), file.Name, file)
		case file.Field == "files":
			err = staging.Add(p.Context(), file.Name, file)
		default:
			_, err = io.Copy(io.Discard, file)
		}
		if err != nil {
			return err
		}
	}
}

// answerImport confirms or cancels.
func (s *Site) answerImport(p *Page) error {
	id, form := p.Param("job"), p.Form()
	if form.Text("do") == "cancel" {
		if _, err := s.Importer.CancelJob(p.Context(), p.Platform.ID, id); err != nil {
			return err
		}
		return p.Done(p.To("imports"), "page.imports.cancelled_now")
	}
	job, err := s.Importer.Confirm(p.Context(), p.Platform.ID, id)
	if qms.CodeOf(err) == qms.CodeConflict { // somebody confirmed meanwhile: the page says how it went
		return p.Redirect(p.To("imports", id))
	}
	if err != nil {
		return err
	}
	return p.Redirect(p.To("imports", job.ID))
}
