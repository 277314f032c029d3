package importer

import (
	"context"
	"io"
	"slices"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// The registers that are written and that no import takes over.
const (
	Samples  Kind = "samples"
	Events   Kind = "events"
	Data     Kind = "data"
	Trainers Kind = "trainers"
	Prices   Kind = "prices"
	Impacts  Kind = "impacts"
)

// Exported lists every register, in the order of a workfile.
func Exported() []Kind {
	return append(Kinds(), Samples, Events, Data, Trainers, Prices, Impacts)
}

// TakesOver reports whether an import reads the register back.
func (k Kind) TakesOver() bool { return slices.Contains(Kinds(), k) }

// Format is the kind of file that registers are written to.
type Format string

// The formats: a workbook of all registers asked for, one CSV file, a ZIP of CSV files.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
	ZIP  Format = "zip"
)

// ExportRegisters names registers of a platform as they stood on a day.
type ExportRegisters struct {
	Platform qms.ID
	Kinds    []Kind   // all when empty; one for CSV
	AsOf     qms.Date // records dated later are left out; none for all
	Format   Format
	Printer  *locale.Printer // of the language of headings and words
}

// Export writes registers out, so that importing them again changes nothing. It reads them in one state
// of the data and holds little of them at a time.
func (s *Service) Export(ctx context.Context, cmd ExportRegisters, w io.Writer) error {
	if len(cmd.Kinds) == 0 {
		cmd.Kinds = Exported()
	}
	for _, k := range cmd.Kinds {
		if !slices.Contains(Exported(), k) {
			return qms.NotFound("register.not_found")
		}
	}
	file, err := newFile(cmd, w)
	if err != nil {
		return err
	}
	defer file.discard()
	err = s.db.View(ctx, qms.ReadTrace.On(cmd.Platform), func(r store.Reader) error { return s.write(ctx, r, cmd, file) })
	if err != nil {
		return err
	}
	return file.end()
}

// write writes the registers to the file without its end.
func (s *Service) write(ctx context.Context, r store.Reader, cmd ExportRegisters, file ledgerFile) error {
	for _, k := range cmd.Kinds {
		if err := file.begin(k, fieldsOf(k)); err != nil {
			return err
		}
		if err := s.lines(ctx, r, k, cmd, file.line); err != nil {
			return err
		}
	}
	return nil
}

// Counts counts the records of every register as of the day.
func (s *Service) Counts(ctx context.Context, platform qms.ID, asOf qms.Date) (map[Kind]int, error) {
	counts := map[Kind]int{}
	err := s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		of, err := trace.CountRegisters(ctx, r, platform, asOf)
		if err != nil {
			return err
		}
		for name, n := range of {
			counts[Kind(name)] = n
		}
		for _, k := range []Kind{People, Procedures} {
			if err := s.lines(ctx, r, k, ExportRegisters{Platform: platform, AsOf: asOf}, func([]any) error { counts[k]++; return nil }); err != nil {
				return err
			}
		}
		return nil
	})
	return counts, err
}

// fieldsOf are the columns of a register as it is written.
func fieldsOf(k Kind) []string {
	switch k {
	case People:
		return []string{"code", "name", "email", "trainer", "from", "until"}
	case Procedures:
		return []string{"code", "title", "version", "from", "until", "void"}
	}
	l, _ := trace.LedgerOf(trace.Register(k))
	return l.Fields
}

// lines hands over the records of one register.
func (s *Service) lines(ctx context.Context, r store.Reader, k Kind, cmd ExportRegisters, yield func([]any) error) error {
	switch k {
	case People:
		return memberLines(ctx, r, cmd, yield)
	case Procedures:
		all, err := documents.RegisterLines(ctx, r, cmd.Platform, cmd.AsOf)
		if err != nil {
			return err
		}
		for _, l := range all {
			if err := yield([]any{l.Code, l.Title, l.Version, l.EffectiveFrom, l.EffectiveUntil, l.Withdrawn}); err != nil {
				return err
			}
		}
		return nil
	}
	return s.trace.Write(ctx, r, cmd.Platform, trace.Register(k), cmd.AsOf, yield)
}

func memberLines(ctx context.Context, r store.Reader, cmd ExportRegisters, yield func([]any) error) error {
	members, err := people.MembersOf(ctx, r, cmd.Platform)
	if err != nil {
		return err
	}
	for _, m := range members {
		if cmd.AsOf != 0 && m.From > cmd.AsOf {
			continue
		}
		if err := yield([]any{m.Code, m.Name, m.Email, m.Trainer, m.From, m.Until}); err != nil {
			return err
		}
	}
	return nil
}

// Name is what a file of an export is called, without its end.
func (cmd ExportRegisters) Name(platform string, today qms.Date) string {
	day := cmd.AsOf
	if day == 0 {
		day = today
	}
	if len(cmd.Kinds) == 1 {
		return platform + "-" + string(cmd.Kinds[0]) + "-" + day.String()
	}
	return platform + "-" + fileWord(cmd.Printer) + "-" + day.String()
}

func fileWord(p *locale.Printer) string {
	if p != nil && p.Lang() == locale.French {
		return "registres"
	}
	return "registers"
}

// Media is the media type of the format.
func (f Format) Media() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case ZIP:
		return "application/zip"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// bookTime is the time that the parts of archives bear: contents alone tell two exports apart.
var bookTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Today is the day where the site is.
func (s *Service) Today() qms.Date { return s.db.Today() }
