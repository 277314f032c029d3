package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// tables are those of these tests.
const tables = `
CREATE TABLE specimens (
    id TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    name TEXT NOT NULL,
    note TEXT,
    taken DATE,
    seen_at TIMESTAMPTZ,
    checked_at TIMESTAMPTZ,
    price BIGINT NOT NULL,
    weight DOUBLE PRECISION,
    sealed BOOLEAN NOT NULL,
    hash BYTEA,
    secret TEXT,
    body TEXT NOT NULL,
    tags TEXT,
    holder TEXT
);
--bun:split
CREATE UNIQUE INDEX specimens_name ON specimens (platform, name);
--bun:split
CREATE TABLE keepers (
    id TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    name TEXT NOT NULL
);
`

// Specimen has a column of every kind.
type Specimen struct {
	qms.Row
	Name      string
	Note      *string
	Taken     qms.Date
	SeenAt    time.Time `bun:",nullzero"`
	CheckedAt *time.Time
	Price     qms.Money
	Weight    float64 `bun:",nullzero"`
	Sealed    bool
	Hash      []byte
	Secret    string `bun:",nullzero" trail:"digest"`
	Body      string `trail:"digest"`
	Tags      []string
	Holder    qms.ID
}

// Keeper is a record of the site.
type Keeper struct {
	qms.Row `trail:"site"`
	Name    string
}

var platformA, platformB = storetest.AgentID(901), storetest.AgentID(902)

func each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	storetest.EachWith(t, tables, f)
}

func add(platform qms.ID) qms.Act {
	return qms.Act{Name: "specimen.add", Needs: qms.WriteTrace.On(platform), Platform: platform, Reason: "Reçu ce matin"}
}

func TestInsert_ComesBackEqual(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		note := "l’été, \"quotes\" 'and' \\ back\nslash \u0001 — 𝄞"
		at := time.Date(2026, 6, 30, 23, 59, 59, 123456789, time.FixedZone("", 7200))
		full := &Specimen{Name: "full", Note: &note, Taken: qms.MustDate("2024-02-29"), SeenAt: at, CheckedAt: &at, Price: -12345,
			Weight: 0.1, Sealed: true, Hash: []byte{0, 1, 255}, Secret: "s3cret", Body: note, Tags: []string{"a<b", "é"}, Holder: platformB}
		empty := &Specimen{Name: "empty"}
		ctx := storetest.As(qms.Manager, platformA)
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, full, empty) }); err != nil {
			t.Fatal(err)
		}
		full.SeenAt = qms.Instant(at)
		checked := qms.Instant(at)
		full.CheckedAt = &checked
		var got []*Specimen
		if err := db.View(ctx, qms.ReadTrace.On(platformA), func(r store.Reader) error {
			return r.Select(&got).Order("name DESC").Scan(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]*Specimen{full, empty}, got); diff != "" {
			t.Fatal(diff)
		}
		if got[0].SeenAt != full.SeenAt || got[0].SeenAt.Location() != time.UTC {
			t.Errorf("instant %#v, want %#v", got[0].SeenAt, full.SeenAt)
		}
	})
}
