package text

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Marks of Markdown (CommonMark, with the tables of GitHub and of pandoc).
var (
	mdQuote   = regexp.MustCompile(`^(?:\s{0,3}>\s?)+`)
	mdHeading = regexp.MustCompile(`^\s{0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*(?:\{[^}]*\})?$`)
	mdItem    = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)])\s+`)
	mdFence   = regexp.MustCompile("^\\s*(?:```|~~~)")
	mdRule    = regexp.MustCompile(`^[\s|+:=*_-]*$`)
	mdLink    = regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)`)
	mdTag     = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--.*?-->`)
	mdStrong  = regexp.MustCompile(`\*{1,3}([^*]+)\*{1,3}`)
	mdEscape  = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]")
	mdYAML    = regexp.MustCompile(`^(?:\s*[\w-]+\s*:|\s+\S|-\s|#|\s*$)`)
)

// readMarkdown says what a reader of the rendered page reads: lines that the author wrapped are one
// paragraph again, marks and addresses are left out.
func readMarkdown(f *file) error {
	m := markdown{file: f}
	if err := f.eachLine(m.line); err != nil {
		return err
	}
	m.endParagraph()
	return nil
}

type markdown struct {
	*file
	number    int
	paragraph []string // lines of the paragraph at hand
	verbatim  bool     // inside a fence
	matter    bool     // inside the YAML before the text
}

func (m *markdown) line(line string) {
	m.number++
	switch {
	case m.frontMatter(line):
		return
	case mdFence.MatchString(line):
		m.endParagraph()
		m.verbatim = !m.verbatim
		return
	case m.verbatim:
		m.write(line)
		m.after(paragraphEnd)
		return
	}
	m.text(mdQuote.ReplaceAllString(protect(line), ""))
}

func (m *markdown) text(line string) {
	heading := mdHeading.FindStringSubmatch(line)
	switch {
	case heading != nil:
		m.endParagraph()
		m.say(heading[2], heading[1] == "#")
	case mdRule.MatchString(line):
		m.underlined(line)
	case strings.HasPrefix(strings.TrimSpace(line), "|"):
		m.endParagraph()
		m.row(strings.Trim(strings.TrimSpace(line), "|"))
	case mdItem.MatchString(line):
		m.endParagraph()
		m.paragraph = append(m.paragraph, mdItem.ReplaceAllString(line, ""))
	default:
		m.paragraph = append(m.paragraph, strings.TrimSpace(line))
	}
}

// frontMatter takes the title of the YAML that some editors put before the text.
func (m *markdown) frontMatter(line string) bool {
	rule := strings.TrimRight(line, " ") == "---"
	switch {
	case m.number == 1 && rule:
		m.matter = true
	case m.matter && rule:
		m.matter = false
	case m.matter && !mdYAML.MatchString(line): // it was a mere line above the text
		m.matter = false
		return false
	case m.matter:
		if title, ok := strings.CutPrefix(line, "title:"); ok {
			m.metaTitle = strings.Trim(title, ` "'`)
		}
	default:
		return false
	}
	return true
}

// underlined ends the paragraph; under a single line, "===" makes a heading of it.
func (m *markdown) underlined(line string) {
	if len(m.paragraph) == 1 && strings.HasPrefix(line, "=") {
		m.say(m.paragraph[0], true)
		m.paragraph = nil
	}
	m.endParagraph()
}

func (m *markdown) row(line string) {
	for cell := range strings.SplitSeq(line, "|") {
		m.write(plainWords(cell))
		m.after(cellEnd)
	}
	m.after(rowEnd)
}

func (m *markdown) endParagraph() {
	if len(m.paragraph) > 0 {
		m.say(strings.Join(m.paragraph, " "), false)
		m.paragraph = m.paragraph[:0]
	}
}

func (m *markdown) say(words string, title bool) {
	if title {
		m.beginHeading()
		defer m.endHeading()
	}
	m.write(plainWords(words))
	m.after(paragraphEnd)
}

// escaped is where protect puts the characters that an author escaped, out of reach of the marks.
const escaped = '\uE000'

func protect(line string) string {
	return mdEscape.ReplaceAllStringFunc(line, func(s string) string { return string(escaped + rune(s[1])) })
}

// plainWords leaves out the marks inside a line and gives the escaped characters back.
func plainWords(s string) string {
	s = mdLink.ReplaceAllString(s, "$1")
	s = mdTag.ReplaceAllString(s, " ")
	s = mdStrong.ReplaceAllString(s, "$1")
	s = strings.ReplaceAll(s, "`", "")
	return strings.Map(func(r rune) rune {
		if escaped <= r && r < escaped+utf8.RuneSelf {
			return r - escaped
		}
		return r
	}, s)
}
