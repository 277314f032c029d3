package audits

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"maillon/audits/pack/archive"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// ledgers are registers that are written in every way that a file can be written.
type ledgers struct{}

func (ledgers) WriteRegisters(_ context.Context, _ store.Reader, _ qms.ID, asOf qms.Date, language string, create func(string) (io.WriteCloser, error)) error {
	for _, name := range []string{"registers.xlsx", "uses.csv"} {
		w, err := create(name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\ufeff"+language); err != nil {
			return err
		}
		if _, err := io.Copy(w, strings.NewReader(" "+asOf.String())); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return nil
}

func TestMakePack_EnclosesTheRegisters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.Service.registers = ledgers{}
		var out bytes.Buffer
		_, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr", WithoutFiles: true}, &out)
		w.must(err)
		_, err = archive.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()))
		w.must(err)
		if names := namesIn(t, out.Bytes()); !strings.Contains(names, "registers/registers.xlsx") || !strings.Contains(names, "registers/uses.csv") ||
			strings.Contains(names, "files/") || strings.Contains(names, "evidence/") {
			t.Errorf("files %s", names)
		}
	})
}

// The rendition that said on the day what it had to say is bound, whatever came later; one that is not
// made yet is said.
func TestPackContents_NamesTheRenditionOfTheDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		inForce, byID := w.inForce("2026-06-30")
		v := &inForce[slices.IndexFunc(inForce, func(e documents.Entry) bool { return e.HasContent() })].Version
		code := byID[v.Document].Code
		said := documents.Rendition{Document: v.Document, Version: v.ID, Edition: 1, Token: "a", Source: v.Content, EffectiveFrom: v.EffectiveFrom,
			State: documents.RenditionDone, How: documents.Stamped, Content: vault.DigestOf([]byte("printed")), Size: 7, Pages: 3, AskedAt: db.Now(), MadeAt: db.Now()}
		marked := documents.Rendition{Document: v.Document, Version: v.ID, Edition: 2, Token: "b", Source: v.Content, EffectiveFrom: v.EffectiveFrom,
			Mark: documents.Superseded, MarkedOn: day("2026-06-29"), State: documents.RenditionDone, Content: vault.DigestOf([]byte("marked")), Pages: 9, AskedAt: db.Now()}
		w.change("rendition.make", func(tx *store.Tx) error { return tx.Insert(w.lead, &said, &marked) })
		c := w.contents("2026-06-30")
		found := 0
		for _, r := range c.Renditions {
			switch {
			case r.Code == code:
				found++
				if r.Pages != 3 || c.Files[r.File].SHA256 != said.Content || c.Files[r.File].Folder != archive.Renditions || r.Given < 0 {
					t.Errorf("rendition %+v", r)
				}
			case r.Pages != 0 || r.Why == "":
				t.Errorf("of one that is not made it says %+v", r)
			}
		}
		if found != 1 || len(c.Renditions) != len(inForce) {
			t.Errorf("renditions %+v", c.Renditions)
		}
	})
}

// inForce are the versions in force, by code.
func (w *workshop) inForce(on string) (all []documents.Entry, byID map[qms.ID]*documents.Document) {
	w.t.Helper()
	w.must(w.db.View(w.lead, qms.MakePacks.On(w.platform.ID), func(r store.Reader) (err error) {
		all, byID, err = documents.InForceIn(w.lead, r, w.platform.ID, day(on))
		return err
	}))
	return all, byID
}
