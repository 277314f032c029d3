package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"maillon/qms/locale"
)

//go:embed pages/*.html
var pageFiles embed.FS

// views are the templates of every page, once for each language, since the functions in them speak it.
type views struct {
	byLang map[string]map[string]*template.Template
	assets *assets // that they name
}

// loaded is what the binary holds of pages, read once whatever number of sites a process opens: nothing
// of it is of one site.
var loaded = sync.OnceValues(func() (*views, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	return loadViews(a)
})

// view is what a template sees: the fields and methods of the page, and what the handler gave.
type view struct {
	*Page
	Data any
}

// loadViews reads pages/NAME.html: files that begin with an underscore are shared by all, every other
// is the content of the page of its name.
func loadViews(a *assets) (*views, error) {
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	v := &views{byLang: map[string]map[string]*template.Template{}, assets: a}
	for _, lang := range locale.Languages() {
		pages := map[string]*template.Template{}
		shared := template.New("shared").Option("missingkey=error").Funcs(functions(locale.For(lang), a))
		if shared, err = shared.ParseFS(pageFiles, "pages/_*.html"); err != nil {
			return nil, err
		}
		for _, file := range names {
			name := strings.TrimSuffix(path.Base(file), ".html")
			if strings.HasPrefix(name, "_") {
				continue
			}
			if pages[name], err = parsePage(shared, file); err != nil {
				return nil, err
			}
		}
		v.byLang[lang] = pages
	}
	return v, nil
}

func parsePage(shared *template.Template, file string) (*template.Template, error) {
	text, err := pageFiles.ReadFile(file)
	if err != nil {
		return nil, err
	}
	set, err := shared.Clone()
	if err != nil {
		return nil, err
	}
	set.Funcs(template.FuncMap{"field": fieldIn(set)})
	if _, err = set.New("content").Parse(string(text)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return set, nil
}

// Render answers with the page NAME.html in its frame.
func (p *Page) Render(name string, data any) error { return p.execute(name, "frame", data) }

// Fragment answers with one named template of NAME.html without the frame, for htmx to swap in.
func (p *Page) Fragment(name, part string, data any) error { return p.execute(name, part, data) }

// IsFragment reports whether htmx asks, and wants a part of the page.
func (p *Page) IsFragment() bool { return p.c.Get("HX-Request") == "true" }

func (p *Page) execute(name, part string, data any) error {
	set := p.site.views.byLang[p.Lang()][name]
	if set == nil {
		return fmt.Errorf("no page is called %s", name)
	}
	if part == "frame" && p.Platform == nil && p.Actor.ID == "" {
		part = "bare"
	}
	if p.Flash != "" && (part == "frame" || part == "bare") {
		p.forgetFlash()
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, part, view{p, data}); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	p.c.Status(p.status)
	return p.send(b.Bytes())
}

// send answers with HTML, compressed when the browser takes it and it is worth it.
func (p *Page) send(html []byte) error {
	p.site.secureHeaders(p.c)
	p.c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	p.c.Set(fiber.HeaderContentLanguage, p.Lang())
	p.c.Vary(fiber.HeaderAcceptEncoding, fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
	accepted := p.c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case len(html) < 1024:
	case strings.Contains(accepted, "br"):
		p.c.Set(fiber.HeaderContentEncoding, "br")
		html = fasthttp.AppendBrotliBytesLevel(nil, html, 4)
	case strings.Contains(accepted, "gzip"):
		p.c.Set(fiber.HeaderContentEncoding, "gzip")
		html = fasthttp.AppendGzipBytesLevel(nil, html, fasthttp.CompressBestSpeed)
	}
	return p.c.Send(html)
}
