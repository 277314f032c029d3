package app

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"maillon/audits"
	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler"
	"maillon/scheduler/smtp/smtptest"
)

// TestCheckpoints_AreMailedByteForByteToWhoKeepsThem goes the whole way: a pack and a morning, the outbox, a
// real mail server, and another reader than ours.
func TestCheckpoints_AreMailedByteForByteToWhoKeepsThem(t *testing.T) {
	t.Parallel()
	mails := smtptest.Start(t, smtptest.Options{})
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Office: noOffice, URL: "https://qualite.site.example/",
		SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?from=qualite@site.example&tls=none", mails.Port)}
	now := time.Date(2026, 6, 29, 15, 0, 0, 0, time.UTC)
	h, err := Open(t.Context(), settings, Options{Clock: func() time.Time { return now }, People: people.Options{Hash: &cheap}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	ctx, post := asSystem(t), qms.WithActor(t.Context(), qms.System("scheduler"))
	if err := h.Witness.Enrol(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: "PLT", Name: "Plateforme <de> microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	for n, role := range []qms.Role{qms.Auditor, qms.Manager} {
		user := people.AddUser{Email: fmt.Sprintf("agent%02d@plateforme.example", n+1), Name: fmt.Sprintf("Agent %02d", n+1), Role: role, Platform: p.ID, Password: "une phrase de passe"}
		if _, err := h.People.AddUser(ctx, user); err != nil {
			t.Fatal(err)
		}
	}
	for address, language := range map[string]string{"archives@institution.example": "fr", "notary@institution.example": "en"} {
		if _, err := h.Witness.AddAddress(ctx, witness.AddAddress{Address: address, Language: language}); err != nil {
			t.Fatal(err)
		}
	}
	made, err := h.Audits.MakePack(ctx, audits.PreparePack{Platform: p.ID, AsOf: h.DB.Today(), Language: "fr", Sections: []string{"platform"}}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	sent := func() map[string]smtptest.Letter {
		t.Helper()
		before := len(mails.Mails())
		if _, err := h.Reminders.Run(post); err != nil {
			t.Fatal(err)
		}
		letters := map[string]smtptest.Letter{}
		for _, m := range mails.Mails()[before:] {
			if _, twice := letters[m.To]; twice {
				t.Errorf("%s gets two mails", m.To)
			}
			letters[m.To] = m.Read(t)
		}
		return letters
	}
	packed := sent()
	l := packed["agent01@plateforme.example"]
	kept, err := h.Witness.List(ctx, p.ID, witness.Packed, qms.Cursor{})
	if err != nil || len(kept.Items) != 1 || len(packed) != 1 {
		t.Fatalf("%d mails, %d kept, %v", len(packed), len(kept.Items), err)
	}
	note := kept.Items[0].Note
	if l.Files[kept.Items[0].FileName("PLT")] != note || !strings.Contains(l.Text, strings.TrimSpace(note)) || !strings.Contains(l.HTML, "Plateforme &lt;de&gt; microscopie") {
		t.Errorf("the auditor gets %v\n%s", l.Files, l.Text)
	}
	if !strings.Contains(l.Subject, made.Number) || !strings.Contains(l.Text, "https://qualite.site.example/p/PLT/trail/checkpoints/"+kept.Items[0].ID.String()) {
		t.Errorf("%s\n%s", l.Subject, l.Text)
	}
	now = time.Date(2026, 6, 30, 6, 0, 0, 0, time.UTC)
	for range 2 {
		if err := h.Witness.Tick(post); err != nil {
			t.Fatal(err)
		}
	}
	morning := sent()
	for address, word := range map[string]string{"archives@institution.example": "Gardez ce courriel", "notary@institution.example": "Keep this mail"} {
		l := morning[address]
		if len(l.Files) != 2 || !strings.Contains(l.Text, word) || strings.Contains(l.HTML, "Open the") {
			t.Errorf("%s gets %d files\n%s", address, len(l.Files), l.Text)
		}
	}
	if again := sent(); len(again) != 0 {
		t.Errorf("%d mails once more", len(again))
	}
	outbox, err := h.Reminders.Mails(ctx, scheduler.Sent, qms.Cursor{})
	if err != nil || len(outbox.Items) < 3 {
		t.Fatalf("%d mails in the outbox, %v", len(outbox.Items), err)
	}
	for _, m := range outbox.Items {
		if m.Dispatch == "" {
			continue
		}
		if told, err := h.Reminders.Mail(ctx, m.ID); err != nil || told.Dispatch == nil || len(told.Dispatch.Words.Checkpoints) == 0 {
			t.Errorf("%+v, %v", told, err)
		}
	}
}
