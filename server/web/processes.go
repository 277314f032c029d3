package web

import (
	"strconv"

	"maillon/documents"
	"maillon/qms"
)

// processPages are the process map, which is the documentary home of a platform, and its processes.
func (s *Site) processPages() {
	const all, one = Prefix + "/processes", Prefix + "/processes/:process"
	s.page(all, qms.ReadDocuments, s.processMap)
	s.page(all+"/new", qms.ControlDocuments, s.newProcess)
	s.act(all+"/new", qms.ControlDocuments, s.addProcess)
	s.page(all+"/without", qms.ReadDocuments, s.withoutProcess)
	s.page(one, qms.ReadDocuments, s.process)
	s.page(one+"/edit", qms.ControlDocuments, s.editProcess)
	s.act(one+"/edit", qms.ControlDocuments, s.reviseProcess)
	s.page(one+"/retire", qms.ControlDocuments, s.askRetireProcess)
	s.act(one+"/retire", qms.ControlDocuments, s.retireProcess)
}

// ProcessMapView is the map as of a day.
type ProcessMapView struct {
	*documents.ProcessMap
	Form   *Form
	Past   bool
	All    []documents.ProcessCard // for the table, in the order of the map
	Failed string
}

func (s *Site) processMap(p *Page) error {
	p.Title, p.Section = p.T("page.map.title"), "documents"
	day, err := p.AsOf()
	data := ProcessMapView{Form: p.Form()}
	if err != nil {
		data.Failed, day = p.Error(err), p.Today
	}
	chart, err := s.Documents.Chart(p.Context(), p.Platform.ID, day)
	if err != nil {
		return err
	}
	data.ProcessMap, data.Past = chart.Map(), day != p.Today
	for _, b := range data.Bands {
		data.All = append(data.All, b.Processes...)
	}
	data.All = append(append(data.All, data.Others...), data.Retired...)
	return p.Render("processes", data)
}

// LeadsTo is where one looks at a finding of the process.
func (v ProcessMapView) LeadsTo(p *Page, code string, f documents.Finding) string {
	return p.findingAt(code, f.Trouble)
}

func (p *Page) findingAt(process string, t documents.Trouble) string {
	asked := process
	if asked == "" {
		asked = documents.NoProcess
	}
	switch t {
	case documents.ReviewsLate:
		return p.To("documents") + "?" + Query("process", process) + "&late=1"
	case documents.UnknownLinks:
		return p.To("documents", "links") + "?" + Query("process", asked) + "&problem=unknown"
	case documents.ObsoleteLinks:
		return p.To("documents", "links") + "?" + Query("process", asked) + "&problem=obsolete"
	}
	if process == "" {
		return p.To("processes", "without")
	}
	return p.To("processes", process)
}

// ProcessView is one process with its documents, or the documents of none.
type ProcessView struct {
	documents.ProcessCard
	Form    *Form
	AsOf    qms.Date
	Past    bool
	Levels  []ProcessLevel
	KindFor map[documents.Level]string // the kind to make a document of a level with
}

// ProcessLevel is the documents of one level of a process; what every process needs is shown empty.
type ProcessLevel struct {
	Level     documents.Level
	Documents []*documents.Charted
}

// LeadsTo is where one looks at a finding.
func (v ProcessView) LeadsTo(p *Page, code string, f documents.Finding) string {
	return p.findingAt(code, f.Trouble)
}

func (s *Site) withoutProcess(p *Page) error {
	p.Title = p.T("page.map.without")
	return s.showProcess(p, "")
}

func (s *Site) process(p *Page) error { return s.showProcess(p, p.Param("process")) }

func (s *Site) showProcess(p *Page, code string) error {
	p.Section = "documents"
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.map.title"), p.To("processes"))
	day, err := p.AsOf()
	if err != nil {
		return err
	}
	chart, err := s.Documents.Chart(p.Context(), p.Platform.ID, day)
	if err != nil {
		return err
	}
	data := ProcessView{ProcessCard: chart.Card(code), Form: p.Form(), AsOf: chart.AsOf, Past: day != p.Today, KindFor: map[documents.Level]string{}}
	if code != "" && data.ID == "" {
		return qms.NotFound("process.not_found")
	}
	if code != "" {
		p.Title = data.Code + " " + data.Name
	}
	for _, k := range chart.Kinds {
		if data.KindFor[k.At()] == "" && !k.RetiredBy(p.Today) {
			data.KindFor[k.At()] = k.Code
		}
	}
	for _, level := range documents.Levels() {
		at := data.At(level)
		needed := code != "" && (level == documents.LevelProcess || level == documents.LevelProcedure)
		if len(at) > 0 || needed {
			data.Levels = append(data.Levels, ProcessLevel{level, at})
		}
	}
	return p.Render("process", data)
}

// ProcessFormView is the form of a process.
type ProcessFormView struct {
	Form    *Form
	Process *documents.Process // nil for a new one
	Types   []Option
	Staff   []Option
}

func (s *Site) processForm(p *Page, f *Form, process *documents.Process) (data ProcessFormView, err error) {
	p.Section = "documents"
	p.Crumb(p.T("page.documents.title"), p.To("documents"))
	p.Crumb(p.T("page.map.title"), p.To("processes"))
	data = ProcessFormView{Form: f, Process: process, Types: []Option{{"", p.T("page.documents.choose")}}}
	p.Title = p.T("page.map.new")
	if process != nil {
		p.Crumb(process.Code, p.To("processes", process.Code))
		p.Title = p.T("page.map.edit") + " : " + process.Code
	}
	for _, t := range documents.ProcessTypes() {
		data.Types = append(data.Types, Option{string(t), p.T("page.map.type_" + string(t))})
	}
	data.Staff, err = s.staffOptions(p)
	if process != nil && process.Owner != "" && !offers(data.Staff, string(process.Owner)) {
		names, err := s.Documents.Names(p.Context(), p.Platform.ID, process.Owner)
		if err != nil {
			return data, err
		}
		data.Staff = append(data.Staff, Option{string(process.Owner), names[process.Owner]})
	}
	return data, err
}

func offers(options []Option, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}

func (s *Site) newProcess(p *Page) error {
	data, err := s.processForm(p, p.Form().Set("code", p.Query("code")).Set("place", 0), nil)
	if err != nil {
		return err
	}
	return p.Render("process_form", data)
}

func (s *Site) addProcess(p *Page) error {
	f := p.Form()
	process := documents.Process{Code: f.Text("code"), Name: f.Text("name"), Type: documents.ProcessType(f.Text("type")), Owner: f.ID("owner"),
		Purpose: f.Text("purpose"), Place: int64(f.Int("place"))}
	err := f.Err()
	if err == nil {
		var made *documents.Process
		if made, err = s.Documents.AddProcess(p.Context(), p.Platform.ID, process, f.Text("reason")); err == nil {
			return p.Done(p.To("processes", made.Code), "page.map.added", made.Code)
		}
	}
	data, failed := s.processForm(p, f, nil)
	if failed != nil {
		return failed
	}
	return p.Again("process_form", f, err, data)
}

// asked is the process of the path.
func (s *Site) asked(p *Page) (*documents.Process, error) {
	return s.Documents.ProcessByCode(p.Context(), p.Platform.ID, p.Param("process"))
}

func (s *Site) editProcess(p *Page) error {
	process, err := s.asked(p)
	if err != nil {
		return err
	}
	form := p.Form().Set("revision", process.Revision).Set("name", process.Name).Set("type", string(process.Type)).Set("owner", process.Owner).
		Set("purpose", process.Purpose).Set("place", strconv.FormatInt(process.Place, 10))
	data, err := s.processForm(p, form, process)
	if err != nil {
		return err
	}
	return p.Render("process_form", data)
}

func (s *Site) reviseProcess(p *Page) error {
	process, err := s.asked(p)
	if err != nil {
		return err
	}
	f := p.Form()
	name, kind, owner, purpose, place := f.Text("name"), documents.ProcessType(f.Text("type")), f.ID("owner"), f.Text("purpose"), int64(f.Int("place"))
	cmd := documents.ReviseProcess{Platform: p.Platform.ID, Code: process.Code, Revision: int64(f.Int("revision")), Name: &name, Type: &kind,
		Owner: &owner, Purpose: &purpose, Place: &place, Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		if _, err = s.Documents.ReviseProcess(p.Context(), cmd); err == nil {
			return p.Done(p.To("processes", process.Code), "page.map.revised", process.Code)
		}
	}
	data, failed := s.processForm(p, f, process)
	if failed != nil {
		return failed
	}
	return p.Again("process_form", f, err, data)
}

// RetireView asks before something is retired, or taken into use again.
type RetireView struct {
	Form        *Form
	Code, Name  string
	Retired     bool // it is: the act takes it into use again
	Consequence string
	Action      string
	Back        string
}

func (s *Site) retireProcessView(p *Page, f *Form) (RetireView, *documents.Process, error) {
	process, err := s.asked(p)
	if err != nil {
		return RetireView{}, nil, err
	}
	p.Section = "documents"
	p.Crumb(p.T("page.map.title"), p.To("processes"))
	p.Crumb(process.Code, p.To("processes", process.Code))
	v := RetireView{Form: f, Code: process.Code, Name: process.Name, Retired: process.RetiredOn != 0, Consequence: p.T("page.map.will_retire", process.Code),
		Action: p.To("processes", process.Code, "retire"), Back: p.To("processes", process.Code)}
	p.Title = p.T("page.map.retire")
	if v.Retired {
		p.Title, v.Consequence = p.T("page.map.reinstate"), p.T("page.map.will_reinstate", process.Code)
	}
	return v, process, nil
}

func (s *Site) askRetireProcess(p *Page) error {
	v, process, err := s.retireProcessView(p, p.Form())
	if err != nil {
		return err
	}
	v.Form.Set("revision", process.Revision)
	return p.Render("documents_retire", v)
}

func (s *Site) retireProcess(p *Page) error {
	f := p.Form()
	v, process, err := s.retireProcessView(p, f)
	if err != nil {
		return err
	}
	retired := !v.Retired
	_, err = s.Documents.ReviseProcess(p.Context(), documents.ReviseProcess{Platform: p.Platform.ID, Code: process.Code, Revision: int64(f.Int("revision")),
		Retired: &retired, Reason: f.Text("reason")})
	if err != nil {
		return p.Again("documents_retire", f, err, v)
	}
	return p.Done(v.Back, map[bool]string{true: "page.map.done_retire", false: "page.map.done_reinstate"}[retired], v.Code)
}
