package documents

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Written is one act of the trail about a document or its versions.
type Written struct {
	Seq    int64
	At     time.Time
	Who    string
	Act    string
	Reason string
	Number string // of the version, when it is about one
}

// journalled is how many acts about one row the journal of a document shows.
const journalled = 50

// Journal lists what was done to the document and its versions, the latest first: who may read the library
// may read the trail of what is in it. It is empty for others.
func (s *Service) Journal(ctx context.Context, sheet *Sheet) (acts []Written, err error) {
	needs := qms.ReadLibrary.On(sheet.Platform)
	if !qms.ActorFrom(ctx).Can(needs) {
		return nil, nil
	}
	err = s.db.View(ctx, needs, func(r store.Reader) error {
		seen := map[int64]bool{}
		rows := []qms.ID{sheet.ID}
		for _, v := range sheet.Versions {
			rows = append(rows, v.ID)
		}
		for _, row := range rows {
			page, err := store.Journal(ctx, r, trail.LogOf(sheet.Platform), store.JournalFilter{Row: row}, qms.Cursor{Size: journalled})
			if err != nil {
				return err
			}
			for _, e := range page.Items {
				if !seen[e.Seq] {
					seen[e.Seq] = true
					acts = append(acts, written(e))
				}
			}
		}
		return nil
	})
	slices.SortFunc(acts, func(a, b Written) int { return cmp.Compare(b.Seq, a.Seq) })
	return acts, err
}

func written(e store.JournalEntry) Written {
	w := Written{Seq: e.Seq, At: e.At, Who: e.ActorName, Act: e.Act, Reason: e.Reason}
	for _, c := range e.First {
		var n struct{ Major, Minor int64 }
		if c.Table == "versions" && json.Unmarshal(c.After, &n) == nil && (e.Subject == c.Row || w.Number == "") {
			w.Number = Number{n.Major, n.Minor}.String()
		}
	}
	return w
}
