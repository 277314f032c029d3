package integrity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maillon/audits/integrity"
	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const tables = `CREATE TABLE specimens (id TEXT PRIMARY KEY, platform TEXT, revision BIGINT NOT NULL, name TEXT NOT NULL,
	content BYTEA, size BIGINT NOT NULL, list TEXT NOT NULL, until DATE)`

// Specimen is a record that names two contents, one of them in hexadecimal.
type Specimen struct {
	qms.Row
	Name    string
	Content vault.Digest
	Size    int64
	List    string
	Until   qms.Date // in force until then
}

var columns = []store.ContentColumn{
	{Table: "specimens", Column: "content", Size: "size", Words: "t.name", Under: "specimens", Page: "t.name", Held: "t.name <> 'draft'", Lasting: "t.until IS NULL OR t.until > ?"},
	{Table: "specimens", Column: "list", Text: true},
}

const orphanAge = 72 * time.Hour

// bench is a database, a vault and the service over them.
type bench struct {
	*integrity.Service
	t        *testing.T
	db       *store.DB
	root     string
	vault    *moody
	platform *people.Platform
	elapsed  *atomic.Int64 // of the stop-watch
}

// moody is a vault that fails, waits or holds as a test wants.
type moody struct {
	vault.Vault
	open  func(vault.Digest) error
	list  error  // that the listing ends with at once
	heard func() // called when a listing begins
	locks bool
	held  map[vault.Digest]time.Time
	asked int
}

func (m *moody) Open(ctx context.Context, d vault.Digest) (io.ReadCloser, error) {
	if m.open != nil {
		if err := m.open(d); err != nil {
			return nil, err
		}
	}
	return m.Vault.Open(ctx, d)
}

func (m *moody) List(ctx context.Context) iter.Seq2[vault.Info, error] {
	if m.heard != nil {
		return func(yield func(vault.Info, error) bool) {
			m.heard()
			m.Vault.List(ctx)(yield)
		}
	}
	if m.list != nil {
		return func(yield func(vault.Info, error) bool) { yield(vault.Info{}, m.list) }
	}
	return m.Vault.List(ctx)
}

func (m *moody) Hold(ctx context.Context, d vault.Digest, until time.Time) (vault.Held, error) {
	m.asked++
	if err := vault.Check(ctx, m, d); err != nil {
		return vault.Held{}, err
	}
	m.held[d] = until
	return vault.Held{Until: until}, nil
}

func (m *moody) Prove(ctx context.Context) (vault.Proof, error) {
	if !m.locks {
		return m.Vault.Prove(ctx)
	}
	var p vault.Proof
	for _, t := range []vault.Trial{vault.RoundTrip, vault.Checksum, vault.Listing, vault.Versioning, vault.Overwrite, vault.LockOn, vault.Retention, vault.Deletion, vault.Shortening} {
		p.Add(t, nil)
	}
	return p, nil
}

func each(t *testing.T, f func(b *bench)) {
	t.Helper()
	storetest.EachWith(t, tables, func(t *testing.T, db *store.DB) { f(open(t, db)) })
}

func open(t *testing.T, db *store.DB) *bench {
	t.Helper()
	b := &bench{t: t, db: db, root: t.TempDir(), elapsed: new(atomic.Int64)}
	folder, err := dir.Open(b.root)
	b.must(err)
	b.vault = &moody{Vault: folder, held: map[vault.Digest]time.Time{}}
	b.platform, err = people.New(db, people.Options{}).AddPlatform(storetest.AsSystem(), people.AddPlatform{Code: "MIC", Name: "Microscopie"})
	b.must(err)
	b.Service = b.replica("one")
	return b
}

func (b *bench) replica(name string) *integrity.Service {
	return integrity.New(b.db, integrity.Options{Vault: b.vault, Columns: columns, Orphan: orphanAge, Holder: name, Months: 120,
		Elapsed: func() time.Duration { return time.Duration(b.elapsed.Load()) }})
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// keep puts a text into the vault, and a record that names it.
func (b *bench) keep(name, text string) *Specimen {
	b.t.Helper()
	info, err := b.vault.Put(b.t.Context(), strings.NewReader(text))
	b.must(err)
	s := &Specimen{Name: name, Content: info.Digest, Size: info.Size}
	b.add(s)
	return s
}

func (b *bench) add(s *Specimen) {
	b.t.Helper()
	ctx := storetest.AsSystem()
	act := qms.Act{Name: "specimen.add", Needs: qms.WriteTrace.On(b.platform.ID), Platform: b.platform.ID}
	b.must(b.db.Change(ctx, act, func(tx *store.Tx) error { return tx.Insert(ctx, s) }))
}

func (b *bench) path(d vault.Digest) string {
	return filepath.Join(b.root, filepath.FromSlash(d.Path()))
}

// overwrite writes other bytes where a content lies.
func (b *bench) overwrite(d vault.Digest, text string) {
	b.t.Helper()
	b.must(os.Remove(b.path(d)))
	b.must(os.WriteFile(b.path(d), []byte(text), 0o600))
}

// age makes a content older than the clock of the test by that much.
func (b *bench) age(d vault.Digest, by time.Duration) {
	b.t.Helper()
	at := b.db.Now().Add(-by)
	b.must(os.Chtimes(b.path(d), at, at))
}

func (b *bench) verify(q integrity.Question) integrity.Report {
	b.t.Helper()
	r, err := b.Verify(storetest.AsSystem(), q)
	b.must(err)
	return r
}

func sentences(defects []integrity.Defect) (all []string) {
	for _, d := range defects {
		all = append(all, d.Say(locale.For(locale.English)))
	}
	slices.Sort(all)
	return all
}

func TestVerify_HoldsContentsAgainstTheRowsThatNameThem(t *testing.T) {
	each(t, func(b *bench) {
		sound, altered, cut, gone, wrong := b.keep("sound", "one"), b.keep("altered", "two"), b.keep("cut", "three"), b.keep("gone", "four"), b.keep("wrong", "five")
		other := &Specimen{Name: "other size", Content: wrong.Content, Size: 99}
		b.add(other)
		list, err := b.vault.Put(b.t.Context(), strings.NewReader("a list"))
		b.must(err)
		b.add(&Specimen{Name: "by text", List: list.Digest.String()})
		young, err := b.vault.Put(b.t.Context(), strings.NewReader("young"))
		b.must(err)
		old, err := b.vault.Put(b.t.Context(), strings.NewReader("old"))
		b.must(err)
		b.overwrite(altered.Content, "TWO")
		b.overwrite(cut.Content, "thre")
		b.must(os.Remove(b.path(gone.Content)))
		b.age(young.Digest, orphanAge-time.Minute)
		b.age(old.Digest, orphanAge+time.Minute)

		r := b.verify(integrity.Question{})
		want := []string{
			fmt.Sprintf("The vault has a content that no record names (SHA-256 %s)", old.Digest),
			fmt.Sprintf("altered: the content in the vault is not that of its SHA-256 any more (%s)", altered.Content),
			fmt.Sprintf("cut: the content in the vault is not that of its SHA-256 any more (%s)", cut.Content),
			fmt.Sprintf("gone: the content is not in the vault (SHA-256 %s)", gone.Content),
			fmt.Sprintf("%s: the size on record is not that of the content (SHA-256 %s)", inOrder(wrong, other), wrong.Content),
		}
		slices.Sort(want)
		if got := sentences(r.Defects); !slices.Equal(got, want) || r.Found != 5 {
			b.t.Errorf("found %d:\n%s\nwant\n%s", r.Found, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if r.Contents != 6 || r.Orphans != 1 || r.OrphanBytes != 5 || r.Bytes < sound.Size || r.Rows < 7 || r.Logs != 2 {
			b.t.Errorf("looked at %+v", r)
		}
		for _, d := range r.Defects {
			if d.Kind == integrity.ContentMissing && (d.Code != "MIC" || !slices.Equal(d.Parts, []string{"specimens", "gone"})) {
				b.t.Errorf("the place of %s is %s %v", d.Words, d.Code, d.Parts)
			}
		}

		quick := b.verify(integrity.Question{Quick: true})
		if got := sentences(quick.Defects); len(got) != 4 || quick.Bytes != 0 {
			b.t.Errorf("without reading %d bytes: %s", quick.Bytes, strings.Join(got, "\n"))
		}
	})
}

// inOrder is what two records are called, in the order of their IDs.
func inOrder(a, b *Specimen) string {
	if b.ID < a.ID {
		a, b = b, a
	}
	return a.Name + " / " + b.Name
}

func TestVerify_OfOnePlatformLeavesTheOthersAlone(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			b := open(t, storetest.OpenWith(t, engine, tables))
			b.keep("here", "one")
			other, err := people.New(b.db, people.Options{}).AddPlatform(storetest.AsSystem(), people.AddPlatform{Code: "CYT", Name: "Cytométrie"})
			b.must(err)
			gone := b.keep("gone", "two")
			b.must(os.Remove(b.path(gone.Content)))
			planted := "INSERT INTO specimens (id, platform, revision, name, size, list) VALUES ('planted', '" + string(b.platform.ID) + "', 1, 'planted', 0, '')"
			_, err = storetest.Raw(t, b.db).Exec(planted)
			b.must(err)
			here := b.verify(integrity.Question{Platform: b.platform.ID})
			if here.Found != 2 || here.Logs != 1 || here.Contents != 2 {
				t.Errorf("here: %+v", here)
			}
			if there := b.verify(integrity.Question{Platform: other.ID}); there.Found != 0 || there.Contents != 0 {
				t.Errorf("there: %+v", there)
			}
		})
	}
}

// A row that is written while the vault is listed is no finding, however old its content.
func TestVerify_LooksAgainBeforeItCallsAContentUnnamed(t *testing.T) {
	each(t, func(b *bench) {
		info, err := b.vault.Put(b.t.Context(), strings.NewReader("old"))
		b.must(err)
		b.age(info.Digest, 2*orphanAge)
		b.vault.heard = func() { b.add(&Specimen{Name: "late", Content: info.Digest, Size: info.Size}) }
		if r := b.verify(integrity.Question{}); r.Found != 0 {
			b.t.Errorf("found %v", sentences(r.Defects))
		}
	})
}

func TestVerify_IsForWhoOperatesTheSite(t *testing.T) {
	each(t, func(b *bench) {
		for _, ctx := range []context.Context{storetest.As(qms.QualityOfficer), storetest.As(qms.Manager, b.platform.ID)} {
			if _, err := b.Verify(ctx, integrity.Question{}); qms.CodeOf(err) != qms.CodeRefused && qms.CodeOf(err) != qms.CodeNotFound {
				b.t.Errorf("verified: %v", err)
			}
		}
		for _, ctx := range []context.Context{storetest.As(qms.Manager, b.platform.ID), storetest.As(qms.Auditor, b.platform.ID), t.Context()} {
			if _, err := b.Overview(ctx); err == nil {
				b.t.Error("somebody of a platform sees the checks of the site")
			}
		}
		if _, err := b.Ask(storetest.As(qms.QualityOfficer)); qms.CodeOf(err) != qms.CodeRefused {
			b.t.Errorf("asked: %v", err)
		}
	})
}

// A vault that does not answer is no finding.
func TestVerify_EndsWhereTheVaultDoesNotAnswer(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		b.vault.open = func(vault.Digest) error { return vault.Unreachable(errors.New("no route")) }
		if r, err := b.Verify(storetest.AsSystem(), integrity.Question{}); !errors.Is(err, qms.Busy("vault.unreachable")) || r.Found != 0 {
			b.t.Errorf("%+v, %v", r, err)
		}
		b.vault.open = func(vault.Digest) error { return errors.New("input/output error") }
		if r := b.verify(integrity.Question{}); r.Found != 1 || r.Defects[0].Kind != integrity.ContentUnreadable {
			b.t.Errorf("%+v", r)
		}
	})
}

func (b *bench) tick(s *integrity.Service) {
	b.t.Helper()
	b.must(s.Tick(storetest.AsSystem()))
}

func (b *bench) overview() integrity.Overview {
	b.t.Helper()
	v, err := b.Overview(storetest.As(qms.QualityOfficer))
	b.must(err)
	return v
}

func TestTick_ScrubsEveryWeekAndWhenAsked(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		clock := storetest.ClockOf(b.db)
		b.tick(b.Service)
		b.tick(b.Service)
		v := b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.State() != integrity.Sound || v.Last.Contents != 1 || v.Last.Bytes != 3 || v.Last.Reached != 256 || v.Now != nil {
			b.t.Fatalf("after the first: %+v", v.Last)
		}
		clock.Advance(7*24*time.Hour - time.Second)
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != 1 {
			b.t.Error("a second one came before its time")
		}
		clock.Advance(time.Second)
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != 2 || v.Last.AskedName != "" {
			b.t.Errorf("after a week: %+v", v.Last)
		}
		admin := storetest.As(qms.Administrator)
		asked, err := b.Ask(admin)
		b.must(err)
		if _, err := b.Ask(admin); !errors.Is(err, qms.Conflict("scrub.running")) {
			b.t.Errorf("asked twice: %v", err)
		}
		b.tick(b.Service)
		if v = b.overview(); v.Last.Number != asked.Number || v.Last.AskedName == "" {
			b.t.Errorf("asked for: %+v", v.Last)
		}
		page, err := b.Scrubs(admin, qms.Cursor{Size: 2})
		b.must(err)
		if len(page.Items) != 2 || page.Items[0].Number != 3 || page.Next == "" {
			b.t.Errorf("listed %+v", page)
		}
	})
}

// many keeps contents enough for the look to go in steps, with a note after each.
func (b *bench) many(n int) {
	b.t.Helper()
	rows := make([]qms.Record, 0, n)
	for i := range n {
		info, err := b.vault.Put(b.t.Context(), strings.NewReader(fmt.Sprint("content ", i)))
		b.must(err)
		rows = append(rows, &Specimen{Name: fmt.Sprint(i), Content: info.Digest, Size: info.Size})
	}
	ctx := storetest.AsSystem()
	act := qms.Act{Name: "specimen.add", Needs: qms.WriteTrace.On(b.platform.ID), Platform: b.platform.ID}
	b.must(b.db.Change(ctx, act, func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }))
}

func TestTick_GoesOnWhereItWasAfterAFailureAndCountsNothingTwice(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(200)
		reads := 0
		b.vault.open = func(vault.Digest) error {
			b.elapsed.Add(int64(time.Minute)) // so that every step is noted
			if reads++; reads == 90 {
				return vault.Unreachable(errors.New("no route"))
			}
			return nil
		}
		if err := b.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
			b.t.Fatalf("the first run ended with %v", err)
		}
		v := b.overview()
		if v.Now == nil || v.Now.Reached < 50 || v.Now.Reached > 150 || v.Now.Contents == 0 {
			b.t.Fatalf("left at %+v", v.Now)
		}
		before := v.Now.Contents
		b.vault.list = vault.Unreachable(errors.New("no route"))
		if err := b.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
			b.t.Errorf("without a listing the second run ended with %v", err)
		}
		b.vault.list = nil
		b.tick(b.Service)
		v = b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.Contents != 200 || v.Last.Found != 0 || v.Last.Term != 3 {
			b.t.Errorf("ended as %+v", v.Last)
		}
		if again := reads - 90; int64(again) != 200-before {
			b.t.Errorf("%d contents were read by then, and %d afterwards", before, again)
		}
	})
}

func TestTick_OfAnotherReplicaTakesOverWhatIsSilent(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(60)
		other := b.replica("two")
		late := false
		b.vault.open = func(vault.Digest) error {
			if late {
				return nil
			}
			late = true
			b.tick(other) // sees a runner that lives
			b.elapsed.Add(int64(14 * time.Minute))
			b.tick(other)
			if v := b.overview(); v.Now == nil || v.Now.Holder != "one" {
				b.t.Errorf("taken over too early: %+v", v.Now)
			}
			b.elapsed.Add(int64(time.Minute))
			b.tick(other)
			return nil
		}
		b.tick(b.Service) // is refused at its next note, which is no fault
		v := b.overview()
		if v.Last == nil || v.Last.Number != 1 || v.Last.Holder != "two" || v.Last.Contents != 60 || v.Last.Found != 0 {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestTick_OfWhoWasTakenOverIsRefusedWhileTheOtherRuns(t *testing.T) {
	integrity.SetNamingsAtOnce(t, 20)
	each(t, func(b *bench) {
		b.many(60)
		other := b.replica("two")
		opened := 0
		b.vault.open = func(vault.Digest) error {
			switch opened++; opened {
			case 1:
				b.tick(other)
				b.elapsed.Add(int64(15 * time.Minute))
				if err := other.Tick(storetest.AsSystem()); !errors.Is(err, qms.Busy("vault.unreachable")) {
					b.t.Errorf("the other one ended with %v", err)
				}
			case 3:
				return vault.Unreachable(errors.New("no route"))
			}
			return nil
		}
		b.tick(b.Service)
		if v := b.overview(); v.Now == nil || v.Now.Holder != "two" || v.Now.Term != 2 || v.Now.Contents != 0 {
			b.t.Errorf("after who was taken over: %+v", v.Now)
		}
		b.tick(other)
		if v := b.overview(); v.Last == nil || v.Last.Contents != 60 || v.Last.Holder != "two" {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestTick_ToldToStopLeavesItToWhoeverAsksNext(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		ctx, stop := context.WithCancel(storetest.AsSystem())
		b.vault.open = func(vault.Digest) error { stop(); return nil }
		b.must(b.Tick(ctx))
		if v := b.overview(); v.Now == nil || v.Now.State() != integrity.Waiting || v.Now.TrailDoneAt.IsZero() {
			b.t.Fatalf("left as %+v", v.Now)
		}
		b.vault.open = nil
		b.tick(b.replica("two"))
		if v := b.overview(); v.Last == nil || v.Last.Contents != 1 || v.Last.Found != 0 {
			b.t.Errorf("ended as %+v", v.Last)
		}
	})
}

func TestDues_AskForWhatTheLastScrubFoundUntilALaterOneFindsNothing(t *testing.T) {
	each(t, func(b *bench) {
		s := b.keep("one", "one")
		due := func() (all []qms.Due) {
			b.must(b.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
				all, err = b.Dues(b.t.Context(), r, nil, r.Today(), r.Today())
				return err
			}))
			return all
		}
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due although sound: %v", all)
		}
		b.overwrite(s.Content, "two")
		storetest.ClockOf(b.db).Advance(8 * 24 * time.Hour)
		b.tick(b.Service)
		all := due()
		if len(all) != 1 || all[0].Kind != "integrity" || all[0].Platform != "site" || all[0].On != b.db.Today() || !slices.Equal(all[0].Parts, []string{"integrity", "2"}) {
			b.t.Fatalf("due: %+v", all)
		}
		one, page, err := b.Scrub(storetest.As(qms.QualityOfficer), "2", qms.Cursor{})
		b.must(err)
		if one.Found != 1 || len(page.Items) != 1 || page.Items[0].Kind != integrity.ContentAltered || page.Items[0].Defect().Content != s.Content {
			b.t.Errorf("on record: %+v %+v", one, page)
		}
		b.overwrite(s.Content, "one")
		storetest.ClockOf(b.db).Advance(8 * 24 * time.Hour)
		b.tick(b.Service)
		if all := due(); len(all) != 0 {
			b.t.Errorf("due although mended: %v", all)
		}
	})
}

func TestHoldContents_AsksUntilTheVaultHoldsAndNotesUntilWhen(t *testing.T) {
	each(t, func(b *bench) {
		system := storetest.AsSystem()
		one, two := b.keep("one", "one"), b.keep("two", "two")
		b.keep("draft", "three")
		b.must(b.HoldContents(system))
		if b.vault.asked != 0 {
			b.t.Error("a vault whose lock nobody proved was asked to hold")
		}
		if _, err := b.Trust(system); err != nil || b.Relies() {
			b.t.Errorf("a folder is relied on, %v", err)
		}
		b.vault.locks = true
		if _, err := b.Trust(system); err != nil || !b.Relies() {
			b.t.Fatalf("the lock is not relied on, %v", err)
		}
		b.overwrite(two.Content, "TWO")
		if err := b.HoldContents(system); !errors.Is(err, vault.ErrAltered) {
			b.t.Errorf("what is altered was held: %v", err)
		}
		want := time.Date(2036, 6, 30, 0, 0, 0, 0, time.UTC)
		if got := b.vault.held[one.Content]; !got.Equal(want) || len(b.vault.held) != 1 || b.overview().Held != 1 {
			b.t.Errorf("held until %v", b.vault.held)
		}
		b.overwrite(two.Content, "two")
		b.must(b.HoldContents(system))
		asked := b.vault.asked
		b.must(b.HoldContents(system))
		if len(b.vault.held) != 2 || b.overview().Held != 2 || b.vault.asked != asked {
			b.t.Errorf("held %v, asked %d times and then %d", b.vault.held, asked, b.vault.asked)
		}
	})
}

func TestProlongHolds_CountsTheYearsFromTheLastDayInForce(t *testing.T) {
	each(t, func(b *bench) {
		system := storetest.AsSystem()
		lasting, over := b.keep("lasting", "one"), &Specimen{Name: "over", Until: b.db.Today().AddMonths(1)}
		info, err := b.vault.Put(b.t.Context(), strings.NewReader("two"))
		b.must(err)
		over.Content, over.Size = info.Digest, info.Size
		b.add(over)
		b.vault.locks = true
		_, err = b.Trust(system)
		b.must(err)
		b.must(b.HoldContents(system))
		asked := b.vault.asked
		storetest.ClockOf(b.db).Advance(360 * 24 * time.Hour)
		b.must(b.ProlongHolds(system))
		if b.vault.asked != asked {
			b.t.Error("prolonged before a year was gone")
		}
		storetest.ClockOf(b.db).Advance(10 * 24 * time.Hour)
		b.must(b.ProlongHolds(system))
		if until := b.vault.held[lasting.Content]; until.Year() != 2037 {
			b.t.Errorf("what is in force is held until %v", until)
		}
		if until := b.vault.held[over.Content]; until.Year() != 2036 {
			b.t.Errorf("what is over is held until %v", until)
		}
	})
}

// A listing that fails half-way must not make what it did not list look missing, nor end well.
func TestVerify_EndsWhereTheListingFails(t *testing.T) {
	each(t, func(b *bench) {
		b.keep("one", "one")
		b.vault.list = errors.New("the listing was cut")
		if r, err := b.Verify(storetest.AsSystem(), integrity.Question{}); !errors.Is(err, b.vault.list) || r.Found != 0 {
			b.t.Errorf("%+v, %v", r, err)
		}
	})
}
