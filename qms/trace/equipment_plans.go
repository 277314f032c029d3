package trace

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// DataFilter narrows the data map of a platform. Its zero fields do not narrow.
type DataFilter struct {
	AsOf     qms.Date // today when none
	Category string   // of the equipment
	Gaps     bool     // only lines with something wanting
}

// DataMap is one page of the data map of a platform (cartographie des données), by code of equipment.
type DataMap struct {
	AsOf       qms.Date
	Lines      qms.Page[DataLine]
	Total      int         // of data sets that the filter keeps
	AtRisk     int         // of those, with a gap that data may be lost for
	Unmapped   []Equipment // on hand, without any data set
	Categories []string    // of all equipment
}

// DataMap reads the data map, in three statements.
func (s *Service) DataMap(ctx context.Context, platform qms.ID, f DataFilter, c qms.Cursor) (m *DataMap, err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return nil, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := factsOf(ctx, r, platform, scope{})
		if err != nil {
			return err
		}
		lines, err := dataLines(ctx, r, platform, all.equipment, f.AsOf)
		if err != nil {
			return err
		}
		m = &DataMap{AsOf: f.AsOf, Categories: categoriesOf(all)}
		m.fill(all, lines, f, after, c.Limit())
		return nil
	})
	return m, err
}

func (m *DataMap) fill(all *facts, lines []DataLine, f DataFilter, after []string, limit int) {
	mapped := map[qms.ID]bool{}
	var kept []DataLine
	for _, l := range lines {
		mapped[l.Equipment.ID] = true
		if f.Category != "" && l.Equipment.Category != f.Category || f.Gaps && len(l.Gaps) == 0 {
			continue
		}
		m.Total++
		if l.Grave() {
			m.AtRisk++
		}
		kept = append(kept, l)
	}
	for id, e := range all.equipment {
		on := e.Void == "" && (e.Retired == 0 || e.Retired > f.AsOf)
		if on && !mapped[id] && (f.Category == "" || e.Category == f.Category) {
			m.Unmapped = append(m.Unmapped, e)
		}
	}
	slices.SortFunc(m.Unmapped, func(a, b Equipment) int { return cmp.Compare(a.Code, b.Code) })
	key := func(l DataLine) []string { return []string{l.Equipment.Code, string(l.Set.ID)} }
	m.Lines = pageOf(kept, key, order{}, after, limit)
}

// pageOf orders lines by two keys, and cuts out the page after the cursor.
func pageOf[T any](lines []T, key func(T) []string, o order, after []string, limit int) qms.Page[T] {
	slices.SortFunc(lines, func(a, b T) int { return o.compare(key(a), key(b)) })
	if after != nil {
		lines = slices.DeleteFunc(lines, func(l T) bool { return o.compare(key(l), after) <= 0 })
	}
	if len(lines) > limit {
		lines = lines[:limit+1]
	}
	return qms.PageOf(lines, limit, func(l T) string { return qms.EncodeAfter(key(l)...) })
}

// RenewalFilter narrows the renewal plan. Its zero fields do not narrow.
type RenewalFilter struct {
	AsOf     qms.Date // today when none
	Category string
	Years    int // from that of the day on; 0 for all
}

// Renewals makes the renewal plan of a platform as of a day, in one statement. The categories are those
// of all equipment.
func (s *Service) Renewals(ctx context.Context, platform qms.ID, f RenewalFilter) (plan RenewalPlan, categories []string, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		pieces, err := allOf[Equipment](ctx, r, platform, "code")
		if err != nil {
			return err
		}
		for _, e := range pieces {
			if e.Void == "" && e.Category != "" {
				categories = append(categories, e.Category)
			}
		}
		slices.Sort(categories)
		categories = slices.Compact(categories)
		if f.Category != "" {
			pieces = slices.DeleteFunc(pieces, func(e Equipment) bool { return e.Category != f.Category })
		}
		plan = PlanRenewal(pieces, f.AsOf, f.Years)
		return nil
	})
	return plan, categories, err
}

// The kinds of thing that the schedule of a platform lists; they are those of qms.Due.
const (
	DueCalibration = "calibration"
	DueMaintenance = "maintenance"
	DueTraining    = "training"
)

// ScheduleLine is a calibration or a preventive maintenance that equipment waits for.
type ScheduleLine struct {
	Kind      string
	Equipment Equipment // code, name, category, place
	Program   string    // of maintenance
	On        qms.Date  // day on which it is due; none for equipment that was found unfit and not passed since
	Standing  Standing  // Expired when it is late, Expiring within the days of the settings, else Valid
}

// ScheduleFilter narrows the schedule. Its zero fields do not narrow.
type ScheduleFilter struct {
	AsOf     qms.Date // today when none
	Kind     string
	Standing Standing
}

// Schedule lists what calibrations and maintenance fall due, what is late first, in two statements.
func (s *Service) Schedule(ctx context.Context, platform qms.ID, f ScheduleFilter, c qms.Cursor) (page qms.Page[ScheduleLine], err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		all, err := factsWithEvents(ctx, r, platform, f.AsOf)
		if err != nil {
			return err
		}
		lines := slices.DeleteFunc(scheduleOf(all, f.AsOf), func(l ScheduleLine) bool {
			return f.Kind != "" && l.Kind != f.Kind || f.Standing != "" && l.Standing != f.Standing
		})
		key := func(l ScheduleLine) []string {
			on := l.On.String() // none sorts first
			return []string{on, l.Equipment.Code + "\x01" + l.Kind + "\x01" + programKey(l.Program)}
		}
		page = pageOf(lines, key, order{}, after, c.Limit())
		return nil
	})
	return page, err
}

// factsWithEvents reads the facts of the platform with the events that bear on the status on the day,
// in two statements.
func factsWithEvents(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*facts, error) {
	all, err := factsOf(ctx, r, platform, scope{})
	if err != nil {
		return nil, err
	}
	all.events, err = bearingEvents(ctx, r, platform, day)
	return all, err
}

// scheduleOf lists what the equipment that is on hand on the day waits for.
func scheduleOf(all *facts, day qms.Date) []ScheduleLine {
	g, near := all.ground(day, nil), all.settings.ExpiringDays
	byEquipment := eventsByEquipment(all.events)
	var lines []ScheduleLine
	for id, e := range all.equipment {
		if e.Void != "" || e.Retired != 0 && e.Retired <= day {
			continue
		}
		if cover, calibrated := g.CalibrationCover(id, day, near); calibrated && (cover.Until != 0 || cover.Standing == Expired) {
			lines = append(lines, ScheduleLine{Kind: DueCalibration, Equipment: e, On: cover.Until, Standing: cover.Standing})
		}
		for _, m := range MaintenanceOn(id, byEquipment[id], day) {
			lines = append(lines, ScheduleLine{DueMaintenance, e, m.Program, m.On, standingOf(m.On, day, near)})
		}
	}
	return lines
}

func standingOf(on, day qms.Date, near int64) Standing {
	switch left := int64(day.DaysUntil(on)); {
	case left <= 0:
		return Expired
	case left <= near:
		return Expiring
	}
	return Valid
}

func eventsByEquipment(events []EquipmentEvent) map[qms.ID][]EquipmentEvent {
	byID := map[qms.ID][]EquipmentEvent{}
	for _, e := range events {
		byID[e.Equipment] = append(byID[e.Equipment], e)
	}
	return byID
}

// maintenanceDue lists the preventive maintenance that falls due on equipment in service. Its key names
// the maintenance done last, so that it stays the same until the next one is.
func maintenanceDue(all *facts, platform qms.ID, day qms.Date) []qms.Due {
	var due []qms.Due
	for id, events := range eventsByEquipment(all.events) {
		e := all.equipment[id]
		if e.Void != "" || e.Retired != 0 && e.Retired <= day {
			continue
		}
		for _, m := range MaintenanceOn(id, events, day) {
			title := e.Code + " " + e.Name
			if m.Program != "" {
				title += ", " + m.Program
			}
			due = append(due, qms.Due{Key: "maintenance:" + string(m.after.ID), Kind: DueMaintenance,
				Platform: platform, Subject: id, Title: title, On: m.On, Parts: []string{"equipment", e.Code}, Revision: m.after.Revision})
		}
	}
	return due
}
