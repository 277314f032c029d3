package audits

import (
	"testing"

	"maillon/audits/pack"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// Who is known to be dead holds nothing any more; who may be alive keeps its packs until its lease has passed.
func TestReleasePacks_LetsGoOfWhatTheDeadHeldAndOfNothingElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		p, goOn := w.stuckAt(pack.StepFiles)
		other := w.replica()
		w.must(other.ReleasePacks(storetest.AsSystem(), []string{"a third server", ""}))
		w.must(other.TendPacks(storetest.AsSystem()))
		if at, err := other.PackProgress(w.lead, p); err != nil || at.Waits || at.Term != 1 {
			t.Errorf("while its server may live: %+v, %v", at, err)
		}
		w.must(other.ReleasePacks(storetest.AsSystem(), []string{w.holder}))
		if at, err := other.PackProgress(w.lead, p); err != nil || !at.Waits {
			t.Errorf("once its server is known to be dead: %+v, %v", at, err)
		}
		w.must(other.TendPacks(storetest.AsSystem()))
		made := other.ended(p)
		if made.State != PackMade || made.Number != p.Number {
			t.Errorf("it was not taken up at once: %+v", made)
		}
		goOn()
		if after, err := w.PackByNumber(w.lead, w.platform.ID, p.Number); err != nil || after.Content != made.Content {
			t.Errorf("the dead one has put another one on record: %+v, %v", after, err)
		}
	})
}
