package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/qmstest"
	"maillon/qms/trace"
	"maillon/server/app"
)

// The dates of the walk, counted by hand. Awarded on a leap day, the label meets every shorter month on
// the way: 2038 and 2042 have no 29 February, 2040 has one.
const (
	awardedOn    = "29 février 2036"
	followUp24   = "28/02/2038"
	followUp48   = "29/02/2040"
	renewalOpens = "29/05/2041"
	endsOn       = "28/02/2042"
	lastDay      = "27 février 2042"
)

// programme is a platform on its way to the label, walked by those whose turn it is.
type programme struct {
	*testing.T
	*tour
	clock                               *almanac
	officer, manager, lead, first, next *visitor
}

const rmn = "/p/RMN/label"

// TestLabel_IsReachedInABrowserFromCandidacyToTheFirstFollowUp is a platform that is accompanied through
// four sessions, assesses itself, is evaluated by two people of another one, labelled under a condition
// and looked at again after 24 months. Its quality lead has a phone; one evaluator reads English.
func TestLabel_IsReachedInABrowserFromCandidacyToTheFirstFollowUp(t *testing.T) {
	t.Parallel()
	w, count := &programme{T: t, clock: new(almanac)}, new(int)
	w.clock.turn("2034-09-04")
	w.tour = newHouse(t, w.clock, app.Settings{}, begin)
	w.officer, w.manager = w.comes(t, "fr", 10, 1366, count), w.comes(t, "fr", 1, 1366, count)
	w.lead, w.first, w.next = w.comes(t, "fr", 2, 390, count), w.comes(t, "fr", 21, 1366, count), w.comes(t, "en", 22, 1366, count)
	w.candidacy()
	w.accompaniment()
	w.assessment()
	number := w.evaluation()
	w.decision(number)
	w.award()
	w.condition(number)
	w.followUp()
}

// begin is what the house begins with: its people, the sample of a referential, and one service to trace.
func begin(ctx context.Context, h *app.House) error {
	ctx = qms.WithActor(ctx, qms.System("tour"))
	_, err := settle(ctx, h, map[string]string{"RMN": "Plateforme de RMN", "CYTO": "Plateforme de cytométrie"}, settled{10, qms.QualityOfficer, ""},
		settled{1, qms.Manager, "RMN"}, settled{2, qms.QualityLead, "RMN"}, settled{3, qms.Member, "RMN"}, settled{21, qms.Manager, "CYTO"}, settled{22, qms.QualityLead, "CYTO"})
	if err != nil {
		return err
	}
	v, err := h.Label.TakeSample(ctx, "Exemple", "Exemple : ce n’est pas la grille officielle.")
	if err != nil {
		return err
	}
	if _, err := h.Label.PublishReferential(ctx, label.PublishReferential{OnReferential: label.OnReferential{Number: v.Number, Revision: v.Revision}, EffectiveFrom: qms.MustDate("2034-09-04")}); err != nil {
		return err
	}
	var platform *people.Platform
	if platform, err = h.People.PlatformByCode(ctx, "RMN"); err != nil {
		return err
	}
	_, err = h.Trace.RecordRequest(ctx, trace.RecordRequest{Platform: platform.ID, Date: qms.MustDate("2034-09-04"), Client: "Laboratoire A", ClientStatus: trace.Academic, Subject: "Spectres de protéines"})
	return err
}

// candidacy goes from an institution to the decision that the platform is eligible.
func (w *programme) candidacy() {
	officer, manager := w.officer, w.manager
	officer.goes("/institutions/new")
	officer.fill("short_name", "UNIV")
	officer.fill("name", "Université")
	officer.fill("partner_from", "01/01/2016")
	officer.sends()
	officer.goes(rmn + "/candidacy/officer")
	officer.choose("person", "Agent 10")
	officer.sends()
	officer.says("Agent 10")

	manager.goes(rmn)
	manager.goes(rmn + "/candidacy")
	manager.submit(`main a[href$="/candidacy/new"]`)
	manager.fill("received_on", "04/09/2034")
	manager.ticks("institutions", "UNIV")
	manager.fill("signatories.1.name", "Agent 31")
	manager.fill("signatories.1.function", "Directrice de l’unité A")
	manager.fill("signatories.2.name", "Agent 32")
	manager.fill("signatories.2.function", "Directeur de l’unité B")
	manager.fill("included", "Spectrométrie RMN des liquides et des solides")
	manager.choose("team.1.person", "Agent 02")
	manager.fill("team.1.part", "Pilote de la démarche")
	manager.pick("lead", "1")
	manager.sends()
	manager.says("UNIV", "Agent 31", "Agent 32", "Agent 02", "Spectrométrie RMN des liquides")
	for n, day := range []string{"2034-09-06", "2034-09-08"} {
		w.clock.turn(day)
		manager.goes(manager.path())
		manager.presses(fmt.Sprintf(`main a[href$="/sign?signatory=%d"]`, n+1))
		manager.fill("on", french(day))
		manager.sends()
	}
	manager.says("signée par tous le 08/09/2034", "8 septembre 2034", "À décider")
	w.clock.turn("2034-09-11")
	officer.goes(rmn + "/candidacy")
	officer.presses(`main a[href$="/decide"]`)
	officer.pick("decision", "eligible")
	officer.fill("reason", "Tutelle partenaire et lettre signée")
	officer.fill("password", tourPassword)
	officer.sends()
	officer.says("Recevable", "Tutelle partenaire et lettre signée")
}

// accompaniment starts it and holds four sessions, each on the day that was proposed: three weeks after
// the one before. What is not brought to the second is carried over, and brought to the third.
func (w *programme) accompaniment() {
	officer := w.officer
	w.clock.turn("2034-09-12")
	officer.goes(rmn + "/sessions/start")
	officer.fill("months", "12")
	officer.sends()
	officer.says("Aucune séance n’est prévue", "19 septembre 2034", "12/09/2035")
	officer.hushed("12/10/2035") // no step after the end of the plan
	w.planByKeyboard()
	for n, day := range []string{"2034-09-19", "2034-10-10", "2034-10-31", "2034-11-21"} {
		if n > 0 {
			officer.goes(rmn + "/sessions/new")
			if got := officer.value("day"); got != french(day) {
				w.Errorf("session %d is proposed for %s, want %s", n+1, got, day)
			}
			officer.sends()
		}
		session := path.Base(officer.path())
		if n == 1 {
			w.deliver("2034-10-02", "Organigramme nominatif")
		}
		w.clock.turn(day)
		officer.goes(rmn + "/sessions/" + session)
		officer.presses(`main a[href$="/notes"]`)
		officer.fill("account", "Séance "+session+" tenue")
		switch n {
		case 0:
			officer.fillNth("ask_title", 0, "Organigramme nominatif")
			officer.chooseNth("ask_owner", 0, "Agent 02")
			officer.fillNth("ask_title", 1, "Politique qualité signée")
			officer.chooseNth("ask_owner", 1, "Agent 01")
		case 2:
			officer.says("Politique qualité signée")
			officer.ticks("brought", "Politique qualité signée")
			officer.ticks("accepted", "Politique qualité signée")
		}
		officer.presses(`main form.form button[value=hold]`)
		officer.says("Séance "+session+" tenue", "Tenue")
		if n == 1 {
			w.carriedOver()
		}
	}
	officer.goes(rmn + "/deliverables")
	officer.says("Organigramme nominatif", "Politique qualité signée", "Accepté")
	w.clock.turn("2035-09-12")
	officer.goes(rmn + "/sessions/end")
	officer.do(chromedp.Click(`main [name=outcome]`, chromedp.ByQuery))
	officer.fill("reason", "Le plan est arrivé à son terme")
	officer.sends()
	officer.goes(rmn + "/sessions")
}

// french is a day as forms show it in French.
func french(day string) string { return day[8:] + "/" + day[5:7] + "/" + day[:4] }

// planByKeyboard plans the first session with the keys alone: the focus begins at the day, which is
// proposed, each field is reached by the tabulator, and where the focus is can be seen.
func (w *programme) planByKeyboard() {
	v := w.officer
	v.submit(`main a[href$="/sessions/new"]`)
	v.tabs(`main a[href], main input`) // somewhere in the page
	for _, field := range []struct{ selector, typed string }{{`[name=place]`, "Bâtiment 4, salle 12"}, {`[name=outsiders]`, "Agent 31, agent31@plateforme.example"}, {`[name=agenda]`, "Périmètre et équipe"}} {
		v.tabs(field.selector)
		v.do(chromedp.KeyEvent(field.typed))
	}
	v.tabs(`main form.form button.primary`)
	v.arrive(chromedp.KeyEvent(kb.Enter))
	v.looks()
	v.says("Bâtiment 4, salle 12", "Agent 31", "Périmètre et équipe", "14:00")
}

// tabs goes on with the tabulator until the focus is on what is looked for.
func (v *visitor) tabs(selector string) {
	v.Helper()
	for range 80 {
		var at string
		v.do(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(`(() => { const e = document.activeElement;
			if (!e.matches('`+selector+`')) return '';
			const s = getComputedStyle(e);
			return e.matches(':focus-visible') && s.outlineStyle !== 'none' && s.outlineWidth !== '0px' ? 'seen' : 'unseen' })()`, &at))
		if at == "unseen" {
			v.Errorf("%s: the focus on %s cannot be seen", v.where(), selector)
		}
		if at != "" {
			return
		}
	}
	v.Fatalf("%s: %s is not reached by the tabulator", v.where(), selector)
}

// deliver is the quality lead who brings a deliverable, from a phone, and the officer who accepts it.
func (w *programme) deliver(day, title string) {
	w.clock.turn(day)
	w.lead.goes(rmn + "/deliverables")
	w.lead.follows(title)
	w.lead.presses(`main a[href$="/deliver"]`)
	w.lead.fill("words", "Déposé sur l’espace de la plateforme")
	w.lead.sends()
	w.lead.says("à examiner")
	w.officer.goes(w.lead.path())
	w.officer.presses(`main a[href$="/judge"]`)
	w.officer.pick("verdict", "accepted")
	w.officer.sends()
	w.officer.says("Accepté")
}

// carriedOver is what was asked for the second session and not brought.
func (w *programme) carriedOver() {
	w.officer.goes(rmn + "/deliverables")
	w.officer.follows("Politique qualité signée")
	w.officer.says("reporté 1 fois", "attendu le 31/10/2034", "attendu d’abord le 10/10/2034")
}

// assessment is the quality lead who answers some criteria on a phone: with evidence, with a gap.
func (w *programme) assessment() {
	v := w.lead
	w.clock.turn("2035-09-20")
	v.goes(rmn + "/assessment")
	v.says("Exemple")
	v.presses("main .page-head a.primary")
	first := path.Base(v.path())
	v.pick("level", string(label.LargelyMet))
	v.fill("remark", "La politique est affichée et relue chaque année")
	v.presses(`main form.form button[value=stay]`)
	v.attach("answer", "politique.txt")
	v.goes(rmn + "/assessment/" + first)
	v.says("politique.txt")
	v.presses(`main .page-head a[rel=next]`)
	second := path.Base(v.path())
	v.pick("level", string(label.PartlyMet))
	v.fill("gap", "Deux processus n’ont pas de pilote")
	v.fill("close_by", "31/12/2035")
	v.choose("person", "Agent 02")
	v.sends()
	v.goes(rmn + "/assessment")
	v.says("Deux processus n’ont pas de pilote", "31/12/2035", first, second)
	v.do(emulation.SetScriptExecutionDisabled(true)) // reading needs no script
	for where, words := range map[string]string{rmn: "Engagement", rmn + "/sessions": "Séance", rmn + "/assessment": "Deux processus", "/due": "Échéances"} {
		v.goes(where)
		v.says(words)
	}
	v.do(emulation.SetScriptExecutionDisabled(false))
}

// evaluation goes from the mission to the platform's observations, and returns the number of the mission.
func (w *programme) evaluation() string {
	officer := w.officer
	w.clock.turn("2035-10-01")
	officer.goes(rmn)
	officer.presses(`main .page-head a[href$="/missions/new"]`)
	officer.fill("evaluators", mailOf(21)+"\n"+mailOf(22))
	officer.fill("access_until", "01/04/2036")
	officer.sends()
	number := path.Base(officer.path())
	mission := rmn + "/missions/" + number
	for _, v := range []*visitor{w.first, w.next} {
		v.goes("/tasks")
		v.says(number)
		v.goes(mission)
		v.presses(`main a[href$="/declare"]`)
		v.fill("words", "Aucun lien avec la plateforme depuis cinq ans")
		v.sends()
	}
	v := w.first
	v.presses(`main a[href$="/plan"]`)
	v.fill("visit_from", "04/12/2035")
	v.fill("from_1", "09:00")
	v.fill("until_1", "10:30")
	v.fill("topic_1", "Démarche qualité")
	v.fill("with_1", "Référent qualité")
	v.sends()
	v.says("04/12/2035", "Démarche qualité")
	w.clock.turn("2035-12-04")
	exercise := w.exercise()
	v.goes(mission + "/exercises")
	v.fill("exercises", exercise)
	v.sends()
	v.says(exercise)
	w.findings(v, mission)
	w.clock.turn("2035-12-18")
	v.goes(mission)
	v.presses(`main a[href$="/report"]`)
	v.fill("text", "La démarche est portée par toute l’équipe.\nLa restauration des données reste à éprouver.")
	v.fill("password", tourPassword)
	v.sends()
	v.says("La démarche est portée par toute l’équipe.", "18/12/2035")
	w.clock.turn("2036-01-08")
	w.manager.goes("/due")
	w.manager.follows(number)
	w.manager.goes(mission)
	w.manager.presses(`main a[href$="/observations"]`)
	w.manager.fill("text", "L’essai de restauration est prévu au printemps.")
	w.manager.sends()
	w.manager.says("L’essai de restauration est prévu au printemps.")
	return number
}

// exercise is one of a single service, drawn, answered as proposed and signed by the officer.
func (w *programme) exercise() string {
	v := w.officer
	v.goes("/p/RMN/exercises/new")
	v.pick("scope", "sample")
	v.pick("direction", "downstream")
	v.fill("sample_size", "1")
	v.sends()
	number := path.Base(v.path())
	v.submit(`main button[name=act][value=accept]`)
	v.goes("/p/RMN/exercises/" + number + "/conclude")
	v.fill("remark", "La demande est retrouvée en deux minutes")
	v.fill("password", tourPassword)
	v.do(chromedp.Click(`main [name=verdict]`, chromedp.ByQuery))
	v.sends()
	return number
}

// findings fills the grid: one concern, the rest conform.
func (w *programme) findings(v *visitor, mission string) {
	v.goes(mission)
	if strings.Contains(v.text("main"), "Reprendre les critères") {
		v.presses(`main form[action$="/fill"] button`)
	} else {
		v.presses(`main a[href$="/grid"]`)
	}
	v.do(chromedp.Evaluate(`document.querySelector('main select[name^=finding_]').value = 'concern'`, nil))
	v.do(chromedp.Evaluate(`document.querySelector('main textarea[name^=note_]').value = 'Un pilote sur deux est nommé'`, nil))
	v.do(chromedp.Click(`main [name=rest]`, chromedp.ByQuery))
	v.sends()
	v.says("Un pilote sur deux est nommé")
}

// decision is what the committee decides on the leap day: the label, under a condition.
func (w *programme) decision(number string) {
	v := w.officer
	w.clock.turn("2036-02-29")
	v.goes(rmn + "/missions/" + number)
	v.presses(`main a[href$="/decision"]`)
	v.pick("outcome", string(label.OutcomeConditions))
	v.fill("body", "Comité de labellisation")
	v.fill("condition_1", "Éprouver la restauration des données")
	v.fill("due_1", "31/08/2036")
	v.fill("password", tourPassword)
	v.sends()
	v.says("Comité de labellisation", "29/02/2036", "Éprouver la restauration des données", "31/08/2036")
	v.goes(rmn)
	v.says(french("2036-02-29"), followUp24, followUp48, renewalOpens, endsOn)
}

// award looks at the label, its certificate in both languages, and what anybody is told of it.
func (w *programme) award() {
	v := w.officer
	v.submit(`main a[href*="/label/awards/"]`)
	v.looks()
	number := path.Base(v.path())
	if want := regexp.MustCompile(`^LAB-2036-\d{3}$`); !want.MatchString(number) {
		w.Errorf("the label has the number %s, want %s", number, want)
	}
	v.says(followUp24, followUp48, renewalOpens, endsOn, french("2036-02-29"), french("2042-02-27"))
	said := pdfText(w.T, v.download(`main a[href*="format=pdf"]`))
	for _, words := range []string{number, "Plateforme de RMN", awardedOn, lastDay, "Comité de labellisation", "Spectrométrie RMN", "Éprouver la restauration"} {
		if !strings.Contains(plainly(said), words) {
			w.Errorf("the certificate does not say %q:\n%s", words, said)
		}
	}
	w.next.goes("/label/" + number)
	w.next.says(number, "29 February 2036", "27 February 2042")
}

// condition is lifted before its day; then nothing is owed until the first follow-up.
func (w *programme) condition(number string) {
	v := w.officer
	w.clock.turn("2036-08-20")
	v.goes("/due")
	v.follows("31/08/2036")
	v.goes(rmn + "/missions/" + number)
	v.presses(`main a[href*="/conditions/"]`)
	v.fill("evidence", "Compte rendu d’essai du 12 août 2036")
	v.fill("password", tourPassword)
	v.sends()
	v.says("Compte rendu d’essai du 12 août 2036")
	v.goes("/due")
	v.hushed("31/08/2036")
}

// followUp is what falls due 24 months after the award: from the list to the place, and done.
func (w *programme) followUp() {
	v := w.officer
	w.clock.turn("2037-11-30")
	w.manager.goes("/due?within=365")
	w.manager.follows(followUp24) // where a manager may look, though it is not theirs to open
	v.goes("/due?person=all")
	v.says(followUp24)
	v.follows(followUp24)
	v.presses(`main .page-head a[href$="/missions/new"]`)
	v.fill("evaluators", mailOf(21))
	v.sends()
	number := path.Base(v.path())
	mission := rmn + "/missions/" + number
	v.goes(mission)
	v.presses(`main a[href$="/declare"]`)
	v.sends()
	w.clock.turn("2038-02-10")
	v.goes(mission + "/plan")
	v.fill("visit_from", "10/02/2038")
	v.sends()
	w.findings(v, mission)
	v.goes(mission + "/report")
	v.fill("text", "Le système est tenu.")
	v.fill("password", tourPassword)
	v.sends()
	w.clock.turn("2038-02-25")
	v.goes(mission + "/decision")
	v.pick("outcome", string(label.OutcomeConfirmed))
	v.fill("body", "Comité de labellisation")
	v.fill("password", tourPassword)
	v.sends()
	v.goes(rmn)
	v.says(followUp48, renewalOpens, endsOn)
	v.submit(`main a[href*="/label/awards/"]`)
	v.looks()
	v.says("25/02/2038", followUp48, endsOn, french("2042-02-27"))
	for where, words := range map[string]string{"/portfolio": "RMN", "/portfolio/timeline": "RMN", "/portfolio/load": "Agent 10"} {
		v.goes(where)
		v.says(words)
	}
	v.goes("/portfolio")
	v.says(followUp48)
}

// pdfText is what pdftotext reads in a file.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		qmstest.Without(t, qmstest.PDFTools, "pdftotext is not installed")
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), tool, "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, text)
	}
	return string(text)
}
