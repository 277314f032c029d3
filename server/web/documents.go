package web

import (
	"net/url"
	"slices"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// documentPages are the master list, one document with its acts, and what is wrong with links. A
// document is addressed by its code.
func (s *Site) documentPages() {
	const all, one, version = Prefix + "/documents", Prefix + "/documents/:code", Prefix + "/documents/:code/versions/:number"
	s.page(all, qms.ReadDocuments, s.masterList)
	s.page(all+"/new", qms.WriteDocuments, s.newDocument)
	s.upload(all+"/new", qms.WriteDocuments, s.addDocument)
	s.page(all+"/to-sign", qms.ReadDrafts, s.documentsToSign)
	s.page(all+"/links", qms.ReadDocuments, s.documentLinks)
	s.page(all+"/links/decide", qms.WriteDocuments, s.documentLinks)
	s.act(all+"/links/decide", qms.WriteDocuments, s.decideLink)
	s.page(all+"/graph", qms.ReadDocuments, s.documentGraph)
	s.settingPages()
	s.processPages()
	s.exemptionPages()
	s.renditionPages()
	s.externalPages()
	s.disposalPages()
	s.documentListPages(all, one)
	s.readingPages()
	s.kitPages()
	s.page(one, qms.ReadDocuments, s.document)
	s.page(one+"/edit", qms.ControlDocuments, s.editDocument)
	s.act(one+"/edit", qms.ControlDocuments, s.reviseDocument)
	s.page(one+"/versions/new", qms.WriteDocuments, s.newVersion)
	s.upload(one+"/versions/new", qms.WriteDocuments, s.addVersion)
	s.page(version+"/file", qms.ReadDocuments, s.downloadVersion)
	s.versionPrints(version)
	s.page(version+"/attach", qms.WriteDocuments, s.newContent)
	s.upload(version+"/attach", qms.WriteDocuments, s.attachContent)
	s.roundPages()
	for _, a := range slices.Concat(versionActs, roundActs, readingActs) {
		s.page(version+"/"+a.name, a.needs, s.askFor(a))
		s.act(version+"/"+a.name, a.needs, s.actOn(a))
	}
}

// MasterListView is one page of the master list with its filters.
type MasterListView struct {
	*documents.MasterList
	Form      *Form
	Failed    string // what is wrong with a filter
	States    []Option
	Kinds     []Option
	Processes []Option
	Owners    []Option
	Chips     []Chip
	Active    int // filters in force
	InForce   int64
	Past      bool
	Groups    []ListGroup
}

// filterNames are the parts of the query that narrow the list.
var filterNames = []string{"state", "kind", "process", "owner", "as_of", "late", "q"}

func (s *Site) masterList(p *Page) error {
	p.Title = p.T("page.documents.title")
	p.SortBy(string(documents.SortCode))
	data := MasterListView{Form: p.Form()}
	day, err := p.AsOf()
	if err != nil {
		data.Failed, day = p.Error(err), p.Today
	}
	data.Past = day != p.Today
	owner, err := qms.ParseID(p.Query("owner"))
	if err != nil {
		owner = ""
	}
	filter := documents.Filter{
		AsOf: day, State: documents.State(p.Query("state")), Kind: p.Query("kind"), Process: p.Query("process"),
		Owner: owner, Late: p.Query("late") != "", Query: p.Query("q"), Sort: p.Sort(), Group: p.Query("group"),
	}
	if p.Exported() && data.Failed == "" {
		return p.Export(s.listExport(p, filter))
	}
	if data.MasterList, err = s.Documents.MasterList(p.Context(), p.Platform.ID, filter, p.Cursor()); err != nil {
		return err
	}
	data.fill(p)
	if p.Printed() && data.Failed == "" {
		return s.printMasterList(p, filter, &data)
	}
	return p.Render("documents_list", data)
}

// fill makes the choices of the filters and the chips of those in force.
func (v *MasterListView) fill(p *Page) {
	any := Option{"", p.T("page.documents.any")}
	v.States, v.Kinds, v.Processes, v.Owners = []Option{{"", p.T("page.documents.not_superseded")}}, []Option{any}, []Option{any}, []Option{any}
	for _, state := range documents.States() {
		v.States = append(v.States, Option{string(state), p.T("state." + string(state))})
	}
	for _, k := range v.MasterList.Kinds {
		v.Kinds = append(v.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	for _, c := range v.MasterList.Processes {
		v.Processes = append(v.Processes, Option{c.Code, processName(c)})
	}
	for _, o := range v.MasterList.Owners {
		v.Owners = append(v.Owners, Option{string(o.ID), o.Name})
	}
	for _, name := range filterNames {
		v.Form.Set(name, p.Query(name))
	}
	v.Chips = p.Chips(v.chip(p), filterNames...)
	v.Active = len(v.Chips)
	v.InForce = v.Counts.ByState[documents.Effective]
	v.group(p)
}

// chip says a filter in words.
func (v *MasterListView) chip(p *Page) func(name, value string) string {
	choices := map[string][]Option{"state": v.States, "kind": v.Kinds, "process": v.Processes, "owner": v.Owners}
	return func(name, value string) string {
		switch name {
		case "as_of":
			return p.T("page.documents.chip_as_of", p.Date(v.AsOf))
		case "late":
			return p.T("page.documents.late")
		case "q":
			return p.T("page.documents.chip_text", value)
		}
		i := slices.IndexFunc(choices[name], func(o Option) bool { return o.Value == value })
		if i < 0 {
			return value
		}
		return choices[name][i].Label
	}
}

func processName(p documents.Process) string {
	if p.Name == "" || p.Name == p.Code {
		return p.Code
	}
	return p.Code + " " + p.Name
}

// ToSignView lists the versions in review.
type ToSignView struct {
	Waiting []documents.Waiting
	Names   map[qms.ID]string
}

func (s *Site) documentsToSign(p *Page) error {
	p.Title = p.T("page.documents.to_sign")
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	waiting, err := s.Documents.ToSign(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	form, err := s.Documents.Staff(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	data := ToSignView{Waiting: waiting, Names: map[qms.ID]string{}}
	for _, person := range form {
		data.Names[person.ID] = person.Name
	}
	return p.Render("documents_to_sign", data)
}

// codeParam is the code of the path, as it was before it was escaped.
func (p *Page) codeParam() string {
	code, err := url.PathUnescape(p.Param("code"))
	if err != nil {
		return p.Param("code")
	}
	return code
}

// sheet reads the document of the path, as of the day asked for.
func (s *Site) sheet(p *Page, day qms.Date) (*documents.Sheet, error) {
	sheet, err := s.Documents.SheetByCode(p.Context(), p.Platform.ID, p.codeParam(), day)
	if err != nil {
		return nil, err
	}
	p.Title = sheet.Code
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	return sheet, nil
}

// entry finds the version of the path on the sheet.
func (s *Site) entry(p *Page) (*documents.Sheet, *documents.Entry, error) {
	sheet, err := s.sheet(p, p.Today)
	if err != nil {
		return nil, nil, err
	}
	p.Crumb(sheet.Code, p.To("documents", sheet.Code))
	number := strings.TrimSpace(p.Param("number"))
	for i := range sheet.Versions {
		if sheet.Versions[i].Number().String() == number {
			return sheet, &sheet.Versions[i], nil
		}
	}
	return nil, nil, qms.NotFound("version.not_found")
}
