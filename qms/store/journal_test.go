package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trail"
)

// lived adds three specimens and changes the first twice: five leaves, one a minute.
func lived(t testing.TB, db *store.DB) []*Specimen {
	t.Helper()
	var all []*Specimen
	for i := range 3 {
		all = append(all, one(t, db, platformA, fmt.Sprint("s", i)))
		storetest.ClockOf(db).Advance(time.Minute)
	}
	for i := range 2 {
		ctx := storetest.As(qms.QualityLead, platformA)
		all[0].Price = qms.Money(100 * (i + 1))
		all[0].Secret = fmt.Sprint("secret", i)
		act := qms.Act{Name: "price.set", Needs: qms.WriteTrace.On(platformA), Platform: platformA, Subject: all[0].ID}
		if err := db.Change(ctx, act, func(tx *store.Tx) error { return tx.Update(ctx, all[0]) }); err != nil {
			t.Fatal(err)
		}
		storetest.ClockOf(db).Advance(time.Minute)
	}
	return all
}

func view(t testing.TB, db *store.DB, fn func(r store.Reader) error) {
	t.Helper()
	if err := db.View(storetest.As(qms.Auditor, platformA), qms.ReadTrail.On(platformA), fn); err != nil {
		t.Fatal(err)
	}
}

func TestJournal_TellsWhoDidWhatWhenAndWhy(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		view(t, db, func(r store.Reader) error {
			page, err := store.Journal(t.Context(), r, string(platformA), store.JournalFilter{}, qms.Cursor{})
			if err != nil || len(page.Items) != 5 || page.Next != "" {
				t.Fatalf("%d entries, next %q, %v", len(page.Items), page.Next, err)
			}
			newest, oldest := page.Items[0], page.Items[4]
			if oldest.Act != "specimen.add" || oldest.ActorName != "Agent 03" || oldest.Reason != "Reçu ce matin" ||
				oldest.Request != "test" || !oldest.At.Equal(storetest.Now) || oldest.Changes != 1 || oldest.First[0].Before != nil {
				t.Errorf("oldest %+v", oldest)
			}
			if newest.Seq != 4 || newest.Subject != all[0].ID || newest.First[0].Row != all[0].ID || newest.First[0].Revision != 3 {
				t.Errorf("newest %+v", newest)
			}
			var before, after map[string]any
			if err := errors.Join(json.Unmarshal(newest.First[0].Before, &before), json.Unmarshal(newest.First[0].After, &after)); err != nil {
				t.Fatal(err)
			}
			if before["price"] != 100.0 || after["price"] != 200.0 || after["name"] != "s0" {
				t.Errorf("before %v, after %v", before, after)
			}
			if strings.Contains(string(newest.First[0].After), "secret1") || len(after["secret"].(map[string]any)["sha256"].(string)) != 64 {
				t.Errorf("the trail keeps the secret: %s", newest.First[0].After)
			}
			return nil
		})
	})
}

func TestJournal_FiltersAndTurnsPages(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		filters := map[string]struct {
			filter store.JournalFilter
			want   []int64
		}{
			"row":     {store.JournalFilter{Row: all[0].ID}, []int64{4, 3, 0}},
			"subject": {store.JournalFilter{Subject: all[0].ID}, []int64{4, 3}},
			"actor":   {store.JournalFilter{Actor: storetest.AgentID(3)}, []int64{2, 1, 0}},
			"act":     {store.JournalFilter{Act: "price.set"}, []int64{4, 3}},
			"noun":    {store.JournalFilter{Act: "specimen."}, []int64{2, 1, 0}},
			"period":  {store.JournalFilter{From: storetest.Now.Add(time.Minute), Until: storetest.Now.Add(3 * time.Minute)}, []int64{2, 1}},
			"nobody":  {store.JournalFilter{Actor: "x"}, nil},
		}
		view(t, db, func(r store.Reader) error {
			for name, c := range filters {
				var got []int64
				for cursor := (qms.Cursor{Size: 2}); ; {
					page, err := store.Journal(t.Context(), r, string(platformA), c.filter, cursor)
					if err != nil || len(page.Items) > 2 {
						t.Fatalf("%s: %d entries, %v", name, len(page.Items), err)
					}
					for _, e := range page.Items {
						got = append(got, e.Seq)
					}
					if cursor.After = page.Next; page.Next == "" {
						break
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%s: got %v, want %v", name, got, c.want)
				}
			}
			_, err := store.Journal(t.Context(), r, string(platformA), store.JournalFilter{}, qms.Cursor{After: "x"})
			if !errors.Is(err, qms.Invalid("cursor.malformed")) {
				t.Errorf("malformed cursor: %v", err)
			}
			other, err := store.Journal(t.Context(), r, string(platformB), store.JournalFilter{}, qms.Cursor{})
			if err != nil || len(other.Items) != 0 {
				t.Errorf("another platform's journal: %v, %v", other.Items, err)
			}
			return nil
		})
	})
}

func TestJournal_CarriesTheFirstChangesOfABigAct(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		rows := make([]qms.Record, 50)
		for i := range rows {
			rows[i] = &Specimen{Name: fmt.Sprint("s", i)}
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			t.Fatal(err)
		}
		view(t, db, func(r store.Reader) error {
			page, err := store.Journal(ctx, r, string(platformA), store.JournalFilter{}, qms.Cursor{})
			if err != nil || len(page.Items) != 1 || page.Items[0].Changes != 50 || len(page.Items[0].First) != store.FirstChanges {
				t.Fatalf("%+v, %v", page, err)
			}
			changes, err := store.Changes(ctx, r, string(platformA), 0, qms.Cursor{Size: 30})
			if err != nil || len(changes.Items) != 30 {
				t.Fatalf("%d changes, %v", len(changes.Items), err)
			}
			changes, err = store.Changes(ctx, r, string(platformA), 0, qms.Cursor{Size: 30, After: changes.Next})
			if err != nil || len(changes.Items) != 20 || changes.Next != "" || changes.Items[19].Row != rows[49].Head().ID {
				t.Fatalf("then %d changes, %v", len(changes.Items), err)
			}
			return nil
		})
	})
}

func TestHistory_TellsARowFromItsBeginning(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		view(t, db, func(r store.Reader) error {
			history, err := store.History(t.Context(), r, string(platformA), all[0].ID)
			if err != nil || len(history) != 3 {
				t.Fatalf("%d changes, %v", len(history), err)
			}
			for i, c := range history {
				if c.Revision != int64(i+1) || c.Table != "specimens" || c.ActorName == "" || i > 0 && string(c.Before) != string(history[i-1].After) {
					t.Errorf("change %d: %+v", i, c)
				}
			}
			return nil
		})
	})
}

func TestProofs_LeadFromTheLatestChangeToTheCheckpoint(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		all := lived(t, db)
		ids := []qms.ID{all[2].ID, all[0].ID, "unknown", all[1].ID}
		view(t, db, func(r store.Reader) error {
			size, root, err := store.Head(t.Context(), r, string(platformA))
			if err != nil || size != 5 {
				t.Fatalf("size %d, %v", size, err)
			}
			latest := map[int64]int64{5: 3, 4: 2, 3: 1} // revision of the first specimen at each size
			for at, revision := range latest {
				then, err := store.RootAt(t.Context(), r, string(platformA), at)
				if err != nil || at == size && then != root {
					t.Fatalf("root at %d: %v, %v", at, then, err)
				}
				proofs, err := store.Proofs(t.Context(), r, string(platformA), at, ids)
				if err != nil || len(proofs) != 3 {
					t.Fatalf("%d proofs at %d, %v", len(proofs), at, err)
				}
				checkpoint := trail.Checkpoint{Origin: trail.Origin("maillon.example", string(platformA)), Size: at, Root: then}
				for i, id := range []qms.ID{all[2].ID, all[0].ID, all[1].ID} {
					entry, change, err := proofs[i].Verify(checkpoint)
					if err != nil || change.ID != id || entry.Log != string(platformA) {
						t.Errorf("proof %d at %d: %s, %v", i, at, change.ID, err)
					}
					if id == all[0].ID && !strings.Contains(string(change.After), fmt.Sprintf(`"revision":%d`, revision)) {
						t.Errorf("at %d the latest change is %s, want revision %d", at, change.After, revision)
					}
				}
			}
			older, err := store.RootAt(t.Context(), r, string(platformA), 3)
			if err != nil {
				return err
			}
			proof, err := trail.Consistency(5, 3, store.Hashes(t.Context(), r, string(platformA)))
			if err != nil {
				return err
			}
			return tlog.CheckTree(proof, 5, root, 3, older)
		})
	})
}

func TestProofs_OfABigActAreFast(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		rows := make([]qms.Record, 5000)
		for i := range rows {
			rows[i] = &Specimen{Name: fmt.Sprint("s", i)}
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			t.Fatal(err)
		}
		ids := make([]qms.ID, len(rows))
		for i, row := range rows {
			ids[i] = row.Head().ID
		}
		view(t, db, func(r store.Reader) error {
			counted, counter := store.CountStatements(ctx)
			proofs, err := store.Proofs(counted, r, string(platformA), 1, ids)
			if err != nil || len(proofs) != len(ids) {
				t.Fatalf("%d proofs, %v", len(proofs), err)
			}
			if counter.Count() > 20 {
				t.Errorf("%d statements for %d proofs", counter.Count(), len(ids))
			}
			root, err := store.RootAt(ctx, r, string(platformA), 1)
			if err != nil {
				return err
			}
			checkpoint := trail.Checkpoint{Origin: trail.Origin("maillon.example", string(platformA)), Size: 1, Root: root}
			for i := 0; i < len(proofs); i += 999 {
				if _, _, err := proofs[i].Verify(checkpoint); err != nil {
					t.Error(err)
				}
			}
			return nil
		})
	})
}
