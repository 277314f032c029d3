package trace

import (
	"context"
	"io"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// SignFormsWith gives the key that signs the tokens of public forms, the same on every replica of the
// site. Without it nothing is received.
func (s *Service) SignFormsWith(k FormKey) *Service {
	s.formKey = k
	return s
}

// FormKey is the key that signs the tokens of public forms.
func (s *Service) FormKey() FormKey { return s.formKey }

// asForm is the context of the public form, which acts for people whom the site does not know.
func asForm(ctx context.Context) context.Context {
	return qms.WithActor(ctx, qms.Actor{Name: "public form", System: true, RequestID: qms.ActorFrom(ctx).RequestID})
}

// OpenForm is the form of the platform, for anybody; qms.NotFound where it receives none.
func (s *Service) OpenForm(ctx context.Context, platform qms.ID) (form *RequestForm, err error) {
	err = s.db.View(ctx, qms.Public.On(platform), func(r store.Reader) error {
		form, err = openForm(ctx, r, platform)
		return err
	})
	return form, err
}

func openForm(ctx context.Context, r store.Reader, platform qms.ID) (*RequestForm, error) {
	form, err := formOf(ctx, r, platform)
	if err == nil && !form.Receives {
		err = qms.NotFound("submission.no_form")
	}
	return form, err
}

// Submit is what somebody sends by the public form.
type Submit struct {
	Platform     qms.ID
	Token        string // of the form, see FormKey
	Trap         string // a field that people do not see and leave empty
	Consent      bool   // to the keeping of what is sent, for the time it takes
	Language     string
	Name         string
	Email        string
	Client       string
	ClientStatus string
	Subject      string
	Description  string
	Samples      string
	WishedOn     qms.Date
	Files        []*EvidenceFile // from ReceiveSubmitted
}

// read checks all that is stated, and cleans it of what is not text.
func (c Submit) read(in *input, today qms.Date) Submission {
	line := func(field, text string) string { return in.required(field, plain(text, false)) }
	out := Submission{State: Waiting, Language: c.Language, Name: line("name", c.Name), Client: line("client", c.Client),
		Subject: line("subject", c.Subject), Email: in.email("email", c.Email), ClientStatus: NormalStatus(line("client_status", c.ClientStatus))}
	if strings.TrimSpace(c.Email) == "" {
		in.fail("email", "input.required")
	}
	if out.ClientStatus != "" && !slices.Contains([]string{Internal, Academic, Industrial}, out.ClientStatus) {
		in.fail("client_status", "input.unknown_choice")
	}
	out.Description = in.long("description", plain(c.Description, true))
	if out.Description == "" && strings.TrimSpace(c.Description) == "" {
		in.fail("description", "input.required")
	}
	out.Samples = in.long("samples", plain(c.Samples, true))
	if out.WishedOn = in.date("wished_on", c.WishedOn); out.WishedOn != 0 && out.WishedOn < today {
		in.fail("wished_on", "submission.wished_past", out.WishedOn)
	}
	if !c.Consent {
		in.fail("consent", "submission.consent")
	}
	if c.Trap != "" {
		in.fail("website", "submission.trap")
	}
	return out
}

// Screen refuses what Submit would refuse, before any file is read. It writes nothing.
func (s *Service) Screen(ctx context.Context, cmd Submit) error {
	ctx = asForm(ctx)
	return s.db.View(ctx, qms.Public.On(cmd.Platform), func(r store.Reader) error {
		_, err := s.screen(ctx, r, cmd)
		return err
	})
}

func (s *Service) screen(ctx context.Context, r store.Reader, cmd Submit) (*Submission, error) {
	if _, err := openForm(ctx, r, cmd.Platform); err != nil {
		return nil, err
	}
	var in input
	out := cmd.read(&in, r.Today())
	if err := qms.InvalidFields(in.wrong...); err != nil {
		return nil, err
	}
	var err error
	if out.Reference, err = s.formKey.Open(cmd.Platform, cmd.Token, r.Now()); err != nil {
		return nil, err
	}
	waiting, today, err := submittedOf(ctx, r, cmd.Platform, r.Today())
	if err != nil {
		return nil, err
	}
	if waiting >= MaxWaiting || today >= MaxPerDay {
		return nil, qms.Busy("submission.full")
	}
	return &out, nil
}

// ReceiveSubmitted puts a file of the public form into the vault, once Screen let the form through. A
// file over MaxFileBytes is refused.
func (s *Service) ReceiveSubmitted(ctx context.Context, name string, r io.Reader) (*EvidenceFile, error) {
	bounded := &io.LimitedReader{R: r, N: MaxFileBytes + 1}
	f, err := s.receive(asForm(ctx), name, bounded)
	if bounded.N <= 0 {
		return nil, qms.InvalidFields(qms.Wrong("files", "submission.file_large", fileName(name), MaxFileBytes>>20))
	}
	return f, err
}

// Submit keeps what was sent, with its files, until the platform decides. The same form sent twice is
// one submission. Busy when the platform has received as much as it takes for now.
func (s *Service) Submit(ctx context.Context, cmd Submit) (sub *Submission, err error) {
	ctx = asForm(ctx)
	if err := s.Screen(ctx, cmd); err != nil {
		return nil, err
	}
	if wait, ok := s.brakes.platform.take(string(cmd.Platform), s.db.Now()); !ok {
		return nil, tooMany(wait)
	}
	id := qms.NewID(s.db.Now())
	act := qms.Act{Name: "submission.receive", Needs: qms.Public.On(cmd.Platform), Platform: cmd.Platform, Subject: id}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if sub, err = s.screen(ctx, tx, cmd); err != nil {
			return err
		}
		known, err := submissionByReference(ctx, tx, cmd.Platform, sub.Reference)
		if err == nil || qms.CodeOf(err) != qms.CodeNotFound {
			sub = known
			return err
		}
		sub.ID, sub.ReceivedAt, sub.ReceivedOn = id, tx.Now(), tx.Today()
		if err := tx.Insert(ctx, sub); err != nil {
			return err
		}
		return attachAll(ctx, tx, AddEvidence{Kind: OfSubmission, Subject: id}, cmd.Files)
	})
	return sub, err
}

// attachAll adds each content once.
func attachAll(ctx context.Context, tx *store.Tx, cmd AddEvidence, files []*EvidenceFile) error {
	seen := map[string]bool{}
	for _, f := range files[:min(len(files), MaxFiles)] {
		if seen[f.Content.String()] {
			continue
		}
		seen[f.Content.String()] = true
		cmd.File = f
		if _, err := Attach(ctx, tx, cmd); err != nil {
			return err
		}
	}
	return nil
}

// Received reports on which day a submission with the reference came, for its sender: nothing else is
// told to the public.
func (s *Service) Received(ctx context.Context, platform qms.ID, reference string) (on qms.Date, err error) {
	err = s.db.View(ctx, qms.Public.On(platform), func(r store.Reader) error {
		sub, err := submissionByReference(ctx, r, platform, Normal(reference))
		if err == nil {
			on = sub.ReceivedOn
		}
		return err
	})
	return on, err
}

// readableBy withholds what came by the public form from those who do not decide on it.
func (e *Evidence) readableBy(actor qms.Actor) error {
	if e.Kind == OfSubmission && !actor.Can(qms.WriteTrace.On(e.Platform)) {
		return qms.NotFound("record.not_found")
	}
	return nil
}

// withhold takes away the files that the actor may not read.
func withhold(files map[qms.ID][]Evidence, actor qms.Actor) {
	for subject, some := range files {
		files[subject] = slices.DeleteFunc(some, func(e Evidence) bool { return e.readableBy(actor) != nil })
	}
}
