package app

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/scheduler"
)

// eachSite is a site on each engine.
func eachSite(t *testing.T, do func(t *testing.T, s *site)) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			do(t, openSiteAt(t, Settings{Data: t.TempDir(), Database: storetest.URL(storetest.Open(t, engine)), Origin: "maillon", Zone: "Europe/Paris"}))
		})
	}
}

// trained records so many trainings on the platform, each of another person or piece, that end within a
// year or have ended.
func (s *site) trained(t *testing.T, code string, count int) {
	t.Helper()
	const pieces = 50
	var batch trace.Registers
	var members []people.MemberRow
	for n := range min(pieces, count) {
		batch.Equipment = append(batch.Equipment, trace.EquipmentRow{Code: fmt.Sprintf("EQ-%03d", n+1), Name: "Microscope"})
	}
	for n := range count {
		if n%pieces == 0 {
			members = append(members, people.MemberRow{Code: fmt.Sprintf("P%03d", n/pieces), Name: fmt.Sprintf("Agent %03d", n/pieces)})
		}
		batch.Trainings = append(batch.Trainings, trace.TrainingRow{Person: members[n/pieces].Code, Equipment: batch.Equipment[n%pieces].Code, Trainer: "P000",
			Date: s.DB.Today().AddDays(-10 - n%330), Months: 12})
	}
	ctx, platform := asSystem(t), s.platform[code]
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err := s.DB.Change(ctx, act, func(tx *store.Tx) error {
		if _, err := people.TakeMembers(ctx, tx, members); err != nil {
			return err
		}
		_, err := s.Trace.TakeRegisters(ctx, tx, batch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type dueLines struct {
	Items []struct{ Key, Kind, Title, On, Platform string }
	Next  string
}

// page asks for a page as its reader's browser does.
func (s *site) page(t *testing.T, path, token string, header ...string) (int, http.Header, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	response, err := s.app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

// shown are the rows of a page of the list and the way to the next one.
func shown(body string) (titles []string, next string) {
	for _, m := range regexp.MustCompile(`<a class="opens" href="[^"]*">([^<]*)</a>`).FindAllStringSubmatch(body, -1) {
		titles = append(titles, html.UnescapeString(m[1]))
	}
	if m := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(body); m != nil {
		next = html.UnescapeString(m[1])
	}
	return titles, next
}

func TestDue_FiveThousandAreListedPageByPageInOneOrder(t *testing.T) {
	t.Parallel()
	const many = 5000
	eachSite(t, func(t *testing.T, s *site) {
		s.trained(t, "PLT", many)
		lead := s.token(t, qms.QualityLead, s.platform["PLT"])
		until := s.DB.Today().AddDays(400).String()
		var titles []string
		var last string
		keys := map[string]bool{}
		for after, pages := "", 0; pages == 0 || after != ""; pages++ {
			var list dueLines
			s.call(t, "GET", "/platforms/PLT/due?limit=200&until="+until+"&after="+url.QueryEscape(after), lead, "", http.StatusOK, &list)
			for _, i := range list.Items {
				if keys[i.Key] || i.On < last {
					t.Fatalf("page %d: %+v comes twice, or after %s", pages, i, last)
				}
				keys[i.Key], last = true, i.On
				titles = append(titles, i.Title)
			}
			after = list.Next
		}
		if len(keys) != many {
			t.Fatalf("%d listed, want %d", len(keys), many)
		}
		next := "/p/PLT/due?within=365&person=all"
		for n := 0; n < 150; n += 50 {
			status, _, body := s.page(t, next, lead)
			rows, on := shown(body)
			if status != http.StatusOK || len(rows) != 50 || rows[0] != titles[n] || rows[49] != titles[n+49] || on == "" {
				t.Fatalf("rows from %d on: status %d, %d rows, next %q", n, status, len(rows), on)
			}
			next = on
		}
		for sort, first := range map[string]string{"-on": titles[many-1][:3], "what": "EQ-001 Microscope, Agent 000", "-what": "EQ-050 Microscope, Agent 099", "who": "EQ-"} {
			_, _, body := s.page(t, "/p/PLT/due?within=365&person=all&sort="+sort, lead)
			rows, on := shown(body)
			if len(rows) != 50 || !strings.HasPrefix(rows[0], first) {
				t.Fatalf("by %s: %v", sort, rows)
			}
			_, _, body = s.page(t, on, lead)
			if more, _ := shown(body); len(more) != 50 || more[0] == rows[0] || more[0] == rows[49] {
				t.Errorf("by %s, the second page: %v", sort, more)
			}
		}
		s.fed(t, lead, many)
	})
}

// fed makes a feed of the platform and reads it.
func (s *site) fed(t *testing.T, token string, events int) {
	t.Helper()
	var feed struct{ Path string }
	s.call(t, "POST", "/platforms/PLT/due/feeds", token, `{"name":"Salle"}`, http.StatusCreated, &feed)
	status, header, body := s.page(t, feed.Path, "")
	if got := strings.Count(body, "BEGIN:VEVENT"); status != http.StatusOK || got != events {
		t.Fatalf("the feed: status %d, %d events, want %d", status, got, events)
	}
	for _, known := range []string{header.Get("ETag"), `"other", ` + header.Get("ETag"), "*"} {
		if status, _, body := s.page(t, feed.Path, "", "If-None-Match", known); status != http.StatusNotModified || body != "" {
			t.Errorf("If-None-Match %s: status %d", known, status)
		}
	}
	if status, _, _ := s.page(t, feed.Path, "", "If-None-Match", `"other"`); status != http.StatusOK {
		t.Errorf("another tag: status %d", status)
	}
}

// maxDueStatements is what the whole list takes at most with trainings alone: rooms without anything to tell stop early.
const maxDueStatements = 32

// siteStatements are those that nobody is asked about one platform: the last check of the site, and how old the
// site is while there was none.
const siteStatements = 2

func TestDue_TakesAsManyStatementsForFiveHundredRowsAsForFive(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		asked := func(f scheduler.DueFilter) (statements, total int) {
			ctx, counter := store.CountStatements(asSystem(t))
			list, err := s.Agenda.All(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			return counter.Count(), list.Total
		}
		s.trained(t, "PLT", 5)
		few, five := asked(scheduler.DueFilter{Until: s.DB.Today().AddDays(400)})
		s.trained(t, "AUT", 500)
		many, all := asked(scheduler.DueFilter{Until: s.DB.Today().AddDays(400)})
		one, _ := asked(scheduler.DueFilter{Until: s.DB.Today().AddDays(400), Platform: s.platform["AUT"]})
		t.Logf("%d statements", many)
		if five != 5 || all != 505 || few != many || one != many-siteStatements || many > maxDueStatements {
			t.Errorf("%d due in %d statements, %d in %d, of one platform in %d", five, few, all, many, one)
		}
	})
}

func TestDue_IsWhatTheReaderMaySeeOnThatDay(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.trained(t, "PLT", 5)
		s.trained(t, "AUT", 3)
		here, today := s.platform["PLT"], s.DB.Today()
		list := func(token string) (n int) {
			t.Helper()
			var all dueLines
			s.call(t, "GET", "/due?kind=training&until="+today.AddDays(400).String(), token, "", http.StatusOK, &all)
			return len(all.Items)
		}
		for role, want := range map[qms.Role]int{qms.QualityLead: 5, qms.Manager: 5, qms.Member: 5, qms.Auditor: 5, qms.User: 0} {
			if got := list(s.token(t, role, here)); got != want {
				t.Errorf("%s sees %d, want %d", role, got, want)
			}
		}
		for role, want := range map[qms.Role]int{qms.QualityOfficer: 8, qms.Administrator: 0} {
			if got := list(s.token(t, role, "")); got != want {
				t.Errorf("%s sees %d, want %d", role, got, want)
			}
		}
		s.roleOver(t, list)
		elsewhere := people.AddUser{Email: "ailleurs@plateforme.example", Name: "Agent 02", Role: qms.QualityLead, Platform: s.platform["AUT"], Password: "une phrase de passe"}
		if _, err := s.People.AddUser(asSystem(t), elsewhere); err != nil {
			t.Fatal(err)
		}
		opened, err := s.People.SignIn(t.Context(), people.SignIn{Email: elsewhere.Email, Password: elsewhere.Password, Address: "ailleurs"})
		if err != nil {
			t.Fatal(err)
		}
		s.call(t, "GET", "/platforms/PLT/due", opened.Token, "", http.StatusNotFound, nil)
		s.call(t, "GET", "/platforms/PLT/due", "", "", http.StatusNotFound, nil)
	})
}

// roleOver holds roles of other days against the list: one that ended, and an evaluation still to come.
func (s *site) roleOver(t *testing.T, list func(token string) int) {
	t.Helper()
	here, today := s.platform["PLT"], s.DB.Today()
	for n, grant := range []people.Grant{
		{Role: qms.Member, From: today.AddDays(-30), Until: today},
		{Role: qms.Auditor, From: today.AddDays(1), Until: today.AddDays(30)},
		{Role: qms.Auditor, From: today.AddDays(-30), Until: today},
	} {
		email := fmt.Sprintf("agent%d@plateforme.example", n)
		added, err := s.People.AddUser(asSystem(t), people.AddUser{Email: email, Name: "Agent", Password: "une phrase de passe"})
		if err != nil {
			t.Fatal(err)
		}
		grant.Platform, grant.Person = here, added.Person
		err = s.DB.Change(asSystem(t), qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(here), Platform: here}, func(tx *store.Tx) error {
			return tx.Insert(asSystem(t), &people.RoleGrant{Person: grant.Person, Role: grant.Role, FromDate: grant.From, UntilDate: grant.Until})
		})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := s.People.SignIn(t.Context(), people.SignIn{Email: email, Password: "une phrase de passe", Address: email})
		if err != nil {
			t.Fatal(err)
		}
		if got := list(opened.Token); got != 0 {
			t.Errorf("%s from %s until %s sees %d today", grant.Role, grant.From, grant.Until, got)
		}
		s.call(t, "GET", "/platforms/PLT/due", opened.Token, "", http.StatusNotFound, nil)
	}
}

func TestDueAPI_RefusesWhatIsNoDayOrPlace(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	s.trained(t, "PLT", 5)
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	for query, want := range map[string]int{
		"until=2026-02-30": http.StatusUnprocessableEntity, "until=demain": http.StatusUnprocessableEntity, "as_of=2026-13-01": http.StatusUnprocessableEntity,
		"after=%00": http.StatusUnprocessableEntity, "after=AAAA": http.StatusUnprocessableEntity, "limit=-1": http.StatusUnprocessableEntity,
		"kind=nothing": http.StatusOK, "person=nobody": http.StatusOK, "person=%00": http.StatusOK, "person=me": http.StatusOK, "late=true": http.StatusOK,
		"until=1900-01-01": http.StatusOK, "as_of=9999-12-31": http.StatusOK,
	} {
		for _, path := range []string{"/due", "/platforms/PLT/due"} {
			a := s.ask(t, "GET", "/api/v1"+path+"?"+query, lead, "application/json", nil)
			if a.status != want {
				t.Errorf("%s?%s: status %d, want %d: %s", path, query, a.status, want, a.body)
			}
		}
	}
	var then dueLines
	day := s.DB.Today().AddDays(400).String()
	s.call(t, "GET", "/platforms/PLT/due?late=true&as_of="+day, lead, "", http.StatusOK, &then)
	if len(then.Items) != 5 || then.Items[0].On >= day {
		t.Errorf("late as of %s: %+v", day, then.Items)
	}
	for _, path := range []string{"/p/PLT/due?as_of=2026-02-30", "/p/PLT/due?on=x", "/p/PLT/due?after=x", "/p/PLT/due/calendar?month=2026-13"} {
		if status, _, _ := s.page(t, path, lead); status < 400 || status > 499 {
			t.Errorf("%s: status %d", path, status)
		}
	}
	if status, _, body := s.page(t, "/p/PLT/due?person=all&within=late&as_of="+day, lead, "Accept-Language", "en"); status != http.StatusOK || !strings.Contains(body, "as it stood on") || strings.Count(body, `class="opens"`) != 5 {
		t.Errorf("as of %s: status %d", day, status)
	}
}

func TestFeed_AnswersTheSameOnceItsPersonIsGoneAndNeverMakesARightOneWait(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	s.trained(t, "PLT", 5)
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	var mine, ours struct{ ID, Path string }
	s.call(t, "POST", "/due/feeds", lead, `{}`, http.StatusCreated, &mine)
	s.call(t, "POST", "/platforms/PLT/due/feeds", lead, `{}`, http.StatusCreated, &ours)
	var me struct{ ID qms.ID }
	s.call(t, "GET", "/me", lead, "", http.StatusOK, &me)
	if status, _, body := s.page(t, mine.Path, ""); status != http.StatusOK || !strings.Contains(body, "BEGIN:VCALENDAR") {
		t.Fatalf("the person's: status %d", status)
	}
	if err := s.People.CloseAccount(asSystem(t), me.ID, "parti"); err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`/calendar/[^"&<]*|[0-9a-f]{8}-[0-9a-f-]{27}`)
	said := map[string]bool{}
	guess := "/calendar/" + strings.Repeat("A", 43) + ".ics"
	for _, path := range []string{mine.Path, guess, "/calendar/x.ics", strings.TrimSuffix(mine.Path, ".ics")} {
		status, _, body := s.page(t, path, "")
		said[fmt.Sprint(status, variable.ReplaceAllString(body, ""))] = true
	}
	if len(said) != 1 {
		t.Errorf("a closed account's, a guessed and two malformed secrets are told %d different things", len(said))
	}
	slowed := false
	for range 40 {
		status, header, _ := s.page(t, guess, "")
		slowed = slowed || status == http.StatusServiceUnavailable && header.Get("Retry-After") != ""
	}
	if !slowed {
		t.Error("nothing slows who guesses")
	}
	if status, _, body := s.page(t, ours.Path, ""); status != http.StatusOK || strings.Count(body, "BEGIN:VEVENT") != 5 {
		t.Errorf("a right secret from the same address: status %d", status)
	}
}

// TestDueAPI_SaysTheTitleInTheReadersLanguage takes the end of a role, whose title is a name alone.
func TestDueAPI_SaysTheTitleInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	s.token(t, qms.Auditor, s.platform["PLT"])
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	for lang, want := range map[string]string{"fr": "Agent 01, accès d’évaluation", "en": "Agent 01, evaluation access"} {
		_, _, body := s.page(t, "/api/v1/platforms/PLT/due?kind=role", lead, "Accept-Language", lang)
		var list dueLines
		if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Items) != 1 || list.Items[0].Title != want {
			t.Errorf("%s: %v, %s", lang, err, body)
		}
	}
}
