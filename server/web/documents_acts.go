package web

import (
	"context"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
)

// versionAct is one act on one version that has a page of its own: its consequence is said before it
// is done.
type versionAct struct {
	name   string
	needs  qms.Right
	reason bool // asks why
	signs  bool // asks for the password again
	danger bool
	do     func(s *Site, ctx context.Context, t versionTarget, f *Form) error
	say    func(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string
}

// versionTarget is the version an act is about, at the revision its form showed.
type versionTarget struct {
	platform, version qms.ID
	revision          int64
}

var versionActs = []versionAct{
	{name: "submit", needs: qms.WriteDocuments, do: (*Site).submitVersion, say: saySubmit},
	{name: "verify", needs: qms.ApproveDocuments, signs: true, do: (*Site).verifyVersion, say: sayVerify},
	{name: "approve", needs: qms.ApproveDocuments, signs: true, do: (*Site).approveVersion, say: sayApprove},
	{name: "reject", needs: qms.ApproveDocuments, reason: true, danger: true, do: (*Site).rejectVersion, say: sayReject},
	{name: "recall", needs: qms.WriteDocuments, reason: true, do: (*Site).recallVersion, say: sayRecall},
	{name: "withdraw", needs: qms.ControlDocuments, reason: true, danger: true, do: (*Site).withdrawVersion, say: sayWithdraw},
}

// Ends reports whether the act ends a version, now or on a day: then who uses the document is shown first.
func (v ActView) Ends() bool {
	return v.Name == "withdraw" || v.Name == "approve" && v.Sheet.InForce != nil
}

// ActView is the form of one act on one version.
type ActView struct {
	Form        *Form
	Sheet       *documents.Sheet
	Entry       *documents.Entry
	Name        string
	Action      string // where the form is sent
	Consequence string
	Reason      bool
	Signs       bool
	Danger      bool
	Staff       []Option
	Held        []*documents.Exemption // that the people chosen may make use of today
}

func (a versionAct) view(p *Page, f *Form, s *documents.Sheet, e *documents.Entry) ActView {
	return ActView{
		Form: f, Sheet: s, Entry: e, Name: a.name, Reason: a.reason, Signs: a.signs, Danger: a.danger,
		Action: p.To("documents", s.Code, "versions", e.Number(), a.name), Consequence: a.say(p.Printer, s, e),
	}
}

// prefill is what the form shows at first.
func (a versionAct) prefill(p *Page, e *documents.Entry) *Form {
	f := p.Form().Set("revision", e.Revision)
	switch a.name {
	case "approve":
		f.Set("effective_from", max(e.PlannedFrom, p.Today))
	case "reassign":
		f.Set("verifier", e.Verifier).Set("approver", e.Approver)
	case "submit":
		f.Set("verifier", e.Verifier).Set("approver", e.Approver).Set("effective_from", e.PlannedFrom)
	}
	return f
}

// askFor is the page of the act.
func (s *Site) askFor(a versionAct) handler {
	return func(p *Page) error {
		sheet, entry, err := s.entry(p)
		if err != nil {
			return err
		}
		p.Title = p.T("page.documents.act_"+a.name, entry.Number()) + p.T("mark.colon") + sheet.Code
		data := a.view(p, a.prefill(p, entry), sheet, entry)
		if err := s.addStaff(p, a, &data); err != nil {
			return err
		}
		return p.Render("documents_act", data)
	}
}

func (s *Site) addStaff(p *Page, a versionAct, data *ActView) (err error) {
	if a.name == "submit" || a.name == "reassign" || a.name == "hand-over" {
		if data.Staff, err = s.staffOptions(p); err == nil {
			data.Held, err = s.heldToday(p)
		}
	}
	return err
}

// actOn does the act and goes back to the document.
func (s *Site) actOn(a versionAct) handler {
	return func(p *Page) error {
		sheet, entry, err := s.entry(p)
		if err != nil {
			return err
		}
		p.Title = p.T("page.documents.act_"+a.name, entry.Number()) + p.T("mark.colon") + sheet.Code
		form := p.Form()
		t := versionTarget{p.Platform.ID, entry.ID, int64(form.Int("revision"))}
		if a.signs {
			err = s.People.Confirm(p.Context(), form.Raw("password"))
		}
		if err == nil {
			err = a.do(s, p.Context(), t, form)
		}
		if err != nil {
			data := a.view(p, form, sheet, entry)
			if failed := s.addStaff(p, a, &data); failed != nil {
				return failed
			}
			return p.Again("documents_act", form, err, data)
		}
		return p.Done(p.To("documents", sheet.Code), "page.documents.done_"+a.name, entry.Number())
	}
}

func (s *Site) submitVersion(ctx context.Context, t versionTarget, f *Form) error {
	cmd := documents.Submit{Platform: t.platform, Version: t.version, Revision: t.revision,
		Verifier: f.ID("verifier"), Approver: f.ID("approver"), PlannedFrom: f.Date("effective_from")}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := s.Documents.Submit(ctx, cmd)
	return err
}

func (s *Site) verifyVersion(ctx context.Context, t versionTarget, _ *Form) error {
	_, err := s.Documents.Verify(ctx, documents.Verify{Platform: t.platform, Version: t.version, Revision: t.revision})
	return err
}

func (s *Site) approveVersion(ctx context.Context, t versionTarget, f *Form) error {
	cmd := documents.Approve{Platform: t.platform, Version: t.version, Revision: t.revision, EffectiveFrom: f.Date("effective_from"),
		Rereads: f.Checked("rereads")}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := s.Documents.Approve(ctx, cmd)
	return err
}

func (s *Site) rejectVersion(ctx context.Context, t versionTarget, f *Form) error {
	_, err := s.Documents.Reject(ctx, documents.Reject{Platform: t.platform, Version: t.version, Revision: t.revision, Reason: f.Text("reason")})
	return err
}

func (s *Site) recallVersion(ctx context.Context, t versionTarget, f *Form) error {
	_, err := s.Documents.Recall(ctx, documents.Recall{Platform: t.platform, Version: t.version, Revision: t.revision, Reason: f.Text("reason")})
	return err
}

func (s *Site) withdrawVersion(ctx context.Context, t versionTarget, f *Form) error {
	_, err := s.Documents.Withdraw(ctx, documents.Withdraw{Platform: t.platform, Version: t.version, Revision: t.revision, Reason: f.Text("reason")})
	return err
}

func saySubmit(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	if s.InForce != nil {
		return p.T("page.documents.will_submit_next", e.Number(), s.InForce.Number())
	}
	return p.T("page.documents.will_submit", e.Number())
}

func sayVerify(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	return p.T("page.documents.will_verify", e.Number(), s.Names[e.Approver])
}

func sayApprove(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	if s.InForce != nil {
		return p.T("page.documents.will_replace", len(s.ReferredBy), s.InForce.Number()) + sayReaders(p, s, e)
	}
	return p.T("page.documents.will_take_effect", len(s.ReferredBy), e.Number()) + sayReaders(p, s, e)
}

func sayReject(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	return p.T("page.documents.will_reject", e.Number(), s.Names[e.Author])
}

func sayRecall(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	return p.T("page.documents.will_recall", e.Number())
}

func sayWithdraw(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	switch e.StateThen {
	case documents.Effective:
		return p.T("page.documents.will_withdraw", len(s.ReferredBy), e.Number())
	case documents.Approved:
		if s.InForce != nil {
			return p.T("page.documents.will_withdraw_next", e.Number(), s.InForce.Number())
		}
		return p.T("page.documents.will_withdraw_coming", e.Number())
	}
	return p.T("page.documents.will_withdraw_other", e.Number())
}
