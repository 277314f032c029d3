package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maillon/qms"
)

func TestTariffsAPI_PublishesAListAndQuotesFromIt(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.Manager)
	const at, kind = "/platforms/PLT", "application/json"
	lines := `"lines":[{"code":"mic-h","label":"Microscope <b>","label_en":"Microscope","unit":"heure","vat":2000,"prices_cents":{"internal":2000,"academic":3550}}]`
	var list struct {
		Number string
		Lines  []struct {
			Code string
			Unit string
		}
	}
	etag := s.known(t, "POST", at+"/price-lists", token, "", kind, `{"title":"Tarifs","effective_from":"2024-01-01",`+lines+`}`, http.StatusCreated, &list)
	if list.Number != "TAR-2024-0001" || len(list.Lines) != 1 || list.Lines[0].Code != "MIC-H" || list.Lines[0].Unit != "hour" {
		t.Errorf("the list is %+v", list)
	}
	s.call(t, "GET", at+"/price-list?as_of=2024-06-01", token, "", http.StatusNotFound, nil)
	s.known(t, "POST", at+"/price-lists/tar-2024-0001/publish", token, "", kind, `{}`, http.StatusPreconditionRequired, nil)
	etag = s.known(t, "POST", at+"/price-lists/TAR-2024-0001/publish", token, etag, kind, `{}`, http.StatusOK, nil)
	s.known(t, "PATCH", at+"/price-lists/TAR-2024-0001", token, etag, kind, `{"title":"Autre","effective_from":"2024-01-01","reason":"x"}`, http.StatusConflict, nil)
	s.call(t, "GET", at+"/price-list?as_of=2024-06-01", token, "", http.StatusOK, &list)
	s.call(t, "POST", at+"/requests", token, `{"date":"2024-03-01","client":"Client 01","client_status":"academic","subject":"Lames"}`, http.StatusCreated, nil)
	var quote struct {
		Number     string
		TotalCents int64  `json:"total_cents"`
		GrossCents int64  `json:"gross_cents"`
		PriceList  string `json:"price_list"`
		Lines      []struct {
			Price int64 `json:"price_cents"`
			Total int64 `json:"total_cents"`
		}
	}
	etag = s.known(t, "POST", at+"/quotes", token, "", kind, `{"request":"DEM-2024-0001","date":"2024-03-02","lines":[{"code":"MIC-H","quantity_thousandths":2500}]}`, http.StatusCreated, &quote)
	if quote.TotalCents != 8875 || quote.GrossCents != 10650 || quote.PriceList != list.Number || quote.Lines[0].Total != 8875 {
		t.Errorf("the quote is %+v", quote)
	}
	quotes := at + "/quotes/" + quote.Number
	s.known(t, "PATCH", quotes, token, etag, kind, `{"request":"DEM-2024-0001","date":"2024-03-02","lines":[],"reason":"x"}`, http.StatusUnprocessableEntity, nil)
	s.known(t, "PATCH", quotes, token, etag, kind, `{"request":"DEM-2024-0001","date":"2024-03-02","valid_until":"2024-04-02","reason":"x"}`, http.StatusOK, &quote)
	if quote.TotalCents != 8875 || len(quote.Lines) != 1 {
		t.Errorf("a correction that says nothing of lines leaves %+v", quote)
	}
	s.call(t, "POST", at+"/quotes", token, `{"request":"DEM-2024-0001","date":"2024-03-02"}`, http.StatusUnprocessableEntity, nil)
	s.call(t, "POST", at+"/quotes", token, `{"request":"DEM-2024-0001","date":"2024-03-02","total_cents":12.5}`, http.StatusUnprocessableEntity, nil)
	if a := s.ask(t, "GET", "/api/v1"+quotes+"/pdf", token, "", nil); a.status != http.StatusOK || !strings.HasPrefix(string(a.body), "%PDF") {
		t.Errorf("the PDF answers %d", a.status)
	}
	stranger := s.token(t, qms.Manager, s.platform["AUT"])
	for _, path := range []string{at + "/price-lists", at + "/price-list", at + "/price-settings", quotes + "/pdf", "/platforms/AUT/price-lists/TAR-2024-0001"} {
		if a := s.ask(t, "GET", "/api/v1"+path, stranger, "", nil); a.status != http.StatusNotFound {
			t.Errorf("a stranger asks for %s: %d", path, a.status)
		}
	}
}

func TestTariffsAPI_ShowsAnybodyWhatAPlatformPublishes(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	token := s.entered(t, qms.Manager)
	const at, kind = "/platforms/PLT", "application/json"
	public := func(want int) (a answer) {
		t.Helper()
		if a = s.ask(t, "GET", "/api/v1/public/platforms/plt/price-list", "", "", nil); a.status != want {
			t.Errorf("the public is answered %d, want %d: %s", a.status, want, a.body)
		}
		return a
	}
	line := `"lines":[{"code":"A","label":"Analyse","unit":"analyse","vat":2000,"prices_cents":{"internal":100}}]`
	etag := s.known(t, "POST", at+"/price-lists", token, "", kind, `{"title":"Tarifs","effective_from":"2024-01-01",`+line+`}`, http.StatusCreated, nil)
	s.known(t, "POST", at+"/price-lists/TAR-2024-0001/publish", token, etag, kind, `{}`, http.StatusOK, nil)
	public(http.StatusNotFound)
	if a := s.ask(t, "GET", "/api/v1/platforms/PLT/price-list", "", "", nil); a.status != http.StatusUnauthorized && a.status != http.StatusNotFound {
		t.Errorf("nobody reads the list of the platform: %d", a.status)
	}
	s.known(t, "PATCH", at+"/price-settings", token, `"0"`, kind, `{"public":true,"valid_days":30}`, http.StatusOK, nil)
	a := public(http.StatusOK)
	if !strings.Contains(string(a.body), `"internal":100`) || !strings.Contains(string(a.body), `"number":"TAR-2024-0001"`) {
		t.Errorf("the public reads %s", a.body)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/public/platforms/PLT/price-list", nil)
	response, err := s.app.Test(r, 30_000)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if cache := response.Header.Get("Cache-Control"); cache != "public, max-age=300" {
		t.Errorf("it may be kept: %q", cache)
	}
	for _, code := range []string{"AUT", "%00", "x", strings.Repeat("9", 300)} {
		if a := s.ask(t, "GET", fmt.Sprintf("/api/v1/public/platforms/%s/price-list", code), "", "", nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", code, a.status, a.body)
		}
	}
	if a := s.ask(t, "GET", "/api/v1/public/platforms/PLT/price-list?as_of=2023-12-31", "", "", nil); a.status != http.StatusNotFound {
		t.Errorf("before the first list: %d", a.status)
	}
}
