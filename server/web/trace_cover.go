package web

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/pack"
	"maillon/qms/trace"
)

// reportCover answers with the cover page of the report in the path, as a PDF in the reader's language.
func (s *Site) reportCover(p *Page) error {
	d, err := s.chainOf(p)
	if err != nil {
		return err
	}
	cover, err := p.coverOf(d)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := pack.PrintReportCover(&out, cover); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(strings.ReplaceAll(d.Number, "/", "-") + ".pdf")
	p.c.Set(fiber.HeaderContentType, "application/pdf")
	return p.c.Send(out.Bytes())
}

func (p *Page) coverOf(d *trace.Dossier) (*pack.ReportCover, error) {
	cover, err := trace.CoverOf(d)
	if err != nil {
		return nil, err
	}
	checkpoint := ""
	if c := p.Checkpoint(); c != nil {
		checkpoint = c.Words
	}
	return printedCover(cover, p, checkpoint), nil
}

// printedCover is the cover in the reader's words.
func printedCover(c *trace.ReportCover, p *Page, checkpoint string) *pack.ReportCover {
	f := c.Facts
	out := &pack.ReportCover{Language: p.Lang(), Platform: p.Platform.Name, Number: c.Report.Number, Date: c.Report.Date, Request: c.Request.Number,
		RequestedOn: c.Request.Date, Subject: c.Request.Subject, Client: c.Request.Client, ClientStatus: p.clientStatus(c.Request.ClientStatus),
		Quotes: c.Quotes, AnalysedOn: c.Report.AnalysedOn, Operator: c.Operator, Trained: f.Trained, Calibrates: f.Calibrates, Calibrated: f.Calibrated,
		Instruction: c.Report.Instruction, Version: c.Report.InstructionVersion, InForce: f.InForce, DataPlace: c.Report.DataPlace,
		ReleasedBy: c.Releaser, ReleasedOn: c.Report.ReleasedOn, Void: c.Report.Void, MadeAt: p.site.Clock(), Checkpoint: checkpoint}
	out.Equipment = f.Equipment.Code + ", " + f.Equipment.Name
	if f.Equipment.Serial != "" {
		out.Equipment += ", " + p.T("page.equipment.serial") + " " + f.Equipment.Serial
	}
	if held := f.Calibration; held != nil {
		out.Calibration = p.T("page.dossier.calibrated_on", held.Date)
		if held.Certificate != "" {
			out.Calibration += ", " + held.Certificate
		}
	}
	for _, file := range c.Files {
		out.Files = append(out.Files, pack.CoverFile{Of: file.Of, Name: file.Name, Size: file.Size, SHA256: file.Content.String()})
	}
	return out
}
