package auditors

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

// house is two platforms, with a manager of each, and letters that are kept for the test to read.
type house struct {
	*Service
	t        *testing.T
	db       *store.DB
	people   *people.Service
	mic, cyt qms.ID
	manager  context.Context // of mic
	letters  []Welcome
	mails    bool
}

func (h *house) Welcome(_ context.Context, tx *store.Tx, w Welcome) (qms.ID, bool, error) {
	h.letters = append(h.letters, w)
	return qms.NewID(tx.Now()), h.mails, nil
}

func houseOf(t *testing.T, db *store.DB) *house {
	t.Helper()
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	h := &house{t: t, db: db, people: people.New(db, people.Options{Hash: cheap})}
	for code, into := range map[string]*qms.ID{"MIC": &h.mic, "CYT": &h.cyt} {
		p, err := h.people.AddPlatform(storetest.AsSystem(), people.AddPlatform{Code: code, Name: "Plateforme " + code})
		if err != nil {
			t.Fatal(err)
		}
		*into = p.ID
	}
	h.Service = New(db, Options{Accounts: h.people, Post: h, Key: LinkKey("of the test")})
	h.manager = storetest.As(qms.Manager, h.mic)
	return h
}

func (h *house) invitation() Invite {
	today := h.db.Today()
	return Invite{Platforms: []qms.ID{h.mic}, Name: "Agent 40", Email: "Agent40@ailleurs.example", Purpose: "Suivi à 24 mois", From: today, Until: today.AddMonths(3), Language: "fr"}
}

func (h *house) invited() *Invited {
	h.t.Helper()
	done, err := h.Invite(h.manager, h.invitation())
	if err != nil {
		h.t.Fatal(err)
	}
	return done
}

// as is the auditor as they may act now.
func (h *house) as(person qms.ID) context.Context {
	h.t.Helper()
	var a qms.Actor
	err := h.db.View(storetest.AsSystem(), qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		a, err = people.ActorOf(h.t.Context(), r, person)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return qms.WithActor(h.t.Context(), a)
}

func link(done *Invited) (qms.ID, string) {
	letter, token, _ := strings.Cut(done.Link, "/")
	return qms.ID(letter), token
}

const chosen = "une phrase de passe"

func TestInvite_LetsSomebodyInWhoChoosesAPasswordOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		done := h.invited()
		letter, token := link(done)
		if !done.Chooses || done.Leaves || token == "" || len(h.letters) != 1 || !h.letters[0].Chooses {
			t.Fatalf("invited: %+v, %+v", done, h.letters)
		}
		nobody := t.Context()
		if _, err := h.Door(nobody, letter, token[1:]+"A"); !errors.Is(err, qms.NotFound("auditor.link_unknown")) {
			t.Errorf("another token: %v", err)
		}
		if _, err := h.Accept(nobody, Accept{letter, token, "court"}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("a short password: %v", err)
		}
		email, err := h.Accept(nobody, Accept{letter, token, chosen})
		if err != nil || email != "agent40@ailleurs.example" {
			t.Fatalf("accepted: %q, %v", email, err)
		}
		if _, err := h.people.SignIn(nobody, people.SignIn{Email: email, Password: chosen, Address: "::1"}); err != nil {
			t.Errorf("signs in: %v", err)
		}
		if _, err := h.Accept(nobody, Accept{letter, token, "une autre phrase"}); !errors.Is(err, qms.NotFound("auditor.link_unknown")) {
			t.Errorf("a second time: %v", err)
		}
		auditor := qms.ActorFrom(h.as(done.Admissions[0].Person))
		if !auditor.Can(qms.ReadTrail.On(h.mic)) || auditor.Can(qms.ReadTrail.On(h.cyt)) || auditor.Can(qms.WriteTrace.On(h.mic)) {
			t.Errorf("may: %+v", auditor)
		}
		sheet, err := h.Sheet(h.manager, h.mic)
		if err != nil || len(sheet.Lines) != 1 || sheet.Lines[0].State != Open {
			t.Errorf("sheet: %+v, %v", sheet, err)
		}
	})
}

func TestInvite_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		today := db.Today()
		if _, err := h.people.AddMember(storetest.AsSystem(), people.AddMember{Platform: h.mic, Code: "P1", Name: "Agent 41", Email: "agent41@ici.example"}); err != nil {
			t.Fatal(err)
		}
		for field, change := range map[string]func(*Invite){
			"name":     func(c *Invite) { c.Name = " " },
			"email":    func(c *Invite) { c.Email = "a@b.example\r\nBcc: c@d.example" },
			"purpose":  func(c *Invite) { c.Purpose = "a\x00b" },
			"until":    func(c *Invite) { c.Until = today.AddMonths(13) },
			"from":     func(c *Invite) { c.From = today.AddDays(-1) },
			"language": func(c *Invite) { c.Language = "de" },
		} {
			cmd := h.invitation()
			change(&cmd)
			_, err := h.Invite(h.manager, cmd)
			var e *qms.Error
			if !errors.As(err, &e) || e.Code != qms.CodeInvalid || len(e.Fields) == 0 || e.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		own := h.invitation()
		own.Email = "agent41@ici.example"
		if _, err := h.Invite(h.manager, own); qms.CodeOf(err) != qms.CodeInvalid { // nobody audits their own work
			t.Errorf("a member: %v", err)
		}
		both := h.invitation()
		both.Platforms = append(both.Platforms, h.cyt)
		if _, err := h.Invite(h.manager, both); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("another platform: %v", err)
		}
		both.Platforms = []qms.ID{h.mic, "019f17f8-a900-7000-8000-000000000000"}
		if _, err := h.Invite(storetest.As(qms.QualityOfficer), both); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("a platform that is not there: %v", err)
		}
		for _, role := range []qms.Role{qms.QualityLead, qms.Member, qms.User, qms.Auditor} {
			if _, err := h.Invite(storetest.As(role, h.mic), h.invitation()); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("%s: %v", role, err)
			}
		}
		h.invited()
		if _, err := h.Invite(h.manager, h.invitation()); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("twice: %v", err)
		}
		if len(h.letters) != 1 {
			t.Errorf("%d letters", len(h.letters))
		}
	})
}

func TestInvite_NeverHandsOverTheAccountOfWhoHasOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		user := people.AddUser{Email: "agent40@ailleurs.example", Name: "Agent 40", Password: chosen}
		if _, err := h.people.AddUser(storetest.AsSystem(), user); err != nil {
			t.Fatal(err)
		}
		done := h.invited()
		if done.Chooses || done.Link != "" || h.letters[0].Chooses {
			t.Errorf("a link to the account of somebody: %+v", done)
		}
		again, err := h.Again(h.manager, On{Platform: h.mic, ID: done.Admissions[0].ID, Revision: done.Admissions[0].Revision})
		if err != nil || again.Link != "" {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

func TestInvite_OpensSeveralPlatformsWithOneLetter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		h.mails = true
		cmd := h.invitation()
		cmd.Platforms = []qms.ID{h.cyt, h.mic, h.mic}
		done, err := h.Invite(storetest.As(qms.QualityOfficer), cmd)
		if err != nil || len(done.Admissions) != 2 || len(h.letters) != 1 || done.Link != "" || !done.Chooses {
			t.Fatalf("invited: %+v, %d letters, %v", done, len(h.letters), err)
		}
		auditor := qms.ActorFrom(h.as(done.Admissions[0].Person))
		if !auditor.Can(qms.ReadTrail.On(h.mic)) || !auditor.Can(qms.ReadTrail.On(h.cyt)) {
			t.Errorf("may: %+v", auditor)
		}
		for i, a := range done.Admissions { // whichever of them it is asked for
			if _, err := h.Again(storetest.As(qms.QualityOfficer), On{Platform: a.Platform, ID: a.ID, Revision: a.Revision}); err != nil {
				t.Fatal(err)
			}
			if first, again := h.letters[0], h.letters[i+1]; again.Subject != first.Subject || !slices.Equal(again.Facts[:3], first.Facts[:3]) {
				t.Errorf("written again: %+v, want %+v", again, first)
			}
		}
		ended := done.Admissions[0]
		if _, err := h.End(storetest.As(qms.QualityOfficer), On{Platform: ended.Platform, ID: ended.ID, Revision: ended.Revision + 1, Reason: "Remplacé"}); err != nil {
			t.Fatal(err)
		}
		left := done.Admissions[1]
		if _, err := h.Again(storetest.As(qms.QualityOfficer), On{Platform: left.Platform, ID: left.ID, Revision: left.Revision + 1}); err != nil {
			t.Fatal(err)
		}
		if again := h.letters[len(h.letters)-1]; again.Facts[0] == h.letters[0].Facts[0] {
			t.Errorf("names what was ended: %+v", again)
		}
	})
}

func TestAccess_EndsByItselfIsMovedAndEnded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		done := h.invited()
		a := done.Admissions[0]
		letter, token := link(done)
		on := On{Platform: h.mic, ID: a.ID, Revision: a.Revision, Reason: "La visite est reportée"}
		until := db.Today().AddMonths(4)
		for what, cmd := range map[string]Move{
			"no reason":   {On{on.Platform, on.ID, on.Revision, " "}, until},
			"today":       {on, db.Today()},
			"a long time": {on, db.Today().AddMonths(13)},
			"the same":    {on, db.Today().AddMonths(3)},
		} {
			if _, err := h.Move(h.manager, cmd); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := h.Move(storetest.As(qms.Manager, h.cyt), Move{On{h.cyt, on.ID, on.Revision, "x"}, until}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("from another platform: %v", err)
		}
		moved, err := h.Move(h.manager, Move{on, until})
		if err != nil || moved.Remark != on.Reason {
			t.Fatalf("moved: %+v, %v", moved, err)
		}
		if _, err := h.Move(h.manager, Move{on, until.AddDays(1)}); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("at an old revision: %v", err)
		}
		storetest.ClockOf(db).Advance(15 * 24 * time.Hour)
		if _, err := h.Door(t.Context(), letter, token); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("a link of fifteen days: %v", err)
		}
		again, err := h.Again(h.manager, On{Platform: h.mic, ID: a.ID, Revision: moved.Revision})
		if err != nil || again.Link == "" || again.Link == done.Link {
			t.Fatalf("again: %+v, %v", again, err)
		}
		letter, token = link(again)
		if _, err := h.Door(t.Context(), letter, token); err != nil {
			t.Errorf("the new link: %v", err)
		}
		ended, err := h.End(h.manager, On{Platform: h.mic, ID: a.ID, Revision: again.Admissions[0].Revision, Reason: "Remplacé"})
		if err != nil || ended.EndedAt.IsZero() {
			t.Fatalf("ended: %+v, %v", ended, err)
		}
		if _, err := h.Door(t.Context(), letter, token); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("the link of an access that is over: %v", err)
		}
		if qms.ActorFrom(h.as(a.Person)).Can(qms.ReadTrail.On(h.mic)) {
			t.Error("reads after the end")
		}
		if _, err := h.End(h.manager, On{Platform: h.mic, ID: a.ID, Revision: ended.Revision, Reason: "x"}); !errors.Is(err, qms.Conflict("auditor.over")) {
			t.Errorf("ended twice: %v", err)
		}
		next := h.invited() // again, from today on
		storetest.ClockOf(db).Advance(200 * 24 * time.Hour)
		if qms.ActorFrom(h.as(next.Admissions[0].Person)).Can(qms.ReadTrail.On(h.mic)) {
			t.Error("reads after the last day")
		}
	})
}

func TestNote_IsItsAuthorsAloneUntilItIsHandedOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		auditor := h.as(h.invited().Admissions[0].Person)
		for what, cmd := range map[string]WriteNote{
			"nothing said":     {h.mic, AboutPlatform, "", " "},
			"NUL":              {h.mic, AboutPlatform, "", "a\x00"},
			"too much":         {h.mic, AboutPlatform, "", strings.Repeat("x", maxNote+1)},
			"about nothing":    {h.mic, AboutDocument, "PR-XXX-999", "x"},
			"about who knows":  {h.mic, "moon", "", "x"},
			"hostile label":    {h.mic, AboutExercise, "a\x00'; --", "x"},
			"no such dossier":  {h.mic, AboutDossier, "DEM-1999-0001", "x"},
			"a huge reference": {h.mic, AboutDossier, strings.Repeat("9", 10000), "x"},
		} {
			if _, err := h.WriteNote(auditor, cmd); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := h.WriteNote(h.manager, WriteNote{h.mic, AboutPlatform, "", "x"}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("the manager writes: %v", err)
		}
		n, err := h.WriteNote(auditor, WriteNote{h.mic, AboutPlatform, "", "Rien n’est signé en mars"})
		if err != nil {
			t.Fatal(err)
		}
		on := On{Platform: h.mic, ID: n.ID, Revision: n.Revision}
		read := func(who context.Context) int {
			page, err := h.Notes(who, NoteFilter{Platform: h.mic}, qms.Cursor{})
			if err != nil {
				t.Fatal(err)
			}
			return len(page.Items)
		}
		if read(auditor) != 1 || read(h.manager) != 0 || read(storetest.As(qms.Auditor, h.mic)) != 0 {
			t.Error("a note is read by others")
		}
		if _, err := h.Note(h.manager, h.mic, n.ID); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("by its address: %v", err)
		}
		if _, err := h.HandNote(storetest.As(qms.Auditor, h.mic), on); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("handed over by another: %v", err)
		}
		if n, err = h.CorrectNote(auditor, on, "Rien n’est signé en avril"); err != nil {
			t.Fatal(err)
		}
		h.keptFrom("signé", n.ID)
		on.Revision = n.Revision
		if n, err = h.HandNote(auditor, on); err != nil || read(h.manager) != 1 {
			t.Fatalf("handed over: %+v, %v", n, err)
		}
		on.Revision = n.Revision
		if _, err := h.CorrectNote(auditor, on, "x"); !errors.Is(err, qms.Conflict("auditor.note_handed")) {
			t.Errorf("corrected after it was handed over: %v", err)
		}
	})
}

// keptFrom holds the trail of a row to say nothing of the word.
func (h *house) keptFrom(word string, row qms.ID) {
	h.t.Helper()
	err := h.db.View(h.manager, qms.ReadTrail.On(h.mic), func(r store.Reader) error {
		changes, err := store.History(h.t.Context(), r, trail.LogOf(h.mic), row)
		for _, c := range changes {
			if strings.Contains(string(c.After), word) {
				h.t.Errorf("the trail tells: %s", c.After)
			}
		}
		if len(changes) < 2 {
			h.t.Errorf("%d changes in the trail", len(changes))
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestOpenings_AreOneLineADayAndCostNoRequest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		person := h.invited().Admissions[0].Person
		see := func(code, path string) {
			h.Saw(Sight{Code: code, Audits: []qms.ID{h.mic}, Person: person, Name: "Agent 40", Kind: PageKind, Path: path, Title: "Titre\x00"})
		}
		count := func(who context.Context, want int) {
			t.Helper()
			page, err := h.Openings(who, OpeningFilter{Platform: h.mic}, qms.Cursor{})
			if err != nil || len(page.Items) != want {
				t.Errorf("%d lines, want %d: %v", len(page.Items), want, err)
			}
		}
		for range 3 {
			see("MIC", "documents/PR-ACH-001")
		}
		see("MIC", "trail")
		see("MIC", strings.Repeat("x", 5000))
		see("CYT", "documents") // which they do not audit
		see("NIX", "documents")
		count(h.manager, 3)
		if page, err := h.Openings(storetest.As(qms.Manager, h.cyt), OpeningFilter{Platform: h.cyt}, qms.Cursor{}); err != nil || len(page.Items) != 0 {
			t.Errorf("on a platform that they do not audit: %+v, %v", page.Items, err)
		}
		see("MIC", "trail")
		count(h.manager, 3)
		restarted := New(db, Options{Accounts: h.people, Key: LinkKey("x")})
		restarted.Saw(Sight{Code: "MIC", Audits: []qms.ID{h.mic}, Person: person, Name: "Agent 40", Kind: PageKind, Path: "trail"})
		if err := restarted.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		count(h.manager, 3)
		storetest.ClockOf(db).Advance(24 * time.Hour)
		see("MIC", "trail")
		count(h.as(person), 4)
		if _, err := h.Openings(storetest.As(qms.QualityLead, h.mic), OpeningFilter{Platform: h.mic}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a quality lead: %v", err)
		}
		if _, err := h.Openings(h.as(person), OpeningFilter{Platform: h.mic, Person: storetest.AgentID(1)}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("of somebody else: %v", err)
		}
		first, err := h.Openings(h.manager, OpeningFilter{Platform: h.mic}, qms.Cursor{Size: 3})
		if err != nil || len(first.Items) != 3 || first.Next == "" {
			t.Fatalf("first page: %+v, %v", first, err)
		}
		rest, err := h.Openings(h.manager, OpeningFilter{Platform: h.mic}, qms.Cursor{Size: 3, After: first.Next})
		if err != nil || len(rest.Items) != 1 {
			t.Errorf("second page: %+v, %v", rest, err)
		}
	})
}

func TestSaw_IsBoundedAndTriesAgainWhatFailed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := houseOf(t, db)
		person := h.invited().Admissions[0].Person
		for n := range maxSights + 10 {
			h.Saw(Sight{Code: "MIC", Audits: []qms.ID{h.mic}, Person: person, Name: "Agent 40", Kind: PageKind, Path: strings.Repeat("x", 1+n%200) + string(rune('a'+n/200))})
		}
		if got := len(h.seen.waiting); got > maxSights {
			t.Errorf("%d wait", got)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		before := len(h.seen.waiting)
		if err := h.Flush(gone); err == nil {
			t.Error("flushed without a database")
		}
		if got := len(h.seen.waiting); got != before {
			t.Errorf("%d wait after a failure, %d before", got, before)
		}
	})
}

// turned is a key that signs since an instant.
type turned struct{ since time.Time }

func (k *turned) Since(context.Context, store.Reader) (time.Time, error) { return k.since, nil }

func TestRenew_WritesAgainToWhoStillWaitsWhenTheKeyChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, key := houseOf(t, db), &turned{since: db.Now().Add(-time.Hour)}
		h.mails, h.o.Keys = true, key
		h.invited()
		renew := func(want int, spent bool) {
			t.Helper()
			sheet, err := h.Sheet(h.manager, h.mic)
			if err != nil || len(sheet.Lines) != 1 || sheet.Lines[0].Spent != spent {
				t.Errorf("the list: %+v, %v", sheet, err)
			}
			manager := qms.ActorFrom(h.manager)
			manager.Grants = append(manager.Grants, qms.Grant{Role: qms.Administrator})
			if err := h.Renew(qms.WithActor(t.Context(), manager)); err != nil || len(h.letters) != want {
				t.Errorf("%d letters, want %d: %v", len(h.letters), want, err)
			}
		}
		renew(1, false)
		key.since = db.Now().Add(time.Hour) // the clock of the test stands still
		renew(2, true)
		if first, second := h.letters[0], h.letters[1]; !second.Chooses || second.Address != first.Address || second.Language != first.Language {
			t.Errorf("written again: %+v", second)
		}
		key.since = db.Now().Add(-time.Hour)
		renew(2, false)
	})
}
