package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

// comesTo posts the form and follows to the page that it leads to, which must say the words.
func (b *browser) comesTo(path string, form url.Values, says string) answer {
	b.t.Helper()
	a := b.post(path, form)
	for a.status == http.StatusSeeOther {
		a = b.get(a.header.Get("Location"))
	}
	if a.status != http.StatusOK || !strings.Contains(a.body, says) {
		b.t.Fatalf("%s: status %d, %q is not said:\n%s", path, a.status, says, a.body)
	}
	return a
}

func TestEquipment_LivesOnItsPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.furnished()
	member, lead := s.holding(qms.Member, "MIC"), s.holding(qms.QualityLead, "MIC")
	const eq = "/p/MIC/equipment/EQ-1"
	a := member.comesTo(eq+"/breakdown", url.Values{"date": {"03/03/2024"}, "description": {"Le laser s’éteint"}}, "En panne")
	if strings.Contains(a.body, eq+"/events/new") {
		t.Error("a member is led to what they may not do")
	}
	if list := lead.get("/p/MIC/equipment?stands=broken-down"); !strings.Contains(list.body, "EQ-1") {
		t.Error("the list does not find what is broken down")
	}
	if list := lead.get("/p/MIC/equipment?stands=broken-down&as_of=2024-03-02"); strings.Contains(list.body, `href="`+eq+`"`) {
		t.Error("the list of the day before finds it too")
	}
	down := regexp.MustCompile(`kind=repair&amp;ends=([0-9a-f-]{36})`).FindStringSubmatch(lead.get(eq).body)
	if down == nil {
		t.Fatal("the page does not lead to the repair")
	}
	lead.comesTo(eq+"/events/new", url.Values{"kind": {"repair"}, "date": {"05/03/2024"}, "ended": {"05/03/2024"}, "description": {"Alimentation changée"}, "ends": {down[1]},
		"company": {"Société 01"}, "cost": {"1 850,00"}}, "En service")
	if a := lead.post(eq+"/events/new", url.Values{"kind": {"repair"}, "date": {"demain"}, "description": {"Reste écrit"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Reste écrit") {
		t.Errorf("a date that is none: %d", a.status)
	}
	lead.comesTo(eq+"/events/new", url.Values{"kind": {"preventive"}, "date": {"06/03/2024"}, "ended": {"06/03/2024"}, "program": {"Révision"}, "months": {"12"}}, "prochaine le 06/03/2025")
	if schedule := lead.get("/p/MIC/equipment/schedule?kind=maintenance"); !strings.Contains(schedule.body, "Révision") {
		t.Error("the schedule does not show the next maintenance")
	}
	wrong := url.Values{"date": {"07/03/2024"}, "kind": {"verification"}, "outcome": {"conforming"}, "tolerance": {"0,05"}, "deviation": {"0,06"}, "unit": {"mg"}}
	if a := lead.post(eq+"/calibration", wrong); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "dépasse la tolérance") {
		t.Errorf("conforming beyond its tolerance: %d", a.status)
	}
	wrong.Set("outcome", "nonconforming")
	lead.comesTo(eq+"/calibration", wrong, "Étalonnage non valide")
	if a := lead.get(eq); strings.Contains(a.body, "<dt>Étalonnage</dt><dd>Expiré") ||
		strings.Count(a.body, "<dt>Étalonnage</dt><dd>Non conforme, depuis le 07/03/2024")+strings.Count(a.body, `data-state="failed">Non conforme</span> depuis le 07/03/2024`) != 2 {
		t.Error("a calibration refuted by a check is told as run out")
	}
	lead.comesTo(eq+"/data/new", url.Values{"name": {"Images"}, "yearly": {"1,2 To"}, "stored": {"Serveur"}, "date": {"01/01/2024"}}, "1,2\u202fTo")
	if test := regexp.MustCompile(`href="([^"]+/data/[^"]+/test)"`).FindStringSubmatch(lead.get(eq).body); test == nil || regexp.MustCompile(`name="restored"[^>]* checked`).MatchString(lead.get(test[1]).body) {
		t.Errorf("the form of a restore test answers by itself: %v", test)
	}
	if m := lead.get("/p/MIC/equipment/data-map?gaps=on"); !strings.Contains(m.body, "Pas de sauvegarde") {
		t.Error("the map does not say that there is no backup")
	}
	lead.comesTo(eq+"/retire", url.Values{"revision": {"1"}, "on": {"01/04/2024"}, "reason": {"Remplacé"}}, "Hors service")
	for _, path := range []string{eq + "/life?format=pdf", "/p/MIC/equipment/labels?format=pdf&code=EQ-1", "/p/MIC/equipment/renewal?format=pdf", "/p/MIC/equipment/data-map?format=pdf"} {
		if a := lead.get(path); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestEquipment_ShowsALongLifePageByPage(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, e := s.furnished()
	from := qms.MustDate("2010-01-01")
	for i := range 120 {
		cmd := trace.RecordEvent{Platform: s.platform["MIC"], Equipment: e.ID, Kind: trace.Software, Date: from.AddDays(i), Description: fmt.Sprintf("Version %03d.", i)}
		if _, err := s.Trace.RecordEvent(s.system(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	b := s.holding(qms.Auditor, "MIC")
	if page := b.get("/p/MIC/equipment/EQ-1").body; strings.Contains(page, "Version 100.") || !strings.Contains(page, "Version 119.") {
		t.Error("the page of the equipment does not fold a long life")
	}
	seen, next := 0, "/p/MIC/equipment/EQ-1/life"
	for pages := 0; next != "" && pages < 5; pages++ {
		a, count := b.counted(next)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", next, a.status)
		}
		t.Logf("%d statements", count)
		seen += strings.Count(a.body, "Version ")
		next = ""
		if m := regexp.MustCompile(`href="([^"]*after=[^"]*)" rel="next"`).FindStringSubmatch(a.body); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if seen != 120 {
		t.Errorf("the pages show %d of 120 lines", seen)
	}
}
