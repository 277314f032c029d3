package documents

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// paper is a printer whose PDFs are texts: cover, mark and what was printed. It takes Markdown.
type paper struct {
	mu      sync.Mutex
	covers  []rendition.Cover
	fault   error // of every attempt
	hangs   bool  // until it is told to end
	without bool  // no converter
	calls   map[string]int
	begun   chan struct{} // told when a conversion begins, if there is one to tell
}

func (p *paper) Takes(name string) bool { return !p.without && strings.HasSuffix(name, ".md") }

func (p *paper) call(ctx context.Context, what string) error {
	p.mu.Lock()
	if p.calls == nil {
		p.calls = map[string]int{}
	}
	p.calls[what]++
	fault, hangs := p.fault, p.hangs
	p.mu.Unlock()
	if p.begun != nil {
		p.begun <- struct{}{}
	}
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return fault
}

func (p *paper) Convert(ctx context.Context, name string, in io.Reader, to *os.File) error {
	if err := p.call(ctx, "convert"); err != nil {
		return err
	}
	_, err := io.Copy(to, io.MultiReader(strings.NewReader("converted "), in))
	return err
}

func (p *paper) Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return p.write(ctx, "stamp", out, pdf, c, m)
}

func (p *paper) Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return p.write(ctx, "enclose", out, original, c, m)
}

func (p *paper) write(ctx context.Context, what string, out io.Writer, in io.Reader, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	if err := p.call(ctx, what); err != nil {
		return rendition.Made{}, err
	}
	p.mu.Lock()
	p.covers = append(p.covers, c)
	p.mu.Unlock()
	fmt.Fprintf(out, "%s|%s v%s|%s|", what, c.Code, c.Version, m.Text)
	_, err := io.Copy(out, in)
	return rendition.Made{Pages: 3, Covers: 1}, err
}

func (p *paper) cover() rendition.Cover {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.covers[len(p.covers)-1]
}

// prints is each with a printer.
func prints(t *testing.T, f func(r room, p *paper)) {
	t.Helper()
	each(t, func(r room) {
		p := &paper{}
		r.printWith(p)
		f(r, p)
	})
}

func (r room) printWith(p *paper) {
	r.PrintWith(Printing{Printer: p, Limit: 10 * time.Second, Patience: 5 * time.Second,
		Platform: func(context.Context, store.Reader, qms.ID) (string, error) { return "Plateforme MIC", nil }})
	r.ReachedAt("https://qualite.example")
}

func (r room) makeAll() {
	r.t.Helper()
	r.must(r.MakeRenditions(storetest.AsSystem()))
}

// pdf is what a reader is handed.
func (r room) pdf(v *Version) (text string, o *OpenedRendition) {
	r.t.Helper()
	o, err := r.OpenRendition(reader, mic, v.ID)
	r.must(err)
	defer o.Close()
	got, err := io.ReadAll(o)
	r.must(err)
	if int64(len(got)) != o.Size {
		r.t.Errorf("%d bytes, want %d", len(got), o.Size)
	}
	return string(got), o
}

// rendition is the newest rendition of the version, nil when there is none.
func (r room) rendition(v *Version) *Rendition {
	r.t.Helper()
	var all []*Rendition
	r.must(r.db.View(lead, qms.ReadDocuments.On(mic), func(rd store.Reader) (err error) {
		all, err = renditionsOf(context.Background(), rd, v.ID)
		return err
	}))
	if len(all) == 0 {
		return nil
	}
	return all[0]
}
