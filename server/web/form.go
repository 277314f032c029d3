package web

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/server/problem"
)

// Form is what somebody typed and what is wrong with it. Its getters read values and note what cannot
// be read; Err is all that they noted.
type Form struct {
	printer *locale.Printer
	values  url.Values
	read    []qms.Field // what the getters could not read
	failure *qms.Error
	drawn   []drawn // the fields of the page, noted while it is drawn
	again   string  // see afresh
	CSRF    string
}

// Form reads the body of a POST; on a GET it is empty, and Set gives it what to show.
func (p *Page) Form() *Form {
	f := &Form{printer: p.Printer, values: url.Values{}, CSRF: p.CSRF()}
	if p.c.Method() == fiber.MethodPost {
		for key, value := range p.c.Request().PostArgs().All() {
			f.values.Add(string(key), readable(string(value)))
		}
	}
	return f
}

// Set gives the field a value to show; lists take several.
func (f *Form) Set(name string, values ...any) *Form {
	for _, v := range values {
		switch v := v.(type) {
		case qms.Date:
			f.values.Add(name, f.printer.InputDate(v))
		case qms.Money:
			f.values.Add(name, f.amount(v))
		case bool:
			if v {
				f.values.Set(name, "on")
			}
		default:
			f.values.Add(name, text(v))
		}
	}
	return f
}

func (f *Form) amount(m qms.Money) string {
	if f.printer.Lang() == locale.French {
		return strings.Replace(m.String(), ".", ",", 1)
	}
	return m.String()
}

// Text is the value without spaces around.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// Raw is the value as it was typed: a password.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// Texts are the values of a field that takes several.
func (f *Form) Texts(name string) []string { return f.values[name] }

// Checked reports whether the box is ticked.
func (f *Form) Checked(name string) bool { return f.values.Get(name) != "" }

// ID is the identifier chosen; none when the field is empty.
func (f *Form) ID(name string) qms.ID {
	s := f.Text(name)
	if s == "" {
		return ""
	}
	id, err := qms.ParseID(s)
	if err != nil {
		f.note(name, err)
	}
	return id
}

// Date is the date typed as 15/07/2026, 15.07.2026 or 2026-07-15; none when the field is empty.
func (f *Form) Date(name string) qms.Date {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	d, err := ParseDate(s)
	if err != nil {
		f.note(name, err)
	}
	return d
}

// Money is the amount typed as 1250,50 or 1 250.50 €; zero when the field is empty.
func (f *Form) Money(name string) qms.Money {
	s := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "").Replace(f.Text(name))
	if s == "" {
		return 0
	}
	m, err := qms.ParseMoney(s)
	if err != nil {
		f.note(name, qms.Invalid("money.malformed", f.Text(name)))
	}
	return m
}

// Int is the whole number typed; zero when the field is empty.
func (f *Form) Int(name string) int {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > 1_000_000_000 || n < -1_000_000_000 {
		f.note(name, qms.Invalid("input.not_a_number", s))
		return 0
	}
	return n
}

// Need notes the field when it is empty.
func (f *Form) Need(names ...string) *Form {
	for _, name := range names {
		if f.Text(name) == "" {
			f.read = append(f.read, qms.Wrong(name, "input.required"))
		}
	}
	return f
}

func (f *Form) note(name string, err error) {
	var e *qms.Error
	if errors.As(err, &e) {
		f.read = append(f.read, qms.Wrong(name, e.Key, e.Args...))
	}
}

// Err is what the getters could not read, nil when they could.
func (f *Form) Err() error { return qms.InvalidFields(f.read...) }

// ParseDate reads a date as people type it.
func ParseDate(s string) (qms.Date, error) {
	s = strings.TrimSpace(s)
	if d, err := qms.ParseDate(s); err == nil {
		return d, nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == ' ' })
	if len(parts) != 3 || len(parts[2]) != 4 {
		return 0, qms.Invalid("date.malformed", s)
	}
	var n [3]int
	for i, part := range parts {
		var err error
		if n[i], err = strconv.Atoi(part); err != nil || len(part) > 4 {
			return 0, qms.Invalid("date.malformed", s)
		}
	}
	d := qms.NewDate(n[2], time.Month(n[1]), n[0])
	if d == 0 {
		return 0, qms.Invalid("date.impossible", s)
	}
	return d, nil
}

// Again shows a form once more with what was typed and what is wrong with it. An error that the person
// at the form can do nothing about is returned, for the error page.
func (p *Page) Again(name string, f *Form, err error, data any) error {
	var e *qms.Error
	if !errors.As(err, &e) || e.Code == qms.CodeNotFound || e.Code == qms.CodeUnauthenticated && p.Actor.ID != "" {
		return err
	}
	f.failure, f.again = e, p.afresh(e)
	p.status = problem.Status(err, false)
	if err := p.nameFields(name, f, data); err != nil {
		return err
	}
	return p.Render(name, data)
}

// Failed reports whether the form comes back with something wrong.
func (f *Form) Failed() bool { return f.failure != nil }

// Problem is the sentence above the form.
func (f *Form) Problem() string { return f.printer.Error(f.failure) }
