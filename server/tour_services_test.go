package main

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestService_IsRecordedFromRequestToInvoiceInABrowser is a manager who takes a request that came by
// the public form to its invoice, with files, a sample and the release of the report; then an auditor
// who goes from the number of the invoice to the whole chain.
func TestService_IsRecordedFromRequestToInvoiceInABrowser(t *testing.T) {
	t.Parallel()
	o, count := newTour(t), new(int)
	v := o.visit(t, "fr", 1, count)
	v.open("/p/MICRO/services")
	v.says("2 demandes reçues attendent")
	v.open("/p/MICRO/services/received")
	v.shot("inbox")
	v.submit("main tbody tr:last-child a.opens")
	v.says("agent71@laboratoire.example", "plan-d-experience.txt")
	v.shot("submission")
	v.submit(`main form[action$="/accept"] button.primary`)
	request := v.number()
	v.says("plan-d-experience.txt", "Formulaire public")
	v.shot("request")

	v.open("/p/MICRO/services/" + request + "/review")
	v.pick("feasible", "yes")
	v.choose("by", "Agent 01")
	v.submit("main form button.primary")
	v.open("/p/MICRO/services/" + request + "/sample")
	v.fill("description", "Six lamelles")
	v.choose("received_by", "Agent 01")
	v.submit("main form button.primary")
	v.says("Six lamelles", "Conservé")

	v.open("/p/MICRO/services/" + request + "/quote")
	v.fill("total", "450,00")
	v.submit("main form button.primary")
	v.submit(`main a[href$="/accept"]`)
	v.submit("main form button.primary")
	v.says("Accepté le")

	v.open("/p/MICRO/services/" + request + "/report")
	v.choose("equipment", "CONF-1")
	v.submit("main form button[name=propose]")
	v.says("Choix proposés")
	v.shot("report")
	v.chooseFirst("operator")
	if v.value("instruction") == "" {
		v.choose("instruction", "MO-EQP-001")
	}
	v.submit("main form button.primary")
	v.says("Pas encore libéré")
	v.submit(`main a[href$="/release"]`)
	v.choose("by", "Agent 01")
	v.fill("password", tourPassword) // who releases signs
	v.submit("main form button.primary")
	v.says("Libéré par Agent 01")
	v.attach("report", "resultats.txt")
	v.says("resultats.txt")
	if file := v.download(`main a[href$="/cover"]`); !startsWith(t, file, "%PDF") {
		t.Error("the cover is no PDF")
	}

	v.open("/p/MICRO/services/" + request + "/invoice")
	v.fill("external", "COMPTA-2026-77")
	v.submit("main form button.primary")
	v.says("COMPTA-2026-77", "Complet")
	v.shot("complete")
	invoice := strings.TrimPrefix(v.attribute(`main .chain > li[id^="r-FAC"]`, "id"), "r-")

	auditor := o.visit(t, "fr", 11, count)
	auditor.open("/p/MICRO")
	auditor.do(chromedp.SetValue("#q", strings.ToLower(invoice), chromedp.ByQuery))
	auditor.arrive(chromedp.Submit("#q", chromedp.ByQuery))
	auditor.says(request, invoice, "Six lamelles", "resultats.txt", "Libéré par Agent 01", "COMPTA-2026-77")
	if strings.Contains(auditor.text("main"), "agent71@") {
		t.Error("an auditor is shown the address of who asked")
	}
	auditor.do(chromedp.Click(`details.fold:has([hx-get$="/journal"]) > summary`, chromedp.ByQuery))
	auditor.awaits("details.fold table")
	auditor.says("Libération d’un rapport", "Acceptation d’une demande reçue")
	auditor.shot("audited")
}

// number is the number of the record whose page is open.
func (v *visitor) number() string {
	v.Helper()
	at, err := url.Parse(v.where())
	if err != nil {
		v.Fatal(err)
	}
	return path.Base(at.Path)
}

// value is what a field holds.
func (v *visitor) value(name string) (value string) {
	v.Helper()
	v.do(chromedp.Value(`main [name="`+name+`"]`, &value, chromedp.ByQuery))
	return value
}

// chooseFirst picks the first choice after the empty one.
func (v *visitor) chooseFirst(name string) {
	v.Helper()
	var chosen string
	v.do(chromedp.Evaluate(`(() => { const s = document.querySelector('main select[name="`+name+`"]'); s.selectedIndex = 1; return s.value })()`, &chosen))
	if chosen == "" {
		v.Fatalf("%s: %s offers nothing for %s", v.lang, v.where(), name)
	}
}

// attach adds a file to the record of a kind in the dossier that is open.
func (v *visitor) attach(kind, name string) {
	v.Helper()
	file := filepath.Join(v.TempDir(), name)
	if err := os.WriteFile(file, []byte("Résultats (exemple)\n"), 0o600); err != nil {
		v.Fatal(err)
	}
	v.submit(`main a[href*="/evidence/new?kind=` + kind + `"]`)
	v.do(chromedp.SetUploadFiles(`main input[type=file]`, []string{file}, chromedp.ByQuery))
	v.submit("main form button.primary")
}

func startsWith(t *testing.T, file, head string) bool {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(string(content), head)
}
