package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// inboxPages are what came by the public form, and how that form is set. They stand before those of
// the services, whose numbers they would else be taken for.
func (s *Site) inboxPages() {
	const all, one = Prefix + "/services/received", Prefix + "/services/received/:reference"
	s.page(all, qms.WriteTrace, s.inbox)
	s.both(all+"/form", qms.ManageEquipment, s.formSettings, s.setForm)
	s.page(one, qms.WriteTrace, s.submission)
	for path, decide := range map[string]decision{"accept": s.accept, "decline": s.decline, "spam": s.spam, "reopen": s.reopenSubmission} {
		s.both(one+"/"+path, qms.WriteTrace, s.submission, s.decided(path, decide))
	}
}

// InboxView is the list of what came by the form.
type InboxView struct {
	Lines []trace.Submission
	Next  string
	Form  *trace.RequestForm
	Shows []ShowLink
	Empty bool // nothing waits, as it should be
}

// ShowLink is one way to narrow the list.
type ShowLink struct {
	Label   string
	Href    string
	Current bool
}

func (s *Site) inbox(p *Page) error {
	show := p.Query("state")
	filter := trace.SubmissionFilter{State: trace.SubmissionState(show), All: show == "all"}
	if filter.All {
		filter.State = ""
	}
	page, err := s.Trace.Submissions(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	view := InboxView{Lines: page.Items, Next: page.Next, Empty: show == ""}
	if view.Form, err = s.Trace.RequestForm(p.Context(), p.Platform.ID); err != nil {
		return err
	}
	for _, state := range []string{"", "accepted", "declined", "spam", "all"} {
		view.Shows = append(view.Shows, ShowLink{p.T("page.inbox.show_" + orName(state, "waiting")), p.With("state", state), state == show})
	}
	p.inInbox(p.T("page.inbox.title"), false)
	return p.Render("inbox_list", view)
}

func (p *Page) inInbox(title string, below bool) {
	p.Title = title
	p.Crumb(p.T("page.services.title"), p.To("services"))
	if below {
		p.Crumb(p.T("page.inbox.title"), p.To("services", "received"))
	}
}

// SubmissionView is one submission, with the acts that decide on it.
type SubmissionView struct {
	*trace.Submission
	Files    []trace.Evidence
	Form     *Form
	Failed   string // the act whose form comes back
	Statuses []Option
	Ours     *Form // the form that does not come back
}

func (s *Site) submissionView(p *Page, f *Form) (SubmissionView, error) {
	sub, files, err := s.Trace.Submission(p.Context(), p.Platform.ID, p.Param("reference"))
	if err != nil {
		return SubmissionView{}, err
	}
	p.inInbox(sub.Reference, true)
	view := SubmissionView{Submission: sub, Files: files, Form: f, Statuses: p.platformStatuses()}
	view.Ours = (&Form{printer: f.printer, values: map[string][]string{}, CSRF: f.CSRF}).Set("revision", sub.Revision).
		Set("client", sub.Client).Set("client_status", sub.ClientStatus).Set("subject", sub.Subject)
	return view, nil
}

func (s *Site) submission(p *Page) error {
	view, err := s.submissionView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("submission_show", view)
}

// decision does one act on a submission and says where to go and what to tell.
type decision func(p *Page, f *Form, target trace.Target) (to, key string, args []any, err error)

func (s *Site) decided(act string, decide decision) handler {
	return func(p *Page) error {
		f := p.Form()
		view, err := s.submissionView(p, f)
		if err != nil {
			return err
		}
		view.Failed = act
		var to, key string
		var args []any
		if err = f.Err(); err == nil {
			to, key, args, err = decide(p, f, p.target(f, view.ID))
		}
		if err != nil {
			return p.Again("submission_show", f, err, view)
		}
		return p.Done(to, key, args...)
	}
}

func (s *Site) accept(p *Page, f *Form, target trace.Target) (string, string, []any, error) {
	r, err := s.Trace.AcceptSubmission(p.Context(), trace.AcceptSubmission{Target: target, Client: f.Text("client"),
		ClientStatus: f.Text("client_status"), Subject: f.Text("subject")})
	if err != nil {
		return "", "", nil, err
	}
	return p.To("services", r.Number), "page.inbox.accepted", []any{r.Number}, nil
}

func (s *Site) decline(p *Page, _ *Form, target trace.Target) (string, string, []any, error) {
	sub, err := s.Trace.DeclineSubmission(p.Context(), target)
	return s.afterwards(p, sub, "page.inbox.declined", err)
}

func (s *Site) spam(p *Page, _ *Form, target trace.Target) (string, string, []any, error) {
	sub, err := s.Trace.MarkSpam(p.Context(), target)
	return s.afterwards(p, sub, "page.inbox.set_aside", err)
}

func (s *Site) reopenSubmission(p *Page, _ *Form, target trace.Target) (string, string, []any, error) {
	sub, err := s.Trace.ReopenSubmission(p.Context(), target)
	return s.afterwards(p, sub, "page.inbox.reopened", err)
}

func (s *Site) afterwards(p *Page, sub *trace.Submission, key string, err error) (string, string, []any, error) {
	if err != nil {
		return "", "", nil, err
	}
	return p.To("services", "received", sub.Reference), key, []any{sub.Reference}, nil
}

// Chosen is the form that a part of the page shows: the one that comes back for the act that failed.
func (v SubmissionView) Chosen(act string) *Form {
	if v.Failed == act {
		return v.Form
	}
	return v.Ours
}

// FormSettingsView is how the public form is set.
type FormSettingsView struct {
	Form    *Form
	Address string // of the public form
	Open    bool
}

func (s *Site) formSettings(p *Page) error {
	set, err := s.Trace.RequestForm(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", set.Revision).Set("receives", set.Receives).Set("intro_french", set.IntroFrench).Set("intro_english", set.IntroEnglish).
		Set("consent_french", set.ConsentFrench).Set("consent_english", set.ConsentEnglish)
	return p.Render("inbox_form", s.formSettingsView(p, f, set.Receives))
}

func (s *Site) formSettingsView(p *Page, f *Form, open bool) FormSettingsView {
	p.inInbox(p.T("page.inbox.form"), true)
	return FormSettingsView{Form: f, Address: p.Ctx().BaseURL() + "/demande/" + p.Platform.Code, Open: open}
}

func (s *Site) setForm(p *Page) error {
	f := p.Form()
	cmd := trace.SetRequestForm{Platform: p.Platform.ID, Revision: int64(f.Int("revision")), Receives: f.Checked("receives"),
		IntroFrench: f.Text("intro_french"), IntroEnglish: f.Text("intro_english"), ConsentFrench: f.Text("consent_french"), ConsentEnglish: f.Text("consent_english")}
	err := f.Err()
	if err == nil {
		_, err = s.Trace.SetRequestForm(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("inbox_form", f, err, s.formSettingsView(p, f, cmd.Receives))
	}
	return p.Done(p.To("services", "received"), "page.inbox.form_set")
}
