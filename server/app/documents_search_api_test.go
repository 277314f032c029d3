package app

import (
	"net/http"
	"testing"

	"maillon/qms"
)

func TestSearchAPI_HandsOutMarkedPiecesOfTexts(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	plt := s.platform["PLT"]
	author, reader := s.token(t, qms.Member, plt), s.token(t, qms.Auditor, plt)
	s.call(t, "POST", "/platforms/PLT/documents", author, `{"title":"Pesées","kind":"MO","process":"MES"}`, http.StatusCreated, nil)
	const version = "/platforms/PLT/documents/MO-MES-001/versions/1.0"
	etag := s.known(t, "GET", version, author, "", "application/json", "", http.StatusOK, nil)
	s.known(t, "PATCH", version+"/content?name=a.md", author, etag, "application/octet-stream", "Les balances sont étalonnées.", http.StatusOK, nil)
	var page struct {
		Items []struct {
			Code, State string
			Snippets    [][]struct {
				Text   string
				Marked bool
			}
		}
		Next string
	}
	s.call(t, "GET", "/platforms/PLT/search?q=etalonner+balance", author, "", http.StatusOK, &page)
	if len(page.Items) != 1 || page.Items[0].Code != "MO-MES-001" || page.Items[0].State != "draft" || len(page.Items[0].Snippets) != 1 {
		t.Fatalf("found %+v", page)
	}
	marked := ""
	for _, part := range page.Items[0].Snippets[0] {
		if part.Marked {
			marked += part.Text + " "
		}
	}
	if marked != "balances étalonnées " {
		t.Errorf("marked %q", marked)
	}
	s.call(t, "GET", "/platforms/PLT/search?q=balance", reader, "", http.StatusOK, &page)
	if len(page.Items) != 0 {
		t.Error("a draft was found by a reader")
	}
	s.call(t, "GET", "/platforms/PLT/search?q=%22%27%29--&old=true", reader, "", http.StatusOK, nil)
	s.call(t, "GET", "/platforms/PLT/search", reader, "", http.StatusUnprocessableEntity, nil)
	s.call(t, "GET", "/platforms/PLT/search?q=a&after=x", reader, "", http.StatusUnprocessableEntity, nil)
}
