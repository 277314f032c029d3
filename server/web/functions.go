package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
)

// functions are what templates call, in one language.
func functions(p *locale.Printer, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":         func(key string, args ...any) string { return p.T(key, args...) },
		"asset":     a.path,
		"lang":      p.Lang,
		"otherlang": func() string { return otherLanguage(p.Lang()) },
		"date":      func(d qms.Date) template.HTML { return timeTag(d.String(), p.Date(d)) },
		"longdate":  func(d qms.Date) template.HTML { return timeTag(d.String(), p.LongDate(d)) },
		"month":     p.Month,
		"weekday":   p.Weekday,
		"datetext":  p.Date,
		"datesay":   p.LongDate,
		"datein":    p.InputDate,
		"instant":   func(t time.Time) template.HTML { return timeTag(stamp(t), p.Instant(t)) },
		"fullinstant": func(t time.Time) template.HTML {
			return timeTag(stamp(t), p.FullInstant(t))
		},
		"signedat": func(t time.Time, zone string) template.HTML { return signedTag(p, t, zone) },
		"money":    p.Money,
		"number":   func(n any) string { return number(p, n) },
		"size":     p.Size,
		"percent":  p.Percent,
		"duration": p.Duration,
		"decimal":  p.Decimal,
		"state":    func(s any) template.HTML { return stateWord(p, text(s), "state") },
		"tag":      func(s any) template.HTML { return stateWord(p, text(s), "state tag") },
		"stateword": func(s any, word string) template.HTML {
			return stateTag(text(s), word, "state")
		},
		"text":      text,
		"breakable": breakable,
		"join":      strings.Join,
		"has":       p.Has,
		"list":      func(items ...any) []any { return items },
		"dict":      dict,
		"add":       func(a, b int) int { return a + b },
		"head": func(v view, column, key string, class ...string) template.HTML {
			return head(p, v.Page, column, key, class)
		},
		"plain":  func(key string, class ...string) template.HTML { return plainHead(p.T(key), class) },
		"pager":  func(v view, next string) pagerView { return pagerView{Page: v.Page, NextCursor: next} },
		"field":  func(*Form, string, string, string, ...any) (template.HTML, error) { return "", nil }, // see fieldIn
		"option": func(value, label any) Option { return Option{Value: text(value), Label: text(label)} },
	}
}

func otherLanguage(lang string) string {
	if lang == locale.French {
		return locale.English
	}
	return locale.French
}

// text is a value as addresses and attributes write it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

func number(p *locale.Printer, n any) string {
	switch n := n.(type) {
	case int:
		return p.Number(int64(n))
	case int64:
		return p.Number(n)
	}
	return text(n)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// timeTag is <time>; nothing when there is no date.
func timeTag(machine, human string) template.HTML {
	if human == "" {
		return ""
	}
	return template.HTML(`<time datetime="` + template.HTMLEscapeString(machine) + `">` + template.HTMLEscapeString(human) + `</time>`)
}

// stateWord is a state by its word in the locale, with its shape and colour.
func stateWord(p *locale.Printer, state, class string) template.HTML {
	if state == "" {
		return ""
	}
	return stateTag(state, p.T("state."+state), class)
}

func stateTag(state, word, class string) template.HTML {
	return template.HTML(`<span class="` + class + `" data-state="` + template.HTMLEscapeString(state) + `">` +
		template.HTMLEscapeString(word) + `</span>`)
}

// dict makes the argument of a template out of names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants names and values, got %d things", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[text(pairs[i])] = pairs[i+1]
	}
	return m, nil
}

// head is the head of a column by which the list can be sorted: "code" is up, "-code" down.
func head(p *locale.Printer, page *Page, column, key string, class []string) template.HTML {
	sort, order := page.Sort(), ""
	next := column
	switch sort {
	case column:
		order, next = ` aria-sort="ascending"`, "-"+column
	case "-" + column:
		order = ` aria-sort="descending"`
	}
	return template.HTML(`<th scope="col"` + classOf(class) + order + `><a href="` +
		template.HTMLEscapeString(page.With("sort", next)) + `">` + template.HTMLEscapeString(p.T(key)) + `</a></th>`)
}

func plainHead(label string, class []string) template.HTML {
	return template.HTML(`<th scope="col"` + classOf(class) + `>` + template.HTMLEscapeString(label) + `</th>`)
}

func classOf(class []string) string {
	if len(class) == 0 {
		return ""
	}
	return ` class="` + template.HTMLEscapeString(strings.Join(class, " ")) + `"`
}

// Sort is how the list is sorted: what the query says, else what the handler set with SortBy.
func (p *Page) Sort() string {
	if s := p.Query("sort"); s != "" {
		return s
	}
	return p.sortBy
}

// SortBy says how the list is sorted when the query does not.
func (p *Page) SortBy(column string) { p.sortBy = column }

// pagerView leads on to the next rows of a list, and back to the first.
type pagerView struct {
	*Page
	NextCursor string
}

// Further reports whether the page is not the first.
func (v pagerView) Further() bool { return v.Query("after") != "" }

// Chip is a filter in force and the address without it.
type Chip struct{ Label, Href string }

// Chips are the filters in force: label gives the words for a name and value of the query, or nothing
// for what is no filter.
func (p *Page) Chips(label func(name, value string) string, names ...string) []Chip {
	var chips []Chip
	for _, name := range names {
		if value := p.Query(name); value != "" {
			if words := label(name, value); words != "" {
				chips = append(chips, Chip{words, p.With(name, "")})
			}
		}
	}
	return chips
}

// Query escapes a value for an address that a handler writes itself.
func Query(name, value string) string { return name + "=" + url.QueryEscape(value) }

// fieldIn renders the field of a form by the shared template "field".
func fieldIn(set *template.Template) any {
	return func(f *Form, kind, name, label string, more ...any) (template.HTML, error) {
		field, err := f.field(kind, name, label, more)
		if err != nil {
			return "", err
		}
		var b bytes.Buffer
		if err := set.ExecuteTemplate(&b, "field", field); err != nil {
			return "", err
		}
		return template.HTML(b.String()), nil
	}
}
