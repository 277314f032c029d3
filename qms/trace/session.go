package trace

import (
	"slices"

	"maillon/qms"
)

// GroupSession is a training given to several people at once, on one or several pieces of equipment.
// Each person has a training of their own on each piece, which names the session.
type GroupSession struct {
	qms.Row
	Number           string // SES-2026-0001
	Date             qms.Date
	Trainer          qms.ID
	Kind             TrainingKind
	Months           qms.Months // with neither Months nor Through the trainings hold for ever
	Through          qms.Date   // last day
	Procedure        string
	ProcedureVersion string
	Place            string
	Minutes          int64 // how long it took; 0 when it is not stated
	Note             string
	Void             string
}

func (g *GroupSession) void() string                          { return g.Void }
func (g *GroupSession) setVoid(reason string)                 { g.Void = reason }
func (g *GroupSession) numbered() (string, *string, qms.Date) { return "SES", &g.Number, g.Date }

// Validity is the days on which its trainings hold.
func (g GroupSession) Validity() qms.Period { return validity(g.Date, g.Months, g.Through) }

// training is that of one person on one piece of equipment.
func (g *GroupSession) training(person, equipment qms.ID) *Training {
	return &Training{Person: person, Equipment: equipment, Trainer: g.Trainer, Date: g.Date, Months: g.Months, Through: g.Through,
		Kind: g.Kind, Procedure: g.Procedure, ProcedureVersion: g.ProcedureVersion, Session: g.ID}
}

// pass hands a correction of the session on to one of its trainings: what the session says anew is
// said of the training too, unless the training was put right on its own and says something else.
func (t *Training) pass(before, after *GroupSession) {
	follow(&t.Date, before.Date, after.Date)
	follow(&t.Trainer, before.Trainer, after.Trainer)
	follow(&t.Kind, before.Kind, after.Kind)
	if t.Months == before.Months && t.Through == before.Through {
		t.Months, t.Through = after.Months, after.Through
	}
	if t.Procedure == before.Procedure && t.ProcedureVersion == before.ProcedureVersion {
		t.Procedure, t.ProcedureVersion = after.Procedure, after.ProcedureVersion
	}
}

func follow[V comparable](v *V, before, after V) {
	if *v == before {
		*v = after
	}
}

// The bounds of one session.
const (
	maxAttendees        = 500
	maxSessionEquipment = 100
	maxSessionTrainings = 5000
)

// distinct is the list without repetitions and empty ones, in its order.
func distinct(ids []qms.ID) []qms.ID {
	var out []qms.ID
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
