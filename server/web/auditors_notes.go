package web

import (
	"net/url"
	"slices"

	"maillon/audits/auditors"
	"maillon/qms"
)

// OpeningsView is what auditors opened.
type OpeningsView struct {
	Items   []auditors.Opening
	Next    string
	Form    *Form
	Persons []Option // none for an auditor, who sees their own lines alone
	Chips   []Chip
	Failed  string
}

// openings are the lines of what auditors opened: everybody's for who manages the members, their own for
// an auditor.
func (s *Site) openings(p *Page) error {
	if !p.Can(qms.ManageMembers) && !auditors.IsAuditor(p.Actor, p.Platform.ID) {
		return p.Redirect(p.To("audit"))
	}
	p.Title, p.Section, p.Wide = p.T("page.audit.opened"), "audit", true
	p.Crumb(p.T("page.audit.title"), p.To("audit"))
	v := OpeningsView{Form: p.Form()}
	f := auditors.OpeningFilter{Platform: p.Platform.ID}
	if id, err := qms.ParseID(p.Query("person")); err == nil {
		f.Person = id
	}
	var err error
	if f.From, f.Until, err = p.period(); err != nil {
		v.Failed = p.Error(err)
	}
	if p.Exported() {
		return s.exportOpenings(p, f)
	}
	page, err := s.Auditors.Openings(p.Context(), f, p.Cursor())
	if err != nil {
		return err
	}
	v.Items, v.Next = page.Items, page.Next
	if p.Can(qms.ManageMembers) {
		if err := s.openers(p, &v); err != nil {
			return err
		}
	}
	names := []string{"person", "from", "until"}
	for _, name := range names {
		v.Form.Set(name, p.Query(name))
	}
	v.Chips = p.Chips(func(name, value string) string {
		if i := slices.IndexFunc(v.Persons, func(o Option) bool { return o.Value == value }); name == "person" && i >= 0 {
			return v.Persons[i].Label
		}
		return p.T("page.trail.chip_"+name, value)
	}, names[1:]...)
	return p.Render("audit_opened", v)
}

// openers are those whose lines one can choose.
func (s *Site) openers(p *Page, v *OpeningsView) error {
	sheet, err := s.Auditors.Sheet(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	v.Persons = []Option{{"", p.T("page.trail.anybody")}}
	add := func(id qms.ID, name string) {
		if !slices.ContainsFunc(v.Persons, func(o Option) bool { return o.Value == string(id) }) {
			v.Persons = append(v.Persons, Option{string(id), name})
		}
	}
	for _, l := range sheet.Lines {
		add(l.Person, l.Name)
	}
	for _, o := range sheet.Others {
		add(o.Person, o.Name)
	}
	return nil
}

func (s *Site) exportOpenings(p *Page, f auditors.OpeningFilter) error {
	return p.Export(export{name: "consultations-" + p.Platform.Code, fixed: 1,
		heads: []string{"page.audit.opened_at", "page.audit.auditor", "page.audit.kind", "page.audit.what", "page.audit.address"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Auditors.Openings(p.Context(), f, c)
			for _, o := range page.Items {
				lines = append(lines, []string{p.FullInstant(o.OpenedAt), o.PersonName, p.T("page.audit.kind_" + string(o.Kind)), o.Title, o.Path})
			}
			return lines, page.Next, err
		}})
}

// NotesView is a list of notes.
type NotesView struct {
	Items   []auditors.AuditNote
	Next    string
	Writes  bool // the reader is an auditor
	About   string
	Choices []Option
}

// Mine reports whether the note is the reader's.
func (NotesView) Mine(p *Page, n auditors.AuditNote) bool { return n.Author == p.Actor.ID }

func (s *Site) auditNotes(p *Page) error {
	p.Title, p.Section, p.Wide = p.T("page.notes.title"), "audit", true
	p.Crumb(p.T("page.audit.title"), p.To("audit"))
	f := auditors.NoteFilter{Platform: p.Platform.ID}
	if about := auditors.About(p.Query("about")); slices.Contains(auditors.Abouts(), about) {
		f.About = about
	}
	if p.Exported() {
		return s.exportNotes(p, f)
	}
	page, err := s.Auditors.Notes(p.Context(), f, p.Cursor())
	if err != nil {
		return err
	}
	v := NotesView{Items: page.Items, Next: page.Next, Writes: auditors.IsAuditor(p.Actor, p.Platform.ID), About: string(f.About),
		Choices: s.aboutOptions(p)}
	return p.Render("audit_notes", v)
}

func (s *Site) aboutOptions(p *Page) (all []Option) {
	for _, a := range auditors.Abouts() {
		all = append(all, Option{string(a), p.T("page.notes.about_" + string(a))})
	}
	return all
}

func (s *Site) exportNotes(p *Page, f auditors.NoteFilter) error {
	return p.Export(export{name: "notes-" + p.Platform.Code, fixed: 1,
		heads: []string{"page.notes.noted", "page.notes.author", "page.notes.about", "page.notes.label", "page.notes.words", "page.notes.handed", "page.notes.void"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Auditors.Notes(p.Context(), f, c)
			for _, n := range page.Items {
				handed := ""
				if !n.HandedAt.IsZero() {
					handed = p.FullInstant(n.HandedAt)
				}
				lines = append(lines, []string{p.FullInstant(n.NotedAt), n.AuthorName, p.T("page.notes.about_" + string(n.About)), n.Label, n.Words, handed, n.Void})
			}
			return lines, page.Next, err
		}})
}

// NoteFormView is the form of a note, new or to be changed.
type NoteFormView struct {
	Form    *Form
	Note    *auditors.AuditNote // nil for a new one
	Act     string
	Choices []Option
}

func (s *Site) noteForm(p *Page, f *Form) NoteFormView {
	p.Title, p.Section = p.T("page.notes.new"), "audit"
	p.Crumb(p.T("page.audit.title"), p.To("audit"))
	p.Crumb(p.T("page.notes.title"), p.To("audit", "notes"))
	return NoteFormView{Form: f, Act: "new", Choices: s.aboutOptions(p)}
}

func (s *Site) newAuditNote(p *Page) error {
	if !auditors.IsAuditor(p.Actor, p.Platform.ID) {
		return p.Redirect(p.To("audit", "notes"))
	}
	f := p.Form().Set("about", p.Query("about")).Set("label", p.Query("label"))
	return p.Render("audit_note", s.noteForm(p, f))
}

func (s *Site) writeAuditNote(p *Page) error {
	f := p.Form()
	cmd := auditors.WriteNote{Platform: p.Platform.ID, About: auditors.About(f.Text("about")), Label: f.Text("label"), Words: f.Text("words")}
	if cmd.About == "" {
		cmd.About = auditors.AboutPlatform
	}
	err := f.Err()
	if err == nil {
		_, err = s.Auditors.WriteNote(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("audit_note", f, err, s.noteForm(p, f))
	}
	return p.Done(p.To("audit", "notes"), "page.notes.done_new")
}

var noteActs = []string{"correct", "hand", "void"}

func (s *Site) noteToChange(p *Page, f *Form) (NoteFormView, error) {
	id, err := p.ID("note")
	act := p.Param("act")
	if err == nil && !slices.Contains(noteActs, act) {
		err = qms.NotFound("record.not_found")
	}
	if err != nil {
		return NoteFormView{}, err
	}
	n, err := s.Auditors.Note(p.Context(), p.Platform.ID, id)
	if err != nil {
		return NoteFormView{}, err
	}
	v := s.noteForm(p, f)
	v.Note, v.Act = n, act
	p.Title = p.T("page.notes.act_" + act)
	return v, nil
}

func (s *Site) changingAuditNote(p *Page) error {
	v, err := s.noteToChange(p, p.Form())
	if err != nil {
		return err
	}
	v.Form.Set("revision", v.Note.Revision).Set("words", v.Note.Words)
	return p.Render("audit_note", v)
}

func (s *Site) changeAuditNote(p *Page) error {
	f := p.Form()
	v, err := s.noteToChange(p, f)
	if err != nil {
		return err
	}
	on := auditors.On{Platform: p.Platform.ID, ID: v.Note.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		switch v.Act {
		case "correct":
			_, err = s.Auditors.CorrectNote(p.Context(), on, f.Text("words"))
		case "hand":
			_, err = s.Auditors.HandNote(p.Context(), on)
		default:
			_, err = s.Auditors.VoidNote(p.Context(), on)
		}
	}
	if err != nil {
		return p.Again("audit_note", f, err, v)
	}
	return p.Done(p.To("audit", "notes"), "page.notes.done_"+v.Act)
}

// NoteHref is where an auditor notes something on a record; empty for who is none.
func (p *Page) NoteHref(about, label string) string {
	if p.Platform == nil || p.site.Auditors == nil || !auditors.IsAuditor(p.Actor, p.Platform.ID) {
		return ""
	}
	return p.To("audit", "notes", "new") + "?" + url.Values{"about": {about}, "label": {label}}.Encode()
}

// Addressed is the address of parts within the platform.
func (p *Page) Addressed(parts []any) string { return p.To(parts...) }
