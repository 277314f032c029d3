package web_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
)

// round is a document in review, its three people and somebody more of the team.
type round struct {
	crew
	fourth *browser
	ids    map[string]string // of the people, by their part
	sheet  string
}

func (s *site) round() round {
	s.t.Helper()
	r := round{crew: s.crew(), fourth: s.holding(qms.QualityOfficer, ""), ids: map[string]string{}, sheet: "/p/MIC/documents/PR-ACH-001"}
	r.ids["verifier"], r.ids["approver"] = r.signatories()
	page := r.fourth.get("/p/MIC/documents/new").body
	r.ids["fourth"] = regexp.MustCompile(`<option value="([0-9a-f-]{36})" selected`).FindStringSubmatch(page)[1]
	page = r.author.get("/p/MIC/documents/new").body
	r.ids["author"] = regexp.MustCompile(`<option value="([0-9a-f-]{36})" selected`).FindStringSubmatch(page)[1]
	fields := map[string]string{"title": "Achats", "kind": "PR", "process": "ACH", "number": "1.0", "reason": "première version", "review_months": "24",
		"confidentiality": "internal", "verifier": r.ids["verifier"], "approver": r.ids["approver"], "submit": "on"}
	r.author.says("create", r.author.deposit("/p/MIC/documents/new", fields, "achats.md", "# Achats"), http.StatusSeeOther)
	return r
}

func TestRound_ChangesItsSignatoriesOnThePages(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	fr := locale.For(locale.French)
	at := r.sheet + "/versions/1.0/reassign"
	r.verifier.says("verify", r.verifier.post(r.sheet+"/versions/1.0/verify", url.Values{"password": {password}}), http.StatusSeeOther)
	r.author.says("asked", r.author.get(at), http.StatusOK, fr.T("page.documents.will_reassign_verified", "1.0", "Agent 01"))
	r.author.says("nothing changed", r.author.post(at, url.Values{"verifier": {r.ids["verifier"]}, "approver": {r.ids["approver"]}}), http.StatusUnprocessableEntity,
		fr.T("version.same_people"), fr.T("act.reason_missing"))
	r.author.says("the author signs", r.author.post(at, url.Values{"verifier": {r.ids["author"]}, "reason": {"absence"}}), http.StatusUnprocessableEntity, fr.T("version.verifier_is_author"))
	r.approver.says("changed", r.approver.post(at, url.Values{"verifier": {r.ids["fourth"]}, "approver": {r.ids["approver"]}, "reason": {"absence"}}), http.StatusSeeOther)
	r.fourth.says("waits for the new one", r.fourth.get("/tasks"), http.StatusOK, fr.T("page.tasks.say_verify", "PR-ACH-001", "1.0"))
	r.approver.says("the approver waits", r.approver.post(r.sheet+"/versions/1.0/approve", url.Values{"password": {password}}), http.StatusConflict)
	r.author.says("the version's page", r.author.get(r.sheet+"/versions/1.0"), http.StatusOK, fr.T("signature.lapsed"), fr.T("page.documents.meaning_verified"))
}

func TestComments_AreReadByTheTeamAndResolvedByItsAuthors(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	fr := locale.For(locale.French)
	at := r.sheet + "/versions/1.0"
	r.author.says("none yet", r.author.get(at), http.StatusOK, fr.T("page.rounds.comment_none"))
	r.verifier.says("an empty one", r.verifier.post(at, url.Values{"text": {" \t\n"}}), http.StatusUnprocessableEntity, fr.T("comment.empty"))
	long := r.verifier.post(at, url.Values{"text": {strings.Repeat("é", 4001)}})
	r.verifier.says("a long one", long, http.StatusUnprocessableEntity, fr.T("comment.long", 4000), "ééééé")
	r.verifier.says("said", r.verifier.post(at, url.Values{"text": {"<script>alert(1)</script>\r\nfigure 2 \x00\x07\u202e"}}), http.StatusSeeOther)
	page := r.author.get(at)
	r.author.says("shown", page, http.StatusOK, "<script>alert(1)</script>\nfigure 2", fr.T("page.rounds.open_n", 1))
	if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "\u202e") {
		t.Error("a comment reaches the page as it was sent")
	}
	r.author.says("a task of the author", r.author.get("/p/MIC/tasks?kind=answer"), http.StatusOK, fr.T("page.tasks.say_answer", "PR-ACH-001", "1.0", 1))
	resolve := regexp.MustCompile(`action="([^"]+/resolve)"`).FindStringSubmatch(html.UnescapeString(page.body))
	if resolve == nil {
		t.Fatal("the author is not offered to resolve it")
	}
	r.approver.says("by another", r.approver.post(resolve[1], nil), http.StatusForbidden, fr.T("comment.not_yours"))
	r.author.says("resolved", r.author.post(resolve[1], nil), http.StatusSeeOther)
	r.author.says("twice", r.author.post(resolve[1], nil), http.StatusConflict, fr.T("comment.resolved"))
	r.author.says("shown as resolved", r.author.get(at), http.StatusOK, fr.T("page.rounds.resolved_by", "Agent 01"))
	r.author.says("no task any more", r.author.get("/tasks?kind=answer"), http.StatusOK, fr.T("page.tasks.none"))
	r.verifier.says("verify", r.verifier.post(at+"/verify", url.Values{"password": {password}}), http.StatusSeeOther)
	r.approver.says("approve", r.approver.post(at+"/approve", url.Values{"password": {password}}), http.StatusSeeOther)
	if page := r.reader.get(at); page.status != http.StatusOK || strings.Contains(page.body, "figure 2") {
		t.Errorf("a reader is shown the comments, or nothing: %d", page.status)
	}
	r.reader.says("a reader comments", r.reader.post(at, url.Values{"text": {"x"}}), http.StatusForbidden)
}

func TestExemptions_AreRecordedSignedAndEndedOnThePages(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	fr := locale.For(locale.French)
	const all = "/p/MIC/documents/exemptions"
	r.reader.says("none", r.reader.get(all), http.StatusOK, fr.T("page.exemptions.none"))
	r.author.says("by a member", r.author.post(all+"/new", url.Values{}), http.StatusForbidden)
	form := url.Values{"allows": {"author-verifier"}, "reason": {"nous sommes deux"}, "password": {"wrong"}}
	r.approver.says("a wrong password", r.approver.post(all+"/new", form), http.StatusUnprocessableEntity, "nous sommes deux", `id="f-password-e"`)
	form.Set("password", password)
	form.Set("from", "01/01/2020")
	r.approver.says("for the past", r.approver.post(all+"/new", form), http.StatusUnprocessableEntity, fr.T("exemption.from_past"), "01/01/2020")
	form.Del("from")
	r.approver.says("recorded", r.approver.post(all+"/new", form), http.StatusSeeOther)
	page := r.approver.get(all)
	r.approver.says("listed", page, http.StatusOK, "nous sommes deux", fr.T("page.exemptions.holds"))
	r.author.says("recalled", r.author.post(r.sheet+"/versions/1.0/recall", url.Values{"reason": {"le vérificateur est parti"}}), http.StatusSeeOther)
	r.author.says("a task", r.author.get("/tasks"), http.StatusOK, "le vérificateur est parti", fr.T("page.tasks.say_rework", "PR-ACH-001", "1.0"))
	r.author.says("submitted under it", r.author.post(r.sheet+"/versions/1.0/submit", url.Values{"verifier": {r.ids["author"]}, "approver": {r.ids["approver"]}}), http.StatusSeeOther)
	for _, at := range []string{r.sheet, r.sheet + "/versions/1.0"} {
		r.author.says("it says so", r.author.get(at), http.StatusOK, "le rédacteur est aussi le vérificateur", "nous sommes deux")
	}
	end := regexp.MustCompile(`href="([^"]+/end)"`).FindStringSubmatch(page.body)[1]
	r.approver.says("asked", r.approver.get(end), http.StatusOK, fr.T("page.exemptions.will_end"))
	r.approver.says("without a reason", r.approver.post(end, url.Values{}), http.StatusUnprocessableEntity, fr.T("act.reason_missing"))
	r.approver.says("ended", r.approver.post(end, url.Values{"reason": {"nous sommes quatre"}}), http.StatusSeeOther)
	r.approver.says("kept on record", r.approver.get(all), http.StatusOK, "nous sommes deux", "nous sommes quatre", fr.T("page.exemptions.over"))
	r.author.says("verified too late", r.author.post(r.sheet+"/versions/1.0/verify", url.Values{"password": {password}}), http.StatusConflict, fr.T("exemption.no_longer", "1.0"))
}

func TestReview_WithoutChangeIsSignedAndMovesTheNextDateOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	fr := locale.For(locale.French)
	at := r.sheet + "/versions/1.0/review"
	r.approver.says("not in force", r.approver.post(at, url.Values{"password": {password}}), http.StatusConflict, fr.T("version.not_in_force", "1.0"))
	r.verifier.says("verify", r.verifier.post(r.sheet+"/versions/1.0/verify", url.Values{"password": {password}}), http.StatusSeeOther)
	r.approver.says("approve", r.approver.post(r.sheet+"/versions/1.0/approve", url.Values{"password": {password}}), http.StatusSeeOther)
	next := s.DB.Today().AddMonths(24)
	r.author.says("the owner is asked", r.author.get(at), http.StatusOK, fr.T("page.documents.will_review", "1.0", fr.LongDate(next)))
	r.author.says("without a password", r.author.post(at, url.Values{}), http.StatusUnprocessableEntity, `id="f-password-e"`)
	r.author.says("signed", r.author.post(at, url.Values{"password": {password}, "note": {"relu en réunion"}}), http.StatusSeeOther)
	r.author.says("the sheet", r.author.get(r.sheet), http.StatusOK, "relu en réunion", fr.T("page.documents.meaning_reviewed"))
	r.author.says("twice a day", r.author.post(at, url.Values{"password": {password}}), http.StatusConflict, fr.T("version.reviewed_today", "1.0"))
}

func TestTasks_AreCountedByAFragmentAndByAPageWithoutScript(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	if a := r.verifier.get("/tasks/count"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/tasks" {
		t.Errorf("without script: %d %q", a.status, a.header.Get("Location"))
	}
	count := func(b *browser) string {
		request := httptest.NewRequest(http.MethodGet, "/tasks/count", nil)
		request.Header.Set("HX-Request", "true")
		a := b.send(request)
		if a.status != http.StatusOK || strings.Contains(a.body, "<html") {
			t.Errorf("the fragment: %d %.200s", a.status, a.body)
		}
		return a.body
	}
	if got := count(r.verifier); !strings.Contains(got, ">1<") {
		t.Errorf("the verifier counts %q", got)
	}
	if got := count(r.author); strings.TrimSpace(got) != "" {
		t.Errorf("the author counts %q", got)
	}
	if page := r.author.get("/p/MIC/documents").body; !strings.Contains(page, `href="/tasks"`) {
		t.Error("the top bar does not lead to the tasks")
	}
	stranger := s.holding(qms.Manager, "CYT")
	if got := count(stranger); strings.TrimSpace(got) != "" {
		t.Errorf("a stranger counts %q", got)
	}
}

func TestRounds_SpeakBothLanguages(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.round()
	raw := regexp.MustCompile(`[>" ](page|act|state|version|exemption|comment)\.[a-z_]+(\.[a-z_-]+)?[<" ]`)
	r.approver.says("comment", r.approver.post(r.sheet+"/versions/1.0", url.Values{"text": {"une remarque"}}), http.StatusSeeOther)
	form := url.Values{"allows": {"verifier-approver"}, "reason": {"nous sommes deux"}, "password": {password}}
	r.approver.says("recorded", r.approver.post("/p/MIC/documents/exemptions/new", form), http.StatusSeeOther)
	for _, lang := range locale.Languages() {
		r.approver.accept, r.author.accept = lang, lang
		for _, path := range []string{"/tasks", "/p/MIC/tasks", "/p/MIC/documents/exemptions", "/p/MIC/documents/exemptions/new", r.sheet, r.sheet + "/versions/1.0",
			r.sheet + "/versions/1.0/reassign", r.sheet + "/versions/1.0/hand-over", r.sheet + "/versions/1.0/review"} {
			for _, b := range []*browser{r.approver, r.author} {
				page := b.get(path)
				if page.status == http.StatusNotFound && strings.HasSuffix(path, "/new") {
					continue // the author does not control documents
				}
				if found := raw.FindString(page.body); page.status != http.StatusOK || found != "" || !strings.Contains(page.body, `lang="`+lang+`"`) {
					t.Errorf("%s %s: %d, shows the key %q", lang, path, page.status, found)
				}
				if strings.Contains(page.body, " style=") || strings.Contains(page.body, "onclick=") {
					t.Errorf("%s %s breaks the content policy", lang, path)
				}
			}
		}
	}
}
