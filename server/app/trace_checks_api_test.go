package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
)

func TestChecksAPI_SetsAndExplainsTheChecks(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	manager, member, auditor := s.entered(t, qms.Manager), s.entered(t, qms.Member), s.entered(t, qms.Auditor)
	const at, kind = "/platforms/PLT/check-settings", "application/json"
	var set struct {
		InvoiceDays int64 `json:"invoice_days"`
		Evidence    bool
		Uncovered   string
	}
	if etag := s.known(t, "GET", at, auditor, "", kind, "", http.StatusOK, &set); etag != `"0"` || set.InvoiceDays != 90 || set.Evidence || set.Uncovered != "warn" {
		t.Errorf("by default: %s, %+v", etag, set)
	}
	s.known(t, "PATCH", at, member, `"0"`, kind, `{"evidence":true}`, http.StatusForbidden, nil)
	s.known(t, "PATCH", at, manager, "", kind, `{"evidence":true}`, http.StatusPreconditionRequired, nil)
	s.known(t, "PATCH", at, manager, `"0"`, kind, `{"invoice_days":-1}`, http.StatusUnprocessableEntity, nil)
	etag := s.known(t, "PATCH", at, manager, `"0"`, kind, `{"evidence":true,"reason":"contrôle du label"}`, http.StatusOK, &set)
	if etag != `"1"` || !set.Evidence || set.InvoiceDays != 90 {
		t.Errorf("set: %s, %+v", etag, set)
	}
	s.known(t, "PATCH", at, manager, `"0"`, kind, `{"evidence":false}`, http.StatusPreconditionFailed, nil)
	s.call(t, "POST", "/platforms/PLT/requests", member, `{"date":"2024-03-01","client":"Client 01","client_status":"internal","subject":"Lames"}`, http.StatusCreated, nil)
	var checks struct {
		Items []struct {
			Check, Title, Why, Of string
			Made                  bool
			Times                 int
		}
	}
	s.call(t, "GET", "/platforms/PLT/checks", auditor, "", http.StatusOK, &checks)
	for _, c := range checks.Items {
		if c.Title == "" || c.Why == "" || c.Made != (c.Check != "U04") || c.Times != map[string]int{"S11": 1}[c.Check] {
			t.Errorf("%+v", c)
		}
	}
	if len(checks.Items) != 15 {
		t.Errorf("%d checks, want 15", len(checks.Items))
	}
}

func TestUsesAPI_TakesWhatABookingSystemSends(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	manager, member := s.entered(t, qms.Manager), s.entered(t, qms.Member)
	trainer, person := s.member(t, "P01"), s.member(t, "P02")
	const at, kind = "/platforms/PLT", "application/json"
	var equipment recordAnswer
	s.call(t, "POST", at+"/equipment", manager, `{"code":"eq-1","name":"Microscope"}`, http.StatusCreated, &equipment)
	s.call(t, "POST", at+"/trainings", manager, fmt.Sprintf(`{"person":%q,"equipment":%q,"trainer":%q,"date":"2024-01-02","through":"2024-03-10"}`, person, equipment.ID, trainer), http.StatusCreated, nil)
	use := func(number, on, began string, minutes int) string {
		return fmt.Sprintf(`{"number":%q,"person":%q,"equipment":%q,"date":%q,"began":%q,"minutes":%d}`, number, person, equipment.ID, on, began, minutes)
	}
	type told struct {
		Number, Check, Warning string
		Known                  bool
	}
	var one told
	s.call(t, "POST", at+"/uses", member, use("R-0", "2024-03-10", "22:00", 240), http.StatusCreated, &one)
	if one.Check != "U02" || one.Warning == "" {
		t.Errorf("across midnight and the end of the training: %+v", one)
	}
	var all struct{ Items []told }
	batch := `{"uses":[` + use("R-1", "2024-02-01", "09:00", 60) + `,` + use("R-2", "2024-03-11", "", 60) + `]}`
	for _, known := range []bool{false, true} {
		s.call(t, "POST", at+"/uses/batch", member, batch, http.StatusOK, &all)
		if len(all.Items) != 2 || all.Items[0].Check != "" || all.Items[1].Check != "U02" || all.Items[0].Known != known {
			t.Errorf("the batch: %+v", all.Items)
		}
	}
	var problem struct {
		Type   string
		Errors []struct{ Field, Key, Detail string }
	}
	s.call(t, "POST", at+"/uses/batch", member, `{"uses":[`+use("R-1", "2024-02-02", "09:00", 60)+`]}`, http.StatusUnprocessableEntity, &problem)
	if len(problem.Errors) != 1 || problem.Errors[0].Field != "uses[0].number" || problem.Errors[0].Key != "use.other" {
		t.Errorf("another use under a known number: %+v", problem)
	}
	s.known(t, "PATCH", at+"/check-settings", manager, `"0"`, kind, `{"uncovered":"refuse"}`, http.StatusOK, nil)
	for path, body := range map[string]string{at + "/uses": use("R-9", "2024-03-11", "", 60), at + "/uses/batch": `{"uses":[` + use("R-9", "2024-03-11", "", 60) + `]}`} {
		s.call(t, "POST", path, member, body, http.StatusConflict, &problem)
		if problem.Type != "/problems/use.uncovered" || len(problem.Errors) != 1 || problem.Errors[0].Key != "use.uncovered_U02" || !strings.HasSuffix(problem.Errors[0].Field, "equipment") {
			t.Errorf("%s: %+v", path, problem)
		}
	}
	s.call(t, "POST", at+"/uses/batch", member, `{"uses":[]}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", at+"/uses/batch", member, `{"uses":[{"number":"\u0000","person":"`+person+`","equipment":"`+equipment.ID+`","date":"2024-02-01","began":"soir"}]}`, http.StatusUnprocessableEntity, nil)
}
