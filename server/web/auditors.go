package web

import (
	"slices"
	"strings"

	"maillon/audits/auditors"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
)

// OpenedTitle is under which a page leaves its title for who notes what auditors open.
const OpenedTitle = "opened-title"

// auditorPages are who looks into a platform from outside: the list of them, their own home, their notes,
// what they opened, and the page behind the link of their letter.
func (s *Site) auditorPages() {
	if s.Auditors == nil {
		return
	}
	const all = Prefix + "/audit"
	s.page(all, qms.ReadTrail, s.audit)
	s.page(all+"/new", qms.ManageMembers, s.askAuditor)
	s.act(all+"/new", qms.ManageMembers, s.inviteAuditor)
	s.page(all+"/opened", qms.ReadTrail, s.openings)
	s.page(all+"/notes", qms.ReadTrail, s.auditNotes)
	s.page(all+"/notes/new", qms.ReadTrail, s.newAuditNote)
	s.act(all+"/notes/new", qms.ReadTrail, s.writeAuditNote)
	s.page(all+"/notes/:note/:act", qms.ReadTrail, s.changingAuditNote)
	s.act(all+"/notes/:note/:act", qms.ReadTrail, s.changeAuditNote)
	s.page(all+"/:access/:act", qms.ManageMembers, s.changingAuditAccess)
	s.act(all+"/:access/:act", qms.ManageMembers, s.changeAuditAccess)
	s.page("/welcome/:letter/:token", qms.Public, s.choosing)
	s.act("/welcome/:letter/:token", qms.Public, s.choose)
}

// AuditView is the home of an auditor, and who may look into the platform.
type AuditView struct {
	Period  *qms.Period // of the reader's own access; nil for who is of the house
	Purpose string
	Sheet   *auditors.Sheet
	Packs   []packLine // the latest, for an auditor
	Notes   []auditors.AuditNote
}

// Through is the last day of a period, none where it has no end.
func (AuditView) Through(p qms.Period) qms.Date { return lastDay(p.Until) }

func lastDay(until qms.Date) qms.Date {
	if until == 0 {
		return 0
	}
	return until.AddDays(-1)
}

// Shape is the look of a state of an access.
func (AuditView) Shape(state auditors.State) string { return accessShape(state) }

func accessShape(state auditors.State) string {
	switch state {
	case auditors.Waiting:
		return "open"
	case auditors.ToCome:
		return "todo"
	case auditors.EndsSoon:
		return "expiring"
	case auditors.Over:
		return "expired"
	case auditors.Ended:
		return "withdrawn"
	}
	return "valid"
}

func (s *Site) audit(p *Page) error {
	p.Title, p.Wide = p.T("page.audit.title"), true
	var v AuditView
	var err error
	if auditors.IsAuditor(p.Actor, p.Platform.ID) {
		if err := s.ownAudit(p, &v); err != nil {
			return err
		}
	} else if v.Sheet, err = s.Auditors.Sheet(p.Context(), p.Platform.ID); err != nil {
		return err
	}
	notes, err := s.Auditors.Notes(p.Context(), auditors.NoteFilter{Platform: p.Platform.ID}, qms.Cursor{Size: 5})
	v.Notes = notes.Items
	if err != nil {
		return err
	}
	return p.Render("audit_home", v)
}

// ownAudit is what an auditor needs first: until when they may read, and the latest packs.
func (s *Site) ownAudit(p *Page, v *AuditView) (err error) {
	if v.Period, v.Purpose, err = s.Auditors.Own(p.Context(), p.Platform.ID); err != nil {
		return err
	}
	if s.Audits == nil {
		return nil
	}
	packs, err := s.Audits.Packs(p.Context(), p.Platform.ID, qms.Cursor{Size: 5})
	for _, one := range packs.Items {
		v.Packs = append(v.Packs, packLine{one, s.look(one)})
	}
	return err
}

// AuditInviteView is the form that asks somebody to look into the platform.
type AuditInviteView struct {
	Form      *Form
	Languages []Option
	Platforms []Option // others that the reader may open at once
}

func (s *Site) inviteForm(p *Page, f *Form) AuditInviteView {
	p.Title, p.Section = p.T("page.audit.invite"), "audit"
	p.Crumb(p.T("page.audit.title"), p.To("audit"))
	v := AuditInviteView{Form: f}
	for _, l := range locale.Languages() {
		v.Languages = append(v.Languages, Option{l, p.T("app.lang." + l)})
	}
	for _, pf := range p.Platforms {
		if pf.ID != p.Platform.ID && p.Actor.Can(qms.ManageMembers.On(pf.ID)) {
			v.Platforms = append(v.Platforms, Option{string(pf.ID), pf.Name})
		}
	}
	return v
}

func (s *Site) askAuditor(p *Page) error {
	f := p.Form().Set("from", p.Today).Set("until", p.Today.AddMonths(3)).Set("language", p.Lang())
	return p.Render("audit_invite", s.inviteForm(p, f))
}

// LinkView shows, once, the link to be handed over where no mail goes out.
type LinkView struct{ Name, Email, Link string }

func (s *Site) inviteAuditor(p *Page) error {
	f := p.Form()
	cmd := auditors.Invite{Platforms: []qms.ID{p.Platform.ID}, Name: f.Text("name"), Email: f.Text("email"), Purpose: f.Text("purpose"),
		From: f.Date("from"), Language: f.Text("language")}
	if last := f.Date("until"); last != 0 { // people state the last day
		cmd.Until = last.AddDays(1)
	}
	for _, id := range f.Texts("platforms") {
		cmd.Platforms = append(cmd.Platforms, qms.ID(id))
	}
	err := f.Err()
	var done *auditors.Invited
	if err == nil {
		done, err = s.Auditors.Invite(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("audit_invite", f, err, s.inviteForm(p, f))
	}
	return s.told(p, done)
}

// told says what became of an invitation, with the link where it has to be handed over.
func (s *Site) told(p *Page, done *auditors.Invited) error {
	a := done.Admissions[0]
	if done.Link != "" {
		p.Title, p.Section = p.T("page.audit.link_title"), "audit"
		p.Crumb(p.T("page.audit.title"), p.To("audit"))
		return p.Render("audit_link", LinkView{a.Name, a.Email, p.c.BaseURL() + "/welcome/" + done.Link})
	}
	key := "page.audit.invited_in_house"
	if done.Leaves {
		key = "page.audit.invited"
	}
	return p.Done(p.To("audit"), key, a.Name, a.Email)
}

// AccessView is the form that moves or ends an access, or writes the letter again.
type AccessView struct {
	Form *Form
	Line *auditors.Line
	Act  string
}

// Consequence says what the act does, in one sentence.
func (v AccessView) Consequence(p *Page) string {
	return p.T("page.audit.what_"+v.Act, v.Line.Name)
}

var accessActs = []string{"move", "end", "again"}

func (s *Site) accessForm(p *Page, f *Form) (AccessView, error) {
	id, err := p.ID("access")
	act := p.Param("act")
	if err == nil && !slices.Contains(accessActs, act) {
		err = qms.NotFound("record.not_found")
	}
	if err != nil {
		return AccessView{}, err
	}
	line, err := s.Auditors.Line(p.Context(), p.Platform.ID, id)
	if err != nil {
		return AccessView{}, err
	}
	p.Title = p.T("page.audit.act_" + act)
	p.Crumb(p.T("page.audit.title"), p.To("audit"))
	return AccessView{f, line, act}, nil
}

func (s *Site) changingAuditAccess(p *Page) error {
	v, err := s.accessForm(p, p.Form())
	if err != nil {
		return err
	}
	v.Form.Set("revision", v.Line.Revision)
	if v.Act == "move" && v.Line.Period.Until != 0 {
		v.Form.Set("until", lastDay(v.Line.Period.Until))
	}
	return p.Render("audit_access", v)
}

func (s *Site) changeAuditAccess(p *Page) error {
	f := p.Form()
	v, err := s.accessForm(p, f)
	if err != nil {
		return err
	}
	on := auditors.On{Platform: p.Platform.ID, ID: v.Line.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
	until := qms.Date(0)
	if v.Act == "move" {
		if last := f.Date("until"); last != 0 {
			until = last.AddDays(1)
		}
	}
	var again *auditors.Invited
	if err = f.Err(); err == nil {
		switch v.Act {
		case "move":
			_, err = s.Auditors.Move(p.Context(), auditors.Move{On: on, Until: until})
		case "end":
			_, err = s.Auditors.End(p.Context(), on)
		default:
			again, err = s.Auditors.Again(p.Context(), on)
		}
	}
	if err != nil {
		return p.Again("audit_access", f, err, v)
	}
	if again != nil {
		return s.told(p, again)
	}
	return p.Done(p.To("audit"), "page.audit.done_"+v.Act, v.Line.Name)
}

// DoorView is the page behind the link of a letter.
type DoorView struct {
	Form *Form
	Door *auditors.Door
	Last qms.Date
}

func (s *Site) door(p *Page) (*auditors.Door, error) {
	letter, err := qms.ParseID(p.Param("letter"))
	if err != nil {
		return nil, qms.NotFound("auditor.link_unknown")
	}
	p.Title = p.T("page.welcome.title")
	return s.Auditors.Door(p.Context(), letter, p.Param("token"))
}

func (s *Site) choosing(p *Page) error {
	door, err := s.door(p)
	if err != nil {
		return err
	}
	return p.Render("audit_welcome", DoorView{p.Form(), door, lastDay(door.Period.Until)})
}

// choose chooses the password and signs in with it.
func (s *Site) choose(p *Page) error {
	door, err := s.door(p)
	if err != nil {
		return err
	}
	f := p.Form()
	password := f.Raw("password")
	if f.Raw("again") != password {
		err = qms.InvalidFields(qms.Wrong("again", "auditor.not_the_same"))
	}
	email := ""
	if err == nil {
		email, err = s.Auditors.Accept(p.Context(), auditors.Accept{Letter: door.Letter, Token: p.Param("token"), Password: password})
	}
	if err != nil {
		return p.Again("audit_welcome", f, err, DoorView{f, door, lastDay(door.Period.Until)})
	}
	opened, err := s.People.SignIn(p.Context(), people.SignIn{Email: email, Password: password, Address: s.Guard.Address(p.c)})
	if err != nil { // the password stands: they sign in by hand
		return p.Redirect("/sign-in")
	}
	s.Guard.Remember(p.c, opened.Token, opened.Expires)
	return p.Done("/p/"+strings.ToUpper(door.Platform.Code)+"/audit", "page.welcome.done")
}
