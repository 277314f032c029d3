package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

// TestAmounts_OfEveryFormHaveNoThirdDecimal types a fraction of a cent into every field of an amount.
func TestAmounts_OfEveryFormHaveNoThirdDecimal(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.furnished()
	b := s.holding(qms.QualityLead, "MIC")
	b.done("/p/MIC/services/new", url.Values{"date": {"01/03/2024"}, "client": {"Client 01"}, "client_status": {"industrial"}, "subject": {"Lames"}})
	b.done("/p/MIC/services/DEM-2024-0001/quote", url.Values{"request": {"DEM-2024-0001"}, "date": {"03/03/2024"}, "total": {"10,05"}})
	b.done("/p/MIC/services/DEM-2024-0001/invoice", url.Values{"request": {"DEM-2024-0001"}, "date": {"09/03/2024"}, "total": {"10,05"}})
	forms := map[string][]string{
		"/p/MIC/services/DEM-2024-0001/quote": {"total"}, "/p/MIC/services/DEM-2024-0001/invoice": {"total"},
		"/p/MIC/services/DEV-2024-0001/correct": {"total"}, "/p/MIC/services/FAC-2024-0001/correct": {"total"},
		"/p/MIC/equipment/new": {"cost", "renewal_cost"}, "/p/MIC/equipment/EQ-1/correct": {"cost", "renewal_cost"},
		"/p/MIC/equipment/EQ-1/events/new?kind=repair": {"cost"},
	}
	for path, fields := range forms {
		page := b.get(path)
		if n := strings.Count(page.body, `inputmode="decimal"`); page.status != http.StatusOK || n < len(fields) {
			t.Errorf("%s: status %d, %d amounts to type", path, page.status, n)
		}
		for _, field := range fields {
			a := b.post(strings.SplitN(path, "?", 2)[0], url.Values{field: {"1 250,505"}, "kind": {"repair"}})
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "« 1 250,505 » n’est pas un montant") && !strings.Contains(a.body, "«\u202f1 250,505\u202f» n’est pas un montant") ||
				!strings.Contains(a.body, `value="1 250,505"`) {
				t.Errorf("%s, %s: status %d", path, field, a.status)
			}
		}
	}
}
