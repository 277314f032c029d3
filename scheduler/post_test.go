package scheduler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/scheduler/smtp"
)

// house is a small site: one platform with one lead, one obligation due on the day of the test's clock.
type house struct {
	platform qms.ID
	lead     qms.ID
	address  string
	dues     []qms.Due
	sent     []smtp.Message
	refuse   error
}

func newHouse() *house {
	h := &house{platform: storetest.AgentID(70), lead: storetest.AgentID(4), address: "agent04@plateforme.example"}
	h.dues = []qms.Due{{Key: "review:1", Kind: "review", Platform: h.platform, Title: "PR-ACH-001", On: qms.DateOf(storetest.Now, time.UTC)}}
	return h
}

func (h *house) Dues(context.Context, store.Reader, []qms.ID, qms.Date, qms.Date) ([]qms.Due, error) {
	return h.dues, nil
}

func (h *house) Staff(context.Context, store.Reader, qms.Date) (Staff, error) {
	return Staff{Places: map[qms.ID]*Place{h.platform: {ID: h.platform, Code: "PLT", Asked: []qms.ID{h.lead}, Present: []qms.ID{h.lead, storetest.AgentID(5)}}}}, nil
}

func (h *house) Contacts(_ context.Context, _ store.Reader, persons []qms.ID) (map[qms.ID]Contact, error) {
	all := map[qms.ID]Contact{}
	for _, p := range persons {
		all[p] = Contact{Name: "Agent", Address: h.address, SignsIn: true}
	}
	return all, nil
}

func (h *house) Dial(context.Context) (Outgoing, error) { return h, nil }
func (h *house) Close() error                           { return nil }

func (h *house) Send(_ context.Context, m smtp.Message) error {
	if h.refuse == nil {
		h.sent = append(h.sent, m)
	}
	return h.refuse
}

func (h *house) post(db *store.DB, mailer Mailer, log *slog.Logger) *Service {
	return New(db, Options{People: h, Sources: []Source{h}, Mailer: mailer, Log: log,
		Compose: func(_ context.Context, l Letter) (smtp.Message, error) {
			return smtp.Message{ID: l.ID, Address: l.Address, Text: l.Items[0].Title}, nil
		}})
}

func (h *house) asLead() context.Context {
	return storetest.AsPerson(h.lead, "Agent 04", qms.Grant{Role: qms.QualityLead, Platform: h.platform})
}

func TestRun_TellsOnceAndLeavesTwoLeaves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		s := h.post(db, h, nil)
		run, err := s.Run(storetest.AsSystem())
		if err != nil || run == nil || run.Asked != 1 || run.Sent != 1 || run.EndedAt.IsZero() {
			t.Fatalf("%+v, %v", run, err)
		}
		for range 3 {
			storetest.ClockOf(db).Advance(5 * time.Minute)
			if run, err := s.Run(storetest.AsSystem()); err != nil || run != nil {
				t.Errorf("again: %+v, %v", run, err)
			}
		}
		if len(h.sent) != 1 || h.sent[0].Address != h.address {
			t.Errorf("sent %+v", h.sent)
		}
		got, err := s.Received(h.asLead(), qms.Cursor{})
		if err != nil || len(got.Items) != 1 || got.Items[0].State != Sent || got.Items[0].Code != "PLT" {
			t.Errorf("received %+v, %v", got, err)
		}
	})
}

func TestRun_WithoutAMailerKeepsAndLogs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		var text bytes.Buffer
		s := h.post(db, nil, slog.New(slog.NewTextHandler(&text, nil)))
		run, err := s.Run(storetest.AsSystem())
		if err != nil || run.Asked != 1 || run.Sent != 0 || run.EndedAt.IsZero() {
			t.Fatalf("%+v, %v", run, err)
		}
		if !strings.Contains(text.String(), "PR-ACH-001") {
			t.Errorf("the log says %q", text.String())
		}
		if got, err := s.Received(h.asLead(), qms.Cursor{}); err != nil || len(got.Items) != 1 || got.Items[0].State != Kept {
			t.Errorf("received %+v, %v", got, err)
		}
		h.post(db, h, nil) // a mail server is configured later: what is old is not sent
		if err := h.post(db, h, nil).Tick(storetest.AsSystem()); err != nil || len(h.sent) != 0 {
			t.Errorf("sent %v, %v", h.sent, err)
		}
	})
}

func TestRetry_SendsADeadLetterToTheAddressThatHoldsThen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		h.refuse = fmt.Errorf("550 no such\r\nuser: %w", smtp.ErrRefused)
		s := h.post(db, h, nil)
		admin := storetest.As(qms.Administrator)
		if run, err := s.Run(storetest.AsSystem()); err != nil || run.Refused != 1 {
			t.Fatalf("%+v, %v", run, err)
		}
		dead, err := s.Mails(admin, Failed, qms.Cursor{})
		if err != nil || len(dead.Items) != 1 || strings.ContainsAny(dead.Items[0].Fault, "\r\n") {
			t.Fatalf("%+v, %v", dead, err)
		}
		if _, err := s.Retry(h.asLead(), Retry{Mail: dead.Items[0].ID}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a lead may: %v", err)
		}
		h.refuse, h.address = nil, "agent04.new@plateforme.example"
		if n, err := s.Retry(admin, Retry{Mail: dead.Items[0].ID, Reason: "address corrected"}); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if run, err := s.Run(storetest.AsSystem()); err != nil || run.Sent != 1 {
			t.Fatalf("%+v, %v", run, err)
		}
		if len(h.sent) != 1 || h.sent[0].Address != h.address || h.sent[0].ID != dead.Items[0].Message {
			t.Errorf("sent %+v", h.sent)
		}
		if _, err := s.Retry(admin, Retry{Mail: dead.Items[0].ID}); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("delivered, and taken up again: %v", err)
		}
		if _, err := s.Retry(admin, Retry{Mail: storetest.AgentID(1)}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("no such mail: %v", err)
		}
	})
}

func TestRun_PutsOffWhatFailsAndGivesUpInTheEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		h.refuse = errors.New("451 try later")
		s := h.post(db, h, nil)
		attempts := 0
		for range 24 * 12 { // five minutes each would be a day: the clock goes in half hours, for six days
			run, err := s.Run(storetest.AsSystem())
			if err != nil {
				t.Fatal(err)
			}
			if run != nil {
				attempts += run.Delayed + run.Refused
			}
			storetest.ClockOf(db).Advance(30 * time.Minute)
			h.dues = nil // done meanwhile: nothing more is asked
		}
		dead, err := s.Mails(storetest.As(qms.Administrator), Failed, qms.Cursor{})
		if err != nil || len(dead.Items) != 1 || attempts != maxAttempts {
			t.Errorf("%d attempts, %+v, %v", attempts, dead.Items, err)
		}
	})
}

func TestNote_RefusesARunnerThatWasTakenOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		s := h.post(db, h, nil)
		ctx := storetest.AsSystem()
		seen, q := lookAt(t, s, db)
		mine, err := s.claim(ctx, seen, q)
		if err != nil || mine == nil {
			t.Fatalf("%+v, %v", mine, err)
		}
		if again, err := s.claim(ctx, seen, q); err != nil || again != nil {
			t.Errorf("claimed twice on one look: %+v, %v", again, err)
		}
		now, _ := lookAt(t, s, db)
		theirs, err := s.claim(ctx, now, Question{})
		if err != nil || theirs == nil || theirs.Term != 2 {
			t.Fatalf("taken over: %+v, %v", theirs, err)
		}
		if err := s.note(ctx, mine, nil, true); !errors.Is(err, errLost) {
			t.Errorf("the first runner notes: %v", err)
		}
		if err := s.deliver(ctx, theirs); err != nil || len(h.sent) != 1 {
			t.Errorf("the second sends %d, %v", len(h.sent), err)
		}
	})
}

func lookAt(t *testing.T, s *Service, db *store.DB) (now state, q Question) {
	t.Helper()
	err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		if now, err = stateOf(context.Background(), r); err == nil {
			q, err = s.question(context.Background(), r, r.Today(), now.asked, true)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return now, q
}

func TestSet_HoldsToRightsRangesAndRevisions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		s := h.post(db, nil, nil)
		admin, lead := storetest.As(qms.Administrator), h.asLead()
		kind := Kinds()[0]
		for what, cmd := range map[string]SetRule{"unknown kind": {Kind: "rain", Offsets: []int{1}}, "negative": {Kind: kind, Offsets: []int{-1}},
			"far": {Kind: kind, Offsets: []int{367}}, "many": {Kind: kind, Offsets: []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}}, "none": {Kind: kind}} {
			if _, err := s.Set(admin, cmd); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := s.Set(lead, SetRule{Kind: kind, Offsets: []int{5}}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a lead settles for the site: %v", err)
		}
		if _, err := s.Set(lead, SetRule{Platform: h.platform, Kind: kind, Off: true}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("turned off what the site does not allow: %v", err)
		}
		set, err := s.Set(admin, SetRule{Kind: kind, Offsets: []int{0, 45, 45}, Optional: true})
		if err != nil || fmt.Sprint(set.Offsets) != "[45 0]" {
			t.Fatalf("%+v, %v", set, err)
		}
		if _, err := s.Set(admin, SetRule{Kind: kind, Offsets: []int{1}}); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("settled over what was not read: %v", err)
		}
		if _, err := s.Set(lead, SetRule{Platform: h.platform, Kind: kind, Off: true}); err != nil {
			t.Error(err)
		}
		stranger := storetest.As(qms.Manager, storetest.AgentID(71))
		if _, err := s.Settings(stranger, h.platform); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("another platform's manager reads: %v", err)
		}
	})
}

func TestAddress_TakesOnlyWhoIsThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse()
		s := h.post(db, nil, nil)
		member := storetest.AgentID(5)
		if err := s.Address(h.asLead(), Addressee{Platform: h.platform, Person: storetest.AgentID(99)}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("somebody from elsewhere: %v", err)
		}
		if err := s.Address(h.asLead(), Addressee{Platform: h.platform, Person: member}); err != nil {
			t.Fatal(err)
		}
		run, err := s.Run(storetest.AsSystem())
		if err != nil || run.Asked != 2 {
			t.Errorf("%+v, %v", run, err)
		}
		if err := s.Address(h.asLead(), Addressee{Platform: h.platform, Person: member, Ended: "left the team"}); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Settings(h.asLead(), h.platform); err != nil || len(v.Besides) != 0 || len(v.Asked) != 1 || len(v.Others) != 1 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestPrefer_IsOnesOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newHouse().post(db, nil, nil)
		ctx := storetest.As(qms.Member, storetest.AgentID(70))
		for what, cmd := range map[string]Prefer{"mode": {Mode: "hourly", Language: "fr"}, "weekday": {Mode: Weekly, Weekday: 8, Language: "fr"}, "language": {Mode: Daily, Language: "\x00"}} {
			if _, err := s.Prefer(ctx, cmd); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := s.Prefer(ctx, Prefer{Mode: Weekly, Weekday: 3, Language: "en"}); err != nil {
			t.Fatal(err)
		}
		if p, err := s.Preference(ctx); err != nil || p.Mode != Weekly || p.Weekday != 3 {
			t.Errorf("%+v, %v", p, err)
		}
		if p, err := s.Preference(storetest.As(qms.Manager, storetest.AgentID(70))); err != nil || p.Mode != Daily || p.Revision != 0 {
			t.Errorf("somebody else: %+v, %v", p, err)
		}
		if _, err := s.Prefer(storetest.AsSystem(), Prefer{Mode: Daily, Language: "fr"}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("Maillon itself: %v", err)
		}
	})
}
