package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestReadName_ReadsWhatPeopleWriteInNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"PR-ACH-003_v2.1_2023-04-12.docx":                 "2.1|2023-04-12",
		"PR ACH 003 V2.docx":                              "2.0|",
		"ancien/PR-ACH-003 v1.docx":                       "1.0|",
		"PR-ACH-003 v2 (copie).docx":                      "2.0|",
		"PR-ACH-003 v2 - Copie.docx":                      "2.0|",
		"PR-ACH-003 v2 - Copie (3).docx":                  "2.0|",
		"Copie de PR-ACH-003 v2.docx":                     "2.0|",
		"PR-ACH-003 v2 (1).docx":                          "2.0|",
		"PR-ACH-003_V2-1_signé.pdf":                       "2.0|", // a dash is no point: what follows it is not known
		"PR-ACH-003_V2_1_final.pdf":                       "2.1|",
		"PR-ACH-003 Achats Version 3,2 du 05.06.2021.pdf": "3.2|2021-06-05",
		"PR-ACH-003-12-04-2023-v3.odt":                    "3.0|2023-04-12",
		"PR-ACH-003 indice 4.pdf":                         "4.0|",
		"PR-ACH-003 rév. 2.pdf":                           "2.0|",
		"20230412 PR-ACH-003 v2.pdf":                      "2.0|2023-04-12",
		"PR-ACH-003.docx":                                 "|",
		"PR-2023-0412.docx":                               "|", // a year and a number are no day
		"PR-ACH-003 2023-02-31.docx":                      "|", // a day that does not exist
		"PR-ACH-003 2021-01-02 2022-03-04.docx":           "|", // two days: nobody knows which
		"PR-ACH-003 v٢.docx":                              "|", // digits of another script
		"PR-ACH-003 v99999.docx":                          "|",
		"Vérification des poids.docx":                     "|",
		"Innovation 3 axes.docx":                          "|",
		"v.docx":                                          "|",
		"":                                                "|",
		strings.Repeat("v1 ", 400) + ".docx":              "1.0|",
		"../../etc/PR-ACH-003 v2\x00\x1b[31m.docx":        "|",
		"PR-ACH-003 v2\u202e.docx":                        "|",
	} {
		if said := readName(name); said.version+"|"+said.day.String() != want {
			t.Errorf("%q: %s|%s, want %s", name, said.version, said.day, want)
		}
	}
}

func TestIsOld_KnowsTheFoldersOfOldVersions(t *testing.T) {
	t.Parallel()
	rules := DefaultRules()
	for file, want := range map[string]bool{
		"ancien/a.docx": true, "Achats/Archives/a.docx": true, "obsolète/a.docx": true, "OLD/x/a.docx": true, "Anciennes versions/a.docx": true,
		"archives de la plateforme/a.docx": false, "achats/a.docx": false, "a.docx": false, "PR-ACH-003 v1 OBSOLÈTE.docx": true, "ancien.docx": false,
		"old": false, "": false,
	} {
		if got := rules.isOld(file); got != want {
			t.Errorf("%q: %t, want %t", file, got, want)
		}
	}
	if got := rules.process("Achats/ancien/a.docx"); got != "ACH" {
		t.Errorf("a folder of old versions is a process: %s", got)
	}
	own, err := ParseRules([]byte(`{"kinds":[],"otherwise":"FO","processes":[],"general":"GEN","aside":[],"acronyms":[]}`))
	if err != nil || !own.isOld("ancien/a.docx") {
		t.Errorf("rules that say nothing of old folders: %v", err)
	}
}

// chain is what an import says of its files: number, outcome, state and days, one line each.
func chain(r *DocumentsResult) (said []string) {
	for _, f := range r.Files {
		line := f.Path + ": "
		for _, w := range f.Wrong {
			line += "! " + w.Key + " " + fmt.Sprint(w.Args...)
		}
		if len(f.Wrong) == 0 {
			line += fmt.Sprintf("%s %s %s %s %s..%s", f.Code, f.Version, f.Outcome, f.State, f.From, f.Until)
		}
		said = append(said, line)
	}
	return said
}

func TestDocuments_RecogniseTheVersionsOfADocument(t *testing.T) {
	eachHistory(t, func(s *Service, today string) {
		files := map[string]string{
			"Achats/PR-ACH-003_v2.1_2023-04-12.md": "three", "Achats/ancien/PR ACH 003 V2.md": "two", "Achats/ancien/PR-ACH-003 v1 2019-03-04.md": "one",
			"Achats/PR-ACH-003_v2.1_2023-04-12 (copie).md": "three",
			"Achats/archives/PR-ACH-004 v1.md":             "gone", "Achats/PR-ACH-005.md": "new", "Achats/old/PR-ACH-005.md": "before",
		}
		want := []string{
			"Achats/PR-ACH-003_v2.1_2023-04-12 (copie).md: PR-ACH-003 2.1 same effective 2023-04-12..",
			"Achats/PR-ACH-003_v2.1_2023-04-12.md: PR-ACH-003 2.1 added effective 2023-04-12..",
			"Achats/PR-ACH-005.md: PR-ACH-005 2.0 added effective " + today + "..",
			"Achats/ancien/PR ACH 003 V2.md: PR-ACH-003 2.0 earlier superseded ..2023-04-12",
			"Achats/ancien/PR-ACH-003 v1 2019-03-04.md: PR-ACH-003 1.0 earlier superseded 2019-03-04..2023-04-12",
			"Achats/archives/PR-ACH-004 v1.md: PR-ACH-004 1.0 added superseded .." + today,
			"Achats/old/PR-ACH-005.md: PR-ACH-005 1.0 earlier superseded .." + today,
		}
		preview := takeFolder(t, s, tree(files), dry)
		if diff := cmp.Diff(want, swapTwins(chain(preview))); diff != "" {
			t.Errorf("preview (-want +got)\n%s", diff)
		}
		done := takeFolder(t, s, tree(files))
		if diff := cmp.Diff(want, swapTwins(chain(done))); diff != "" || !done.Applied {
			t.Errorf("applied %t (-want +got)\n%s", done.Applied, diff)
		}
		again := takeFolder(t, s, tree(files))
		if again.Counts.Added+again.Counts.Changed != 0 || again.Wrong != 0 {
			t.Errorf("the second time: %+v\n%s", again.Counts, strings.Join(chain(again), "\n"))
		}
		for _, f := range again.Files {
			if f.Outcome != documents.Same {
				t.Errorf("the second time %s is %s", f.Path, f.Outcome)
			}
		}
	})
}

// swapTwins does not care which of two equal files is the one and which the other.
func swapTwins(said []string) []string {
	if strings.Contains(said[0], "added") && strings.Contains(said[1], "same") {
		said[0], said[1] = strings.Replace(said[0], "added", "same", 1), strings.Replace(said[1], "same", "added", 1)
	}
	return said
}

func TestDocuments_AddToTheHistoryOfADocumentThatIsThere(t *testing.T) {
	eachHistory(t, func(s *Service, today string) {
		takeFolder(t, s, tree(map[string]string{"PR-ACH-003_v3_2022-01-01.md": "three"}))
		r := takeFolder(t, s, tree(map[string]string{"PR-ACH-003_v3_2022-01-01.md": "three", "ancien/PR-ACH-003_v1_2018-01-01.md": "one"}))
		want := []string{"PR-ACH-003_v3_2022-01-01.md: PR-ACH-003 3.0 same effective 2022-01-01..", "ancien/PR-ACH-003_v1_2018-01-01.md: PR-ACH-003 1.0 earlier superseded 2018-01-01..2022-01-01"}
		if diff := cmp.Diff(want, chain(r)); diff != "" {
			t.Errorf("an older one (-want +got)\n%s", diff)
		}
		r = takeFolder(t, s, tree(map[string]string{"ancien/PR-ACH-003_v2_2020-01-01.md": "two"}))
		if diff := cmp.Diff([]string{"ancien/PR-ACH-003_v2_2020-01-01.md: PR-ACH-003 2.0 earlier superseded 2020-01-01..2022-01-01"}, chain(r)); diff != "" {
			t.Errorf("one in between (-want +got)\n%s", diff)
		}
		r = takeFolder(t, s, tree(map[string]string{"ancien/PR-ACH-003_v1_2018-01-01.md": "one"}))
		if diff := cmp.Diff([]string{"ancien/PR-ACH-003_v1_2018-01-01.md: PR-ACH-003 1.0 same superseded 2018-01-01..2020-01-01"}, chain(r)); diff != "" {
			t.Errorf("the first one ends where the second begins (-want +got)\n%s", diff)
		}
		r = takeFolder(t, s, tree(map[string]string{"ancien/PR-ACH-003_v2_2020-01-01.md": "another two"}))
		if r.Applied || !strings.Contains(chain(r)[0], "version.content_fixed") {
			t.Errorf("another content for a version that is there: %v", chain(r))
		}
	})
}

func TestDocuments_SayWhatIsWrongWithAHistory(t *testing.T) {
	eachHistory(t, func(s *Service, _ string) {
		for what, c := range map[string]struct {
			files map[string]string
			want  string
		}{
			"two contents for one version":     {map[string]string{"PR-ACH-003 v1.md": "one", "ancien/PR-ACH-003 v1.md": "other"}, "version.claimed_twice PR-ACH-003"},
			"two contents without a version":   {map[string]string{"a/PR-ACH-003.md": "one", "b/PR-ACH-003.md": "other"}, "code.twice PR-ACH-003"},
			"two documents with one code":      {map[string]string{"PR-ACH-003 Achats v1.md": "one", "PR-ACH-003 Métrologie v2.md": "other"}, "code.collides PR-ACH-003"},
			"days in the wrong order":          {map[string]string{"PR-ACH-003_v2_2019-01-01.md": "two", "ancien/PR-ACH-003_v1_2021-01-01.md": "one"}, "version.begins_after"},
			"an old one before an older one":   {map[string]string{"PR-ACH-003_v3_2022-01-01.md": "c", "old/PR-ACH-003_v2_2018-01-01.md": "b", "old/PR-ACH-003_v1_2020-01-01.md": "a"}, "version.begins_after"},
			"a malformed number among hostile": {map[string]string{"PR-ACH-003 v1.md": "one", "x/PR-ACH-003 v1 " + strings.Repeat("é", 120) + ".md": "two"}, "version.claimed_twice"},
		} {
			r := takeFolder(t, s, tree(c.files))
			said := strings.Join(chain(r), "\n")
			if r.Applied || r.Wrong == 0 || !strings.Contains(said, c.want) {
				t.Errorf("%s: want %s\n%s", what, c.want, said)
			}
		}
		r := takeFolder(t, s, tree(map[string]string{"x.md": "x"}))
		if r.Counts.Added != 1 {
			t.Errorf("something was left behind: %+v", r.Counts)
		}
	})
}

func TestDocuments_TakeNumbersAndDaysFromTheMapping(t *testing.T) {
	eachHistory(t, func(s *Service, _ string) {
		files := map[string]string{"achats.md": "two", "vieux/achats premier.md": "one"}
		m := mapping("path;code;version;effective_from", "achats.md;PR-ACH-001;2.0;01/02/2022", "vieux/achats premier.md;PR-ACH-001;1.0;15/01/2020")
		want := []string{"achats.md: PR-ACH-001 2.0 added effective 2022-02-01..", "vieux/achats premier.md: PR-ACH-001 1.0 earlier superseded 2020-01-15..2022-02-01"}
		if diff := cmp.Diff(want, chain(takeFolder(t, s, tree(files), m))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if again := takeFolder(t, s, tree(files), m); again.Counts.Same != 2 || again.Wrong > 0 {
			t.Errorf("the second time: %v", chain(again))
		}
	})
}

// eachHistory runs a test on both engines, on a service with rules of its own.
func eachHistory(t *testing.T, f func(s *Service, today string)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(service(t, db, t.TempDir()), db.Today().String()) })
}
