package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	smtp "github.com/emersion/go-smtp"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/scheduler"
	"maillon/scheduler/smtp/smtptest"
	"maillon/server/app"
)

// owing makes the letter of a candidacy fall due on MIC, which its manager is told of.
func (s *site) owing() {
	s.t.Helper()
	partner, err := s.Label.AddInstitution(s.system(), label.StateInstitution{ShortName: "U1", Name: "Université 01", PartnerFrom: qms.MustDate("2016-01-01")})
	if err == nil {
		_, err = s.Label.ReceiveCandidacy(s.system(), label.StateCandidacy{Target: label.Target{Platform: s.platform["MIC"]}, ReceivedOn: s.DB.Today().AddDays(-60),
			Institutions: []qms.ID{partner.ID}, Signatories: []label.Signatory{{Name: "Agent 21", Function: "Direction"}}, Included: "Tout"})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) remind() *scheduler.Slot {
	s.t.Helper()
	slot, err := s.Reminders.Run(qms.WithActor(s.t.Context(), qms.System("scheduler")))
	if err != nil {
		s.t.Fatal(err)
	}
	return slot
}

func noon() time.Time { return time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC) }

func TestReminders_AreReadWhereOneLooksFirstWithoutAMailServer(t *testing.T) {
	t.Parallel()
	s := openAt(t, noon)
	manager, officer, stranger := s.holding(qms.Manager, "MIC"), s.holding(qms.QualityOfficer, ""), s.holding(qms.Manager, "CYT")
	s.owing()
	if slot := s.remind(); slot == nil || slot.Asked == 0 || slot.Sent != 0 {
		t.Fatalf("%+v", slot)
	}
	manager.shows("/tasks", "Rappels de la semaine", "Aucun serveur de courriel", "/reminders/mine")
	if body := manager.shows("/reminders/mine", "Rappelé le", "Une fois par jour, le matin"); strings.Contains(body, "&lt;time") {
		t.Error("the day is shown as markup")
	}
	officer.shows("/tasks", "Rappels de la semaine", "Vous êtes prévenu parce que la plateforme laisse ceci en retard depuis")
	count := func(b *browser) string {
		r := httptest.NewRequest(http.MethodGet, "/tasks/count", nil)
		r.Header.Set("HX-Request", "true")
		return b.send(r).body
	}
	if n := count(manager); !strings.Contains(n, "task-count") {
		t.Errorf("the top bar says %q", n)
	}
	if n := count(stranger); strings.Contains(n, "task-count") {
		t.Errorf("another platform's manager is told %q", n)
	}
	if body := stranger.get("/tasks").body; strings.Contains(body, "Rappels de la semaine") {
		t.Error("another platform's manager reads reminders")
	}
}

func TestReminders_DeadLettersAreFoundExportedAndTriedAgain(t *testing.T) {
	t.Parallel()
	refused := true
	mails := smtptest.Start(t, smtptest.Options{Refuse: func(to string) error {
		if refused && strings.HasPrefix(to, "manager") {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}})
	s := openWith(t, app.Settings{URL: "https://qualite.site.example", SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&from=qualite@site.example", mails.Port)}, noon)
	s.user(qms.Manager, "MIC")
	s.user(qms.QualityLead, "MIC")
	s.owing()
	if slot := s.remind(); slot == nil || slot.Refused != 1 || slot.Sent == 0 {
		t.Fatalf("%+v", slot)
	}
	admin, lead := s.holding(qms.Administrator, ""), s.holding(qms.QualityLead, "CYT")
	lead.says("a lead reads the outbox", lead.get("/reminders"), http.StatusNotFound)
	if lead.get("/tasks"); strings.Contains(lead.get("/tasks").body, "Rappels de la semaine") {
		t.Error("with a mail server reminders are mails")
	}
	for address, there := range map[string]bool{"?state=failed": true, "?address=MANAGER": true, "?from=2026-06-30&until=30/06/2026": true, "?address=%25": false, "?address=_anager": false,
		"?state=kept": false, "?until=2026-06-29": false, "?state=%01": false, "?address=" + strings.Repeat("a", 5000): false} {
		for _, format := range []string{"", "csv"} {
			a := admin.get("/reminders" + address + map[string]string{"": "", "csv": "&format=csv"}[format])
			if found := strings.Contains(a.body, "manager.micsite@plateforme.example"); a.status != http.StatusOK || found != there {
				t.Errorf("%.60s %s: %d, found %t", address, format, a.status, found)
			}
		}
	}
	admin.says("no day", admin.get("/reminders?from=hier"), http.StatusUnprocessableEntity, `id="err-h"`)
	for _, format := range []string{"xlsx", "pdf"} {
		admin.says(format, admin.get("/reminders?format="+format), http.StatusOK)
	}
	page := regexp.MustCompile(`/reminders/mails/[0-9a-f-]+`).FindString(admin.get("/reminders?state=failed").body)
	admin.shows(page, "no such user", "manager.micsite@plateforme.example")
	if shown := admin.get(page).body; strings.Contains(shown, `href="/p/MIC/`) || !strings.Contains(shown, "elles ne s’ouvrent pas d’ici") {
		t.Errorf("an administrator is led to pages of a platform:\n%s", shown)
	}
	admin.says("a reason too long", admin.post(page, url.Values{"reason": {strings.Repeat("é", 2001)}}), http.StatusUnprocessableEntity, `id="err-h"`)
	lead.says("a lead tries again", lead.post(page, url.Values{}), http.StatusForbidden)
	admin.says("no such mail", admin.post("/reminders/mails/00000000-0000-7000-8000-000000000001", url.Values{}), http.StatusNotFound)
	refused = false
	admin.done(page, url.Values{"reason": {"Adresse <b>corrigée</b>"}})
	admin.says("twice", admin.post(page, url.Values{}), http.StatusConflict)
	if slot := s.remind(); slot == nil || slot.Sent != 1 {
		t.Errorf("%+v", slot)
	}
	admin.says("sent", admin.post(page, url.Values{}), http.StatusConflict)
	if body := admin.get("/reminders?state=failed").body; strings.Contains(body, page) {
		t.Error("it is sent, and listed among the dead letters")
	}
}
