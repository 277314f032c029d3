package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
)

type recordAnswer struct {
	ID, Number, Code, Void string
	Revision               int64
	AcceptedOn             string `json:"accepted_on"`
}

// member is the ID of somebody new on the platform PLT.
func (s *site) member(t *testing.T, code string) string {
	t.Helper()
	m, err := s.People.AddMember(asSystem(t), people.AddMember{Platform: s.platform["PLT"], Code: code, Name: "Agent " + code, Trainer: true})
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Person)
}

func TestTraceAPI_WalksAServiceFromRequestToInvoice(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.Manager)
	trainer, operator := s.member(t, "P01"), s.member(t, "P02")
	const at, kind = "/platforms/PLT", "application/json"
	var equipment, quote, use recordAnswer
	s.call(t, "POST", at+"/equipment", token, `{"code":"eq-1","name":"Microscope"}`, http.StatusCreated, &equipment)
	s.call(t, "POST", at+"/trainings", token, fmt.Sprintf(`{"person":%q,"equipment":%q,"trainer":%q,"date":"2024-01-02","months":12}`, operator, equipment.ID, trainer), http.StatusCreated, nil)
	s.call(t, "POST", at+"/requests", token, `{"date":"2024-03-01","client":"Client 01","client_status":"internal","subject":"Lames"}`, http.StatusCreated, nil)
	etag := s.known(t, "POST", at+"/quotes", token, "", kind, `{"request":"DEM-2024-0001","date":"2024-03-02","total_cents":125050}`, http.StatusCreated, &quote)
	s.known(t, "POST", at+"/quotes/"+quote.Number+"/accept", token, "", kind, `{"on":"2024-03-05"}`, http.StatusPreconditionRequired, nil)
	accepted := s.known(t, "POST", at+"/quotes/"+quote.Number+"/accept", token, etag, kind, `{"on":"2024-03-05"}`, http.StatusOK, &quote)
	if quote.AcceptedOn != "2024-03-05" || accepted == etag {
		t.Errorf("accepted: %+v, ETag %s after %s", quote, accepted, etag)
	}
	s.known(t, "PATCH", at+"/quotes/"+quote.Number, token, etag, kind, `{"request":"DEM-2024-0001","date":"2024-03-02","total_cents":1,"reason":"x"}`, http.StatusPreconditionFailed, nil)
	s.call(t, "POST", at+"/reports", token, fmt.Sprintf(`{"request":"DEM-2024-0001","date":"2024-03-20","analysed_on":"2024-03-15","operator":%q,"equipment":%q,"instruction":"MO-1","instruction_version":"1"}`,
		operator, equipment.ID), http.StatusCreated, nil)
	s.call(t, "POST", at+"/invoices", token, `{"request":"DEM-2024-0001","quote":"DEV-2024-0001","date":"2024-03-21","total_cents":125051}`, http.StatusCreated, nil)
	var dossier struct {
		Stage, State string
		Defects      []struct{ Check, Record string }
		Reports      []struct {
			Trained bool
			InForce bool `json:"in_force"`
		}
	}
	s.call(t, "GET", at+"/services/fac-2024-0001", token, "", http.StatusOK, &dossier)
	if dossier.Stage != "invoice" || dossier.State != "broken" || fmt.Sprint(dossier.Defects) != "[{S05 FAC-2024-0001} {S09 RAP-2024-0001}]" ||
		!dossier.Reports[0].Trained || dossier.Reports[0].InForce {
		t.Errorf("the dossier: %+v", dossier)
	}
	s.call(t, "POST", at+"/uses", token, fmt.Sprintf(`{"person":%q,"equipment":%q,"date":"2025-01-02","minutes":90}`, operator, equipment.ID), http.StatusCreated, &use)
	var list struct {
		Items []struct{ Number, Check string }
	}
	s.call(t, "GET", at+"/uses?uncovered=true", token, "", http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].Check != "U02" {
		t.Errorf("uncovered: %+v", list)
	}
	s.known(t, "POST", at+"/uses/"+use.Number+"/void", token, `"1"`, kind, `{"reason":"saisie deux fois"}`, http.StatusOK, &use)
	if use.Void != "saisie deux fois" {
		t.Errorf("voided: %+v", use)
	}
	var status struct {
		Covered bool
		Check   string
	}
	s.call(t, "GET", at+"/training-status?person="+operator+"&equipment="+equipment.ID+"&on=2024-06-01", token, "", http.StatusOK, &status)
	if !status.Covered {
		t.Errorf("trained on 2024-06-01: %+v", status)
	}
}

func TestTraceAPI_PagesFiltersAndRefuses(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.QualityLead)
	const at = "/platforms/PLT"
	for i := range 5 {
		s.call(t, "POST", at+"/requests", token, fmt.Sprintf(`{"date":"2024-03-0%d","client":"Client 01","client_status":"internal","subject":"Lames"}`, i+1), http.StatusCreated, nil)
	}
	var page struct {
		Items []struct{ Request, State string }
		Next  string
	}
	var seen []string
	for after := ""; ; after = page.Next {
		page.Next = ""
		s.call(t, "GET", at+"/services?limit=2&sort=number&state=open&after="+after, token, "", http.StatusOK, &page)
		for _, item := range page.Items {
			seen = append(seen, item.Request)
		}
		if page.Next == "" {
			break
		}
	}
	if strings.Join(seen, " ") != "DEM-2024-0001 DEM-2024-0002 DEM-2024-0003 DEM-2024-0004 DEM-2024-0005" {
		t.Errorf("pages show %v", seen)
	}
	for path, want := range map[string]int{
		"/services?after=%21": 422, "/services?sort=price": 422, "/services?from=2024-02-31": 422, "/services/DEM-9": 404, "/services/%00": 404,
		"/services?q=%00": 200, "/requests/FAC-1": 404, "/uses?person=x": 422, "/training-status": 422, "/equipment/EQ-9": 404,
	} {
		s.call(t, "GET", at+path, token, "", want, nil)
	}
	s.call(t, "POST", at+"/requests", token, `{"date":"2999-01-01","client":"c","client_status":"s","subject":"o"}`, http.StatusUnprocessableEntity, nil)
	auditor := s.entered(t, qms.Auditor)
	s.call(t, "POST", at+"/requests", auditor, `{"date":"2024-01-01","client":"c","client_status":"s","subject":"o"}`, http.StatusForbidden, nil)
}
