package importer

import (
	"context"
	"errors"
	"io"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// WriteRegisters writes every register as of a day for an audit pack: one workbook of all, and each as
// CSV. It is within a transaction of the caller's, who has seen to the right to read.
func (s *Service) WriteRegisters(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, language string, create func(name string) (io.WriteCloser, error)) error {
	cmd := ExportRegisters{Platform: platform, Kinds: Exported(), AsOf: asOf, Format: XLSX, Printer: locale.For(language)}
	if err := s.enclose(ctx, r, cmd, fileWord(cmd.Printer)+".xlsx", create); err != nil {
		return err
	}
	cmd.Format = CSV
	for _, k := range Exported() {
		cmd.Kinds = []Kind{k}
		if err := s.enclose(ctx, r, cmd, cmd.Printer.T(KindKey(k))+".csv", create); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) enclose(ctx context.Context, r store.Reader, cmd ExportRegisters, name string, create func(string) (io.WriteCloser, error)) (err error) {
	w, err := create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	file, err := newFile(cmd, w)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := s.write(ctx, r, cmd, file); err != nil {
		return err
	}
	return file.end()
}
