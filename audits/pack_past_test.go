package audits

import (
	"slices"
	"testing"
	"time"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestPackContents_AsOfAPastDayCallsDocumentsWhatTheyWereCalledThen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		day := db.Today()
		before := w.contents(day.String()).Documents
		i := slices.IndexFunc(before, func(d pack.Document) bool { return d.Code == "MO-ANA-001" })
		storetest.ClockOf(db).Advance(48 * time.Hour)
		docs := documents.New(db, w.vault, register{})
		sheet, err := docs.SheetByCode(w.lead, w.platform.ID, "MO-ANA-001", 0)
		w.must(err)
		title, process, months := "Analyse de surface", "MIC", qms.Months(6)
		_, err = docs.Revise(w.lead, documents.Revise{Platform: w.platform.ID, Document: sheet.ID, Title: &title, Process: &process, ReviewMonths: &months})
		w.must(err)
		if then := w.contents(day.String()).Documents; !slices.Equal(then, before) {
			t.Errorf("as of %s: %+v, and on that day: %+v", day, then, before)
		}
		now := w.contents(db.Today().String()).Documents[i]
		if now.Title != title || now.Process != process || now.NextReview == before[i].NextReview {
			t.Errorf("after the correction: %+v, before it: %+v", now, before[i])
		}
	})
}
