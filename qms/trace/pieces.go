package trace

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// EquipmentFilter narrows and orders the list of equipment. Its zero fields do not narrow.
type EquipmentFilter struct {
	AsOf        qms.Date // today when none
	Category    string
	Text        string   // in code, name or place
	Calibration Standing // of equipment under calibration
	Status      Status   // it goes before Retired
	Retired     bool     // those out of service instead of those in service
	Sort        string   // "code", "name", "category" or "place", a minus before it for descending; "code" when empty
}

// EquipmentLine is one piece of equipment in a list.
type EquipmentLine struct {
	Equipment   Equipment // code, name, category, place, serial number and dates
	Calibrated  bool      // under calibration
	Calibration Cover
	Trained     int // people validly trained
	Status      Status
	Maintenance Maintenance // the next one foreseen
}

// EquipmentList lists the equipment of a platform in two statements. The categories are those of all.
func (s *Service) EquipmentList(ctx context.Context, platform qms.ID, f EquipmentFilter, c qms.Cursor) (page qms.Page[EquipmentLine], categories []string, err error) {
	o, err := orderOf(f.Sort, "code", "code", "name", "category", "place")
	if err != nil {
		return page, nil, err
	}
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, nil, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := factsWithEvents(ctx, r, platform, f.AsOf)
		if err != nil {
			return err
		}
		page = equipmentPage(all, f, o, after, c.Limit())
		categories = categoriesOf(all)
		return nil
	})
	return page, categories, err
}

func categoriesOf(all *facts) []string {
	var out []string
	for _, e := range all.equipment {
		if e.Void == "" && e.Category != "" {
			out = append(out, e.Category)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func equipmentPage(all *facts, f EquipmentFilter, o order, after []string, limit int) qms.Page[EquipmentLine] {
	var lines []EquipmentLine
	for _, l := range equipmentLines(all, f.AsOf) {
		if f.keeps(l) {
			lines = append(lines, l)
		}
	}
	key := func(l EquipmentLine) []string {
		e := l.Equipment
		return []string{map[string]string{"code": e.Code, "name": e.Name, "category": e.Category, "place": e.Place}[o.column], e.Code}
	}
	slices.SortFunc(lines, func(a, b EquipmentLine) int { return o.compare(key(a), key(b)) })
	if after != nil {
		lines = slices.DeleteFunc(lines, func(l EquipmentLine) bool { return o.compare(key(l), after) <= 0 })
	}
	if len(lines) > limit {
		lines = lines[:limit+1]
	}
	return qms.PageOf(lines, limit, func(l EquipmentLine) string { return qms.EncodeAfter(key(l)...) })
}

func (f EquipmentFilter) keeps(l EquipmentLine) bool {
	e := l.Equipment
	text := strings.ToLower(strings.TrimSpace(f.Text))
	switch {
	case f.Category != "" && e.Category != f.Category:
		return false
	case f.Calibration != "" && (!l.Calibrated || l.Calibration.Standing != f.Calibration):
		return false
	case f.Status != "":
		if l.Status != f.Status {
			return false
		}
	case (l.Status == OutOfService) != f.Retired:
		return false
	}
	return text == "" || strings.Contains(strings.ToLower(e.Code+"\n"+e.Name+"\n"+e.Place), text)
}

// equipmentLines are all that are not void.
func equipmentLines(all *facts, asOf qms.Date) []EquipmentLine {
	g := all.ground(asOf, nil)
	trained := map[qms.ID]int{}
	for pair, v := range g.Trainings {
		if v.On(asOf) {
			trained[pair.Equipment]++
		}
	}
	events := eventsByEquipment(all.events)
	var lines []EquipmentLine
	for id, e := range all.equipment {
		if e.Void != "" {
			continue
		}
		l := EquipmentLine{Equipment: e, Trained: trained[id]}
		l.Calibration, l.Calibrated = g.CalibrationCover(id, asOf, all.settings.ExpiringDays)
		l.Status, l.Equipment.Place = StatusOn(&e, events[id], l.Calibration, l.Calibrated, asOf), PlaceOn(&e, events[id], asOf)
		if next := MaintenanceOn(id, events[id], asOf); len(next) > 0 {
			l.Maintenance = next[0]
		}
		lines = append(lines, l)
	}
	return lines
}

// Piece is one piece of equipment with its life as of a day.
type Piece struct {
	AsOf         qms.Date
	Equipment    Equipment
	Calibrated   bool
	Calibration  Cover
	Calibrations []Calibration  // newest first; void ones too
	Trainings    []TrainingLine // that count, newest first
	Uses         []UseLine      // the latest
	People       []Person       // members of the platform, by name
	Life         *Life
}

// maxCalibrations bounds the calibrations of a Piece.
const maxCalibrations = 500

// latestUses is how many uses a Piece shows.
const latestUses = 20

// Piece reads a piece of equipment by its code, in ten statements and what People needs; asOf 0 is today.
func (s *Service) Piece(ctx context.Context, platform qms.ID, code string, asOf qms.Date) (p *Piece, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		p, err = s.pieceIn(ctx, r, platform, code, asOf)
		return err
	})
	return p, err
}

func (s *Service) pieceIn(ctx context.Context, r store.Reader, platform qms.ID, code string, asOf qms.Date) (*Piece, error) {
	if asOf == 0 {
		asOf = r.Today()
	}
	e, err := equipmentByCode(ctx, r, platform, Normal(code))
	if err != nil {
		return nil, err
	}
	all, err := factsOf(ctx, r, platform, scope{equipment: []qms.ID{e.ID}})
	if err != nil {
		return nil, err
	}
	people, err := s.peopleByID(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	p := &Piece{AsOf: asOf, Equipment: *e, People: SortedPeople(people)}
	p.fill(all, people)
	if p.Calibrations, err = lifeCalibrations(ctx, r, platform, e.ID, asOf, nil, maxCalibrations); err != nil {
		return nil, err
	}
	if p.Life, err = lifeOf(ctx, r, all, e, asOf); err != nil {
		return nil, err
	}
	p.Life.Responsible = people[e.Responsible]
	newest := order{"date", true}
	f := UseFilter{AsOf: asOf, Equipment: e.ID}
	p.Uses, err = useLines(ctx, r, platform, f, newest, nil, latestUses-1, all, people)
	return p, err
}

func (p *Piece) fill(all *facts, people map[qms.ID]Person) {
	g := all.ground(p.AsOf, nil)
	p.Calibration, p.Calibrated = g.CalibrationCover(p.Equipment.ID, p.AsOf, all.settings.ExpiringDays)
	p.Trainings = trainingLines(all, people, p.AsOf)
	slices.SortStableFunc(p.Trainings, func(a, b TrainingLine) int { return int(b.Training.Date - a.Training.Date) })
}

// SortedPeople lists people by name.
func SortedPeople(people map[qms.ID]Person) []Person {
	all := make([]Person, 0, len(people))
	for _, p := range people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.Name+string(a.ID), b.Name+string(b.ID)) })
	return all
}

// Choices is what forms choose from: members, equipment in service, versions of work instructions.
type Choices struct {
	People       []Person
	Equipment    []Equipment
	Instructions map[string]map[string]qms.Period
}

// Choices reads what forms choose from.
func (s *Service) Choices(ctx context.Context, platform qms.ID) (c Choices, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		pieces, err := allOf[Equipment](ctx, r, platform, "code")
		if err != nil {
			return err
		}
		c.People = SortedPeople(people)
		for _, e := range pieces {
			if e.Void == "" && (e.Retired == 0 || e.Retired > r.Today()) {
				c.Equipment = append(c.Equipment, e)
			}
		}
		c.Instructions, err = s.instructions.Periods(ctx, r, platform)
		return err
	})
	return c, err
}
