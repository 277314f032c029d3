package audits

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestPackSections_EveryKeyIsBothReadAndDrawn(t *testing.T) {
	t.Parallel()
	var read []string
	for _, s := range packSections() {
		read = append(read, s.key)
	}
	if !slices.Equal(read, pack.Sections()) {
		t.Errorf("read are %v, drawn are %v", read, pack.Sections())
	}
}

func TestMakePack_HoldsWhatWasChosenAndProvesNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		var whole, some bytes.Buffer
		all, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "fr"}, &whole)
		w.must(err)
		one, err := w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: day("2026-06-30"), Language: "en",
			Sections: []string{"links", "platform", "links"}, WithoutFiles: true}, &some)
		w.must(err)
		if !slices.Equal(all.Sections, pack.Sections()) || !all.WithFiles || all.Files == 0 {
			t.Errorf("where nothing was chosen: %+v", all)
		}
		if !slices.Equal(one.Sections, []string{"platform", "links"}) || one.WithFiles || one.Files != 0 || one.Facts == 0 || one.Facts >= all.Facts {
			t.Errorf("where two sections were chosen: %+v", one)
		}
		kept, err := w.PackByNumber(w.lead, w.platform.ID, one.Number)
		w.must(err)
		if !slices.Equal(kept.Sections, one.Sections) || kept.WithFiles {
			t.Errorf("on record is %+v", kept)
		}
	})
}

func TestMakePack_TellsWhatHappenedInThePeriod(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		c := w.contentsSince("2026-03-02", "2026-06-30")
		// Of the two services with records since 2 March, one began in January and has nothing later than
		// 1 March; UTI-00001 and 00002 are of March.
		var numbers []string
		for _, s := range c.Services {
			numbers = append(numbers, s.Number)
		}
		if !slices.Equal(numbers, []string{"DEM-2026-0004"}) || c.Exercise.Chains != 1 || c.Exercise.Broken != 1 {
			t.Errorf("services %v, counted %+v", numbers, c.Exercise)
		}
		if c.Uses.Total != 2 || len(c.Dangling) != 0 {
			t.Errorf("uses %+v, dangling %+v", c.Uses, c.Dangling)
		}
		later := w.contentsSince("2026-03-06", "2026-06-30")
		if later.Uses.Total != 1 || len(later.Services) != 0 || later.Exercise.Uses != 1 {
			t.Errorf("since the 6th: uses %+v, services %v", later.Uses, later.Services)
		}
		before, whole := w.contentsSince("2020-01-01", "2026-06-30"), w.contents("2026-06-30")
		if len(before.Services) != len(whole.Services) || before.Uses.Total != whole.Uses.Total || len(before.Dangling) != len(whole.Dangling) || len(whole.Services) < 3 {
			t.Errorf("since the beginning: %+v, without a period: %+v", before.Exercise, whole.Exercise)
		}
	})
}

// contentsSince is contents of a period.
func (w *workshop) contentsSince(from, asOf string) *pack.Contents {
	w.t.Helper()
	var c *pack.Contents
	err := w.db.View(w.lead, qms.MakePacks.On(w.platform.ID), func(r store.Reader) (err error) {
		c, err = w.packContents(w.lead, r, &Pack{Row: qms.Row{Platform: w.platform.ID}, Number: "PACK-2026-001", From: day(from), AsOf: day(asOf), WithFiles: true, Language: "fr"})
		return err
	})
	w.must(err)
	return c
}

func TestPreparePack_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	today := day("2026-06-30")
	good := PreparePack{AsOf: today, From: today, Sections: pack.Sections(), Language: "fr"}
	if err := good.check(today); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*PreparePack){
		"as_of":    func(c *PreparePack) { c.AsOf = today.AddDays(1) },
		"from":     func(c *PreparePack) { c.From, c.AsOf = today, today.AddDays(-1) },
		"sections": func(c *PreparePack) { c.Sections = []string{"platform", "../etc"} },
		"language": func(c *PreparePack) { c.Language = "de" },
	} {
		c := good
		spoil(&c)
		var refused *qms.Error
		if err := c.check(today); !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
