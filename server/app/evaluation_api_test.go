package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
)

// evaluation is a course whose platform is evaluated by somebody from elsewhere.
type evaluation struct {
	*course
	mission missionAnswer
	etag    string
}

type missionAnswer struct {
	Number   string
	Report   string
	ReportOn string `json:"report_on"`
	Decision *struct{ Outcome string }
	Awarded  string

	Evaluators []struct{ ID, Name, DeclaredOn, Person string }
	Findings   []struct{ Code, Finding string }
	Conditions []conditionAnswer
}

type conditionAnswer struct {
	ID       string
	Revision int64
	LiftedOn string `json:"lifted_on"`
}

const evaluatorMail = "evaluator@ailleurs.example"

func evaluationOf(t *testing.T) *evaluation {
	t.Helper()
	e := &evaluation{course: courseOf(t)}
	user := people.AddUser{Email: evaluatorMail, Name: "Agent 31", Role: qms.Member, Platform: e.platform["AUT"], Password: "une phrase de passe"}
	if _, err := e.People.AddUser(asSystem(t), user); err != nil {
		t.Fatal(err)
	}
	var version struct{ Number int64 }
	etag := e.known(t, "POST", "/referential/versions", e.who["officer"], "", jsonKind, `{"name":"Essai","criteria":[
		{"code":"R-01","theme":"traceability","required":true,"text_fr":"Chaînes complètes","text_en":"Complete chains","evidence_fr":"Dossiers","evidence_en":"Dossiers"},
		{"code":"R-02","theme":"quality","text_fr":"Documents à jour","text_en":"Current documents","evidence_fr":"Liste","evidence_en":"List"}]}`, http.StatusCreated, &version)
	e.known(t, "POST", fmt.Sprintf("/referential/versions/%d/publish", version.Number), e.who["officer"], etag, jsonKind, `{"effective_from":"2026-03-02"}`, http.StatusOK, nil)
	return e
}

// on turns the clock on, and lets the evaluator sign in again too.
func (e *evaluation) on(day string) {
	e.t.Helper()
	e.until(day, 9)
	var session struct{ Token string }
	e.call(e.t, "POST", "/sessions", "", `{"email":"`+evaluatorMail+`","password":"une phrase de passe"}`, http.StatusCreated, &session)
	e.who["evaluator"] = session.Token
}

// act does something on the mission and reads it again.
func (e *evaluation) act(who, verb, body string, want int) {
	e.t.Helper()
	e.post(who, "/missions/"+e.mission.Number+"/"+verb, e.etag, body, want, nil)
	if want == http.StatusOK {
		e.read("officer", http.StatusOK)
	}
}

func (e *evaluation) read(who string, want int) {
	e.t.Helper()
	var m missionAnswer
	etag := e.known(e.t, "GET", "/platforms/PLT/missions/"+e.mission.Number, e.who[who], "", jsonKind, "", want, &m)
	if want == http.StatusOK {
		e.mission, e.etag = m, etag
	}
}

// examine draws an exercise that counts, answers all of it and concludes it.
func (e *evaluation) examine() string {
	e.t.Helper()
	e.post("member", "/requests", "", `{"date":"2026-03-02","client":"Client 01","client_status":"internal","subject":"Lames"}`, http.StatusCreated, nil)
	var x struct {
		Number string
		Items  []struct {
			ID       string
			Revision int64
			Links    []struct{ ID, Proposal string }
		}
		Verdict string
	}
	draw := `{"scope":"sample","kind":"prestation","direction":"downstream","as_of":"2026-09-15","period_from":"2026-01-01","seed":"40 7 12","sample_size":1}`
	e.post("evaluator", "/exercises", "", draw, http.StatusForbidden, nil) // who evaluates for the programme draws
	e.post("officer", "/exercises", "", draw, http.StatusCreated, &x)
	if len(x.Items) != 1 || len(x.Items[0].Links) == 0 {
		e.t.Fatalf("drawn: %+v", x)
	}
	var answers []string
	for _, l := range x.Items[0].Links {
		answers = append(answers, fmt.Sprintf(`{"link":%q,"answer":"missing","note":"Pas encore"}`, l.ID))
	}
	item := fmt.Sprintf("/platforms/PLT/exercises/%s/items/%s", x.Number, x.Items[0].ID)
	etag := e.known(e.t, "PATCH", item, e.who["officer"], fmt.Sprintf("%q", fmt.Sprint(x.Items[0].Revision)), jsonKind,
		`{"stop":true,"seconds":240,"answers":[`+strings.Join(answers, ",")+`]}`, http.StatusOK, nil)
	conclude := func(password string, want int) {
		e.known(e.t, "PATCH", "/platforms/PLT/exercises/"+x.Number, e.who["officer"], etag, jsonKind,
			fmt.Sprintf(`{"verdict":"remarks","remark":"Le devis n’était pas encore fait","password":%q}`, password), want, &x)
	}
	conclude("une autre phrase", http.StatusUnprocessableEntity)
	conclude("une phrase de passe", http.StatusOK)
	if x.Verdict != "remarks" {
		e.t.Errorf("concluded: %+v", x)
	}
	return x.Number
}

func TestEvaluationAPI_WalksFromThePlanToTheLabelAndItsCondition(t *testing.T) {
	t.Parallel()
	e := evaluationOf(t)
	e.on("2026-09-01")
	e.known(t, "GET", "/platforms/PLT/documents", e.who["evaluator"], "", jsonKind, "", http.StatusNotFound, nil)
	e.etag = e.post("officer", "/missions", "", `{"kind":"initial","subject":"Première évaluation","access_until":"2027-03-01"}`, http.StatusCreated, &e.mission)
	e.act("officer", "evaluators", `{"email":"manager@plateforme.example"}`, http.StatusUnprocessableEntity) // nobody evaluates their own work
	e.act("officer", "evaluators", `{"email":"`+evaluatorMail+`","lead":true}`, http.StatusOK)
	e.on("2026-09-01") // the role is held from now on
	e.known(t, "GET", "/platforms/PLT/documents", e.who["evaluator"], "", jsonKind, "", http.StatusOK, nil)
	e.known(t, "GET", "/platforms/PLT/trail", e.who["evaluator"], "", jsonKind, "", http.StatusOK, nil)
	e.post("evaluator", "/requests", "", `{"date":"2026-03-02","client":"C","client_status":"internal","subject":"L"}`, http.StatusForbidden, nil)

	e.act("manager", "plan", `{"visit_from":"2026-09-15"}`, http.StatusForbidden)
	e.act("evaluator", "plan", `{"visit_from":"2026-09-15","visit_through":"2026-09-16","plan":[{"from":"09:00","until":"10:30","topic":"Traçabilité","with":"Responsable"}]}`, http.StatusOK)
	e.act("evaluator", "report", `{"text":"Trop tôt","password":"une phrase de passe"}`, http.StatusConflict)
	evaluator := e.mission.Evaluators[0].ID
	e.act("manager", "declare", fmt.Sprintf(`{"evaluator":%q,"words":"Pour lui"}`, evaluator), http.StatusForbidden)
	e.act("evaluator", "declare", fmt.Sprintf(`{"evaluator":%q,"words":"Sans lien avec la plateforme"}`, evaluator), http.StatusOK)

	e.on("2026-09-15")
	e.act("evaluator", "exercises", `{"numbers":["EXE-2026-099"]}`, http.StatusUnprocessableEntity)
	e.act("evaluator", "exercises", fmt.Sprintf(`{"numbers":[%q]}`, e.examine()), http.StatusOK)
	e.act("member", "findings", `{"findings":[{"code":"R-01","finding":"conform"}]}`, http.StatusForbidden)
	e.act("evaluator", "findings", `{"findings":[{"code":"R-01","finding":"minor"}]}`, http.StatusUnprocessableEntity) // worth nothing without words
	e.act("evaluator", "findings", `{"findings":[{"code":"R-01","finding":"minor","note":"Un devis manque"}]}`, http.StatusOK)
	e.act("evaluator", "report", `{"text":"Il manque un constat","password":"une phrase de passe"}`, http.StatusConflict)
	e.act("evaluator", "findings", `{"findings":[{"code":"R-02","finding":"strength","note":"Liste tenue"}]}`, http.StatusOK)

	e.on("2026-09-20")
	e.act("manager", "observations", `{"text":"Avant le rapport"}`, http.StatusConflict)
	e.act("evaluator", "report", `{"text":"Rapport","password":"une autre phrase"}`, http.StatusUnprocessableEntity)
	e.act("evaluator", "report", `{"text":"Rapport","password":"une phrase de passe"}`, http.StatusOK)
	if e.mission.ReportOn != "2026-09-20" {
		t.Errorf("reported: %+v", e.mission)
	}
	e.act("evaluator", "findings", `{"findings":[{"code":"R-01","finding":"conform"}]}`, http.StatusConflict)
	e.on("2026-10-01")
	e.act("evaluator", "observations", `{"text":"Pas à moi"}`, http.StatusForbidden)
	e.act("manager", "observations", `{"text":"Le devis est fait"}`, http.StatusOK)
	e.decide()
}

// decide awards the label under a condition, and lifts it.
func (e *evaluation) decide() {
	e.t.Helper()
	e.on("2026-10-20")
	decision := func(condition, password string) string {
		return fmt.Sprintf(`{"body":"Comité","date":"2026-10-15","outcome":"award-with-conditions","perimeter":"Toute la plateforme","conditions":[%s],"password":%q}`, condition, password)
	}
	const condition, signed = `{"words":"Revoir les devis","due_on":"2027-01-15"}`, "une phrase de passe"
	e.act("evaluator", "decide", decision(condition, signed), http.StatusForbidden)
	e.act("officer", "decide", decision("", signed), http.StatusUnprocessableEntity)
	e.act("officer", "decide", decision(condition, "une autre phrase"), http.StatusUnprocessableEntity)
	e.act("officer", "decide", decision(condition, signed), http.StatusOK)
	if e.mission.Decision == nil || e.mission.Decision.Outcome != "award-with-conditions" || e.mission.Awarded == "" || len(e.mission.Conditions) != 1 {
		e.t.Fatalf("decided: %+v", e.mission)
	}
	e.read("evaluator", http.StatusNotFound) // the mission is over, and so is what its evaluators may read
	var standing struct {
		Stage, Label string
		Conditions   []conditionAnswer
	}
	e.known(e.t, "GET", "/platforms/PLT/label", e.who["member"], "", jsonKind, "", http.StatusOK, &standing)
	if standing.Stage != "labelled" || standing.Label != e.mission.Awarded || len(standing.Conditions) != 1 {
		e.t.Errorf("standing: %+v", standing)
	}
	e.signed(map[string]string{"mission-report": "holds", "mission-decision": "holds", "exercise": "holds"})
	e.lift(e.mission.Conditions[0])
	e.signed(map[string]string{"mission-report": "holds", "mission-decision": "holds", "exercise": "holds", "condition-lifted": "holds"}) // and changes no decision
	var label struct{ Standing, Mission string }
	e.known(e.t, "GET", "/platforms/PLT/labels/"+e.mission.Awarded, e.who["manager"], "", jsonKind, "", http.StatusOK, &label)
	if label.Standing != "valid" || label.Mission != e.mission.Number {
		e.t.Errorf("the label: %+v", label)
	}
}

func (e *evaluation) lift(c conditionAnswer) {
	e.t.Helper()
	e.on("2026-12-01")
	lift := func(who, tag, body string, want int) {
		e.t.Helper()
		e.post(who, "/label-conditions/"+c.ID+"/lift", tag, body, want, &c)
	}
	const seen, signed = `{"evidence":"DEV-2026-0001 vu","on":"2026-11-30"`, `,"password":"une phrase de passe"}`
	tag := fmt.Sprintf("%q", fmt.Sprint(c.Revision))
	lift("manager", tag, seen+signed, http.StatusForbidden)
	lift("officer", "", seen+signed, http.StatusPreconditionRequired)
	lift("officer", tag, `{"evidence":" "`+signed, http.StatusUnprocessableEntity)
	lift("officer", tag, `{"evidence":"x","on":"2026-10-01"`+signed, http.StatusUnprocessableEntity) // before the decision
	lift("officer", tag, seen+"}", http.StatusUnprocessableEntity)
	lift("officer", tag, seen+`,"password":"une autre"}`, http.StatusUnprocessableEntity)
	lift("officer", tag, seen+signed, http.StatusOK)
	if c.LiftedOn != "2026-11-30" {
		e.t.Errorf("lifted: %+v", c)
	}
	lift("officer", fmt.Sprintf("%q", fmt.Sprint(c.Revision)), seen+signed, http.StatusConflict)
	var due struct{ Items []struct{ Kind string } }
	e.known(e.t, "GET", "/platforms/PLT/due?kind=condition", e.who["officer"], "", jsonKind, "", http.StatusOK, &due)
	if len(due.Items) != 0 {
		e.t.Errorf("still due: %+v", due)
	}
}

// signed holds the signatures of the platform to their states, by kind.
func (e *evaluation) signed(want map[string]string) {
	e.t.Helper()
	var list struct {
		Items []struct{ Kind, State, Covers, Name, Zone string }
	}
	e.known(e.t, "GET", "/platforms/PLT/signatures", e.who["manager"], "", jsonKind, "", http.StatusOK, &list)
	got := map[string]string{}
	for _, s := range list.Items {
		got[s.Kind] = s.State
		if len(s.Covers) != 64 || s.Name == "" || s.Zone != "Europe/Paris" {
			e.t.Errorf("signature: %+v", s)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		e.t.Errorf("signatures: %v, want %v", got, want)
	}
}
