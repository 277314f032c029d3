package app

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// notContents are columns that look as if they named contents, and what they are.
var notContents = map[string]string{
	"accounts.password_hash":  "of a password",
	"scrubs.contents":         "how many",
	"feeds.secret_hash":       "of an address",
	"sessions.token_hash":     "of a cookie",
	"endorsements.digest":     "of what was signed, canonical",
	"disposals.signed_digest": "of what was signed, canonical",
	"exercise_items.digest":   "by which an item was ranked",
	"exercises.signed_digest": "of what was signed, canonical",
	"impacts.digest":          "of the list as it was frozen",
	"scrub_defects.content":   "of what may be gone",
}

var looksLikeContent = regexp.MustCompile(`digest|sha256|hash|^content$|^contents$`)

func TestContentColumns_AreAllThatNameContents(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var all []store.Column
		err := db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
			all, err = store.Columns(t.Context(), r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{}
		for _, c := range append(contentColumns(), integrity.ContentColumns()...) {
			listed[c.Table+"."+c.Column] = true
		}
		for _, c := range all {
			name := c.Table + "." + c.Name
			switch _, known := notContents[name]; {
			case listed[name]:
				delete(listed, name)
			case known:
			case c.Bytes || looksLikeContent.MatchString(c.Name):
				t.Errorf("%s looks as if it named contents: the room lists it among its content columns, or it is named above", name)
			}
		}
		for name := range listed {
			t.Errorf("%s is listed and is no column", name)
		}
	})
}

func TestIntegrity_IsToldOverHTTPToThoseOfTheSite(t *testing.T) {
	t.Parallel()
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}
	storetest.Lay(t, settings.Data)
	s := openSiteWith(t, settings, Options{Clock: func() time.Time { return storetest.Now }})
	c := s.crew(t)
	s.approved(t, c, "Réception", "reception.md", "# Réception\n\nPesés à réception.")
	admin, officer := s.token(t, qms.Administrator, ""), s.token(t, qms.QualityOfficer, "")
	const here, kind = "/integrity/scrubs", "application/json"
	for _, who := range []string{c.approver, s.token(t, qms.Auditor, s.platform["PLT"]), ""} {
		if a := s.ask(t, http.MethodGet, "/api/v1"+here, who, kind, nil); a.status == http.StatusOK {
			t.Errorf("somebody of a platform is answered %s", a.body)
		}
	}
	if a := s.ask(t, http.MethodPost, "/api/v1"+here, officer, kind, nil); a.status != http.StatusForbidden {
		t.Errorf("an officer asks: %d", a.status)
	}
	if a := s.ask(t, http.MethodPost, "/api/v1"+here, admin, kind, nil); a.status != http.StatusCreated {
		t.Fatalf("ask: %d %s", a.status, a.body)
	}
	if a := s.ask(t, http.MethodPost, "/api/v1"+here, admin, kind, nil); a.status != http.StatusConflict {
		t.Errorf("ask again: %d %s", a.status, a.body)
	}
	var original vault.Digest
	for info, err := range s.Vault.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		original = info.Digest
	}
	path := filepath.Join(settings.Data, "vault", filepath.FromSlash(original.Path()))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Scrubs.Tick(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	var one struct {
		State string
		Found int64
	}
	s.known(t, "GET", here+"/1", officer, "", kind, "", http.StatusOK, &one)
	var found struct {
		Items []struct{ Kind, Sentence, Platform, Content string }
	}
	s.known(t, "GET", here+"/1/defects", officer, "", kind, "", http.StatusOK, &found)
	if one.State != "broken" || one.Found != 1 || len(found.Items) != 1 || found.Items[0].Content != original.String() ||
		found.Items[0].Platform != "PLT" || !strings.Contains(found.Items[0].Sentence, "Réception") {
		t.Errorf("%+v %+v", one, found)
	}
	for who, page := range map[string]string{officer: `href="/p/PLT/documents/`, admin: `href="/p/PLT/trail/rows/`} {
		if _, _, text := s.page(t, "/integrity/1", who); !strings.Contains(text, page) {
			t.Errorf("no %s in:\n%s", page, text)
		}
	}
	for _, number := range []string{"2", "0", "-1", "01", "x", "9223372036854775808"} {
		if a := s.ask(t, http.MethodGet, "/api/v1"+here+"/"+number, officer, kind, nil); a.status != http.StatusNotFound {
			t.Errorf("check %s: %d", number, a.status)
		}
	}
	a := s.ask(t, http.MethodGet, "/metrics", "", kind, nil)
	for _, line := range []string{"maillon_scrub_defects 1\n", "maillon_scrub_running 0\n", "maillon_vault_lock_relied_on 0\n"} {
		if !strings.Contains(string(a.body), line) {
			t.Errorf("metrics lack %q", line)
		}
	}
	if told := s.toldOf(t, "integrity"); !slices.Equal(told, []string{"administrator@site.example", "quality-officer@site.example"}) {
		t.Errorf("told: %v", told)
	}
}

// toldOf has the reminders of the day made, and tells who was told of the kind.
func (s *site) toldOf(t *testing.T, kind string) (all []string) {
	t.Helper()
	if _, err := s.Reminders.Run(asSystem(t)); err != nil {
		t.Fatal(err)
	}
	err := s.DB.View(asSystem(t), qms.OperateSite.OnSite(), func(r store.Reader) error {
		rows, err := r.Query(t.Context(), "SELECT p.email FROM reminders AS m JOIN people AS p ON p.id = m.person WHERE m.kind = ? ORDER BY p.email", kind)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var email string
			if err := rows.Scan(&email); err != nil {
				return err
			}
			all = append(all, email)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
