package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// TestPortfolio_AsksTheDatabaseLittle counts the statements of every page of the portfolio with 128
// platforms, the reader and the frame included.
func TestPortfolio_AsksTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	b := s.holding(qms.QualityOfficer, "")
	partner, err := s.Label.AddInstitution(s.system(), label.StateInstitution{ShortName: "U1", Name: "Université 01", PartnerFrom: qms.MustDate("2016-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	for n := len(s.platform); n < 128; n++ {
		p, err := s.People.AddPlatform(s.system(), people.AddPlatform{Code: fmt.Sprintf("PF%03d", n), Name: fmt.Sprintf("Plateforme %03d", n)})
		if err == nil && n%8 == 0 {
			_, err = s.Label.AddOtherLabel(s.system(), label.StateOtherLabel{Platform: p.ID, Kind: label.OtherISO9001, Body: "<b>Organisme</b>", From: s.DB.Today().AddDays(-400),
				Through: s.DB.Today().AddDays(n - 64)})
		}
		if err == nil && n%2 == 0 {
			_, err = s.Label.ReceiveCandidacy(s.system(), label.StateCandidacy{Target: label.Target{Platform: p.ID}, ReceivedOn: s.DB.Today().AddDays(-40),
				Institutions: []qms.ID{partner.ID}, Signatories: []label.Signatory{{Name: "Agent 21", Function: "Directeur"}}, Included: "Tout"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var chosen string
	for n := 100; n < 109; n++ {
		chosen += fmt.Sprintf("&platform=PF%03d", n)
	}
	for path, shows := range map[string]string{
		"/portfolio": "Plateforme 127", "/portfolio?late=1&sort=-name": "Plateforme 126", "/portfolio/timeline": "ISO 9001, &lt;b&gt;Organisme", "/portfolio/load": "portfolio/load",
		"/portfolio/compare?platform=PF100&platform=PF104": "ISO 9001 jusqu’au", "/portfolio?format=csv": "PF127", "/portfolio?format=pdf": "%PDF",
		"/portfolio?stage=x%00&officer=%27&institution=%ff": "", "/portfolio?institution=" + string(partner.ID): "Plateforme 126",
		"/portfolio?as_of=2020-02-29": "tel qu’il était le", "/portfolio/timeline?label=programme": "Aucun label", "/portfolio/timeline?label=%00%ff": "Aucun label",
		"/portfolio/timeline?label=iso-9001&format=pdf": "%PDF", "/portfolio/timeline?format=csv": "ISO 9001", "/portfolio/load?format=pdf": "%PDF", "/portfolio/load?format=xlsx": "PK",
		"/portfolio/compare?platform=PF100&platform=PF101&format=csv": "Plateforme 101", "/portfolio/compare?platform=PF100&format=pdf": "%PDF", "/portfolio/compare?format=pdf": "%PDF",
		"/portfolio/compare?stage=labelled&platform=PF100": "Plateforme 100", "/portfolio/compare?platform=%00&platform=PF1%ff": "portfolio/compare",
		"/portfolio/compare?" + chosen: "3 autres choisies", "/portfolio/load?as_of=2020-02-29&format=csv": "2020",
	} {
		a, count := b.counted(path)
		t.Logf("%s: %d statements, %d bytes", path, count, len(a.body))
		if a.status != http.StatusOK || count > 8 || !strings.Contains(a.body, shows) {
			t.Errorf("%s: %d statements, status %d, %q shown: %t", path, count, a.status, shows, strings.Contains(a.body, shows))
		}
	}
	if a, _ := b.counted("/portfolio?late=1"); strings.Contains(a.body, `value="PF127"`) || !strings.Contains(a.body, `value="PF126"`) {
		t.Error("only what is late is wanted")
	}
	for _, day := range []string{"31/02/2020", "2999-01-01", "%01"} {
		for _, page := range []string{"/portfolio?", "/portfolio/timeline?format=pdf&", "/portfolio/load?format=csv&", "/portfolio/compare?"} {
			if a := b.get(page + "as_of=" + day); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="err-h"`) {
				t.Errorf("%s on %s: %d", page, day, a.status)
			}
		}
	}
	if a := b.get("/portfolio/load?as_of=2020-02-29&late=1"); !strings.Contains(a.body, `href="/portfolio/timeline?as_of=2020-02-29&amp;late=1"`) {
		t.Error("the tabs lose the filters")
	}
	lead := s.holding(qms.QualityLead, "MIC")
	if a, _ := lead.counted("/portfolio"); a.status != http.StatusNotFound {
		t.Errorf("a quality lead gets %d", a.status)
	}
}
