package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestRound_IsWalkedByThreePeopleInABrowser takes the next version of a document through a whole round:
// rejected with a reason, discussed, put in review again, its verifier changed, approved, and then
// reviewed without a change.
func TestRound_IsWalkedByThreePeopleInABrowser(t *testing.T) {
	t.Parallel()
	o, count := newTour(t), new(int)
	const code, sheet = "PR-EQP-001", "/p/MICRO/documents/PR-EQP-001"
	const version = sheet + "/versions/2.0"
	author, verifier := o.visit(t, "fr", 2, count), o.visit(t, "fr", 3, count)
	author.write(code)

	verifier.open("/tasks")
	verifier.says("Vérifier " + code + ", version 2.0")
	verifier.shot("tasks")
	verifier.open(version)
	verifier.fill("text", "Le tableau 2 ne dit pas qui étalonne.")
	verifier.submit("main #comments form.form button.primary")
	verifier.says("Le tableau 2 ne dit pas qui étalonne.", "À traiter")
	verifier.shot("commented")
	verifier.open(version + "/reject")
	verifier.fill("reason", "Compléter le tableau 2")
	verifier.submit("main form button.danger")

	author.open("/tasks")
	author.says("Reprendre "+code, "Compléter le tableau 2", "commentaires à traiter (1)")
	author.awaits(".top .task-count")
	author.shot("tasks-back")
	author.open(version)
	author.submit(`main form[action$="/resolve"] button`)
	author.says("Traité par Agent 02")
	author.open(version + "/submit")
	author.choose("verifier", "Agent 04")
	author.choose("approver", "Agent 01")
	author.submit("main form button.primary")
	author.open(version + "/reassign")
	author.says("reste en revue")
	author.choose("verifier", "Agent 03")
	author.fill("reason", "Agent 04 est en congé")
	author.shot("reassign")
	author.submit("main form button.primary")
	author.says("Agent 03")

	verifier.sign(code, "verify")
	o.visit(t, "fr", 1, count).sign(code, "approve")

	author.open(version)
	author.says("En vigueur", "le circuit a été repris", "Agent 03", "Refus")
	author.shot("version")
	author.open(version + "/review")
	author.fill("note", "Relu après la première application")
	author.fill("password", tourPassword)
	author.shot("review")
	author.submit("main form button.primary")
	author.says("Relu après la première application", "Revues périodiques")
	author.shot("reviewed")
}

// awaits waits for what a page fetches after it has come.
func (v *visitor) awaits(selector string) {
	v.Helper()
	v.do(chromedp.WaitVisible(selector, chromedp.ByQuery))
}
