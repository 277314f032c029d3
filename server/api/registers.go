package api

import (
	"context"
	"io"

	"maillon/qms"
	"maillon/server/importer"
	"maillon/server/request"
)

// registers write the registers of a platform out, and hand out their templates.
func (a *API) registers() {
	const all = "/platforms/{platform}/registers"
	register(a, get(all, "list-registers", "Every register, with how many records it holds", "registers"), a.listRegisters)
	register(a, get(all+"/{register}/export", "export-register", "A register, or all of them, as a file that an import reads back", "registers"), a.exportRegister)
	register(a, get(all+"/{register}/template", "get-register-template", "An empty workbook or CSV file for a register, or for all", "registers"), a.registerTemplate)
}

// RegisterSummary is a register of a platform.
type RegisterSummary struct {
	Register importer.Kind `json:"register" example:"quotes"`
	Records  int           `json:"records" doc:"Void ones too"`
	Imports  bool          `json:"imports" doc:"An import takes it over; the others are written only"`
}

type listRegisters struct {
	InPlatform
	AsOf
}

type registersList struct {
	Body struct {
		Items []RegisterSummary `json:"items" nullable:"false"`
	}
}

func (a *API) listRegisters(ctx context.Context, in *listRegisters) (*registersList, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	day, err := in.Day(0)
	if err != nil {
		return nil, err
	}
	counts, err := a.s.Importer.Counts(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	out := &registersList{}
	out.Body.Items = []RegisterSummary{}
	for _, k := range importer.Exported() {
		out.Body.Items = append(out.Body.Items, RegisterSummary{k, counts[k], k.TakesOver()})
	}
	return out, nil
}

type exportRegister struct {
	InPlatform
	AsOf
	Register string `path:"register" doc:"quotes, uses and so on, or all" example:"quotes"`
	Format   string `query:"format" doc:"xlsx, csv (one register) or zip (CSV files); xlsx when absent" example:"csv"`
}

// kinds is the register that the path names; none for all.
func (in exportRegister) kinds() []importer.Kind {
	if in.Register == "all" {
		return nil
	}
	return []importer.Kind{importer.Kind(in.Register)}
}

func (a *API) exportRegister(ctx context.Context, in *exportRegister) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := importer.ExportRegisters{Platform: p.ID, Kinds: in.kinds(), Format: importer.Format(in.Format), Printer: request.From(ctx).Printer()}
	if cmd.Format == "" {
		cmd.Format = importer.XLSX
	}
	if cmd.AsOf, err = in.Day(0); err != nil {
		return nil, err
	}
	name := cmd.Name(p.Code, a.s.Importer.Today()) + "." + string(cmd.Format)
	return spooled(name, cmd.Format, func(w io.Writer) error { return a.s.Importer.Export(ctx, cmd, w) })
}

// spooled answers with a file that is written aside first.
func spooled(name string, format importer.Format, write func(io.Writer) error) (*File, error) {
	file, err := importer.Spool(write)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: name, Type: format.Media(), Size: file.Size, Reader: file}), nil
}

func (a *API) registerTemplate(ctx context.Context, in *exportRegister) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ReadTrace.On(p.ID)); err != nil {
		return nil, err
	}
	printer, kinds := request.From(ctx).Printer(), in.kinds()
	switch {
	case in.Format == "" || in.Format == string(importer.XLSX):
		return spooled("template-"+in.Register+".xlsx", importer.XLSX, func(w io.Writer) error { return importer.Template(kinds, printer, w) })
	case in.Format == string(importer.CSV) && len(kinds) == 1:
		return spooled("template-"+in.Register+".csv", importer.CSV, func(w io.Writer) error { return importer.TemplateCSV(kinds[0], printer, w) })
	}
	return nil, qms.Invalid("register.format_unknown", in.Format)
}
