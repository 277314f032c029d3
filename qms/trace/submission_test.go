package trace

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// open is a platform whose public form receives.
func openedForm(t *testing.T, db *store.DB) fixture {
	t.Helper()
	s := furnished(t, db)
	v, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.KeepIn(v).SignFormsWith(FormKey("a key of the site"))
	must(s.SetRequestForm(storetest.As(qms.Manager, platform), SetRequestForm{Platform: platform, Receives: true, IntroFrench: "Bienvenue"}))(t)
	return s
}

// sent is what a client sends who took a minute for it.
func (f fixture) sent(t *testing.T) Submit {
	t.Helper()
	token, err := f.FormKey().Token(platform, f.db.Now().Add(-time.Minute), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return Submit{Platform: platform, Token: token, Consent: true, Language: "fr", Name: "Agent 51", Email: "agent51@laboratoire.example",
		Client: "Laboratoire A", ClientStatus: Academic, Subject: "Imagerie", Description: "Deux lames\nà imager"}
}

func TestSubmission_BecomesARequestWithItsContactAndFiles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, nobody, lead := openedForm(t, db), t.Context(), storetest.As(qms.Member, platform)
		cmd := s.sent(t)
		file := must(s.ReceiveSubmitted(nobody, "plan.txt", strings.NewReader("deux lames")))(t)
		cmd.Files = []*EvidenceFile{file, file}
		sub := must(s.Submit(nobody, cmd))(t)
		if again := must(s.Submit(nobody, cmd))(t); again.ID != sub.ID {
			t.Error("the same form sent twice is two submissions")
		}
		if on := must(s.Received(nobody, platform, strings.ToLower(sub.Reference)))(t); on != sub.ReceivedOn {
			t.Errorf("the sender is told %v", on)
		}
		if waiting, open, err := s.Inbox(lead, platform); err != nil || waiting != 1 || !open {
			t.Errorf("%d wait, open %v, %v", waiting, open, err)
		}
		_, files, err := s.Submission(lead, platform, sub.Reference)
		if err != nil || len(files) != 1 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		target := Target{Platform: platform, ID: sub.ID, Revision: sub.Revision}
		r := must(s.AcceptSubmission(lead, AcceptSubmission{Target: target, Client: sub.Client, ClientStatus: sub.ClientStatus, Subject: "Imagerie de lames"}))(t)
		if r.Number != "DEM-2026-0001" || r.Origin != ByForm || r.Submission != sub.ID || r.ContactEmail != cmd.Email || r.Date != sub.ReceivedOn {
			t.Errorf("the request is %+v", r)
		}
		d := must(s.Dossier(lead, platform, r.Number, 0))(t)
		if d.Chain.Request != *r {
			t.Errorf("the dossier has %+v", d.Chain.Request)
		}
		if kept := d.Evidence[r.ID]; len(kept) != 1 || kept[0].Content != file.Content || kept[0].Name != "plan.txt" || kept[0].AddedAt.IsZero() || kept[0].Kind != OfRequest {
			t.Errorf("the files of the dossier are %+v", kept)
		}
		target.Revision++
		if _, err := s.AcceptSubmission(lead, AcceptSubmission{Target: target, Client: "c", ClientStatus: Academic, Subject: "s"}); !errors.Is(err, qms.Conflict("submission.decided")) {
			t.Errorf("accepted twice: %v", err)
		}
		page := must(s.Submissions(lead, platform, SubmissionFilter{}, qms.Cursor{}))(t)
		if len(page.Items) != 0 {
			t.Errorf("it still waits: %+v", page.Items)
		}
	})
}

func TestSubmission_IsDeclinedSetAsideAndTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := openedForm(t, db), storetest.As(qms.QualityLead, platform)
		first, second := must(s.Submit(t.Context(), s.sent(t)))(t), must(s.Submit(t.Context(), s.sent(t)))(t)
		target := Target{Platform: platform, ID: first.ID, Revision: 1}
		if _, err := s.DeclineSubmission(lead, target); wrong(err)["reason"] != "input.required" {
			t.Errorf("declined without a reason: %v", err)
		}
		target.Reason = "hors du domaine"
		if sub := must(s.DeclineSubmission(lead, target))(t); sub.State != Declined || sub.Reason == "" || sub.DecidedOn == 0 {
			t.Errorf("declined: %+v", sub)
		}
		must(s.MarkSpam(lead, Target{Platform: platform, ID: second.ID, Revision: 1}))(t)
		all := must(s.Submissions(lead, platform, SubmissionFilter{All: true}, qms.Cursor{}))(t)
		if len(all.Items) != 1 || all.Items[0].ID != first.ID {
			t.Errorf("without spam: %+v", all.Items)
		}
		if spam := must(s.Submissions(lead, platform, SubmissionFilter{State: Spam}, qms.Cursor{}))(t); len(spam.Items) != 1 {
			t.Errorf("spam is lost: %+v", spam.Items)
		}
		if sub := must(s.ReopenSubmission(lead, Target{Platform: platform, ID: second.ID, Revision: 2}))(t); sub.State != Waiting {
			t.Errorf("taken back: %+v", sub)
		}
	})
}

func TestSubmission_IsReadByThoseWhoDecideAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := openedForm(t, db)
		cmd := s.sent(t)
		cmd.Files = []*EvidenceFile{must(s.ReceiveSubmitted(t.Context(), "a.txt", strings.NewReader("a")))(t)}
		sub := must(s.Submit(t.Context(), cmd))(t)
		_, files, err := s.Submission(storetest.As(qms.Member, platform), platform, sub.Reference)
		if err != nil {
			t.Fatal(err)
		}
		auditor := storetest.As(qms.Auditor, platform)
		if _, err := s.Submissions(auditor, platform, SubmissionFilter{}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("an auditor lists them: %v", err)
		}
		if _, _, err := s.OpenEvidence(auditor, platform, files[0].ID); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("an auditor opens the file: %v", err)
		}
		if seen := must(s.EvidenceOf(auditor, platform, sub.ID))(t); len(seen[sub.ID]) != 0 {
			t.Errorf("an auditor lists the file: %v", seen)
		}
		if _, err := s.Submissions(t.Context(), platform, SubmissionFilter{}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeUnauthenticated {
			t.Errorf("the public lists them: %v", err)
		}
		if _, err := s.SetRequestForm(storetest.As(qms.Member, platform), SetRequestForm{Platform: platform, Revision: 1}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member closes the form: %v", err)
		}
		if strings.Contains(trailOf(t, db), cmd.Email) || strings.Contains(trailOf(t, db), cmd.Name) {
			t.Error("the trail tells who sent it")
		}
	})
}

// trailOf is every change on record, as text.
func trailOf(t *testing.T, db *store.DB) string {
	t.Helper()
	var b bytes.Buffer
	rows, err := storetest.Raw(t, db).Query("SELECT after FROM trail_changes")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var after string
		if err := rows.Scan(&after); err != nil {
			t.Fatal(err)
		}
		b.WriteString(after)
	}
	return b.String()
}

func TestSubmission_RefusesWhatIsNoRequestAndCleansWhatIsText(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := openedForm(t, db)
		refused := func(why, field, key string, change func(*Submit)) {
			t.Helper()
			cmd := s.sent(t)
			change(&cmd)
			_, err := s.Submit(t.Context(), cmd)
			if field == "" && !errors.Is(err, &qms.Error{Code: qms.CodeOf(err), Key: key}) || field != "" && wrong(err)[field] != key {
				t.Errorf("%s: %v", why, err)
			}
		}
		refused("a trap", "website", "submission.trap", func(c *Submit) { c.Trap = "x" })
		refused("no consent", "consent", "submission.consent", func(c *Submit) { c.Consent = false })
		refused("a header", "email", "email.malformed", func(c *Submit) { c.Email = "a@b.example\r\nBcc: c@d.example" })
		refused("two addresses", "email", "email.malformed", func(c *Submit) { c.Email = "a@b.example, c@d.example" })
		refused("a name with the address", "email", "email.malformed", func(c *Submit) { c.Email = "A <a@b.example>" })
		refused("a megabyte", "description", "input.too_long", func(c *Submit) { c.Description = strings.Repeat("x", 1<<20) })
		refused("a megabyte of subject", "subject", "input.too_long", func(c *Submit) { c.Subject = strings.Repeat("é", 1<<20) })
		refused("signs that are not seen", "name", "input.required", func(c *Submit) { c.Name = "\u202e\u200b\x00" })
		refused("a status of its own", "client_status", "input.unknown_choice", func(c *Submit) { c.ClientStatus = "<script>" })
		refused("another platform's form", "", "submission.form_unknown", func(c *Submit) {
			c.Token, _ = s.FormKey().Token("00000000-0000-7000-9000-000000000002", db.Now().Add(-time.Minute), rand.Reader)
		})
		refused("another key", "", "submission.form_unknown", func(c *Submit) {
			c.Token, _ = FormKey("guessed").Token(platform, db.Now().Add(-time.Minute), rand.Reader)
		})
		refused("no token", "", "submission.form_unknown", func(c *Submit) { c.Token = "" })
		refused("at once", "", "submission.too_fast", func(c *Submit) { c.Token, _ = s.FormKey().Token(platform, db.Now(), rand.Reader) })
		refused("of last week", "", "submission.form_expired", func(c *Submit) {
			c.Token, _ = s.FormKey().Token(platform, db.Now().AddDate(0, 0, -7), rand.Reader)
		})
		if _, err := s.ReceiveSubmitted(t.Context(), "big", bytes.NewReader(make([]byte, MaxFileBytes+1))); wrong(err)["files"] != "submission.file_large" {
			t.Errorf("a file too large: %v", err)
		}
		cmd := s.sent(t)
		cmd.Subject = "Ima\u202egerie\r\n<b>\x1b[31m"
		cmd.Description = "a\r\nb\x00\u2066c"
		sub := must(s.Submit(t.Context(), cmd))(t)
		if sub.Subject != "Imagerie <b>[31m" || sub.Description != "a\nbc" {
			t.Errorf("kept %q, %q", sub.Subject, sub.Description)
		}
		must(s.SetRequestForm(storetest.As(qms.Manager, platform), SetRequestForm{Platform: platform, Revision: 1}))(t)
		refused("a closed form", "", "submission.no_form", func(*Submit) {})
	})
}

func TestSubmission_FloodLeavesBoundedRowsAndPasses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, clock := openedForm(t, db), storetest.ClockOf(db)
		heard, told := 0, 0
		for n := range 3000 { // one address
			if err := s.Knock("192.0.2.1", db.Now()); err == nil {
				heard++
			} else if !errors.Is(err, qms.Busy("submission.too_many")) {
				t.Fatal(n, err)
			}
		}
		if heard != 10 || s.Knock("192.0.2.2", db.Now()) != nil {
			t.Errorf("%d of one address were heard, or another was not", heard)
		}
		for n := range 400 { // from everywhere, for hours
			if n%10 == 0 {
				clock.Advance(time.Minute)
			}
			switch _, err := s.Submit(t.Context(), s.sent(t)); {
			case errors.Is(err, qms.Busy("submission.too_many")):
				told++
			case err != nil && !errors.Is(err, qms.Busy("submission.full")):
				t.Fatal(n, err)
			}
		}
		waiting, _, err := s.Inbox(storetest.As(qms.Member, platform), platform)
		if err != nil || waiting > MaxPerDay || told == 0 {
			t.Errorf("%d wait, %d were told to wait: %v", waiting, told, err)
		}
		clock.Advance(24 * time.Hour)
		if _, err := s.Submit(t.Context(), s.sent(t)); err != nil {
			t.Errorf("the next day: %v", err)
		}
		if len(s.brakes.address.cells) != 4096 {
			t.Error("the brake grew")
		}
	})
}

func TestBrake_LetsABurstThenOneAnInterval(t *testing.T) {
	t.Parallel()
	b, now, passed := newBrake(1, 3, time.Minute), time.Unix(0, 0), []string{}
	for range 12 {
		for n := range 5 {
			if wait, ok := b.take("k", now); ok {
				passed = append(passed, fmt.Sprint(int(now.Unix()), ".", n))
			} else if wait <= 0 || wait > time.Minute {
				t.Fatalf("wait %v", wait)
			}
		}
		now = now.Add(30 * time.Second)
	}
	if got := strings.Join(passed, " "); got != "0.0 0.1 0.2 60.0 120.0 180.0 240.0 300.0" {
		t.Error(got)
	}
	if _, ok := b.take("k", time.Unix(-100000, 0)); !ok {
		t.Error("a clock that went back brakes for ever")
	}
}

func TestNeighbours_CountANetworkOfVersion6AsOne(t *testing.T) {
	t.Parallel()
	if neighbours("2001:db8::1") != neighbours("2001:db8::ffff:2") || neighbours("2001:db8::1") == neighbours("2001:db8:0:1::1") {
		t.Error("networks are not told apart, or neighbours are")
	}
	if neighbours("192.0.2.1") != "192.0.2.1" || neighbours("me") != "me" {
		t.Error("another address changed")
	}
}
