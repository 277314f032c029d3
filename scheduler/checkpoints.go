package scheduler

import (
	"context"
	"strings"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

var _ witness.Post = (*Service)(nil)

// MailCheckpoints queues mails about checkpoints and alarms, see witness.Post.
func (s *Service) MailCheckpoints(ctx context.Context, tx *store.Tx, mails []witness.Mail) error {
	var persons []qms.ID
	for _, m := range mails {
		if m.Person != "" {
			persons = append(persons, m.Person)
		}
	}
	languages := map[qms.ID]string{}
	if len(persons) > 0 {
		var err error
		if languages, err = languagesOf(ctx, tx, persons); err != nil {
			return err
		}
	}
	all := make([]*Dispatch, len(mails))
	for i, m := range mails {
		d := &Dispatch{About: m.About, Person: m.Person, Name: m.Name, Address: m.Address, Language: m.Language}
		if m.Person != "" {
			d.Language = languages[m.Person]
		}
		say := locale.For(d.Language)
		d.Language = say.Lang()
		if m.Alarm != nil {
			d.Words = alarmWords(say, m)
		} else {
			d.Words = checkpointWords(say, m)
		}
		if m.Name != "" {
			d.Words.Greeting = say.T("digest.greeting", m.Name)
		}
		all[i] = d
	}
	return s.Dispatch(ctx, tx, all...)
}

// CheckpointsTold are the checkpoints in mails whose About begins so, by address, see witness.Post.
func (s *Service) CheckpointsTold(ctx context.Context, r store.Reader, about string) (map[string][]qms.ID, error) {
	all, err := dispatchesAbout(ctx, r, about)
	told := map[string][]qms.ID{}
	for _, d := range all {
		told[d.Address] = append(told[d.Address], d.Words.Checkpoints...)
	}
	return told, err
}

// placeName is the platform of a trail, or the site.
func placeName(say *locale.Printer, p witness.Place) string {
	if p.Code == "" {
		return say.T("mail.checkpoint.site")
	}
	return p.Name + " (" + p.Code + ")"
}

func placeCode(p witness.Place) string {
	if p.Code == "" {
		return "site"
	}
	return p.Code
}

// trailPath is the page of a kept checkpoint, or of all of them.
func trailPath(p witness.Place, parts ...string) string {
	path := "/trail/checkpoints"
	if p.Code != "" {
		path = "/p/" + p.Code + path
	}
	return strings.Join(append([]string{path}, parts...), "/")
}

// checkpointWords tells checkpoints: of a pack to an auditor, or of a day to an address outside.
func checkpointWords(say *locale.Printer, m witness.Mail) Wording {
	w := Wording{Button: say.T("mail.checkpoint.button"), Attached: say.T("mail.checkpoint.attached", len(m.Checkpoints))}
	if m.Day == 0 {
		c := m.Checkpoints[0]
		w.Subject = say.T("mail.checkpoint.pack_subject", m.Place.Code, c.Pack)
		w.Heading = say.T("mail.checkpoint.pack_heading", c.Pack)
		w.Intro = []string{say.T("mail.checkpoint.pack_intro", c.Pack, placeName(say, m.Place)), say.T("mail.checkpoint.keep")}
		w.Why, w.Path = say.T("mail.checkpoint.pack_why", placeName(say, m.Place)), trailPath(m.Place, string(c.ID))
	} else {
		w.Subject = say.T("mail.checkpoint.day_subject", say.Date(m.Day), len(m.Checkpoints))
		w.Heading = say.T("mail.checkpoint.day_heading", say.LongDate(m.Day))
		w.Intro = []string{say.T("mail.checkpoint.day_intro", len(m.Checkpoints)), say.T("mail.checkpoint.keep")}
		w.Why, w.Button = say.T("mail.checkpoint.day_why"), ""
	}
	for _, c := range m.Checkpoints {
		w.Blocks = append(w.Blocks, Block{Title: say.T("mail.checkpoint.block", placeName(say, c.Place), c.Size), Text: c.Note})
		w.Attachments = append(w.Attachments, DispatchedFile{Name: c.FileName(placeCode(c.Place)), Text: c.Note})
		w.Checkpoints = append(w.Checkpoints, c.ID)
	}
	if len(m.Checkpoints) == 1 {
		c := m.Checkpoints[0]
		w.Facts = [][2]string{{say.T("page.trail.fingerprint"), c.Fingerprint()}, {say.T("page.trail.key"), c.Signer}}
	}
	return w
}

// alarmWords tells that a trail does not continue its last checkpoint.
func alarmWords(say *locale.Printer, m witness.Mail) Wording {
	a := m.Alarm
	return Wording{Subject: say.T("mail.alarm.subject", placeName(say, m.Place)), Heading: say.T("mail.alarm.heading"),
		Intro: []string{say.T("mail.alarm.intro", placeName(say, m.Place)), say.T("mail.alarm.what")},
		Facts: [][2]string{{say.T("mail.alarm.kept"), say.T("mail.alarm.leaves_at", a.KeptSize, say.FullInstant(a.KeptAt))},
			{say.T("mail.alarm.found"), say.T("mail.alarm.leaves_at", a.FoundSize, say.FullInstant(a.FoundAt))}},
		Button: say.T("mail.alarm.button"), Path: trailPath(witness.Place{}), Why: say.T("mail.alarm.why")}
}
