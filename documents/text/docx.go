package text

import (
	"encoding/xml"
	"strings"
)

// readDOCX reads headers first, as a reader's eye does: they often hold the document's own code.
func readDOCX(f *file) error {
	a, err := f.openArchive()
	if err != nil {
		return err
	}
	if err := a.markup("docProps/core.xml", &metadata{file: f}); err != nil {
		return err
	}
	styles := &wordStyles{names: map[string]string{}, bases: map[string]string{}}
	if err := a.markup("word/styles.xml", styles); err != nil {
		return err
	}
	for _, part := range a.matching("word/header*.xml") {
		if err := a.markup(part, &wordText{file: f}); err != nil {
			return err
		}
	}
	if err := a.markup("word/document.xml", &wordText{file: f, styles: styles}); err != nil {
		return err
	}
	for _, pattern := range []string{"word/footer*.xml", "word/footnotes*.xml", "word/endnotes*.xml"} {
		for _, part := range a.matching(pattern) {
			if err := a.markup(part, &wordText{file: f}); err != nil {
				return err
			}
		}
	}
	return nil
}

// wordStyles knows what the styles of a document are: their identifiers are in the language of who
// made them ("Titre1"), their names are not ("heading 1").
type wordStyles struct {
	names, bases map[string]string
	id           string
}

func (s *wordStyles) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "style":
		s.id = attr(e, "styleId")
	case "name":
		s.names[s.id] = strings.ToLower(attr(e, "val"))
	case "basedOn":
		s.bases[s.id] = attr(e, "val")
	}
	return true
}

func (s *wordStyles) end(string)   {}
func (s *wordStyles) chars(string) {}

// isTitle reports whether the style is Title or Heading 1, or made from one of them.
func (s *wordStyles) isTitle(id string) bool {
	for range 10 { // a style may be its own ancestor in a broken file
		if name := s.names[id]; name == "title" || name == "heading 1" {
			return true
		}
		id = s.bases[id]
	}
	return false
}

// wordText gathers the text of a part. Deleted and moved-away text is not said any more, and the
// fallback of a text box says again what its choice said.
type wordText struct {
	*file
	styles *wordStyles // nil where no title is
	inText bool
}

func (w *wordText) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "Fallback", "moveFrom", "del", "instrText":
		return false
	case "t":
		w.inText = true
	case "tr":
		w.after(rowEnd)
	case "pStyle":
		if w.styles != nil && w.styles.isTitle(attr(e, "val")) {
			w.beginHeading()
		}
	case "tab", "ptab":
		w.after(tab)
	case "br", "cr":
		w.after(paragraphEnd)
	case "noBreakHyphen":
		w.write("-")
	}
	return true
}

func (w *wordText) end(name string) {
	switch name {
	case "t":
		w.inText = false
	case "p":
		w.endHeading()
		w.after(paragraphEnd)
	case "tc":
		w.after(cellEnd)
	case "tr":
		w.after(rowEnd)
	}
}

func (w *wordText) chars(s string) {
	if w.inText {
		w.write(s)
	}
}
