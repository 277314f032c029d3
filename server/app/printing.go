package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"maillon/documents"
	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// noOffice is the setting that says not to look for a converter.
const noOffice = "none"

// printer joins the room of documents to what stamps and converts.
type printer struct{ office rendition.Converter } // nil without a converter

// Takes reports whether a converter is here that takes files of that name.
func (p printer) Takes(name string) bool { return p.office != nil && p.office.Takes(name) }

// Convert makes a PDF of an office file.
func (p printer) Convert(ctx context.Context, name string, in io.Reader, to *os.File) error {
	return p.office.Convert(ctx, name, in, to)
}

// Stamp puts cover, header, footer and mark onto a PDF.
func (p printer) Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return rendition.Stamp(ctx, out, pdf, c, m)
}

// Enclose attaches the original to the cover.
func (p printer) Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return rendition.Enclose(ctx, out, original, c, m)
}

// findPrinter makes the printer of the settings.
func findPrinter(setting string, limit time.Duration, log *slog.Logger) (documents.Printer, error) {
	path := setting
	switch setting {
	case noOffice:
		return printer{}, nil
	case "":
		var found bool
		if path, found = rendition.FindOffice(); !found {
			log.Info("no LibreOffice here: office files are attached to their cover page")
			return printer{}, nil
		}
	}
	office, err := rendition.NewOffice(rendition.Options{Binary: path, Timeout: limit})
	if err != nil {
		return nil, fmt.Errorf("the converter %s: %w", path, err)
	}
	return printer{office}, nil
}

// printWith lets the room of documents print.
func (h *House) printWith(s Settings, zone *time.Location, log *slog.Logger) error {
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("the address of the site %q is not one such as https://qualite.example", s.URL)
		}
		h.url = strings.TrimRight(s.URL, "/")
		h.Documents.ReachedAt(h.url)
	}
	p, err := findPrinter(s.Office, s.OfficeLimit, log)
	if err != nil {
		return err
	}
	h.Documents.PrintWith(documents.Printing{Printer: p, Platform: platformName, Zone: zone, Log: log,
		Limit: max(s.OfficeLimit, 0) + documents.DefaultPrintLimit})
	return nil
}

func platformName(ctx context.Context, r store.Reader, id qms.ID) (string, error) {
	var p people.Platform
	err := r.Select(&p).Where("id = ?", id).Scan(ctx)
	return p.Name, err
}

// reachedAt is told where the site listens, for a site that nobody said the address of.
func (h *House) reachedAt(addr string) {
	if h.url == "" {
		h.Documents.ReachedAt("http://" + addr)
	}
}

// keepPrinting makes renditions as they are asked for, until stop is called: it waits for the one that
// is being made to be broken off and put on record.
func (h *House) keepPrinting(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(qms.WithActor(context.WithoutCancel(ctx), qms.System("printer")))
	var worker sync.WaitGroup
	worker.Go(func() {
		for {
			if err := h.Documents.MakeRenditions(ctx); err != nil && ctx.Err() == nil {
				h.log.ErrorContext(ctx, "renditions were not made", "error", err)
			}
			select {
			case <-h.Documents.Wanted():
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		worker.Wait()
	}
}
