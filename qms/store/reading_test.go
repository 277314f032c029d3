package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

func signer(t testing.TB) (trail.Key, trail.Verifier) {
	t.Helper()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{1}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return key, verifier
}

func TestTrail_ListsWithWhatItCanBeNarrowedTo(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		lived(t, db)
		key, _ := signer(t)
		ctx, counter := store.CountStatements(storetest.As(qms.Auditor, platformA))
		page, facets, err := store.NewTrail(db, key).List(ctx, platformA, store.JournalFilter{}, qms.Cursor{})
		if err != nil || len(page.Items) != 5 {
			t.Fatalf("%d entries, %v", len(page.Items), err)
		}
		var actors []string
		for _, a := range facets.Actors {
			actors = append(actors, a.Name)
		}
		if !slices.Equal(actors, []string{"Agent 03", "Agent 04"}) || !slices.Equal(facets.Acts, []string{"price.set", "specimen.add"}) {
			t.Errorf("facets %v %v", actors, facets.Acts)
		}
		if counter.Count() > 3 {
			t.Errorf("%d statements", counter.Count())
		}
	})
}

func TestTrail_SignsWhereItStands(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		key, verifier := signer(t)
		doors := store.NewTrail(db, key)
		ctx := storetest.As(qms.Auditor, platformA)
		empty, err := doors.Checkpoint(ctx, platformA)
		if err != nil || empty.Size != 0 || !empty.At.IsZero() {
			t.Fatalf("%+v, %v", empty, err)
		}
		all := lived(t, db)
		head, err := doors.Checkpoint(ctx, platformA)
		if err != nil || head.Size != 5 || !head.At.After(storetest.Now) {
			t.Fatalf("%+v, %v", head, err)
		}
		opened, err := trail.Open(head.Note, verifier)
		if err != nil || opened != head.Checkpoint {
			t.Errorf("opened %+v, %v", opened, err)
		}
		proofs, err := doors.Proof(ctx, platformA, all[0].ID, 5)
		if err != nil || len(proofs) != 1 {
			t.Fatalf("%d proofs, %v", len(proofs), err)
		}
		if _, _, err := proofs[0].Verify(opened); err != nil {
			t.Error(err)
		}
		one(t, db, platformA, "later")
		later, err := doors.Checkpoint(ctx, platformA)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := doors.Consistency(ctx, platformA, later.Size, head.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, later.Size, later.Root, head.Size, head.Root); err != nil {
			t.Error(err)
		}
		for _, sizes := range [][2]int64{{7, 5}, {5, 0}, {3, 4}} {
			if _, err := doors.Consistency(ctx, platformA, sizes[0], sizes[1]); !errors.Is(err, qms.Invalid("trail.sizes")) {
				t.Errorf("sizes %v: %v", sizes, err)
			}
		}
	})
}

func TestTrail_ShowsOneEntryAndOneRow(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		key, _ := signer(t)
		doors := store.NewTrail(db, key)
		ctx := storetest.As(qms.Auditor, platformA)
		entry, changes, err := doors.Entry(ctx, platformA, 4, qms.Cursor{})
		if err != nil || entry.Act != "price.set" || len(changes.Items) != 1 || !bytes.Contains(changes.Items[0].After, []byte(`"price":200`)) {
			t.Errorf("%+v %v, %v", entry, changes.Items, err)
		}
		if _, _, err := doors.Entry(ctx, platformA, 5, qms.Cursor{}); !errors.Is(err, qms.NotFound("entry.not_found")) {
			t.Errorf("unknown entry: %v", err)
		}
		if history, err := doors.History(ctx, platformA, all[0].ID); err != nil || len(history) != 3 {
			t.Errorf("%d changes, %v", len(history), err)
		}
		first, err := doors.HistoryPage(ctx, platformA, all[0].ID, qms.Cursor{Size: 2})
		if err != nil || len(first.Items) != 2 || first.Next == "" || first.Items[0].Before != nil {
			t.Fatalf("first page: %+v, %v", first, err)
		}
		rest, err := doors.HistoryPage(ctx, platformA, all[0].ID, qms.Cursor{Size: 2, After: first.Next})
		if err != nil || len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Seq <= first.Items[1].Seq {
			t.Errorf("second page: %+v, %v", rest, err)
		}
		for _, row := range []qms.ID{"unknown", ""} {
			if _, err := doors.HistoryPage(ctx, platformA, row, qms.Cursor{}); !errors.Is(err, qms.NotFound("record.not_found")) {
				t.Errorf("unknown row: %v", err)
			}
		}
		if _, err := doors.HistoryPage(ctx, platformA, all[0].ID, qms.Cursor{After: "x"}); !errors.Is(err, qms.Invalid("cursor.malformed")) {
			t.Errorf("malformed cursor: %v", err)
		}
		if _, err := doors.History(ctx, platformA, "unknown"); !errors.Is(err, qms.NotFound("record.not_found")) {
			t.Errorf("unknown row: %v", err)
		}
	})
}

func TestTrail_AsksForTheRight(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		lived(t, db)
		key, _ := signer(t)
		doors := store.NewTrail(db, key)
		for role, want := range map[qms.Role]qms.Code{qms.Member: qms.CodeRefused, qms.Auditor: "", qms.Manager: ""} {
			ctx := storetest.As(role, platformA)
			asked := map[string]error{}
			_, _, asked["list"] = doors.List(ctx, platformA, store.JournalFilter{}, qms.Cursor{})
			_, _, asked["entry"] = doors.Entry(ctx, platformA, 0, qms.Cursor{})
			_, asked["checkpoint"] = doors.Checkpoint(ctx, platformA)
			_, asked["consistency"] = doors.Consistency(ctx, platformA, 2, 1)
			for name, err := range asked {
				if qms.CodeOf(err) != want {
					t.Errorf("%s as %s: %v", name, role, err)
				}
			}
			_, _, err := doors.List(ctx, platformB, store.JournalFilter{}, qms.Cursor{})
			if qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("another platform as %s: %v", role, err)
			}
			if _, _, err = doors.List(ctx, "", store.JournalFilter{}, qms.Cursor{}); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("the site as %s: %v", role, err)
			}
		}
	})
}

func TestSeq_ReadsPlainNumbersOnly(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "-1", "+1", "01", "1.0", "x", "9223372036854775808", " 1"} {
		if n, err := store.Seq(s); err == nil {
			t.Errorf("%q is %d", s, n)
		}
	}
	if n, err := store.Seq(fmt.Sprint(42)); n != 42 || err != nil {
		t.Errorf("42 is %d, %v", n, err)
	}
}
