package audits

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// maxSample is the most items one exercise draws: what a person can examine in a day.
const maxSample = 200

// maxSeconds is the longest an evaluator spends on one item: a day.
const maxSeconds = 24 * 60 * 60

// Draw asks for a sampled exercise.
type Draw struct {
	Platform   qms.ID
	Kind       Kind
	Direction  Direction
	PeriodFrom qms.Date // first day of the items to draw from; none: from the beginning
	AsOf       qms.Date
	Seed       string
	Size       int
}

func (c Draw) check(today qms.Date) error {
	var wrong []qms.Field
	if c.Kind != Services && c.Kind != Access {
		wrong = append(wrong, qms.Wrong("kind", "exercise.unknown_kind", string(c.Kind)))
	}
	if c.Direction != Upstream && c.Direction != Downstream {
		wrong = append(wrong, qms.Wrong("direction", "exercise.unknown_direction", string(c.Direction)))
	}
	wrong = append(wrong, checkAsOf(c.AsOf, today)...)
	if c.PeriodFrom > c.AsOf {
		wrong = append(wrong, qms.Wrong("period_from", "exercise.period_reversed"))
	}
	if strings.TrimSpace(c.Seed) == "" || len(c.Seed) > 200 || strings.ContainsAny(c.Seed, "\r\n\x00") {
		wrong = append(wrong, qms.Wrong("seed", "exercise.seed_malformed", 200))
	}
	if c.Size < 1 || c.Size > maxSample {
		wrong = append(wrong, qms.Wrong("sample_size", "exercise.size_out_of_range", maxSample))
	}
	return qms.InvalidFields(wrong...)
}

func checkAsOf(asOf, today qms.Date) []qms.Field {
	if asOf == 0 || asOf > today {
		return []qms.Field{qms.Wrong("as_of", "exercise.as_of_out_of_range")}
	}
	return nil
}

// Sheet is a sampled exercise with its items and their links, in the order of the draw.
type Sheet struct {
	Exercise Exercise
	Items    []SheetItem
}

// SheetItem is one item of a sheet.
type SheetItem struct {
	ExerciseItem
	Links []ExerciseLink
}

// Answered reports whether every link of the item has an answer.
func (i SheetItem) Answered() bool {
	for _, l := range i.Links {
		if l.Answer == "" {
			return false
		}
	}
	return true
}

// Score counts the answers given so far over the whole sheet.
func (s Sheet) Score() Score { return ScoreOf(s.links()) }

func (s Sheet) links() (links []ExerciseLink) {
	for _, i := range s.Items {
		links = append(links, i.Links...)
	}
	return links
}

// Draw draws the items, proposes the answer of every link that each is expected to have, and puts
// both on record. The same command on the same records draws the same items.
func (s *Service) Draw(ctx context.Context, cmd Draw) (*Sheet, error) {
	if err := cmd.check(s.db.Today()); err != nil {
		return nil, err
	}
	var sheet *Sheet
	act := qms.Act{Name: "exercise.draw", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		sample, err := s.sample(ctx, tx, cmd)
		if err != nil {
			return err
		}
		number, err := nextNumber(ctx, tx)
		if err != nil {
			return err
		}
		sheet = &Sheet{Exercise: Exercise{
			Number: number, Scope: SampleScope, Kind: cmd.Kind, Direction: cmd.Direction,
			PeriodFrom: cmd.PeriodFrom, AsOf: cmd.AsOf, Seed: cmd.Seed, SampleSize: int64(cmd.Size),
			PopulationSize: int64(sample.population.Size()), PopulationDigest: sample.population.Digest(),
			State: Running, Evaluator: tx.Actor().ID, StartedAt: tx.Now(),
		}}
		if err := tx.Insert(ctx, &sheet.Exercise); err != nil {
			return err
		}
		sheet.Items, err = insertItems(ctx, tx, sheet.Exercise.ID, sample)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sheet, nil
}

func nextNumber(ctx context.Context, tx *store.Tx) (string, error) {
	year := tx.Today().Year()
	n, err := tx.Next(ctx, fmt.Sprintf("exercise-%d", year))
	return fmt.Sprintf("EXE-%d-%03d", year, n), err
}

func insertItems(ctx context.Context, tx *store.Tx, exercise qms.ID, sample *sample) ([]SheetItem, error) {
	var items []SheetItem
	for n, drawn := range sample.drawn {
		found := sample.items[drawn.Number]
		item := SheetItem{ExerciseItem: ExerciseItem{
			Exercise: exercise, Position: int64(n + 1), Number: drawn.Number, Digest: drawn.Digest, Label: found.label,
		}}
		if err := tx.Insert(ctx, &item.ExerciseItem); err != nil {
			return nil, err
		}
		for m, p := range found.proposals {
			item.Links = append(item.Links, ExerciseLink{
				Exercise: exercise, Item: item.ID, Position: int64(m + 1),
				Link: p.link, Target: p.target, Proposal: p.answer, Checks: joined(p.checks),
			})
		}
		for m := range item.Links {
			if err := tx.Insert(ctx, &item.Links[m]); err != nil {
				return nil, err
			}
		}
		items = append(items, item)
	}
	return items, nil
}

func joined(checks []trace.Check) string {
	words := make([]string, 0, len(checks))
	for _, c := range checks {
		words = append(words, string(c))
	}
	return strings.Join(words, " ")
}

// Decision is an evaluator's answer on one link.
type Decision struct {
	Link   qms.ID
	Answer Answer
	Note   string
}

// Decide records the evaluator's answers on links of one item.
type Decide struct {
	Platform  qms.ID
	Exercise  string // its number
	Item      qms.ID
	Decisions []Decision
	Seconds   int64 // the evaluator took on the item; zero leaves what is on record
	Revision  int64 // of the item as the evaluator knows it; zero for whatever it is
}

// Decide keeps the answers; they may be given again until the exercise is concluded.
func (s *Service) Decide(ctx context.Context, cmd Decide) (*Sheet, error) {
	return s.changeSheet(ctx, "exercise.answer", cmd.Platform, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if sheet.Exercise.State != Running {
			return qms.Conflict("exercise.not_running", sheet.Exercise.Number)
		}
		for i := range sheet.Items {
			if item := &sheet.Items[i]; item.ID == cmd.Item {
				return decide(ctx, tx, item, cmd)
			}
		}
		return qms.NotFound("exercise.item_not_found")
	})
}

// decide changes the item with its links, so that its revision tells whether its answers moved.
func decide(ctx context.Context, tx *store.Tx, item *SheetItem, cmd Decide) error {
	if cmd.Revision != 0 && cmd.Revision != item.Revision {
		return qms.Conflict("record.changed")
	}
	if cmd.Seconds < 0 || cmd.Seconds > maxSeconds {
		return qms.InvalidFields(qms.Wrong("seconds", "exercise.seconds_out_of_range"))
	}
	changed := cmd.Seconds != 0 && cmd.Seconds != item.Seconds
	links := map[qms.ID]*ExerciseLink{}
	for i := range item.Links {
		links[item.Links[i].ID] = &item.Links[i]
	}
	for _, d := range cmd.Decisions {
		link := links[d.Link]
		if link == nil {
			return qms.NotFound("exercise.link_not_found")
		}
		before := *link
		if err := link.decide(d.Answer, d.Note); err != nil {
			return err
		}
		if *link == before {
			continue
		}
		changed = true
		if err := tx.Update(ctx, link); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	if cmd.Seconds != 0 {
		item.Seconds = cmd.Seconds
	}
	return tx.Update(ctx, &item.ExerciseItem)
}

// Conclude closes a sampled exercise; links without an answer count as missing.
type Conclude struct {
	Platform qms.ID
	Exercise string
	Verdict  Verdict
	Remark   string // needed unless the verdict is Passed
	Revision int64  // of the exercise as the evaluator knows it; zero for whatever it is
}

// Conclude notes the verdict and the score. A concluded exercise never changes.
func (s *Service) Conclude(ctx context.Context, cmd Conclude) (*Sheet, error) {
	return s.changeSheet(ctx, "exercise.conclude", cmd.Platform, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if cmd.Revision != 0 && cmd.Revision != sheet.Exercise.Revision {
			return qms.Conflict("record.changed")
		}
		if err := sheet.Exercise.conclude(sheet.links(), cmd.Verdict, cmd.Remark, tx.Now()); err != nil {
			return err
		}
		return tx.Update(ctx, &sheet.Exercise)
	})
}

func (s *Service) changeSheet(ctx context.Context, name string, platform qms.ID, number string, fn func(*store.Tx, *Sheet) error) (*Sheet, error) {
	var sheet *Sheet
	act := qms.Act{Name: name, Needs: qms.RunExercises.On(platform), Platform: platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if sheet, err = loadSheet(ctx, tx, platform, number); err != nil {
			return err
		}
		return fn(tx, sheet)
	})
	if err != nil {
		return nil, err
	}
	return sheet, nil
}

// Examine is the full check of a platform as of a day; it writes nothing.
func (s *Service) Examine(ctx context.Context, platform qms.ID, asOf qms.Date) (*trace.Findings, error) {
	if err := qms.InvalidFields(checkAsOf(asOf, s.db.Today())...); err != nil {
		return nil, err
	}
	var findings *trace.Findings
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) (err error) {
		findings, err = s.trace.Examine(ctx, r, platform, asOf, trace.Visitor{})
		return err
	})
	return findings, err
}

// RunFull makes a full exercise: Examine, and its result on record.
func (s *Service) RunFull(ctx context.Context, platform qms.ID, asOf qms.Date) (*Exercise, error) {
	if err := qms.InvalidFields(checkAsOf(asOf, s.db.Today())...); err != nil {
		return nil, err
	}
	var e *Exercise
	act := qms.Act{Name: "exercise.full", Needs: qms.RunExercises.On(platform), Platform: platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		findings, err := s.trace.Examine(ctx, tx, platform, asOf, trace.Visitor{})
		if err != nil {
			return err
		}
		if e, err = fullExercise(findings); err != nil {
			return err
		}
		e.Evaluator, e.StartedAt, e.ConcludedAt = tx.Actor().ID, tx.Now(), tx.Now()
		if e.Number, err = nextNumber(ctx, tx); err != nil {
			return err
		}
		return tx.Insert(ctx, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

func fullExercise(f *trace.Findings) (*Exercise, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	found := int64(f.Chains.Total - f.Chains.Broken + f.Uses.Total - len(f.Uncovered))
	score := Score{Found: found, Expected: int64(f.Chains.Total + f.Uses.Total + len(f.Dangling))}
	return &Exercise{
		Scope: FullScope, AsOf: f.AsOf, State: Concluded, Verdict: score.Verdict(), Findings: string(text),
		PopulationSize: score.Expected, Found: score.Found, Expected: score.Expected,
	}, nil
}
