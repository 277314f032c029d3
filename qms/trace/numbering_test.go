package trace

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestNumbers_HaveNoGapsWhenManyRecordAtOnceAndSomeFail(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		const writers, each = 8, 5
		abort := errors.New("given up")
		var mu sync.Mutex
		var numbers []string
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for n := range each {
					if n == 2 { // takes a number, and fails
						act := qms.Act{Name: "request.record", Needs: qms.WriteTrace.On(platform), Platform: platform}
						err := db.Change(ctx, act, func(tx *store.Tx) error {
							r := &Request{Date: day("2026-03-01")}
							return errors.Join(name[Request](&checking{ctx: ctx, tx: tx, s: s.Service, platform: platform}, r), abort)
						})
						if !errors.Is(err, abort) {
							t.Error(err)
						}
						continue
					}
					r, err := s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					numbers = append(numbers, r.Number)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(numbers)
		for i, number := range numbers {
			if want := fmt.Sprintf("DEM-2026-%04d", i+1); number != want {
				t.Fatalf("number %d is %s, want %s", i, number, want)
			}
		}
		if len(numbers) != writers*(each-1) {
			t.Errorf("%d numbers", len(numbers))
		}
	})
}

func TestRequest_EndsWithoutAReportAndAsksForNothingMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		r := must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		target := Target{Platform: platform, ID: r.ID, Revision: 1}
		closing := CloseRequest{Target: target, As: Cancelled, On: day("2026-03-05")}
		if _, err := s.CloseRequest(ctx, closing); wrong(err)["reason"] != "input.required" {
			t.Errorf("closed without a reason: %v", err)
		}
		closing.Reason = "plus besoin"
		if _, err := s.CloseRequest(ctx, CloseRequest{Target: closing.Target, As: "lost", On: day("2026-02-01")}); wrong(err)["as"] != "input.unknown_choice" || wrong(err)["on"] != "request.closed_before" {
			t.Errorf("closed in a way and on a day that are none: %v", err)
		}
		must(s.CloseRequest(ctx, closing))(t)
		if d := must(s.Dossier(ctx, platform, r.Number, 0))(t); len(d.Missing) != 0 || d.Verdict.State != Open {
			t.Errorf("closed, and %v is missing, %s", d.Missing, d.Verdict.State)
		}
		if d := must(s.Dossier(ctx, platform, r.Number, day("2026-03-02")))(t); len(d.Missing) != 1 {
			t.Errorf("before it was closed, %v was missing", d.Missing)
		}
		for _, step := range []Awaited{AwaitsQuote, AwaitsAnswer, AwaitsInvoice, "other"} {
			if page := must(s.Services(ctx, platform, ServiceFilter{Step: step}, qms.Cursor{}))(t); len(page.Items) != 0 {
				t.Errorf("it still waits for %s", step)
			}
		}
		if page := must(s.Services(ctx, platform, ServiceFilter{}, qms.Cursor{}))(t); !page.Items[0].Closed {
			t.Error("the list does not tell that it ended")
		}
		if page := must(s.Services(ctx, platform, ServiceFilter{AsOf: day("2026-03-02"), Step: AwaitsQuote}, qms.Cursor{}))(t); len(page.Items) != 1 || page.Items[0].Closed {
			t.Errorf("before it was closed: %+v", page.Items)
		}
		target.Revision, target.Reason = 2, "erreur"
		must(s.ReopenRequest(ctx, target))(t)
		must(s.RecordInvoice(ctx, RecordInvoice{Platform: platform, Request: r.Number, Date: day("2026-03-06"), Total: 1, External: "c-77"}))(t)
		closing.Target.Revision, closing.Target.Reason = 3, "r"
		if _, err := s.CloseRequest(ctx, closing); !errors.Is(err, qms.Conflict("request.has_work")) {
			t.Errorf("closed after an invoice: %v", err)
		}
		if _, err := s.RecordInvoice(ctx, RecordInvoice{Platform: platform, Request: r.Number, Date: day("2026-03-06"), Total: 1, External: " C-77 "}); wrong(err)["external"] != "invoice.external_taken" {
			t.Errorf("the same invoice twice: %v", err)
		}
	})
}

func TestSample_IsReceivedKeptAndSettled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		_, err := s.ReceiveSample(ctx, ReceiveSample{Platform: platform, Request: "DEM-9", ReceivedOn: day("2027-01-01"), ReceivedBy: "p9"})
		if w := wrong(err); w["request"] != "request.unknown" || w["description"] != "input.required" || w["received_on"] != "date.future" || w["received_by"] != "person.not_member" {
			t.Errorf("what is wrong: %v", err)
		}
		sample := must(s.ReceiveSample(ctx, ReceiveSample{Platform: platform, Request: "dem-2026-0001", Description: "Bloc", ReceivedOn: day("2026-03-04"), ReceivedBy: "p1"}))(t)
		if sample.Number != "ECH-2026-0001" || sample.Fate != Kept {
			t.Errorf("received %+v", sample)
		}
		target := Target{Platform: platform, ID: sample.ID, Revision: 1}
		_, err = s.SettleSample(ctx, SettleSample{Target: target, Fate: Returned, On: day("2026-03-01")})
		if w := wrong(err); w["on"] != "sample.settled_before" || w["by"] != "input.required" {
			t.Errorf("settled before it came, by nobody: %v", err)
		}
		must(s.SettleSample(ctx, SettleSample{Target: target, Fate: Destroyed, On: day("2026-03-20"), By: "p2"}))(t)
		d := must(s.Dossier(ctx, platform, "ECH-2026-0001", 0))(t)
		if len(d.Samples) != 1 || d.Samples[0].Fate != Destroyed || !d.Samples[0].Gone(day("2026-03-20")) || d.Entered != StageSample || d.People["p2"].Name != "Agent 02" {
			t.Errorf("in the dossier: %+v, entered from %s", d.Samples, d.Entered)
		}
		if d = must(s.Dossier(ctx, platform, "DEM-2026-0001", day("2026-03-10")))(t); d.Samples[0].Fate != Kept {
			t.Errorf("ten days before: %+v", d.Samples)
		}
		stranger := storetest.As(qms.Manager, "00000000-0000-7000-9000-000000000002")
		if _, err := s.VoidSample(stranger, Target{Platform: platform, ID: sample.ID, Revision: 2, Reason: "r"}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("from another platform: %v", err)
		}
		if _, err := s.VoidSample(storetest.As(qms.Auditor, platform), Target{Platform: platform, ID: sample.ID, Revision: 2, Reason: "r"}); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("by an auditor: %v", err)
		}
	})
}

func TestReport_IsReleasedOnceByAMember(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		r := must(s.RecordReport(ctx, RecordReport{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-20"), AnalysedOn: day("2026-03-15"),
			Operator: "p2", Equipment: s.equipment.ID, Instruction: "MO-1", InstructionVersion: "2.0"}))(t)
		release := ReleaseReport{Target: Target{Platform: platform, ID: r.ID, Revision: 1}, By: "p9", On: day("2026-03-19")}
		_, err := s.ReleaseReport(ctx, release)
		if w := wrong(err); w["by"] != "person.not_member" || w["on"] != "report.released_before" {
			t.Errorf("by a stranger, before the report: %v", err)
		}
		release.By, release.On = "p1", day("2026-03-21")
		if got := must(s.ReleaseReport(ctx, release))(t); got.ReleasedBy != "p1" || got.ReleasedOn != day("2026-03-21") {
			t.Errorf("released: %+v", got)
		}
		release.Revision = 2
		if _, err := s.ReleaseReport(ctx, release); !errors.Is(err, qms.Conflict("report.released")) {
			t.Errorf("released twice: %v", err)
		}
		corrected := must(s.CorrectReport(ctx, Target{Platform: platform, ID: r.ID, Revision: 2, Reason: "lieu"}, RecordReport{Request: "DEM-2026-0001", Date: day("2026-03-20"),
			AnalysedOn: day("2026-03-15"), Operator: "p2", Equipment: s.equipment.ID, Instruction: "MO-1", InstructionVersion: "2.0", DataPlace: "ici", ReleasedBy: "p1"}))(t)
		if corrected.ReleasedOn != day("2026-03-21") {
			t.Errorf("a correction moved the release to %v", corrected.ReleasedOn)
		}
	})
}

func TestProposals_PutWhatHeldOnTheDayFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		must(s.RecordRequest(ctx, RecordRequest{Platform: platform, Date: day("2026-01-01"), Client: "c", ClientStatus: "s", Subject: "o"}))(t)
		p := must(s.Proposals(ctx, platform, s.equipment.ID, day("2026-01-15")))(t)
		if p.Default != nil || p.Operators[0].ID != "p2" || !p.Operators[0].Trained || p.Operators[1].Trained {
			t.Errorf("operators %+v, default %+v", p.Operators, p.Default)
		}
		if in := p.Instructions; len(in) != 2 || in[0].Version != "1.0" || !in[0].InForce || in[1].InForce {
			t.Errorf("instructions %+v", in)
		}
		must(s.RecordReport(ctx, RecordReport{Platform: platform, Request: "DEM-2026-0001", Date: day("2026-03-20"), AnalysedOn: day("2026-01-15"),
			Operator: "p2", Equipment: s.equipment.ID, Instruction: "MO-1", InstructionVersion: "1.0"}))(t)
		if p = must(s.Proposals(ctx, platform, s.equipment.ID, day("2026-01-20")))(t); p.Default == nil || p.Default.Version != "1.0" {
			t.Errorf("while it is in force, the default is %+v", p.Default)
		}
		if p = must(s.Proposals(ctx, platform, s.equipment.ID, 0))(t); p.Default == nil || p.Default.Version != "2.0" {
			t.Errorf("after the next came into force, the default is %+v", p.Default)
		}
		if p = must(s.Proposals(ctx, platform, "", day("2026-01-15")))(t); p.Operators[0].Trained || p.Default != nil {
			t.Errorf("without equipment: %+v", p)
		}
	})
}

func TestTimes_AreDaysBetweenStagesBesideTheirMedian(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Auditor, platform)
		var batch Registers
		for i, days := range []int{2, 4, 9} {
			number := func(prefix string) string { return fmt.Sprintf("%s-%d", prefix, i) }
			batch.Requests = append(batch.Requests, RequestRow{Number: number("DEM"), Date: day("2026-01-01")})
			batch.Quotes = append(batch.Quotes, QuoteRow{Number: number("DEV"), Request: number("DEM"), Date: day("2026-01-01").AddDays(days), AcceptedOn: day("2026-02-01")})
		}
		taken(t, db, s.Service, batch)
		pace := must(s.Pace(ctx, platform, 0))(t)
		if pace[0] != (Time{Step: ToQuote, Median: 4, Of: 3}) || pace[2].Of != 0 {
			t.Errorf("the medians are %+v", pace)
		}
		if past := must(s.Pace(ctx, platform, day("2026-01-04")))(t); past[0].Of != 1 || past[1].Of != 0 {
			t.Errorf("as of 4 January: %+v", past)
		}
		times := must(s.Dossier(ctx, platform, "DEM-2", 0))(t).Times()
		if times[0] != (Time{Step: ToQuote, Known: true, Days: 9}) || times[1].Days != 22 || times[2].Known {
			t.Errorf("the times are %+v", times)
		}
	})
}
