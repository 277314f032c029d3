package text

import "encoding/xml"

func readPPTX(f *file) error {
	a, err := f.openArchive()
	if err != nil {
		return err
	}
	if err := a.markup("docProps/core.xml", &metadata{file: f}); err != nil {
		return err
	}
	for _, slide := range a.matching("ppt/slides/slide*.xml") {
		if f.pages++; f.pages > maxPages {
			return errStop
		}
		if err := a.markup(slide, &slideText{file: f}); err != nil {
			return err
		}
		f.after(paragraphEnd)
	}
	return nil
}

// slideText gathers the text of a slide. The title of the first slide that has one is the document's.
type slideText struct {
	*file
	inText  bool
	isTitle bool // the shape at hand is the title
}

func (s *slideText) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "Fallback":
		return false
	case "sp":
		s.isTitle = false
	case "ph":
		s.isTitle = attr(e, "type") == "title" || attr(e, "type") == "ctrTitle"
	case "txBody":
		if s.isTitle {
			s.beginHeading()
		}
	case "t":
		s.inText = true
	case "tr":
		s.after(rowEnd)
	case "br":
		s.after(paragraphEnd)
	case "tab":
		s.after(tab)
	}
	return true
}

func (s *slideText) end(name string) {
	switch name {
	case "t":
		s.inText = false
	case "txBody":
		s.endHeading()
	case "p":
		s.after(paragraphEnd)
	case "tc":
		s.after(cellEnd)
	case "tr":
		s.after(rowEnd)
	}
}

func (s *slideText) chars(text string) {
	if s.inText {
		s.write(text)
	}
}
