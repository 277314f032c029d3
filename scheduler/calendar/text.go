package calendar

import (
	"io"
	"strings"
	"unicode/utf8"
)

// lineOctets is how long a line may be without its end (RFC 5545, section 3.1).
const lineOctets = 75

// folder folds the content lines that the encoder writes, one in each call.
type folder struct{ to io.Writer }

func (f folder) Write(line []byte) (int, error) {
	_, err := io.WriteString(f.to, fold(strings.TrimSuffix(string(line), "\r\n")))
	return len(line), err
}

// fold breaks a line between characters; what follows a break begins with a space that is not of it.
func fold(line string) string {
	var b strings.Builder
	room := lineOctets
	for len(line) > room {
		end := room
		for end > 0 && !utf8.RuneStart(line[end]) {
			end--
		}
		b.WriteString(line[:end] + "\r\n ")
		line, room = line[end:], lineOctets-1
	}
	return b.String() + line + "\r\n"
}

// isBreak reports whether some program begins a new line at the character.
func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// lines makes every kind of line break a plain one and leaves out what no text may hold.
func lines(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case isBreak(r):
			return '\n'
		case r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, text)
}

// oneLine is the text without any line break.
func oneLine(text string) string { return strings.Join(strings.Fields(lines(text)), " ") }

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// escape writes a text as a value (RFC 5545, section 3.3.11).
func escape(text string) string { return escapes.Replace(lines(text)) }
