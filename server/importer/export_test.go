package importer

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

func TestHeads_AreThoseThatTheReaderRecognises(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		said := &wording{p: locale.For(lang)}
		for _, k := range Exported() {
			heads := said.heads(k, fieldsOf(k))
			for i, h := range heads {
				if h == HeadKey(k, fieldsOf(k)[i]) {
					t.Errorf("%s has no heading in %s", h, lang)
				}
			}
			m := recognise("Feuil1", heads)
			switch {
			case !k.TakesOver():
				if !ownHeadings()[joined(heads)] {
					t.Errorf("%s %s is not known as one of ours", lang, k)
				}
				continue
			case m.kind != k || !m.full() || len(m.doubled) > 0:
				t.Errorf("%s %s is read as %s, missing %v, doubled %v", lang, k, m.kind, m.missing, m.doubled)
			}
			want := map[string]int{}
			for i, f := range fieldsOf(k) {
				if k == People && (f == "from" || f == "until") || k == Invoices && f == "external" {
					continue // written, and not taken over
				}
				want[f] = i
			}
			if diff := cmp.Diff(want, m.columns); diff != "" {
				t.Errorf("%s %s: %s", lang, k, diff)
			}
		}
	}
}

// hostile are texts that spreadsheets, CSV and readers of registers may take for something else.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"=1+1", "+33 6 12", "-5", "@x", "'=1", "''x", "'", "007", "0012,50", "1\u00a0250", "a\u00a0b", "x\u202fy", "#N/A", "#REF!", "#tag", "TRUE", "VRAI",
			"12/03/2024", "2024-03-12", "45000", "1e5", "a;b,c\td", "\"q\"", "l1\nl2", "é œ Ω 漢 👩‍🔬", "_x0041_", "<b>&amp;</b>", "non", "-", "\uff1d1", "=cmd|' /C calc'!A0", "a\u200bb", "  x  ", "Annulé", "'#N/A", "\u2212 3"}),
		rapid.StringMatching(`[=+@'#-]{0,3}[a-z0-9 ;,"]{1,12}`),
	)
}

// anyRegisters draws registers of hostile texts whose lines agree with each other.
func anyRegisters(t *rapid.T) ([]people.MemberRow, trace.Registers) {
	text := hostile()
	say := func(name string) string { return text.Draw(t, name) }
	name := func(what string) string {
		if s := clean(say(what)); strings.Trim(s, "'") != "" {
			return say(what) + " x"
		}
		return "x"
	}
	day := func(what string) qms.Date {
		return qms.MustDate("2015-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, what))
	}
	var members []people.MemberRow
	for i := range 3 {
		members = append(members, people.MemberRow{Code: fmt.Sprintf("P%02d", i), Name: name("name"), Trainer: rapid.Bool().Draw(t, "trainer")})
	}
	var all trace.Registers
	person := func() string { return members[rapid.IntRange(0, 2).Draw(t, "person")].Code }
	for i := range 2 {
		all.Equipment = append(all.Equipment, trace.EquipmentRow{Code: fmt.Sprintf("EQ-%d", i), Name: name("equipment"), Category: say("category"), Place: say("place"),
			Serial: say("serial"), Commissioned: day("commissioned"), Cost: qms.Money(rapid.IntRange(0, 1e9).Draw(t, "cost")), Notes: say("notes"), Responsible: person(),
			LifeYears: int64(rapid.IntRange(0, 20).Draw(t, "life"))})
	}
	piece := func() string { return all.Equipment[rapid.IntRange(0, 1).Draw(t, "piece")].Code }
	for i := range rapid.IntRange(0, 3).Draw(t, "chains") {
		n := fmt.Sprintf("%04d", i)
		all.Requests = append(all.Requests, trace.RequestRow{Number: n, Date: day("d"), Client: name("client"), ClientStatus: rapid.SampledFrom([]string{"internal", "academic", "Partenaire", ""}).Draw(t, "status"),
			Subject: say("subject"), ContactName: say("contact")})
		all.Quotes = append(all.Quotes, trace.QuoteRow{Number: "=" + n, Request: n, Date: day("d"), AcceptedOn: day("d"), Total: qms.Money(rapid.IntRange(-1e9, 1e9).Draw(t, "total"))})
		all.Reports = append(all.Reports, trace.ReportRow{Number: "-" + n, Request: n, Date: day("d"), AnalysedOn: day("d"), Operator: person(), Equipment: piece(), Instruction: "MO-1", InstructionVersion: "1.10", DataPlace: say("data")})
		all.Invoices = append(all.Invoices, trace.InvoiceRow{Number: "+" + n, Request: n, Quote: "=" + n, Date: day("d"), Total: qms.Money(rapid.IntRange(-1e9, 1e9).Draw(t, "total"))})
		all.Uses = append(all.Uses, trace.UseRow{Number: "@" + n, Person: person(), Equipment: piece(), Date: day("d"), Minutes: int64(rapid.IntRange(0, 5000).Draw(t, "minutes")), Project: say("project")})
		all.Calibrations = append(all.Calibrations, trace.CalibrationRow{Equipment: piece(), Date: qms.MustDate("2015-01-01").AddDays(1300*i + rapid.IntRange(0, 1200).Draw(t, "d")), Months: qms.Months(rapid.IntRange(0, 60).Draw(t, "months")),
			Outcome: rapid.SampledFrom([]string{"conforme", "non conforme"}).Draw(t, "outcome"), Certificate: say("certificate"), Kind: rapid.SampledFrom([]trace.CalibrationKind{"", trace.Calibrated, trace.Verified}).Draw(t, "kind"),
			Measure: trace.Measure{Tolerance: "0.05", Unit: "µm"}})
		all.Trainings = append(all.Trainings, trace.TrainingRow{Person: person(), Equipment: piece(), Trainer: person(), Date: qms.MustDate("2015-01-01").AddDays(1300*i + rapid.IntRange(0, 1200).Draw(t, "d")), Months: qms.Months(rapid.IntRange(0, 60).Draw(t, "months")),
			Kind: rapid.SampledFrom([]trace.TrainingKind{"", trace.InitialTraining, trace.RenewedTraining}).Draw(t, "kind"), Procedure: "PR-1", ProcedureVersion: "2.0"})
	}
	return members, all
}

func TestExport_ImportedAgainChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			where := qms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n))
			ctx := storetest.As(qms.Manager, where)
			members, all := anyRegisters(t)
			act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(where), Platform: where}
			err := db.Change(ctx, act, func(tx *store.Tx) error {
				if _, err := people.TakeMembers(ctx, tx, members); err != nil {
					return err
				}
				_, err := s.trace.TakeRegisters(ctx, tx, all)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			lang := rapid.SampledFrom(locale.Languages()).Draw(t, "language")
			format := rapid.SampledFrom([]Format{XLSX, ZIP}).Draw(t, "format")
			name := "r." + string(format)
			var out bytes.Buffer
			if err := s.Export(ctx, ExportRegisters{Platform: where, Format: format, Printer: locale.For(lang)}, &out); err != nil {
				t.Fatal(err)
			}
			result, err := s.Registers(ctx, ImportRegisters{Platform: where, Files: []File{file(name, out.Bytes())}, DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range result.Problems {
				t.Errorf("%s: %s: %s [%s]", format, p.Place(locale.For(lang)), p.Key, p.Found)
			}
			for kind, taken := range result.Counts {
				if taken.Added+taken.Changed > 0 {
					t.Errorf("%s %s: %s %+v", format, lang, kind, taken)
				}
			}
			if got := result.Counts[Uses].Same + result.Counts[Quotes].Same; got != len(all.Uses)+len(all.Quotes) {
				t.Errorf("%s: %d lines came back", format, got)
			}
		})
	})
}

func exported(t testing.TB, s *Service, cmd ExportRegisters) []byte {
	t.Helper()
	if cmd.Platform == "" {
		cmd.Platform = platform
	}
	if cmd.Printer == nil {
		cmd.Printer = locale.For(locale.French)
	}
	var out bytes.Buffer
	if err := s.Export(storetest.As(qms.Manager, platform), cmd, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestExport_OfTheRealRegistersHoldsThemAll(t *testing.T) {
	t.Parallel()
	files := keptRegisters(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		take(t, s, false, files...)
		for _, lang := range locale.Languages() {
			for format, name := range map[Format]string{XLSX: "r.xlsx", ZIP: "r.zip"} {
				r := take(t, s, true, file(name, exported(t, s, ExportRegisters{Format: format, Printer: locale.For(lang)})))
				for kind, n := range wholeCounts {
					if got := r.Counts[kind]; got.Same != n.Added || got.Added+got.Changed > 0 {
						t.Errorf("%s %s %s: %+v, want %d the same", lang, format, kind, got, n.Added)
					}
				}
				if r.Wrong > 0 {
					t.Errorf("%s %s: %+v", lang, format, r.Problems[0])
				}
			}
		}
		counts, err := s.Counts(storetest.As(qms.Auditor, platform), platform, 0)
		if err != nil || counts[Uses] != 600 || counts[Procedures] != 31 || counts[People] != 16 {
			t.Errorf("%v %v", counts, err)
		}
	})
}

func TestExport_OfAPastDayLeavesOutWhatCameLater(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		take(t, s, false, textFile("devis.csv", "N° devis;N° demande;Date du devis;Accepté le;Montant HT", "D-1;R-1;03/04/2023;10/05/2023;12,50", "D-2;R-1;03/05/2024;;-3"))
		all := string(exported(t, s, ExportRegisters{Kinds: []Kind{Quotes}, Format: CSV}))
		if want := "\ufeffN° devis;N° demande;Date du devis;Accepté le;Refusé le;Montant HT (€);Valable jusqu’au;Annulé (motif)\r\nD-1;R-1;03/04/2023;10/05/2023;;12,50;;\r\nD-2;R-1;03/05/2024;;;-3,00;;\r\n"; all != want {
			t.Errorf("got\n%q\nwant\n%q", all, want)
		}
		past := string(exported(t, s, ExportRegisters{Kinds: []Kind{Quotes}, Format: CSV, AsOf: qms.MustDate("2023-04-30")}))
		if !strings.Contains(past, "D-1;R-1;03/04/2023;;;12,50") || strings.Contains(past, "D-2") {
			t.Errorf("got %q", past)
		}
		if err := s.Export(storetest.As(qms.Manager, platform), ExportRegisters{Platform: platform, Kinds: []Kind{"légumes"}, Format: CSV, Printer: locale.For("fr")}, &bytes.Buffer{}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("no register: %v", err)
		}
		if err := s.Export(storetest.As(qms.User, platform), ExportRegisters{Platform: platform, Format: XLSX, Printer: locale.For("fr")}, &bytes.Buffer{}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a user of equipment: %v", err)
		}
	})
}

func TestExport_OfAVoidRecordIsMarkedAndNeitherRevivedNorDoubledByAnImport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		take(t, s, false, textFile("personnel.csv", "Code agent;Nom", "P1;Agent 01", "P2;Agent 02"), textFile("equipements.csv", "Code;Désignation", "EQ-1;Microscope"),
			textFile("habilitations.csv", "Agent;Équipement;Formateur;Date", "P1;EQ-1;P2;03/04/2023"), textFile("utilisations.csv", "N°;Agent;Équipement;Date;Durée (h)", "U-1;P1;EQ-1;04/04/2023;1", "U-2;P1;EQ-1;05/04/2023;1"))
		ctx := storetest.As(qms.Manager, platform)
		u, err := s.trace.Use(ctx, platform, "U-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.trace.VoidUse(ctx, trace.Target{Platform: platform, ID: u.ID, Revision: u.Revision, Reason: "=doublon"}); err != nil {
			t.Fatal(err)
		}
		text := exported(t, s, ExportRegisters{Kinds: []Kind{Uses}, Format: CSV})
		if !strings.Contains(string(text), "U-1;P1;EQ-1;04/04/2023;60;;'=doublon") {
			t.Errorf("got %q", text)
		}
		again := take(t, s, false, file("u.csv", text))
		if got := again.Counts[Uses]; got != (Taken{Same: 1}) || again.Sheets[0].Voided != 1 {
			t.Errorf("%+v, %d void", got, again.Sheets[0].Voided)
		}
		if u, err = s.trace.Use(ctx, platform, "U-1"); err != nil || u.Void == "" {
			t.Errorf("revived: %+v %v", u, err)
		}
		other := take(t, service(t, storetest.Open(t, store.SQLite), t.TempDir()), false, file("r.xlsx", exported(t, s, ExportRegisters{Format: XLSX})))
		if got := other.Counts[Uses]; got.Added != 1 || other.Wrong != 0 {
			t.Errorf("elsewhere: %+v %+v", got, other.Problems)
		}
	})
}

func TestExport_Of20000UsesHoldsLittleInMemory(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	s := service(t, db, t.TempDir())
	content := yearsOfRegisters(t, 44_000)
	if r := take(t, s, false, file("r.xlsx", content)); r.Wrong > 0 || r.Counts[Uses].Added < 19_000 {
		t.Fatalf("%+v", r.Counts)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	size := &counting{}
	if err := s.Export(storetest.As(qms.Manager, platform), ExportRegisters{Platform: platform, Format: XLSX, Printer: locale.For("fr")}, size); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	grown := (int64(after.HeapSys) - int64(before.HeapSys)) >> 20
	t.Logf("%d lines, %d bytes of workbook; the heap grew by %d MB", 44_000, size.n, grown)
	if grown > 128 {
		t.Errorf("the heap grew by %d MB", grown)
	}
}

type counting struct{ n int }

func (c *counting) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func TestExport_IsTextWhateverItBeginsWith(t *testing.T) {
	t.Parallel()
	s := service(t, storetest.Open(t, store.SQLite), t.TempDir())
	take(t, s, false, textFile("demandes.csv", "N° demande;Date;Client;Objet", "R-1;03/04/2023;'=1+1;'-5"))
	book, err := excelize.OpenReader(bytes.NewReader(exported(t, s, ExportRegisters{Kinds: []Kind{Requests}, Format: XLSX})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for cell, want := range map[string]string{"C2": "=1+1", "E2": "-5"} {
		value, err := book.GetCellValue("Demandes", cell)
		formula, err2 := book.GetCellFormula("Demandes", cell)
		if err != nil || err2 != nil || value != want || formula != "" {
			t.Errorf("%s: %q, formula %q, %v %v", cell, value, formula, err, err2)
		}
	}
	if text := exported(t, s, ExportRegisters{Kinds: []Kind{Requests}, Format: CSV}); !strings.Contains(string(text), "R-1;03/04/2023;'=1+1;;'-5;") {
		t.Errorf("%q", text)
	}
}
