package audits

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// maxSample is the most items one exercise draws: what a person can examine in a day.
const maxSample = 200

// Draw asks for a sampled exercise: a draw by seed, or the items that the evaluator names.
type Draw struct {
	Platform   qms.ID
	Practice   bool // by the platform itself
	Kind       Kind
	Direction  Direction
	PeriodFrom qms.Date // first day of the items to draw from; none: from the beginning
	PeriodTo   qms.Date // last day of the items to draw from; none: as_of
	AsOf       qms.Date
	Strata     StrataBy
	Seed       string
	Size       int
	Chosen     []string // numbers; with any, nothing is drawn: seed, size and strata are left out
	Evaluators []qms.ID // besides who draws
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
	if c.PeriodTo != 0 && (c.PeriodTo < c.PeriodFrom || c.PeriodTo > c.AsOf) {
		wrong = append(wrong, qms.Wrong("period_to", "exercise.period_end"))
	}
	if len(c.Chosen) > 0 {
		return qms.InvalidFields(append(wrong, c.checkChosen()...)...)
	}
	return qms.InvalidFields(append(wrong, c.checkDrawn()...)...)
}

func (c Draw) checkDrawn() (wrong []qms.Field) {
	switch {
	case !slices.Contains(StrataWays(), c.Strata):
		wrong = append(wrong, qms.Wrong("strata", "exercise.unknown_strata", string(c.Strata)))
	case c.Kind == Access && (c.Strata == ByStatus || c.Strata == ByYearAndClients):
		wrong = append(wrong, qms.Wrong("strata", "exercise.strata_of_uses"))
	}
	if strings.TrimSpace(c.Seed) == "" || len(c.Seed) > 200 || strings.ContainsFunc(c.Seed, isControl) {
		wrong = append(wrong, qms.Wrong("seed", "exercise.seed_malformed", 200))
	}
	if c.Size < 1 || c.Size > maxSample {
		wrong = append(wrong, qms.Wrong("sample_size", "exercise.size_out_of_range", maxSample))
	}
	return wrong
}

func (c Draw) checkChosen() []qms.Field {
	if n := len(numbersOf(c.Chosen)); n < 1 || n > maxSample {
		return []qms.Field{qms.Wrong("chosen", "exercise.size_out_of_range", maxSample)}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func checkAsOf(asOf, today qms.Date) []qms.Field {
	if asOf == 0 || asOf > today {
		return []qms.Field{qms.Wrong("as_of", "exercise.as_of_out_of_range")}
	}
	return nil
}

// mayEvaluate is whether who acts may draw, answer and conclude: an exercise that counts is the
// business of who evaluates platforms, one for practice of who runs exercises.
func mayEvaluate(actor qms.Actor, platform qms.ID, practice bool) error {
	if practice {
		return qms.Authorise(actor, qms.RunExercises.On(platform))
	}
	return qms.Authorise(actor, qms.EvaluatePlatform.On(platform))
}

// errMoved says that records changed between the list that was kept and the draw.
var errMoved = errors.New("the population moved")

// Draw draws the items, proposes the answer of every link that each is expected to have, and puts
// both on record. The same command on the same records draws the same items. The list that is drawn
// from goes to the vault first; when records change between that and the draw, both are done again.
func (s *Service) Draw(ctx context.Context, cmd Draw) (*Sheet, error) {
	if err := cmd.check(s.db.Today()); err != nil {
		return nil, err
	}
	if err := mayEvaluate(qms.ActorFrom(ctx), cmd.Platform, cmd.Practice); err != nil {
		return nil, err
	}
	if cmd.Chosen = numbersOf(cmd.Chosen); len(cmd.Chosen) > 0 {
		cmd.Strata, cmd.Seed, cmd.Size = NoStrata, "", len(cmd.Chosen)
	}
	for range 3 {
		var seen []stratum
		err := s.db.View(ctx, qms.RunExercises.On(cmd.Platform), func(r store.Reader) (err error) {
			seen, err = s.population(ctx, r, cmd)
			return err
		})
		if err == nil {
			err = s.keepPopulation(ctx, seen)
		}
		if err != nil {
			return nil, err
		}
		sheet, err := s.recordDraw(ctx, cmd, wholeOf(seen).Digest())
		if !errors.Is(err, errMoved) {
			return sheet, err
		}
	}
	return nil, qms.Busy("exercise.population_moves")
}

// recordDraw draws within one act, from the population of that digest.
func (s *Service) recordDraw(ctx context.Context, cmd Draw, digest string) (*Sheet, error) {
	var sheet *Sheet
	act := qms.Act{Name: "exercise.draw", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		sample, err := s.sample(ctx, tx, cmd)
		if err != nil {
			return err
		}
		if sample.digest != digest {
			return errMoved
		}
		number, err := nextNumber(ctx, tx, cmd.Practice)
		if err != nil {
			return err
		}
		sheet = &Sheet{Exercise: Exercise{
			Number: number, Scope: SampleScope, Practice: cmd.Practice, Kind: cmd.Kind, Direction: cmd.Direction,
			PeriodFrom: cmd.PeriodFrom, PeriodTo: cmd.PeriodTo, AsOf: cmd.AsOf, Strata: cmd.Strata, Chosen: len(cmd.Chosen) > 0,
			Seed: cmd.Seed, SampleSize: int64(cmd.Size), PopulationSize: int64(sample.size), PopulationDigest: digest,
			State: Running, Evaluator: tx.Actor().ID, StartedAt: tx.Now(),
		}}
		if err := tx.Insert(ctx, &sheet.Exercise); err != nil {
			return err
		}
		if err := sheet.insert(ctx, tx, sample); err != nil {
			return err
		}
		return sheet.appoint(ctx, tx, cmd.Evaluators)
	})
	if err != nil {
		return nil, err
	}
	return sheet, nil
}

// nextNumber counts exercises for practice apart, so that those that count have no gap.
func nextNumber(ctx context.Context, tx *store.Tx, practice bool) (string, error) {
	year, counter, prefix := tx.Today().Year(), "exercise", "EXE"
	if practice {
		counter, prefix = "practice", "ENT"
	}
	n, err := tx.Next(ctx, fmt.Sprintf("%s-%d", counter, year))
	return fmt.Sprintf("%s-%d-%03d", prefix, year, n), err
}

// sample is a draw and what is proposed of its items.
type sample struct {
	strata []stratum
	size   int
	digest string
	items  map[string]sampled
}

type sampled struct {
	label     string
	proposals []proposal
}

// sample draws from the population, all within one transaction, and proposes the links of what was
// drawn: memory holds numbers and the items drawn only.
func (s *Service) sample(ctx context.Context, r store.Reader, cmd Draw) (*sample, error) {
	strata, err := s.population(ctx, r, cmd)
	if err != nil {
		return nil, err
	}
	whole := wholeOf(strata)
	out := &sample{strata: strata, size: whole.Size(), digest: whole.Digest(), items: map[string]sampled{}}
	if out.size == 0 {
		return nil, qms.InvalidFields(qms.Wrong("period_from", "exercise.population_empty"))
	}
	if len(cmd.Chosen) == 0 {
		draw(out.strata, cmd.Seed, cmd.Kind, cmd.Size)
	} else if err := out.choose(whole, cmd.Chosen); err != nil {
		return nil, err
	}
	if cmd.Kind == Access {
		return out, s.proposeUses(ctx, r, cmd, out)
	}
	for _, part := range out.strata {
		for _, d := range part.drawn {
			dossier, err := s.trace.DossierIn(ctx, r, cmd.Platform, d.Number, cmd.AsOf)
			if err != nil {
				return nil, err
			}
			e := expectation{dossier}
			out.items[d.Number] = sampled{label: e.label(), proposals: e.from(d.Number, cmd.Direction)}
		}
	}
	return out, nil
}

// choose takes the numbers that the evaluator names.
func (s *sample) choose(whole Population, numbers []string) error {
	if unknown := unknownNumbers(whole, numbers); len(unknown) > 0 {
		return qms.InvalidFields(qms.Wrong("chosen", "exercise.not_in_population", strings.Join(unknown[:min(5, len(unknown))], ", ")))
	}
	s.strata = []stratum{{population: whole}}
	for _, n := range numbers {
		s.strata[0].drawn = append(s.strata[0].drawn, Drawn{Number: n})
	}
	return nil
}

// proposeUses passes over the uses once more and keeps what is proposed of those drawn.
func (s *Service) proposeUses(ctx context.Context, r store.Reader, cmd Draw, out *sample) error {
	pieces, err := s.trace.EquipmentByID(ctx, r, cmd.Platform)
	if err != nil {
		return err
	}
	for _, part := range out.strata {
		for _, d := range part.drawn {
			out.items[d.Number] = sampled{}
		}
	}
	_, err = s.trace.Examine(ctx, r, cmd.Platform, cmd.AsOf, trace.Visitor{Use: func(v trace.UseVerdict) error {
		if _, drawn := out.items[v.Use.Number]; drawn {
			piece := pieces[v.Use.Equipment]
			out.items[v.Use.Number] = sampled{label: piece.Code + " " + piece.Name, proposals: behindUse(v.Use, piece, v.Check)}
		}
		return nil
	}})
	return err
}

// insert puts strata, items and links on record.
func (s *Sheet) insert(ctx context.Context, tx *store.Tx, sample *sample) error {
	exercise := s.Exercise.ID
	for n, part := range sample.strata {
		if s.Exercise.Strata != NoStrata {
			s.Strata = append(s.Strata, ExerciseStratum{Exercise: exercise, Position: int64(n + 1), Name: part.name,
				PopulationSize: int64(part.population.Size()), PopulationDigest: part.population.Digest(), Drawn: int64(len(part.drawn))})
			if err := tx.Insert(ctx, &s.Strata[n]); err != nil {
				return err
			}
		}
		for _, drawn := range part.drawn {
			found := sample.items[drawn.Number]
			s.Items = append(s.Items, SheetItem{ExerciseItem: ExerciseItem{Exercise: exercise, Position: int64(len(s.Items) + 1),
				Number: drawn.Number, Digest: drawn.Digest, Stratum: part.name, Label: found.label}})
		}
	}
	for i := range s.Items {
		if err := s.Items[i].insert(ctx, tx, sample.items[s.Items[i].Number].proposals); err != nil {
			return err
		}
	}
	return nil
}

func (i *SheetItem) insert(ctx context.Context, tx *store.Tx, proposals []proposal) error {
	if err := tx.Insert(ctx, &i.ExerciseItem); err != nil {
		return err
	}
	rows := make([]qms.Record, len(proposals))
	i.Links = make([]ExerciseLink, len(proposals))
	for n, p := range proposals {
		i.Links[n] = ExerciseLink{Exercise: i.Exercise, Item: i.ID, Position: int64(n + 1),
			Link: p.link, Target: p.target, Proposal: p.answer, Checks: joined(p.checks)}
		rows[n] = &i.Links[n]
	}
	return tx.Insert(ctx, rows...)
}

func joined(checks []trace.Check) string {
	words := make([]string, 0, len(checks))
	for _, c := range checks {
		words = append(words, string(c))
	}
	return strings.Join(words, " ")
}
