// Package locale turns what Maillon knows into what a person reads, in French or in English: the
// sentence of a key, of an error and of a field at fault, dates, instants, amounts, numbers, sizes
// and durations, with the typography of the language.
//
// It promises that both languages have the same keys with the same placeholders, and that every key
// the code and the pages name exists: its tests read the sources. An unknown key prints itself, so
// that nothing is hidden from who looks at the page.
//
// It refuses to know where a sentence is shown: HTML is the business of server/web. A message is a
// text with {0}, {1}..., or one text for one and another for several, chosen by the first whole
// number among the arguments. {0:role} names the argument through the key role.ARGUMENT.
package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Europe/Paris is known on machines without a zone database

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"maillon/qms"
)

//go:embed *.json
var files embed.FS

// The languages, the first being the one of who states no other.
const (
	French  = "fr"
	English = "en"
)

// Languages lists the languages there are, in order of preference.
func Languages() []string { return []string{French, English} }

// Printer says things in one language. It is safe for concurrent use.
type Printer struct {
	lang     string
	tag      language.Tag
	zone     *time.Location
	messages map[string]message
}

// message is one text, or one for one and another for several.
type message struct {
	One   string `json:"one"`
	Other string `json:"other"`
}

// UnmarshalJSON reads either form.
func (m *message) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &m.Other)
	}
	type plain message
	if err := json.Unmarshal(data, (*plain)(m)); err != nil {
		return err
	}
	if m.One == "" || m.Other == "" {
		return errors.New("a plural needs both one and other")
	}
	return nil
}

var printers = sync.OnceValue(func() map[string]*Printer {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the zone database is linked in: a programmer's fault
	}
	all := map[string]*Printer{}
	for _, lang := range Languages() {
		messages, err := load(lang)
		if err != nil {
			panic(err)
		}
		all[lang] = &Printer{lang: lang, tag: language.Make(lang), zone: paris, messages: messages}
	}
	return all
})

// For is the printer of the language, French when it is not one of Languages.
func For(lang string) *Printer {
	if p, ok := printers()[lang]; ok {
		return p
	}
	return printers()[French]
}

var matcher = language.NewMatcher([]language.Tag{language.French, language.English})

// Match is the language that suits an Accept-Language header best.
func Match(acceptLanguage string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return French
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return English // who reads neither is likelier to read English
	}
	return Languages()[index]
}

// load merges every file of the language; a key in two files is a fault.
func load(lang string) (map[string]message, error) {
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	all, from := map[string]message{}, map[string]string{}
	for _, f := range names {
		if base, _, _ := strings.Cut(f.Name(), "."); base != lang || path.Ext(f.Name()) != ".json" {
			continue
		}
		data, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		var part map[string]message
		if err := json.Unmarshal(data, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for key, m := range part {
			if other, twice := from[key]; twice {
				return nil, fmt.Errorf("key %q is in %s and in %s", key, other, f.Name())
			}
			all[key], from[key] = m, f.Name()
		}
	}
	return all, nil
}

// Lang is the code of the language, as HTML's lang attribute wants it.
func (p *Printer) Lang() string { return p.lang }

// Has reports whether the key has a sentence.
func (p *Printer) Has(key string) bool { _, ok := p.messages[key]; return ok }

// Keys lists the keys in order.
func (p *Printer) Keys() []string {
	keys := make([]string, 0, len(p.messages))
	for key := range p.messages {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// T is the sentence of the key with its placeholders filled; the key itself when there is none.
func (p *Printer) T(key string, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return key
	}
	return p.fill(m.choose(p.tag, args), args)
}

// choose takes the form that the first whole number asks for (CLDR plural rules).
func (m message) choose(tag language.Tag, args []any) string {
	if m.One == "" {
		return m.Other
	}
	for _, arg := range args {
		n, ok := whole(arg)
		if !ok {
			continue
		}
		if n < 0 {
			n = -n
		}
		if plural.Cardinal.MatchPlural(tag, int(n%10_000_000), 0, 0, 0, 0) == plural.One {
			return m.One
		}
		return m.Other
	}
	return m.Other
}

// fill replaces {n} by the argument n and {n:prefix} by the sentence of prefix.ARGUMENT.
func (p *Printer) fill(text string, args []any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		hole, after, closed := strings.Cut(rest, "}")
		index, prefix, named := strings.Cut(hole, ":")
		n := -1
		if len(index) == 1 && index[0] >= '0' && index[0] <= '9' {
			n = int(index[0] - '0')
		}
		switch {
		case !closed || n < 0 || n >= len(args):
			b.WriteString("{")
			text = rest
			continue
		case named:
			b.WriteString(p.T(prefix + "." + fmt.Sprint(args[n])))
		default:
			b.WriteString(p.show(args[n]))
		}
		text = after
	}
}

// show writes one argument as the language writes such things.
func (p *Printer) show(arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case qms.Date:
		return p.Date(v)
	case qms.Money:
		return p.Money(v)
	case time.Time:
		return p.Instant(v)
	case time.Duration:
		return p.Duration(v)
	case qms.Role:
		return p.T("role." + string(v))
	case qms.Right:
		return p.T("right." + string(v))
	}
	if n, ok := whole(arg); ok {
		return p.Number(n)
	}
	return fmt.Sprint(arg)
}

// Error is the sentence of an error a person may read. Any other error gets a sentence that says
// nothing of its text.
func (p *Printer) Error(err error) string {
	var e *qms.Error
	if !errors.As(err, &e) {
		return p.T("error.internal")
	}
	return p.T(e.Key, e.Args...)
}

// FieldError is what is wrong with one field.
func (p *Printer) FieldError(f qms.Field) string { return p.T(f.Key, f.Args...) }
