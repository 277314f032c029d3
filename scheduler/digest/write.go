package digest

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed page.html
var source string

var layout = template.Must(template.New("page").Parse(source))

// page is the mail as a page of its own.
func page(v View) (string, error) {
	var b strings.Builder
	err := layout.Execute(&b, v)
	return b.String(), err
}

// text is the mail as plain text.
func text(v View) string {
	var b strings.Builder
	write := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	write(v.Heading, "", v.Greeting, "", v.Intro)
	for _, g := range v.Groups {
		write("", g.Title, "")
		for _, l := range g.Lines {
			write("* "+l.Title, "  "+l.detail(), "  "+l.When+" ("+l.Late+")", "  "+l.Href)
		}
	}
	if v.More != "" {
		write("", v.More)
	}
	write("", v.Button, v.Href, "", "-- ", v.Why, v.Choose, v.Preferences)
	return b.String()
}

// detail is the kind and the place, which may be none.
func (l Line) detail() string {
	if l.Place == "" {
		return l.Kind
	}
	return l.Kind + ", " + l.Place
}
