package text

import (
	"math"

	"github.com/ledongthuc/pdf"
)

// matrix is a transformation of the plane (ISO 32000-1, 8.3.4): x' = ax+cy+e, y' = bx+dy+f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times is m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// piece is a shown string: where it begins and ends, and how large it is, in points.
type piece struct {
	x, end, y, size float64
	s               string
}

// page is the machine that runs the text operators of a page (ISO 32000-1, 9.4).
type page struct {
	*pageTree
	pieces []piece

	graphics
	saved      []graphics
	text, line matrix // of the next glyph, of the beginning of the line
}

// graphics is the part of the graphics state that q saves and Q brings back.
type graphics struct {
	ctm                           matrix
	font                          *font
	size, leading, rise           float64
	charSpace, wordSpace, stretch float64
}

// show runs a content stream, and the forms that it draws.
func (p *page) show(contents, resources pdf.Value, ctm matrix, depth int) error {
	if contents.IsNull() {
		return nil
	}
	if err := measure(contents, maxStream); err != nil {
		return err
	}
	outer, outerSaved := p.graphics, p.saved
	p.graphics, p.saved = graphics{ctm: ctm, stretch: 1}, nil
	defer func() { p.graphics, p.saved = outer, outerSaved }()
	pdf.Interpret(contents, func(stack *pdf.Stack, op string) {
		if p.ran++; p.goOn() != nil || len(p.pieces) > maxPieces || p.ran > maxOperators {
			panic(errStop)
		}
		operands := take(stack)
		if op == "Do" && len(operands) == 1 {
			p.form(resources.Key("XObject").Key(operands[0].Name()), resources, depth)
			return
		}
		p.run(op, operands, resources)
	})
	return nil
}

// take empties the stack; no operator takes more than six operands, and forgotten ones are dropped.
func take(stack *pdf.Stack) []pdf.Value {
	n := stack.Len()
	operands := make([]pdf.Value, n)
	for i := n - 1; i >= 0; i-- {
		operands[i] = stack.Pop()
	}
	return operands
}

func (p *page) form(form, resources pdf.Value, depth int) {
	if form.Key("Subtype").Name() != "Form" || depth >= maxFormDepth {
		return
	}
	if p.drawn++; p.drawn > maxForms {
		panic(errStop)
	}
	ctm := p.ctm
	if m := form.Key("Matrix"); m.Len() == 6 {
		ctm = matrixOf(numbers(m)).times(ctm)
	}
	if own := form.Key("Resources"); !own.IsNull() {
		resources = own
	}
	if err := p.show(form, resources, ctm, depth+1); err != nil {
		panic(err)
	}
}

// arity is how many numbers an operator takes, where it takes numbers alone.
var arity = map[string]int{
	"cm": 6, "Tm": 6, "Td": 2, "TD": 2, "TL": 1, "Tc": 1, "Tw": 1, "Tz": 1, "Ts": 1,
}

func (p *page) run(op string, operands []pdf.Value, resources pdf.Value) {
	if n, ok := arity[op]; ok {
		if len(operands) == n {
			p.runNumbers(op, floats(operands))
		}
		return
	}
	last := len(operands) - 1
	switch op {
	case "q":
		if len(p.saved) < maxDepth {
			p.saved = append(p.saved, p.graphics)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			p.graphics, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "BT":
		p.text, p.line = identity, identity
	case "T*":
		p.move(0, -p.leading)
	case "Tf":
		if last == 1 {
			p.font = p.fontOf(resources, operands[0].Name())
			p.size = operands[1].Float64()
		}
	case "'", `"`, "Tj", "TJ":
		if last >= 0 {
			p.runShow(op, operands, operands[last])
		}
	}
}

func (p *page) runShow(op string, operands []pdf.Value, shown pdf.Value) {
	if op == "TJ" {
		p.showArray(shown)
		return
	}
	if op != "Tj" {
		p.move(0, -p.leading)
	}
	if op == `"` && len(operands) == 3 {
		p.wordSpace, p.charSpace = operands[0].Float64(), operands[1].Float64()
	}
	p.showString(shown.RawString())
}

func (p *page) runNumbers(op string, n []float64) {
	switch op {
	case "cm":
		p.ctm = matrixOf(n).times(p.ctm)
	case "Tm":
		p.line = matrixOf(n)
		p.text = p.line
	case "TD":
		p.leading = -n[1]
		p.move(n[0], n[1])
	case "Td":
		p.move(n[0], n[1])
	case "TL":
		p.leading = n[0]
	case "Tc":
		p.charSpace = n[0]
	case "Tw":
		p.wordSpace = n[0]
	case "Tz":
		p.stretch = n[0] / 100
	case "Ts":
		p.rise = n[0]
	}
}

func (p *page) move(x, y float64) {
	p.line = matrix{1, 0, 0, 1, x, y}.times(p.line)
	p.text = p.line
}

// showArray shows the strings of an array, set apart by thousandths of the font's size.
func (p *page) showArray(array pdf.Value) {
	for i := range array.Len() {
		switch item := array.Index(i); item.Kind() {
		case pdf.String:
			p.showString(item.RawString())
		case pdf.Integer, pdf.Real:
			p.advance(-item.Float64() / 1000 * p.size * p.stretch)
		}
	}
}

func (p *page) advance(x float64) { p.text = matrix{1, 0, 0, 1, x, 0}.times(p.text) }

func (p *page) showString(raw string) {
	if p.font == nil || raw == "" {
		return
	}
	raw = raw[:min(len(raw), maxString)]
	s, width, glyphs, spaces := p.font.decode(raw)
	from := p.text.times(p.ctm)
	p.advance((width*p.size + float64(glyphs)*p.charSpace + float64(spaces)*p.wordSpace) * p.stretch)
	to := p.text.times(p.ctm)
	size := p.size * math.Hypot(from.c, from.d)
	p.pieces = append(p.pieces, piece{x: from.e, end: to.e, y: from.f + p.rise, size: math.Abs(size), s: s})
}

func numbers(array pdf.Value) []float64 {
	values := make([]pdf.Value, array.Len())
	for i := range values {
		values[i] = array.Index(i)
	}
	return floats(values)
}

func floats(values []pdf.Value) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v.Float64()
	}
	return out
}

func matrixOf(n []float64) matrix { return matrix{n[0], n[1], n[2], n[3], n[4], n[5]} }
