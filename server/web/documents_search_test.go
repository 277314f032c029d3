package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/documents"
	"maillon/qms"
)

// shelved makes documents in force and a draft, by their texts.
func (s *site) shelved(platform string) {
	s.t.Helper()
	for title, body := range map[string]string{
		"Étalonnage des pipettes": "Les pipettes sont vérifiées <b>gravimétriquement</b> & pesées trois fois.",
		"Achats":                  "Les commandes de pipettes passent par le gestionnaire.",
	} {
		file, err := s.Documents.Receive(s.system(), s.platform[platform], title+".txt", strings.NewReader(body))
		if err != nil {
			s.t.Fatal(err)
		}
		cmd := documents.Create{Platform: s.platform[platform], Kind: "MO", Process: "MES", Title: title, File: &file}
		if _, _, err := s.Documents.Create(s.system(), cmd); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestSearch_ShowsTheWordsInTheirText(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.shelved("MIC")
	team, visitor := s.holding(qms.Member, "MIC"), s.holding(qms.Auditor, "MIC")
	const at = "/p/MIC/search?q="
	a := team.get(at + url.QueryEscape("pipette vérifier"))
	team.says("by words of the text", a, http.StatusOK, "1 résultat", "<mark>pipettes</mark> sont <mark>vérifiées</mark>", "Étalonnage des <mark>pipettes</mark>")
	if strings.Contains(a.body, "<b>gravi") || !strings.Contains(a.body, "&lt;b&gt;gravi") {
		t.Error("the text is not escaped")
	}
	team.says("by a word of both", team.get(at+"pipettes"), http.StatusOK, "2 résultats")
	team.says("with a filter", team.get(at+"pipettes&kind=PR"), http.StatusOK, "Aucun document ne répond à ces filtres")
	team.says("nothing", team.get(at+"oscilloscope"), http.StatusOK, "Rien ne répond à tous ces mots")
	team.says("old versions", team.get(at+"gestionnaire&old=1"), http.StatusOK, "/versions/1.0", "Versions anciennes aussi")
	team.says("no words", team.get("/p/MIC/search"), http.StatusOK, "Recherche")
	visitor.says("drafts are not a visitor's", visitor.get(at+"pipettes"), http.StatusOK, "Rien ne répond")
	for _, hostile := range []string{`"`, `')--`, "\x00", "a* OR (b", strings.Repeat("é", 500), "-", "%ff", "q&after=x"} {
		if got := team.get(at + url.QueryEscape(hostile)); got.status != http.StatusOK {
			t.Errorf("%.20q: %d", hostile, got.status)
		}
	}
	if got := team.get(at + "pipettes&after=x"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a cursor that is none: %d", got.status)
	}
}

func TestSearch_OpensWhatIsTypedInFull(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.shelved("MIC")
	b := s.holding(qms.Member, "MIC")
	if a := b.get("/p/MIC/search?q=mo-mes-001"); a.header.Get("Location") != "/p/MIC/documents/MO-MES-001" {
		t.Errorf("leads to %q, status %d", a.header.Get("Location"), a.status)
	}
}

// TestSearch_AsksTheDatabaseLittle allows the statement of the other rooms and that of the order beside
// those of a list.
func TestSearch_AsksTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	for path, shows := range map[string]string{"q=mode+operatoire": "60 résultats", "q=mode&kind=MO": "60 résultats", "q=mode&old=1": "60 résultats"} {
		a, count := b.counted("/p/MIC/search?" + path)
		t.Logf("%s: %d statements", path, count)
		if a.status != http.StatusOK || count > maxStatements+2 || !strings.Contains(a.body, shows) {
			t.Errorf("%s: %d statements, status %d, %q shown: %t", path, count, a.status, shows, strings.Contains(a.body, shows))
		}
	}
}
