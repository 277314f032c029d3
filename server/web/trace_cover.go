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
	out := pack.CoverOf(cover, p.Printer, p.Platform.Name, p.site.Clock())
	if c := p.Checkpoint(); c != nil {
		out.Checkpoint = c.Words
	}
	return out, nil
}
