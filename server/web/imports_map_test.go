package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

const oddQuotes = "Réf;Dossier;Établi;OK client;Prix net\nD-1;R-1;03/04/2023;05/04/2023;12,50\nD-2;R-2;04/04/2023;;-3\n"

func TestImports_AskHowASheetOfUnknownHeadingsIsReadAndRememberIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files Tableau 2023.csv", oddQuotes))
	holds(t, b.settled(at), "Aucune feuille", "1 feuille n’est pas reconnue", "Choisir les colonnes")
	holds(t, b.get(at+"/sheets/0?register=quotes&row=1"), "Lire la feuille « Tableau 2023 »", "Réf", "par exemple D-1", "Accepté le", "Dates en chiffres")
	said := url.Values{"register": {"quotes"}, "row": {"1"}, "number": {"A"}, "request": {"B"}, "date": {"C"}, "accepted": {"D"}, "total": {"A"}, "remember": {"on"}}
	if a := b.post(at+"/sheets/0", said); a.status != http.StatusUnprocessableEntity {
		t.Errorf("one column for two fields: %d", a.status)
	} else {
		holds(t, a, "La colonne A sert déjà")
	}
	said.Set("total", "E")
	if a := b.post(at+"/sheets/0", said); a.status != http.StatusSeeOther || a.header.Get("Location") != at {
		t.Fatalf("%d %s", a.status, a.body)
	}
	holds(t, b.settled(at), "2 lignes nouvelles", "d’après votre choix")
	if a := b.post(at, url.Values{"do": {"confirm"}}); a.status != http.StatusSeeOther {
		t.Fatalf("confirm: %d", a.status)
	}
	holds(t, b.settled(at), "L’import est fait", "2 ajoutés")
	again := b.started(b.bring("/p/MIC/imports/registers", "files Tableau 2024.csv", oddQuotes))
	holds(t, b.settled(again), "d’après un choix mémorisé", "tout est déjà là")
	list := b.get("/p/MIC/imports/mappings")
	holds(t, list, "Tableau 2023", "Devis", "N° devis : Réf", "Oublier")
	forget := between(t, list.body, `href="`, `/forget"`) + "/forget"
	if a := b.post(forget, url.Values{"revision": {"1"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("forgotten without a reason: %d", a.status)
	}
	if a := b.post(forget, url.Values{"revision": {"1"}, "reason": {"autre classeur"}}); a.status != http.StatusSeeOther {
		t.Errorf("forget: %d %s", a.status, a.body)
	}
	third := b.started(b.bring("/p/MIC/imports/registers", "files Tableau 2024.csv", oddQuotes))
	holds(t, b.settled(third), "1 feuille n’est pas reconnue")
}

// between is the last text before end that begins with start.
func between(t *testing.T, body, start, end string) string {
	t.Helper()
	head, _, found := strings.Cut(body, end)
	i := strings.LastIndex(head, start)
	if !found || i < 0 {
		t.Fatalf("no %s…%s", start, end)
	}
	return head[i+len(start):]
}

func TestImports_LeaveASheetOutWhenTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityLead, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files courses.csv", "Légume;Prix\ncarotte;2\n", "files personnel.csv", "Code agent;Nom\nP01;Agent 01\n"))
	holds(t, b.settled(at), "à confirmer", "1 feuille n’est pas reconnue")
	if a := b.post(at+"/sheets/0", url.Values{"do": {"aside"}, "remember": {"on"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a := b.settled(at)
	holds(t, a, "laissée de côté, par choix", "1 lignes nouvelles")
	if strings.Contains(a.body, "pas reconnue en entier") {
		t.Error("it is asked for again")
	}
	for _, bad := range []string{"/sheets/9", "/sheets/x", "/sheets/-1"} {
		if a := b.get(at + bad); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestImports_GiveWhatIsWrongAsCSV(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	at := b.started(b.bring("/p/MIC/imports/registers", "files devis.csv", "N° devis;N° demande;Date;Accepté le;Montant HT\nD-1;R-1;31/06/2023;;=12\n"))
	b.settled(at)
	a := b.get(at + "?format=csv")
	for _, want := range []string{"devis;2;C;Date;31/06/2023;", "devis;2;E;Montant HT;'=12;"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%q is not in %s", want, a.body)
		}
	}
}

func TestImports_SayWhatManyLinesHaveInCommon(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.Manager, "MIC")
	lines := "N° devis;N° demande;Date;Accepté le;Montant HT\n"
	for range 60 {
		lines += "D-1;R-1;31/06/2023;;12\n"
	}
	a := b.settled(b.started(b.bring("/p/MIC/imports/registers", "files devis.csv", lines)))
	holds(t, a, "60 problèmes à corriger", "Lignes concernées", "2, 3, 4, 5, 6, 7…", "Les 40 suivants")
	if n := strings.Count(a.body, "31/06/2023"); n > 80 {
		t.Errorf("%d times", n)
	}
}
