package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// tracePages are the services, the equipment, the people with their trainings and the uses of a platform.
func (s *Site) tracePages() {
	s.formPages()
	s.inboxPages()
	s.requestActPages()
	s.servicePages()
	s.tariffPages()
	s.equipmentPages()
	s.trainingPages()
	s.usePages()
	s.checkPages()
	s.evidencePages()
	s.impactPages()
}

// both declares a form: the page that shows it and the act that takes it.
func (s *Site) both(path string, needs qms.Right, show, take handler) {
	s.page(path, needs, show)
	s.act(path, needs, take)
}

// number is the number or code in the path; people write some with a slash or a space in them.
func (p *Page) number(name string) string {
	raw := p.Param(name)
	if plain, err := url.PathUnescape(raw); err == nil {
		return readable(plain)
	}
	return raw
}

// asOfNote is the day of the past that the page shows; none when it shows today.
func (p *Page) asOfNote(asOf qms.Date) qms.Date {
	if asOf == p.Today {
		return 0
	}
	return asOf
}

// peopleOptions are the members to choose from, after a line for none when it has words.
func (p *Page) peopleOptions(none string, members []trace.Person, on qms.Date) []Option {
	var options []Option
	if none != "" {
		options = append(options, Option{"", p.T(none)})
	}
	for _, m := range members {
		if (qms.Period{From: m.From, Until: m.Until}).Contains(on) {
			options = append(options, Option{string(m.ID), labelOf(m.Code, m.Name)})
		}
	}
	return options
}

func (p *Page) equipmentOptions(none string, pieces []trace.Equipment) []Option {
	var options []Option
	if none != "" {
		options = append(options, Option{"", p.T(none)})
	}
	for _, e := range pieces {
		options = append(options, Option{string(e.ID), labelOf(e.Code, e.Name)})
	}
	return options
}

func labelOf(code, name string) string {
	if code == "" {
		return name
	}
	return code + ", " + name
}

// with keeps the option that a record already has, though it is no longer offered.
func with(options []Option, value, label string) []Option {
	if value == "" || slices.ContainsFunc(options, func(o Option) bool { return o.Value == value }) {
		return options
	}
	return append(options, Option{value, label})
}

// instructionOptions are the versions of work instructions in force within the last year, as
// "CODE VERSION".
func (p *Page) instructionOptions(c trace.Choices) []Option {
	options := []Option{{"", p.T("page.services.choose")}}
	for code, versions := range c.Instructions {
		for version, period := range versions {
			if period.From != 0 && period.From <= p.Today && (period.Until == 0 || period.Until > p.Today-365) {
				options = append(options, Option{code + " " + version, p.T("page.services.instruction_option", code, version, period.From)})
			}
		}
	}
	slices.SortFunc(options[1:], func(a, b Option) int { return strings.Compare(a.Value, b.Value) })
	return options
}

// cutInstruction is what instructionOptions joined.
func cutInstruction(value string) (code, version string) {
	at := strings.LastIndexByte(value, ' ')
	if at < 0 {
		return value, ""
	}
	return value[:at], value[at+1:]
}

// target is the record that a form changes: its revision travels in the form.
func (p *Page) target(f *Form, id qms.ID) trace.Target {
	return trace.Target{Platform: p.Platform.ID, ID: id, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
}

// Hours is a duration kept in minutes, in the reader's words.
func (p *Page) Hours(minutes int64) string {
	if minutes == 0 {
		return ""
	}
	return p.Duration(time.Duration(minutes) * time.Minute)
}
