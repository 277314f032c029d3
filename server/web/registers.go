package web

import (
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/importer"
)

// registerPages show every register of a platform, write them out, and hand out the templates that
// they are imported with.
func (s *Site) registerPages() {
	const all = Prefix + "/registers"
	s.page(all, qms.ReadTrace, s.listRegisters)
	s.page(all+"/export", qms.ReadTrace, s.exportRegisters)
	s.page(all+"/template", qms.ReadTrace, s.templateOfRegisters)
	s.page(all+"/:register/export", qms.ReadTrace, s.exportRegister)
	s.page(all+"/:register/template", qms.ReadTrace, s.templateOfRegister)
}

// registersPage lists the registers with what each holds.
type registersPage struct {
	Form  *Form
	AsOf  qms.Date // none for today
	Lines []registerLine
	Total int
}

type registerLine struct {
	Kind      importer.Kind
	Count     int
	TakesOver bool
	Section   string // where its records are looked at; empty where there is no page for it
}

// sectionOf is where people look at the records of a register.
var sectionOf = map[importer.Kind]string{
	importer.People: "members", importer.Equipment: "equipment", importer.Procedures: "documents", importer.Trainings: "people",
	importer.Calibrations: "equipment", importer.Requests: "services", importer.Quotes: "services", importer.Reports: "services",
	importer.Invoices: "services", importer.Uses: "uses",
}

func (s *Site) listRegisters(p *Page) error {
	form := p.Form()
	p.Title = p.T("page.registers.title")
	asOf, err := p.AsOf()
	if err == nil && p.Query("as_of") == "" {
		asOf = 0
	}
	data := registersPage{Form: form, AsOf: asOf}
	if err != nil {
		return p.Again("registers_list", form.Set("as_of", p.Query("as_of")), err, data)
	}
	if asOf != 0 {
		form.Set("as_of", asOf)
	}
	counts, err := s.Importer.Counts(p.Context(), p.Platform.ID, asOf)
	if err != nil {
		return err
	}
	for _, k := range importer.Exported() {
		data.Lines = append(data.Lines, registerLine{k, counts[k], k.TakesOver(), sectionOf[k]})
		data.Total += counts[k]
	}
	return p.Render("registers_list", data)
}

// On is the query that keeps the day of the list in an address.
func (d registersPage) On() string {
	if d.AsOf == 0 {
		return ""
	}
	return "&as_of=" + d.AsOf.String()
}

// register is the one that the address names.
func (p *Page) register() (importer.Kind, error) {
	k := importer.Kind(p.Param("register"))
	if !slices.Contains(importer.Exported(), k) {
		return "", qms.NotFound("register.not_found")
	}
	return k, nil
}

func (s *Site) exportRegisters(p *Page) error { return s.writeRegisters(p, nil) }

func (s *Site) exportRegister(p *Page) error {
	k, err := p.register()
	if err != nil {
		return err
	}
	return s.writeRegisters(p, []importer.Kind{k})
}

// writeRegisters answers with registers as a file: ?format=xlsx, csv or, of several, zip.
func (s *Site) writeRegisters(p *Page, kinds []importer.Kind) error {
	cmd := importer.ExportRegisters{Platform: p.Platform.ID, Kinds: kinds, Format: importer.Format(p.Query("format")), Printer: p.Printer}
	if cmd.Format == "" {
		cmd.Format = importer.XLSX
	}
	if p.Query("as_of") != "" {
		var err error
		if cmd.AsOf, err = p.AsOf(); err != nil {
			return err
		}
	}
	file, err := importer.Spool(func(w io.Writer) error { return s.Importer.Export(p.Context(), cmd, w) })
	if err != nil {
		return err
	}
	return p.attach(file, cmd.Name(p.Platform.Code, p.Today)+"."+string(cmd.Format), cmd.Format)
}

// attach answers with a file that is kept aside.
func (p *Page) attach(file *importer.Spooled, name string, format importer.Format) error {
	p.site.secureHeaders(p.c)
	p.c.Attachment(name)
	p.c.Set(fiber.HeaderContentType, format.Media())
	return p.c.SendStream(file, int(file.Size)) // which closes it
}

func (s *Site) templateOfRegisters(p *Page) error {
	file, err := importer.Spool(func(w io.Writer) error { return importer.Template(nil, p.Printer, w) })
	if err != nil {
		return err
	}
	return p.attach(file, p.T("page.registers.template_file")+".xlsx", importer.XLSX)
}

func (s *Site) templateOfRegister(p *Page) error {
	k, err := p.register()
	if err != nil {
		return err
	}
	format := importer.XLSX
	write := func(w io.Writer) error { return importer.Template([]importer.Kind{k}, p.Printer, w) }
	if p.Query("format") == string(importer.CSV) {
		format, write = importer.CSV, func(w io.Writer) error { return importer.TemplateCSV(k, p.Printer, w) }
	}
	file, err := importer.Spool(write)
	if err != nil {
		return err
	}
	return p.attach(file, p.T("page.registers.template_file")+"-"+string(k)+"."+string(format), format)
}
