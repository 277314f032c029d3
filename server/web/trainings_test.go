package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

func TestTrainings_ASessionIsRecordedShownCorrectedAndVoided(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	const at = "/p/MIC/people/sessions"
	m, err := s.Trace.Skills(s.system(), s.platform["MIC"], trace.SkillFilter{Text: "P00"})
	if err != nil || len(m.People) != 1 {
		t.Fatalf("who trains: %+v, %v", m, err)
	}
	trainer, equipment := string(m.People[0].ID), string(m.Equipment[0].ID)
	form := url.Values{"date": {"02/03/2026"}, "equipment": {equipment}, "trainer": {trainer}, "named": {"p01, P02\nP03 P99"}, "months": {"24"}}
	if a := b.post(at+"/new", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "P99") || !strings.Contains(a.body, "p01, P02") {
		t.Errorf("with somebody unknown: %d", a.status)
	}
	form.Set("narrow", "1")
	form.Set("filter_people", "P5")
	if a := b.post(at+"/new", form); a.status != http.StatusOK || strings.Count(a.body, `name="people"`) != 10 {
		t.Errorf("looking for people: %d, %d of them", a.status, strings.Count(a.body, `name="people"`))
	}
	form.Del("narrow")
	form.Set("named", "p01, P02\nP03")
	a := b.post(at+"/new", form)
	if a.status != http.StatusSeeOther || !strings.HasSuffix(a.header.Get("Location"), "/SES-2026-0001") {
		t.Fatalf("recorded: %d %s", a.status, a.header.Get("Location"))
	}
	sheet := b.get(at + "/SES-2026-0001")
	for _, want := range []string{"Agent P01", "Agent P03", "24 mois"} {
		if !strings.Contains(sheet.body, want) {
			t.Errorf("the sheet does not say %q", want)
		}
	}
	if list := b.get(at + "/SES-2026-0001?format=pdf"); list.status != http.StatusOK || !strings.HasPrefix(list.body, "%PDF") {
		t.Errorf("the attendance list: %d", list.status)
	}
	correction := url.Values{"revision": {"1"}, "date": {"03/03/2026"}, "trainer": {trainer}, "reason": {""}}
	if a := b.post(at+"/SES-2026-0001/correct", correction); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", a.status)
	}
	correction.Set("reason", "le lendemain")
	if a := b.post(at+"/SES-2026-0001/correct", correction); a.status != http.StatusSeeOther {
		t.Errorf("corrected: %d", a.status)
	}
	if a := b.post(at+"/SES-2026-0001/void", url.Values{"revision": {"2"}, "reason": {"<script>"}}); a.status != http.StatusSeeOther {
		t.Errorf("voided: %d", a.status)
	}
	if a := b.get(at + "/SES-2026-0001"); strings.Contains(a.body, "<script>alert") || !strings.Contains(a.body, "&lt;script&gt;") {
		t.Errorf("after the void: %d", a.status)
	}
}

func TestTrainings_ListsAskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	for _, path := range []string{"people", "people?standing=expired&who=P1", "people/trainings", "people/sessions", "people/trainers", "people/requalifications"} {
		a, count := b.counted("/p/MIC/" + path)
		t.Logf("%s: %d statements", path, count)
		if a.status != http.StatusOK || count > maxStatements {
			t.Errorf("%s: %d statements, status %d", path, count, a.status)
		}
	}
}

func TestTrainings_AUserOfEquipmentSeesTheirOwnAndNobodyElses(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	member := people.AddMember{Platform: s.platform["MIC"], Code: "U01", Name: "Agent U01", Email: "user.micsite@plateforme.example"}
	m, err := s.People.AddMember(s.system(), member)
	if err != nil {
		t.Fatal(err)
	}
	pieces, _, err := s.Trace.EquipmentList(s.system(), s.platform["MIC"], trace.EquipmentFilter{}, qms.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	trainers, err := s.People.Members(s.system(), s.platform["MIC"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Trace.RecordTraining(s.system(), trace.RecordTraining{Platform: s.platform["MIC"], Person: m.Person, Equipment: pieces.Items[0].Equipment.ID,
		Trainer: trainers[0].Person, Date: qms.MustDate("2026-01-05"), Months: 1200}); err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.User, "MIC")
	own := b.get("/trainings")
	if own.status != http.StatusOK || !strings.Contains(own.body, pieces.Items[0].Equipment.Code) || strings.Contains(own.body, "EQ-030") {
		t.Errorf("one's own: %d", own.status)
	}
	if pdf := b.get("/trainings?format=pdf"); !strings.HasPrefix(pdf.body, "%PDF") {
		t.Errorf("on paper: %d", pdf.status)
	}
	for _, code := range []string{pieces.Items[0].Equipment.Code, "EQ-NONE"} { // whether there is such a piece or not
		if a := b.get("/p/MIC/equipment/" + code); a.status != http.StatusSeeOther || a.header.Get("Location") != "/trainings" {
			t.Errorf("from the label of %s: %d to %s", code, a.status, a.header.Get("Location"))
		}
	}
	for _, path := range []string{"equipment", "people", "people/" + string(m.Person), "people/trainings", "people/sessions"} {
		if a := b.get("/p/MIC/" + path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d, want not found", path, a.status)
		}
	}
}

func TestTrainings_FilesOfTheMatrixHoldItWhole(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.Auditor, "MIC")
	csv := b.get("/p/MIC/people?format=csv")
	if lines := strings.Count(csv.body, "\r\n"); csv.status != http.StatusOK || lines != 61 || strings.Count(strings.SplitN(csv.body, "\r\n", 2)[0], ";") != 64 {
		t.Errorf("%d lines", lines)
	}
	for _, format := range []string{"pdf", "xlsx"} {
		if a := b.get("/p/MIC/people?format=" + format); a.status != http.StatusOK || len(a.body) < 4000 {
			t.Errorf("%s: %d, %d bytes", format, a.status, len(a.body))
		}
	}
	if a := b.get("/p/MIC/people/P07"); a.status != http.StatusOK || !strings.Contains(a.body, "EQ-007") {
		t.Errorf("a person by code: %d", a.status)
	}
	if a := b.get(fmt.Sprintf("/p/MIC/people?as_of=%s", "2026-01-04")); a.status != http.StatusOK || strings.Contains(a.body, "EQ-030") {
		t.Errorf("the day before: %d", a.status)
	}
}
