package app

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"maillon/audits/integrity"
	"maillon/documents/vault/minio"
	"maillon/documents/vault/minio/miniotest"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// A site as a university has it: the database is PostgreSQL, the vault a MinIO.
func TestSite_OnPostgreSQLAndMinIOImportsApprovesAndPrints(t *testing.T) {
	t.Parallel()
	service := miniotest.Built(t)
	database := storetest.Open(t, store.PostgreSQL)
	s := openSiteAt(t, Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris",
		Database: storetest.URL(database), Vault: service.Address(service.Bucket()) + "&lock=true"})
	if _, remote := s.Vault.(*minio.Vault); !remote {
		t.Fatalf("the vault is a %T", s.Vault)
	}
	c := s.crew(t)
	const kind = "application/json"
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("achats/PR-ACH-004 Acheter.md")
	if err == nil {
		_, err = w.Write([]byte("# Acheter\n\nTrois devis au-delà du seuil.\n"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a := s.ask(t, http.MethodPost, "/api/v1/platforms/plt/imports/documents?name=qms.zip", c.approver, "application/octet-stream", archive.Bytes())
	if a.status != http.StatusOK || !strings.Contains(string(a.body), `"applied":true`) {
		t.Fatalf("import: %d %s", a.status, a.body)
	}
	approved := s.approved(t, c, "Réception", "reception.md", "# Réception\n\nPesés à réception.")
	if err := s.Documents.MakeRenditions(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	reader := s.token(t, qms.Auditor, s.platform["PLT"])
	for version, original := range map[string]string{"/platforms/PLT/documents/PR-ACH-004/versions/1.0": "# Acheter", approved: "# Réception"} {
		var pdf, content string
		s.known(t, "GET", version+"/rendition", reader, "", kind, "", http.StatusOK, &pdf)
		if !strings.HasPrefix(pdf, "%PDF-") {
			t.Errorf("%s is printed as %.20q", version, pdf)
		}
		s.known(t, "GET", version+"/content", reader, "", kind, "", http.StatusOK, &content)
		if !strings.HasPrefix(content, original) {
			t.Errorf("the original of %s is %.20q", version, content)
		}
	}
	if err := s.Sweep(asSystem(t)); err != nil {
		t.Error(err)
	}
	s.holdsWhatWasApproved(t)
}

// holdsWhatWasApproved proves the lock as a start does, and has two originals and their PDFs held.
func (s *site) holdsWhatWasApproved(t *testing.T) {
	t.Helper()
	if s.trustVault(asSystem(t), s.vaultAt); !s.Scrubs.Relies() {
		t.Fatal("the lock of the vault is not relied on")
	}
	if err := s.Scrubs.HoldContents(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	v, err := s.Scrubs.Overview(asSystem(t))
	if err != nil || v.Held != 4 {
		t.Errorf("%d contents are held, %v", v.Held, err)
	}
	report, err := s.Scrubs.Verify(asSystem(t), integrity.Question{})
	if err != nil || !report.OK() || report.Contents < 4 {
		t.Errorf("%+v, %v", report, err)
	}
}
