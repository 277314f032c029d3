package documents

import (
	"fmt"
	"strconv"
	"strings"

	"maillon/qms"
)

// DefaultPattern is how codes are made unless a platform says otherwise.
const DefaultPattern = "{kind}-{process}-{seq:3}"

// CodePattern is the pattern of a platform's codes; DefaultPattern holds where there is none.
type CodePattern struct {
	qms.Row
	Pattern string
	Prefix  string // what {platform} stands for: the platform's code
}

// Pattern makes and reads codes. Tokens {platform} {kind} {process} {year} {seq:N} stand between
// literals of capitals, digits, dashes, underscores, dots and spaces; {seq} is there exactly once,
// N its least number of digits, and two tokens are kept apart by a dash, an underscore, a dot or a
// space, so that a code can be read in one way only.
type Pattern struct {
	text   string
	chunks []chunk
}

// chunk is what stands between two separators: at most one token in its literals.
type chunk struct {
	before string // the separators in front of it, as they are printed
	prefix string
	token  token
	suffix string
}

type token string

const (
	tokenNone     token = ""
	tokenPlatform token = "platform"
	tokenKind     token = "kind"
	tokenProcess  token = "process"
	tokenYear     token = "year"
	tokenSeq      token = "seq"
)

// Parts are what a code says by its pattern.
type Parts struct {
	Platform string
	Kind     string
	Process  string
	Year     int // four digits
	Seq      int64
}

const (
	separators  = "-_. "
	maxSeqWidth = 9
	maxPattern  = 80
)

// ParsePattern reads a pattern or says what is wrong with it.
func ParsePattern(s string) (Pattern, error) {
	p := Pattern{text: s, chunks: []chunk{{}}}
	seen := map[token]bool{}
	rest := s
	for rest != "" && len(s) <= maxPattern {
		if rest[0] == '{' {
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed {
				return Pattern{}, qms.Invalid("pattern.token", rest)
			}
			if err := p.addToken(name, seen); err != nil {
				return Pattern{}, err
			}
			rest = after
			continue
		}
		if err := p.addLiteral(rest[0]); err != nil {
			return Pattern{}, err
		}
		rest = rest[1:]
	}
	last := p.chunks[len(p.chunks)-1]
	if !seen[tokenSeq] || rest != "" || last.prefix == "" && last.token == tokenNone {
		return Pattern{}, qms.Invalid("pattern.malformed", s)
	}
	return p, nil
}

func (p *Pattern) addToken(name string, seen map[token]bool) error {
	c := &p.chunks[len(p.chunks)-1]
	kind, width, _ := strings.Cut(name, ":")
	t := token(kind)
	switch {
	case c.token != tokenNone:
		return qms.Invalid("pattern.adjacent", "{"+name+"}")
	case seen[t]:
		return qms.Invalid("pattern.twice", "{"+name+"}")
	case t == tokenSeq:
		n, err := strconv.Atoi(width)
		if width == "" {
			n, err = 1, nil
		}
		if err != nil || n < 1 || n > maxSeqWidth {
			return qms.Invalid("pattern.width", name)
		}
	case t != tokenPlatform && t != tokenKind && t != tokenProcess && t != tokenYear, width != "":
		return qms.Invalid("pattern.token", "{"+name+"}")
	}
	seen[t] = true
	c.token = t
	return nil
}

func (p *Pattern) addLiteral(b byte) error {
	c := &p.chunks[len(p.chunks)-1]
	switch {
	case strings.IndexByte(separators, b) >= 0:
		if c.prefix != "" || c.token != tokenNone {
			p.chunks = append(p.chunks, chunk{})
			c = &p.chunks[len(p.chunks)-1]
		} else {
			return qms.Invalid("pattern.malformed", p.text) // a separator at the beginning, or two in a row
		}
		c.before = string(b)
		return nil
	case b >= 'A' && b <= 'Z', b >= '0' && b <= '9' && c.token != tokenSeq:
	default:
		return qms.Invalid("pattern.literal", string(b))
	}
	if c.token == tokenNone {
		c.prefix += string(b)
	} else {
		c.suffix += string(b)
	}
	return nil
}

// MustPattern is ParsePattern for literals of the code; it panics on a malformed one.
func MustPattern(s string) Pattern {
	p, err := ParsePattern(s)
	if err != nil {
		panic(err)
	}
	return p
}

// String is the pattern as it was given.
func (p Pattern) String() string { return p.text }

// Width is the least number of digits of the number.
func (p Pattern) Width() int {
	_, width, _ := strings.Cut(p.text, "{seq:")
	n, err := strconv.Atoi(width[:strings.IndexByte(width+"}", '}')])
	if err != nil {
		return 1
	}
	return n
}

// Uses reports whether codes say this part: "kind", "process", "platform", "year".
func (p Pattern) Uses(part string) bool { return strings.Contains(p.text, "{"+part+"}") }

// Print is the code of the parts. A part that the pattern uses and that is missing or cannot stand
// in a code is refused as a field.
func (p Pattern) Print(parts Parts) (string, error) {
	return p.print(parts, fmt.Sprintf("%0*d", p.Width(), parts.Seq))
}

// Series is what the number counts within: the code with # for the number.
func (p Pattern) Series(parts Parts) (string, error) { return p.print(parts, "#") }

func (p Pattern) print(parts Parts, number string) (string, error) {
	var b strings.Builder
	var wrong []qms.Field
	for _, c := range p.chunks {
		value := ""
		switch c.token {
		case tokenSeq:
			value = number
		case tokenYear:
			value = fmt.Sprintf("%04d", parts.Year)
		case tokenPlatform, tokenKind, tokenProcess:
			value = parts.of(c.token)
			if !word.MatchString(value) {
				wrong = append(wrong, missing(c.token, value))
			}
		}
		b.WriteString(c.before + c.prefix + value + c.suffix)
	}
	return b.String(), qms.InvalidFields(wrong...)
}

func missing(t token, value string) qms.Field {
	if value == "" {
		return qms.Wrong(string(t), "code.part_missing", string(t))
	}
	return qms.Wrong(string(t), "code.part_malformed", value)
}

func (parts Parts) of(t token) string {
	switch t {
	case tokenPlatform:
		return parts.Platform
	case tokenKind:
		return parts.Kind
	case tokenProcess:
		return parts.Process
	}
	return ""
}

// Match reads a code exactly as Print writes it.
func (p Pattern) Match(code string) (Parts, bool) {
	var parts Parts
	rest := code
	for _, c := range p.chunks {
		after, ok := strings.CutPrefix(rest, c.before)
		if !ok {
			return Parts{}, false
		}
		end := strings.IndexAny(after, separators)
		if end < 0 {
			end = len(after)
		}
		if !p.read(&parts, c, after[:end]) {
			return Parts{}, false
		}
		rest = after[end:]
	}
	return parts, rest == ""
}

// read takes the value of a chunk out of a word in capitals.
func (p Pattern) read(parts *Parts, c chunk, s string) bool {
	if len(s) < len(c.prefix)+len(c.suffix) || !strings.HasPrefix(s, c.prefix) || !strings.HasSuffix(s, c.suffix) {
		return false
	}
	value := s[len(c.prefix) : len(s)-len(c.suffix)]
	switch c.token {
	case tokenNone:
		return value == ""
	case tokenSeq:
		return p.readSeq(parts, value)
	case tokenYear:
		n, err := strconv.ParseUint(value, 10, 16)
		parts.Year = int(n)
		return err == nil && len(value) == 4
	}
	if !word.MatchString(value) {
		return false
	}
	switch c.token {
	case tokenPlatform:
		parts.Platform = value
	case tokenKind:
		parts.Kind = value
	case tokenProcess:
		parts.Process = value
	}
	return true
}

// readSeq takes a number of the least width, or a longer one without a zero in front.
func (p Pattern) readSeq(parts *Parts, s string) bool {
	width := p.Width()
	n, err := strconv.ParseUint(s, 10, 62)
	if err != nil || len(s) < width || len(s) > width && s[0] == '0' || len(s) > 2*maxSeqWidth {
		return false
	}
	parts.Seq = int64(n)
	return true
}
