package web

import (
	"maillon/documents"
	"maillon/qms"
)

// ListGroup is the lines of one process that stand together; without a name, the list is not grouped.
type ListGroup struct {
	Name  string
	Href  string // the list of this process alone
	Items []documents.Listed
}

// group cuts the page where the process changes. Its name is said again at the top of every page.
func (v *MasterListView) group(p *Page) {
	if p.Query("group") != documents.GroupProcess {
		v.Groups = []ListGroup{{Items: v.Items}}
		return
	}
	names := v.processNames(p)
	for i, from := 0, 0; i < len(v.Items); i++ {
		here := v.Items[i].Process
		if i+1 < len(v.Items) && v.Items[i+1].Process == here {
			continue
		}
		g := ListGroup{Name: names(here), Items: v.Items[from : i+1]}
		if here != "" {
			g.Href = p.To("documents") + "?" + Query("process", here)
		}
		v.Groups, from = append(v.Groups, g), i+1
	}
}

// processNames is how processes are called over their documents.
func (v *MasterListView) processNames(p *Page) func(code string) string {
	return namesOf(p, v.MasterList.Processes)
}

func namesOf(p *Page, processes []documents.Process) func(code string) string {
	names := map[string]string{"": p.T("page.list.no_process")}
	for _, c := range processes {
		names[c.Code] = processName(c)
	}
	return func(code string) string {
		if name, ok := names[code]; ok {
			return name
		}
		return code
	}
}

// listExport is the whole list that the filters of the address let through, in its order.
func (s *Site) listExport(p *Page, filter documents.Filter) export {
	return export{
		name: "documents-" + filter.AsOf.String(),
		heads: []string{"page.documents.code", "page.documents.doc_title", "page.documents.kind", "page.documents.process", "page.documents.state",
			"page.documents.version", "page.documents.effective", "page.documents.review", "page.documents.owner"},
		kinds: map[int]cell{6: dayCell, 7: dayCell}, fixed: 2,
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			found, err := s.Documents.Lines(p.Context(), p.Platform.ID, filter, c.After)
			for _, l := range found.Items {
				lines = append(lines, []string{l.Code, l.Title, l.Kind, l.Process, p.T("state." + string(l.State)), l.Number.String(),
					p.InputDate(l.EffectiveFrom), p.InputDate(l.ReviewOn), l.OwnerName})
			}
			return lines, found.Next, err
		},
	}
}

// printMasterList answers with the list on paper: what is shown, whole, with the day and the filters.
func (s *Site) printMasterList(p *Page, filter documents.Filter, v *MasterListView) error {
	e := s.listExport(p, filter)
	e.print = &printing{
		title: p.T("page.documents.title"), asOf: filter.AsOf, empty: p.T("page.documents.none_left"), shapes: stateShapes(p),
		facts:  []string{p.T("page.list.as_of", p.LongDate(filter.AsOf), v.Counts.Matching)},
		widths: []float64{31, 84, 13, 17, 27, 15, 22, 22, 32}, right: map[int]bool{5: true, 6: true, 7: true},
	}
	for _, chip := range v.Chips {
		e.print.facts = append(e.print.facts, p.T("page.list.filtered", chip.Label))
	}
	if filter.Group == documents.GroupProcess {
		names := v.processNames(p)
		e.print.widths[3] = 0
		e.print.group = func(line []string) string { return names(line[3]) }
	}
	return p.Export(e)
}

// stateShapes are the states of versions by the words of the reader's language.
func stateShapes(p *Page) map[string]string {
	shapes := map[string]string{}
	for _, state := range documents.States() {
		shapes[p.T("state."+string(state))] = string(state)
	}
	return shapes
}
