package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// TestInsert_OfManyRowsKeepsEveryTextAsItIs writes texts that mean something to SQL or to COPY, in an act
// whose trail too is more than one statement. That the trail holds them is looked at when the database is
// closed.
func TestInsert_OfManyRowsKeepsEveryTextAsItIs(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		texts := []string{`\.`, `\N`, "NULL", "a\tb\nc\rd\be\ff\vg", `\\t\'`, "'", "''", "''''", "l’été 'là' \\", "\u0001𝄞\u2028", "", " ", strings.Repeat("\\'\n", 4000), `{"a":"\u0000"}`, "a\\\nb", "?0 ? $1"}
		at := qms.Instant(time.Date(2026, 6, 30, 21, 59, 59, 123456000, time.UTC))
		var rows []qms.Record
		var want []*Specimen
		for i := range 400 {
			text := texts[i%len(texts)]
			s := &Specimen{Name: fmt.Sprintf("%03d", i), Body: text, Taken: qms.MustDate("2024-02-29"), Price: qms.Money(-i), Sealed: i%2 == 0,
				Hash: []byte{0, '\\', '\n', 255}, Tags: []string{text, "é"}, Secret: text}
			if i%3 > 0 {
				s.Note, s.CheckedAt, s.SeenAt, s.Weight = &text, &at, at, 0.1
			}
			rows, want = append(rows, s), append(want, s)
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			t.Fatal(err)
		}
		var got []*Specimen
		if err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error { return r.Select(&got).Order("name").Scan(ctx) }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%.2000s", diff)
		}
	})
}

// TestInsert_OfManyRowsFailsAsAWhole looks at a failure that comes while the next rows are prepared.
func TestInsert_OfManyRowsFailsAsAWhole(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx := storetest.As(qms.Manager, platformA)
		many := func(first string) (rows []qms.Record) {
			for i := range 1300 {
				rows = append(rows, &Specimen{Name: fmt.Sprint("s", i), Body: strings.Repeat("x", 900), Tags: []string{first}})
			}
			return rows
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, &Specimen{Name: "s7"}) }); err != nil {
			t.Fatal(err)
		}
		swallowed := db.Change(ctx, add(platformA), func(tx *store.Tx) error {
			if err := tx.Insert(ctx, many("a")...); !errors.Is(err, qms.Conflict("record.exists")) {
				t.Errorf("the insert answers %v", err)
			}
			var n []string
			if err := tx.Select((*Specimen)(nil)).Column("name").Scan(ctx, &n); err == nil {
				t.Error("what follows a failure is read")
			}
			return nil
		})
		if !errors.Is(swallowed, qms.Conflict("record.exists")) {
			t.Errorf("the act answers %v", swallowed)
		}
		if got := names(t, db); len(got) != 1 {
			t.Errorf("%d rows are there", len(got))
		}
	})
}
