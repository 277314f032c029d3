package documents

import (
	"context"
	"io"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/documents/vault/minio"
	"maillon/documents/vault/minio/miniotest"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// vaults open each kind of vault that a site may have.
var vaults = map[string]func(t *testing.T) (vault.Vault, error){
	"folder": func(t *testing.T) (vault.Vault, error) { return dir.Open(t.TempDir()) },
	"MinIO": func(t *testing.T) (vault.Vault, error) {
		s := miniotest.Built(t)
		return minio.Open(t.Context(), s.Address(s.Bucket()))
	},
}

// TestRendition_IsMadeMarkedAndKeptInEitherVault walks a document from its approval to the version after
// it: on both databases, in both vaults.
func TestRendition_IsMadeMarkedAndKeptInEitherVault(t *testing.T) {
	t.Parallel()
	for kind, open := range vaults {
		t.Run(kind, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				v, err := open(t)
				if err != nil {
					t.Fatal(err)
				}
				r := room{New(db, v, crew{}), t, db, v}
				r.printWith(&paper{})
				r.walksThroughItsRenditions()
			})
		})
	}
}

func (r room) walksThroughItsRenditions() {
	r.t.Helper()
	shows := func(when string, v *Version, want string) vault.Digest {
		r.t.Helper()
		text, o := r.pdf(v)
		if text != want {
			r.t.Errorf("%s: %q, want %q", when, text, want)
		}
		r.must(vault.Check(r.t.Context(), r.dir, o.Content))
		return o.Content
	}
	d, one := r.create("PR", "ACH", "Achats", "first")
	r.approve(one, 0)
	r.makeAll()
	plain := shows("approved", one, "stamp|PR-ACH-001 v1.0||converted first")
	two := r.next(d, "second")
	r.approve(two, r.db.Today().AddDays(3))
	r.makeAll()
	if again := shows("before its day", one, "stamp|PR-ACH-001 v1.0||converted first"); again != plain {
		r.t.Error("made anew while nothing changed")
	}
	r.days(3)
	marked := shows("superseded", one, "stamp|PR-ACH-001 v1.0|REMPLACÉE LE 3 JUILLET 2026|converted first")
	shows("what took its place", two, "stamp|PR-ACH-001 v2.0||converted second")
	original, err := r.Open(reader, mic, one.ID)
	r.must(err)
	defer original.Close()
	if text, err := io.ReadAll(original); err != nil || string(text) != "first" {
		r.t.Errorf("the original is %q, %v", text, err)
	}
	r.sweepsOnlyOrphans(plain, marked, one.Content, two.Content)
}

// sweepsOnlyOrphans puts a content that no row names, and sweeps as the house does.
func (r room) sweepsOnlyOrphans(kept ...vault.Digest) {
	r.t.Helper()
	orphan := *r.file("orphan.md", "named by no row")
	sweeper := r.dir.(interface {
		Sweep(context.Context, time.Time, vault.Keep) (vault.Swept, error)
	})
	swept, err := sweeper.Sweep(storetest.AsSystem(), time.Now().Add(time.Hour), r.Keeps)
	r.must(err)
	if swept.Contents != 1 {
		r.t.Errorf("swept %d contents", swept.Contents)
	}
	if _, err := r.dir.Stat(r.t.Context(), orphan.Digest); qms.CodeOf(err) != qms.CodeNotFound {
		r.t.Errorf("the orphan: %v", err)
	}
	for _, d := range kept {
		r.must(vault.Check(r.t.Context(), r.dir, d))
	}
}
