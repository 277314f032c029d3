package web

import (
	"strconv"

	"maillon/audits/integrity"
	"maillon/qms"
	"maillon/qms/people"
)

// integrityPages are what the weekly comparison of trails, records and vault found. They are of the site, for
// its quality officers and administrators.
func (s *Site) integrityPages() {
	s.page("/integrity", qms.ReadTrail, s.integrity)
	s.act("/integrity", qms.OperateSite, s.askScrub)
	s.page("/integrity/:number", qms.ReadTrail, s.showScrub)
}

// IntegrityView is how the site stands.
type IntegrityView struct {
	integrity.Overview
	Defects []DefectLine
	Left    int64 // defects of the last check that are not shown here
	Past    []ScrubLine
	Next    string
	Form    *Form
}

// ScrubLine is a check as a list shows it.
type ScrubLine struct {
	integrity.Scrub
	Shape, Word string // of what came of it
}

// DefectLine is a defect in the reader's language, with the way to where it can be looked at.
type DefectLine struct {
	Sentence, Code, Href string
}

func (p *Page) scrubLine(s integrity.Scrub) ScrubLine {
	l := ScrubLine{Scrub: s, Shape: "done", Word: p.T("page.integrity.sound")}
	switch s.State() {
	case integrity.Broken:
		l.Shape, l.Word = "broken", p.T("page.integrity.found", s.Found)
	case integrity.Running:
		l.Shape, l.Word = "running", p.T("page.integrity.state_running")
	case integrity.Waiting:
		l.Shape, l.Word = "todo", p.T("page.integrity.state_waiting")
	}
	return l
}

// placesOf are what one must hold to open a page, by the first part of its address.
var placesOf = map[string]qms.Right{"documents": qms.ReadLibrary, "records": qms.ReadLibrary, "packs": qms.MakePacks, "exercises": qms.ReadExercises,
	"services": qms.ReadTrace, "label": qms.ReadLabel, "kit": qms.AccompanyPlatform, "trail": qms.ReadTrail}

// opens reports whether the reader may open the pages whose address begins so, on a platform or the site.
func (p *Page) opens(first string, platform qms.ID) bool {
	return p.Actor.Can(placesOf[first].On(platform))
}

// defectLine puts a defect into words, with the page that its reader may open: what the trail has of the record
// where the record itself is not for them.
func (p *Page) defectLine(d integrity.ScrubDefect) DefectLine {
	l := DefectLine{Sentence: d.Defect().Say(p.Printer), Code: d.Code}
	if len(d.Parts) == 0 {
		return l
	}
	parts, at := d.Parts, &Page{}
	if d.Place != "" {
		at.Platform = &people.Platform{Row: qms.Row{ID: d.Place}, Code: d.Code}
	}
	if !p.opens(parts[0], d.Place) && d.RowID != "" {
		parts = []string{"trail", "rows", string(d.RowID)}
	}
	if p.opens(parts[0], d.Place) {
		l.Href = at.ToParts(parts)
	}
	return l
}

const defectsShown = 10 // of the last check, on the first page

func (s *Site) integrity(p *Page) error { return s.showIntegrity(p, p.Form(), nil) }

func (s *Site) showIntegrity(p *Page, f *Form, failed error) (err error) {
	p.Title = p.T("page.integrity.title")
	v := IntegrityView{Form: f}
	if v.Overview, err = s.Scrubs.Overview(p.Context()); err != nil {
		return err
	}
	if v.Last != nil && v.Last.Found > 0 {
		_, page, err := s.Scrubs.Scrub(p.Context(), strconv.FormatInt(v.Last.Number, 10), qms.Cursor{Size: defectsShown})
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			v.Defects = append(v.Defects, p.defectLine(d))
		}
		v.Left = v.Last.Found - int64(len(v.Defects))
	}
	page, err := s.Scrubs.Scrubs(p.Context(), p.Cursor())
	if err != nil {
		return err
	}
	for _, one := range page.Items {
		v.Past = append(v.Past, p.scrubLine(one))
	}
	v.Next = page.Next
	if failed != nil {
		return p.Again("integrity", f, failed, v)
	}
	if v.Now != nil && v.Now.State() == integrity.Running {
		p.Refresh = 30
	}
	return p.Render("integrity", v)
}

func (s *Site) askScrub(p *Page) error {
	asked, err := s.Scrubs.Ask(p.Context())
	if err != nil {
		return s.showIntegrity(p, p.Form(), err)
	}
	return p.Done("/integrity", "page.integrity.asked", asked.Number)
}

// ScrubView is one check with what it found.
type ScrubView struct {
	ScrubLine
	Defects []DefectLine
	More    string // where the next defects begin
	Left    int64  // defects that were found and are not on record one by one
}

func (s *Site) showScrub(p *Page) error {
	number := p.Param("number")
	if p.Exported() || p.Printed() {
		if _, _, err := s.Scrubs.Scrub(p.Context(), number, qms.Cursor{Size: 1}); err != nil {
			return err
		}
		return p.Export(s.defectExport(p, number))
	}
	one, page, err := s.Scrubs.Scrub(p.Context(), number, p.Cursor())
	if err != nil {
		return err
	}
	v := ScrubView{ScrubLine: p.scrubLine(*one), More: page.Next, Left: max(0, one.Found-integrity.DefectsKept)}
	for _, d := range page.Items {
		v.Defects = append(v.Defects, p.defectLine(d))
	}
	p.Title, p.Section = p.T("page.integrity.one", one.Number), "integrity"
	p.Crumb(p.T("page.integrity.title"), "/integrity")
	return p.Render("integrity_one", v)
}

// defectExport is what one check found, line by line.
func (s *Site) defectExport(p *Page, number string) export {
	return export{
		name: "integrite-" + number, fixed: 1,
		heads: []string{"page.integrity.what", "page.integrity.where"},
		more:  []string{"kind", "entry", "table", "row", "sha256"},
		print: &printing{title: p.T("page.integrity.one", number), asOf: p.Today, empty: p.T("page.integrity.no_defect"), widths: []float64{60, 12, 0, 0, 0, 0, 0}},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			_, page, err := s.Scrubs.Scrub(p.Context(), number, c)
			for _, d := range page.Items {
				entry := ""
				if d.Entry >= 0 {
					entry = strconv.FormatInt(d.Entry, 10)
				}
				lines = append(lines, []string{d.Defect().Say(p.Printer), d.Code, string(d.Kind), entry, d.RowTable, string(d.RowID), d.Content})
			}
			return lines, page.Next, err
		},
	}
}
