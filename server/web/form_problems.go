package web

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"maillon/qms"
)

// FieldProblem is a sentence and the field it is about.
type FieldProblem struct{ Anchor, Sentence string }

// drawn is a field as the page showed it.
type drawn struct{ name, label string }

// nameFields draws the page once into nothing, since its summary of errors stands above the fields that
// say how they are called and in which order they come.
func (p *Page) nameFields(name string, f *Form, data any) error {
	set := p.site.views.byLang[p.Lang()][name]
	if set == nil {
		return fmt.Errorf("no page is called %s", name)
	}
	if len(f.failure.Fields) == 0 {
		return nil
	}
	f.drawn = nil
	if err := set.ExecuteTemplate(io.Discard, "content", view{p, data}); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return nil
}

// Problems are the fields at fault, each by its label as the summary names it, in the order in which the
// page shows them; what the page does not draw by itself, such as a line of a table, comes last.
func (f *Form) Problems() []FieldProblem {
	if f.failure == nil {
		return nil
	}
	wrong := slices.Clone(f.failure.Fields)
	place := func(name string) int {
		if i := slices.IndexFunc(f.drawn, func(d drawn) bool { return d.name == name }); i >= 0 {
			return i
		}
		return len(f.drawn)
	}
	slices.SortStableFunc(wrong, func(a, b qms.Field) int { return place(a.Name) - place(b.Name) })
	all := make([]FieldProblem, 0, len(wrong))
	for _, field := range wrong {
		sentence := f.printer.FieldError(field)
		if i := place(field.Name); i < len(f.drawn) {
			sentence = f.named(f.drawn[i].label, sentence)
		}
		all = append(all, FieldProblem{Anchor: "f-" + field.Name, Sentence: sentence})
	}
	return all
}

// named puts the label before the sentence; a label that is a question needs no colon.
func (f *Form) named(label, sentence string) string {
	if strings.HasSuffix(label, "?") {
		return label + " " + sentence
	}
	return f.printer.T("page.form.named", label, sentence)
}
