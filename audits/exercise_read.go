package audits

import (
	"context"
	"encoding/json"
	"fmt"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Exercises lists the exercises of a platform, the newest first, without the findings of full ones.
func (s *Service) Exercises(ctx context.Context, platform qms.ID, c qms.Cursor) (qms.Page[Exercise], error) {
	var page qms.Page[Exercise]
	err := s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) error {
		rows, err := exercises(ctx, r, platform, c)
		page = qms.PageOf(rows, c.Limit(), func(e Exercise) string { return e.ID.String() })
		return err
	})
	return page, err
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

// FindingsOf is what a full exercise found.
func FindingsOf(e Exercise) (*trace.Findings, error) {
	var f trace.Findings
	if err := json.Unmarshal([]byte(e.Findings), &f); err != nil {
		return nil, fmt.Errorf("findings of %s: %w", e.Number, err)
	}
	return &f, nil
}

func loadSheet(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Sheet, error) {
	e, err := exerciseByNumber(ctx, r, platform, trace.Normal(number))
	if err != nil {
		return nil, err
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
	sheet := &Sheet{Exercise: *e}
	for _, i := range items {
		sheet.Items = append(sheet.Items, SheetItem{ExerciseItem: i, Links: byItem[i.ID]})
	}
	return sheet, nil
}

// sample is a draw and what is proposed of its items.
type sample struct {
	population Population
	drawn      []Drawn
	items      map[string]sampled
}

type sampled struct {
	label     string
	proposals []proposal
}

// sample draws from the population, all within one transaction, and proposes the links of what was
// drawn: memory holds numbers and the items drawn only.
func (s *Service) sample(ctx context.Context, r store.Reader, cmd Draw) (*sample, error) {
	population, err := s.population(ctx, r, cmd)
	if err != nil {
		return nil, err
	}
	out := &sample{population: population, items: map[string]sampled{}}
	out.drawn = population.Draw(cmd.Seed, cmd.Kind, cmd.Size)
	if cmd.Kind == Access {
		return out, s.proposeUses(ctx, r, cmd, out)
	}
	for _, d := range out.drawn {
		dossier, err := s.trace.DossierIn(ctx, r, cmd.Platform, d.Number, cmd.AsOf)
		if err != nil {
			return nil, err
		}
		e := expectation{dossier}
		out.items[d.Number] = sampled{label: e.label(), proposals: e.from(d.Number, cmd.Direction)}
	}
	return out, nil
}

// population lists the numbers to draw from. Upstream of services: the invoices, the reports of
// chains without one, and the records that name a parent which does not exist, for these are what
// only a walk upstream can find. Downstream: the requests. Of equipment access: the uses.
func (s *Service) population(ctx context.Context, r store.Reader, cmd Draw) (Population, error) {
	var p Population
	period := qms.Period{From: cmd.PeriodFrom}
	add := func(number string, on qms.Date) {
		if period.Contains(on) {
			p.Numbers = append(p.Numbers, number)
		}
	}
	visit := trace.Visitor{}
	if cmd.Kind == Access {
		visit.Use = func(v trace.UseVerdict) error { add(v.Use.Number, v.Use.Date); return nil }
	} else {
		visit.Chain = func(v trace.ChainVerdict) error { eachStart(v.Chain, cmd.Direction, add); return nil }
	}
	findings, err := s.trace.Examine(ctx, r, cmd.Platform, cmd.AsOf, visit)
	if err != nil {
		return p, err
	}
	if cmd.Kind == Services && cmd.Direction == Upstream {
		p.Numbers = append(p.Numbers, findings.Dangling...)
	}
	return p, nil
}

// eachStart calls add with the numbers from which a chain is entered in that direction.
func eachStart(c *trace.Chain, d Direction, add func(number string, on qms.Date)) {
	switch {
	case d == Downstream:
		add(c.Request.Number, c.Request.Date)
	case len(c.Invoices) > 0:
		for _, i := range c.Invoices {
			add(i.Number, i.Date)
		}
	default:
		for _, r := range c.Reports {
			add(r.Number, r.Date)
		}
	}
}

// proposeUses passes over the uses once more and keeps what is proposed of those drawn.
func (s *Service) proposeUses(ctx context.Context, r store.Reader, cmd Draw, out *sample) error {
	pieces, err := s.trace.EquipmentByID(ctx, r, cmd.Platform)
	if err != nil {
		return err
	}
	for _, d := range out.drawn {
		out.items[d.Number] = sampled{}
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
