package trace

import (
	"context"
	"io"
	"maps"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// maxLines is how many records of one kind a dossier keeps line by line. Beyond, each line is a lot,
// the reports of one client or the uses of one person, since no person decides five thousand times, and the
// trail would keep every one of them at every decision. The digest is of the whole list all the same.
const maxLines = 5000

// maxItems bounds the lines of a dossier, lots included.
const maxItems = 20_000

// freeze reads the list into the lines of the dossier: record by record, or as lots where there are too
// many of a kind, and takes its digest.
func (s *Service) freeze(ctx context.Context, tx *store.Tx, platform qms.ID, i *Impact, t *traced) ([]qms.Record, error) {
	people, err := s.peopleByID(ctx, tx, platform)
	if err != nil {
		return nil, err
	}
	list, err := newFrozenList(io.Discard)
	if err != nil {
		return nil, err
	}
	g := newGathering(i.ID, people)
	err = touched(ctx, tx, platform, &t.reach, i.OpenedOn, nil, 0, func(l *Touched) error {
		g.add(l)
		return list.add(l)
	})
	if err != nil {
		return nil, err
	}
	if i.Digest, err = list.sum(); err != nil {
		return nil, err
	}
	rows := g.rows(0)
	if len(rows) > maxItems {
		return nil, qms.Invalid("impact.too_many", len(rows), maxItems)
	}
	i.Chains, i.Reports, i.Uses, i.Trainings, i.Items = int64(len(g.chains)), g.counts.Reports, g.counts.Uses, g.counts.Trainings, int64(len(rows))
	return rows, nil
}

// gathering makes lines of a list: the first maxLines of each kind as they are, and all of them as lots.
type gathering struct {
	impact qms.ID
	people map[qms.ID]Person
	counts TouchedCounts
	chains map[string]bool
	lines  []ImpactItem
	lots   map[TouchedKind]map[string]*ImpactItem
	asLots map[TouchedKind]bool // whatever their number
}

func newGathering(impact qms.ID, people map[qms.ID]Person) *gathering {
	return &gathering{impact: impact, people: people, chains: map[string]bool{}, lots: map[TouchedKind]map[string]*ImpactItem{}}
}

func (g *gathering) add(t *Touched) {
	g.counts.add(t.Kind)
	item := ImpactItem{Impact: g.impact, Kind: t.Kind, Record: t.Record, Number: t.Number, Request: t.Request, Who: t.Client,
		Person: t.Person, Equipment: t.Equipment, Date: t.Date, Count: 1, Project: t.Project}
	if t.Kind != TouchedReport {
		item.Who = g.people[t.Person].Name
	} else {
		g.chains[t.Request] = true
	}
	if g.of(t.Kind) <= maxLines {
		g.lines = append(g.lines, item)
	}
	lots := g.lots[t.Kind]
	if lots == nil {
		lots = map[string]*ImpactItem{}
		g.lots[t.Kind] = lots
	}
	key := lotOf(t.Kind, t.Client, t.Person)
	lot := lots[key]
	if lot == nil {
		lot = &ImpactItem{Impact: g.impact, Kind: t.Kind, Who: item.Who, Equipment: t.Equipment, Date: t.Date}
		if t.Kind != TouchedReport {
			lot.Person = t.Person
		}
		lots[key] = lot
	}
	lot.Last, lot.Count = t.Date, lot.Count+1
}

// lotOf names the lot of a record: its client, or its person.
func lotOf(kind TouchedKind, client string, person qms.ID) string {
	if kind == TouchedReport {
		return client
	}
	return string(person)
}

func (g *gathering) of(kind TouchedKind) int64 {
	switch kind {
	case TouchedReport:
		return g.counts.Reports
	case TouchedUse:
		return g.counts.Uses
	}
	return g.counts.Trainings
}

// rows are the lines to write, numbered after those that are there.
func (g *gathering) rows(after int64) []qms.Record {
	var rows []qms.Record
	add := func(item *ImpactItem) {
		item.Position = after + int64(len(rows)) + 1
		rows = append(rows, item)
	}
	for _, kind := range touchedKinds {
		if g.of(kind) > maxLines || g.asLots[kind] {
			lots := g.lots[kind]
			for _, key := range slices.Sorted(maps.Keys(lots)) {
				add(lots[key])
			}
			continue
		}
		for n := range g.lines {
			if g.lines[n].Kind == kind {
				add(&g.lines[n])
			}
		}
	}
	return rows
}

// grow takes over the lots that have more records than a dossier froze of them.
func (g *gathering) grow(now *gathering, frozen map[TouchedKind]map[string]int64) {
	g.asLots = map[TouchedKind]bool{}
	for kind, before := range frozen {
		g.asLots[kind] = true
		g.lots[kind] = map[string]*ImpactItem{}
		for key, lot := range now.lots[kind] {
			if more := lot.Count - before[key]; more > 0 {
				lot.Count = more
				g.lots[kind][key] = lot
			}
		}
	}
}
