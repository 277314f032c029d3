package archive

import (
	"embed"
	"strings"

	"maillon/qms/locale"
)

// How a pack is verified, and the description of its format, one file a language each: README.txt of every
// pack holds them, and a page shows them. A line with a number and a point is a heading, one with a dash an item of a list, one that
// begins with four spaces is shown as it stands; any other is a paragraph.
//
//go:embed format.fr.txt format.en.txt howto.fr.txt howto.en.txt
var formats embed.FS

// What the examples of the instructions call the pack, and one that was kept.
const (
	examplePack  = "PACK.zip"
	exampleOlder = "OLDER.zip"
)

// FormatPart is one part of the description of the format.
type FormatPart struct {
	Heading string // empty for the first part, which introduces the others
	Blocks  []FormatBlock
}

// FormatBlock is a paragraph, a list or lines to be shown as they stand.
type FormatBlock struct {
	Kind  BlockKind
	Lines []string
}

// BlockKind is what a block is.
type BlockKind string

// The kinds of blocks.
const (
	Paragraph BlockKind = "paragraph"
	List      BlockKind = "list"
	Verbatim  BlockKind = "verbatim"
)

const verbatim = "    "

// Format is the description of the format in the language, with its title.
func Format(lang string) (title string, parts []FormatPart) { return read(textIn("format", lang)) }

// HowTo says in the language how a pack is verified, with examples: by the small command, held to an earlier
// pack and to a key, and by standard tools alone.
func HowTo(lang string) (title string, blocks []FormatBlock) {
	title, parts := read(textIn("howto", lang))
	return title, parts[0].Blocks
}

// read reads the markup.
func read(text string) (title string, parts []FormatPart) {
	lines := strings.Split(text, "\n")
	parts = []FormatPart{{}}
	for _, line := range lines[1:] {
		part := &parts[len(parts)-1]
		switch {
		case line == "":
			if n := len(part.Blocks); n > 0 && part.Blocks[n-1].Kind == Verbatim {
				part.Blocks = append(part.Blocks, FormatBlock{Kind: Verbatim}) // filled by the next line, dropped below
			}
		case strings.HasPrefix(line, verbatim):
			part.put(Verbatim, line[len(verbatim):])
		case strings.HasPrefix(line, "- "):
			part.put(List, line[2:])
		case heads(line):
			parts = append(parts, FormatPart{Heading: line})
		default:
			part.Blocks = append(part.Blocks, FormatBlock{Paragraph, []string{line}})
		}
	}
	for i := range parts {
		parts[i].tidy()
	}
	return lines[0], parts
}

// put adds a line to the last block when it is of the kind, else to a new one.
func (p *FormatPart) put(kind BlockKind, line string) {
	if n := len(p.Blocks); n == 0 || p.Blocks[n-1].Kind != kind {
		p.Blocks = append(p.Blocks, FormatBlock{Kind: kind})
	}
	last := &p.Blocks[len(p.Blocks)-1]
	last.Lines = append(last.Lines, line)
}

// tidy drops blocks that were begun and not filled.
func (p *FormatPart) tidy() {
	kept := p.Blocks[:0]
	for _, b := range p.Blocks {
		if len(b.Lines) > 0 {
			kept = append(kept, b)
		}
	}
	p.Blocks = kept
}

// heads reports whether the line is a heading: "3. The key".
func heads(line string) bool {
	number, rest, ok := strings.Cut(line, ". ")
	return ok && number != "" && strings.Trim(number, "0123456789") == "" && rest != ""
}

func textIn(name, lang string) string {
	data, err := formats.ReadFile(name + "." + locale.For(lang).Lang() + ".txt")
	if err != nil {
		panic(err) // it is embedded for every language: a programmer's fault
	}
	return strings.TrimSuffix(string(data), "\n")
}

// wrapped breaks the paragraphs of the description for readers of plain text.
func wrapped(text string, columns int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		indent := ""
		if strings.HasPrefix(line, "- ") {
			indent = "  "
		}
		at := 0
		for i, word := range strings.Split(line, " ") {
			length := len([]rune(word))
			switch {
			case i == 0:
			case at+1+length > columns && !strings.HasPrefix(line, verbatim):
				b.WriteString("\n" + indent)
				at = len(indent)
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += length
		}
		b.WriteByte('\n')
	}
	return b.String()
}
