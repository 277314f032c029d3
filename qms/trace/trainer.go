package trace

import "maillon/qms"

// Trainer says that a person may train others on a piece of equipment, over a period of days.
type Trainer struct {
	qms.Row
	Person     qms.ID
	Equipment  qms.ID
	ValidFrom  qms.Date // first day
	ValidUntil qms.Date // first day on which it no longer holds; none while it does
	Void       string
}

// On reports whether it counts and holds on the day.
func (t Trainer) On(day qms.Date) bool {
	return t.Void == "" && qms.Period{From: t.ValidFrom, Until: t.ValidUntil}.Contains(day)
}

func (t *Trainer) void() string          { return t.Void }
func (t *Trainer) setVoid(reason string) { t.Void = reason }
