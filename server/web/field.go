package web

import (
	"fmt"
	"strings"
)

// Option is one answer of a choice.
type Option struct{ Value, Label string }

// Field is one field of a form as the template "field" draws it.
type Field struct {
	Kind, Name, ID        string
	Label, Hint, Sentence string
	Value                 string
	Class                 string
	Optional, Checked     bool
	Multiple, ReadOnly    bool
	Autofocus             bool
	Rows                  int
	Accept, Complete      string
	Options               []Option
	chosen                map[string]bool
}

// Chosen reports whether the option is.
func (f Field) Chosen(value string) bool { return f.chosen[value] }

// DescribedBy names the hint and the error of the field, for readers of the screen.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-h")
	}
	if f.Sentence != "" {
		ids = append(ids, f.ID+"-e")
	}
	return strings.Join(ids, " ")
}

// Group reports whether the field is several inputs under one legend.
func (f Field) Group() bool { return f.Kind == "radio" || f.Kind == "boxes" }

var kinds = map[string]bool{"text": true, "date": true, "number": true, "money": true, "email": true, "password": true,
	"area": true, "select": true, "radio": true, "boxes": true, "check": true, "file": true, "hidden": true, "search": true}

// field puts a field together from what a template says: the kind, the name, the key of its label,
// then in any order "hint:KEY", "optional", "readonly", "multiple", "focus", "stacked", "class:w-half",
// "accept:.pdf", "complete:email", "rows:8", and the options of a choice.
func (f *Form) field(kind, name, label string, more []any) (Field, error) {
	if !kinds[kind] {
		return Field{}, fmt.Errorf("no field is of kind %q", kind)
	}
	field := Field{Kind: kind, Name: name, ID: "f-" + name, Value: f.values.Get(name), Checked: f.values.Get(name) != "",
		chosen: map[string]bool{}}
	if label != "" {
		field.Label = f.printer.T(label)
		f.drawn = append(f.drawn, drawn{name, field.Label})
	}
	for _, v := range f.values[name] {
		field.chosen[v] = true
	}
	if kind == "password" || kind == "file" {
		field.Value = "" // neither is handed back
	}
	if f.failure != nil {
		for _, wrong := range f.failure.Fields {
			if wrong.Name == name {
				field.Sentence = f.printer.FieldError(wrong)
			}
		}
	}
	for _, m := range more {
		if err := field.option(f, m); err != nil {
			return field, err
		}
	}
	return field, nil
}

func (f *Field) option(form *Form, m any) error {
	switch m := m.(type) {
	case []Option:
		f.Options = append(f.Options, m...)
		return nil
	case Option:
		f.Options = append(f.Options, m)
		return nil
	case string:
		return f.word(form, m)
	}
	return fmt.Errorf("field %s: what is %T?", f.Name, m)
}

func (f *Field) word(form *Form, m string) error {
	name, value, _ := strings.Cut(m, ":")
	switch name {
	case "hint":
		f.Hint = form.printer.T(value)
	case "say":
		f.Hint = value // a sentence already in the reader's language
	case "optional":
		f.Optional = true
	case "readonly":
		f.ReadOnly = true
	case "multiple":
		f.Multiple = true
	case "focus":
		f.Autofocus = true
	case "class":
		f.Class = value
	case "accept":
		f.Accept = value
	case "complete":
		f.Complete = value
	case "rows":
		if _, err := fmt.Sscanf(value, "%d", &f.Rows); err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
	default:
		return fmt.Errorf("field %s: what is %q?", f.Name, m)
	}
	return nil
}
