package integrity

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Stage is what a look is at. scrub.stage_STAGE in qms/locale names it.
type Stage string

// The stages.
const (
	StageTrail    Stage = "trail"
	StageContents Stage = "contents"
)

// Question is what is to be looked at.
type Question struct {
	Platform qms.ID // its trail, the rows that this changed, and the contents that its rows name; empty: everything
	Quick    bool   // contents by presence and size, without reading them
	Progress func(stage Stage, done, all int64)
}

// Verify looks once at all that the question names. It wants qms.OperateSite on the site. An error says that
// it could not look to the end; the report then tells what was found by then.
func (s *Service) Verify(ctx context.Context, q Question) (Report, error) {
	l := &look{s: s, q: q}
	err := l.trail(ctx)
	if err == nil {
		err = l.signatures(ctx)
	}
	if err == nil {
		err = l.contents(ctx, 0, nil)
	}
	return l.Report, err
}

// look is one look under way.
type look struct {
	Report
	s     *Service
	q     Question
	rate  int64 // bytes a second at most; 0: as fast as it goes
	codes map[qms.ID]string
}

func (l *look) tell(stage Stage, done, all int64) {
	if l.q.Progress != nil {
		l.q.Progress(stage, done, all)
	}
}

// trail holds the rows against the trail, all of one state of the data.
func (l *look) trail(ctx context.Context) error {
	return l.s.view(ctx, func(r store.Reader) error {
		if err := l.know(ctx, r); err != nil {
			return err
		}
		v := store.Verification{Platform: l.q.Platform, Progress: func(done, all int64) { l.tell(StageTrail, done, all) }}
		found, err := v.Trail(ctx, r)
		if err != nil {
			return err
		}
		l.Logs, l.Entries, l.Changes, l.Rows = int64(found.Logs), found.Entries, found.Changes, found.Rows
		for _, d := range found.Discrepancies {
			defect, err := l.place(ctx, r, d)
			if err != nil {
				return err
			}
			l.note(defect)
		}
		l.Found = found.Found
		return nil
	})
}

// know reads the codes of the platforms.
func (l *look) know(ctx context.Context, r store.Reader) error {
	platforms, err := people.EveryPlatform(ctx, r)
	l.codes = make(map[qms.ID]string, len(platforms))
	for _, p := range platforms {
		l.codes[p.ID] = p.Code
	}
	return err
}

// place puts a discrepancy of the trail into words, with the page where more can be seen of it.
func (l *look) place(ctx context.Context, r store.Reader, d store.Discrepancy) (Defect, error) {
	out := Defect{Kind: d.Kind, Seq: d.Seq, Table: d.Table, Row: d.Row, Columns: d.Columns, Platform: store.PlatformOf(d.Log)}
	switch d.Kind {
	case store.EntryAltered, store.ChangesAltered:
		out.Parts = []string{"trail", number(d.Seq)}
	case store.RowDiffers, store.RowMissing, store.HistoryBroken:
		var log string
		var err error
		if out.Words, log, err = store.CalledIn(ctx, r, d.Table, d.Row); err != nil {
			return out, err
		}
		out.Platform, out.Parts = store.PlatformOf(log), []string{"trail", "rows", string(d.Row)}
	case store.RowUnrecorded:
	default:
		out.Parts = []string{"trail"}
	}
	out.Code = l.codes[out.Platform]
	if out.Platform != "" && out.Code == "" {
		out.Code, out.Parts = string(out.Platform), nil // a log of a platform that there is not
	}
	return out, nil
}
