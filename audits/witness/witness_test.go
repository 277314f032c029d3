package witness_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

func newKey(t testing.TB, seed byte) (trail.Key, trail.Verifier) {
	t.Helper()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{seed}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	v, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return key, v
}

// box is a post that keeps what it is given, as the outbox does: once for each subject and address.
type box struct{ mails []witness.Mail }

func (b *box) MailCheckpoints(_ context.Context, _ *store.Tx, mails []witness.Mail) error {
	b.mails = append(b.mails, mails...)
	return nil
}

func (b *box) CheckpointsTold(_ context.Context, _ store.Reader, about string) (map[string][]qms.ID, error) {
	told := map[string][]qms.ID{}
	for _, m := range b.mails {
		if strings.HasPrefix(m.About, about) {
			for _, c := range m.Checkpoints {
				told[m.Address] = append(told[m.Address], c.ID)
			}
		}
	}
	return told, nil
}

// watch is a site with one platform, and the room that keeps checkpoints of it.
type watch struct {
	*witness.Service
	t        *testing.T
	db       *store.DB
	people   *people.Service
	platform qms.ID
	box      *box
	members  int
}

func newWatch(t *testing.T, db *store.DB, o witness.Options) *watch {
	t.Helper()
	if o.Key.IsZero() {
		o.Key, _ = newKey(t, 1)
	}
	o.Morning = 6
	w := &watch{Service: witness.New(db, o), t: t, db: db, people: people.New(db, people.Options{}), box: new(box)}
	w.PostBy(w.box)
	p, err := w.people.AddPlatform(storetest.AsSystem(), people.AddPlatform{Code: "MIC", Name: "Plateforme de microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	w.platform = p.ID
	if err := w.Enrol(storetest.AsSystem()); err != nil {
		t.Fatal(err)
	}
	return w
}

// grow adds one act to the trail of the platform.
func (w *watch) grow() {
	w.t.Helper()
	w.members++
	_, err := w.people.AddMember(storetest.AsSystem(), people.AddMember{Platform: w.platform, Code: fmt.Sprintf("M%02d", w.members), Name: "Agent 01"})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *watch) tick() {
	w.t.Helper()
	if err := w.Tick(storetest.AsSystem()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watch) manager() context.Context { return storetest.As(qms.Manager, w.platform) }

// kept lists the kept checkpoints of the platform, the newest first.
func (w *watch) kept() []witness.Checkpoint {
	w.t.Helper()
	page, err := w.List(w.manager(), w.platform, "", qms.Cursor{})
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}

func (w *watch) keep() *witness.Checkpoint {
	w.t.Helper()
	c, err := w.Keep(w.manager(), w.platform)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func each(t *testing.T, f func(t *testing.T, w *watch)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, newWatch(t, db, witness.Options{})) })
}

func TestKeep_SignsWhereTheTrailStandsAndSaysSoOnRecord(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		w.grow()
		c := w.keep()
		_, v := newKey(t, 1)
		signed, err := trail.Open([]byte(c.Note), v)
		if err != nil || signed != c.Tree() || c.Size != 1 || c.Cause != witness.Demand || c.Signer != v.Fingerprint() {
			t.Fatalf("%+v, %v", c, err)
		}
		if signed.Origin != "maillon.example/"+w.platform.String() {
			t.Errorf("the origin is %s", signed.Origin)
		}
		if all := w.kept(); len(all) != 1 || all[0].ID != c.ID || all[0].MadeByName != "Agent 03" {
			t.Errorf("%+v is kept", all)
		}
	})
}

func TestKeep_GivesTheLastOneWhereOnlyCheckpointsWereAdded(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		if _, err := w.Keep(w.manager(), w.platform); !errors.Is(err, qms.Conflict("checkpoint.nothing")) {
			t.Errorf("of an empty trail: %v", err)
		}
		w.grow()
		first := w.keep()
		if again := w.keep(); again.ID != first.ID {
			t.Errorf("nothing was added, and another one is kept: %+v", again)
		}
		w.grow()
		if next := w.keep(); next.ID == first.ID || next.Size != 3 {
			t.Errorf("something was added, and %+v is kept", next)
		}
	})
}

func TestKeep_NeedsTheRightToMakePacks(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		w.grow()
		for role, want := range map[qms.Role]error{qms.Auditor: nil, qms.QualityLead: nil, qms.Member: qms.Refuse("right.missing"), qms.User: qms.Refuse("right.missing")} {
			if _, err := w.Keep(storetest.As(role, w.platform), w.platform); !errors.Is(err, want) && err != want {
				t.Errorf("%s: %v", role, err)
			}
		}
		if _, err := w.Keep(w.manager(), ""); !errors.Is(err, qms.Refuse("right.missing")) {
			t.Errorf("a manager keeps one of the site: %v", err)
		}
		if c, err := w.Keep(storetest.As(qms.Administrator), ""); err != nil || c.Log != trail.SiteLog || c.Platform != "" {
			t.Errorf("the administrator: %+v, %v", c, err)
		}
		stranger := storetest.As(qms.Manager, storetest.AgentID(77))
		if _, err := w.Keep(stranger, w.platform); !errors.Is(err, qms.NotFound("platform.not_found")) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := w.List(stranger, w.platform, "", qms.Cursor{}); !errors.Is(err, qms.NotFound("platform.not_found")) {
			t.Errorf("a stranger lists: %v", err)
		}
	})
}

func TestTick_KeepsOneADayOfALogThatGrew(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		clock := storetest.ClockOf(w.db)
		w.grow()
		clock.Set(time.Date(2026, 7, 1, 5, 59, 0, 0, time.UTC))
		w.tick()
		if all := w.kept(); len(all) != 0 {
			t.Fatalf("kept before the morning: %+v", all)
		}
		clock.Set(time.Date(2026, 7, 1, 6, 0, 0, 0, time.UTC))
		w.tick()
		w.tick()
		all := w.kept()
		if len(all) != 1 || all[0].Cause != witness.Daily || all[0].Day != qms.MustDate("2026-07-01") || all[0].Size != 1 {
			t.Fatalf("%+v is kept", all)
		}
		w.grow() // later in the day: it waits
		clock.Advance(time.Hour)
		w.tick()
		if len(w.kept()) != 1 {
			t.Error("two daily checkpoints of one day")
		}
		clock.Set(time.Date(2026, 7, 2, 6, 0, 0, 0, time.UTC))
		w.tick()
		clock.Set(time.Date(2026, 7, 3, 6, 0, 0, 0, time.UTC)) // nothing but the checkpoint was added since
		w.tick()
		if all := w.kept(); len(all) != 2 || all[0].Size != 3 {
			t.Errorf("%d are kept, the last one %+v", len(all), all[0])
		}
	})
}

// What an interrupted morning left out is made up for, and what was added after the morning waits.
func TestTick_MakesUpForAMorningThatWasMissed(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		clock := storetest.ClockOf(w.db)
		w.grow()
		clock.Set(time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC))
		w.tick()
		if all := w.kept(); len(all) != 1 {
			t.Fatalf("%d are kept in the afternoon", len(all))
		}
		clock.Set(time.Date(2026, 7, 2, 15, 0, 0, 0, time.UTC))
		w.grow()
		w.tick()
		if all := w.kept(); len(all) != 1 {
			t.Errorf("what came after the morning did not wait: %+v", all[0])
		}
	})
}

func TestTick_MailsTheCheckpointsOfTheDayOnceToEachAddress(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		admin := storetest.As(qms.Administrator)
		for _, cmd := range []witness.AddAddress{{" Archives@Institution.example ", "fr"}, {"notary@institution.example", "en"}} {
			if _, err := w.AddAddress(admin, cmd); err != nil {
				t.Fatal(err)
			}
		}
		w.grow()
		clock := storetest.ClockOf(w.db)
		clock.Set(time.Date(2026, 7, 1, 7, 0, 0, 0, time.UTC))
		for range 3 {
			w.tick()
		}
		if len(w.box.mails) != 2 {
			t.Fatalf("%d mails: %+v", len(w.box.mails), w.box.mails)
		}
		m := w.box.mails[0]
		if m.Address != "archives@institution.example" || m.Language != "fr" || len(m.Checkpoints) != 2 || m.Checkpoints[0].Place.Code != "" || m.Checkpoints[1].Place.Code != "MIC" {
			t.Errorf("the mail is %+v", m)
		}
		all, err := w.Addresses(admin)
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		if err := w.EndAddress(admin, all[1].ID, "Départ"); err != nil {
			t.Fatal(err)
		}
		w.grow()
		clock.Set(time.Date(2026, 7, 2, 7, 0, 0, 0, time.UTC))
		w.tick()
		if len(w.box.mails) != 3 || w.box.mails[2].Address != "archives@institution.example" {
			t.Errorf("after an address ended: %d mails", len(w.box.mails))
		}
	})
}

func TestAddAddress_RefusesWhatIsNone(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		admin := storetest.As(qms.Administrator)
		for _, bad := range []string{"", " ", "a", "a@", "@b", "A B <a@b.example>", "a@b.example\x00", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example",
			strings.Repeat("a", 250) + "@b.example", "é\xff@b.example"} {
			if _, err := w.AddAddress(admin, witness.AddAddress{Address: bad, Language: "fr"}); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%.40q: %v", bad, err)
			}
		}
		if _, err := w.AddAddress(admin, witness.AddAddress{Address: "a@b.example", Language: "de"}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("another language: %v", err)
		}
		if _, err := w.AddAddress(w.manager(), witness.AddAddress{Address: "a@b.example", Language: "fr"}); !errors.Is(err, qms.Refuse("right.missing")) {
			t.Errorf("a manager: %v", err)
		}
		for n := range 2 {
			_, err := w.AddAddress(admin, witness.AddAddress{Address: "a@b.example", Language: "fr"})
			if (err == nil) != (n == 0) {
				t.Errorf("the %d. time: %v", n+1, err)
			}
		}
	})
}

func TestContinue_ProvesAnyTwoOfALog(t *testing.T) {
	each(t, func(t *testing.T, w *watch) {
		var all []*witness.Checkpoint
		for n := range 4 {
			for range n + 1 {
				w.grow()
			}
			all = append(all, w.keep())
		}
		for _, a := range all {
			for _, b := range all {
				c, err := w.Continue(w.manager(), w.platform, a.ID, b.ID)
				if err != nil {
					t.Fatalf("%d and %d: %v", a.Size, b.Size, err)
				}
				if a.Size != b.Size && trail.CheckConsistency(c.Newer.Tree(), c.Older.Tree(), c.Proof) != nil {
					t.Errorf("%d and %d: the proof is none", a.Size, b.Size)
				}
				if file, err := c.File(); err != nil || !strings.Contains(string(file), "maillon-continuation/1") {
					t.Errorf("the file is %s, %v", file, err)
				}
			}
		}
		if _, err := w.Continue(w.manager(), w.platform, all[0].ID, storetest.AgentID(5)); !errors.Is(err, qms.NotFound("checkpoint.not_found")) {
			t.Errorf("one that is not: %v", err)
		}
		site, err := w.Keep(storetest.As(qms.Administrator), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Continue(w.manager(), w.platform, all[0].ID, site.ID); !errors.Is(err, qms.NotFound("checkpoint.not_found")) {
			t.Errorf("one of another log: %v", err)
		}
		if _, err := w.ByID(w.manager(), w.platform, site.ID); !errors.Is(err, qms.NotFound("checkpoint.not_found")) {
			t.Errorf("one of another log, alone: %v", err)
		}
	})
}
