package web

import (
	"io"
	"slices"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// sessionPages are the trainings given to several people at once.
func (s *Site) sessionPages() {
	const all, one = Prefix + "/people/sessions", Prefix + "/people/sessions/:number"
	s.page(all, qms.ReadTrace, s.sessions)
	s.both(all+"/new", qms.ManageEquipment, s.newSession, s.addSession)
	s.page(one, qms.ReadTrace, s.session)
	s.both(one+"/correct", qms.ManageEquipment, s.newSessionCorrection, s.correctSession)
	s.both(one+"/void", qms.ManageEquipment, s.newSessionVoid, s.voidSession)
}

// SessionsView is the list of group sessions.
type SessionsView struct {
	Lines []trace.SessionLine
	Next  string
	Past  qms.Date
}

func (s *Site) sessions(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	p.SortBy("-date")
	p.Title, p.Wide = p.T("page.sessions.title"), true
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	filter := trace.SessionFilter{AsOf: asOf, Sort: p.Query("sort")}
	if p.Exported() {
		return s.exportSessions(p, filter)
	}
	page, err := s.Trace.Sessions(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	return p.Render("sessions_list", SessionsView{page.Items, page.Next, p.asOfNote(asOf)})
}

func (s *Site) exportSessions(p *Page, filter trace.SessionFilter) error {
	return p.Export(export{
		name: "seances-" + filter.AsOf.String(), fixed: 1, kinds: map[int]cell{1: dayCell, 4: countCell},
		heads: []string{"page.sessions.number", "page.trainings.date", "page.sessions.equipment", "page.trainings.trainer", "page.sessions.people",
			"page.trainings.procedure", "page.trainings.procedure_version", "page.sessions.place"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Trace.Sessions(p.Context(), p.Platform.ID, filter, c)
			for _, l := range page.Items {
				g := l.Session
				lines = append(lines, []string{g.Number, p.InputDate(g.Date), codes(l.Equipment), l.Trainer.Name, text(l.People), g.Procedure, g.ProcedureVersion, g.Place})
			}
			return lines, page.Next, err
		},
	})
}

func codes(pieces []trace.Equipment) string {
	var all []string
	for _, e := range pieces {
		all = append(all, e.Code)
	}
	return strings.Join(all, ", ")
}

// SessionForm is a form about a group session.
type SessionForm struct {
	TrainingForm
	Sheet  *trace.SessionSheet // of the session that it corrects or voids
	Others int                 // people who fit the filter and are not shown
}

// peopleShown is how many people the form offers at once: those chosen, and those who fit the filter.
const peopleShown = 80

func (s *Site) sessionForm(p *Page, f *Form, title string) (SessionForm, error) {
	var equipment []qms.ID
	for _, value := range f.Texts("equipment") {
		equipment = append(equipment, qms.ID(value))
	}
	form, err := s.trainingForm(p, f, title, equipment...)
	p.Crumb(p.T("page.sessions.title"), p.To("people", "sessions"))
	view := SessionForm{TrainingForm: form}
	if err != nil {
		return view, err
	}
	view.Back = p.To("people", "sessions")
	view.Equipment = form.Equipment[1:]
	view.offer(f, form.People[1:])
	return view, nil
}

// offer keeps those chosen and those who fit what was typed.
func (v *SessionForm) offer(f *Form, people []Option) {
	typed := strings.ToLower(f.Text("filter_people"))
	v.People = nil
	for _, o := range people {
		if slices.Contains(f.Texts("people"), o.Value) {
			v.People = append(v.People, o)
		}
	}
	for _, o := range people {
		if slices.Contains(f.Texts("people"), o.Value) || typed != "" && !strings.Contains(strings.ToLower(o.Label), typed) {
			continue
		}
		if len(v.People) >= peopleShown {
			v.Others++
			continue
		}
		v.People = append(v.People, o)
	}
}

func sessionTerms(f *Form) trace.SessionTerms {
	return trace.SessionTerms{Date: f.Date("date"), Trainer: f.ID("trainer"), Kind: trace.TrainingKind(f.Text("kind")), Months: qms.Months(f.Int("months")),
		Through: f.Date("through"), Procedure: f.Text("procedure"), ProcedureVersion: f.Text("procedure_version"), Place: f.Text("place"),
		Minutes: int64(f.Int("minutes")), Note: f.Text("note")}
}

func (s *Site) newSession(p *Page) error {
	f := p.Form().Set("date", p.Today).Set("months", 24).Set("kind", trace.InitialTraining)
	for _, name := range []string{"equipment", "procedure"} {
		if v := p.Query(name); v != "" {
			f.Set(name, v)
		}
	}
	for _, id := range p.c.Context().QueryArgs().PeekMulti("people") {
		f.Set("people", readable(string(id)))
	}
	view, err := s.sessionForm(p, f, "page.sessions.new")
	if err != nil {
		return err
	}
	return p.Render("sessions_form", view)
}

func (s *Site) addSession(p *Page) error {
	f := p.Form()
	view, err := s.sessionForm(p, f, "page.sessions.new")
	if err != nil {
		return err
	}
	if f.Raw("narrow") != "" { // only other people to choose from
		return p.Render("sessions_form", view)
	}
	cmd := trace.RecordSession{Platform: p.Platform.ID, SessionTerms: sessionTerms(f),
		Named: strings.FieldsFunc(f.Raw("named"), func(r rune) bool { return strings.ContainsRune("\r\n\t,; ", r) })}
	for _, id := range f.Texts("people") {
		cmd.People = append(cmd.People, qms.ID(id))
	}
	for _, id := range f.Texts("equipment") {
		cmd.Equipment = append(cmd.Equipment, qms.ID(id))
	}
	var g *trace.GroupSession
	if err = f.Err(); err == nil {
		g, err = s.Trace.RecordSession(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("sessions_form", f, err, view)
	}
	return p.Done(p.To("people", "sessions", g.Number), "page.sessions.added", g.Number)
}

// SessionView is one group session with its evidence.
type SessionView struct {
	*trace.SessionSheet
	Files map[qms.ID][]trace.Evidence
}

func (s *Site) sessionOf(p *Page) (*trace.SessionSheet, error) {
	return s.Trace.SessionSheet(p.Context(), p.Platform.ID, p.number("number"))
}

func (s *Site) session(p *Page) error {
	sheet, err := s.sessionOf(p)
	if err != nil {
		return err
	}
	if p.Printed() {
		return s.printAttendance(p, sheet)
	}
	files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, sheet.Session.ID)
	if err != nil {
		return err
	}
	p.Title = sheet.Session.Number
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	p.Crumb(p.T("page.sessions.title"), p.To("people", "sessions"))
	return p.Render("sessions_show", SessionView{sheet, files})
}

// printAttendance is the list that those present sign.
func (s *Site) printAttendance(p *Page, sheet *trace.SessionSheet) error {
	g := sheet.Session
	taught := strings.TrimSpace(g.Procedure + " " + g.ProcedureVersion)
	out := &pack.Sheet{Language: p.Lang(), Platform: p.Platform.Name, Title: p.T("page.sessions.attendance"), Name: g.Number, AsOf: p.Today, MadeAt: s.Clock(), Signed: true,
		Note: p.T("page.sessions.attendance_note")}
	for _, fact := range [][2]string{{"page.trainings.date", p.LongDate(g.Date)}, {"page.trainings.trainer", sheet.Trainer.Name}, {"page.sessions.equipment", codes(sheet.Equipment)},
		{"page.trainings.taught", taught}, {"page.trainings.validity", p.SessionValidity(g)}, {"page.sessions.place", g.Place}, {"page.sessions.duration", p.Hours(g.Minutes)}} {
		if fact[1] != "" {
			out.Facts = append(out.Facts, [2]string{p.T(fact[0]), fact[1]})
		}
	}
	section := pack.LifeSection{Title: p.T("page.sessions.present"), Columns: []pack.ListColumn{{Title: p.T("page.skills.code"), Width: 20},
		{Title: p.T("page.trainings.person"), Width: 60}, {Title: p.T("page.sessions.signature"), Width: 80}}}
	people := append([]trace.Attendee{}, sheet.People...)
	for _, a := range people {
		section.Lines = append(section.Lines, []pack.ListCell{{Text: a.Person.Code}, {Text: a.Person.Name, Strong: true}, {}})
	}
	section.Lines = append(section.Lines, []pack.ListCell{{Text: sheet.Trainer.Code}, {Text: p.T("page.sessions.trainer_signs", sheet.Trainer.Name), Strong: true}, {}})
	out.Sections = []pack.LifeSection{section}
	return p.printed("emargement-"+fileCode(g.Number), func(w io.Writer) error { return pack.PrintSheet(w, out) })
}

// sessionCorrection is the form that corrects the session in the path.
func (s *Site) sessionCorrection(p *Page, f *Form) (SessionForm, error) {
	sheet, err := s.sessionOf(p)
	if err != nil {
		return SessionForm{}, err
	}
	if sheet.Session.Void != "" {
		return SessionForm{}, qms.NotFound("record.not_found")
	}
	g := sheet.Session
	if p.c.Method() == "GET" {
		f.Set("revision", g.Revision).Set("date", g.Date).Set("trainer", g.Trainer).Set("kind", g.Kind).Set("through", g.Through).
			Set("procedure", g.Procedure).Set("procedure_version", g.ProcedureVersion).Set("place", g.Place).Set("note", g.Note)
		if g.Months > 0 {
			f.Set("months", int(g.Months))
		}
		if g.Minutes > 0 {
			f.Set("minutes", g.Minutes)
		}
	}
	view, err := s.sessionForm(p, f, "page.sessions.correct")
	view.Sheet, view.Back = sheet, p.To("people", "sessions", g.Number)
	view.Trainers = with(view.Trainers, string(g.Trainer), labelOf(sheet.Trainer.Code, sheet.Trainer.Name))
	return view, err
}

func (s *Site) newSessionCorrection(p *Page) error {
	view, err := s.sessionCorrection(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("sessions_form", view)
}

func (s *Site) correctSession(p *Page) error {
	f := p.Form()
	view, err := s.sessionCorrection(p, f)
	if err != nil {
		return err
	}
	target, terms := p.target(f, view.Sheet.Session.ID), sessionTerms(f)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectSession(p.Context(), target, terms)
	}
	if err != nil {
		return p.Again("sessions_form", f, err, view)
	}
	return p.Done(view.Back, "page.sessions.corrected", view.Sheet.Count())
}

func (s *Site) sessionVoid(p *Page, f *Form) (SessionForm, error) {
	sheet, err := s.sessionOf(p)
	if err != nil {
		return SessionForm{}, err
	}
	if sheet.Session.Void != "" {
		return SessionForm{}, qms.NotFound("record.not_found")
	}
	p.Title = p.T("page.sessions.void")
	p.Crumb(p.T("page.sessions.title"), p.To("people", "sessions"))
	return SessionForm{TrainingForm: TrainingForm{Form: f, Back: p.To("people", "sessions", sheet.Session.Number)}, Sheet: sheet}, nil
}

func (s *Site) newSessionVoid(p *Page) error {
	f := p.Form()
	view, err := s.sessionVoid(p, f)
	if err != nil {
		return err
	}
	f.Set("revision", view.Sheet.Session.Revision)
	return p.Render("sessions_void", view)
}

func (s *Site) voidSession(p *Page) error {
	f := p.Form()
	view, err := s.sessionVoid(p, f)
	if err != nil {
		return err
	}
	target := p.target(f, view.Sheet.Session.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.VoidSession(p.Context(), target)
	}
	if err != nil {
		return p.Again("sessions_void", f, err, view)
	}
	return p.Done(view.Back, "page.sessions.voided", view.Sheet.Count())
}
