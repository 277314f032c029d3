package app

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	server "github.com/emersion/go-smtp"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/qmstest"
	"maillon/scheduler"
	"maillon/scheduler/smtp/smtptest"
)

// invitingHouse is a site whose mails arrive at a real server, with a platform in accompaniment.
type invitingHouse struct {
	*House
	mails    *smtptest.Server
	now      *time.Time
	platform qms.ID
	persons  []qms.ID // manager, quality lead, officer
	seen     int
}

func invitingHouseOf(t *testing.T, refuse func(to string) error) *invitingHouse {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h := &invitingHouse{mails: smtptest.Start(t, smtptest.Options{TLS: true, User: "maillon", Password: "s3cret", Refuse: refuse}), now: &now}
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Office: noOffice, URL: "https://qualite.site.example/",
		SMTP: fmt.Sprintf("smtp://maillon:s3cret@127.0.0.1:%d?from=qualite@site.example&ca=%s", h.mails.Port, url.QueryEscape(h.mails.CA))}
	var err error
	if h.House, err = Open(t.Context(), settings, Options{Clock: func() time.Time { return *h.now }, People: people.Options{Hash: &cheap}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	ctx := asSystem(t)
	p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: "PLT", Name: "Plateforme de microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	h.platform = p.ID
	for n, role := range []qms.Role{qms.Manager, qms.QualityLead, qms.QualityOfficer} {
		user := people.AddUser{Email: fmt.Sprintf("agent%02d@plateforme.example", n+1), Name: fmt.Sprintf("Agent %02d", n+1), Role: role, Platform: p.ID, Password: "une phrase de passe"}
		if role == qms.QualityOfficer {
			user.Platform = ""
		}
		account, err := h.People.AddUser(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		h.persons = append(h.persons, account.Person)
	}
	if _, err := h.Label.StartAccompaniment(ctx, label.StartAccompaniment{Platform: p.ID, PlanTerms: label.PlanTerms{Start: qms.MustDate("2026-03-02"), Months: 12, Officer: h.persons[2]}}); err != nil {
		t.Fatal(err)
	}
	h.post(t) // what falls due is told first
	return h
}

// post lets the scheduler run, and gives the mails about sessions that arrived since, by address.
func (h *invitingHouse) post(t *testing.T) map[string]smtptest.Letter {
	t.Helper()
	if _, err := h.Reminders.Run(qms.WithActor(t.Context(), qms.System("scheduler"))); err != nil {
		t.Fatal(err)
	}
	found := map[string]smtptest.Letter{}
	all := h.mails.Mails()
	for _, m := range all[h.seen:] {
		if l := m.Read(t); l.Calendar != nil {
			found[l.To.Address] = l
		}
	}
	h.seen = len(all)
	return found
}

func (h *invitingHouse) terms(day string) label.MeetingTerms {
	return label.MeetingTerms{Day: qms.MustDate(day), Start: 14 * 60, Minutes: 150, Place: "Salle A", Agenda: "Politique qualité\nOrganigramme",
		Attendees: []label.Attendee{{Person: h.persons[0]}, {Person: h.persons[1]}, {Name: "Invitée 01", Email: "invitee01@ailleurs.example"}, {Name: "Invité 02"}}}
}

func target(m *label.Meeting, reason string) label.Target {
	return label.Target{Platform: m.Platform, ID: m.ID, Revision: m.Revision, Reason: reason}
}

// eventOf reads the calendar part by another reader than ours.
func eventOf(t *testing.T, l smtptest.Letter) (method string, e *ical.Component) {
	t.Helper()
	c, err := ical.NewDecoder(bytes.NewReader(l.Calendar)).Decode()
	if err != nil {
		t.Fatalf("the calendar part cannot be read: %v\n%s", err, l.Calendar)
	}
	for _, e = range c.Children {
		if e.Name == ical.CompEvent {
			break
		}
	}
	return c.Props.Get(ical.PropMethod).Value, e
}

func prop(e *ical.Component, name string) string {
	if p := e.Props.Get(name); p != nil {
		return p.Value
	}
	return ""
}

func addresses(l map[string]smtptest.Letter) (all []string) {
	for a := range l {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}

func planned(t *testing.T, h *invitingHouse, terms label.MeetingTerms) *label.Meeting {
	t.Helper()
	m, err := h.Label.PlanMeeting(asSystem(t), label.PlanMeeting{Platform: h.platform, MeetingTerms: terms})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestInvitations_ArriveChangeAndAreCalledOff goes the whole way of a session: planned over the autumn change
// of the clocks, moved to another day and other people, called off. A real mail server takes the mails.
func TestInvitations_ArriveChangeAndAreCalledOff(t *testing.T) {
	t.Parallel()
	h := invitingHouseOf(t, nil)
	m := planned(t, h, h.terms("2026-03-27"))
	first := h.post(t)
	if got := addresses(first); !slices.Equal(got, []string{"agent01@plateforme.example", "agent02@plateforme.example", "agent03@plateforme.example", "invitee01@ailleurs.example"}) {
		t.Fatalf("invited: %v", got)
	}
	l := first["invitee01@ailleurs.example"]
	if !slices.Equal(l.Types, []string{"text/plain", "text/html", "text/calendar"}) || l.Method != "REQUEST" {
		t.Errorf("parts %v, method %q", l.Types, l.Method)
	}
	if kind := l.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/alternative") {
		t.Errorf("the mail is %s", kind)
	}
	if l.Subject != "Séance d’accompagnement\u202f: PLT, 27/03/2026 à 14:00" || !strings.Contains(l.Text, "Organigramme") || strings.Contains(l.Text, "https://") {
		t.Errorf("subject %q, text %s", l.Subject, l.Text)
	}
	if reply := l.Header.Get("Reply-To"); reply != "<agent03@plateforme.example>" {
		t.Errorf("answers go to %s", reply)
	}
	if manager := first["agent01@plateforme.example"]; !strings.Contains(manager.Text, "https://qualite.site.example/p/PLT/label/sessions/"+m.Number) {
		t.Errorf("who signs in finds the page: %s", manager.Text)
	}
	method, e := eventOf(t, l)
	uid := prop(e, "UID")
	if method != "REQUEST" || prop(e, "SEQUENCE") != "0" || prop(e, "DTSTART") != "20260327T140000" || e.Props.Get("DTSTART").Params.Get("TZID") != "Europe/Paris" ||
		prop(e, "ORGANIZER") != "mailto:agent03@plateforme.example" || len(e.Props["ATTENDEE"]) != 3 || uid == "" {
		t.Errorf("%s %+v", method, e.Props)
	}

	*h.now = h.now.Add(time.Hour)
	terms := h.terms("2026-03-30") // after the clocks changed
	terms.Attendees = terms.Attendees[1:]
	if m, err := h.Label.MoveMeeting(asSystem(t), label.MoveMeeting{Target: target(m, ""), MeetingTerms: terms}); err != nil || m.Sequence != 1 {
		t.Fatal(m, err)
	}
	moved := h.post(t)
	if len(moved) != 4 {
		t.Fatalf("told of the change: %v", addresses(moved))
	}
	method, e = eventOf(t, moved["agent02@plateforme.example"])
	if method != "REQUEST" || prop(e, "SEQUENCE") != "1" || prop(e, "UID") != uid || prop(e, "DTSTART") != "20260330T140000" || !strings.HasPrefix(moved["agent02@plateforme.example"].Subject, "Séance modifiée") {
		t.Errorf("changed: %s %+v", method, e.Props)
	}
	gone := moved["agent01@plateforme.example"]
	method, e = eventOf(t, gone)
	if method != "CANCEL" || gone.Method != "CANCEL" || prop(e, "UID") != uid || len(e.Props["ATTENDEE"]) != 1 || prop(e, "STATUS") != "" || strings.Contains(gone.Text, "Organigramme") {
		t.Errorf("no longer invited: %s %+v\n%s", method, e.Props, gone.Text)
	}

	*h.now = h.now.Add(time.Hour)
	sheet, err := h.Label.Meeting(asSystem(t), h.platform, m.Number)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Label.CancelMeeting(asSystem(t), target(&sheet.Meeting, "Grève des transports")); err != nil {
		t.Fatal(err)
	}
	off := h.post(t)
	if got := addresses(off); !slices.Equal(got, []string{"agent02@plateforme.example", "agent03@plateforme.example", "invitee01@ailleurs.example"}) {
		t.Fatalf("told that it is off: %v", got)
	}
	method, e = eventOf(t, off["agent02@plateforme.example"])
	if method != "CANCEL" || prop(e, "SEQUENCE") != "2" || prop(e, "UID") != uid || prop(e, "STATUS") != "CANCELLED" || !strings.Contains(off["agent02@plateforme.example"].Text, "Grève des transports") {
		t.Errorf("off: %s %+v", method, e.Props)
	}
	if again := h.post(t); len(again) != 0 {
		t.Errorf("told twice: %v", addresses(again))
	}
}

// What is written to people is what a calendar program of Debian takes.
func TestInvitations_OpenInACalendarProgram(t *testing.T) {
	t.Parallel()
	khal, err := exec.LookPath("khal")
	if err != nil {
		qmstest.Without(t, qmstest.Khal, "%v", err)
	}
	h := invitingHouseOf(t, nil)
	planned(t, h, h.terms("2026-03-30"))
	home := t.TempDir()
	config := "[calendars]\n[[mine]]\npath = HOME/calendar\n[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n" +
		"timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = HOME/khal.db\n"
	for name, text := range map[string]string{"config": strings.ReplaceAll(config, "HOME", home), "invitation.ics": string(h.post(t)["agent01@plateforme.example"].Calendar)} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(home, "calendar"), 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), khal, append([]string{"-c", filepath.Join(home, "config")}, args...)...)
		cmd.Env = append(os.Environ(), "HOME="+home, "LC_ALL=C.UTF-8", "TZ=America/New_York")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khal %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("import", "--batch", "-a", "mine", filepath.Join(home, "invitation.ics"))
	if got := run("list", "--format", "{start-date} {start-time} {end-time} {location} {title}", "--day-format", "", "2026-03-30", "1d"); !strings.Contains(got, "2026-03-30 14:00 16:30 Salle A") {
		t.Errorf("khal shows %q", got)
	}
}

// A mail that waits while the session changes is not sent any more, nor one about a session that is over.
func TestInvitations_AreNotSentOnceSomethingElseIsTrue(t *testing.T) {
	t.Parallel()
	away := true
	h := invitingHouseOf(t, func(string) error {
		if away {
			return &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 3, 0}, Message: "later"}
		}
		return nil
	})
	terms := h.terms("2026-03-27")
	m := planned(t, h, terms)
	h.post(t)
	*h.now = h.now.Add(time.Minute)
	terms.Start = 15 * 60
	m, err := h.Label.MoveMeeting(asSystem(t), label.MoveMeeting{Target: target(m, ""), MeetingTerms: terms})
	if err != nil {
		t.Fatal(err)
	}
	away = false
	*h.now = h.now.Add(30 * time.Minute)
	arrived := h.post(t)
	if len(arrived) != 4 {
		t.Fatalf("arrived: %v", addresses(arrived))
	}
	for _, l := range arrived {
		if _, e := eventOf(t, l); prop(e, "SEQUENCE") != "1" {
			t.Errorf("%s is told of sequence %s", l.To.Address, prop(e, "SEQUENCE"))
		}
	}
	away = true
	*h.now = h.now.Add(time.Hour)
	if _, err := h.Label.InviteMeeting(asSystem(t), target(m, "")); err != nil {
		t.Fatal(err)
	}
	h.post(t)
	away = false
	*h.now = time.Date(2026, 3, 27, 18, 0, 0, 0, time.UTC)
	if late := h.post(t); len(late) != 0 {
		t.Errorf("told of what is over: %v", addresses(late))
	}
	said, err := h.Reminders.Invitations(asSystem(t), h.platform, m.ID)
	if err != nil || len(said.Told) != 4 || said.Told[0].State != scheduler.Kept || said.Told[0].Sequence != 2 {
		t.Errorf("%+v, %v", said, err)
	}
}

func TestInvitations_GoOutOnlyWhereTheyAreWanted(t *testing.T) {
	t.Parallel()
	h := invitingHouseOf(t, nil)
	terms := h.terms("2026-03-27")
	terms.Quiet = true
	m := planned(t, h, terms)
	if got := h.post(t); len(got) != 0 {
		t.Errorf("quietly: %v", addresses(got))
	}
	*h.now = h.now.Add(time.Minute)
	m, err := h.Label.InviteMeeting(asSystem(t), target(m, ""))
	if err != nil {
		t.Fatal(err)
	}
	if got := h.post(t); len(got) != 4 {
		t.Errorf("invited after all: %v", addresses(got))
	}
	*h.now = h.now.Add(time.Minute)
	terms = h.terms("2026-03-27")
	terms.Attendees = append(terms.Attendees, label.Attendee{Name: "Invitée 03", Email: "invitee03@ailleurs.example"})
	if m, err = h.Label.MoveMeeting(asSystem(t), label.MoveMeeting{Target: target(m, ""), MeetingTerms: terms}); err != nil {
		t.Fatal(err)
	}
	if got := addresses(h.post(t)); !slices.Equal(got, []string{"invitee03@ailleurs.example"}) {
		t.Errorf("one more is invited, and those who know are told again: %v", got)
	}
	if _, err := h.Reminders.Set(asSystem(t), scheduler.SetRule{Kind: scheduler.InviteKind, Off: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Label.CancelMeeting(asSystem(t), target(m, "Grève")); err != nil {
		t.Fatal(err)
	}
	if got := h.post(t); len(got) != 0 {
		t.Errorf("turned off: %v", addresses(got))
	}
	held := h.terms("2026-03-02")
	held.Start = 8 * 60
	if _, err := h.Label.PlanMeeting(asSystem(t), label.PlanMeeting{Platform: h.platform, MeetingTerms: held, Held: true}); err != nil {
		t.Fatal(err)
	}
	if got := h.post(t); len(got) != 0 {
		t.Errorf("a session that was held: %v", addresses(got))
	}
}
