package typeface

import (
	"strings"
	"unicode/utf8"
)

// Measure is the width of the text in millimetres.
func (p *Pen) Measure(text string, f Face) float64 { return p.Span(Plain(text), f) }

// Span is Measure of a text that is plain already.
func (p *Pen) Span(text string, f Face) float64 {
	widths := p.widths[f.Font]
	if widths == nil {
		widths = map[rune]float64{}
		p.widths[f.Font] = widths
	}
	total := 0.0
	for _, r := range text {
		w, known := widths[r]
		if !known {
			p.PDF.SetFont(f.Font, "", 100)
			w = p.PDF.GetStringWidth(string(r)) / 100
			widths[r] = w
		}
		total += w
	}
	return total * f.Size
}

// Wrap breaks text into lines of at most that width: at spaces (never at the no-break ones of
// French), after a hyphen, slash or underscore within a code, and anywhere in a word that is wider
// than the line.
func (p *Pen) Wrap(text string, width float64, f Face) []string {
	text = Plain(text)
	if p.Span(text, f) <= width {
		return []string{strings.Trim(text, " ")}
	}
	var lines []string
	current, used, space := "", 0.0, p.Span(" ", f)
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
		w := p.Span(word, f)
		if current != "" && used+space+w <= width {
			current, used = current+" "+word, used+space+w
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		for w > width {
			cut := p.cut(word, width, f)
			lines = append(lines, word[:cut])
			word = word[cut:]
			w = p.Span(word, f)
		}
		current, used = word, w
	}
	if current != "" || len(lines) == 0 {
		lines = append(lines, current)
	}
	return lines
}

// cut is how many bytes of the word fit, at least one character, preferably up to a joint.
func (p *Pen) cut(word string, width float64, f Face) int {
	fits, joint, used := 0, 0, 0.0
	for i, r := range word {
		used += p.Span(string(r), f)
		if fits > 0 && used > width {
			break
		}
		fits = i + utf8.RuneLen(r)
		if strings.ContainsRune("-/_@.", r) {
			joint = fits
		}
	}
	if joint > 0 && joint < len(word) {
		return joint
	}
	return fits
}

// Short is text on one line, its end replaced by an ellipsis when it is too wide.
func (p *Pen) Short(text string, width float64, f Face) string {
	if p.Measure(text, f) <= width {
		return text
	}
	text = Plain(text)
	left := width - p.Span("…", f)
	for i, r := range text {
		if left -= p.Span(string(r), f); left < 0 {
			text = text[:i]
			break
		}
	}
	return strings.TrimRight(text, " ") + "…"
}
