package web_test

import (
	"net/http"
	"strings"
	"testing"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// history takes over documents with two versions, from a list and without files.
func (s *site) history() {
	s.t.Helper()
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(s.platform["MIC"]), Platform: s.platform["MIC"]}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		_, err := documents.TakeMasterList(s.system(), tx, []documents.Stated{
			{Code: "PR-ACH-001", Title: "Achats", Version: "1.0", EffectiveFrom: qms.MustDate("2020-01-01")},
			{Code: "PR-ACH-001", Title: "Achats", Version: "2.0", EffectiveFrom: qms.MustDate("2024-01-01")},
			{Code: "MO-MIC-001", Title: "Allumer <b>le microscope</b>", Version: "1.0", EffectiveFrom: qms.MustDate("2024-06-01")},
			{Code: "MO-MIC-002", Title: "Nettoyer", Version: "1.0", EffectiveFrom: qms.MustDate("2019-06-01")},
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestMasterList_StandsByProcessAndOnPaper(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.history()
	b := s.holding(qms.Auditor, "MIC")
	fr := locale.For(locale.French)
	plain := b.get("/p/MIC/documents")
	b.says("the list", plain, http.StatusOK, fr.T("page.list.group"))
	if strings.Contains(plain.body, "rowgroup") {
		t.Error("the list is grouped unasked")
	}
	grouped := b.get("/p/MIC/documents?group=process&sort=-title")
	b.says("by process", grouped, http.StatusOK, fr.T("page.list.ungroup"))
	if n := strings.Count(grouped.body, `scope="rowgroup"`); n != 2 {
		t.Errorf("%d groups", n)
	}
	first, second, third := strings.Index(grouped.body, "PR-ACH-001"), strings.Index(grouped.body, "MO-MIC-002"), strings.Index(grouped.body, "MO-MIC-001")
	if first > second || second > third {
		t.Errorf("ACH comes before MIC, and titles go down within: %d %d %d", first, second, third)
	}
	for _, path := range []string{"documents?format=pdf", "documents?group=process&as_of=2021-01-01&format=pdf", "documents/changes?from=2023-01-01&format=pdf"} {
		a := b.get("/p/MIC/" + path)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.body, "%PDF-") {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Type"))
		}
	}
	if all := b.lines("/p/MIC/documents?as_of=2021-01-01&format=csv", ';'); len(all) != 3 {
		t.Errorf("as of 2021: %q", all)
	}
}

func TestChanges_AreShownFilteredAndExported(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.history()
	b := s.holding(qms.Auditor, "MIC")
	fr := locale.For(locale.French)
	a := b.get("/p/MIC/documents/changes?from=01/01/2023&to=01/01/2025")
	b.says("changes", a, http.StatusOK, "PR-ACH-001", "MO-MIC-001", fr.T("page.changes.kind_version"), fr.T("page.changes.kind_new"), fr.T("page.changes.unchanged", 1), "/compare?from=1.0", `value="01/01/2023"`)
	if strings.Contains(a.body, "<b>") || strings.Contains(mainOf(a.body), "MO-MIC-002") {
		t.Error("a title is not escaped, or an unchanged document is shown")
	}
	a = b.get("/p/MIC/documents/changes?from=2023-01-01&to=2025-01-01&process=ACH&change=version")
	if main := mainOf(a.body); !strings.Contains(main, "PR-ACH-001") || strings.Contains(main, "MO-MIC-001") {
		t.Errorf("one process, one kind of change:\n%s", main)
	}
	if all := b.lines("/p/MIC/documents/changes?from=2023-01-01&to=2025-01-01&format=csv", ';'); len(all) != 3 {
		t.Errorf("exported %q", all)
	}
	for _, query := range []string{"?from=2025-01-01&to=2023-01-01", "?from=hier", "?to=31/02/2024&format=pdf"} {
		a := b.get("/p/MIC/documents/changes" + query)
		if a.status != http.StatusOK || !strings.Contains(a.body, `data-tone="bad"`) {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	b.says("nothing happened", b.get("/p/MIC/documents/changes?from=2015-01-01&to=2016-01-01&process=%00"), http.StatusOK, fr.T("page.changes.none"))
}

func TestCompare_MarksWordsAndEscapesThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.crew()
	fr := locale.For(locale.French)
	fields := map[string]string{"title": "Achats", "kind": "PR", "process": "ACH", "number": "1.0", "reason": "première", "review_months": "24", "confidentiality": "internal"}
	c.author.says("create", c.author.deposit("/p/MIC/documents/new", fields, "a.txt", "Objet\nConserver <script>alert(1)</script> deux ans.\n"), http.StatusSeeOther)
	c.author.says("alone", c.author.get("/p/MIC/documents/PR-ACH-001/compare"), http.StatusOK, fr.T("page.compare.none"))
	if a := c.reader.get("/p/MIC/documents/PR-ACH-001/compare"); a.status != http.StatusNotFound {
		t.Errorf("a reader compares a draft: %d", a.status)
	}
	verifier, approver := c.signatories()
	c.author.post("/p/MIC/documents/PR-ACH-001/versions/1.0/submit", map[string][]string{"revision": {"1"}, "verifier": {verifier}, "approver": {approver}})
	c.verifier.post("/p/MIC/documents/PR-ACH-001/versions/1.0/verify", map[string][]string{"revision": {"2"}, "password": {password}})
	c.approver.post("/p/MIC/documents/PR-ACH-001/versions/1.0/approve", map[string][]string{"revision": {"3"}, "password": {password}})
	c.author.says("renew", c.author.deposit("/p/MIC/documents/PR-ACH-001/versions/new", map[string]string{"level": "major", "reason": "plus long"}, "b.txt", "Objet\nConserver <script>alert(1)</script> cinq ans.\nFin\n"), http.StatusSeeOther)
	a := c.author.get("/p/MIC/documents/PR-ACH-001/compare?from=1.0&to=2.0")
	c.author.says("compared", a, http.StatusOK, "<del>deux</del>", "<ins>cinq</ins>", "<ins>Fin</ins>", fr.T("page.compare.changed", 1), fr.T("page.compare.is_added"))
	if strings.Contains(mainOf(a.body), "<script>") {
		t.Error("a text is not escaped")
	}
	c.author.says("from the history", c.author.get("/p/MIC/documents/PR-ACH-001"), http.StatusOK, fr.T("page.compare.with_last"))
	for _, query := range []string{"?from=9.0", "?to=%3Cx%3E", "?from=1.0&to=x"} {
		if a := c.author.get("/p/MIC/documents/PR-ACH-001/compare" + query); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}
