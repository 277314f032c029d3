package web

import (
	"slices"

	"maillon/documents"
	"maillon/qms"
)

// LinksView is the report of what is wrong with links, grouped by what it is.
type LinksView struct {
	*documents.LinkReport
	Form      *Form
	Groups    []LinkGroup
	Processes []Option
	Problem   string // shown alone
	Chips     []Chip
	Past      bool
	More      int // links to check that are not shown
	Failed    string
}

// Counted is how many links have the problem.
func (v LinksView) Counted(problem string) int { return v.Count[documents.Problem(problem)] }

// LinkGroup is the links with one problem.
type LinkGroup struct {
	Name  string // unknown, superseded, withdrawn, suggested, dismissed
	Links []documents.LinkOf
}

// linksShown is how many links to check one page shows: what is put right makes place for the next.
const linksShown = 200

// linkGroups are the problems in the order they are told.
var linkGroups = []string{"unknown", "superseded", "withdrawn", "suggested", "dismissed"}

// groupOf is the group a link stands in.
func groupOf(l documents.LinkOf) string {
	switch {
	case l.Problem == documents.Obsolete && l.State == documents.Withdrawn:
		return "withdrawn"
	case l.Problem == documents.Obsolete:
		return "superseded"
	}
	return string(l.Problem)
}

func (s *Site) documentLinks(p *Page) error {
	p.Title = p.T("page.documents.links_title")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	data := LinksView{Form: p.Form(), Problem: p.Query("problem")}
	day, err := p.AsOf()
	if err != nil {
		data.Failed, day = p.Error(err), p.Today
	}
	filter := documents.LinkFilter{AsOf: day, Process: p.Query("process"), Problem: documents.Problem(data.Problem), Wrong: true}
	if data.LinkReport, err = s.Documents.LinkReport(p.Context(), p.Platform.ID, filter); err != nil {
		return err
	}
	if p.Exported() {
		return p.exportLinks(data.LinkReport)
	}
	data.Past = day != p.Today
	data.offer(p)
	data.group()
	return p.Render("documents_links", data)
}

func (v *LinksView) offer(p *Page) {
	v.Processes = []Option{{"", p.T("page.documents.any")}}
	for _, c := range v.LinkReport.Processes {
		v.Processes = append(v.Processes, Option{c.Code, processName(c)})
	}
	v.Processes = append(v.Processes, Option{documents.NoProcess, p.T("page.map.without")})
	v.Form.Set("process", p.Query("process")).Set("as_of", p.Query("as_of")).Set("problem", v.Problem)
	v.Chips = p.Chips(func(name, value string) string {
		if i := slices.IndexFunc(v.Processes, func(o Option) bool { return o.Value == value }); i >= 0 && name == "process" {
			return v.Processes[i].Label
		}
		return p.T("page.documents.chip_as_of", p.Date(v.AsOf))
	}, "process", "as_of")
}

// group parts the links by their problem and leaves out what is too much for one page.
func (v *LinksView) group() {
	shown := 0
	for _, name := range linkGroups {
		g := LinkGroup{Name: name}
		for _, l := range v.Links {
			switch {
			case groupOf(l) != name:
			case shown == linksShown:
				v.More++
			default:
				g.Links = append(g.Links, l)
				shown++
			}
		}
		if len(g.Links) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
}

func (p *Page) exportLinks(report *documents.LinkReport) error {
	return p.Export(export{
		name: "links-" + report.AsOf.String(),
		heads: []string{"page.links.problem", "page.links.from", "page.documents.version", "page.documents.process", "page.documents.doc_title", "page.links.to", "page.links.to_title",
			"page.links.to_state", "page.links.times", "page.documents.context"},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for _, l := range report.Links {
				line := []string{p.T("page.links.group_" + groupOf(l)), l.From.Code, l.Number.String(), l.From.Process, l.From.Title, l.Code, "", "", p.Number(l.Mentions), l.Context}
				if l.Other != nil {
					line[5], line[6] = l.Other.Code, l.Other.Title
				}
				if l.State != "" {
					line[7] = p.T("state." + string(l.State))
				}
				lines = append(lines, line)
			}
			return lines, "", nil
		},
	})
}

// decideLink takes a person's word on a suggestion and goes back to the report.
func (s *Site) decideLink(p *Page) error {
	f := p.Form()
	d, err := s.Documents.DecideLink(p.Context(), documents.DecideLink{Platform: p.Platform.ID, From: f.Text("from"), To: f.Text("to"),
		Verdict: documents.Verdict(f.Text("verdict")), Reason: f.Text("reason")})
	if err != nil {
		return err
	}
	back := p.To("documents", "links") + "?" + Query("problem", f.Text("problem"))
	if process := f.Text("process"); process != "" {
		back += "&" + Query("process", process)
	}
	return p.Done(back, "page.links.done_"+map[documents.Verdict]string{documents.Undecided: "undecided", documents.Confirmed: "confirmed", documents.Dismissed: "dismissed"}[d.Verdict],
		f.Text("from"), f.Text("to"))
}
