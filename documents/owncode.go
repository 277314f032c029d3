package documents

import (
	"strings"
)

// ownLines is how many lines into a text a document says its own code.
const ownLines = 12

// labels are the words that may stand before a document's own code, folded.
var labels = setOf(strings.Fields("CODE REFERENCE REF N NO NUMERO NUMBER DOCUMENT DOC ID IDENTIFIANT IDENTIFIER INDEX"))

// ownCode is the code that a document gives as its own, "" when it gives none: it begins one of the
// first lines or cells of the text, or follows a label such as "Code :" there. A code in the middle
// of a sentence is another document's.
func (f *Finder) ownCode(file File) string {
	head := file.Text.Title + "\n" + file.Text.Body
	lines := 0
	for line := range strings.Lines(head) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if lines++; lines > ownLines {
			return ""
		}
		for cell := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == '\t' || r == '|' }) {
			if code := f.beginsWith(cell); code != "" {
				return code
			}
		}
	}
	return ""
}

func (f *Finder) beginsWith(cell string) string {
	words := wordsOf(cell)
	for i, w := range words {
		if h, ok := f.unknownAt(cell, words, i); ok {
			return h.code
		}
		if !labels[strings.ToUpper(w.key)] {
			return ""
		}
	}
	return ""
}
