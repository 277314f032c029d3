package web

import (
	"slices"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/server/journal"
)

// The columns of an act and of a change, as every export of the trail has them.
var (
	actHeads    = []string{"page.trail.seq", "page.trail.at", "page.trail.who", "page.trail.act", "page.trail.why"}
	changeHeads = []string{"page.trail.table", "page.trail.called", "page.trail.field", "page.trail.before", "page.trail.after"}
)

// exportJournal writes every change that the filter lets through, one a line, in words.
func (s *Site) exportJournal(p *Page, f store.JournalFilter) error {
	return p.Export(export{name: "journal-" + p.Today.String(), fixed: 2, kinds: map[int]cell{0: countCell}, heads: slices.Concat(actHeads, changeHeads),
		print: p.printedChanges(p.T("page.trail.title")),
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, _, err := s.Trail.List(p.Context(), p.platformID(), f, c)
			if err != nil {
				return nil, "", err
			}
			reader, err := s.journalReader(p, changesOf(page.Items))
			for _, e := range page.Items {
				lines = append(lines, p.journalLines(e, reader)...)
			}
			return lines, page.Next, err
		}})
}

// printedDeeds is how the acts of a person stand on paper: one a line.
func (p *Page) printedDeeds(title string) *printing {
	return &printing{title: title, asOf: p.Today, widths: []float64{6, 16, 20, 26, 30, 26, 10}, right: map[int]bool{0: true}, empty: p.T("page.trail.none")}
}

// printedChanges is how a trail stands on paper: each act is told once, above what it changed.
func (p *Page) printedChanges(title string) *printing {
	return &printing{title: title, asOf: p.Today, widths: []float64{0, 0, 0, 0, 0, 18, 26, 22, 30, 30}, empty: p.T("page.trail.none"),
		group: func(line []string) string {
			head := p.T("page.trail.printed", line[0], line[1], line[2], line[3])
			if line[4] != "" {
				head += ", " + p.T("page.trail.because", line[4])
			}
			return head
		}}
}

// journalLines are those of one act: one a field that changed, and one that says how many changes of an
// import are not written out. An act whose changes say nothing to people has a line of its own.
func (p *Page) journalLines(e store.JournalEntry, reader journal.Reader) (lines [][]string) {
	head := []string{p.Number(e.Seq), p.FullInstant(e.At), p.ActedBy(e.Entry), p.act(e.Act), e.Reason}
	for _, c := range reader.Lines(e.First) {
		lines = append(lines, p.changeLines(head, c)...)
	}
	if more := e.Changes - int64(len(e.First)); more > 0 {
		lines = append(lines, append(slices.Clone(head), "", p.T("page.trail.more", more), "", "", ""))
	}
	return lines
}

// changeLines are the fields of one change, each after the act.
func (p *Page) changeLines(head []string, c journal.Line) (lines [][]string) {
	for _, f := range c.Fields {
		lines = append(lines, append(slices.Clone(head), p.Table(c.Table), c.Called, f.Name, f.Before.One(), f.After.One()))
	}
	if len(c.Fields) == 0 {
		lines = append(lines, append(slices.Clone(head), p.Table(c.Table), c.Called, "", "", ""))
	}
	return lines
}

// exportRow writes what the trail holds of one record.
func (s *Site) exportRow(p *Page, id qms.ID) error {
	first, err := s.rowView(p, id, qms.Cursor{Size: 1})
	if err != nil {
		return err
	}
	title := p.Table(first.Table) + " " + first.Called
	return p.Export(export{name: "journal-" + string(id), fixed: 2, kinds: map[int]cell{0: countCell}, heads: slices.Concat(actHeads, changeHeads),
		print: p.printedChanges(title),
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			view, err := s.rowView(p, id, c)
			for _, line := range view.Changed {
				by := journal.Actor(p.Printer, line.Actor, line.ActorName)
				lines = append(lines, p.changeLines([]string{p.Number(line.Seq), p.FullInstant(line.At), by, p.act(line.Act), line.Reason}, line)...)
			}
			return lines, view.Next, err
		}})
}

// exportDeeds writes what a person did, one act a line.
func (s *Site) exportDeeds(p *Page, person qms.ID, name string) error {
	return p.Export(export{name: "journal-" + string(person), fixed: 2, kinds: map[int]cell{0: countCell, 6: countCell},
		heads: []string{"page.trail.seq", "page.trail.at", "page.trail.where", "page.trail.act", "page.trail.called", "page.trail.why", "page.trail.what"},
		print: p.printedDeeds(p.T("page.trail.of_person", name)),
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			items, after, err := s.deeds(p, person, c)
			for _, d := range items {
				where := d.Where
				if where == "" {
					where = p.T("page.trail.site")
				}
				lines = append(lines, []string{p.Number(d.Seq), p.FullInstant(d.At), where, p.act(d.Act), d.About, d.Reason, p.Number(d.Changes)})
			}
			return lines, after, err
		}})
}
