package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maillon/qms"
)

func TestImportsAPI_TakesRegistersOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	send := func(query, body string, want int, out any) {
		t.Helper()
		a := s.ask(t, http.MethodPost, "/api/v1/platforms/plt/imports/registers?"+query, lead, "application/octet-stream", []byte(body))
		if a.status != want {
			t.Fatalf("%s: status %d, want %d: %s", query, a.status, want, a.body)
		}
		if err := json.Unmarshal(a.body, out); err != nil {
			t.Fatalf("%v in %s", err, a.body)
		}
	}
	var r struct {
		Applied bool
		Counts  []struct {
			Kind                 string
			Added, Changed, Same int
		}
		Problems []struct {
			Sheet, Column, Found, Key, Message string
			Row                                int
		}
	}
	good := "Code agent;Nom\nP01;Agent 01\n"
	send("name=personnel.csv&dry_run=true", good, http.StatusOK, &r)
	if r.Applied || r.Counts[0].Kind != "people" || r.Counts[0].Added != 1 {
		t.Errorf("dry run: %+v", r)
	}
	send("name=personnel.csv", good, http.StatusOK, &r)
	if !r.Applied || r.Counts[0].Added != 1 {
		t.Errorf("%+v", r)
	}
	send("name=personnel.csv", good, http.StatusOK, &r)
	if r.Counts[0].Added != 0 || r.Counts[0].Same != 1 {
		t.Errorf("the second time: %+v", r)
	}
	bad := "N° devis;N° demande;Date;Accepté le;Montant HT\nD-1;R-1;31/06/2023;;12\n"
	send("name=devis.csv&dry_run=true", bad, http.StatusOK, &r)
	if len(r.Problems) != 1 || r.Problems[0].Row != 2 || r.Problems[0].Column != "C" || r.Problems[0].Key != "import.date.impossible" || r.Problems[0].Message == "" {
		t.Errorf("%+v", r.Problems)
	}
	var p struct {
		Type   string
		Errors []struct{ Field, Detail, Key string }
	}
	send("name=devis.csv", bad, http.StatusUnprocessableEntity, &p)
	if len(p.Errors) != 1 || p.Errors[0].Field != "devis!C2" || p.Errors[0].Detail == "" {
		t.Errorf("%+v", p)
	}
}

func TestImportsAPI_TakesAnArchiveOfDocuments(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, text := range map[string]string{"achats/sop-purchasing.md": "# SOP Purchasing\n", "README.md": "x", "m.csv": "path,title\nachats/sop-purchasing.md,Acheter\n"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := "/api/v1/platforms/plt/imports/documents?name=qms.zip&mapping=m.csv"
	a := s.ask(t, http.MethodPost, path, lead, "application/octet-stream", archive.Bytes())
	if a.status != http.StatusOK || !strings.Contains(string(a.body), `"code":"PR-ACH-001","title":"Acheter"`) || !strings.Contains(string(a.body), `"applied":true`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	member := s.token(t, qms.Member, s.platform["PLT"])
	if a := s.ask(t, http.MethodPost, path, member, "application/octet-stream", archive.Bytes()); a.status != http.StatusForbidden {
		t.Errorf("a member imports: %d", a.status)
	}
	if a := s.ask(t, http.MethodPost, path, lead, "application/octet-stream", []byte("none")); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no archive: %d %s", a.status, a.body)
	}
}

func TestImportsAPI_TakesAMappingRemembersItAndSaysWhichColumnsThereAre(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	lead := s.token(t, qms.QualityLead, s.platform["PLT"])
	odd := "Ref;Nom complet du client\nP01;Agent 01\n"
	at := "/api/v1/platforms/plt/imports/registers?name=suivi.csv"
	var r struct {
		Applied bool
		Sheets  []struct {
			How     string
			Row     int
			Columns []struct{ Column, Heading, Field string }
		}
		Problems []struct{ Key string }
	}
	send := func(query string, want int) {
		t.Helper()
		a := s.ask(t, http.MethodPost, at+query, lead, "application/octet-stream", []byte(odd))
		if a.status != want {
			t.Fatalf("%s: status %d, want %d: %s", query, a.status, want, a.body)
		}
		if err := json.Unmarshal(a.body, &r); err != nil {
			t.Fatal(err)
		}
	}
	send("&dry_run=true", http.StatusOK)
	if len(r.Sheets) != 1 || r.Sheets[0].Row != 1 || r.Sheets[0].Columns[1].Heading != "Nom complet du client" || r.Problems[0].Key != "import.nothing_recognised" {
		t.Errorf("%+v", r)
	}
	send("", http.StatusUnprocessableEntity)
	mapping := "&mapping=" + url.QueryEscape(`[{"sheet":"suivi","register":"people","columns":{"code":"Ref","name":"B"}}]`)
	send("&mapping=x", http.StatusUnprocessableEntity)
	send(mapping+"&remember=true", http.StatusOK)
	if !r.Applied || r.Sheets[0].How != "given" || r.Sheets[0].Columns[0].Field != "code" {
		t.Errorf("%+v", r)
	}
	send("", http.StatusOK)
	if r.Sheets[0].How != "remembered" {
		t.Errorf("%+v", r)
	}
	a := s.ask(t, http.MethodGet, "/api/v1/platforms/plt/register-mappings", lead, "", nil)
	var list struct {
		Items []struct{ ID, Register, Sheet string }
	}
	if err := json.Unmarshal(a.body, &list); err != nil || len(list.Items) != 1 || list.Items[0].Register != "people" {
		t.Fatalf("%s %v", a.body, err)
	}
	member := s.token(t, qms.Member, s.platform["PLT"])
	if a := s.ask(t, http.MethodGet, "/api/v1/platforms/plt/register-mappings", member, "", nil); a.status != http.StatusForbidden {
		t.Errorf("a member: %d", a.status)
	}
}
