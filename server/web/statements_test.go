package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// maxStatements is what a page of a list may ask of the database, the reader and the frame included.
const maxStatements = 6

// filled puts more on every list of the platform than one page shows.
func (s *site) filled(code string) {
	s.t.Helper()
	const rows = 60
	platform, day := s.platform[code], qms.MustDate("2026-01-05")
	var members []people.MemberRow
	var list []documents.Stated
	var batch trace.Registers
	for n := range rows {
		no := func(prefix string) string { return fmt.Sprintf("%s-2026-%04d", prefix, n) }
		agent, piece := fmt.Sprintf("P%02d", n), fmt.Sprintf("EQ-%03d", n)
		members = append(members, people.MemberRow{Code: agent, Name: "Agent " + agent})
		list = append(list, documents.Stated{Code: fmt.Sprintf("MO-ANA-%03d", n+1), Title: "Mode opératoire", Version: "1.0", EffectiveFrom: day})
		batch.Equipment = append(batch.Equipment, trace.EquipmentRow{Code: piece, Name: "Microscope"})
		batch.Calibrations = append(batch.Calibrations, trace.CalibrationRow{Equipment: piece, Date: day, Months: 12})
		batch.Trainings = append(batch.Trainings, trace.TrainingRow{Person: agent, Equipment: piece, Trainer: "P00", Date: day, Months: 24})
		batch.Requests = append(batch.Requests, trace.RequestRow{Number: no("DEM"), Date: day, Client: "Client 01", Subject: "Analyse"})
		batch.Quotes = append(batch.Quotes, trace.QuoteRow{Number: no("DEV"), Request: no("DEM"), Date: day, AcceptedOn: day, Total: 100})
		batch.Reports = append(batch.Reports, trace.ReportRow{Number: no("RAP"), Request: no("DEM"), Date: day, AnalysedOn: day, Operator: agent, Equipment: piece, Instruction: "MO-ANA-001", InstructionVersion: "1.0"})
		batch.Invoices = append(batch.Invoices, trace.InvoiceRow{Number: no("FAC"), Request: no("DEM"), Quote: no("DEV"), Date: day, Total: 100})
		batch.Uses = append(batch.Uses, trace.UseRow{Number: no("UTI"), Person: agent, Equipment: piece, Date: day, Minutes: 60})
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) error {
		if _, err := people.TakeMembers(s.system(), tx, members); err != nil {
			return err
		}
		if _, err := documents.TakeMasterList(s.system(), tx, list); err != nil {
			return err
		}
		_, err := s.Trace.TakeRegisters(s.system(), tx, batch)
		return err
	})
	for range rows {
		if err == nil {
			_, err = s.Audits.RunFull(s.system(), platform, s.DB.Today())
		}
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestLists_AskTheDatabaseLittle counts the statements of every list of a platform, each longer than
// its first page.
func TestLists_AskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	for path, shows := range map[string]string{
		"members": "P59", "documents": "MO-ANA-030", "documents?as_of=2026-06-29": "MO-ANA-030", "services": "DEM-2026-0030", "equipment": "EQ-030", "uses": "UTI-2026-0030",
		"people": "EQ-030", "exercises": "EXE-" + fmt.Sprint(s.DB.Today().Year()) + "-030", "trail": "Exercice complet", "packs": "", "imports": "",
	} {
		a, count := b.counted("/p/MIC/" + path)
		t.Logf("%s: %d statements", path, count)
		if a.status != http.StatusOK || count > maxStatements || !strings.Contains(a.body, shows) {
			t.Errorf("%s: %d statements, status %d, %q shown: %t", path, count, a.status, shows, strings.Contains(a.body, shows))
		}
	}
}

// counted asks for a page and counts what it asks of the database.
func (b *browser) counted(path string) (answer, int) {
	b.t.Helper()
	var counter *store.Counter
	outer := fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StreamRequestBody: true, DisablePreParseMultipartForm: true})
	outer.Use(func(c *fiber.Ctx) error {
		ctx, n := store.CountStatements(c.UserContext())
		counter = n
		c.SetUserContext(ctx)
		return c.Next()
	})
	outer.Mount("/", b.fiber)
	inner := b.fiber
	b.fiber = outer
	defer func() { b.fiber = inner }()
	a := b.send(httptest.NewRequest(http.MethodGet, path, nil))
	return a, counter.Count()
}
