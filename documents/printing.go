package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"maillon/documents/rendition"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
)

// Printer makes the PDFs of renditions; a refusal is an error of qms. It ends soon after ctx has.
type Printer interface {
	// Takes reports whether a file of that name can be made a PDF here.
	Takes(name string) bool
	// Convert reads a file to its end and writes the PDF of it into to.
	Convert(ctx context.Context, name string, in io.Reader, to *os.File) error
	// Stamp writes the PDF with its cover and, on every page, header, footer and mark.
	Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error)
	// Enclose writes the cover with the original attached to it.
	Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error)
}

// Printing is what renditions are made with.
type Printing struct {
	Printer  Printer
	Platform func(ctx context.Context, r store.Reader, id qms.ID) (name string, err error)
	Zone     *time.Location // of instants on cover pages; UTC when nil
	Limit    time.Duration  // for one rendition; DefaultPrintLimit when zero
	Patience time.Duration  // of a reader who waits for one; DefaultPatience when zero
	Log      *slog.Logger   // discards when nil
}

// The bounds of the making of one rendition, unless Printing says otherwise.
const (
	DefaultPrintLimit = 5 * time.Minute
	DefaultPatience   = 20 * time.Second
)

// press is what a service prints with, one rendition at a time.
type press struct {
	Printing
	address atomic.Pointer[string]
	turn    chan struct{} // held by who prints
	wanted  chan struct{} // told when there may be something to print
}

// PrintWith lets the service make renditions. Without it they are asked for and stay pending.
func (s *Service) PrintWith(p Printing) *Service {
	if p.Zone == nil {
		p.Zone = time.UTC
	}
	if p.Limit == 0 {
		p.Limit = DefaultPrintLimit
	}
	if p.Patience == 0 {
		p.Patience = DefaultPatience
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	s.press.Printing = p
	return s
}

func newPress() *press {
	return &press{turn: make(chan struct{}, 1), wanted: make(chan struct{}, 1)}
}

// ReachedAt says under which address people reach the site, without a slash at its end: it begins the
// address of the status page that cover pages carry.
func (s *Service) ReachedAt(address string) { s.press.address.Store(&address) }

// ReachedUnder is what ReachedAt said; empty as long as nobody did.
func (s *Service) ReachedUnder() string {
	if address := s.press.address.Load(); address != nil {
		return *address
	}
	return ""
}

// Wanted is told, at some time, when there may be a rendition to make.
func (s *Service) Wanted() <-chan struct{} { return s.press.wanted }

// want tells the worker that there may be something to print.
func (p *press) want() {
	select {
	case p.wanted <- struct{}{}:
	default: // it has been told, and will look
	}
}

// Prints reports whether a file of that name becomes a PDF here, so that it need not be attached to a
// cover page.
func (s *Service) Prints(name string) bool {
	return s.press.Printer != nil && s.press.Printer.Takes(name)
}

// dueAtOnce is how many due renditions are read at a time.
const dueAtOnce = 20

// MakeRenditions makes every rendition of the site that is due, one after the other, until none is or
// ctx ends. What fails is put on record and tried again later: only a fault of the house is returned.
func (s *Service) MakeRenditions(ctx context.Context) error {
	if s.press.Printer == nil {
		return nil
	}
	for {
		var due []*Rendition
		err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
			due, err = dueRenditions(ctx, r, r.Now(), dueAtOnce)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, r := range due {
			if err := s.makeRendition(ctx, r.Platform, r.ID); err != nil {
				return err
			}
		}
	}
}

// makeRendition makes one rendition if it is due when its turn comes. Several replicas may ask at the
// same time: one of them begins, and the others find it begun.
func (s *Service) makeRendition(ctx context.Context, platform, id qms.ID) error {
	select {
	case s.press.turn <- struct{}{}:
		defer func() { <-s.press.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	begun, err := s.beginRendition(ctx, platform, id)
	if err != nil || begun == nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, s.press.Limit)
	made, fault := s.print(limited, begun)
	late := limited.Err() != nil
	cancel()
	switch {
	case fault == nil:
		return s.noteRendition(ctx, "rendition.make", begun, func(r *Rendition, now time.Time) { r.finish(now, made) })
	case ctx.Err() != nil: // told to stop: somebody takes it up again
		return s.noteRendition(ctx, "rendition.leave", begun, (*Rendition).leave)
	case late:
		fault = fmt.Errorf("%w: %w", errTimeout(s.press.Limit), fault)
	}
	s.press.Log.WarnContext(ctx, "a rendition was not made", "rendition", begun.ID, "attempt", begun.Attempts, "error", fault)
	return s.noteRendition(ctx, "rendition.fail", begun, func(r *Rendition, now time.Time) { r.fail(now, fault) })
}

// lease is how long who began a rendition has it for himself: what is left of it after the limit is
// for putting it into the vault.
func (p *press) lease() time.Duration { return p.Limit + time.Minute }

// beginRendition puts the attempt on record; nil when somebody else has begun, or ended, meanwhile.
func (s *Service) beginRendition(ctx context.Context, platform, id qms.ID) (begun *Rendition, err error) {
	act := qms.Act{Name: "rendition.begin", Needs: qms.OperateSite.On(platform), Platform: platform, Subject: id}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		begun = nil
		r, err := renditionByID(ctx, tx, platform, id)
		if err != nil || !r.Due(tx.Now()) {
			return err
		}
		v, err := versionByID(ctx, tx, platform, r.Version)
		if err != nil {
			return err
		}
		if im, ok := v.imprintOn(tx.Today()); ok { // days went by since it was asked for
			r.say(im)
		}
		r.begin(tx.Now(), s.press.lease())
		begun = r
		return tx.Update(ctx, r)
	})
	return begun, err
}

// noteTimeout bounds the wait of who was told to stop.
const noteTimeout = 10 * time.Second

// noteRendition puts the end of an attempt on record, unless somebody else took the rendition over
// because the attempt outlived its lease.
func (s *Service) noteRendition(ctx context.Context, name string, begun *Rendition, note func(r *Rendition, now time.Time)) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	act := qms.Act{Name: name, Needs: qms.OperateSite.On(begun.Platform), Platform: begun.Platform, Subject: begun.ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		r, err := renditionByID(ctx, tx, begun.Platform, begun.ID)
		if err != nil || r.Revision != begun.Revision {
			return err
		}
		note(r, tx.Now())
		return tx.Update(ctx, r)
	})
}

// printed is what print made.
type printed struct {
	how     How
	base    vault.Digest
	content vault.Info
	pages   int
	why     error // why it is enclosed and not stamped, when that was tried
}

// print makes the PDF and puts it into the vault. Nothing is held in memory: contents go through
// files of a folder that is gone afterwards. A fault of a library ends the attempt, not the house.
func (s *Service) print(ctx context.Context, r *Rendition) (m printed, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	j, err := s.job(ctx, r)
	if err != nil {
		return m, err
	}
	if j.folder, err = aside.Folder("", "print"); err != nil {
		return m, vault.WriteError(err)
	}
	defer os.RemoveAll(j.folder)
	return s.run(ctx, j)
}

// run makes the PDF in the folder of the job, in the best way there is.
func (s *Service) run(ctx context.Context, j *job) (m printed, err error) {
	out, err := j.file("made.pdf")
	if err != nil {
		return m, err
	}
	defer out.Close()
	if m, err = s.stamp(ctx, j, out); errors.Is(err, rendition.ErrTooLarge) {
		why := err
		m, err = s.enclose(ctx, j, out) // nothing was written yet
		m.why = why
	}
	if err != nil {
		return m, err
	}
	if _, err = out.Seek(0, io.SeekStart); err != nil {
		return m, err
	}
	m.content, err = s.vault.Put(ctx, out)
	return m, err
}

// stamp writes the rendition, enclosed where nothing else is asked for or possible.
func (s *Service) stamp(ctx context.Context, j *job, out io.Writer) (m printed, err error) {
	pdf, how, base, err := s.pdfOf(ctx, j)
	if err != nil {
		return m, err
	}
	if pdf == nil {
		return s.enclose(ctx, j, out)
	}
	defer pdf.Close()
	made, err := s.press.Printer.Stamp(ctx, out, pdf, j.cover, j.mark)
	return printed{how: how, base: base, pages: made.Pages}, err
}

func (s *Service) enclose(ctx context.Context, j *job, out io.Writer) (m printed, err error) {
	original, err := s.spool(ctx, j, "original", j.version.Content)
	if err != nil {
		return m, err
	}
	defer original.Close()
	made, err := s.press.Printer.Enclose(ctx, out, original, j.cover, j.mark)
	return printed{how: Enclosed, pages: made.Pages}, err
}

// pdfOf is the version as a PDF without cover and marks: the original, what a converter made of it
// once, or what it makes of it now. It is nil when there is no way to one.
func (s *Service) pdfOf(ctx context.Context, j *job) (pdf *os.File, how How, base vault.Digest, err error) {
	v := j.version
	switch {
	case j.rendition.How == Enclosed:
	case !j.rendition.Base.IsZero():
		pdf, err = s.spool(ctx, j, "base.pdf", j.rendition.Base)
		return pdf, Converted, j.rendition.Base, err
	case v.MediaType == pdfType:
		pdf, err = s.spool(ctx, j, "original.pdf", v.Content)
		return pdf, Stamped, vault.Digest{}, err
	case s.press.Printer.Takes(v.FileName):
		pdf, base, err = s.convert(ctx, j)
		return pdf, Converted, base, err
	}
	return nil, Enclosed, vault.Digest{}, nil
}

// convert makes a PDF of the original and keeps it: the mark of a version that is superseded later
// comes onto the same pages.
func (s *Service) convert(ctx context.Context, j *job) (*os.File, vault.Digest, error) {
	in, err := s.vault.Open(ctx, j.version.Content)
	if err != nil {
		return nil, vault.Digest{}, err
	}
	defer in.Close()
	to, err := j.file("base.pdf")
	if err != nil {
		return nil, vault.Digest{}, err
	}
	if err := s.press.Printer.Convert(ctx, j.version.FileName, in, to); err != nil {
		return nil, vault.Digest{}, errors.Join(err, to.Close())
	}
	info, err := s.keepFile(ctx, to)
	if err != nil {
		return nil, vault.Digest{}, errors.Join(err, to.Close())
	}
	return to, info.Digest, nil
}

// keepFile puts the file into the vault and leaves it at its beginning.
func (s *Service) keepFile(ctx context.Context, f *os.File) (vault.Info, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return vault.Info{}, err
	}
	info, err := s.vault.Put(ctx, f)
	if err != nil {
		return vault.Info{}, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return info, err
}

// spool copies a content of the vault into the folder of the job, so that it can be read in any order.
func (s *Service) spool(ctx context.Context, j *job, name string, d vault.Digest) (*os.File, error) {
	in, err := s.vault.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := j.file(name)
	if err != nil {
		return nil, err
	}
	if _, err := vault.Copy(ctx, f, in); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}
