package audits

import (
	"context"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// MaxStretch is the most that a clock counts between its start and its stop: one that was left running,
// behind a closed browser, counts no more, and can be corrected with a note.
const MaxStretch = 2 * time.Hour

// maxSeconds is the longest an evaluator spends on one item: a day.
const maxSeconds = 24 * 60 * 60

// Ticks reports whether the clock runs.
func (i ExerciseItem) Ticks() bool { return !i.RunningSince.IsZero() }

// SecondsAt is what the clock shows at that instant.
func (i ExerciseItem) SecondsAt(now time.Time) int64 {
	if !i.Ticks() {
		return i.Seconds
	}
	return min(maxSeconds, i.Seconds+int64(min(max(0, now.Sub(i.RunningSince)), MaxStretch)/time.Second))
}

// start lets the clock run, of who works on the item.
func (i *ExerciseItem) start(by qms.ID, at time.Time) error {
	if i.Ticks() {
		if i.RunningBy == by {
			return nil
		}
		return qms.Conflict("exercise.clock_taken", i.Number)
	}
	i.RunningSince, i.RunningBy = at, by
	return nil
}

// stop lets the clock stand.
func (i *ExerciseItem) stop(at time.Time) {
	if i.Ticks() {
		i.Cut = i.Cut || at.Sub(i.RunningSince) > MaxStretch
		i.Seconds = i.SecondsAt(at)
		i.RunningSince, i.RunningBy = time.Time{}, ""
	}
}

// Seconds is what all clocks show at that instant.
func (s Sheet) Seconds(now time.Time) (sum int64) {
	for _, i := range s.Items {
		sum += i.SecondsAt(now)
	}
	return sum
}

// item is the one with that ID, nil when there is none.
func (s *Sheet) item(id qms.ID) *SheetItem {
	for i := range s.Items {
		if s.Items[i].ID == id {
			return &s.Items[i]
		}
	}
	return nil
}

// Clock starts or stops the clock of an item.
type Clock struct {
	Platform qms.ID
	Exercise string
	Item     qms.ID
}

// StartClock lets the clock of an item run. Who starts one stops the others of their own.
func (s *Service) StartClock(ctx context.Context, cmd Clock) (*Sheet, error) {
	return s.clock(ctx, "exercise.start", cmd, func(tx *store.Tx, sheet *Sheet, item *SheetItem) error {
		return sheet.start(ctx, tx, item)
	})
}

// StopClock lets the clock of an item stand.
func (s *Service) StopClock(ctx context.Context, cmd Clock) (*Sheet, error) {
	return s.clock(ctx, "exercise.stop", cmd, func(tx *store.Tx, _ *Sheet, item *SheetItem) error {
		item.stop(tx.Now())
		return tx.Update(ctx, &item.ExerciseItem)
	})
}

func (s *Service) clock(ctx context.Context, name string, cmd Clock, fn func(*store.Tx, *Sheet, *SheetItem) error) (*Sheet, error) {
	act := qms.Act{Name: name, Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Item}
	return s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		item := sheet.item(cmd.Item)
		if item == nil {
			return qms.NotFound("exercise.item_not_found")
		}
		return fn(tx, sheet, item)
	})
}

// start lets the clock of the item run and those stop that the same person left running.
func (s *Sheet) start(ctx context.Context, tx *store.Tx, item *SheetItem) error {
	if s.Exercise.State == Paused {
		return qms.Conflict("exercise.paused", s.Exercise.Number)
	}
	by := tx.Actor().ID
	for i := range s.Items {
		if other := &s.Items[i]; other.ID != item.ID && other.Ticks() && other.RunningBy == by {
			other.stop(tx.Now())
			if err := tx.Update(ctx, &other.ExerciseItem); err != nil {
				return err
			}
		}
	}
	if err := item.start(by, tx.Now()); err != nil {
		return err
	}
	return tx.Update(ctx, &item.ExerciseItem)
}

// CorrectClock states how long an item took.
type CorrectClock struct {
	Clock
	Seconds  int64
	Note     string // why: required
	Revision int64  // of the item as the evaluator knows it; zero for whatever it is
}

// CorrectClock corrects a clock that was forgotten, or started late. The clock stands afterwards; what
// it showed before is in the trail.
func (s *Service) CorrectClock(ctx context.Context, cmd CorrectClock) (*Sheet, error) {
	return s.clock(ctx, "exercise.time", cmd.Clock, func(tx *store.Tx, _ *Sheet, item *SheetItem) error {
		note := strings.TrimSpace(cmd.Note)
		switch {
		case cmd.Revision != 0 && cmd.Revision != item.Revision:
			return qms.Conflict("record.changed")
		case cmd.Seconds < 0 || cmd.Seconds > maxSeconds:
			return qms.InvalidFields(qms.Wrong("seconds", "exercise.seconds_out_of_range"))
		case note == "":
			return qms.InvalidFields(qms.Wrong("note", "exercise.clock_note_needed"))
		case len(note) > maxNote:
			return qms.InvalidFields(qms.Wrong("note", "input.too_long", maxNote))
		}
		item.stop(tx.Now())
		item.Seconds, item.ClockNote, item.Cut = cmd.Seconds, note, false
		return tx.Update(ctx, &item.ExerciseItem)
	})
}

// Pause stops the whole exercise with every clock; nothing is answered until Resume.
func (s *Service) Pause(ctx context.Context, platform qms.ID, number string) (*Sheet, error) {
	act := qms.Act{Name: "exercise.pause", Needs: qms.RunExercises.On(platform), Platform: platform}
	return s.changeSheet(ctx, act, number, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if sheet.Exercise.State == Paused {
			return nil
		}
		if err := sheet.stopAll(ctx, tx); err != nil {
			return err
		}
		sheet.Exercise.State = Paused
		return tx.Update(ctx, &sheet.Exercise)
	})
}

func (s *Sheet) stopAll(ctx context.Context, tx *store.Tx) error {
	for i := range s.Items {
		if item := &s.Items[i].ExerciseItem; item.Ticks() {
			item.stop(tx.Now())
			if err := tx.Update(ctx, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// Resume goes on with an exercise that was paused. Clocks stand until somebody starts them.
func (s *Service) Resume(ctx context.Context, platform qms.ID, number string) (*Sheet, error) {
	act := qms.Act{Name: "exercise.resume", Needs: qms.RunExercises.On(platform), Platform: platform}
	return s.changeSheet(ctx, act, number, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if sheet.Exercise.State == Running {
			return nil
		}
		sheet.Exercise.State = Running
		return tx.Update(ctx, &sheet.Exercise)
	})
}
