package audits

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Sheet is a sampled exercise with its items and their links, in the order of the draw.
type Sheet struct {
	Exercise   Exercise
	Items      []SheetItem
	Strata     []ExerciseStratum           // in order; none when the population was not parted
	Evaluators []ExerciseEvaluator         // as they were named, dismissed ones too
	Files      map[qms.ID][]trace.Evidence // by item or link; nil when there are none
}

// SheetItem is one item of a sheet.
type SheetItem struct {
	ExerciseItem
	Links []ExerciseLink
}

// Answered reports whether every link of the item has an answer.
func (i SheetItem) Answered() bool { return i.Unanswered() == 0 }

// Unanswered is how many links have no answer.
func (i SheetItem) Unanswered() (n int64) {
	for _, l := range i.Links {
		if l.Answer == "" {
			n++
		}
	}
	return n
}

// Gaps is how many links were answered as missing or incoherent.
func (i SheetItem) Gaps() (n int) {
	for _, l := range i.Links {
		if l.Answer == Missing || l.Answer == Incoherent {
			n++
		}
	}
	return n
}

// Score counts the answers given so far over the whole sheet.
func (s Sheet) Score() Score { return ScoreOf(s.links()) }

func (s Sheet) links() (links []ExerciseLink) {
	for _, i := range s.Items {
		links = append(links, i.Links...)
	}
	return links
}

// Judging are the evaluators who still are.
func (s Sheet) Judging() (all []ExerciseEvaluator) {
	for _, e := range s.Evaluators {
		if e.Void == "" {
			all = append(all, e)
		}
	}
	return all
}

// NameOf is the name of an evaluator, as it was when they were named.
func (s Sheet) NameOf(person qms.ID) string {
	for _, e := range s.Evaluators {
		if e.Person == person {
			return e.Name
		}
	}
	return ""
}

// Finding is a link that was not found, with where it stands.
type Finding struct {
	Number string // of the item
	ExerciseLink
}

// Findings are the links that were not found, in the order of the sheet; one without an answer counts
// as missing.
func (s Sheet) Findings() (all []Finding) {
	for _, i := range s.Items {
		for _, l := range i.Links {
			if l.Answer != Found && l.Answer != NotApplicable {
				all = append(all, Finding{i.Number, l})
			}
		}
	}
	return all
}

// Sheet is one exercise by its number; a full one has no items.
func (s *Service) Sheet(ctx context.Context, platform qms.ID, number string) (*Sheet, error) {
	var sheet *Sheet
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) (err error) {
		sheet, err = loadSheet(ctx, r, platform, number)
		return err
	})
	return sheet, err
}

func loadSheet(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Sheet, error) {
	e, err := exerciseByNumber(ctx, r, platform, trace.Normal(number))
	if err != nil {
		return nil, err
	}
	sheet := &Sheet{Exercise: *e}
	if e.Scope == FullScope {
		return sheet, nil
	}
	items, err := itemsOf(ctx, r, e.ID)
	if err != nil {
		return nil, err
	}
	links, err := linksOf(ctx, r, e.ID)
	if err != nil {
		return nil, err
	}
	byItem := map[qms.ID][]ExerciseLink{}
	for _, l := range links {
		byItem[l.Item] = append(byItem[l.Item], l)
	}
	for _, i := range items {
		sheet.Items = append(sheet.Items, SheetItem{ExerciseItem: i, Links: byItem[i.ID]})
	}
	if e.Strata != NoStrata {
		if sheet.Strata, err = strataOf(ctx, r, e.ID); err != nil {
			return nil, err
		}
	}
	if sheet.Evaluators, err = evaluatorsOf(ctx, r, e.ID); err != nil {
		return nil, err
	}
	files, err := trace.EvidenceIn(ctx, r, platform, sheet.subjects()...)
	if len(files) > 0 {
		sheet.Files = files
	}
	return sheet, err
}

// changeSheet does one act on a sampled exercise.
func (s *Service) changeSheet(ctx context.Context, act qms.Act, number string, fn func(*store.Tx, *Sheet) error) (*Sheet, error) {
	var sheet *Sheet
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if sheet, err = loadSheet(ctx, tx, act.Platform, number); err != nil {
			return err
		}
		e := sheet.Exercise
		if e.Scope != SampleScope {
			return qms.Conflict("exercise.not_running", e.Number)
		}
		if err := mayEvaluate(tx.Actor(), act.Platform, e.Practice); err != nil {
			return err
		}
		return fn(tx, sheet)
	})
	if err != nil {
		return nil, err
	}
	return sheet, nil
}
