package text

import (
	"strings"

	"github.com/ledongthuc/pdf"
)

// font turns the codes of shown strings into characters and widths.
type font struct {
	unicode  *unicodeMap      // nil where the file has none
	encoding pdf.TextEncoding // of the codes that unicode does not know; nil where they are mere glyphs
	wide     bool             // codes are of two bytes
	widths   map[int]float64  // thousandths of the size, by code
	usual    float64          // of codes without a width
}

// fontOf reads a font once, however many pages show it.
func (t *pageTree) fontOf(resources pdf.Value, name string) *font {
	v := resources.Key("Font").Key(name)
	key := strings.Join([]string{v.Key("BaseFont").Name(), name, v.String()}, " ")
	if known, ok := t.fonts[key]; ok {
		return known
	}
	if len(t.fonts) >= maxDepth {
		panic(errStop)
	}
	made := newFont(v)
	t.fonts[key] = made
	return made
}

func newFont(v pdf.Value) *font {
	reader := pdf.Font{V: v}
	f := &font{unicode: newUnicodeMap(v), widths: map[int]float64{}, usual: 500}
	switch v.Key("Encoding").Name() {
	case "Identity-H", "Identity-V": // the numbers of glyphs, which are no characters
	default:
		f.encoding = reader.Encoder()
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.wide = true
		f.readWide(v.Key("DescendantFonts").Index(0))
		return f
	}
	first := reader.FirstChar()
	for i, width := range numbers(v.Key("Widths")) {
		f.widths[first+i] = width
	}
	if scale := v.Key("FontMatrix"); scale.Len() == 6 { // of a Type 3 font, whose glyph space is its own
		for code := range f.widths {
			f.widths[code] *= scale.Index(0).Float64() * 1000
		}
	}
	return f
}

// readWide reads "code [w w w]" and "first last w" (ISO 32000-1, 9.7.4.3).
func (f *font) readWide(descendant pdf.Value) {
	f.usual = 1000
	if usual := descendant.Key("DW"); !usual.IsNull() {
		f.usual = usual.Float64()
	}
	w := descendant.Key("W")
	for i := 0; i+1 < w.Len(); {
		first := int(w.Index(i).Int64())
		if list := w.Index(i + 1); list.Kind() == pdf.Array {
			for j, width := range numbers(list) {
				f.widths[first+j] = width
			}
			i += 2
			continue
		}
		last, width := int(w.Index(i+1).Int64()), w.Index(i+2).Float64()
		for code := first; code <= min(last, 0xffff); code++ {
			f.widths[code] = width
		}
		i += 3
	}
}

// decode gives the characters, the width in units of the size, the number of codes, and of those
// that are spaces of one byte, which alone word spacing widens.
func (f *font) decode(raw string) (s string, width float64, codes, spaces int) {
	step := 1
	if f.wide {
		step = 2
	}
	var words strings.Builder
	for i := 0; i+step <= len(raw); i += step {
		code := int(raw[i])
		if f.wide {
			code = code<<8 | int(raw[i+1])
		} else if code == ' ' {
			spaces++
		}
		if w, known := f.widths[code]; known {
			width += w
		} else {
			width += f.usual
		}
		codes++
		if known, ok := f.unicode.lookup(code); ok {
			words.WriteString(known)
		} else if f.encoding != nil {
			words.WriteString(f.encoding.Decode(raw[i : i+step]))
		}
	}
	return ligatures.Replace(words.String()), width / 1000, codes, spaces
}

var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "\ufffd", "")
