package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

func TestKit_IsPublishedCopiedComparedAndAnswered(t *testing.T) {
	t.Parallel()
	s := open(t)
	officer, member := s.holding(qms.QualityOfficer, ""), s.holding(qms.Member, "MIC")
	fields := func() map[string]string {
		return map[string]string{"code": "KIT-01", "french": "Gérer <b>les</b> données", "kind": "PR", "process": "QUA", "language": "fr", "number": "1.0"}
	}
	officer.says("no file", officer.deposit("/kit/new", fields(), "", ""), http.StatusUnprocessableEntity, "Un modèle a toujours un fichier")
	officer.says("a damaged file", officer.deposit("/kit/new", fields(), "a.docx", "pas un docx"), http.StatusUnprocessableEntity)
	officer.says("added", officer.deposit("/kit/new", fields(), "a.md", "# Données\n\nChaque semaine.\n"), http.StatusSeeOther)
	officer.says("the same code", officer.deposit("/kit/new", fields(), "a.md", "# Données\n"), http.StatusUnprocessableEntity, "déjà celui d’un modèle")
	if body := officer.shows("/kit", "KIT-01", "&lt;b&gt;les&lt;/b&gt;"); strings.Contains(body, "<b>les") {
		t.Error("markup of a title runs")
	}
	member.says("the site's kit", member.get("/kit"), http.StatusNotFound)
	member.says("nothing chosen", member.get("/p/MIC/label/kit/copy"), http.StatusSeeOther)
	member.shows("/p/MIC/label/kit", "KIT-01", "pas copié")
	const copying = "/p/MIC/label/kit/copy"
	member.shows(copying+"?template=KIT-01", "PR-QUA-001")
	form := url.Values{"lines.1.template": {"KIT-01"}, "lines.1.kind": {"PR"}, "lines.1.process": {"QUA"}, "lines.1.code": {"Q 7"}, "show": {"1"}}
	member.says("shown", member.post(copying, form), http.StatusOK, "Q 7")
	form.Del("show")
	form.Set("lines.1.code", "A/B")
	member.says("a malformed code", member.post(copying, form), http.StatusUnprocessableEntity, `id="err-h"`)
	form.Del("lines.1.code")
	member.done(copying, form)
	member.says("twice", member.post(copying, form), http.StatusUnprocessableEntity, "déjà une copie", "lines.1.again")
	officer.says("the next version", officer.deposit("/kit/KIT-01/versions/new", map[string]string{"level": "major", "changes": "Chaque nuit."}, "b.md", "# Données\n\nChaque nuit.\n"), http.StatusSeeOther)

	const one = "/p/MIC/documents/PR-QUA-001"
	member.shows(one, "KIT-01 a changé", "Chaque nuit.")
	member.shows("/p/MIC", "PR-QUA-001")
	member.shows(one+"/kit/compare", "<del>", "<ins>", "Version 2.0 du modèle")
	member.shows(one+"/kit/compare?with=ours", "Votre version 1.0")
	officer.shows("/kit/adoption", "MIC", `data-state="expiring"`)
	answer := one + "/kit/answer"
	member.says("no reason", member.post(answer, url.Values{"number": {"2.0"}, "answer": {"not-applicable"}}), http.StatusUnprocessableEntity, `id="err-h"`)
	member.done(answer, url.Values{"number": {"2.0"}, "answer": {"taken-over"}, "own": {"1.0"}})
	if body := member.shows(one, "KIT-01"); strings.Contains(body, "a changé") {
		t.Error("the notice stays after the answer")
	}
	member.shows(one+"/kit", "repris dans la version 1.0")
	for _, format := range []string{"csv", "xlsx", "pdf"} {
		if a := officer.get("/kit/adoption?format=" + format); a.status != http.StatusOK || a.body == "" {
			t.Errorf("as %s: %d", format, a.status)
		}
	}
	officer.shows("/kit/adoption?as_of=2020-02-29", "telle qu’elle était le")
	if body := officer.get("/kit/adoption?format=csv&as_of=2020-02-29").body; strings.Contains(body, "KIT-01") {
		t.Error("a template is adopted before it was published")
	}
	for _, day := range []string{"31/02/2020", "2999-01-01", "%01"} {
		officer.says("adoption on "+day, officer.get("/kit/adoption?format=csv&as_of="+day), http.StatusUnprocessableEntity, `id="err-h"`)
	}
	lead := s.holding(qms.QualityLead, "MIC")
	lead.done(one+"/kit/unlink", url.Values{"reason": {"Erreur"}})
	const decline, link = "/p/MIC/label/kit/KIT-01/decline", one + "/kit/link"
	lead.shows(link, "KIT-01")
	lead.says("declined without a reason", lead.post(decline, url.Values{"reason": {" \x00 "}}), http.StatusUnprocessableEntity, `id="err-h"`)
	lead.says("declined at length", lead.post(decline, url.Values{"reason": {strings.Repeat("é", 2001)}}), http.StatusUnprocessableEntity, `id="err-h"`)
	lead.says("no such template", lead.post("/p/MIC/label/kit/KIT-99/decline", url.Values{"reason": {"Non"}}), http.StatusNotFound)
	lead.says("linked to nothing", lead.post(link, url.Values{"template": {""}, "number": {"1.0"}, "reason": {"Oui"}}), http.StatusUnprocessableEntity, `id="err-h"`)
	lead.says("linked to what is not there", lead.post(link, url.Values{"template": {"KIT-99"}, "number": {"\x00"}, "reason": {"Oui"}}), http.StatusUnprocessableEntity, `id="err-h"`)
	for role, who := range map[string]*browser{"auditor": s.holding(qms.Auditor, "MIC"), "another platform's lead": s.holding(qms.QualityLead, "CYT")} {
		for _, path := range []string{decline, link} {
			if a := who.post(path, url.Values{"reason": {"Non"}, "template": {"KIT-01"}}); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
				t.Errorf("%s posts to %s: %d", role, path, a.status)
			}
		}
	}
	lead.done(decline, url.Values{"reason": {"Sans objet ici"}})
	lead.shows("/p/MIC/label/kit/KIT-01", "Sans objet ici")
	officer.done("/kit/KIT-01/versions/2.0/withdraw", url.Values{"reason": {"Mauvais fichier"}})
	officer.shows("/kit/KIT-01", "Mauvais fichier")
	officer.says("a version twice", officer.post("/kit/KIT-01/versions/2.0/withdraw", url.Values{"reason": {"Encore"}}), http.StatusConflict)
}

func TestKitAdoption_AsksTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	officer := s.holding(qms.QualityOfficer, "")
	officer.says("added", officer.deposit("/kit/new", map[string]string{"code": "KIT-01", "french": "Données", "kind": "PR", "language": "fr"}, "a.md", "# Données\n"), http.StatusSeeOther)
	for _, path := range []string{"/kit", "/kit/adoption", "/p/MIC/label/kit"} {
		if a, n := officer.counted(path); a.status != http.StatusOK || n > maxStatements {
			t.Errorf("%s: %d statements, status %d", path, n, a.status)
		}
	}
}
