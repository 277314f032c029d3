package audits

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// register tells the room of traces who belongs to a platform.
type register struct{}

func (register) PeopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]trace.Person, error) {
	members, err := people.MembersOf(ctx, r, platform)
	var persons []trace.Person
	for _, m := range members {
		persons = append(persons, trace.Person{ID: m.Person, Code: m.Code, Name: m.Name, Trainer: m.Trainer})
	}
	return persons, err
}

func (register) Periods(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[string]qms.Period, error) {
	return documents.Periods(ctx, r, platform)
}

func (register) Staff(context.Context, store.Reader, qms.ID, qms.Date) ([]documents.Person, error) {
	return nil, nil
}

func (register) Names(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return people.NamesOf(ctx, r, persons)
}

func (register) Holdings(context.Context, store.Reader, qms.ID) ([]documents.Holding, error) {
	return nil, nil
}

func (register) HoldingsOn(context.Context, store.Reader, []qms.ID) (map[qms.ID][]documents.Holding, error) {
	return nil, nil
}

func (register) HeldBy(context.Context, store.Reader, qms.ID, []qms.ID) (map[qms.ID][]documents.Holding, error) {
	return nil, nil
}

// workshop is a platform with everything a pack shows, and the room that makes packs of it.
type workshop struct {
	*Service
	t        *testing.T
	db       *store.DB
	vault    *gate
	platform *people.Platform
	lead     context.Context
}

// gate is a vault that can be made to wait or to fail on opening.
type gate struct {
	vault.Vault
	open func(vault.Digest) error
}

func (g *gate) Open(ctx context.Context, d vault.Digest) (io.ReadCloser, error) {
	if g.open != nil {
		if err := g.open(d); err != nil {
			return nil, err
		}
	}
	return g.Vault.Open(ctx, d)
}

func openWorkshop(t *testing.T, db *store.DB) *workshop {
	t.Helper()
	ctx := storetest.AsSystem()
	platform, err := people.New(db, people.Options{}).AddPlatform(ctx, people.AddPlatform{Code: "MIC", Name: "Plateforme de microscopie"})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{1}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	w := &workshop{t: t, db: db, vault: &gate{Vault: folder}, platform: platform, lead: storetest.As(qms.QualityLead, platform.ID)}
	docs := documents.New(db, folder, register{})
	w.Service = New(db, Options{Trace: trace.New(db, register{}, register{}), Vault: w.vault, Key: key})
	t.Cleanup(w.Service.Close)
	w.fill(docs)
	return w
}

func (w *workshop) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *workshop) change(name string, fn func(tx *store.Tx) error) {
	w.t.Helper()
	w.must(w.db.Change(w.lead, qms.Act{Name: name, Needs: qms.ImportRegisters.On(w.platform.ID), Platform: w.platform.ID}, fn))
}

func (w *workshop) fill(docs *documents.Service) {
	w.t.Helper()
	var files []documents.ImportedFile
	for i, body := range []string{"Réception des échantillons. Voir MO-MIC-002 et FO-MIC-099.", "Préparation des échantillons", "Politique qualité"} {
		name := fmt.Sprintf("MO-MIC-%03d réception.txt", i+1)
		f, err := docs.Receive(w.lead, w.platform.ID, name, strings.NewReader(body))
		w.must(err)
		files = append(files, documents.ImportedFile{Path: name, EffectiveFrom: day("2024-01-01"), File: f})
	}
	w.change("documents.import", func(tx *store.Tx) error {
		if _, _, err := documents.TakeFiles(w.lead, tx, files); err != nil {
			return err
		}
		_, err := documents.TakeMasterList(w.lead, tx, []documents.Stated{{Code: "MO-ANA-001", Title: "Analyse", Version: "1.0", EffectiveFrom: day("2024-01-01")}})
		return err
	})
	w.change("registers.import", func(tx *store.Tx) error {
		if _, err := people.TakeMembers(w.lead, tx, []people.MemberRow{{Code: "P01", Name: "Agent 01", Trainer: true}, {Code: "P02", Name: "Agent 02"}}); err != nil {
			return err
		}
		_, err := w.trace.TakeRegisters(w.lead, tx, trace.Registers{
			Equipment: []trace.EquipmentRow{{Code: "EQ-001", Name: "Microscope confocal"}},
			Trainings: []trace.TrainingRow{{Person: "P01", Equipment: "EQ-001", Trainer: "P01", Date: day("2025-01-01"), Months: 24}},
			Requests: []trace.RequestRow{{Number: "DEM-2026-0001", Date: day("2026-01-10"), Client: "Client 01", Subject: "Analyse de surface"},
				{Number: "DEM-2026-0002", Date: day("2026-02-10"), Client: "Client 02", Subject: "Imagerie"},
				{Number: "DEM-2026-0004", Date: day("2026-02-11"), Client: "Client 04", Subject: "Sans devis ni rapport"}, {Number: "DEM-2026-0003", Date: day("2026-07-01"), Client: "Client 03", Subject: "Plus tard"}},
			Quotes: []trace.QuoteRow{{Number: "DEV-2026-0001", Request: "DEM-2026-0001", Date: day("2026-01-12"), AcceptedOn: day("2026-01-15"), Total: 125050},
				{Number: "DEV-2019-0009", Request: "DEM-2019-0009", Date: day("2026-01-12"), Total: 5000}},
			Reports: []trace.ReportRow{{Number: "RAP-2026-0001", Request: "DEM-2026-0001", Date: day("2026-02-03"), AnalysedOn: day("2026-02-01"),
				Operator: "P02", Equipment: "EQ-001", Instruction: "MO-ANA-001", InstructionVersion: "1.0"}},
			Invoices: []trace.InvoiceRow{{Number: "FAC-2026-0001", Request: "DEM-2026-0001", Quote: "DEV-2026-0001", Date: day("2026-03-01"), Total: 130000},
				{Number: "FAC-2026-0002", Request: "DEM-2026-0004", Date: day("2026-03-02"), Total: 10000}},
			Uses: []trace.UseRow{{Number: "UTI-00001", Person: "P01", Equipment: "EQ-001", Date: day("2026-03-05"), Minutes: 60},
				{Number: "UTI-00002", Person: "P02", Equipment: "EQ-001", Date: day("2026-03-06"), Minutes: 60}},
		})
		return err
	})
	sheet, err := w.Draw(storetest.As(qms.QualityOfficer), Draw{Platform: w.platform.ID, Kind: Services, Direction: Upstream, AsOf: day("2026-06-30"), Seed: "graine", Size: 2})
	w.must(err)
	_, err = w.Conclude(storetest.As(qms.QualityOfficer), Conclude{Platform: w.platform.ID, Exercise: sheet.Exercise.Number, Verdict: Failed, Remark: "à reprendre"})
	w.must(err)
}

// contents reads what a pack as of that day would say.
func (w *workshop) contents(asOf string) *pack.Contents {
	w.t.Helper()
	var c *pack.Contents
	err := w.db.View(w.lead, qms.MakePacks.On(w.platform.ID), func(r store.Reader) (err error) {
		c, err = w.packContents(w.lead, r, &Pack{Row: qms.Row{Platform: w.platform.ID}, Number: "PACK-2026-001", AsOf: day(asOf), WithFiles: true, Language: "fr"})
		return err
	})
	w.must(err)
	return c
}

func TestMakePack_IsVerifiedAndKeptByteForByte(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		var out bytes.Buffer
		p, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, &out)
		w.must(err)
		report, err := archive.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()))
		w.must(err)
		if p.Number != "PACK-2026-001" || p.State != PackMade || p.Files != 3 || p.Facts != report.Facts || p.Size != int64(out.Len()) {
			t.Errorf("pack %+v", p)
		}
		if report.PlatformCode != "MIC" || report.AsOf != day("2026-06-30") || report.Checkpoint != p.Checkpoint() || report.Facts < 20 {
			t.Errorf("report %+v", report)
		}
		kept, archive, err := w.OpenPack(w.lead, w.platform.ID, "pack-2026-001")
		w.must(err)
		defer archive.Close()
		again, err := io.ReadAll(archive)
		w.must(err)
		if !bytes.Equal(again, out.Bytes()) || kept.Content != vault.DigestOf(out.Bytes()) {
			t.Error("a later download differs")
		}
		for digest, want := range map[vault.Digest]bool{kept.Content: true, vault.DigestOf([]byte("nobody's")): false} {
			if keeps, err := w.Keeps(storetest.AsSystem(), digest); err != nil || keeps != want {
				t.Errorf("the sweep would find it kept: %t, want %t, %v", keeps, want, err)
			}
		}
		names := namesIn(t, out.Bytes())
		if !strings.Contains(names, "files/MO-MIC-001_v1.0_MO-MIC-001 réception.txt") {
			t.Errorf("files %s", names)
		}
	})
}

func TestMakePack_ProvesThatItContinuesTheOneBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		make := func() (*Pack, archive.Report, error) {
			var out bytes.Buffer
			p, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, &out)
			if err != nil {
				return p, archive.Report{}, err
			}
			report, err := archive.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()))
			return p, report, err
		}
		first, report, err := make()
		w.must(err)
		if len(report.Earlier) != 0 || first.Previous != "" {
			t.Errorf("the first pack continues %+v", report.Earlier)
		}
		second, report, err := make()
		w.must(err)
		if len(report.Earlier) != 1 || report.Earlier[0].Number != first.Number || report.Earlier[0].Checkpoint != first.Checkpoint() || second.Previous != first.Number {
			t.Errorf("the second pack continues %+v", report.Earlier)
		}
		second.Root = first.Root // as if the trail had been another one then
		w.change("pack.tamper", func(tx *store.Tx) error { return tx.Update(w.lead, second) })
		third, _, err := make()
		if !errors.Is(err, qms.Conflict("pack.past_lost")) || third.Reason() != "pack.past_lost" {
			t.Errorf("made on a rewritten trail: %v", err)
		}
	})
}

func namesIn(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return strings.Join(names, "\n")
}

func TestPackContents_SaysWhatTheRoomsSay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		c := w.contents("2026-06-30")
		if len(c.Documents) != 4 || c.Documents[0].Code != "MO-ANA-001" || !c.Documents[0].NoContent || c.Documents[1].State != "effective" {
			t.Errorf("documents %+v", c.Documents)
		}
		if c.Links.Total != 2 || len(c.Links.Wrong) != 1 || c.Links.Wrong[0].To != "FO-MIC-099" || c.Links.Wrong[0].Problem != "unknown" {
			t.Errorf("links %+v", c.Links)
		}
		if len(c.Platform.Members) != 2 || c.Platform.Members[0].Name != "Agent 01" || !c.Platform.Members[0].Trainer {
			t.Errorf("members %+v", c.Platform.Members)
		}
		if len(c.Services) != 3 || c.Services[0].State != "broken" || c.Services[1].State != "open" {
			t.Fatalf("services %+v", c.Services)
		}
		findings, err := w.Examine(w.lead, w.platform.ID, day("2026-06-30"))
		w.must(err)
		broken := map[string]string{}
		for _, b := range findings.Broken {
			broken[b.Request] = fmt.Sprint(b.Defects)
		}
		for _, s := range c.Services {
			var checks []trace.Check
			for _, f := range s.Findings {
				checks = append(checks, trace.Check(f.Check))
			}
			if s.State == "broken" && fmt.Sprint(checks) != broken[s.Number] || s.State != "broken" && checks != nil {
				t.Errorf("%s fires %v, the exercise says %s", s.Number, checks, broken[s.Number])
			}
		}
		var found []string
		for _, f := range c.Services[0].Findings {
			found = append(found, f.Check+" "+f.Record+" "+f.Detail)
		}
		want := "S05 FAC-2026-0001 1\u202f300,00\u00a0€ facturés, 1\u202f250,50\u00a0€ acceptés|S08 RAP-2026-0001 Agent 02 (P02) sur EQ-001, analyse du 01/02/2026"
		if got := strings.Join(found, "|"); got != want {
			t.Errorf("findings %q, want %q", got, want)
		}
		if got := strings.Join(c.Services[1].Missing, " "); got != "quote report invoice" {
			t.Errorf("missing %q", got)
		}
		if len(c.Dangling) != 1 || c.Dangling[0] != (pack.Dangling{Number: "DEV-2019-0009", Parent: "DEM-2019-0009"}) {
			t.Errorf("dangling %+v", c.Dangling)
		}
		if len(c.Matrix.People) != 1 || c.Matrix.People[0].Cells[0] != (pack.Cell{State: "valid", Until: day("2027-01-01")}) {
			t.Errorf("matrix %+v", c.Matrix)
		}
		if c.Uses.Total != 2 || len(c.Uses.Uncovered) != 1 || c.Uses.Uncovered[0].Check != "U01" || c.Uses.Uncovered[0].Person != "Agent 02 (P02)" {
			t.Errorf("uses %+v", c.Uses)
		}
		if len(c.Samples) != 1 || c.Samples[0].Verdict != "failed" || len(c.Samples[0].Items) != 2 {
			t.Errorf("samples %+v", c.Samples)
		}
		if len(c.Journal.Entries) == 0 || c.Journal.Total != c.Checkpoint.Size || c.Exercise.Chains != 3 {
			t.Errorf("journal %+v", c.Journal)
		}
	})
}

func TestPackContents_AsOfAPastDayIsWhatWasTrueThen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openWorkshop(t, db).contents("2026-01-13")
		if len(c.Services) != 1 || len(c.Services[0].Reports) != 0 || c.Services[0].Quotes[0].State != "open" {
			t.Errorf("services %+v", c.Services)
		}
		if c.Uses.Total != 0 || len(c.Samples) != 0 {
			t.Errorf("uses %+v, samples %+v", c.Uses, c.Samples)
		}
	})
}

func TestPackContents_ListsDocumentsThatCameLaterWithoutTheirFiles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openWorkshop(t, db).contents("2023-06-30")
		if len(c.Documents) != 0 || len(c.Later) != 4 || c.Later[0].Code != "MO-ANA-001" || len(c.Files) != 0 {
			t.Errorf("documents %+v, later %+v, files %d", c.Documents, c.Later, len(c.Files))
		}
	})
}

func TestMakePack_FailsWhenAContentIsMissing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.vault.open = func(d vault.Digest) error { return vault.Missing(d) }
		var out bytes.Buffer
		p, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, &out)
		if !errors.Is(err, qms.NotFound("content.missing")) || out.Len() > 0 {
			t.Errorf("%d bytes, %v", out.Len(), err)
		}
		if kept, err := w.PackByNumber(w.lead, w.platform.ID, p.Number); err != nil || kept.State != PackFailed {
			t.Errorf("on record %+v, %v", kept, err)
		}
	})
}

func TestStartPack_RefusesDaysAndLanguagesThereAreNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		for _, cmd := range []PreparePack{{AsOf: 0, Language: "fr"}, {AsOf: day("2026-07-01"), Language: "fr"}, {AsOf: day("2026-06-30"), Language: "de"}} {
			cmd.Platform = w.platform.ID
			if _, err := w.StartPack(w.lead, cmd); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%+v: %v", cmd, err)
			}
		}
		if page, err := w.Packs(w.lead, w.platform.ID, qms.Cursor{}); err != nil || len(page.Items) != 0 {
			t.Errorf("packs %+v, %v", page.Items, err)
		}
	})
}

func TestPacks_AreForThoseWhoMayMakeThem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		_, err := w.MakePack(storetest.As(qms.Auditor, w.platform.ID), PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "en"}, io.Discard)
		w.must(err)
		member, stranger := storetest.As(qms.Member, w.platform.ID), storetest.As(qms.QualityLead, "00000000-0000-7000-9000-0000000000ff")
		for ctx, code := range map[context.Context]qms.Code{member: qms.CodeRefused, stranger: qms.CodeNotFound} {
			_, listed := w.Packs(ctx, w.platform.ID, qms.Cursor{})
			_, started := w.StartPack(ctx, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"})
			_, _, opened := w.OpenPack(ctx, w.platform.ID, "PACK-2026-001")
			for _, err := range []error{listed, started, opened} {
				if qms.CodeOf(err) != code {
					t.Errorf("want %s, got %v", code, err)
				}
			}
		}
	})
}
