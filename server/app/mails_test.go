package app

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/scheduler"
	"maillon/scheduler/smtp/smtptest"
)

// TestReminders_ArriveWithALinkToWhereTheyAreDone goes the whole way: a room says what falls due, the post
// queues it, a real mail server takes it, and another reader than ours reads it again.
func TestReminders_ArriveWithALinkToWhereTheyAreDone(t *testing.T) {
	t.Parallel()
	mails := smtptest.Start(t, smtptest.Options{TLS: true, User: "maillon", Password: "s3cret", Refuse: func(to string) error {
		if strings.HasPrefix(to, "agent02") {
			return &server.SMTPError{Code: 550, EnhancedCode: server.EnhancedCode{5, 1, 1}, Message: "unknown"}
		}
		return nil
	}})
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Office: noOffice, URL: "https://qualite.site.example/",
		SMTP: fmt.Sprintf("smtp://maillon:s3cret@127.0.0.1:%d?from=qualite@site.example&name=Qualit%%C3%%A9&ca=%s", mails.Port, url.QueryEscape(mails.CA))}
	at := time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)
	h, err := Open(t.Context(), settings, Options{Clock: qms.FixedClock(at), People: people.Options{Hash: &cheap}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	ctx := asSystem(t)
	p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: "PLT", Name: "Plateforme <de> microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	for n, role := range []qms.Role{qms.Manager, qms.QualityLead} {
		user := people.AddUser{Email: fmt.Sprintf("agent%02d@plateforme.example", n+1), Name: fmt.Sprintf("Agent %02d", n+1), Role: role, Platform: p.ID, Password: "une phrase de passe"}
		if _, err := h.People.AddUser(ctx, user); err != nil {
			t.Fatal(err)
		}
	}
	institution, err := h.Label.AddInstitution(ctx, label.StateInstitution{ShortName: "UL", Name: "Université", PartnerFrom: qms.MustDate("2016-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	candidacy := label.StateCandidacy{Target: label.Target{Platform: p.ID}, ReceivedOn: qms.MustDate("2026-06-01"), Included: "La microscopie", Institutions: []qms.ID{institution.ID},
		Signatories: []label.Signatory{{Name: "Agent 03", Function: "Direction de l’unité"}}}
	if _, err := h.Label.ReceiveCandidacy(ctx, candidacy); err != nil {
		t.Fatal(err)
	}
	post := qms.WithActor(t.Context(), qms.System("scheduler"))
	slot, err := h.Reminders.Run(post)
	if err != nil || slot == nil {
		t.Fatalf("the run: %+v, %v", slot, err)
	}
	if slot.Sent != 1 || slot.Refused != 1 {
		t.Errorf("sent %d, refused %d, delayed %d", slot.Sent, slot.Refused, slot.Delayed)
	}
	all := mails.Mails()
	if len(all) != 1 {
		t.Fatalf("%d mails arrived", len(all))
	}
	l := all[0].Read(t)
	if l.To.Address != "agent01@plateforme.example" || l.To.Name != "Agent 01" || l.From.Name != "Qualité" || !strings.HasSuffix(l.Header.Get("Message-Id"), "@site.example>") {
		t.Errorf("to %v from %v: %s", l.To, l.From, l.Header.Get("Message-Id"))
	}
	if !strings.HasPrefix(l.Subject, "Lettre d’engagement à signer") {
		t.Errorf("the subject is %q", l.Subject)
	}
	for _, link := range []string{"https://qualite.site.example/p/PLT/label/candidacy", "https://qualite.site.example" + duePage, "https://qualite.site.example" + preferencesPage} {
		if !strings.Contains(l.Text, "\n"+link+"\n") && !strings.Contains(l.Text, "  "+link+"\n") || !strings.Contains(l.HTML, `href="`+link+`"`) {
			t.Errorf("the mail does not lead to %s: %s", link, l.Text)
		}
	}
	if !strings.Contains(l.HTML, "Plateforme &lt;de&gt; microscopie (PLT)") {
		t.Error("the name of the platform is not text")
	}
	if again, err := h.Reminders.Run(post); err != nil || again != nil && again.Sent > 0 || len(mails.Mails()) != 1 {
		t.Errorf("once more: %+v, %v", again, err)
	}
}

func TestReminders_StayInTheHouseWithoutAMailServer(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	if s.mails != nil {
		t.Fatal("a mail server that nobody stated")
	}
	if _, err := s.Reminders.Run(qms.WithActor(t.Context(), qms.System("scheduler"))); err != nil {
		t.Error(err)
	}
}

var _ scheduler.Mailer = outgoing{}
