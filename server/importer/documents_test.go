package importer

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func takeFolder(t testing.TB, s *Service, tree fs.FS, change ...func(*ImportDocuments)) *DocumentsResult {
	t.Helper()
	cmd := ImportDocuments{Platform: platform, Tree: tree}
	for _, c := range change {
		c(&cmd)
	}
	r, err := s.Documents(storetest.As(qms.QualityLead, platform), cmd)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dry(cmd *ImportDocuments) { cmd.DryRun = true }

func mapping(lines ...string) func(*ImportDocuments) {
	f := textFile("mapping.csv", lines...)
	return func(cmd *ImportDocuments) { cmd.Mapping = &f }
}

func tree(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, content := range files {
		all[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return all
}

// lines is what became of the files, one line each.
func lines(r *DocumentsResult) []string {
	var all []string
	pr := locale.For(locale.English)
	for _, f := range r.Files {
		line := f.Path + ": "
		for _, w := range f.Wrong {
			line += "! " + pr.Error(w)
		}
		if len(f.Wrong) == 0 {
			line += fmt.Sprintf("%s %s %s %s %q %s", f.Code, f.Kind, f.Process, f.Version, f.Title, f.Outcome)
		}
		for _, l := range f.Links {
			line += " -> " + l.Code + " by " + string(l.Basis)
		}
		all = append(all, line)
	}
	for _, p := range r.Problems {
		all = append(all, fmt.Sprintf("mapping %d: %s", p.Row, p.Sentence(pr)))
	}
	return all
}

var smallTree = map[string]string{
	"achats/SOP purchasing.md":          "# SOP Purchasing\n\nSuppliers are in the List of Qualified Suppliers. See also FO-ACH-007.\n",
	"achats/list-of-suppliers.md":       "# List of Qualified Suppliers\n\nKept by SOP Purchasing, see PR-RH-004.\n",
	"achats/FO-ACH-007 bon.txt":         "Bon de commande\n\nselon PR-RH-004\n",
	"Ressources humaines/procédure.txt": "Procédure : gestion du personnel\nCode : PR-RH-004\n\nTexte.\n",
	"README.md":                         "# Read me\n",
	"licence.txt":                       "none",
	"achats/~$SOP purchasing.docx":      "x",
	".git/config":                       "x",
	"achats/.DS_Store":                  "x",
}

func TestDocuments_GuessWhatEachFileIsAdoptCodesAndLink(t *testing.T) {
	t.Parallel()
	want := []string{
		`Ressources humaines/procédure.txt: PR-RH-004 PR RH 1.0 "Procédure : gestion du personnel" added`,
		`achats/FO-ACH-007 bon.txt: FO-ACH-007 FO ACH 1.0 "Bon de commande" added -> PR-RH-004 by code`,
		`achats/SOP purchasing.md: PR-ACH-001 PR ACH 1.0 "SOP Purchasing" added -> FO-ACH-007 by code -> LI-ACH-001 by title`,
		`achats/list-of-suppliers.md: LI-ACH-001 LI ACH 1.0 "List of Qualified Suppliers" added -> PR-RH-004 by code`,
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		contents := t.TempDir()
		s := service(t, db, contents)
		preview := takeFolder(t, s, tree(smallTree), dry)
		if diff := cmp.Diff(want, lines(preview)); diff != "" {
			t.Errorf("dry run: %s", diff)
		}
		if n := leaves(t, db); n != 0 || preview.Applied || count(t, contents) != 0 {
			t.Errorf("the dry run left %d leaves and %d contents", n, count(t, contents))
		}
		r := takeFolder(t, s, tree(smallTree))
		if diff := cmp.Diff(want, lines(r)); diff != "" || !r.Applied || r.Counts != (Taken{Added: 4}) {
			t.Errorf("%+v %s", r.Counts, diff)
		}
		if leaves(t, db) != 1 || count(t, contents) != 4 {
			t.Errorf("%d leaves, %d contents", leaves(t, db), count(t, contents))
		}
		aside := []Aside{{"README.md", "import.aside.rule"}, {"achats/.DS_Store", "import.aside.hidden"},
			{"achats/~$SOP purchasing.docx", "import.aside.hidden"}, {"licence.txt", "import.aside.rule"}}
		if diff := cmp.Diff(aside, r.Aside); diff != "" {
			t.Error(diff)
		}
		again := takeFolder(t, s, tree(smallTree))
		if leaves(t, db) != 1 || again.Counts != (Taken{Same: 4}) {
			t.Errorf("the second time: %+v, %d leaves", again.Counts, leaves(t, db))
		}
		for i := range again.Files {
			if again.Files[i].Code != r.Files[i].Code {
				t.Errorf("%s was %s, is %s", r.Files[i].Path, r.Files[i].Code, again.Files[i].Code)
			}
		}
	})
}

// count is how many contents the vault holds.
func count(t testing.TB, contents string) int {
	t.Helper()
	v, err := dir.Open(contents)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range v.List(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestDocuments_AMappingHasTheLastWord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		r := takeFolder(t, s, tree(smallTree), mapping("Chemin;Code;Type;Processus;Titre;Version;Date d'application",
			`achats\SOP purchasing.md;PR-ACH-012;;;Acheter;2;03/04/2023`, "./achats/list-of-suppliers.md;;formulaire;QUA;;;"))
		want := []string{
			`Ressources humaines/procédure.txt: PR-RH-004 PR RH 1.0 "Procédure : gestion du personnel" added`,
			`achats/FO-ACH-007 bon.txt: FO-ACH-007 FO ACH 1.0 "Bon de commande" added -> PR-RH-004 by code`,
			`achats/SOP purchasing.md: PR-ACH-012 PR ACH 2.0 "Acheter" added -> FO-ACH-007 by code -> FO-QUA-001 by title`,
			`achats/list-of-suppliers.md: FO-QUA-001 FO QUA 1.0 "List of Qualified Suppliers" added -> PR-RH-004 by code`,
		}
		if diff := cmp.Diff(want, lines(r)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDocuments_AllOrNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		contents := t.TempDir()
		s := service(t, db, contents)
		r := takeFolder(t, s, tree(map[string]string{
			"a.md": "# First of all\n", "b.docx": "PK\x03\x04 broken", "c.txt": "", "d.pdf": "no PDF",
		}), mapping("path,code,version,kind", "a.md,A/B?,1,", "a.md,A-1,1,", "e.md,A-2,1,"))
		want := []string{
			"a.md: ! ",
			"b.docx: ! The file “b.docx” is damaged and cannot be read",
			"c.txt: ! The file “c.txt” is empty",
			"d.pdf: ! The file “d.pdf” is not what its name says: pdf expected, text/plain found",
			"mapping 3: Already there: mapping, row 2",
			"mapping 4: The file “e.md” is not in the folder",
		}
		got := lines(r)
		if len(got) != 6 || !strings.HasPrefix(got[0], want[0]) || cmp.Diff(want[1:], got[1:]) != "" {
			t.Error(cmp.Diff(want, got))
		}
		if r.Applied || leaves(t, db) != 0 || count(t, contents) != 0 {
			t.Errorf("something was written: %v, %d leaves, %d contents", r.Applied, leaves(t, db), count(t, contents))
		}
		r = takeFolder(t, s, tree(map[string]string{"a.md": "# First of all\n"}), mapping("path,title", "a.md,First", "e.md,Other"))
		if diff := cmp.Diff([]string{"a.md: FO-GEN-001 FO GEN 1.0 \"First\" added", "mapping 3: The file “e.md” is not in the folder"}, lines(r)); diff != "" || r.Applied {
			t.Error(diff)
		}
	})
}

func TestOpenFolder_LeadsNowhereElse(t *testing.T) {
	t.Parallel()
	outside, inside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret.md")
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(secret, []byte("# Secret\n"), 0o600))
	must(os.WriteFile(filepath.Join(inside, "a.md"), []byte("# First\n"), 0o600))
	must(os.Symlink(secret, filepath.Join(inside, "b.md")))
	must(os.Symlink(outside, filepath.Join(inside, "c")))
	must(os.Symlink("a.md", filepath.Join(inside, "d.md")))
	folder, err := OpenFolder(inside)
	must(err)
	files, aside, err := walk(t.Context(), folder, DefaultRules())
	must(err)
	if len(files) != 1 || files[0] != "a.md" || len(aside) != 3 {
		t.Errorf("files %v, aside %v", files, aside)
	}
	if f, err := folder.Open("b.md"); err == nil {
		f.Close()
		t.Error("a link led out")
	}
	if _, err := OpenFolder(secret); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("a file is a folder: %v", err)
	}
	if _, err := OpenFolder(filepath.Join(inside, "nowhere")); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("nowhere is a folder: %v", err)
	}
}

func TestOpenArchive_HoldsToItsBoundsAndItsNames(t *testing.T) {
	t.Parallel()
	for want, content := range map[string][]byte{
		"file.damaged": []byte("no archive"), "file.bomb": zipOf(t, "a.txt", strings.Repeat("\x00", 64<<20)),
	} {
		if _, err := OpenArchive(file("a.zip", content)); !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	archive, err := OpenArchive(file("a.zip", zipOf(t, "../evil.md", "# Evil\n", "qms/a.md", "# First\n", "/etc/b.md", "# Etc\n")))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := takeFolder(t, service(t, db, t.TempDir()), archive)
		for _, f := range r.Files {
			if strings.Contains(f.Path, "..") || strings.HasPrefix(f.Path, "/") {
				t.Errorf("%q leads out", f.Path)
			}
		}
		if !r.Applied || len(r.Files) == 0 {
			t.Errorf("%v", lines(r))
		}
	})
}

func TestDocuments_TakesTheRealFolder(t *testing.T) {
	t.Parallel()
	real := filepath.Join("..", "..", "..", "shared", "real", "documents")
	if _, err := os.Stat(real); err != nil {
		t.Skip("the real documents are not beside the repository")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		folder, err := OpenFolder(real)
		if err != nil {
			t.Fatal(err)
		}
		defer folder.Close()
		s := service(t, db, t.TempDir())
		r := takeFolder(t, s, folder)
		if len(r.Files) != 91 || r.Wrong != 0 || !r.Applied || len(r.Aside) != 1 || r.Aside[0].Path != "LICENSE.md" {
			t.Fatalf("%d files, %d problems, aside %v: %v", len(r.Files), r.Wrong, r.Aside, lines(r))
		}
		codes, links := map[string]bool{}, 0
		for _, f := range r.Files {
			codes[f.Code], links = true, links+len(f.Links)
			if f.Title == "" || strings.ContainsAny(f.Title, "<>[]") || f.Digest == (vault.Digest{}) {
				t.Errorf("%s: %q", f.Path, f.Title)
			}
		}
		if len(codes) != 91 || links < 40 {
			t.Errorf("%d codes, %d links", len(codes), links)
		}
		if again := takeFolder(t, s, folder); again.Counts != (Taken{Same: 91}) || leaves(t, db) != 1 {
			t.Errorf("the second time: %+v, %d leaves", again.Counts, leaves(t, db))
		}
		if testing.Verbose() {
			t.Log("\n" + strings.Join(lines(r), "\n"))
		}
	})
}

func TestRules_GuessKindsProcessesAndTitles(t *testing.T) {
	t.Parallel()
	rules := DefaultRules()
	for file, want := range map[string]string{
		"Achats/PRO_Procédure d'achat v2.1.docx": "PR ACH 2.1", "RH/liste des agents.xlsx": "LI RH ", "etalonnage/Mode_opératoire-balance.pdf": "MO MET ",
		"Métrologie/fiche de vie.odt": "FO MET ", "rapport d'audit 2023.pdf": "EN GEN ", "Qualité/Manuel qualité.docx": "MQ SMQ ",
		"a/b/post-market-surveillance/plan.md": "FO PMS ", "13485/x.md": "FO 13485 ", "doc externe/norme ISO 9001.pdf": "EX DE ", "vie/Fiche processus achats.odt": "PC VIE ",
	} {
		if got := rules.kind(file, "") + " " + rules.process(file) + " " + readName(file).version; got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
	path := filepath.Join(t.TempDir(), "rules.json")
	if r, err := LoadRules(path); err != nil || r != rules {
		t.Errorf("without a file: %v", err)
	}
	if err := os.WriteFile(path, []byte(`{"kinds":[{"kind":"GU","words":["Guide"]}],"otherwise":"FO","general":"GEN"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := LoadRules(path); err != nil || r.kind("guide.md", "") != "GU" {
		t.Errorf("with a file: %v", err)
	}
	for _, bad := range []string{"", "{", `{"otherwise":"fo"}`, `{"kinds":[{"kind":"P R"}],"otherwise":"FO","general":"GEN"}`, `{"other":1}`} {
		if _, err := ParseRules([]byte(bad)); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("%q are rules: %v", bad, err)
		}
	}
}
