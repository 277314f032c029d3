package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Print is what there is of a version's PDF as it must be today.
type Print struct {
	Newest    *Rendition // nil when nobody has asked for it yet: it is made when somebody does
	Made      *Rendition // nil when none is made
	UnderWay  bool       // somebody is making the newest one now
	Printable bool       // a PDF can be made of the original here, so that it need not be attached
}

// prints fills what there is of the PDFs of the sheet's versions.
func (s *Service) prints(sheet *Sheet) func(context.Context, store.Reader) error {
	return func(ctx context.Context, r store.Reader) error {
		var ids []qms.ID
		for i := range sheet.Versions {
			ids = append(ids, sheet.Versions[i].ID)
		}
		all, err := renditionsOf(ctx, r, ids...)
		if err != nil {
			return err
		}
		of := map[qms.ID][]*Rendition{}
		for _, row := range all {
			of[row.Version] = append(of[row.Version], row)
		}
		for i := range sheet.Versions {
			e := &sheet.Versions[i]
			im, ok := e.imprintOn(r.Today())
			if !ok || e.StateThen == Draft || e.StateThen == InReview {
				continue
			}
			e.Print = &Print{Printable: s.printable(&e.Version)}
			e.Print.Newest, e.Print.Made = latest(of[e.ID], im)
			e.Print.UnderWay = e.Print.Newest != nil && e.Print.Newest.UnderWay(r.Now())
		}
		return nil
	}
}

// printable reports whether a PDF can be made of the version's original here.
func (s *Service) printable(v *Version) bool { return v.MediaType == pdfType || s.Prints(v.FileName) }
