// Package storetest runs the same test on SQLite and on PostgreSQL, each time on a migrated database
// of its own whose clock stands at 2026-06-30T10:00:00Z until the test moves it.
//
// At the end of each test triggers on every business table tell which rows were written, and every
// one of these writes must be a change of the trail; then the whole trail is verified. So no room can
// forget the trail, or keep a column that the trail reads differently, without a test of its own.
//
// PostgreSQL is a private server per test process, made from Debian's binaries and gone when the
// process ends, however it ends. Where it cannot be started its tests are skipped, saying why, unless it
// is required (see qms/qmstest). MAILLON_TEST_ENGINES=sqlite runs SQLite alone.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Now is where the clock of a test stands at first.
var Now = time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC)

// Each runs f on every engine.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachWith(t, "", f)
}

// EachWith is Each with more tables: extra is SQL for both engines, whose statements are separated by
// lines that say --bun:split.
func EachWith(t *testing.T, extra string, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := OpenWith(t, engine, extra)
			t.Cleanup(func() { check(t, db) })
			f(t, db)
		})
	}
}

// check fails the test when something was written past the trail.
func check(t *testing.T, db *store.DB) {
	ctx := context.Background()
	unrecorded, err := Unrecorded(ctx, db)
	if err != nil {
		t.Errorf("look for unrecorded writes: %v", err)
	}
	for _, u := range unrecorded {
		t.Errorf("unrecorded write: %s", u)
	}
	var report store.Report
	err = db.View(AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
		report, err = store.VerifyTrail(ctx, r)
		return err
	})
	if err != nil {
		t.Errorf("verify the trail: %v", err)
	}
	for _, d := range report.Discrepancies {
		t.Errorf("trail: %s", d)
	}
}

// Engines are those that tests run on.
func Engines() []store.Engine {
	all := []store.Engine{store.SQLite, store.PostgreSQL}
	only := os.Getenv("MAILLON_TEST_ENGINES")
	if only == "" {
		return all
	}
	var some []store.Engine
	for _, e := range all {
		if strings.Contains(only, string(e)) {
			some = append(some, e)
		}
	}
	return some
}

// Open makes a migrated database that is gone at the end of the test or benchmark. What is written to
// it is not checked against the trail at the end.
func Open(tb testing.TB, engine store.Engine) *store.DB {
	tb.Helper()
	return OpenWith(tb, engine, "")
}

// OpenWith is Open with more tables, see EachWith.
func OpenWith(tb testing.TB, engine store.Engine, extra string) *store.DB {
	tb.Helper()
	url := newDatabase(tb, engine, extra)
	clock := &Clock{now: Now}
	db, err := store.Open(context.Background(), store.Options{URL: url, Clock: clock.Now})
	if err != nil {
		tb.Fatalf("open %s: %v", engine, err)
	}
	opened.Store(db, &database{url, clock})
	tb.Cleanup(func() {
		opened.Delete(db)
		if err := db.Close(); err != nil {
			tb.Errorf("close %s: %v", engine, err)
		}
	})
	return db
}

// opened finds what belongs to a *store.DB.
var opened sync.Map

type database struct {
	url   string
	clock *Clock
}

func of(db *store.DB) *database {
	found, ok := opened.Load(db)
	if !ok {
		panic("storetest: a database that storetest did not open")
	}
	return found.(*database)
}

// URL is the address of a test's database, for tests that open it once more.
func URL(db *store.DB) string { return of(db).url }

// ClockOf is the clock of a test's database.
func ClockOf(db *store.DB) *Clock { return of(db).clock }

// Raw is a connection past the store, for tests that do what nobody should.
func Raw(tb testing.TB, db *store.DB) *sql.DB {
	tb.Helper()
	raw, err := openRaw(of(db).url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { raw.Close() })
	return raw
}

func openRaw(url string) (*sql.DB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return sql.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	}
	return sql.Open("pgx", url)
}

// Clock stands still until a test moves it. It may be moved while others read it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = qms.Instant(t)
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// As is a context in which a person acts who holds the role: on each platform that is named, else on
// the site. Each role is one person, "Agent 01" and so on, so that As of two roles are two people.
func As(role qms.Role, platforms ...qms.ID) context.Context {
	number := 0
	for i, r := range qms.Roles() {
		if r == role {
			number = i + 1
		}
	}
	grants := []qms.Grant{{Role: role}}
	if len(platforms) > 0 {
		grants = grants[:0]
	}
	for _, p := range platforms {
		grants = append(grants, qms.Grant{Role: role, Platform: p})
	}
	return AsPerson(AgentID(number), fmt.Sprintf("Agent %02d", number), grants...)
}

// AgentID is the ID of Agent n, the same in every test.
func AgentID(n int) qms.ID { return qms.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)) }

// AsPerson is As for a person of one's choosing.
func AsPerson(id qms.ID, name string, grants ...qms.Grant) context.Context {
	return qms.WithActor(context.Background(), qms.Actor{ID: id, Name: name, RequestID: "test", Grants: grants})
}

// AsSystem is a context in which Maillon itself acts, who may do all.
func AsSystem() context.Context { return qms.WithActor(context.Background(), qms.System("test")) }
