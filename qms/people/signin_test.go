package people_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const (
	email    = "agent01@plateforme.example"
	password = "correct horse battery"
	address  = "192.0.2.7"
)

func user(t *testing.T, s *people.Service, cmd people.AddUser) *people.Added {
	t.Helper()
	if cmd.Password == "" {
		cmd.Password = password
	}
	done, err := s.AddUser(system(), cmd)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func signIn(t *testing.T, s *people.Service) *people.Opened {
	t.Helper()
	opened, err := s.SignIn(context.Background(), people.SignIn{Email: " Agent01@Plateforme.example ", Password: password, Address: address})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestSignIn_OpensASessionWithTheRolesInForceToday(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic := platform(t, s, "MIC")
		done := user(t, s, people.AddUser{Email: email, Name: "Agent 01", Role: qms.Manager, Platform: mic.ID})
		today := qms.MustDate("2026-06-30")
		for _, g := range []people.Grant{
			{Platform: mic.ID, Role: qms.Auditor, From: today.AddDays(1), Until: today.AddDays(9)}, // to come
			{Platform: mic.ID, Role: qms.User, From: today.AddDays(-9), Until: today},              // over today
			{Role: qms.QualityOfficer, From: today.AddDays(-9), Until: today.AddDays(1)},           // last day
		} {
			g.Person = done.Person
			if _, err := s.Grant(system(), g); err != nil {
				t.Fatal(err)
			}
		}
		opened := signIn(t, s)
		ctx, count := store.CountStatements(context.Background())
		actor, err := s.Authenticate(ctx, opened.Token)
		if err != nil {
			t.Fatal(err)
		}
		want := qms.Actor{ID: done.Person, Name: "Agent 01", Grants: []qms.Grant{{Role: qms.QualityOfficer}, {Role: qms.Manager, Platform: mic.ID}}}
		if diff := cmp.Diff(want, actor); diff != "" {
			t.Error(diff)
		}
		if count.Count() != 1 {
			t.Errorf("%d statements, want one", count.Count())
		}
		storetest.ClockOf(db).Set(storetest.Now.AddDate(0, 0, 1))
		opened = signIn(t, s)
		if actor, err = s.Authenticate(context.Background(), opened.Token); err != nil || len(actor.Grants) != 2 || actor.Grants[1].Role != qms.Auditor || actor.Grants[0].Role != qms.Manager {
			t.Errorf("a day later: %+v, %v", actor.Grants, err)
		}
	})
}

// otherCase turns a letter's case, so that a token becomes one that was not handed out.
func otherCase(r rune) rune {
	if unicode.IsLower(r) {
		return unicode.ToUpper(r)
	}
	return unicode.ToLower(r)
}

func TestAuthenticate_OpensNothingForATokenThatIsOver(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		done := user(t, s, people.AddUser{Email: email, Name: "Agent 01", Role: qms.QualityOfficer})
		nobody := func(token, why string) {
			t.Helper()
			if a, err := s.Authenticate(context.Background(), token); err != nil || !a.IsZero() {
				t.Errorf("%s: %+v, %v", why, a, err)
			}
		}
		opened := signIn(t, s)
		nobody("", "empty")
		nobody(strings.Map(otherCase, opened.Token), "guessed")
		nobody(strings.Repeat("x", 10_000), "long")
		ctx := qms.WithActor(context.Background(), qms.Actor{ID: done.Person, Name: "Agent 01"})
		other := qms.WithActor(context.Background(), qms.Actor{ID: storetest.AgentID(9), Name: "Agent 09"})
		refused(t, s.SignOut(other, opened.Token), "", "session.not_found")
		if err := s.SignOut(ctx, opened.Token); err != nil {
			t.Fatal(err)
		}
		nobody(opened.Token, "signed out")
		if err := s.SignOut(ctx, opened.Token); err != nil {
			t.Errorf("twice: %v", err)
		}
		opened = signIn(t, s)
		storetest.ClockOf(db).Advance(people.SessionLength - time.Second)
		if a, err := s.Authenticate(context.Background(), opened.Token); err != nil || a.IsZero() {
			t.Errorf("before its end: %v, %v", a, err)
		}
		storetest.ClockOf(db).Advance(time.Second)
		nobody(opened.Token, "expired")
		opened = signIn(t, s)
		if err := s.CloseAccount(system(), done.Person, "départ"); err != nil {
			t.Fatal(err)
		}
		nobody(opened.Token, "closed")
		_, err := s.SignIn(context.Background(), people.SignIn{Email: email, Password: password, Address: address})
		refused(t, err, "", "signin.wrong")
	})
}

func TestSignIn_SaysTheSameForAnUnknownAccount(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		_, wrong := s.SignIn(context.Background(), people.SignIn{Email: email, Password: "wrong", Address: address})
		_, unknown := s.SignIn(context.Background(), people.SignIn{Email: "nobody@plateforme.example", Password: "wrong", Address: address})
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() {
			t.Errorf("got %v and %v", wrong, unknown)
		}
		refused(t, wrong, "", "signin.wrong")
		for _, c := range []people.SignIn{{}, {Email: email}, {Email: strings.Repeat("a", 10_000), Password: "x"},
			{Email: email, Password: strings.Repeat("é", 100_000)}, {Email: email + "\x00", Password: "\x00"}, {Email: "\xff", Password: "\xff"}} {
			c.Address = "192.0.2.9"
			if o, err := s.SignIn(context.Background(), c); o != nil || qms.CodeOf(err) == "" {
				t.Errorf("%.30q: %v, %v", c.Email, o, err)
			}
		}
	})
}

func TestSignIn_SlowsGuessingDownWithoutLockingTheAccount(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		guess := func(password, from string) error {
			_, err := s.SignIn(context.Background(), people.SignIn{Email: email, Password: password, Address: from})
			return err
		}
		for left := 4; left >= 0; left-- {
			var e *qms.Error
			if err := guess("wrong", address); !errors.As(err, &e) || e.Key != "signin.wrong" || e.Args[0] != left {
				t.Fatalf("got %v, want %d left", err, left)
			}
			storetest.ClockOf(db).Advance(time.Second)
		}
		var e *qms.Error
		if err := guess(password, address); !errors.As(err, &e) || e.Key != "signin.too_many" || e.Args[0] != 56*time.Second {
			t.Fatalf("got %v, want to wait 56 s", err)
		}
		if err := guess(password, "198.51.100.1"); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
		storetest.ClockOf(db).Advance(55 * time.Second)
		if err := guess(password, address); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestSignIn_CountsGuessesMadeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		var wg sync.WaitGroup
		var mu sync.Mutex
		keys := map[string]int{}
		for range 20 {
			wg.Go(func() {
				_, err := s.SignIn(context.Background(), people.SignIn{Email: email, Password: "wrong", Address: address})
				var e *qms.Error
				errors.As(err, &e)
				mu.Lock()
				defer mu.Unlock()
				keys[e.Key]++
			})
		}
		wg.Wait()
		if keys["signin.wrong"] != 5 || keys["signin.too_many"] != 15 {
			t.Errorf("got %v, want 5 heard and 15 refused", keys)
		}
	})
}

func TestSignIn_SlowsDownWhoTriesManyAccounts(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		heard := 0
		for i := range 60 {
			_, err := s.SignIn(context.Background(), people.SignIn{Email: string(rune('a'+i%26)) + strings.Repeat("x", i) + "@plateforme.example", Password: "x", Address: address})
			if errors.Is(err, qms.Unauthenticated("signin.wrong")) {
				heard++
			}
		}
		if heard != 40 {
			t.Errorf("%d attempts were heard, want 40", heard)
		}
	})
}

func TestConfirm_AsksForThePasswordAgain(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		done := user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		ctx := qms.WithActor(context.Background(), qms.Actor{ID: done.Person, Name: "Agent 01"})
		if err := s.Confirm(ctx, password); err != nil {
			t.Error(err)
		}
		refused(t, s.Confirm(ctx, ""), "password", "input.required")
		refused(t, s.Confirm(context.Background(), password), "", "right.sign_in")
		for range 5 {
			refused(t, s.Confirm(ctx, "wrong"), "password", "confirm.wrong")
		}
		refused(t, s.Confirm(ctx, password), "", "signin.too_many")
		stranger := qms.WithActor(context.Background(), qms.Actor{ID: storetest.AgentID(9), Name: "Agent 09"})
		refused(t, s.Confirm(stranger, password), "password", "confirm.wrong")
	})
}

func TestChangePassword_EndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		done := user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		here, elsewhere := signIn(t, s), signIn(t, s)
		ctx := qms.WithActor(context.Background(), qms.Actor{ID: done.Person, Name: "Agent 01"})
		refused(t, s.ChangePassword(ctx, people.ChangePassword{Current: password, New: "short"}), "new", "account.password_short")
		refused(t, s.ChangePassword(ctx, people.ChangePassword{Current: "wrong", New: "another long password"}), "password", "confirm.wrong")
		if err := s.ChangePassword(ctx, people.ChangePassword{Current: password, New: "another long password", Token: here.Token}); err != nil {
			t.Fatal(err)
		}
		if a, _ := s.Authenticate(context.Background(), here.Token); a.IsZero() {
			t.Error("this session ended too")
		}
		if a, _ := s.Authenticate(context.Background(), elsewhere.Token); !a.IsZero() {
			t.Error("the other session still opens")
		}
		_, err := s.SignIn(context.Background(), people.SignIn{Email: email, Password: password, Address: address})
		refused(t, err, "", "signin.wrong")
	})
}

func TestResetPassword_OpensAnAccountAgain(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		done := user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		before := signIn(t, s)
		_, err := s.ResetPassword(storetest.As(qms.QualityOfficer), done.Person, "")
		refused(t, err, "", "right.missing")
		if err := s.CloseAccount(storetest.As(qms.Administrator), done.Person, "départ"); err != nil {
			t.Fatal(err)
		}
		made, err := s.ResetPassword(storetest.As(qms.Administrator), done.Person, "retour")
		if err != nil || len(made) < 20 {
			t.Fatalf("got %q, %v", made, err)
		}
		if a, _ := s.Authenticate(context.Background(), before.Token); !a.IsZero() {
			t.Error("the session before still opens")
		}
		_, err = s.SignIn(context.Background(), people.SignIn{Email: email, Password: password, Address: address})
		refused(t, err, "", "signin.wrong")
		if _, err = s.SignIn(context.Background(), people.SignIn{Email: email, Password: made, Address: address}); err != nil {
			t.Error(err)
		}
		_, err = s.ResetPassword(storetest.As(qms.Administrator), storetest.AgentID(77), "")
		refused(t, err, "", "account.not_found")
	})
}

func TestTrail_KeepsNoPasswordAndNoToken(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		user(t, s, people.AddUser{Email: email, Name: "Agent 01"})
		opened := signIn(t, s)
		err := db.View(system(), qms.OperateSite.OnSite(), func(r store.Reader) error {
			page, err := store.Journal(context.Background(), r, "site", store.JournalFilter{}, qms.Cursor{})
			if err != nil {
				return err
			}
			text, err := json.Marshal(page)
			if err != nil {
				return err
			}
			if !strings.Contains(string(text), "session.open") || !strings.Contains(string(text), "account.open") {
				t.Error("the trail does not tell of the acts")
			}
			for _, secret := range []string{"$argon2id$", password, opened.Token} {
				if strings.Contains(string(text), secret) {
					t.Errorf("the trail keeps %q", secret)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestEnsureAdministrator_MakesOneOnce(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		var mu sync.Mutex
		var made []string
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				password, err := s.EnsureAdministrator(context.Background())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if password != "" {
					made = append(made, password)
				}
			})
		}
		wg.Wait()
		if len(made) != 1 {
			t.Fatalf("made %d", len(made))
		}
		opened, err := s.SignIn(context.Background(), people.SignIn{Email: people.FirstAdministrator, Password: made[0], Address: address})
		if err != nil {
			t.Fatal(err)
		}
		actor, err := s.Authenticate(context.Background(), opened.Token)
		if err != nil || !actor.Can(qms.ManageAccounts.OnSite()) {
			t.Errorf("got %+v, %v", actor, err)
		}
		ctx := qms.WithActor(context.Background(), actor)
		held, err := s.Grants(ctx, "")
		if err != nil || len(held) != 1 {
			t.Fatalf("held %v, %v", held, err)
		}
		_, err = s.EndGrant(ctx, people.EndGrant{Grant: held[0].Grant})
		refused(t, err, "", "grant.last_administrator")
		refused(t, s.CloseAccount(ctx, actor.ID, "x"), "", "account.own_close")
	})
}

func TestAddUser_GivesARoleToWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, s *people.Service, db *store.DB) {
		mic := platform(t, s, "MIC")
		first, err := s.AddUser(storetest.As(qms.Administrator), people.AddUser{Email: email, Name: "Agent 01"})
		if err != nil || !first.Made || len(first.Password) < 20 {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := s.AddUser(storetest.As(qms.Administrator), people.AddUser{Email: email, Name: "Agent 01", Role: qms.Manager, Platform: mic.ID})
		if err != nil || again.Made || again.Password != "" || again.Person != first.Person {
			t.Fatalf("got %+v, %v", again, err)
		}
		_, err = s.AddUser(storetest.As(qms.Administrator), people.AddUser{Email: email, Name: "Agent 01"})
		refused(t, err, "email", "account.exists")
		_, err = s.AddUser(storetest.As(qms.Manager, mic.ID), people.AddUser{Email: "agent02@plateforme.example", Name: "Agent 02"})
		refused(t, err, "", "right.missing")
		holders, err := s.Accounts(storetest.As(qms.Administrator))
		if err != nil || len(holders) != 1 || holders[0].Name != "Agent 01" {
			t.Errorf("holders %+v, %v", holders, err)
		}
	})
}
