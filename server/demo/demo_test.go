package demo_test

import (
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/server/app"
	"maillon/server/demo"
)

var cheapHash = &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func TestMake_LeavesAYearWithEachDefectOnceAndDocumentsInEveryState(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	present := now
	clock := demo.NewClock(func() time.Time { return present })
	settings := app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "demo"}
	h, err := app.Open(t.Context(), settings, app.Options{Clock: clock.Now, People: people.Options{Hash: cheapHash}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := demo.Make(t.Context(), h, clock, "chainon-de-test"); err != nil {
		t.Fatal(err)
	}
	if !clock.Now().Equal(now) {
		t.Errorf("the clock tells %v after the year, not the present", clock.Now())
	}
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	micro, err := h.People.PlatformByCode(ctx, demo.Micro)
	if err != nil {
		t.Fatal(err)
	}
	today := qms.DateOf(now, time.UTC)
	found, err := h.Audits.Examine(ctx, micro.ID, today)
	if err != nil {
		t.Fatal(err)
	}
	if want := (trace.DefectCounts{S01: 1, S02: 1, S03: 1, S04: 1, S05: 1, S06: 1, S08: 1, S09: 1, S10: 1}); found.Defects != want {
		t.Errorf("the defects are %+v", found.Defects)
	}
	if len(found.Dangling) != 1 || found.Uses.U01 != 1 || found.Uses.U02 != 1 || found.Uses.U03 != 1 || found.Chains.Complete < 15 || found.Chains.Open < 3 {
		t.Errorf("found %+v, dangling %v", found, found.Dangling)
	}
	packed(t, h, micro.ID)
	states(t, h, micro.ID, today)
	controlled(t, h, micro.ID)
	inWords(t, h)
	present = now.AddDate(1, 0, 0)
	yearLater(t, h, micro.ID)
	var report store.Report
	err = h.DB.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		report, err = store.VerifyTrail(ctx, r)
		return err
	})
	if err != nil || !report.OK() || report.Entries < 300 {
		t.Errorf("the trail has %d entries: %v %v", report.Entries, report.Discrepancies, err)
	}
}

func states(t *testing.T, h *app.House, platform qms.ID, today qms.Date) {
	t.Helper()
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	list, err := h.Documents.MasterList(ctx, platform, documents.Filter{AsOf: today}, qms.Cursor{Size: 200})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[documents.State]bool{}
	for _, line := range list.Items {
		sheet, err := h.Documents.SheetOf(ctx, platform, line.Document, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range sheet.Versions {
			seen[v.StateThen] = true
		}
	}
	for _, state := range documents.States() {
		if !seen[state] {
			t.Errorf("no version is %s", state)
		}
	}
}

// controlled looks for what is done with documents beside their rounds.
func controlled(t *testing.T, h *app.House, platform qms.ID) {
	t.Helper()
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	tally, err := h.Documents.ReadingTally(ctx, platform)
	if err != nil || tally.Read == 0 || tally.Late == 0 {
		t.Errorf("readings: %+v, %v", tally, err)
	}
	forms, err := h.Documents.Records(ctx, platform, documents.RecordFilter{}, qms.Cursor{Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	outdated := 0
	for _, r := range forms.Items {
		if r.State == documents.RecordOutdated {
			outdated++
		}
	}
	if len(forms.Items) != 5 || outdated != 1 {
		t.Errorf("%d filled forms, %d of them on a version that was over", len(forms.Items), outdated)
	}
	passed, err := h.Documents.Passed(ctx, platform, documents.PassedFilter{}, qms.Cursor{Size: 50})
	if err != nil || len(passed.Items) == 0 {
		t.Errorf("nothing waits for the end of its retention to be decided: %v", err)
	}
	spectro, err := h.People.PlatformByCode(ctx, demo.Spectro)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := h.Documents.SheetByCode(ctx, spectro.ID, "MO-EQP-001", 0)
	if err != nil || sheet.InForce == nil || sheet.InForce.Exempt == nil {
		t.Errorf("nothing was approved under the exemption: %v", err)
	}
}
