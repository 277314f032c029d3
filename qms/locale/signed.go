package locale

import (
	"time"

	"maillon/qms"
)

// SignedAt is the instant of a signature to the second, on a clock of the zone that was noted with it and
// with that zone's name: 30/06/2026 14:05:09 CEST (Europe/Paris). Where none was noted it is FullInstant.
func (p *Printer) SignedAt(t time.Time, zone string) string {
	place, known := placeOf(zone)
	if t.IsZero() || !known {
		return p.FullInstant(t)
	}
	t = t.In(place)
	return p.Date(qms.DateOf(t, place)) + " " + t.Format("15:04:05 MST") + " (" + zone + ")"
}

// placeOf is the zone of that name; false for none, and for one that the database of zones does not have.
func placeOf(zone string) (*time.Location, bool) {
	if zone == "" {
		return nil, false
	}
	place, err := time.LoadLocation(zone)
	return place, err == nil
}
