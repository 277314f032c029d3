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
