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
		if err == nil && n%2 == 0 {
			_, err = s.Label.ReceiveCandidacy(s.system(), label.StateCandidacy{Target: label.Target{Platform: p.ID}, ReceivedOn: s.DB.Today().AddDays(-40),
				Institutions: []qms.ID{partner.ID}, Signatories: []label.Signatory{{Name: "Agent 21", Function: "Directeur"}}, Included: "Tout"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, shows := range map[string]string{
		"/portfolio": "Plateforme 127", "/portfolio?late=1&sort=-name": "Plateforme 126", "/portfolio/timeline": "portfolio/timeline", "/portfolio/load": "portfolio/load",
		"/portfolio/compare?platform=PF100&platform=PF101": "Plateforme 101", "/portfolio?format=csv": "PF127", "/portfolio?format=pdf": "%PDF",
		"/portfolio?stage=x%00&officer=%27&institution=%ff": "", "/portfolio?institution=" + string(partner.ID): "Plateforme 126",
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
	lead := s.holding(qms.QualityLead, "MIC")
	if a, _ := lead.counted("/portfolio"); a.status != http.StatusNotFound {
		t.Errorf("a quality lead gets %d", a.status)
	}
}
