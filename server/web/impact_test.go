package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trace"
)

// unfit gives the platform MIC a good check of the microscope, a bad one, and a report and a use between.
func (s *site) unfit() (bad *trace.Calibration) {
	s.t.Helper()
	person, e := s.furnished()
	p := s.platform["MIC"]
	fail := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	_, err := s.Trace.RecordCalibration(s.system(), trace.RecordCalibration{Platform: p, Equipment: e.ID, Date: qms.MustDate("2024-01-10"), Outcome: trace.Conforming, Certificate: "C-<1>"})
	fail(err)
	bad, err = s.Trace.RecordCalibration(s.system(), trace.RecordCalibration{Platform: p, Equipment: e.ID, Date: qms.MustDate("2024-05-10"), Outcome: trace.Nonconforming})
	fail(err)
	_, err = s.Trace.RecordRequest(s.system(), trace.RecordRequest{Platform: p, Date: qms.MustDate("2024-02-01"), Client: "Client <b>01</b>", ClientStatus: "interne", Subject: "Lames"})
	fail(err)
	_, err = s.Trace.RecordReport(s.system(), trace.RecordReport{Platform: p, Request: "DEM-2024-0001", Date: qms.MustDate("2024-03-03"), AnalysedOn: qms.MustDate("2024-03-01"),
		Operator: person, Equipment: e.ID, Instruction: "MO-1", InstructionVersion: "1.0"})
	fail(err)
	_, err = s.Trace.RecordUse(s.system(), trace.RecordUse{Platform: p, Person: person, Equipment: e.ID, Date: qms.MustDate("2024-04-01")})
	fail(err)
	return bad
}

var itemID = regexp.MustCompile(`name="item" value="([^"]+)"`)

func TestImpact_IsFollowedFromTheBadCheckToItsConclusionOnPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	bad := s.unfit()
	b := s.holding(qms.QualityLead, "MIC")
	entry := "/p/MIC/impact/new?cause=calibration&calibration=" + string(bad.ID)
	says := func(a answer, words ...string) {
		t.Helper()
		for a.status == http.StatusSeeOther {
			a = b.get(a.header.Get("Location"))
		}
		for _, w := range words {
			if !strings.Contains(a.body, w) {
				t.Errorf("status %d, %q is not said", a.status, w)
			}
		}
		if strings.Contains(a.body, "<b>01") {
			t.Error("a client's name is taken for markup")
		}
	}
	says(b.get("/p/MIC/equipment/EQ-1"), "cause=calibration&amp;calibration="+string(bad.ID))
	says(b.get(entry), "RAP-2024-0001", "UTI-2024-0001", "depuis le 10/01/2024", "certificat C-&lt;1&gt;", "Non facturé")
	says(b.get(entry+"&from=01/02/2024"), "la période commence le 10/01/2024"[3:], "RAP-2024-0001")
	for format, begins := range map[string]string{"csv": "\ufeff", "xlsx": "PK", "pdf": "%PDF"} {
		if a := b.get(entry + "&format=" + format); a.status != http.StatusOK || !strings.HasPrefix(a.body, begins) {
			t.Errorf("as %s: status %d", format, a.status)
		}
	}
	cause := url.Values{"cause": {"calibration"}, "calibration": {string(bad.ID)}}
	a := b.post("/p/MIC/impact/new", cause)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="f-words"`) || !strings.Contains(a.body, "RAP-2024-0001") {
		t.Errorf("opened without a word: status %d", a.status)
	}
	cause.Set("words", "Hors tolérance")
	a = b.post("/p/MIC/impact/new", cause)
	one := a.header.Get("Location")
	says(a, "2 lignes à décider", "Empreinte de la liste")
	items := itemID.FindAllStringSubmatch(b.get(one).body, -1)
	if len(items) != 2 {
		t.Fatalf("%d lines to tick at %s", len(items), one)
	}
	a = b.post(one, url.Values{"revision": {"1"}, "lines": {"ticked"}, "item": {items[0][1]}, "decision": {"not-affected"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "checked") {
		t.Errorf("decided without why: status %d", a.status)
	}
	says(b.post(one, url.Values{"revision": {"1"}, "lines": {"ticked"}, "item": {items[0][1]}, "decision": {"inform"}, "informed_on": {"02/06/2024"}}), "Informé le 02/06/2024", "il reste 1 ligne")
	says(b.get(one+"/conclude"), "Il reste 1 ligne")
	says(b.post(one, url.Values{"revision": {"2"}, "lines": {"rest"}, "decision": {"other-measure"}, "note": {"Essai refait"}}), "le dossier peut être conclu")
	says(b.post(one+"/conclude", url.Values{"revision": {"3"}, "words": {"Sans suite"}}), "Sans suite", "Ouvrir un nouveau dossier")
	if a := b.post(one+"/void", url.Values{"revision": {"4"}, "reason": {"r"}}); a.status != http.StatusConflict {
		t.Errorf("a concluded dossier is voided: status %d", a.status)
	}
	if a := b.get(one + "?format=pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the report: status %d", a.status)
	}
	says(b.get("/p/MIC/impact/of/chain/DEM-2024-0001"), "RAP-2024-0001", "Client informé")
	says(b.get("/p/MIC/impact"), "Conclu", "2 / 2")
	if a, n := b.counted("/p/MIC/impact"); n > maxStatements {
		t.Errorf("the list takes %d statements, status %d", n, a.status)
	}
}

func TestImpact_AnswersHostileQuestionsPlainly(t *testing.T) {
	t.Parallel()
	s := open(t)
	bad := s.unfit()
	b := s.holding(qms.Member, "MIC")
	for path, want := range map[string]int{
		"/p/MIC/impact/new?cause=calibration&calibration=%00%ff":                                    http.StatusNotFound,
		"/p/MIC/impact/new?cause=calibration&calibration=' OR 1=1":                                  http.StatusNotFound,
		"/p/MIC/impact/new?cause=fault&equipment=EQ-1":                                              http.StatusUnprocessableEntity,
		"/p/MIC/impact/new?cause=fault&equipment=EQ-1&from=31/02/2024":                              http.StatusUnprocessableEntity,
		"/p/MIC/impact/new?cause=fault&equipment=EQ-1&from=01/01/0001":                              http.StatusUnprocessableEntity,
		"/p/MIC/impact/new?cause=nothing":                                                           http.StatusUnprocessableEntity,
		"/p/MIC/impact/new?cause=instruction&instruction=" + strings.Repeat("x", 99) + "&version=1": http.StatusUnprocessableEntity,
		"/p/MIC/impact/new?cause=instruction&instruction=MO-1&version=1":                            http.StatusOK,
		"/p/MIC/impact/IMP-9":          http.StatusNotFound,
		"/p/MIC/impact/of/chain/x%00y": http.StatusOK,
		"/p/MIC/impact/of/anything/x":  http.StatusNotFound,
		"/p/CYT/impact/new?cause=calibration&calibration=" + string(bad.ID):                             http.StatusNotFound,
		"/p/MIC/impact/new?cause=calibration&calibration=" + string(bad.ID) + "&after=" + "bm9uc2Vuc2U": http.StatusUnprocessableEntity,
	} {
		path = strings.ReplaceAll(path, " ", "+")
		if a := b.get(path); a.status != want {
			t.Errorf("%s: status %d, want %d", path, a.status, want)
		}
	}
	if a := b.post("/p/MIC/impact/new", url.Values{"cause": {"calibration"}, "calibration": {string(bad.ID)}, "words": {"w"}}); a.status != http.StatusForbidden {
		t.Errorf("a member opens a dossier: status %d", a.status)
	}
}
