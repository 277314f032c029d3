package api

import (
	"context"
	"time"

	"maillon/audits/auditors"
	"maillon/qms"
)

// auditors are who looks into a platform from outside, what they opened, and what they note.
func (a *API) auditors() {
	const all, notes = "/platforms/{platform}/auditors", "/platforms/{platform}/audit-notes"
	register(a, get(all, "list-auditors", "Who may look into the platform from outside, the earliest first", "auditors"), a.listAuditors)
	register(a, created(post(all, "invite-auditor", "Ask somebody to look into the platform; they are written to", "auditors")), a.inviteAuditor)
	register(a, atRevision(post(all+"/{id}/move", "move-audit-access", "Move the end of an access", "auditors")), a.moveAuditAccess)
	register(a, atRevision(post(all+"/{id}/end", "end-audit-access", "End an access at once", "auditors")), a.endAuditAccess)
	register(a, atRevision(post(all+"/{id}/write-again", "write-to-auditor", "Write the letter again; the link of the one before is good no more", "auditors")), a.writeToAuditor)
	register(a, get("/platforms/{platform}/openings", "list-openings", "What auditors opened: all of it for who manages the members, one's own for an auditor", "auditors"), a.listOpenings)
	register(a, get(notes, "list-audit-notes", "Your own notes as an auditor, and those handed over", "auditors"), a.listAuditNotes)
	register(a, created(post(notes, "write-audit-note", "Note something, for yourself", "auditors")), a.writeAuditNote)
	register(a, atRevision(post(notes+"/{id}/correct", "correct-audit-note", "State the words of a note anew", "auditors")), a.correctAuditNote)
	register(a, atRevision(post(notes+"/{id}/hand-over", "hand-audit-note-over", "Let the platform read a note; it does not change any more", "auditors")), a.handAuditNote)
	register(a, atRevision(post(notes+"/{id}/void", "void-audit-note", "Declare a note a mistake", "auditors")), a.voidAuditNote)
}

// AuditAccess is the access of one auditor.
type AuditAccess struct {
	ID        qms.ID         `json:"id"`
	Revision  int64          `json:"revision" doc:"For If-Match"`
	Person    qms.ID         `json:"person"`
	Name      string         `json:"name" doc:"As it was"`
	Email     string         `json:"email"`
	Purpose   string         `json:"purpose"`
	From      qms.Date       `json:"from,omitzero" format:"date"`
	Until     qms.Date       `json:"until,omitzero" format:"date" doc:"First day without"`
	State     auditors.State `json:"state,omitempty" enum:"waiting,to-come,open,ends-soon,over,ended" doc:"Today; absent in the answers to acts"`
	Inviter   string         `json:"invited_by" doc:"Name, as it was"`
	InvitedAt time.Time      `json:"invited_at"`
	Opened    int64          `json:"opened,omitempty" doc:"Lines of the record of what they opened"`
	LastDay   qms.Date       `json:"last_opened_on,omitzero" format:"date"`
	Remark    string         `json:"remark,omitempty" doc:"Why it was last moved or ended"`
}

func renderAdmission(m auditors.Admission) AuditAccess {
	return AuditAccess{ID: m.ID, Revision: m.Revision, Person: m.Person, Name: m.Name, Email: m.Email, Purpose: m.Purpose, Inviter: m.InviterName,
		InvitedAt: m.InvitedAt, Remark: m.Remark}
}

func renderAccess(l auditors.Line) AuditAccess {
	out := renderAdmission(l.Admission)
	out.From, out.Until, out.State, out.Opened, out.LastDay = l.Period.From, l.Period.Until, l.State, l.Opened.Count, l.Opened.Last
	return out
}

type listAuditors struct {
	InPlatform
	Paged
}

func (a *API) listAuditors(ctx context.Context, in *listAuditors) (*List[AuditAccess], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Auditors.Sheet(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	key := func(l auditors.Line) string { return string(l.ID) }
	return list(&in.Paged, slicePage(sorted(sheet.Lines, key), in.Cursor(), key), renderAccess), nil
}

// AuditorInvitation asks somebody to look into platforms.
type AuditorInvitation struct {
	Name      string   `json:"name" maxLength:"400"`
	Email     string   `json:"email" maxLength:"254"`
	Purpose   string   `json:"purpose" maxLength:"500"`
	From      qms.Date `json:"from,omitempty" format:"date" doc:"Today when absent"`
	Until     qms.Date `json:"until" format:"date" doc:"First day without, at most 12 months after the first"`
	Language  string   `json:"language,omitempty" enum:"fr,en" doc:"Of the letter; French when absent"`
	Platforms []string `json:"platforms,omitempty" maxItems:"20" doc:"Codes of other platforms to open at once"`
}

// InvitedAuditor is what became of an invitation.
type InvitedAuditor struct {
	Accesses []AuditAccess `json:"accesses" nullable:"false" doc:"One a platform"`
	Chooses  bool          `json:"chooses_password" doc:"The letter carries a link that chooses a password"`
	Mailed   bool          `json:"mailed" doc:"The letter goes out by mail"`
	Link     string        `json:"link,omitempty" doc:"Path of the page that chooses the password, where no mail goes out; told once"`
}

func renderInvited(done *auditors.Invited) InvitedAuditor {
	out := InvitedAuditor{Accesses: rendered(done.Admissions, renderAdmission), Chooses: done.Chooses, Mailed: done.Leaves}
	if done.Link != "" {
		out.Link = "/welcome/" + done.Link
	}
	return out
}

func (a *API) inviteAuditor(ctx context.Context, in *newRecord[AuditorInvitation]) (*One[InvitedAuditor], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	cmd := auditors.Invite{Platforms: []qms.ID{p.ID}, Name: b.Name, Email: b.Email, Purpose: b.Purpose, From: b.From, Until: b.Until, Language: b.Language}
	if cmd.Language == "" {
		cmd.Language = "fr"
	}
	for _, code := range b.Platforms {
		other, err := a.platform(ctx, code)
		if err != nil {
			return nil, err
		}
		cmd.Platforms = append(cmd.Platforms, other.ID)
	}
	done, err := a.s.Auditors.Invite(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(done.Admissions[0].Revision, renderInvited(done)), nil
}

// onAuditor is an act on a record of an auditor, at the revision that the client knows.
func onAuditor[B any](ctx context.Context, a *API, in *changeLabel[B], reason string) (auditors.On, error) {
	t, err := in.target(ctx, a, reason)
	return auditors.On{Platform: t.Platform, ID: t.ID, Revision: t.Revision, Reason: reason}, err
}

func shownAccess(m *auditors.Admission, err error) (*One[AuditAccess], error) {
	if err != nil {
		return nil, err
	}
	return one(m.Revision, renderAdmission(*m)), nil
}

// AccessEndMoved is the new end of an access.
type AccessEndMoved struct {
	Until  qms.Date `json:"until" format:"date" doc:"First day without"`
	Reason string   `json:"reason" maxLength:"500"`
}

func (a *API) moveAuditAccess(ctx context.Context, in *changeLabel[AccessEndMoved]) (*One[AuditAccess], error) {
	on, err := onAuditor(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownAccess(a.s.Auditors.Move(ctx, auditors.Move{On: on, Until: in.Body.Until}))
}

func (a *API) endAuditAccess(ctx context.Context, in *changeLabel[StatedReason]) (*One[AuditAccess], error) {
	on, err := onAuditor(ctx, a, in, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownAccess(a.s.Auditors.End(ctx, on))
}

func (a *API) writeToAuditor(ctx context.Context, in *changeLabel[struct{}]) (*One[InvitedAuditor], error) {
	on, err := onAuditor(ctx, a, in, "")
	if err != nil {
		return nil, err
	}
	done, err := a.s.Auditors.Again(ctx, on)
	if err != nil {
		return nil, err
	}
	return one(done.Admissions[0].Revision, renderInvited(done)), nil
}
