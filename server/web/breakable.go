package web

import (
	"html/template"
	"strings"
)

// A word longer than longWord is broken after every wordPart characters: no word of French is that long, and what is
// typed on the public form must not push the columns of a list out of the window.
const (
	longWord = 30
	wordPart = 12
)

// breakable is a text whose very long words may be broken over lines. What is copied from the page stays as typed.
func breakable(s string) template.HTML {
	var b strings.Builder
	for _, word := range strings.SplitAfter(s, " ") {
		letters := []rune(word)
		for len(letters) > longWord {
			b.WriteString(template.HTMLEscapeString(string(letters[:wordPart])) + "<wbr>")
			letters = letters[wordPart:]
		}
		b.WriteString(template.HTMLEscapeString(string(letters)))
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}
