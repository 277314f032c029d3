package web

import (
	"slices"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// documentListPages are the pages that set days and versions side by side. They come before the page of
// one document.
func (s *Site) documentListPages(all, one string) {
	s.page(all+"/changes", qms.ReadDocuments, s.documentChanges)
	s.page(one+"/compare", qms.ReadDocuments, s.compareVersions)
}

// ChangesView is what changed in the documents between two days.
type ChangesView struct {
	*documents.Evolution
	Form      *Form
	Failed    string // what is wrong with the days
	Processes []Option
	Kinds     []Option
	Chips     []Chip
	Shown     []ChangeRow
	Next      string
	LastPack  string // number of the newest audit pack, and the days since it
	SincePack string
}

// ChangeRow is one document that changed, in words.
type ChangeRow struct {
	Code, Title   string
	Kinds         []ChangeWord
	Before, After string // numbers of versions
	On            qms.Date
	Details       []string
	Compare       string // address of the two texts; empty when there are not two
}

// ChangeWord is a kind of change with its word, and the state whose shape it takes.
type ChangeWord struct{ State, Word string }

// changeShapes are the shapes that kinds of changes take from the states of the stylesheet.
var changeShapes = map[documents.ChangeKind]string{
	documents.ChangeNew: "effective", documents.ChangeVersion: "approved", documents.ChangeEnded: "withdrawn",
	documents.ChangeRetitled: "superseded", documents.ChangeReclassified: "superseded", documents.ChangeLate: "late",
}

// changesShown is how many documents one page of changes shows.
const changesShown = 100

func (s *Site) documentChanges(p *Page) error {
	p.Title = p.T("page.changes.title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	data := ChangesView{Form: p.Form(), Evolution: &documents.Evolution{}}
	cmd := documents.CompareDays{Platform: p.Platform.ID, Process: p.Query("process"), Kind: documents.ChangeKind(p.Query("change"))}
	for name, day := range map[string]*qms.Date{"from": &cmd.From, "to": &cmd.To} {
		text := p.Query(name)
		if text == "" {
			continue
		}
		var err error
		if *day, err = ParseDate(text); err != nil {
			data.Failed = p.Error(err)
		}
	}
	if data.Failed == "" {
		found, err := s.Documents.Evolution(p.Context(), cmd)
		if qms.CodeOf(err) == qms.CodeInvalid {
			data.Failed = p.Error(err)
		} else if err != nil {
			return err
		} else {
			data.Evolution = found
		}
	}
	if data.Failed == "" && (p.Exported() || p.Printed()) {
		return p.Export(changesExport(p, data.Evolution))
	}
	data.fill(p)
	if err := s.lastPack(p, &data); err != nil {
		return err
	}
	return p.Render("documents_changes", data)
}

func (v *ChangesView) fill(p *Page) {
	if v.From != 0 {
		v.Form.Set("from", v.From).Set("to", v.To)
	} else {
		v.Form.Set("from", p.Query("from")).Set("to", p.Query("to"))
	}
	any := Option{"", p.T("page.documents.any")}
	v.Processes, v.Kinds = []Option{any}, []Option{any}
	for _, c := range v.Evolution.Processes {
		v.Processes = append(v.Processes, Option{c.Code, processName(c)})
	}
	for _, kind := range documents.ChangeKinds() {
		v.Kinds = append(v.Kinds, Option{string(kind), p.T("page.changes.kind_" + string(kind))})
	}
	v.Form.Set("process", p.Query("process")).Set("change", p.Query("change"))
	choices := map[string][]Option{"process": v.Processes, "change": v.Kinds}
	v.Chips = p.Chips(func(name, value string) string {
		if i := slices.IndexFunc(choices[name], func(o Option) bool { return o.Value == value }); i >= 0 {
			return choices[name][i].Label
		}
		return value
	}, "process", "change")
	rows := v.Rows
	if after := p.Cursor().After; after != "" {
		from, _ := slices.BinarySearchFunc(rows, after, func(row documents.Evolved, code string) int { return strings.Compare(row.Of.Code, code+"\x00") })
		rows = rows[from:]
	}
	if len(rows) > changesShown {
		rows = rows[:changesShown]
		v.Next = rows[changesShown-1].Of.Code
	}
	for _, row := range rows {
		v.Shown = append(v.Shown, changeRow(p, row))
	}
}

// lastPack offers the day of the newest audit pack as the first of the two.
func (s *Site) lastPack(p *Page, v *ChangesView) error {
	if s.Audits == nil || !p.Can(qms.MakePacks) {
		return nil
	}
	packs, err := s.Audits.Packs(p.Context(), p.Platform.ID, qms.Cursor{Size: 1})
	if err != nil || len(packs.Items) == 0 || packs.Items[0].AsOf >= p.Today {
		return err
	}
	v.LastPack = p.T("page.changes.since_pack", packs.Items[0].Number, packs.Items[0].AsOf)
	v.SincePack = p.To("documents", "changes") + "?" + Query("from", packs.Items[0].AsOf.String())
	return nil
}

func changeRow(p *Page, e documents.Evolved) ChangeRow {
	row := ChangeRow{Code: e.Of.Code, Title: e.Of.Title, Details: changeDetails(p, e)}
	for _, kind := range e.Changed {
		row.Kinds = append(row.Kinds, ChangeWord{changeShapes[kind], p.T("page.changes.kind_" + string(kind))})
	}
	if e.Before != nil {
		row.Before = e.Before.Version.Number().String()
	}
	if e.After != nil {
		row.Title, row.After = e.After.Title, e.After.Version.Number().String()
	}
	if e.Before != nil && e.After != nil && row.Before != row.After {
		row.Compare = p.To("documents", row.Code, "compare") + "?" + Query("from", row.Before) + "&" + Query("to", row.After)
	}
	if n := len(e.Steps); n > 0 {
		row.On = e.Steps[n-1].EffectiveFrom
	}
	if e.EndedOn != 0 {
		row.On = e.EndedOn
	}
	return row
}

// changeDetails says what happened to the document in sentences, in their order.
func changeDetails(p *Page, e documents.Evolved) (said []string) {
	for _, v := range e.Steps {
		step := p.T("page.changes.step", v.Number().String(), v.EffectiveFrom)
		if v.Reason != "" {
			step = p.T("page.changes.step_why", step, v.Reason)
		}
		if name := e.Approver[v.Approver]; name != "" {
			step = p.T("page.changes.step_by", step, name)
		}
		said = append(said, step)
	}
	if e.Before != nil && e.After != nil {
		if e.Before.Title != e.After.Title {
			said = append(said, p.T("page.changes.was_called", e.Before.Title))
		}
		if e.Before.Kind != e.After.Kind || e.Before.Process != e.After.Process {
			said = append(said, p.T("page.changes.was_in", keptUnder(p, e.Before), keptUnder(p, e.After)))
		}
	}
	if e.EndedOn != 0 {
		said = append(said, p.T("page.changes.ended", e.EndedOn))
		if e.Remark != "" {
			said = append(said, e.Remark)
		}
	}
	for _, late := range e.Late {
		said = append(said, p.T("page.changes.late", late.DueOn, late.DoneOn, late.Days()))
	}
	return said
}

func keptUnder(p *Page, then *documents.Then) string {
	words := []string{}
	for _, w := range []string{then.Kind, then.Process} {
		if w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return p.T("page.documents.unknown")
	}
	return strings.Join(words, ", ")
}

// changesExport is every document that changed, as the filters of the address let them through.
func changesExport(p *Page, e *documents.Evolution) export {
	facts := []string{
		p.T("page.changes.between", p.LongDate(e.From), p.LongDate(e.To)),
		p.T("page.changes.figures", e.Before, e.After, e.Changed, e.Unchanged),
	}
	return export{
		name: "documents-" + e.From.String() + "-" + e.To.String(),
		heads: []string{"page.documents.code", "page.documents.doc_title", "page.changes.change", "page.changes.before", "page.changes.after",
			"page.changes.on", "page.changes.details"},
		kinds: map[int]cell{5: dayCell}, fixed: 2,
		print: &printing{
			title: p.T("page.changes.title"), asOf: e.To, facts: facts, empty: p.T("page.changes.none"),
			widths: []float64{31, 66, 30, 14, 14, 22, 100}, right: map[int]bool{3: true, 4: true, 5: true}, shapes: changeWords(p),
		},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, found := range e.Rows {
				row := changeRow(p, found)
				var kinds []string
				for _, k := range row.Kinds {
					kinds = append(kinds, k.Word)
				}
				lines = append(lines, []string{row.Code, row.Title, strings.Join(kinds, ", "), row.Before, row.After, p.InputDate(row.On), strings.Join(row.Details, " ; ")})
			}
			return lines, "", nil
		},
	}
}

func changeWords(p *Page) map[string]string {
	shapes := map[string]string{}
	for kind, shape := range changeShapes {
		shapes[p.T("page.changes.kind_"+string(kind))] = shape
	}
	return shapes
}
