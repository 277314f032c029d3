package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// A quote that was taken over names a request that nobody ever recorded. Its forms lead back to the quote.
func TestServices_FormsOfAQuoteWithoutItsRequestLeadBackToIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(s.platform["MIC"]), Platform: s.platform["MIC"]}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		_, err := s.Trace.TakeRegisters(s.system(), tx, trace.Registers{Quotes: []trace.QuoteRow{
			{Number: "DEV-ANCIEN-7", Request: "DEM-ANCIEN-7", Date: qms.MustDate("2024-03-01"), Total: 100}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b := s.holding(qms.Manager, "MIC")
	const quote = "/p/MIC/services/DEV-ANCIEN-7"
	for _, form := range []string{"/accept", "/refuse", "/correct", "/void"} {
		a := b.get(quote + form)
		if a.status != http.StatusOK || !strings.Contains(a.body, `href="`+quote+`"`) || strings.Contains(a.body, `href="/p/MIC/services/DEM-ANCIEN-7`) {
			t.Errorf("%s: %d", form, a.status)
		}
	}
	done := b.post(quote+"/accept", url.Values{"revision": {"1"}, "on": {"05/03/2024"}})
	if to := done.header.Get("Location"); done.status != http.StatusSeeOther || b.get(to).status != http.StatusOK {
		t.Errorf("accepted: %d to %s", done.status, to)
	}
}
