package audits

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// population lists the numbers to draw from. Upstream of services: the invoices, the reports of
// chains without one, and the records that name a parent which does not exist, for these are what
// only a walk upstream can find. Downstream: the requests. Of equipment access: the uses.
func (s *Service) population(ctx context.Context, r store.Reader, cmd Draw) ([]stratum, error) {
	statuses, err := clientStatuses(ctx, r, cmd)
	if err != nil {
		return nil, err
	}
	g := gatherer{cmd: cmd, parts: map[string][]string{}}
	dangling := map[trace.Stage][]string{}
	visit := trace.Visitor{}
	if cmd.Kind == Access {
		visit.Use = func(v trace.UseVerdict) error { g.add(v.Use.Number, v.Use.Date, ""); return nil }
	} else {
		visit.Chain = func(v trace.ChainVerdict) error {
			eachStart(v.Chain, cmd.Direction, func(number string, on qms.Date) { g.add(number, on, statuses[v.Chain.Request.Number]) })
			return nil
		}
		visit.Dangling = func(stage trace.Stage, number string) error {
			dangling[stage] = append(dangling[stage], number)
			return nil
		}
	}
	if _, err := s.trace.Examine(ctx, r, cmd.Platform, cmd.AsOf, visit); err != nil {
		return nil, err
	}
	if cmd.Kind == Services && cmd.Direction == Upstream {
		err := datesOf(ctx, r, cmd.Platform, dangling, func(_ trace.Stage, number string, on qms.Date) { g.add(number, on, "") })
		if err != nil {
			return nil, err
		}
	}
	return g.strata(), nil
}

// gatherer parts the numbers of a period into strata.
type gatherer struct {
	cmd   Draw
	parts map[string][]string
}

func (g *gatherer) add(number string, on qms.Date, status string) {
	if on < g.cmd.PeriodFrom || g.cmd.PeriodTo != 0 && on > g.cmd.PeriodTo {
		return
	}
	name := g.cmd.Strata.name(on, status)
	g.parts[name] = append(g.parts[name], number)
}

// strata are the parts in byte order of their names. A number that several kinds of record have is
// drawn as one, in the first of its strata.
func (g *gatherer) strata() []stratum {
	all := make([]stratum, 0, len(g.parts))
	for name, numbers := range g.parts {
		all = append(all, stratum{name: name, population: Population{numbers}.sorted()})
	}
	slices.SortFunc(all, func(a, b stratum) int { return cmp.Compare(a.name, b.name) })
	if len(all) < 2 {
		return all
	}
	var seen Population
	for i := range all {
		mine := slices.DeleteFunc(all[i].population.Numbers, func(n string) bool {
			_, found := slices.BinarySearch(seen.Numbers, n)
			return found
		})
		all[i].population.Numbers = mine
		seen = Population{append(seen.Numbers, mine...)}.sorted()
	}
	return slices.DeleteFunc(all, func(s stratum) bool { return s.population.Size() == 0 })
}

// wholeOf is the population that the strata part.
func wholeOf(strata []stratum) Population {
	if len(strata) == 1 {
		return strata[0].population
	}
	var all Population
	for _, s := range strata {
		all.Numbers = append(all.Numbers, s.population.Numbers...)
	}
	return all.sorted()
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

// keepPopulation puts the lists that are drawn from into the vault: the content's name there is the
// digest on record.
func (s *Service) keepPopulation(ctx context.Context, strata []stratum) error {
	lists := []Population{wholeOf(strata)}
	if len(strata) > 1 {
		for _, part := range strata {
			lists = append(lists, part.population)
		}
	}
	for _, list := range lists {
		if _, err := s.vault.Put(ctx, list.List()); err != nil {
			return fmt.Errorf("keep the population: %w", err)
		}
	}
	return nil
}

// OpenPopulation opens the list that an exercise was drawn from, as it was: one number a line, in byte
// order. stratum 0 is the whole of it, 1 the first stratum. Close it. The list of an exercise drawn
// before lists were kept is exercise.population_not_kept.
func (s *Service) OpenPopulation(ctx context.Context, platform qms.ID, number string, stratum int) (*Exercise, io.ReadCloser, error) {
	sheet, err := s.Sheet(ctx, platform, number)
	if err != nil {
		return nil, nil, err
	}
	e := &sheet.Exercise
	digest := e.PopulationDigest
	if stratum != 0 {
		i := slices.IndexFunc(sheet.Strata, func(s ExerciseStratum) bool { return s.Position == int64(stratum) })
		if i < 0 {
			return nil, nil, qms.NotFound("exercise.stratum_not_found", stratum)
		}
		digest = sheet.Strata[i].PopulationDigest
	}
	if e.Scope != SampleScope || digest == "" {
		return nil, nil, qms.NotFound("exercise.population_not_kept", e.Number)
	}
	content, err := vault.ParseDigest(digest)
	if err != nil {
		return nil, nil, err
	}
	list, err := s.vault.Open(ctx, content)
	if errors.Is(err, vault.Missing(content)) {
		err = qms.NotFound("exercise.population_not_kept", e.Number)
	}
	return e, list, err
}

// unknownNumbers are those that the population does not hold.
func unknownNumbers(all Population, numbers []string) []string {
	return slices.DeleteFunc(slices.Clone(numbers), func(n string) bool {
		_, found := slices.BinarySearch(all.Numbers, n)
		return found
	})
}

// numbersOf are the numbers of a list that somebody typed, each once: by lines, commas, semicolons or
// spaces, in any case.
func numbersOf(typed []string) []string {
	var numbers []string
	for _, line := range typed {
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;\u00a0\u202f", r) }) {
			if n := trace.Normal(word); n != "" && !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
			if len(numbers) > maxSample {
				return numbers
			}
		}
	}
	return numbers
}
