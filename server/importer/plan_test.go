package importer

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// platform is the one that the tests import into.
const platform = qms.ID("00000000-0000-7000-8000-0000000000aa")

// members joins the room of people to that of traces, as server/app does.
type members struct{}

func (members) PeopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]trace.Person, error) {
	all, err := people.MembersOf(ctx, r, platform)
	var persons []trace.Person
	for _, m := range all {
		persons = append(persons, trace.Person{ID: m.Person, Code: m.Code, Name: m.Name, Trainer: m.Trainer, From: m.From, Until: m.Until})
	}
	return persons, err
}

type staff struct{}

func (staff) Staff(context.Context, store.Reader, qms.ID, qms.Date) ([]documents.Person, error) {
	return nil, nil
}

func (staff) Names(context.Context, store.Reader, []qms.ID) (map[qms.ID]string, error) {
	return map[qms.ID]string{}, nil
}

func (staff) Holdings(context.Context, store.Reader, qms.ID) ([]documents.Holding, error) {
	return nil, nil
}

func (staff) HoldingsOn(context.Context, store.Reader, []qms.ID) (map[qms.ID][]documents.Holding, error) {
	return nil, nil
}

func (staff) HeldBy(context.Context, store.Reader, qms.ID, []qms.ID) (map[qms.ID][]documents.Holding, error) {
	return nil, nil
}

func service(t testing.TB, db *store.DB, contents string) *Service {
	t.Helper()
	v, err := dir.Open(contents)
	if err != nil {
		t.Fatal(err)
	}
	d := documents.New(db, v, staff{})
	return New(db, v, trace.New(db, members{}, d))
}

// keptRegisters are the platform's registers that the room of traces keeps for its tests.
func keptRegisters(t testing.TB) []File {
	t.Helper()
	names, err := filepath.Glob("../../qms/trace/testdata/registers/*.csv")
	if err != nil || len(names) != 10 {
		t.Fatal(len(names), err)
	}
	var files []File
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file(filepath.Base(name), content))
	}
	return files
}

func take(t testing.TB, s *Service, dry bool, files ...File) *RegistersResult {
	t.Helper()
	ctx := storetest.As(qms.Manager, platform)
	result, err := s.Registers(ctx, ImportRegisters{Platform: platform, Files: files, DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// leaves is how many acts the trail of the platform holds.
func leaves(t testing.TB, db *store.DB) int64 {
	t.Helper()
	var size int64
	err := db.View(storetest.AsSystem(), qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		size, _, err = store.Head(context.Background(), r, string(platform))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

var wholeCounts = map[Kind]Taken{
	People: {Added: 16}, Equipment: {Added: 137}, Procedures: {Added: 31}, Trainings: {Added: 442}, Calibrations: {Added: 102},
	Requests: {Added: 240}, Quotes: {Added: 226}, Reports: {Added: 219}, Invoices: {Added: 235}, Uses: {Added: 600},
}

func TestRegisters_GoInWholeGiveTheKeyAndChangeNothingTheSecondTime(t *testing.T) {
	t.Parallel()
	files := keptRegisters(t)
	key, err := os.ReadFile("../../qms/trace/testdata/registers/key.json")
	if err != nil {
		t.Fatal(err)
	}
	var want trace.Findings
	if err := json.Unmarshal(key, &want); err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		if dry := take(t, s, true, files...); dry.Wrong != 0 || dry.Applied || leaves(t, db) != 0 {
			t.Fatalf("dry run: %d problems, applied %v, %d leaves", dry.Wrong, dry.Applied, leaves(t, db))
		} else if diff := cmp.Diff(wholeCounts, dry.Counts); diff != "" {
			t.Errorf("dry run: %s", diff)
		}
		first := take(t, s, false, files...)
		if diff := cmp.Diff(wholeCounts, first.Counts); diff != "" || !first.Applied || leaves(t, db) != 1 {
			t.Fatalf("applied %v, %d leaves %s", first.Applied, leaves(t, db), diff)
		}
		found, err := s.trace.FullCheck(storetest.As(qms.Auditor, platform), platform, qms.MustDate("2026-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, found); diff != "" {
			t.Errorf("the exercise is not the key: %s", diff)
		}
		second := take(t, s, false, files...)
		for kind, n := range second.Counts {
			if n.Added+n.Changed != 0 || n.Same != wholeCounts[kind].Added {
				t.Errorf("the second time: %s %+v", kind, n)
			}
		}
		if n := leaves(t, db); n != 1 {
			t.Errorf("the second time left %d leaves", n-1)
		}
	})
}

func TestRegisters_WorkbookAndFolderGiveTheSameRecords(t *testing.T) {
	t.Parallel()
	workbook, folder := realFiles(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		if r := take(t, s, false, workbook...); r.Wrong != 0 || !r.Applied {
			t.Fatalf("%+v", r.Problems)
		}
		for kind, n := range take(t, s, false, folder...).Counts {
			if n.Added+n.Changed != 0 {
				t.Errorf("the folder differs from the workbook: %s %+v", kind, n)
			}
		}
	})
}

func TestRegisters_AllOrNothingWithAPreviewOfTheRest(t *testing.T) {
	t.Parallel()
	files := []File{
		textFile("personnel.csv", "Code agent;Nom;Formateur", "P01;Agent 01;oui", "P02;Agent 02;peut-être"),
		textFile("equipements.csv", "Code;Désignation", "EQ-1;Microscope"),
		textFile("habilitations.csv", "Agent;Équipement;Formateur;Date de formation;Validité (mois)",
			"p01;eq-1;P01;03/04/2023;12", "P02;EQ-1;P01;03/04/2023;12", "P99;EQ-1;P01;03/04/2023;12", "P01;EQ-9;P01;03/04/2023;12"),
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		for _, dry := range []bool{true, false} {
			r := take(t, s, dry, files...)
			want := []string{
				"personnel, ligne 3, colonne C (Formateur) | peut-être",
				"habilitations, ligne 4, colonne A (Agent) | P99",
				"habilitations, ligne 5, colonne B (Équipement) | EQ-9",
			}
			var got []string
			for _, p := range r.Problems {
				got = append(got, fmt.Sprintf("%s, ligne %d, colonne %s (%s) | %s", p.Sheet, p.Row, p.Column, p.Heading, p.Found))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if r.Applied || leaves(t, db) != 0 {
				t.Errorf("dry %v: applied %v, %d leaves", dry, r.Applied, leaves(t, db))
			}
			rest := map[Kind]Taken{People: {Added: 1}, Equipment: {Added: 1}, Trainings: {Added: 1}}
			if diff := cmp.Diff(rest, r.Counts); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestRegisters_NameWhatThePlatformAlreadyHas(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		take(t, s, false, textFile("personnel.csv", "Code agent;Nom", "P01;Agent 01"), textFile("equipements.csv", "Code;Désignation", "EQ-1;Microscope"))
		r := take(t, s, false, textFile("utilisations.csv", "N°;Agent;Équipement;Date;Durée (h)", "U-1;P01;EQ-1;03/04/2023;3,5"))
		if !r.Applied || r.Counts[Uses] != (Taken{Added: 1}) {
			t.Errorf("%+v %v", r.Counts, r.Problems)
		}
		r = take(t, s, false, textFile("utilisations.csv", "N°;Agent;Équipement;Date;Durée (h)", "U-1;P01;EQ-1;03/04/2023;4", "U-2;P01;EQ-1;03/04/2023;"))
		if !r.Applied || r.Counts[Uses] != (Taken{Added: 1, Changed: 1}) {
			t.Errorf("%+v %v", r.Counts, r.Problems)
		}
	})
}

func TestRegisters_NeedTheRight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		f := textFile("personnel.csv", "Code agent;Nom", "P01;Agent 01")
		for ctx, want := range map[context.Context]qms.Code{
			storetest.As(qms.Member, platform): qms.CodeRefused, storetest.As(qms.Manager, "00000000-0000-7000-8000-0000000000bb"): qms.CodeNotFound,
			context.Background(): qms.CodeUnauthenticated,
		} {
			if _, err := s.Registers(ctx, ImportRegisters{Platform: platform, Files: []File{f}}); qms.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	})
}

// childEnv names the database and the step at which the child of the next test waits to be killed.
const childEnv = "MAILLON_TEST_IMPORT_CHILD"

func TestRegisters_LeaveNothingWhenTheProcessIsKilled(t *testing.T) {
	if os.Getenv(childEnv) != "" {
		importAndWait(t)
		return
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for step := range rooms {
			killWithin(t, storetest.URL(db), step)
		}
		if n := leaves(t, db); n != 0 {
			t.Errorf("%d leaves were left", n)
		}
		var found []string
		for _, table := range []string{"people", "memberships", "documents", "versions", "equipment", "requests", "uses"} {
			var n int
			if err := storetest.Raw(t, db).QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil || n != 0 {
				found = append(found, fmt.Sprint(table, n, err))
			}
		}
		if len(found) > 0 {
			t.Errorf("rows were left: %v", found)
		}
		if r := take(t, service(t, db, t.TempDir()), false, keptRegisters(t)...); !r.Applied || leaves(t, db) != 1 {
			t.Errorf("afterwards the import does not go in: %+v", r.Problems)
		}
	})
}

// killWithin starts this test once more as a child, waits until it is at the step of its transaction,
// and kills it.
func killWithin(t *testing.T, url string, step int) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestRegisters_LeaveNothingWhenTheProcessIsKilled$")
	child.Env = append(os.Environ(), childEnv+"="+url, fmt.Sprintf("%s_STEP=%d", childEnv, step))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	reached := false
	for lines := bufio.NewScanner(out); !reached && lines.Scan(); {
		reached = lines.Text() == "within"
	}
	if err := child.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	_ = child.Wait() // killed: its status is no surprise
	if !reached {
		t.Fatalf("the child did not reach step %d", step)
	}
}

func importAndWait(t *testing.T) {
	ctx := storetest.As(qms.Manager, platform)
	db, err := store.Open(ctx, store.Options{URL: os.Getenv(childEnv)})
	if err != nil {
		t.Fatal(err)
	}
	cmd := ImportRegisters{Platform: platform, Files: keptRegisters(t), Progress: func(stage Stage, done, _ int64) {
		if stage == Writing && fmt.Sprint(done) == os.Getenv(childEnv+"_STEP") {
			fmt.Println("within")
			select {} // until killed
		}
	}}
	if _, err := service(t, db, t.TempDir()).Registers(ctx, cmd); err != nil {
		t.Fatal(err)
	}
}
