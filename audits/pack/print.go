package pack

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"maillon/audits/pack/archive"
	"maillon/documents/rendition"
	"maillon/documents/rendition/typeface"
	"maillon/qms/locale"
)

// Print makes the pages of the sections. The same Contents gives the same bytes. It is composed until the
// page numbers in the table of contents are those of the pages: twice, or three times when the table
// itself needs more than one page.
func Print(c *Contents) ([]byte, error) {
	out, err := printSections(c)
	if err != nil {
		return nil, err
	}
	return out.pdf, nil
}

// printedSections is the pages of the sections, and where these begin and end in the whole.
type printedSections struct {
	pdf      []byte
	pages    int
	sections []archive.Section
}

func printSections(c *Contents) (*printedSections, error) {
	archive.NameFiles(c.Files)
	var known []section
	total, with := 0, *c
	for range 7 {
		p := compose(&with, known, total)
		if err := p.PDF.Error(); err != nil {
			return nil, fmt.Errorf("print pack: %w", err)
		}
		if slices.Equal(known, p.done) && total == p.PDF.PageNo()+c.bound() && maps.Equal(with.marks, p.marks.found) {
			var out bytes.Buffer
			if err := p.PDF.Output(&out); err != nil {
				return nil, fmt.Errorf("print pack: %w", err)
			}
			return &printedSections{countChildren(out.Bytes(), p.done), p.PDF.PageNo(), p.sectionsOf(c)}, nil
		}
		known, total, with.marks = p.done, p.PDF.PageNo()+c.bound(), p.marks.found
	}
	return nil, fmt.Errorf("print pack: %d pages do not settle", total)
}

// sectionsOf says where each section begins and ends.
func (p *paper) sectionsOf(c *Contents) []archive.Section {
	var out []archive.Section
	for _, s := range p.done {
		if s.key == "" {
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].Last = s.page
			if !s.shared {
				out[n-1].Last--
			}
		}
		out = append(out, archive.Section{Key: s.key, Title: s.title, First: s.page, Last: p.total, Facts: c.Shown[s.key]})
	}
	return out
}

// countChildren states for each bookmark with others below it how many these are: gofpdf says 0 of
// all, which strict readers refuse. A count is one digit, so that no offset in the file moves.
func countChildren(pdf []byte, sections []section) []byte {
	const none = "/Count 0>>"
	at := 0
	for i, s := range sections {
		found := bytes.Index(pdf[at:], []byte(none))
		if found < 0 {
			return pdf
		}
		at += found + len(none)
		children := 0
		for _, below := range sections[i+1:] {
			if below.level <= s.level {
				break
			}
			if !below.bound {
				children++
			}
		}
		pdf[at-len(">>")-1] = '0' + byte(min(children, 9))
	}
	return pdf
}

// compose sets every page, given the sections and the number of pages of the composition before.
func compose(c *Contents, known []section, total int) *paper {
	say := locale.For(c.Language)
	p := newPaper(say)
	p.total, p.parts = total, map[string]int{}
	p.describe(c)
	p.expect(c.marks)
	p.call(c.Files)
	for range known {
		p.links = append(p.links, p.PDF.AddLink())
	}
	p.cover(c)
	p.contents(known)
	chosen := c.chosen()
	for i, s := range chosen {
		p.parts[s.key] = i + 1
	}
	for _, s := range chosen {
		s.draw(p, c)
	}
	return p
}

// describe sets what is the same on every page and in the properties of the file.
func (p *paper) describe(c *Contents) {
	title := p.say.T("pack.title")
	p.head = [2]string{c.Platform.Name, title + " " + c.Number}
	p.foot = [2]string{
		p.say.T("pack.foot_dates", c.AsOf, c.GeneratedAt),
		p.say.T("pack.foot_checkpoint", c.Checkpoint.Size, c.Checkpoint.Root.String()),
	}
	p.PDF.SetTitle(typeface.Plain(title+" "+c.Number+", "+c.Platform.Name), true)
	p.PDF.SetSubject(typeface.Plain(p.say.T("pack.as_of_long", p.say.LongDate(c.AsOf))), true)
	p.PDF.SetAuthor(typeface.Plain(c.Platform.Name), true)
	p.PDF.SetCreator("Maillon", true)
	p.PDF.SetProducer("Maillon", true)
	p.PDF.SetCreationDate(c.GeneratedAt.UTC())
	p.PDF.SetModificationDate(c.GeneratedAt.UTC())
}

// about is what the properties of the file say.
func (c *Contents) about() rendition.Bound {
	say := locale.For(c.Language)
	return rendition.Bound{Title: say.T("pack.title") + " " + c.Number + ", " + c.Platform.Name, Subject: say.T("pack.as_of_long", say.LongDate(c.AsOf)),
		Author: c.Platform.Name, Language: c.Language, MadeAt: c.GeneratedAt}
}

// saying is the sentence of an error in a language.
func saying(language string, err error) string { return locale.For(language).Error(err) }

// contents prints the table of contents.
func (p *paper) contents(known []section) {
	p.page()
	p.At(p.left(), p.y+5, p.say.T("pack.contents"), typeface.Of("bold", 15, accent))
	p.y += 13
	for i, s := range known {
		f, inset, lead := strong, 0.0, 7.0
		if s.level > 0 {
			f, inset, lead = body, 6, 5.4
		} else {
			p.y += 1.2
		}
		p.need(lead)
		p.contentsLine(s, f, inset)
		if s.bound {
			p.linkTo(s.page, lead)
		} else {
			p.PDF.Link(p.left(), p.y, p.width(), lead, p.links[i])
		}
		p.y += lead
	}
}

func (p *paper) contentsLine(s section, f face, inset float64) {
	number := fmt.Sprint(s.page)
	base := p.y + 4.4
	title := p.Short(s.title, p.width()-inset-16, f)
	p.At(p.left()+inset, base, title, f)
	p.FlushRight(p.right(), base, number, f)
	from := p.left() + inset + p.Measure(title, f) + 2
	to := p.right() - p.Measure(number, f) - 2
	p.PDF.SetDrawColor(soft[0], soft[1], soft[2])
	p.PDF.SetLineWidth(0.2)
	p.PDF.SetDashPattern([]float64{0.2, 1.2}, 0)
	p.PDF.Line(from, base, to, base)
	p.PDF.SetDashPattern(nil, 0)
}
