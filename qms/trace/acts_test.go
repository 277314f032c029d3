package trace

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// fixture is a platform with two agents, a microscope and a training, as its acts made them.
type fixture struct {
	*Service
	db        *store.DB
	equipment *Equipment
}

var agents = members{
	people: []Person{{ID: "p1", Code: "P01", Name: "Agent 01", Trainer: true}, {ID: "p2", Code: "P02", Name: "Agent 02"}},
	instructions: map[string]map[string]qms.Period{
		"MO-1": {"1.0": {From: qms.MustDate("2024-01-01"), Until: qms.MustDate("2026-02-01")}, "2.0": {From: qms.MustDate("2026-02-01")}},
	},
}

func furnished(t *testing.T, db *store.DB) fixture {
	t.Helper()
	s := New(db, agents, agents)
	lead := storetest.As(qms.QualityLead, platform)
	e := must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "eq-1", Name: "Microscope"}))(t)
	must(s.RecordTraining(lead, RecordTraining{Platform: platform, Person: "p2", Equipment: e.ID, Trainer: "p1", Date: day("2026-01-02"), Months: 12}))(t)
	return fixture{s, db, e}
}

// must fails the test on an error.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wrong is the fields that an error names, with their keys.
func wrong(err error) map[string]string {
	var e *qms.Error
	if !errors.As(err, &e) {
		return nil
	}
	fields := map[string]string{}
	for _, f := range e.Fields {
		fields[f.Name] = f.Key
	}
	return fields
}

func TestRecord_WalksAServiceFromRequestToInvoice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		state := func(want State, gaps ...Stage) *Dossier {
			t.Helper()
			d := must(s.Dossier(ctx, platform, "dem-2026-0001", 0))(t)
			var missing []Stage
			for _, g := range d.Missing {
				missing = append(missing, g.Stage)
			}
			if d.Verdict.State != want || !cmp.Equal(missing, gaps) {
				t.Errorf("the dossier is %s, %v are missing, want %s, %v", d.Verdict.State, missing, want, gaps)
			}
			return d
		}
		r := must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "Client 01", ClientStatus: "industriel", Subject: "Analyse"}))(t)
		if r.Number != "DEM-2026-0001" || r.ClientStatus != Industrial {
			t.Errorf("recorded %+v", r)
		}
		state(Open, StageQuote)
		must(s.ReviewRequest(ctx, ReviewRequest{Target: Target{Platform: platform, ID: r.ID, Revision: 1}, Feasible: Feasible, By: "p1", On: day("2026-03-02")}))(t)
		q := must(s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-03"), Total: 125050}))(t)
		if d := state(Open, StageQuote); d.Missing[0].Number != "DEV-2026-0001" {
			t.Errorf("the gap is %+v", d.Missing)
		}
		must(s.AcceptQuote(ctx, AnswerQuote{Target: Target{Platform: platform, ID: q.ID, Revision: 1}, On: day("2026-03-05")}))(t)
		state(Open, StageReport)
		must(s.RecordReport(ctx, RecordReport{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-20"), AnalysedOn: day("2026-03-15"),
			Operator: "p2", Equipment: s.equipment.ID, Instruction: "mo-1", InstructionVersion: "2"}))(t)
		d := state(Broken, StageInvoice)
		if !d.Verdict.Fires(S03) || d.Missing[0].Amount != 125050 || d.Missing[0].Days != 102 {
			t.Errorf("after 102 days: %+v, %+v", d.Verdict, d.Missing)
		}
		if f := d.Reports[0]; !f.Trained || f.Training == nil || !f.InForce || f.Calibrates || f.Equipment.Code != "EQ-1" {
			t.Errorf("behind the report: %+v", f)
		}
		must(s.RecordInvoice(ctx, RecordInvoice{Platform: platform, Request: "DEM-2026-0001", Quote: q.Number, Date: day("2026-03-21"), Total: 125050}))(t)
		d = state(Complete)
		for _, number := range []string{"DEV-2026-0001", "RAP-2026-0001", "FAC-2026-0001"} {
			if other := must(s.Dossier(ctx, platform, number, 0))(t); !cmp.Equal(other.Chain, d.Chain) {
				t.Errorf("entered from %s the chain is another: %s", number, cmp.Diff(d.Chain, other.Chain))
			}
		}
		if past := must(s.Dossier(ctx, platform, "DEM-2026-0001", day("2026-03-04")))(t); past.Verdict.State != Open || len(past.Set.Reports) != 1 {
			t.Errorf("as of 4 March: %+v", past)
		}
	})
}

func TestRecord_SaysWhatIsWrongBesideEachField(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.QualityLead, platform)
		_, err := s.RecordReport(ctx, RecordReport{Platform: platform, Request: "DEM-9", Date: day("2026-01-01"), AnalysedOn: day("2026-01-02"),
			Operator: "p9", Equipment: "e9"})
		if diff := cmp.Diff(map[string]string{"request": "request.unknown", "analysed_on": "report.analysed_after", "operator": "person.not_member",
			"equipment": "equipment.not_here", "instruction": "input.required", "instruction_version": "input.required"}, wrong(err)); diff != "" {
			t.Errorf("report, -want +got:\n%s", diff)
		}
		_, err = s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-07-01"), Client: " "})
		if diff := cmp.Diff(map[string]string{"date": "date.future", "client": "input.required", "client_status": "input.required", "subject": "input.required"}, wrong(err)); diff != "" {
			t.Errorf("request, -want +got:\n%s", diff)
		}
		_, err = s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p1", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2026-01-02"), Months: 6, Through: day("2026-02-02")})
		if diff := cmp.Diff(map[string]string{"trainer": "training.own_trainer", "through": "training.two_ends"}, wrong(err)); diff != "" {
			t.Errorf("training, -want +got:\n%s", diff)
		}
		_, err = s.AddEquipment(ctx, AddEquipment{Platform: platform, Code: " EQ-1", Name: "Autre"})
		if diff := cmp.Diff(map[string]string{"code": "equipment.code_taken"}, wrong(err)); diff != "" {
			t.Errorf("equipment, -want +got:\n%s", diff)
		}
	})
}

func TestNumbers_ContinueAfterTheHighestImportedAndAreNeverReused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Manager, platform)
		taken(t, db, s.Service, Registers{Requests: []RequestRow{{Number: "DEM-2026-0041", Date: day("2026-01-01")}, {Number: "DEM-2025-0099", Date: day("2025-01-01")}, {Number: "autre", Date: day("2026-01-01")}}})
		record := func(number string) (*Request, error) {
			return s.RecordRequest(ctx, RecordRequest{Platform: platform, Number: number, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"})
		}
		first := must(record(""))(t)
		must(s.VoidRequest(ctx, Target{Platform: platform, ID: first.ID, Revision: 1, Reason: "saisie deux fois"}))(t)
		second := must(record(""))(t)
		third := must(record("dem-2026-0050"))(t)
		fourth := must(record(""))(t)
		got := []string{first.Number, second.Number, third.Number, fourth.Number}
		if diff := cmp.Diff([]string{"DEM-2026-0042", "DEM-2026-0043", "DEM-2026-0050", "DEM-2026-0051"}, got); diff != "" {
			t.Error(diff)
		}
		if _, err := record("DEM-2026-0042"); wrong(err)["number"] != "number.taken" {
			t.Errorf("a number of a voided request is given again: %v", err)
		}
	})
}

func TestCorrect_WantsAReasonAndTheRevisionSeen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		u := must(s.RecordUse(ctx, RecordUse{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Date: day("2026-02-02"), Minutes: 90}))(t)
		target := Target{Platform: platform, ID: u.ID, Revision: 1}
		cmd := RecordUse{Person: "p1", Equipment: s.equipment.ID, Date: day("2026-02-02"), Minutes: 60}
		if _, err := s.CorrectUse(ctx, target, cmd); wrong(err)["reason"] != "input.required" {
			t.Errorf("without a reason: %v", err)
		}
		target.Reason = "autre personne"
		corrected := must(s.CorrectUse(ctx, target, cmd))(t)
		if corrected.Number != "UTI-2026-0001" || corrected.Revision != 2 || corrected.Person != "p1" {
			t.Errorf("corrected %+v", corrected)
		}
		if _, err := s.CorrectUse(ctx, target, cmd); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("from an old revision: %v", err)
		}
		target.Revision = 2
		must(s.VoidUse(ctx, target))(t)
		target.Revision = 3
		if _, err := s.CorrectUse(ctx, target, cmd); !errors.Is(err, qms.Conflict("record.void")) {
			t.Errorf("after it is void: %v", err)
		}
		page := must(s.Uses(ctx, platform, UseFilter{}, qms.Cursor{}))(t)
		if len(page.Items) != 0 {
			t.Errorf("a voided use counts: %+v", page.Items)
		}
	})
}

func TestActs_AreRefusedWithoutTheRight(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := furnished(t, db)
		if _, err := s.RecordRequest(storetest.As(qms.Auditor, platform), RecordRequest{Platform: platform}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("an auditor records: %v", err)
		}
		if _, err := s.RecordTraining(storetest.As(qms.Member, platform), RecordTraining{Platform: platform}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member records a training: %v", err)
		}
		elsewhere := storetest.As(qms.Manager, "00000000-0000-7000-9000-000000000002")
		for name, err := range map[string]error{
			"dossier":                second(s.Dossier(elsewhere, platform, "DEM-1", 0)),
			"services":               second(s.Services(elsewhere, platform, ServiceFilter{}, qms.Cursor{})),
			"void":                   second(s.VoidEquipment(elsewhere, Target{Platform: platform, ID: s.equipment.ID, Revision: 1, Reason: "r"})),
			"id of another platform": second(s.VoidEquipment(elsewhere, Target{Platform: "00000000-0000-7000-9000-000000000002", ID: s.equipment.ID, Revision: 1, Reason: "r"})),
		} {
			if qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%s from another platform: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestAnswerQuote_IsGivenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		q := must(s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-03"), Total: 1}))(t)
		target := Target{Platform: platform, ID: q.ID, Revision: 1}
		if _, err := s.RefuseQuote(ctx, AnswerQuote{target, day("2026-03-02")}); wrong(err)["on"] != "quote.answered_before" {
			t.Errorf("before it was made: %v", err)
		}
		must(s.RefuseQuote(ctx, AnswerQuote{target, day("2026-03-04")}))(t)
		target.Revision = 2
		if _, err := s.AcceptQuote(ctx, AnswerQuote{target, day("2026-03-05")}); !errors.Is(err, qms.Conflict("quote.answered")) {
			t.Errorf("answered twice: %v", err)
		}
	})
}

func TestDossier_OfARecordWithoutARequestIsOfItAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Auditor, platform)
		taken(t, db, s.Service, Registers{
			Requests: []RequestRow{{Number: "DEM-1", Date: day("2026-01-01")}},
			Quotes:   []QuoteRow{{Number: "DEV-1", Request: "DEM-9", Date: day("2026-01-01"), Total: 1}, {Number: "DEV-2", Request: "DEM-9", Date: day("2026-01-01"), Total: 1}},
			Invoices: []InvoiceRow{{Number: "FAC-1", Request: "DEM-1", Quote: "DEV-9", Date: day("2026-01-02"), Total: 1}},
		})
		d := must(s.Dossier(ctx, platform, "DEV-2", 0))(t)
		if !d.Dangles() || d.Named != "DEM-9" || len(d.Chain.Quotes) != 1 || d.Chain.Quotes[0].Number != "DEV-2" || !d.Verdict.Fires(S07) {
			t.Errorf("of a quote: %+v", d)
		}
		d = must(s.Dossier(ctx, platform, "FAC-1", 0))(t)
		if d.Dangles() || len(d.Astray) != 1 || len(d.Chain.Invoices) != 0 || d.Verdict.State != Open || !d.Verdict.Fires(S07) {
			t.Errorf("of an invoice whose quote does not exist: %+v", d)
		}
		if _, err := s.Dossier(ctx, platform, "DEM-9", 0); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("of a request that does not exist: %v", err)
		}
	})
}
