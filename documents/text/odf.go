package text

import (
	"bytes"
	"encoding/xml"
)

// readODF reads a text, a sheet or a presentation: the three share their markup.
func readODF(f *file) error {
	a, err := f.openArchive()
	if err != nil {
		return err
	}
	manifest, err := a.small("META-INF/manifest.xml")
	if err != nil {
		return err
	}
	if bytes.Contains(manifest, []byte("encryption-data")) {
		return errEncrypted
	}
	if a.parts["content.xml"] == nil {
		return errDamaged
	}
	if err := a.markup("meta.xml", &metadata{file: f}); err != nil {
		return err
	}
	headers := &odfText{file: f, isStyles: true}
	if err := a.markup("styles.xml", headers); err != nil {
		return err
	}
	return a.markup("content.xml", &odfText{file: f, titles: map[string]bool{"Title": true}})
}

// odfText gathers the text of content.xml, or the headers and footers of styles.xml.
type odfText struct {
	*file
	isStyles bool
	inMaster bool            // inside the master pages of styles.xml
	inText   int             // how deep in paragraphs
	titles   map[string]bool // styles of titles: Title, and what is made from it here
}

func (o *odfText) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "tracked-changes", "annotation", "script", "event-listeners", "page-number", "page-count":
		return false
	case "master-styles":
		o.inMaster = true
	case "style":
		if o.titles[attr(e, "parent-style-name")] {
			o.titles[attr(e, "name")] = true
		}
	case "p", "h":
		o.inText++
		if !o.isStyles && (e.Name.Local == "h" && attr(e, "outline-level") == "1" || o.titles[attr(e, "style-name")]) {
			o.beginHeading()
		}
	case "s":
		o.after(space)
	case "tab":
		o.after(tab)
	case "line-break":
		o.after(paragraphEnd)
	case "table":
		o.write(sheetName(o.format, attr(e, "name")))
		o.after(paragraphEnd)
	case "table-row":
		o.after(rowEnd)
	case "page":
		o.pages++
	}
	return true
}

// sheetName is said by a spreadsheet; the tables of a text have names that nobody sees.
func sheetName(format Format, name string) string {
	if format != ODS {
		return ""
	}
	return name
}

func (o *odfText) end(name string) {
	switch name {
	case "master-styles":
		o.inMaster = false
	case "p", "h":
		o.inText--
		o.endHeading()
		o.after(paragraphEnd)
	case "table-cell", "covered-table-cell":
		o.after(cellEnd)
	case "table-row":
		o.after(rowEnd)
	}
}

func (o *odfText) chars(s string) {
	if o.inText > 0 && (o.inMaster || !o.isStyles) {
		o.write(s)
	}
}
