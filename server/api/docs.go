package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"maillon/qms/locale"
	"maillon/server/request"
)

//go:embed docs.html
var docsHTML string

var docsPage = template.Must(template.New("docs").Parse(docsHTML))

// manual is the description as the page shows it: everything is in the markup, nothing needs a script.
type manual struct {
	*locale.Printer
	Version  string
	Subjects []subject
	Shapes   []shape
}

type subject struct {
	Name       string
	Operations []operation
}

type operation struct {
	ID, Method, Path, Summary, Text string
	Parameters                      []fact
	Body, Answer                    typed
	Errors                          []string
}

// shape is one named schema; fact is one parameter or field of one.
type shape struct {
	Name  string
	Facts []fact
}

type fact struct {
	Name, Where, Text string
	Type              typed
	Required          bool
}

// typed is a type in words, with the shape it leads to.
type typed struct{ Words, Shape string }

// docs renders the page from the description, per language.
func (a *API) docs() fiber.Handler {
	return func(c *fiber.Ctx) error {
		m := a.manual()
		m.Printer = request.From(c.UserContext()).Printer()
		var page bytes.Buffer
		if err := docsPage.Execute(&page, m); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.Send(page.Bytes())
	}
}

func (a *API) manual() manual {
	api := a.huma.OpenAPI()
	m := manual{Version: Version}
	byTag := map[string][]operation{}
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		item := api.Paths[path]
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch} {
			if o != nil && len(o.Tags) > 0 {
				byTag[o.Tags[0]] = append(byTag[o.Tags[0]], describe(o))
			}
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) {
		m.Subjects = append(m.Subjects, subject{Name: tag, Operations: byTag[tag]})
	}
	schemas := api.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		m.Shapes = append(m.Shapes, shape{Name: name, Facts: facts(schemas[name])})
	}
	return m
}

func describe(o *huma.Operation) operation {
	d := operation{ID: o.OperationID, Method: o.Method, Path: o.Path, Summary: o.Summary, Text: o.Description}
	for _, p := range o.Parameters {
		d.Parameters = append(d.Parameters, fact{Name: p.Name, Where: p.In, Text: p.Description, Type: words(p.Schema), Required: p.Required})
	}
	if o.RequestBody != nil {
		d.Body = first(o.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if strings.HasPrefix(status, "2") {
			d.Answer = first(o.Responses[status].Content)
		} else {
			d.Errors = append(d.Errors, status)
		}
	}
	return d
}

func first(content map[string]*huma.MediaType) typed {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		return words(content[name].Schema)
	}
	return typed{}
}

func facts(s *huma.Schema) []fact {
	var all []fact
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, fact{Name: name, Text: p.Description, Type: words(p), Required: slices.Contains(s.Required, name)})
	}
	return all
}

// words says what a schema admits.
func words(s *huma.Schema) typed {
	switch {
	case s == nil:
		return typed{}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return typed{Words: name, Shape: name}
	case s.Type == huma.TypeArray && s.Items != nil:
		item := words(s.Items)
		return typed{Words: item.Words + "[]", Shape: item.Shape}
	case s.Format != "":
		return typed{Words: s.Type + " (" + s.Format + ")"}
	}
	return typed{Words: s.Type}
}
