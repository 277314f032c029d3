package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/label"
)

// calendar is a clock that a test moves from day to day.
type calendar struct {
	mu  sync.Mutex
	now time.Time
}

func (c *calendar) at() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *calendar) set(day string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = qms.MustDate(day).Time().Add(9 * time.Hour)
}

// evaluated is a site with the shipped referential in force, a quality officer, a manager of MIC and an
// evaluator, who manages CYT.
type evaluated struct {
	*site
	*calendar
	criteria                    int
	officer, manager, evaluator *browser
	mails                       map[*browser]string
}

func evaluatedSite(t *testing.T, day string) *evaluated {
	t.Helper()
	c := &calendar{}
	c.set(day)
	e := &evaluated{site: openAt(t, c.at), calendar: c, mails: map[*browser]string{}}
	v, err := e.Label.TakeSample(e.system(), "Exemple", "Ce n’est pas la grille officielle")
	if err == nil {
		_, err = e.Label.PublishReferential(e.system(), label.PublishReferential{OnReferential: label.OnReferential{Number: v.Number, Revision: v.Revision}, EffectiveFrom: qms.MustDate(day)})
	}
	if err != nil {
		t.Fatal(err)
	}
	e.criteria = len(label.Sample())
	for b, who := range map[**browser][2]string{&e.officer: {string(qms.QualityOfficer), ""}, &e.manager: {string(qms.Manager), "MIC"}, &e.evaluator: {string(qms.Manager), "CYT"}} {
		*b = e.nobody()
		e.mails[*b] = e.user(qms.Role(who[0]), who[1])
	}
	return e
}

// on moves to the day; whoever asks then signs in again.
func (e *evaluated) on(day string) {
	e.set(day)
	for b, email := range e.mails {
		b.cookies = map[string]string{}
		b.signIn(email)
	}
}

var revision = regexp.MustCompile(`name="revision" value="(\d+)"`)

// act sends the form of a page as the reader filled it, at the revision that the page was read at.
func (b *browser) act(path string, filled ...string) answer {
	b.t.Helper()
	form := url.Values{}
	if found := revision.FindStringSubmatch(b.get(path).body); found != nil {
		form.Set("revision", found[1])
	}
	for i := 0; i < len(filled); i += 2 {
		form.Set(filled[i], filled[i+1])
	}
	return b.post(path, form)
}

func (a answer) is(t *testing.T, what string, status int) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: status %d, want %d\n%.1500s", what, a.status, status, a.body[max(0, strings.Index(a.body, "<main")):])
	}
}

// evaluation takes a mission of the kind through the pages, from its opening on the day to its observations
// twelve days later, and returns its address.
func (e *evaluated) evaluation(kind, day, number string) string {
	t, base := e.t, "/p/MIC/label/missions/"+number
	t.Helper()
	opened := qms.MustDate(day)
	e.on(day)
	e.evaluator.get(base).is(t, "the evaluator before", http.StatusNotFound)
	e.officer.post("/p/MIC/label/missions/new", url.Values{"kind": {kind}, "evaluators": {e.mails[e.manager]}}).is(t, "somebody of the platform evaluates", http.StatusUnprocessableEntity)
	e.manager.post("/p/MIC/label/missions/new", url.Values{"kind": {kind}}).is(t, "the manager opens", http.StatusForbidden)
	e.officer.post("/p/MIC/label/missions/new", url.Values{"kind": {kind}, "evaluators": {e.mails[e.evaluator]}}).is(t, "open", http.StatusSeeOther)
	e.on(opened.AddDays(1).String()) // the role counts from the next sign-in on
	shown := e.evaluator.get(base)
	shown.is(t, "the evaluator reads", http.StatusOK)
	part := regexp.MustCompile(`evaluators/([0-9a-f-]{36})/declare`).FindStringSubmatch(shown.body)
	if part == nil {
		t.Fatal("nothing to declare")
	}
	e.evaluator.act(base+"/report", "text", "R", "on", day, "password", password).is(t, "reported before all", http.StatusConflict)
	e.evaluator.act(base+"/evaluators/"+part[1]+"/declare", "words", "Aucun lien", "on", opened.AddDays(1).String()).is(t, "declare", http.StatusSeeOther)
	visit := opened.AddDays(5).String()
	e.evaluator.act(base+"/plan", "visit_from", visit, "from_1", "09:00", "until_1", "10:30", "topic_1", "Ouverture", "with_1", "Direction").is(t, "plan", http.StatusSeeOther)
	e.evaluator.act(base+"/exercises", "exercises", "EXE-1999-001").is(t, "an unknown exercise", http.StatusUnprocessableEntity)
	e.manager.act(base+"/plan", "visit_from", visit).is(t, "the manager plans", http.StatusForbidden)
	e.on(opened.AddDays(6).String())
	e.findings(base)
	report := opened.AddDays(6).String()
	e.evaluator.act(base+"/report", "text", "Rapport", "on", report, "password", "une autre").is(t, "with a wrong password", http.StatusUnprocessableEntity)
	e.evaluator.act(base+"/report", "text", "Rapport d’évaluation", "on", report, "password", password).is(t, "report", http.StatusSeeOther)
	e.on(opened.AddDays(12).String())
	e.evaluator.act(base+"/observations", "text", "O", "on", report).is(t, "the evaluator observes", http.StatusForbidden)
	e.manager.act(base+"/observations", "text", "Sans réserve", "on", opened.AddDays(12).String()).is(t, "observe", http.StatusSeeOther)
	return base
}

// findings states one on every criterion of the grid, as it stands on the page.
func (e *evaluated) findings(base string) {
	e.t.Helper()
	codes := regexp.MustCompile(`name="finding_([^"]+)"`).FindAllStringSubmatch(e.evaluator.get(base+"/grid").body, -1)
	if len(codes) != e.criteria || e.criteria < 30 {
		e.t.Fatalf("%d of %d criteria in the grid", len(codes), e.criteria)
	}
	var filled []string
	for i, c := range codes {
		found := label.Findings()[i%len(label.Findings())]
		filled = append(filled, "finding_"+c[1], string(found), "note_"+c[1], "Vu : "+string(found))
	}
	e.evaluator.act(base+"/grid", "finding_"+codes[0][1], string(label.FindingMajor)).is(e.t, "a nonconformity without words", http.StatusUnprocessableEntity)
	e.evaluator.act(base+"/grid", "finding_"+codes[0][1], "conform", "note_"+codes[0][1], strings.Repeat("é", 4001)).is(e.t, "a note of a book", http.StatusUnprocessableEntity)
	e.evaluator.act(base+"/grid", filled...).is(e.t, "grid", http.StatusSeeOther)
	e.manager.get(base+"/grid").is(e.t, "the manager fills the grid", http.StatusForbidden)
	if shown := e.manager.get(base); !strings.Contains(shown.body, "Vu : strength") || !strings.Contains(shown.body, "Vu : major") {
		e.t.Error("the findings are not shown")
	}
}

func TestMission_GoesFromItsOpeningToTheLabelAndThroughSixYears(t *testing.T) {
	t.Parallel()
	e := evaluatedSite(t, "2024-02-08")
	base := e.evaluation("initial", "2024-02-08", "EVA-2024-001")
	decide := func(base, outcome, day string, more ...string) answer {
		return e.officer.act(base+"/decision", append([]string{"outcome", outcome, "body", "Comité", "date", day, "perimeter", "Microscopie", "note", "Motif", "password", password}, more...)...)
	}
	e.on("2024-02-29")
	decide(base, "award", "2024-02-12").is(t, "decided before the visit", http.StatusUnprocessableEntity)
	decide(base, "award-with-conditions", "2024-02-29").is(t, "without its conditions", http.StatusUnprocessableEntity)
	e.manager.act(base+"/decision", "outcome", "award").is(t, "the manager decides", http.StatusForbidden)
	decide(base, "award-with-conditions", "2024-02-29", "condition_1", "Écrire la procédure", "due_1", "2024-08-31").is(t, "decide", http.StatusSeeOther)
	decide(base, "award", "2024-02-29").is(t, "decided twice", http.StatusConflict)
	e.on("2024-03-01")
	e.evaluator.get(base).is(t, "the evaluator after the decision", http.StatusNotFound)
	if a := e.nobody().get("/label/LAB-2024-001"); a.status != http.StatusOK || strings.Contains(a.body, "procédure") {
		t.Errorf("the public is told of the condition, or of nothing: %d", a.status)
	}
	if a := e.manager.get("/p/MIC/label/awards/LAB-2024-001?format=pdf"); !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("no certificate: %d", a.status)
	}
	base = e.evaluation("follow-up-24", "2026-02-10", "EVA-2026-001")
	e.on("2026-02-28") // 24 months after a 29 February
	decide(base, "suspension", "2026-02-28").is(t, "suspend", http.StatusSeeOther)
	change := func(kind, day string) answer {
		return e.officer.act("/p/MIC/label/awards/LAB-2024-001/change", "kind", kind, "date", day, "body", "Comité", "why", "Motif", "password", password)
	}
	e.stands("suspended", "2028-02-29")
	change("lifted", "2026-02-27").is(t, "lifted before", http.StatusConflict)
	change("lifted", "2026-02-28").is(t, "lift", http.StatusSeeOther)
	e.stands("labelled", "2028-02-29")
	base = e.evaluation("follow-up-48", "2028-02-01", "EVA-2028-001")
	e.on("2028-02-29")
	decide(base, "confirmed", "2028-02-29").is(t, "confirm", http.StatusSeeOther)
	e.on("2029-05-28")
	e.officer.post("/p/MIC/label/missions/new", url.Values{"kind": {"renewal"}}).is(t, "renewed too early", http.StatusUnprocessableEntity)
	base = e.evaluation("renewal", "2029-05-29", "EVA-2029-001")
	e.on("2029-07-01")
	decide(base, "award", "2029-07-01").is(t, "renew", http.StatusSeeOther)
	e.on("2030-02-28")
	e.stands("labelled", "2032-02-28")
	if a := e.nobody().get("/label/LAB-2024-001"); !strings.Contains(a.body, `data-state="expired"`) {
		t.Error("the first label has not ended")
	}
	e.officer.act("/p/MIC/label/awards/LAB-2029-001/change", "kind", "withdrawn", "date", "2030-02-28", "body", "Comité", "why", "Motif", "password", password).is(t, "withdraw", http.StatusSeeOther)
	e.stands("withdrawn", "")
}

// stands holds what the API says of the platform today.
func (e *evaluated) stands(stage, next string) {
	e.t.Helper()
	a := e.manager.get("/api/v1/platforms/MIC/label")
	if !strings.Contains(a.body, `"stage":"`+stage+`"`) || next != "" && !strings.Contains(a.body, `"on":"`+next+`"`) {
		e.t.Errorf("stands otherwise than %s, next %s: %s", stage, next, a.body)
	}
}

func TestTakenOver_IsRecordedShownAndRefusedOverThePages(t *testing.T) {
	t.Parallel()
	e := evaluatedSite(t, "2026-08-31")
	e.on("2026-08-31")
	const at = "/p/MIC/label/awards"
	state := func(b *browser, path string, more ...string) answer {
		return b.act(path, append([]string{"number", "SL-2022-007", "body", "Comité", "perimeter", "Microscopie", "awarded_on", "31/08/2022", "followed_first", "02/09/2024",
			"source", "Procès-verbal du 31 août 2022", "password", password}, more...)...)
	}
	state(e.manager, at+"/new").is(t, "the manager takes it over", http.StatusForbidden)
	state(e.officer, at+"/new", "awarded_on", "01/09/2026", "followed_first", "").is(t, "in the future", http.StatusUnprocessableEntity)
	state(e.officer, at+"/new", "password", "x").is(t, "with a wrong password", http.StatusUnprocessableEntity)
	state(e.officer, at+"/new", "source", strings.Repeat("é", 501)).is(t, "with a source of pages", http.StatusUnprocessableEntity)
	state(e.officer, at+"/new").is(t, "take over", http.StatusSeeOther)
	e.stands("labelled", "2026-08-31") // the follow-up at 48 months is what comes next
	page := e.manager.get(at + "/SL-2022-007")
	if !strings.Contains(page.body, "Repris") || !strings.Contains(page.body, "Procès-verbal du 31 août 2022") || strings.Contains(page.body, "/correct") {
		t.Errorf("shown as %d", page.status)
	}
	if a := e.manager.get(at + "/SL-2022-007?format=pdf"); !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("no certificate: %d", a.status)
	}
	state(e.officer, at+"/SL-2022-007/correct", "reason", "").is(t, "without a reason", http.StatusUnprocessableEntity)
	stale := e.officer.post(at+"/SL-2022-007/void", url.Values{"revision": {"9"}, "reason": {"Erreur"}, "password": {password}})
	stale.is(t, "at a stale revision", http.StatusConflict)
	e.officer.get("/p/CYT/label/awards/SL-2022-007/correct").is(t, "from another platform", http.StatusNotFound)
	state(e.officer, at+"/SL-2022-007/correct", "reason", "Suivi tenu aussi", "followed_second", "30/08/2026").is(t, "correct", http.StatusSeeOther)
	e.stands("labelled", "2027-11-30") // 63 months after a 31 August
	e.officer.act(at+"/SL-2022-007/void", "reason", "Autre plateforme", "password", password).is(t, "void", http.StatusSeeOther)
	e.stands("identified", "")
}

// TestMissionPages_AskTheDatabaseLittle counts the statements of the pages of evaluations and labels.
func TestMissionPages_AskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	e := evaluatedSite(t, "2024-02-08")
	base := e.evaluation("initial", "2024-02-08", "EVA-2024-001")
	for n := range 60 { // a second page of the list
		_, err := e.Label.OpenMission(e.system(), label.OpenMission{Platform: e.platform["MIC"], Kind: label.MissionInitial, Subject: fmt.Sprint("n° ", n)})
		if n == 0 && err == nil {
			t.Fatal("two first evaluations at once")
		}
	}
	e.officer.act(base+"/decision", "outcome", "award", "body", "Comité", "date", "2024-02-20", "perimeter", "P", "password", password).is(t, "decide", http.StatusSeeOther)
	for range 60 {
		if _, err := e.Label.OpenMission(e.system(), label.OpenMission{Platform: e.platform["MIC"], Kind: label.MissionExtraordinary}); err != nil {
			t.Fatal(err)
		}
	}
	for path, most := range map[string]int{"/label/missions": 6, "/label/missions?open=1": 6, "/label/assessment": 12, "/label/others": 6, "/label": 18,
		"/label/missions/EVA-2024-001": 14, "/label/missions/EVA-2024-001/grid": 14, "/label/awards/LAB-2024-001": 16, "/label/awards/new": 6} {
		a, count := e.officer.counted("/p/MIC" + path)
		t.Logf("%s: %d statements, %d bytes", path, count, len(a.body))
		if a.status != http.StatusOK || count > most {
			t.Errorf("%s: %d statements, status %d", path, count, a.status)
		}
	}
}
