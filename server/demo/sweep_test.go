package demo_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"maillon/audits"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/server/app"
	"maillon/server/demo"
)

// The sweep of the vault must take what no row names, and nothing that one does.
func TestSweep_TakesOrphansAndLeavesWhatDocumentsAndPacksName(t *testing.T) {
	t.Parallel()
	later := qms.SystemClock().Add(96 * time.Hour) // than the files, whose age the file system tells
	clock := demo.NewClock(qms.FixedClock(later))
	h, err := app.Open(t.Context(), app.Settings{Data: t.TempDir(), Zone: "Europe/Paris", Origin: "demo"},
		app.Options{Clock: clock.Now, People: people.Options{Hash: cheapHash}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := demo.Make(t.Context(), h, clock, "chainon-de-test"); err != nil {
		t.Fatal(err)
	}
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	micro, err := h.People.PlatformByCode(ctx, demo.Micro)
	if err != nil {
		t.Fatal(err)
	}
	today := qms.DateOf(later, time.UTC)
	if _, err := h.Audits.MakePack(ctx, audits.PreparePack{Platform: micro.ID, AsOf: today, Language: "fr"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	orphan, err := h.Vault.Put(ctx, strings.NewReader("left by a crash"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Vault.Stat(ctx, orphan.Digest); qms.CodeOf(err) != qms.CodeNotFound {
		t.Errorf("the orphan is still there: %v", err)
	}
	packs, err := h.Audits.Packs(ctx, micro.ID, qms.Cursor{})
	if err != nil || len(packs.Items) != 3 { // two of the demo
		t.Fatalf("%d packs, %v", len(packs.Items), err)
	}
	var kept []vault.Digest
	for i, p := range packs.Items { // the newest first
		kept = append(kept, p.Content)
		if i+1 < len(packs.Items) && p.Previous != packs.Items[i+1].Number {
			t.Errorf("%s continues %q", p.Number, p.Previous)
		}
	}
	list, err := h.Documents.MasterList(ctx, micro.ID, documents.Filter{AsOf: today}, qms.Cursor{Size: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range list.Items {
		sheet, err := h.Documents.SheetOf(ctx, micro.ID, line.Document, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range sheet.Versions {
			kept = append(kept, v.Content)
		}
	}
	if len(kept) < 15 {
		t.Fatalf("only %d contents to look for", len(kept))
	}
	for _, d := range kept {
		if err := vault.Check(ctx, h.Vault, d); err != nil {
			t.Errorf("%s: %v", d, err)
		}
	}
}
