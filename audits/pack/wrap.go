package pack

import "strings"

// measure is the width of the text in millimetres.
func (p *paper) measure(text string, f face) float64 {
	widths := p.widths[f.font]
	if widths == nil {
		widths = map[rune]float64{}
		p.widths[f.font] = widths
	}
	total := 0.0
	for _, r := range plain(text) {
		w, known := widths[r]
		if !known {
			p.pdf.SetFont(f.font, "", 100)
			w = p.pdf.GetStringWidth(string(r)) / 100
			widths[r] = w
		}
		total += w
	}
	return total * f.size
}

// wrap breaks text into lines of at most that width: at spaces (never at the no-break ones of
// French), after a hyphen, slash or underscore within a code, and anywhere in a word that is wider
// than the line.
func (p *paper) wrap(text string, width float64, f face) []string {
	var lines []string
	current := ""
	for _, word := range strings.FieldsFunc(plain(text), func(r rune) bool { return r == ' ' }) {
		joined := word
		if current != "" {
			joined = current + " " + word
		}
		if p.measure(joined, f) <= width {
			current = joined
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		for p.measure(word, f) > width {
			cut := p.cut(word, width, f)
			lines = append(lines, word[:cut])
			word = word[cut:]
		}
		current = word
	}
	if current != "" || len(lines) == 0 {
		lines = append(lines, current)
	}
	return lines
}

// cut is how many bytes of the word fit, at least one character, preferably up to a joint.
func (p *paper) cut(word string, width float64, f face) int {
	fits, joint := 0, 0
	for i, r := range word {
		next := i + len(string(r))
		if fits > 0 && p.measure(word[:next], f) > width {
			break
		}
		fits = next
		if strings.ContainsRune("-/_@.", r) {
			joint = next
		}
	}
	if joint > 0 && joint < len(word) {
		return joint
	}
	return fits
}

// short is text on one line, its end replaced by an ellipsis when it is too wide.
func (p *paper) short(text string, width float64, f face) string {
	if p.measure(text, f) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && p.measure(string(runes)+"…", f) > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}
