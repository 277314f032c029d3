package text

import (
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// unicodeMap says which characters the codes of a font stand for (ISO 32000-1, 9.10.3). The library
// has one too, that knows only ranges of 256 codes; some writers make one range of all 65,536.
type unicodeMap struct {
	chars  map[int]string
	ranges []codeRange
}

type codeRange struct {
	first, last int
	from        []uint16
}

// maxCodes bounds a map: two bytes make no more codes.
const maxCodes = 1 << 16

func newUnicodeMap(font pdf.Value) *unicodeMap {
	stream := font.Key("ToUnicode")
	if stream.Kind() != pdf.Stream {
		return nil
	}
	if err := measure(stream, maxMap); err != nil {
		panic(err)
	}
	m := &unicodeMap{chars: map[int]string{}}
	m.read(stream, font)
	return m
}

// read takes what it can: a map that breaks off still tells most of the characters. The program of
// a map asks for dictionaries, of which only the library can make one: any one serves.
func (m *unicodeMap) read(stream, dictionary pdf.Value) {
	defer func() {
		if broken := recover(); broken == errStop || broken == errBomb {
			panic(broken)
		}
	}()
	pdf.Interpret(stream, func(stack *pdf.Stack, op string) {
		operands := take(stack)
		switch op {
		case "findresource", "defineresource":
			stack.Push(dictionary)
		case "endbfchar":
			for ; len(operands) >= 2; operands = operands[2:] {
				m.add(code(operands[0]), units(operands[1]))
			}
		case "endbfrange":
			for ; len(operands) >= 3; operands = operands[3:] {
				m.addRange(code(operands[0]), code(operands[1]), operands[2])
			}
		}
	})
}

func (m *unicodeMap) add(code int, to []uint16) {
	if len(m.chars) < maxCodes {
		m.chars[code] = string(utf16.Decode(to))
	}
}

func (m *unicodeMap) addRange(first, last int, to pdf.Value) {
	if to.Kind() == pdf.Array {
		for i := range min(to.Len(), max(last-first+1, 0)) {
			m.add(first+i, units(to.Index(i)))
		}
		return
	}
	if from := units(to); len(from) > 0 && len(m.ranges) < maxCodes {
		m.ranges = append(m.ranges, codeRange{first, last, from})
	}
}

// lookup is what a code stands for; what was found in a range is remembered.
func (m *unicodeMap) lookup(code int) (string, bool) {
	if m == nil {
		return "", false
	}
	if s, known := m.chars[code]; known {
		return s, true
	}
	for _, r := range m.ranges {
		if r.first <= code && code <= r.last {
			to := append([]uint16(nil), r.from...)
			to[len(to)-1] += uint16(code - r.first)
			m.add(code, to)
			return string(utf16.Decode(to)), true
		}
	}
	return "", false
}

func code(v pdf.Value) int {
	raw := v.RawString()
	n := 0
	for i := range min(len(raw), 2) {
		n = n<<8 | int(raw[i])
	}
	return n
}

// units are the UTF-16 units of a string; a single byte counts as one.
func units(v pdf.Value) []uint16 {
	raw := v.RawString()
	if len(raw) == 1 {
		return []uint16{uint16(raw[0])}
	}
	raw = raw[:min(len(raw), maxTitle)]
	out := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		out = append(out, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return out
}
