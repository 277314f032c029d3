package trace

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// SubmissionFilter narrows the inbox; without a state it holds what waits.
type SubmissionFilter struct {
	State SubmissionState
	All   bool // whatever their state, spam left out
}

// Submissions lists what came by the public form, the latest first. It takes one statement. Only who
// decides on submissions reads them: they hold personal data.
func (s *Service) Submissions(ctx context.Context, platform qms.ID, f SubmissionFilter, c qms.Cursor) (page qms.Page[Submission], err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	if f.State == "" && !f.All {
		f.State = Waiting
	}
	err = s.db.View(ctx, qms.WriteTrace.On(platform), func(r store.Reader) error {
		rows, err := submissionPage(ctx, r, platform, f, after, c.Limit()+1)
		page = qms.PageOf(rows, c.Limit(), func(s Submission) string { return qms.EncodeAfter(string(s.ID), "") })
		return err
	})
	return page, err
}

// Inbox counts the submissions that wait, and tells whether the form is open. It takes one statement.
func (s *Service) Inbox(ctx context.Context, platform qms.ID) (waiting int64, open bool, err error) {
	err = s.db.View(ctx, qms.WriteTrace.On(platform), func(r store.Reader) error {
		waiting, open, err = inboxOf(ctx, r, platform)
		return err
	})
	return waiting, open, err
}

// Submission reads one submission and its files, by its reference or ID.
func (s *Service) Submission(ctx context.Context, platform qms.ID, reference string) (sub *Submission, files []Evidence, err error) {
	err = s.db.View(ctx, qms.WriteTrace.On(platform), func(r store.Reader) error {
		if sub, err = submissionByReference(ctx, r, platform, Normal(reference)); err != nil {
			return err
		}
		all, err := evidenceOf(ctx, r, platform, sub.ID)
		files = all[sub.ID]
		return err
	})
	return sub, files, err
}

// AcceptSubmission makes a submission a request. What is stated here replaces what was sent; the
// submission keeps what was sent.
type AcceptSubmission struct {
	Target
	Client       string
	ClientStatus string
	Subject      string
}

// AcceptSubmission makes the request, of the day on which the submission came, and adds its files to
// it, in one act. The request names the submission, and the submission the request.
func (s *Service) AcceptSubmission(ctx context.Context, cmd AcceptSubmission) (*Request, error) {
	r := &Request{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	err := s.changeSubmission(ctx, "submission.accept", cmd.Target, func(tx *store.Tx, sub *Submission) error {
		if err := sub.decide(Accepted, tx.Actor().ID, tx.Today(), ""); err != nil {
			return err
		}
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		RecordRequest{Date: sub.ReceivedOn, Client: cmd.Client, ClientStatus: cmd.ClientStatus, Subject: cmd.Subject, Samples: sub.Samples,
			RequestDetails: RequestDetails{ContactName: sub.Name, ContactEmail: sub.Email, Description: sub.Description, WishedOn: sub.WishedOn},
		}.state(in, r)
		r.Origin, r.Submission = ByForm, sub.ID
		if err := name[Request](in, r); err != nil {
			return err
		}
		sub.Request = r.Number
		if err := tx.Insert(ctx, r); err != nil {
			return err
		}
		return moveFiles(ctx, tx, sub.ID, r.ID)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// moveFiles makes the files of a submission evidence of its request.
func moveFiles(ctx context.Context, tx *store.Tx, submission, request qms.ID) error {
	files, err := evidenceOf(ctx, tx, tx.Act().Platform, submission)
	if err != nil {
		return err
	}
	var some []*EvidenceFile
	for _, e := range files[submission] {
		some = append(some, &EvidenceFile{Name: e.Name, MediaType: e.MediaType, Size: e.Size, Content: e.Content})
	}
	return attachAll(ctx, tx, AddEvidence{Kind: OfRequest, Subject: request}, some)
}

// DeclineSubmission says no to what was sent; the reason is required.
func (s *Service) DeclineSubmission(ctx context.Context, target Target) (sub *Submission, err error) {
	err = s.changeSubmission(ctx, "submission.decline", target, func(tx *store.Tx, found *Submission) error {
		sub = found
		var in input
		reason := in.long("reason", target.Reason)
		if strings.TrimSpace(target.Reason) == "" {
			in.fail("reason", "input.required")
		}
		if err := qms.InvalidFields(in.wrong...); err != nil {
			return err
		}
		return found.decide(Declined, tx.Actor().ID, tx.Today(), reason)
	})
	return sub, err
}

// MarkSpam sets aside what is no request at all. It is kept, and lists leave it out.
func (s *Service) MarkSpam(ctx context.Context, target Target) (sub *Submission, err error) {
	err = s.changeSubmission(ctx, "submission.spam", target, func(tx *store.Tx, found *Submission) error {
		sub = found
		return found.decide(Spam, tx.Actor().ID, tx.Today(), "")
	})
	return sub, err
}

// ReopenSubmission lets what was declined or taken for spam wait again.
func (s *Service) ReopenSubmission(ctx context.Context, target Target) (sub *Submission, err error) {
	err = s.changeSubmission(ctx, "submission.reopen", target, func(_ *store.Tx, found *Submission) error {
		sub = found
		return found.reopen()
	})
	return sub, err
}

func (s *Service) changeSubmission(ctx context.Context, name string, target Target, change func(*store.Tx, *Submission) error) error {
	act := qms.Act{Name: name, Needs: qms.WriteTrace.On(target.Platform), Platform: target.Platform, Subject: target.ID, Reason: strings.TrimSpace(target.Reason)}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		sub, err := byID[Submission](ctx, tx, target.Platform, target.ID)
		if err != nil {
			return err
		}
		sub.Revision = target.Revision
		if err := change(tx, sub); err != nil {
			return err
		}
		return tx.Update(ctx, sub)
	})
}

// RequestForm is how the form of the platform is set, for who sets it.
func (s *Service) RequestForm(ctx context.Context, platform qms.ID) (form *RequestForm, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		form, err = formOf(ctx, r, platform)
		return err
	})
	return form, err
}

// SetRequestForm opens or closes the public form of a platform and says what stands on it.
type SetRequestForm struct {
	Platform       qms.ID
	Revision       int64 // that was seen; 0 where none was set before
	Receives       bool
	IntroFrench    string
	IntroEnglish   string
	ConsentFrench  string
	ConsentEnglish string
}

// SetRequestForm notes how the form is to be.
func (s *Service) SetRequestForm(ctx context.Context, cmd SetRequestForm) (form *RequestForm, err error) {
	act := qms.Act{Name: "request-form.set", Needs: qms.ManageEquipment.On(cmd.Platform), Platform: cmd.Platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if form, err = formOf(ctx, tx, cmd.Platform); err != nil {
			return err
		}
		if form.Revision != cmd.Revision {
			return qms.Conflict("record.changed")
		}
		var in input
		form.Receives = cmd.Receives
		form.IntroFrench, form.IntroEnglish = in.long("intro_french", cmd.IntroFrench), in.long("intro_english", cmd.IntroEnglish)
		form.ConsentFrench, form.ConsentEnglish = in.long("consent_french", cmd.ConsentFrench), in.long("consent_english", cmd.ConsentEnglish)
		if err := qms.InvalidFields(in.wrong...); err != nil {
			return err
		}
		if form.ID == "" {
			form.ID = qms.NewID(tx.Now())
			return tx.Insert(ctx, form)
		}
		return tx.Update(ctx, form)
	})
	return form, err
}
